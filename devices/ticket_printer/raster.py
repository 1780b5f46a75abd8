"""Text as pictures, for what the printer's own font has not: rare hanzi, Uyghur, Kazakh letters."""

import math
from collections.abc import Sequence
from pathlib import Path

import uharfbuzz as hb
from PIL import Image, ImageDraw

from devices.ticket_printer.bitmap import Bitmap
from devices.ticket_printer.layout import Align, wrap
from devices.ticket_printer.shaping import FontFile, PlacedGlyph, base_level, shape_line

EM_DOTS = 24
"""Size 1, as the hanzi of the printer's own font."""
INK_THRESHOLD = 110
"""Coverage of 255 from which a dot is black; a little under half keeps thin strokes of small hanzi whole."""
CODE_EM = 0.52
"""Size of the digits in the box of a character that no font has; about 1.1 mm high on a size 1 line."""


class TextRaster:
    """Draws paragraphs with the hall's fonts. One thread uses it (the printer's).

    `regular` and `bold` are font files in order of preference. Raises OSError when one cannot be read.
    A character that none of them has is drawn as a box with its Unicode number: a clerk can look it up, and
    no name is silently shortened. The first font must have the digits and Latin letters.
    """

    def __init__(self, regular: Sequence[Path], bold: Sequence[Path]) -> None:
        if not regular or not bold:
            raise ValueError("a font is needed")
        self._regular = [FontFile(path) for path in regular]
        self._bold = [FontFile(path) for path in bold]

    def paragraph(
        self, text: str, width_px: int, *, size: int = 1, bold: bool = False, align: Align = Align.LEFT
    ) -> list[Bitmap]:
        """One picture of full width for each line. `text` is clean and has no line breaks.

        A paragraph that runs from right to left starts at the right: LEFT means "at its start".
        """
        fonts = self._bold if bold else self._regular
        em_px = EM_DOTS * size
        level = base_level(text)
        if level == 1:
            align = {Align.LEFT: Align.RIGHT, Align.RIGHT: Align.LEFT}.get(align, align)
        lines = wrap(text, width_px / em_px, lambda part: shape_line(part, fonts, level)[1])
        shaped = [shape_line(line, fonts, level) for line in lines]
        return [_draw_line(glyphs, width, width_px, em_px, align, fonts[0]) for glyphs, width in shaped]


def _draw_line(
    glyphs: list[PlacedGlyph], width_em: float, width_px: int, em_px: int, align: Align, code_font: FontFile
) -> Bitmap:
    slack = max(0.0, width_px - width_em * em_px)
    left = {Align.LEFT: 0.0, Align.CENTER: slack / 2, Align.RIGHT: slack}[align]
    below, above = _vertical_extent(glyphs, em_px)
    ink = _ink_of(glyphs, left, (width_px, above + below), above, em_px)
    for glyph in glyphs:
        if glyph.font is None:
            _draw_code_box(ink, glyph.char, round(left + glyph.x * em_px), above, em_px, code_font)
    return Bitmap.from_ink(ink, INK_THRESHOLD)


def _vertical_extent(glyphs: list[PlacedGlyph], em_px: int) -> tuple[int, int]:
    """Dots below and above the baseline: a common line of 30 dots a size, more where marks reach further."""
    below, above = 0.28 * em_px, 0.95 * em_px
    for glyph in glyphs:
        extents = glyph.font.font.get_glyph_extents(glyph.glyph_id) if glyph.font else None
        if extents is None or glyph.font is None:
            continue
        top = extents.y_bearing / glyph.font.upem + glyph.y
        bottom = top + extents.height / glyph.font.upem  # HarfBuzz heights run downwards: negative
        above, below = max(above, top * em_px), max(below, -bottom * em_px)
    return math.ceil(below), math.ceil(above)


def _ink_of(
    glyphs: list[PlacedGlyph], left: float, size: tuple[int, int], baseline: int, em_px: float
) -> Image.Image:
    """Coverage of a line that starts at `left` with its baseline `baseline` dots below the top."""
    width, height = size
    pen = hb.RasterDraw()
    pen.extents = hb.RasterExtents(0, baseline - height, width, height, 0)
    for glyph in glyphs:
        if glyph.font is not None:
            scale = em_px / glyph.font.upem
            pen.transform = (scale, 0, 0, scale, left + glyph.x * em_px, glyph.y * em_px)
            pen.draw_glyph(glyph.font.font, glyph.glyph_id)
    picture = pen.render()
    if picture is None:
        raise MemoryError("no memory for a line of text")
    extents = picture.extents
    if (extents.width, extents.height) != size:  # nothing drawn: a line of blanks
        return Image.new("L", size)
    # HarfBuzz has the bottom row first
    return Image.frombytes("L", size, bytes(picture.buffer), "raw", "L", extents.stride, -1)


def _draw_code_box(ink: Image.Image, char: str, x: int, baseline: int, em_px: int, font: FontFile) -> None:
    """A frame of 1.4 x 1 em with the character's number in two rows of three digits."""
    stroke = max(1, em_px // 24)
    top, width = baseline - round(0.87 * em_px), round(1.4 * em_px)
    frame = (x + stroke, top, x + width, top + em_px - 1)
    ImageDraw.Draw(ink).rectangle(frame, outline=255, width=stroke)
    code = f"{ord(char):06X}"
    for row, digits in enumerate((code[:3], code[3:])):
        glyphs, width_em = shape_line(digits, [font], 0)
        left = (width - width_em * CODE_EM * em_px) / 2
        row_px = em_px // 2 - stroke
        line = _ink_of(glyphs, left, (width - stroke, row_px), row_px - stroke, CODE_EM * em_px)
        ink.paste(255, (x + stroke, top + stroke + row * row_px), line)
