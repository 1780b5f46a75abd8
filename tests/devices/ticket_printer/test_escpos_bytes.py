"""Golden bytes from the manual, and python-escpos as a second opinion."""

import pytest
from escpos.printer import Dummy
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from devices.ticket_printer import protocol
from devices.ticket_printer.bitmap import Bitmap
from devices.ticket_printer.compose import Completion, PrinterProfile, compose
from devices.ticket_printer.layout import Align, TicketQr, TicketText
from devices.ticket_printer.protocol import PrinterStatus
from tests.devices.ticket_printer.rig import hall_fonts

OK = PrinterStatus.from_bytes(0x12, 0x12, 0x12, 0x12)


def test_a_whole_ticket_byte_by_byte() -> None:
    job = compose([TicketText("请A1", size=2, bold=True, align=Align.CENTER)], PrinterProfile(), hall_fonts())
    assert job == bytes.fromhex(
        "1b40 1d6100 1c26 1b331e"  # init, no status back, hanzi mode, 30 dots a line
        "1b6101 1d2111 1b4501 1b3336"  # centre, double, bold, 54 dots a line
        "c7eb4131 0a"
        "1b6100 1d2100 1b4500 1b331e"
        "1d564200"
    )


def test_questions() -> None:
    assert [protocol.ask_status(n).hex() for n in (1, 2, 3, 4)] == ["100401", "100402", "100403", "100404"]
    assert protocol.ASK_PAPER_IN_ORDER == bytes.fromhex("1d7201")
    assert protocol.ask_process_done(b"0017") == bytes.fromhex("1d284806003030 30303137")
    for wrong in (b"", b"12345", b"12\n4", "号1".encode()):
        with pytest.raises(ValueError, match="process id"):
            protocol.ask_process_done(wrong)


def test_names_in_gb18030() -> None:
    """Two-byte codes as measured; what needs four bytes, or only GB18030's odd corner has, is no ROM text."""
    assert protocol.text("镕") == bytes.fromhex("e946 0a")
    assert protocol.text("古丽·热") == bytes.fromhex("b9c5c0f6a1a4c8c8 0a")
    for absent in ("㐂", "𠮷", "\u4dae", "ئۇيغۇر", "Қ", "\x1b@", "\x10\x04\x01", "\ue000"):
        assert not protocol.is_rom_text(absent)
        with pytest.raises(ValueError, match="has not"):
            protocol.text(absent)


def test_raster_head_and_pieces() -> None:
    tall = Bitmap(8, 130, bytes(130))
    assert protocol.raster(tall) == (
        bytes.fromhex("1d763000 0100 8000") + bytes(128) + bytes.fromhex("1d763000 0100 0200") + bytes(2)
    )


@given(st.lists(st.sampled_from(b"\x10\x04\x05\x14\x01\x00\xff"), min_size=1, max_size=60).map(bytes))
def test_a_picture_never_holds_a_real_time_command(data: bytes) -> None:
    body = protocol.raster(Bitmap(8, len(data), data))[8:]
    assert not any(pair in body for pair in (b"\x10\x04", b"\x10\x05", b"\x10\x14"))
    assert all(new & old == old for new, old in zip(body, data, strict=True)), "dots may only be added"


def test_python_escpos_agrees() -> None:
    peer = Dummy()
    peer.qr("https://hall.example.cn/t/1", ec=1, size=6, native=True)
    assert protocol.qr_code(b"https://hall.example.cn/t/1", 6) == peer.output
    peer.clear()
    peer.set(align="center", bold=True, custom_size=True, width=3, height=3)
    for command in (protocol.align(1), protocol.size(3), protocol.bold(True)):
        assert command in peer.output
    peer.clear()
    peer.cut(mode="PART", feed=False)
    assert peer.output == protocol.FEED_AND_CUT
    peer.clear()
    picture = Image.new("L", (20, 5), 255)
    picture.putpixel((3, 2), 0)
    peer.profile.profile_data["media"]["width"]["pixels"] = 576
    peer.image(picture, impl="bitImageRaster")
    assert protocol.raster(Bitmap.from_image(picture)) == peer.output


