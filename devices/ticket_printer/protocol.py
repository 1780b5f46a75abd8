"""ESC/POS as bytes: encode commands, decode replies. No I/O, no state.

Source: Epson ESC/POS command reference: DLE EOT, GS r, GS a, GS ( H function 48, GS ( k functions 165-181,
GS v 0, GS V, GS !, ESC a, ESC E, ESC 3, FS &. The Chinese text mode is that of the GB18030 models.
"""

import re
from dataclasses import dataclass
from typing import Self

from escpos import constants as c

from devices.ticket_printer.bitmap import Bitmap

_ESC: bytes = c.ESC
_GS: bytes = c.GS
_FS: bytes = c.FS

INIT: bytes = c.HW_INIT
NO_STATUS_BACK: bytes = _GS + b"a\x00"
"""GS a 0: some models volunteer status after power-up; unasked bytes would mix with our answers."""
HANZI_MODE: bytes = _FS + b"&"
LINE_FEED: bytes = c.CTL_LF
TEXT_SIZE: bytes = c.TXT_SIZE
RASTER: bytes = c.S_RASTER_N
FEED_AND_CUT: bytes = _GS + b"V\x42\x00"
"""GS V 66 0: feed to the cutter, then a partial cut, so that the ticket hangs and does not fall."""
ASK_PAPER_IN_ORDER: bytes = _GS + b"r\x01"
"""GS r 1: answered when the print buffer gets there, not on receipt."""

DLE_EOT: bytes = c.RT_STATUS
PRINTER, OFFLINE_CAUSE, ERROR_CAUSE, PAPER = 1, 2, 3, 4
"""The n of DLE EOT n."""

STATUS_MASK, STATUS_FIXED = 0b1001_0011, 0b0001_0010
ASB_FIXED = 0b0001_0000
PROCESS_REPLY_HEAD, PROCESS_REPLY_SIZE = b"\x37\x22", 7
MAX_RASTER_ROWS = 128
"""Small pieces: a clone with a 4 kB buffer prints them too."""


@dataclass(frozen=True, slots=True)
class PrinterStatus:
    """Everything the four real-time status bytes say, bit by bit."""

    online: bool
    drawer_pin_high: bool
    waiting_for_recovery: bool
    feed_button_pressed: bool
    cover_open: bool
    feeding_by_button: bool
    stopped_by_paper_end: bool
    error: bool
    recoverable_error: bool
    cutter_error: bool
    unrecoverable_error: bool
    overheated: bool
    """Or another cause that passes by itself."""
    near_end: bool
    paper_out: bool

    @classmethod
    def from_bytes(cls, printer: int, offline: int, error: int, paper: int) -> Self:
        """The answers to DLE EOT 1, 2, 3, 4. Raises ValueError for a byte that is no status byte."""
        for byte in (printer, offline, error, paper):
            if not is_status(byte):
                raise ValueError(f"not a status byte: {byte:#04x}")
        return cls(
            online=not printer & 0x08,
            drawer_pin_high=bool(printer & 0x04),
            waiting_for_recovery=bool(printer & 0x20),
            feed_button_pressed=bool(printer & 0x40),
            cover_open=bool(offline & 0x04),
            feeding_by_button=bool(offline & 0x08),
            stopped_by_paper_end=bool(offline & 0x20),
            error=bool(offline & 0x40),
            recoverable_error=bool(error & 0x04),
            cutter_error=bool(error & 0x08),
            unrecoverable_error=bool(error & 0x20),
            overheated=bool(error & 0x40),
            near_end=bool(paper & 0x0C),
            paper_out=bool(paper & 0x60),
        )

    @classmethod
    def from_asb(cls, data: bytes) -> Self:
        """The four bytes of Automatic Status Back (GS a). Raises ValueError for anything else."""
        if len(data) != 4 or not is_asb(data[0]) or any(byte & 0x90 for byte in data[1:]):
            raise ValueError(f"not an automatic status: {data.hex()}")
        first, second, third = data[0], data[1], data[2]
        paper_out = bool(third & 0x0C)
        return cls(
            online=not first & 0x08,
            drawer_pin_high=bool(first & 0x04),
            waiting_for_recovery=bool(second & 0x01),
            feed_button_pressed=bool(second & 0x02),
            cover_open=bool(first & 0x20),
            feeding_by_button=bool(first & 0x40),
            stopped_by_paper_end=paper_out,
            error=bool(second & 0x6C),
            recoverable_error=bool(second & 0x04),
            cutter_error=bool(second & 0x08),
            unrecoverable_error=bool(second & 0x20),
            overheated=bool(second & 0x40),
            near_end=bool(third & 0x03),
            paper_out=paper_out,
        )


@dataclass(frozen=True, slots=True)
class StatusByte:
    """Answer to a DLE EOT; it does not say to which n."""

    value: int


@dataclass(frozen=True, slots=True)
class PaperByte:
    """Answer to GS r 1."""

    near_end: bool
    paper_out: bool


@dataclass(frozen=True, slots=True)
class ProcessDone:
    """Answer to GS ( H 48: everything before that id has left the print head."""

    process_id: bytes


