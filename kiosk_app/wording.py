"""Spacing and joining of Chinese text that carries digits or Latin letters."""

import re

PART = "\u00a0· "
"""Between parts of one line; the space before it does not break, so no line begins with the dot."""

_SEAMS = re.compile(r"(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?=[\u4e00-\u9fff])")


def spaced(text: str) -> str:
    """A space between hanzi and Latin or digits: 「请到3号窗口」 -> 「请到 3 号窗口」."""
    return _SEAMS.sub(" ", text)


def unbroken(text: str) -> str:
    """A run of windows (97—99) stays on one line: a word joiner, which is not seen, stands around its dash."""
    return text.replace("—", "\u2060—\u2060")
