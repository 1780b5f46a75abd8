"""SAM_V over a serial line as bytes: commands, answers, status words. No I/O, no state.

Source: vendor copies of the SAM_V interface (GA 467, GA/T 490); 115200 8N1.
Command `AA AA AA 96 69 | len16 | CMD PARA | CHK`, answer `... | len16 | SW1 SW2 SW3 data | CHK`;
len counts everything behind it, CHK is the XOR of len up to the byte before CHK.
Fingerprints (command 30 10) are never asked for: no matter of a hall needs them.
"""

from dataclasses import dataclass
from enum import IntEnum
from functools import reduce
from operator import xor

from devices.id_reader.card import PHOTO_SIZE, TEXT_SIZE, IdCard, decode_text

PREAMBLE = b"\xaa\xaa\xaa\x96\x69"
BAUD = 115200
READ_ANSWER_SIZE = 1295
MAX_LENGTH = READ_ANSWER_SIZE - len(PREAMBLE) - 2
"""Longest `len` of an answer to a command of ours; more is a broken length, not a long frame."""

_READ_HEADER = b"\x01\x00\x04\x00"
_SAM_ID_SIZE = 16


class Sw(IntEnum):
    """SW3; SW1 and SW2 are zero in every documented answer."""

    OK = 0x90
    CARD_FOUND = 0x9F
    CHECKSUM = 0x10
    LENGTH = 0x11
    COMMAND = 0x21
    NOT_ALLOWED = 0x23
    UNKNOWN = 0x24
    CARD_AUTH = 0x31
    SAM_AUTH = 0x32
    VERIFY = 0x33
    WRONG_CARD = 0x40
    READ_FAILED = 0x41
    RANDOM = 0x47
    SELF_TEST = 0x60
    NOT_AUTHORISED = 0x66
    NO_CARD = 0x80
    SELECT_FAILED = 0x81
    ABSENT = 0x91


@dataclass(frozen=True, slots=True)
class Answer:
    """One undamaged answer. `data` may hold a whole card: it stays out of repr."""

    status: int
    data: bytes

    def __repr__(self) -> str:
        return f"Answer(status=0x{self.status:02X}, {len(self.data)} bytes)"


@dataclass(frozen=True, slots=True, repr=False)
class Scan:
    """What a look into the receive buffer found."""

    answer: Answer | None
    rest: bytes
    """Bytes to keep in front of the next ones received."""
    damaged: bool
    """A frame began and was broken: bad length or bad checksum."""


def checksum(body: bytes) -> int:
    return reduce(xor, body, 0)


def frame(body: bytes) -> bytes:
    """Wrap CMD.. or SW.. (at most 65534 bytes) with preamble, length and checksum."""
    counted = (len(body) + 1).to_bytes(2, "big") + body
    return PREAMBLE + counted + bytes([checksum(counted)])


RESET = frame(b"\x10\xff")
STATUS = frame(b"\x11\xff")
SAM_ID = frame(b"\x12\xff")
FIND = frame(b"\x20\x01")
SELECT = frame(b"\x20\x02")
READ = frame(b"\x30\x01")


def scan(buffer: bytes) -> Scan:
    """Find the first good answer, over garbage and broken frames. Never raises."""
    damaged = False
    while (at := buffer.find(PREAMBLE)) >= 0:
        buffer = buffer[at:]
        head = len(PREAMBLE) + 2
        if len(buffer) < head:
            return Scan(None, buffer, damaged)
        length = int.from_bytes(buffer[len(PREAMBLE) : head], "big")
        if 4 <= length <= MAX_LENGTH:
            if len(buffer) < head + length:
                return Scan(None, buffer, damaged)
            body, check = buffer[head : head + length - 1], buffer[head + length - 1]
            if checksum(buffer[len(PREAMBLE) : head] + body) == check and body[:2] == b"\0\0":
                return Scan(Answer(body[2], body[3:]), buffer[head + length :], damaged)
        damaged = True
        buffer = buffer[1:]  # the true start may lie inside the broken frame
    return Scan(None, buffer[-(len(PREAMBLE) - 1) :], damaged)


def decode_card(data: bytes) -> IdCard:
    """Data of a READ answer (4-byte header, text, photo). Raises CardDataError, ValueError."""
    if len(data) != len(_READ_HEADER) + TEXT_SIZE + PHOTO_SIZE or not data.startswith(_READ_HEADER):
        raise ValueError("not the text and photo answer")
    text = data[len(_READ_HEADER) :][:TEXT_SIZE]
    return decode_text(text, data[len(_READ_HEADER) + TEXT_SIZE :])


def encode_answer(status: Sw, data: bytes = b"") -> bytes:
    """An answer as a reader sends it (simulator)."""
    return frame(bytes([0, 0, status]) + data)


def encode_card_data(text: bytes, wlt: bytes) -> bytes:
    """Data of a READ answer; `wlt` is cut or zero-padded to 1024 bytes."""
    return _READ_HEADER + text + wlt[:PHOTO_SIZE].ljust(PHOTO_SIZE, b"\0")


def decode_sam_id(data: bytes) -> str:
    """SAM module number as printed on readers: `05.03-20260101-0000000001-0123456789`.

    Raises ValueError.
    """
    if len(data) != _SAM_ID_SIZE:
        raise ValueError("SAM id is not 16 bytes")
    kind, model = (int.from_bytes(data[at : at + 2], "little") for at in (0, 2))
    day, serial, check = (int.from_bytes(data[at : at + 4], "little") for at in (4, 8, 12))
    return f"{kind:02d}.{model:02d}-{day:08d}-{serial:010d}-{check:010d}"