@dataclass(frozen=True, slots=True)
class AutoStatus:
    status: PrinterStatus


@dataclass(frozen=True, slots=True)
class Rubbish:
    """A byte that no reply of this protocol starts with."""

    value: int


Reply = StatusByte | PaperByte | ProcessDone | AutoStatus | Rubbish


def is_status(byte: int) -> bool:
    """True for 0xx1xx10, the fixed bits of every DLE EOT answer."""
    return byte & STATUS_MASK == STATUS_FIXED


def is_asb(byte: int) -> bool:
    """True for 0xx1xx00, the fixed bits of the first byte of an automatic status."""
    return byte & STATUS_MASK == ASB_FIXED


def split_replies(data: bytes) -> tuple[list[Reply], bytes]:
    """What the printer said, and the beginning of an answer that is not complete yet."""
    replies: list[Reply] = []
    while data:
        if data[0] == PROCESS_REPLY_HEAD[0]:
            if PROCESS_REPLY_HEAD.startswith(data[:2]) and len(data) < PROCESS_REPLY_SIZE:
                break
            frame = data[:PROCESS_REPLY_SIZE]
            if frame.startswith(PROCESS_REPLY_HEAD) and frame[-1] == 0:
                replies.append(ProcessDone(frame[2:6]))
                data = data[PROCESS_REPLY_SIZE:]
                continue
        elif is_asb(data[0]):
            if len(data) < 4:
                break
            try:
                replies.append(AutoStatus(PrinterStatus.from_asb(data[:4])))
            except ValueError:
                pass  # not one after all: its first byte is told as rubbish below
            else:
                data = data[4:]
                continue
        replies.append(_single(data[0]))
        data = data[1:]
    return replies, data


def _single(byte: int) -> Reply:
    if is_status(byte):
        return StatusByte(byte)
    if byte & 0xF0 == 0:
        return PaperByte(near_end=bool(byte & 0x03), paper_out=bool(byte & 0x0C))
    return Rubbish(byte)


def ask_status(n: int) -> bytes:
    """DLE EOT n; answered from the receive interrupt, before the paper moves."""
    return DLE_EOT + bytes([n])


def ask_process_done(process_id: bytes) -> bytes:
    """GS ( H 48; answered when all data before it is printed. `process_id`: four bytes 0x20-0x7E."""
    if not re.fullmatch(rb"[ -~]{4}", process_id):
        raise ValueError(f"not a process id: {process_id!r}")
    return _GS + b"(H\x06\x0000" + process_id


def align(n: int) -> bytes:
    """ESC a: 0 left, 1 centre, 2 right."""
    return _ESC + b"a" + bytes([n])


def size(times: int) -> bytes:
    """GS !: 1-8 times in both directions, hanzi included."""
    return TEXT_SIZE + bytes([(times - 1) * 0x11])


def bold(on: bool) -> bytes:
    return _ESC + b"E" + bytes([on])


def line_spacing(dots: int) -> bytes:
    """ESC 3: distance of two lines of text."""
    return _ESC + b"3" + bytes([dots])


def feed_lines(count: int) -> bytes:
    """ESC d: 0-255 lines of the current spacing."""
    return _ESC + b"d" + bytes([count])


def is_rom_text(text: str) -> bool:
    """True when a GB18030 printer has every character in its font: ASCII and the two-byte GBK zones.

    Four-byte characters (rare hanzi, Uyghur) are in no printer; the two-byte ones that GBK lacks (the
    extension A characters at FE50-FEA0) are missing in many, so they count as absent.
    """
    try:
        text.encode("gbk")
    except UnicodeEncodeError:
        return False
    return text.isprintable()


def text(line: str) -> bytes:
    """One line of ROM text. Raises ValueError for what the ROM lacks, control characters among it."""
    if not is_rom_text(line):
        raise ValueError("a character that the printer has not")
    return line.encode("gb18030") + LINE_FEED


def raster(bitmap: Bitmap) -> bytes:
    """GS v 0 in pieces of MAX_RASTER_ROWS.

    A printer looks for real-time commands on receipt, inside picture data too: 10 04, 10 05 and 10 14 would
    make it answer, recover or open the drawer. One more dot beside the first of such a pair prevents that.
    """
    out = b""
    for part in bitmap.pieces(MAX_RASTER_ROWS):
        harmless = re.sub(rb"\x10(?=[\x04\x05\x14])", b"\x18", part.data)
        head = RASTER + part.row_bytes.to_bytes(2, "little") + part.height_px.to_bytes(2, "little")
        out += head + harmless
    return out


def qr_code(data: bytes, module_px: int) -> bytes:
    """GS ( k: model 2, error correction M, 1-16 dots a module, at most 2,000 bytes."""
    if not 1 <= module_px <= 16 or not 1 <= len(data) <= 2000:
        raise ValueError("a QR code is 1-2000 bytes with modules of 1-16 dots")
    return b"".join(
        _GS + b"(k" + len(part).to_bytes(2, "little") + part
        for part in (b"1A2\x00", b"1C" + bytes([module_px]), b"1E1", b"1P0" + data, b"1Q0")
    )
