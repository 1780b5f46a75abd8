"""One-bit pictures as the print head takes them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from escpos.image import EscposImage
from PIL import Image


@dataclass(frozen=True, slots=True)
class Bitmap:
    """Rows from the top, eight dots a byte, most significant bit left, 1 = black."""

    width_px: int
    height_px: int
    data: bytes

    def __post_init__(self) -> None:
        if self.width_px < 1 or self.height_px < 1 or len(self.data) != self.row_bytes * self.height_px:
            raise ValueError(f"{len(self.data)} bytes are no {self.width_px} x {self.height_px} picture")

    @property
    def row_bytes(self) -> int:
        return (self.width_px + 7) // 8

    def pieces(self, rows: int) -> Iterator["Bitmap"]:
        """The picture cut across, each piece at most `rows` high."""
        for top in range(0, self.height_px, rows):
            height = min(rows, self.height_px - top)
            start = top * self.row_bytes
            yield Bitmap(self.width_px, height, self.data[start : start + height * self.row_bytes])

    @classmethod
    def from_image(cls, image: Image.Image) -> Self:
        """Any picture, transparent parts as white, greys dithered (a hall's emblem)."""
        ready = EscposImage(image)
        return cls(ready.width, ready.height, ready.to_raster_format())

    @classmethod
    def from_ink(cls, ink: Image.Image, threshold: int = 128) -> Self:
        """A mode-L picture of ink coverage, 255 = black: cut at `threshold`, never dithered (for text)."""
        return cls(*ink.size, ink.point(lambda v: 255 if v >= threshold else 0).convert("1").tobytes())

    def to_image(self) -> Image.Image:
        """Mode L, black on white."""
        bits = Image.frombytes("1", (self.width_px, self.height_px), self.data)
        return bits.convert("L").point(lambda v: 255 - v)