def test_qr_shrinks_to_narrow_paper() -> None:
    job = compose([TicketQr("x" * 300, module_px=16)], PrinterProfile(width_px=384), hall_fonts())
    assert bytes.fromhex("1d286b0300314304") in job  # version 12 at level M: 65 + 8 modules, 4 dots at most
    with pytest.raises(ValueError, match="printable"):
        TicketQr("a\x10\x04\x01")


@pytest.mark.parametrize(
    ("answers", "true_fields"),
    [
        ("12121212", {"online"}),
        ("1212121e", {"online", "near_end"}),
        ("1a32127e", {"stopped_by_paper_end", "near_end", "paper_out"}),
        ("1a321272", {"stopped_by_paper_end", "paper_out"}),
        ("1a161212", {"cover_open"}),
        ("1a121212", set()),
        ("16121212", {"online", "drawer_pin_high"}),
        ("32121212", {"online", "waiting_for_recovery"}),
        ("52121212", {"online", "feed_button_pressed"}),
        ("1a1a1212", {"feeding_by_button"}),
        ("1a521612", {"error", "recoverable_error"}),
        ("1a521a12", {"error", "cutter_error"}),
        ("1a523212", {"error", "unrecoverable_error"}),
        ("1a525212", {"error", "overheated"}),
    ],
)
def test_every_status_bit(answers: str, true_fields: set[str]) -> None:
    status = PrinterStatus.from_bytes(*bytes.fromhex(answers))
    assert {name for name in PrinterStatus.__dataclass_fields__ if getattr(status, name)} == true_fields


@pytest.mark.parametrize(
    ("answer", "true_fields"),
    [
        ("10000000", {"online"}),
        ("1000030f", {"online", "near_end"}),
        ("18000f0f", {"stopped_by_paper_end", "near_end", "paper_out"}),
        ("3800000f", {"cover_open"}),
        ("1808000f", {"error", "cutter_error"}),
        ("5402000f", {"online", "drawer_pin_high", "feed_button_pressed", "feeding_by_button"}),
    ],
)
def test_automatic_status_bits(answer: str, true_fields: set[str]) -> None:
    status = PrinterStatus.from_asb(bytes.fromhex(answer))
    assert {name for name in PrinterStatus.__dataclass_fields__ if getattr(status, name)} == true_fields


@given(st.integers(0, 255))
def test_sanity_of_a_status_byte(byte: int) -> None:
    """0xx1xx10 and nothing else."""
    assert protocol.is_status(byte) == (f"{byte:08b}"[0] == "0" and byte & 0x13 == 0x12)
    if not protocol.is_status(byte):
        with pytest.raises(ValueError, match="not a status"):
            PrinterStatus.from_bytes(byte, 0x12, 0x12, 0x12)


def test_answers_are_told_apart_in_any_mixture() -> None:
    """A process id may hold bytes that look like a status ("2" is 0x32)."""
    stream = bytes.fromhex("ff 12 37 22 32323232 00 0f 7e 10000000 37 12 37 22 30")
    replies, rest = protocol.split_replies(stream)
    assert replies == [
        protocol.Rubbish(0xFF),
        protocol.StatusByte(0x12),
        protocol.ProcessDone(b"2222"),
        protocol.PaperByte(near_end=True, paper_out=True),
        protocol.StatusByte(0x7E),
        protocol.AutoStatus(OK),
        protocol.Rubbish(0x37),
        protocol.StatusByte(0x12),
    ]
    assert rest == bytes.fromhex("372230")


@given(st.binary(max_size=40), st.integers(0, 40))
def test_answers_may_arrive_in_pieces(stream: bytes, at: int) -> None:
    whole, rest = protocol.split_replies(stream)
    first, kept = protocol.split_replies(stream[:at])
    second, kept = protocol.split_replies(kept + stream[at:])
    assert (first + second, kept) == (whole, rest)


def test_profile_and_content_are_checked() -> None:
    assert PrinterProfile(width_px=512).completion is Completion.PROCESS_ID
    with pytest.raises(ValueError, match="paper"):
        PrinterProfile(width_px=500)
    with pytest.raises(ValueError, match="size"):
        TicketText("x", size=9)
    with pytest.raises(ValueError, match="ticket"):
        TicketText("x" * 1001)
