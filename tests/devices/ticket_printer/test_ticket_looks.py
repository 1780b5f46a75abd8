"""What is on the paper: names, wrapping, Uyghur, QR codes read back from the picture."""

import shutil
import subprocess
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from devices.ticket_printer.bitmap import Bitmap
from devices.ticket_printer.interpreter import Interpreter, Rows
from devices.ticket_printer.layout import (
    Align,
    TicketContent,
    TicketQr,
    TicketRaster,
    TicketText,
    clean_text,
    columns_of,
    wrap,
)
from devices.ticket_printer.raster import TextRaster
from devices.ticket_printer.shaping import FontFile, base_level, shape_line
from tests.devices.ticket_printer.rig import FONTS, hall_fonts, loopback_rig, rom

LONG_NAME = "古丽娜尔·阿不都热依木"
LINK = "https://hall.example.cn/t/7Q2M-X9KD"


def print_on(width_px: int, content: TicketContent, *, native_qr: bool = True) -> tuple[bytes, Image.Image]:
    rig = loopback_rig(width_px)
    rig.printer(width_px=width_px, native_qr=native_qr).print_ticket(content)
    ticket = rig.sim.tickets[0]
    assert rig.sim.control({"status": True})["unknown"] == []
    return ticket.raw, ticket.image


def ink_columns(image: Image.Image) -> tuple[int, int]:
    """First and last column with black in it."""
    black = np.nonzero((np.asarray(image) < 128).any(axis=0))[0]
    return int(black[0]), int(black[-1])


@pytest.mark.parametrize("width_px", [384, 512, 576])
@pytest.mark.parametrize("native_qr", [True, False])
def test_qr_code_reads_back(width_px: int, native_qr: bool, tmp_path: Path) -> None:
    _, image = print_on(width_px, [TicketText("A017", size=4), TicketQr(LINK)], native_qr=native_qr)
    assert [code.text for code in zxingcpp.read_barcodes(image)] == [LINK]
    if zbarimg := shutil.which("zbarimg"):
        image.save(tmp_path / "ticket.png")
        read = subprocess.run([zbarimg, "-q", "--raw", str(tmp_path / "ticket.png")], capture_output=True)
        assert read.stdout.decode().strip() == LINK


@pytest.mark.parametrize("name", ["𠮷田", "㐂", "\U00020bb7", "\u4dae", "李镕㐂"])
def test_rare_names_are_drawn(name: str) -> None:
    raw, image = print_on(384, [TicketText(name)])
    assert b"\x1dv0" in raw
    assert image.getextrema()[0] == 0, "something must be on the paper"


def test_a_character_without_font_shows_its_number() -> None:
    """U+20BB7 is in no font that is shipped: a box, not a gap, and another box for another character."""
    pictures = [hall_fonts().paragraph(char, 384)[0] for char in ("\U00020bb7", "\U00020bb8", " ")]
    assert len({picture.data for picture in pictures}) == 3
    assert not any(pictures[2].data)


