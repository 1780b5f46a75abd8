"""What a ticket says, line by line, and how text breaks into lines. Knows no bytes and no fonts.

Apps map their papers to these lines; nothing here knows what a ticket means.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from devices.ticket_printer.bitmap import Bitmap

MAX_TEXT_CHARS = 1000
MAX_SIZE = 8


class Align(Enum):
    """Values are the n of ESC a."""

    LEFT = 0
    CENTER = 1
    RIGHT = 2


@dataclass(frozen=True, slots=True)
class TicketText:
    """A paragraph. Breaks over as many lines as it needs; nothing is cut off."""

    text: str
    size: int = 1
    """1 = hanzi of 24 x 24 dots (3 mm); up to 8 times that."""
    bold: bool = False
    align: Align = Align.LEFT

    def __post_init__(self) -> None:
        if not 1 <= self.size <= MAX_SIZE:
            raise ValueError(f"text size {self.size} is not 1-{MAX_SIZE}")
        if len(self.text) > MAX_TEXT_CHARS:
            raise ValueError(f"a text of {len(self.text)} characters is not for a ticket")


@dataclass(frozen=True, slots=True)
class TicketQr:
    """A QR code in the middle. No personal data: paper gets lost."""

    data: str
    module_px: int = 6
    """Wished dots a module; smaller where the paper is narrower."""

    def __post_init__(self) -> None:
        if not 1 <= len(self.data) <= 300 or not self.data.isprintable():
            raise ValueError("a ticket's QR code holds 1-300 printable characters")
        if not 1 <= self.module_px <= 16:
            raise ValueError(f"module of {self.module_px} dots is not 1-16")


@dataclass(frozen=True, slots=True)
class TicketRule:
    """A thin line over the width of the paper."""


@dataclass(frozen=True, slots=True)
class TicketFeed:
    """Empty lines."""

    lines: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.lines <= 50:
            raise ValueError(f"{self.lines} empty lines are not for a ticket")


@dataclass(frozen=True, slots=True)
class TicketRaster:
    """A picture in the middle (an emblem); must not be wider than the paper."""

    bitmap: Bitmap


TicketLine = TicketText | TicketQr | TicketRule | TicketFeed | TicketRaster
TicketContent = Sequence[TicketLine]

_NOT_AT_START = "，。、；：？！）》」』】〕”’…—·,.;:?!)]}%°"
_GOOD_END = "，。、；：？！）》」』】·"
_FILLED = 0.4
"""A line that is full to this share may end early where a reader pauses, instead of inside a word."""
_NOT_AT_END = "（《「『【〔“‘([{"
_TOKEN = re.compile(r" +|[!-~\u00a1-\u1fff\u200c\u200d\ufb50-\ufdff\ufe70-\ufeff]+|.", re.DOTALL)


def clean_text(text: str) -> str:
    """Line breaks as LF; everything that steers a printer or the writing direction out.

    A name from a card or a form may hold anything: ESC and DLE are printer commands, U+202E turns a line
    round. The joiners U+200C and U+200D stay, Uyghur spelling uses them.
    """
    text = re.sub(r"\r\n?|[\v\f\x85\u2028\u2029]", "\n", text).replace("\t", " ")
    return "".join(ch for ch in text if ch in "\n\u200c\u200d" or _is_visible(ch))


def _is_visible(ch: str) -> bool:
    return unicodedata.category(ch) not in ("Cc", "Cf", "Cs")


def columns_of(text: str) -> int:
    """Width of ROM text: ASCII takes one column of 12 dots, everything else two."""
    return sum(1 if ch <= "~" else 2 for ch in text)


def wrap(text: str, limit: float, measure: Callable[[str], float]) -> list[str]:
    """Break one paragraph (no LF) into lines with measure(line) <= limit; only spaces at breaks are lost.

    Hanzi break anywhere, other scripts between words; closing marks do not start a line, opening ones do not
    end it. A word or mark group that is wider than a whole line is broken inside.
    """
    lines: list[str] = []
    line = ""
    for token in _tokens(text):
        if not line and token.isspace() and lines:
            continue
        if measure((line + token).rstrip(" ")) <= limit:
            line += token
            continue
        if line:
            head, line = _parted(line, limit, measure)
            lines.append(head.rstrip(" "))
            if line and measure(line + token) <= limit:
                line += token
                continue
            if line:
                lines.append(line.rstrip(" "))
                line = ""
        if token.isspace():
            continue
        for part in _clusters(token):
            if line and measure(line + part) > limit:
                lines.append(line)
                line = ""
            line += part
    return [*lines, line.rstrip(" ")] if line or not lines else lines


def _parted(line: str, limit: float, measure: Callable[[str], float]) -> tuple[str, str]:
    """A full line, and what goes to the next: behind its last mark, else its last space, else nothing."""
    for ends in (_GOOD_END, " "):
        at = max(line.rfind(mark) for mark in ends) + 1
        if measure(line[:at].rstrip(" ")) >= limit * _FILLED:
            return line[:at], line[at:]
    return line, ""


def _tokens(text: str) -> list[str]:
    """Pieces that a line break may stand between."""
    tokens: list[str] = []
    for piece in _TOKEN.findall(text):
        glued = tokens and (
            piece[0] in _NOT_AT_START or tokens[-1][-1] in _NOT_AT_END or unicodedata.combining(piece[0])
        )
        if glued and not tokens[-1].isspace() and not piece.isspace():
            tokens[-1] += piece
        else:
            tokens.append(piece)
    return tokens


def _clusters(token: str) -> list[str]:
    """Characters with their combining marks."""
    out: list[str] = []
    for ch in token:
        if out and (unicodedata.combining(ch) or ch in "\u200c\u200d"):
            out[-1] += ch
        else:
            out.append(ch)
    return out
