"""From a line of text to placed glyphs: writing direction, choice of font, joining.

HarfBuzz shapes and python-bidi finds the directions, both inside their wheels. Pillow's own shaping would do,
but it silently loses joining where the system has no libfribidi.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from unicodedata import bidirectional

import uharfbuzz as hb
from bidi import algorithm as bidi

MISSING_GLYPH_EM = 1.5
"""Width of the box that stands for a character which no font has."""


class FontFile:
    """One font; sizes are applied when drawing. Opens the file; raises OSError when it cannot be read."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():  # HarfBuzz would make an empty font of it
            raise FileNotFoundError(path)
        self.font = hb.Font(hb.Face(hb.Blob.from_file_path(str(path))))
        self.upem = int(self.font.face.upem)

    def covers(self, char: str) -> bool:
        return self.font.get_nominal_glyph(ord(char)) is not None


@dataclass(frozen=True, slots=True)
class PlacedGlyph:
    """A glyph at its place on the line. `x`, `y`, `advance` in em; y upwards from the baseline.

    `font` is None for a character that no font has: `char` is to be shown as its code.
    """

    font: FontFile | None
    glyph_id: int
    x: float
    y: float
    advance: float
    char: str


def base_level(text: str) -> int:
    """0 for a paragraph that runs left to right, 1 for right to left (its first strong letter decides)."""
    return int(bidi.get_base_level(text))


def shape_line(text: str, fonts: Sequence[FontFile], level: int) -> tuple[list[PlacedGlyph], float]:
    """Glyphs of one line in the order they stand on paper, from the left, and the line's width in em.

    `level` is the paragraph's base level. Fonts are asked in their order, character by character.
    """
    glyphs: list[PlacedGlyph] = []
    pen = 0.0
    for run in _visual_order(_runs(text, fonts, level)):
        placed, pen = _shape_run(run, pen)
        glyphs += placed
    return glyphs, pen


@dataclass(frozen=True, slots=True)
class _Run:
    text: str
    level: int
    font: FontFile | None


def _runs(text: str, fonts: Sequence[FontFile], level: int) -> list[_Run]:
    """Stretches of one direction and one font, in the order of reading."""
    runs: list[_Run] = []
    for char, char_level in zip(text, _levels(text, level), strict=True):
        last = runs[-1] if runs else None
        font = last.font if last and last.font and last.font.covers(char) else _font_for(char, fonts)
        if char in "\u200c\u200d" and last:
            font = last.font  # joiners belong to the letters around them whatever the font says
        if last and (last.level, last.font) == (char_level, font):
            runs[-1] = _Run(last.text + char, char_level, font)
        else:
            runs.append(_Run(char, char_level, font))
    return runs


def _font_for(char: str, fonts: Sequence[FontFile]) -> FontFile | None:
    return next((font for font in fonts if font.covers(char)), None)


def _levels(text: str, level: int) -> list[int]:
    """Embedding level of every character (UAX 9 up to rule I2, and L1 for blanks at the end).

    The text holds no explicit direction marks (`clean_text` took them out), so none is dropped on the way.
    """
    storage = bidi.get_empty_storage()
    storage["base_level"], storage["base_dir"] = level, "LR"[level]
    bidi.get_embedding_levels("".join(_stand_in(char) for char in text), storage)
    for step in (
        bidi.explicit_embed_and_overrides,
        bidi.resolve_weak_types,
        bidi.resolve_neutral_types,
        bidi.resolve_implicit_levels,
    ):
        step(storage, False)
    levels = [int(char["level"]) for char in storage["chars"]]
    blanks = len(text) - len(text.rstrip(" "))
    return levels[: len(levels) - blanks] + [level] * blanks


def _stand_in(char: str) -> str:
    """What python-bidi can work with: it drops joiners and fails on unassigned characters (0.6.12)."""
    kind = bidirectional(char)
    if kind == "BN":
        return "\u0301"  # a mark: takes the direction of the letter before it, as a joiner should
    return char if kind else "a"  # rule of UAX 9 for unassigned: left to right


def _visual_order(runs: list[_Run]) -> Iterator[_Run]:
    """Rule L2 over whole runs: from the highest level down to 1, turn round what is at least that high."""
    order = list(runs)
    for level in range(max((run.level for run in runs), default=0), 0, -1):
        start = 0
        while start < len(order):
            end = start
            while end < len(order) and order[end].level >= level:
                end += 1
            order[start:end] = order[start:end][::-1]
            start = max(end, start + 1)
    return iter(order)


def _shape_run(run: _Run, pen: float) -> tuple[list[PlacedGlyph], float]:
    glyphs: list[PlacedGlyph] = []
    if run.font is None:
        for char in run.text if run.level % 2 == 0 else run.text[::-1]:
            glyphs.append(PlacedGlyph(None, 0, pen, 0, MISSING_GLYPH_EM, char))
            pen += MISSING_GLYPH_EM
        return glyphs, pen
    buffer = hb.Buffer()
    buffer.cluster_level = hb.BufferClusterLevel.MONOTONE_CHARACTERS
    buffer.add_codepoints([ord(char) for char in run.text])
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if run.level % 2 else "ltr"
    if buffer.script == "Arab":
        buffer.language = "ug"
    hb.shape(run.font.font, buffer)
    em = run.font.upem
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        x, y = pen + position.x_offset / em, position.y_offset / em
        advance = position.x_advance / em
        glyphs.append(PlacedGlyph(run.font, info.codepoint, x, y, advance, run.text[info.cluster]))
        pen += advance
    return glyphs, pen
