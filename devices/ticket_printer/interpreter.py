"""The print side of a printer made of software: ESC/POS bytes to rows of dots.

Written from the manual and not from protocol.py, on purpose: a ticket that reads well here was encoded right.
Part of the simulator; the product does not import it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import segno
from PIL import Image, ImageChops, ImageDraw, ImageFont

HANZI_DOTS, ASCII_DOTS = 24, 12
POWER_ON_SPACING = 30

# Commands of fixed length: first two bytes -> whole length.
_FIXED = {
    b"\x1b@": 2, b"\x1b2": 2, b"\x1b3": 3, b"\x1ba": 3, b"\x1bE": 3, b"\x1bd": 3, b"\x1bJ": 3, b"\x1bp": 5,
    b"\x1d!": 3, b"\x1da": 3, b"\x1dr": 3, b"\x1c&": 2, b"\x1c.": 2, b"\x1c!": 3, b"\x1b!": 3, b"\x1bt": 3,
    b"\x10\x04": 3, b"\x10\x05": 3,
}  # fmt: skip


@dataclass(frozen=True)
class Rows:
    """Dots to burn, mode L, as wide as the paper."""

    image: Image.Image


@dataclass(frozen=True)
class Cut:
    raw: bytes
    """Every byte since the cut before."""


@dataclass(frozen=True)
class ProcessMark:
    process_id: bytes


@dataclass(frozen=True)
class PaperQuestion:
    pass


Step = Rows | Cut | ProcessMark | PaperQuestion


class RomFont:
    """The hanzi and ASCII in the printer: fixed cells, nothing outside GBK."""

    def __init__(self, path: Path) -> None:
        self._hanzi = ImageFont.truetype(path, 23)
        self._ascii = ImageFont.truetype(path, 20)
        self.cell = lru_cache(maxsize=2000)(self._cell)

    def _cell(self, code: bytes) -> Image.Image:
        """Mode L, black on white, 12 or 24 dots wide and 24 high; a hollow box for what the ROM lacks."""
        width = ASCII_DOTS * len(code)
        image = Image.new("L", (width, HANZI_DOTS), 255)
        draw = ImageDraw.Draw(image)
        try:
            char = code.decode("gbk")
        except UnicodeDecodeError:
            draw.rectangle((2, 3, width - 3, 20), outline=0)
            return image
        font = self._ascii if len(code) == 1 else self._hanzi
        draw.text((width / 2, 20), char, fill=0, font=font, anchor="ms")
        return image.point(lambda v: 0 if v < 140 else 255)


class Interpreter:
    """Eats bytes in any chunking and yields what the mechanism has to do, in order."""

    def __init__(self, width_px: int, rom: RomFont) -> None:
        self._width = width_px
        self._rom = rom
        self._pending = b""
        self._raw = b""
        self._line: list[Image.Image] = []
        self._qr_data = b""
        self._qr_module = 3
        self._qr_level = "L"
        self.unknown: list[bytes] = []
        """Commands that this printer does not know; a test wants it empty."""
        self._reset()

    def _reset(self) -> None:
        self._line.clear()
        self._align = 0
        self._spacing = POWER_ON_SPACING
        self._scale = (1, 1)
        self._bold = False
        self._hanzi_mode = True

    def feed(self, data: bytes) -> Iterator[Step]:
        self._pending += data
        while size := self._command_size():
            command, self._pending = self._pending[:size], self._pending[size:]
            self._raw += command
            yield from self._obey(command)

    def _command_size(self) -> int:
        """Length of the command at the head of the buffer; 0 when it is not all there."""
        data = self._pending
        if not data:
            return 0
        if data[0] in b"\x1b\x1d\x1c\x10":
            if len(data) < 2:
                return 0
            size = _FIXED.get(data[:2]) or self._variable_size(data)
        elif self._hanzi_mode and 0x81 <= data[0] <= 0xFE:
            # second bytes 30-39 belong to four-byte codes, which no ROM has
            size = 2 if len(data) < 2 or data[1] >= 0x40 else 1
        else:
            size = 1
        return size if size <= len(data) else 0

    @staticmethod
    def _variable_size(data: bytes) -> int:
        """Of commands that carry their length; an impossible length while it is not readable yet."""
        never = len(data) + 1
        if data[:2] == b"\x1dV":
            return never if len(data) < 3 else 3 if data[2] < 65 else 4
        if data[:2] == b"\x1d(":
            return never if len(data) < 5 else 5 + int.from_bytes(data[3:5], "little")
        if data[:2] == b"\x1dv":
            if len(data) < 8:
                return never
            return 8 + int.from_bytes(data[4:6], "little") * int.from_bytes(data[6:8], "little")
        return 2

    def _obey(self, command: bytes) -> Iterator[Step]:
        head, n = command[:2], command[-1]
        if command == b"\n":
            yield self._flush()
        elif command[0] not in b"\x1b\x1d\x1c\x10":
            yield from self._put(command)
        elif head in (b"\x1b@", b"\x1b2", b"\x1b3", b"\x1ba", b"\x1bE", b"\x1d!", b"\x1c&", b"\x1c."):
            self._set(head, n)
        elif head in (b"\x1bd", b"\x1bJ"):
            if self._line:
                yield self._flush()
            yield Rows(self._blank(n * (self._spacing if head == b"\x1bd" else 1)))
        elif head == b"\x1dv":
            yield from self._raster(command)
        elif head == b"\x1dr":
            yield PaperQuestion()
        elif head == b"\x1dV":
            raw, self._raw = self._raw, b""
            yield Cut(raw)
        elif head == b"\x1d(":
            yield from self._parenthesis(command)
        elif head not in (b"\x10\x04", b"\x10\x05", b"\x1da"):
            self.unknown.append(command)

    def _set(self, head: bytes, n: int) -> None:
        if head == b"\x1b@":
            self._reset()
        elif head in (b"\x1b2", b"\x1b3"):
            self._spacing = n if head == b"\x1b3" else POWER_ON_SPACING
        elif head == b"\x1ba":
            self._align = n % 48
        elif head == b"\x1bE":
            self._bold = bool(n & 1)
        elif head == b"\x1d!":
            self._scale = (n >> 4) + 1, (n & 7) + 1
        else:
            self._hanzi_mode = head == b"\x1c&"

    def _put(self, code: bytes) -> Iterator[Step]:
        if code[0] < 0x20:
            self.unknown.append(code)
            return
        cell = self._rom.cell(code)
        if self._bold:
            cell = ImageChops.darker(cell, ImageChops.offset(cell, 1, 0))  # printers strike twice
        across, down = self._scale
        cell = cell.resize((cell.width * across, cell.height * down), Image.Resampling.NEAREST)
        if sum(part.width for part in self._line) + cell.width > self._width:
            yield self._flush()
        self._line.append(cell)

    def _flush(self) -> Rows:
        height = max([self._spacing, *(cell.height for cell in self._line)])
        band = self._blank(height)
        x = self._left_of(sum(cell.width for cell in self._line))
        tallest = max((cell.height for cell in self._line), default=0)
        for cell in self._line:
            band.paste(cell, (x, tallest - cell.height))
            x += cell.width
        self._line.clear()
        return Rows(band)

    def _left_of(self, width: int) -> int:
        return max(0, self._width - width) * self._align // 2

    def _blank(self, height: int) -> Image.Image:
        return Image.new("L", (self._width, height), 255)

    def _raster(self, command: bytes) -> Iterator[Step]:
        if self._line:
            yield self._flush()
        row_bytes, height = int.from_bytes(command[4:6], "little"), int.from_bytes(command[6:8], "little")
        dots = Image.frombytes("1", (row_bytes * 8, height), command[8:]).convert("L")
        band = self._blank(height)
        band.paste(dots.point(lambda v: 255 - v), (self._left_of(dots.width), 0))
        yield Rows(band)

    def _parenthesis(self, command: bytes) -> Iterator[Step]:
        kind, body = command[2:3], command[5:]
        if kind == b"H" and body[:2] == b"00" and len(body) == 6:
            yield ProcessMark(body[2:])
        elif kind == b"k" and body[:2] == b"1A":
            pass  # model 2 is the only one here
        elif kind == b"k" and body[:2] == b"1C":
            self._qr_module = body[2]
        elif kind == b"k" and body[:2] == b"1E":
            self._qr_level = "LMQH"[body[2] - 48]
        elif kind == b"k" and body[:3] == b"1P0":
            self._qr_data = body[3:]
        elif kind == b"k" and body[:3] == b"1Q0":
            yield from self._qr()
        else:
            self.unknown.append(command)

    def _qr(self) -> Iterator[Step]:
        code = segno.make_qr(self._qr_data, error=self._qr_level, boost_error=False)
        side = len(code.matrix)
        image = Image.new("L", (side, side), 255)
        image.putdata([0 if cell else 255 for row in code.matrix for cell in row])
        image = image.resize((side * self._qr_module,) * 2, Image.Resampling.NEAREST)
        if image.width > self._width:  # a real printer prints nothing then
            self.unknown.append(b"QR too wide")
            return
        band = self._blank(image.height)
        band.paste(image, (self._left_of(image.width), 0))
        yield Rows(band)
