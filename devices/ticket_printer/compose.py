"""From the lines of a ticket to the bytes of one print job. Pure but for the fonts it draws with."""

from dataclasses import dataclass
from enum import Enum

import segno

from devices.ticket_printer import protocol
from devices.ticket_printer.bitmap import Bitmap
from devices.ticket_printer.layout import (
    Align,
    TicketContent,
    TicketFeed,
    TicketQr,
    TicketRaster,
    TicketRule,
    TicketText,
    clean_text,
    columns_of,
    wrap,
)
from devices.ticket_printer.raster import EM_DOTS, TextRaster

LINE_SPACING = 30
COLUMN_DOTS = 12
DOTS_PER_MM = 8
QUIET_MODULES = 8
"""Four light modules on each side of a QR code."""
TEAR_LINES = 5
"""Brings the last line past the tear bar of a printer without cutter."""


class Completion(Enum):
    """How a model says that a ticket has come out."""

    PROCESS_ID = "process_id"
    """GS ( H function 48: Epson TM and many clones of them."""
    PAPER_IN_ORDER = "paper_in_order"
    """GS r 1 behind the cut, answered in buffer order."""
    NONE = "none"
    """Neither: a ticket is at best "sent, not confirmed"."""


@dataclass(frozen=True, slots=True)
class PrinterProfile:
    """What a model can do; from the device settings."""

    width_px: int = 576
    """576 on 80 mm paper (some clones 512), 384 on 58 mm."""
    completion: Completion = Completion.PROCESS_ID
    native_qr: bool = True
    cutter: bool = True
    max_ticket_mm: int = 600
    """Longer content is refused: it would be a mistake, and a roll of paper."""

    def __post_init__(self) -> None:
        if self.width_px not in (384, 512, 576):
            raise ValueError(f"no such paper: {self.width_px} dots")


class TicketTooLong(ValueError):
    """More content than `max_ticket_mm` of paper, or a picture wider than it."""


def compose(content: TicketContent, profile: PrinterProfile, fonts: TextRaster) -> bytes:
    """The whole job but the question for completion. Raises TicketTooLong."""
    out = protocol.INIT + protocol.NO_STATUS_BACK + protocol.HANZI_MODE + protocol.line_spacing(LINE_SPACING)
    dots = 0
    for line in content:
        match line:
            case TicketText():
                part, height = _text(line, profile, fonts)
            case TicketQr():
                part, height = _qr(line, profile)
            case TicketRule():
                part, height = protocol.raster(_rule(profile.width_px)), _rule(profile.width_px).height_px
            case TicketFeed():
                part, height = protocol.feed_lines(line.lines), line.lines * LINE_SPACING
            case TicketRaster():
                picture = centred(line.bitmap, profile.width_px)
                part, height = protocol.raster(picture), picture.height_px
        out += part
        dots += height
        if dots > profile.max_ticket_mm * DOTS_PER_MM:
            raise TicketTooLong(f"more than {profile.max_ticket_mm} mm of paper")
    return out + (protocol.FEED_AND_CUT if profile.cutter else protocol.feed_lines(TEAR_LINES))


def _text(line: TicketText, profile: PrinterProfile, fonts: TextRaster) -> tuple[bytes, int]:
    """Paragraph by paragraph: printer text where its font has every character, else a picture."""
    out, height = b"", 0
    for paragraph in clean_text(line.text).split("\n"):
        if protocol.is_rom_text(paragraph):
            rows = wrap(paragraph, profile.width_px // (COLUMN_DOTS * line.size), columns_of)
            spacing = EM_DOTS * line.size + LINE_SPACING - EM_DOTS
            look = protocol.align(line.align.value) + protocol.size(line.size) + protocol.bold(line.bold)
            plain = protocol.align(0) + protocol.size(1) + protocol.bold(False)
            body = b"".join(protocol.text(row) for row in rows)
            out += look + protocol.line_spacing(spacing) + body
            out += plain + protocol.line_spacing(LINE_SPACING)
            height += spacing * len(rows)
        else:
            pictures = fonts.paragraph(
                paragraph, profile.width_px, size=line.size, bold=line.bold, align=line.align
            )
            out += b"".join(protocol.raster(picture) for picture in pictures)
            height += sum(picture.height_px for picture in pictures)
    return out, height


def _qr(line: TicketQr, profile: PrinterProfile) -> tuple[bytes, int]:
    code = segno.make_qr(line.data.encode(), error="m", boost_error=False)
    modules = int(code.symbol_size(border=0)[0])
    module_px = min(line.module_px, profile.width_px // (modules + QUIET_MODULES))
    quiet = protocol.feed_lines(1)
    if profile.native_qr:
        body = protocol.align(Align.CENTER.value) + protocol.qr_code(line.data.encode(), module_px)
        body += protocol.align(Align.LEFT.value)
    else:
        body = protocol.raster(centred(_qr_picture(code, module_px), profile.width_px))
    return quiet + body + quiet, modules * module_px + 2 * LINE_SPACING


def _qr_picture(code: segno.QRCode, module_px: int) -> Bitmap:
    rows = [[bool(cell) for cell in row] for row in code.matrix]
    side = len(rows) * module_px
    data = b""
    for row in rows:
        bits = "".join(("1" if dark else "0") * module_px for dark in row).ljust((side + 7) // 8 * 8, "0")
        data += int(bits, 2).to_bytes(len(bits) // 8, "big") * module_px
    return Bitmap(side, side, data)


def centred(bitmap: Bitmap, width_px: int) -> Bitmap:
    """The same picture in the middle of a full-width one: not every model aligns rasters by ESC a."""
    if bitmap.width_px > width_px:
        raise TicketTooLong(f"a picture of {bitmap.width_px} dots on paper of {width_px}")
    shift = (width_px - bitmap.width_px) // 2
    data = b""
    for top in range(bitmap.height_px):
        row = bitmap.data[top * bitmap.row_bytes : (top + 1) * bitmap.row_bytes]
        bits = int.from_bytes(row, "big") >> (bitmap.row_bytes * 8 - bitmap.width_px)
        data += (bits << (width_px - bitmap.width_px - shift)).to_bytes(width_px // 8, "big")
    return Bitmap(width_px, bitmap.height_px, data)


def _rule(width_px: int) -> Bitmap:
    """Two dots of black in sixteen of height."""
    white, black = bytes(width_px // 8), b"\xff" * (width_px // 8)
    return Bitmap(width_px, 16, white * 7 + black * 2 + white * 7)