@pytest.mark.parametrize("size", [1, 2, 4])
@pytest.mark.parametrize("width_px", [384, 576])
def test_a_long_name_wraps_and_loses_nothing(width_px: int, size: int) -> None:
    raw, _ = print_on(width_px, [TicketText(LONG_NAME, size=size)])
    rows = [row for row in raw.split(b"\n") if row]
    printed = b"".join(rows).decode("gb18030", errors="ignore")
    assert [ch for ch in printed if ch in LONG_NAME] == list(LONG_NAME)
    least = -(-columns_of(LONG_NAME) * 12 * size // width_px)
    assert least <= len(rows) - 1 <= least + 1, "one more where a name is parted at its dot"


def test_a_long_raster_name_stays_on_the_paper() -> None:
    lines = hall_fonts().paragraph("㐂" + LONG_NAME * 3, 384, size=2)
    assert len(lines) > 2
    margin = [ink_columns(line.to_image()) for line in lines]
    assert all(right <= 383 for _, right in margin)
    counted = sum(len(row) for row in wrap("㐂" + LONG_NAME * 3, 384 / 48, len))
    assert counted == len("㐂" + LONG_NAME * 3)


def test_uyghur_letters_join() -> None:
    """The joined forms by glyph id; without shaping all would be the isolated ones of the cmap."""
    naskh = FontFile(FONTS / "NotoNaskhArabic-Regular.ttf")
    glyphs, _ = shape_line("مەكتەپ", [naskh], 1)
    letters = [glyph for glyph in reversed(glyphs) if glyph.advance > 0]  # the dots are glyphs of their own
    assert [glyph.char for glyph in letters] == list("مەكتەپ")
    names = [naskh.font.get_glyph_name(glyph.glyph_id) for glyph in letters]
    assert [".init" in names[0], ".fina" in names[1]] == [True, True]
    assert [".init" in names[2], ".medi" in names[3], ".fina" in names[4]] == [True, True, True]
    assert not any(form in names[5] for form in (".init", ".medi", ".fina")), "ە does not join to the left"
    alone = [naskh.font.get_nominal_glyph(ord(ch)) for ch in "مەكتە"]
    assert not {glyph.glyph_id for glyph in letters[:5]} & set(alone)


def test_uyghur_needs_nothing_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pillow's text loses joining without a system libfribidi, silently: no raster text may go through it."""
    before = hall_fonts().paragraph("مەكتەپ", 384)

    def no_libfribidi(*args: object, **kwargs: object) -> None:
        raise AssertionError("drawn by Pillow")

    monkeypatch.setattr(ImageDraw.ImageDraw, "text", no_libfribidi)
    monkeypatch.setattr(ImageFont, "truetype", no_libfribidi)
    assert hall_fonts().paragraph("مەكتەپ", 384) == before
    assert hall_fonts().paragraph("مەكتەپ\U00020bb7", 384)


def test_directions_mix_as_unicode_says() -> None:
    sans, naskh = FontFile(FONTS / "NotoSansSC-Regular.ttf"), FontFile(FONTS / "NotoNaskhArabic-Regular.ttf")
    text = "نومۇر A017 تامام"
    assert base_level(text) == 1
    glyphs, width = shape_line(text, [sans, naskh], 1)
    seen = "".join(glyph.char for glyph in glyphs)
    assert seen.startswith("ماما")  # the end of the sentence stands left
    assert "A017" in seen
    assert all(a.x <= b.x + 0.5 for a, b in pairwise(glyphs))
    assert width > 3
    assert base_level("请 نومۇر") == 0


def test_uyghur_starts_at_the_right_edge() -> None:
    line = hall_fonts().paragraph("نومۇر", 384)[0].to_image()
    assert ink_columns(line)[1] > 370
    centred = hall_fonts().paragraph("نومۇر", 384, align=Align.CENTER)[0].to_image()
    left, right = ink_columns(centred)
    assert abs((left + right) / 2 - 192) < 6


def test_marks_far_above_and_below_make_the_line_higher() -> None:
    plain, tall = (
        hall_fonts().paragraph(text, 384)[0] for text in ("نوم", "ن\u064e\u0651\u0670وم\u0650\u064d")
    )
    assert hall_fonts().paragraph("㐂", 384)[0].height_px == 30, "as high as a line of printer text"
    assert tall.height_px > plain.height_px
    roomy = hall_fonts().paragraph(
        "ن\u064e\u0651\u0670وم\u0650\u064d" + " " * 3 + "ن" + "\u064e\u0651" * 4, 384
    )[0]
    assert roomy.height_px > tall.height_px


def test_wrapping_keeps_words_and_marks_together() -> None:
    assert wrap("window 12 please", 9, columns_of) == ["window 12", "please"]
    assert wrap("请到三号窗口，谢谢。", 12, columns_of) == ["请到三号窗", "口，谢谢。"]
    assert wrap("办理（设立）", 6, columns_of) == ["办理", "（设", "立）"]
    rule = "叫号3次没到就作废；30分钟内回来，到窗口说一声就能恢复一次。"
    assert wrap(rule, 48, columns_of) == ["叫号3次没到就作废；30分钟内回来，", "到窗口说一声就能恢复一次。"]
    assert wrap(rule, 32, columns_of) == [
        "叫号3次没到就作废；",
        "30分钟内回来，",
        "到窗口说一声就能恢复一次。",
    ]
    assert wrap("无差别综合受理 97—99号窗口", 24, columns_of) == ["无差别综合受理", "97—99号窗口"]
    assert wrap("公安事务专区·户籍", 16, columns_of) == ["公安事务专区·", "户籍"]
    assert wrap("abcdefghij", 4, columns_of) == ["abcd", "efgh", "ij"]
    assert wrap("", 4, columns_of) == [""]


@given(st.text(st.characters(codec="gbk", exclude_categories=["Cc"]), max_size=80), st.integers(4, 48))
def test_wrapping_never_loses_or_overflows(text: str, limit: int) -> None:
    lines = wrap(text, limit, columns_of)
    assert all(columns_of(line) <= limit for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_any_text_can_be_drawn(text: str) -> None:
    for paragraph in clean_text(text).split("\n"):
        assert hall_fonts().paragraph(paragraph, 384)


@given(st.text(max_size=60))
def test_no_text_steers_the_printer(text: str) -> None:
    clean = clean_text(text)
    assert all(ch == "\n" or ch >= " " for ch in clean)
    assert not set("\u202a\u202e\u2066\u200f\x7f\x85") & set(clean)


def test_commands_in_a_name_are_not_obeyed() -> None:
    raw, _ = print_on(384, [TicketText("张\x1b@\x10\x14\x01三\x1dV\x00")])
    assert "张@三V".encode("gb18030") in raw


@pytest.mark.parametrize(
    "text", ["\ud800\U0010ffff\u0301\u200d\u0644\u0627", "\u200d㐂\u200c", "\u0378ە\u202e"]
)
def test_hostile_text_still_prints(text: str) -> None:
    _, image = print_on(384, [TicketText(text)])
    assert image.getextrema()[0] == 0


def test_a_picture_is_centred_and_unchanged() -> None:
    source = Image.new("L", (101, 9), 255)
    source.paste(0, (0, 0, 101, 1))
    source.putpixel((50, 8), 0)
    _, image = print_on(384, [TicketRaster(Bitmap.from_image(source))])
    assert ink_columns(image) == (141, 241)
    assert np.array_equal(np.asarray(image)[:9, 141:242], np.asarray(source))


def test_the_printer_s_own_font_has_no_four_byte_characters() -> None:
    """The stand-in must fail as real ones do, or it would hide names that do not print."""
    interpreter = Interpreter(384, rom())
    steps = list(interpreter.feed("㐂".encode("gb18030") + b"\n"))
    assert isinstance(steps[0], Rows)
    drawn = steps[0].image.tobytes()
    assert drawn != next(iter(Interpreter(384, rom()).feed("喜".encode("gb18030") + b"\n"))).image.tobytes()  # type: ignore[union-attr]
    assert ink_columns(steps[0].image)[1] > 24, "four cells of rubbish, not one hanzi"


def test_a_missing_font_file_is_noticed_at_start() -> None:
    with pytest.raises(FileNotFoundError):
        TextRaster([FONTS / "no-such.ttf"], [FONTS / "NotoSansSC-Bold.ttf"])
