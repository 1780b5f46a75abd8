"""Captured pages bound under a watermark."""

import io
from dataclasses import replace

import pikepdf
import pytest
from PIL import Image, ImageDraw

from hall.papers.press import PaperPress
from hall.papers.preview import Previewer, PreviewFailed
from hall.papers.scans import MaterialsFile, PageState, PageUnreadable, ScannedPage
from hall.papers.wording import WATERMARK
from tests.hall.papers.reading import page_texts, pdfa_verdict, picture
from tests.hall.papers.samples import CASE_NO, DAY, LONG_NAME, ORGAN


def jpeg(mode: str = "RGB", orientation: int = 1) -> bytes:
    """A page whose upper left corner, before any turning, is dark."""
    image = Image.new(mode, (600, 900), (255,) * len(mode) if mode != "L" else 255)
    ImageDraw.Draw(image).rectangle((0, 0, 200, 200), fill=(200, 0, 0) if mode == "RGB" else 0)
    exif = Image.Exif()
    exif[0x0112] = orientation
    target = io.BytesIO()
    image.save(target, "JPEG", exif=exif)
    return target.getvalue()


def materials(*pages: bytes, state: PageState = PageState.COMPARED) -> MaterialsFile:
    scanned = tuple(ScannedPage(page, "营业执照", state, "李某，2026年11月22日") for page in pages)
    return MaterialsFile(ORGAN, "申请材料", CASE_NO, DAY, LONG_NAME, "食品经营许可", scanned)


def test_originals_lie_in_the_file_byte_for_byte(press: PaperPress) -> None:
    pages = (jpeg(), jpeg("L"))
    with pikepdf.open(io.BytesIO(press.materials(materials(*pages)))) as opened:
        inside = [page.Resources.XObject.Im.read_raw_bytes() for page in opened.pages]
    assert inside == list(pages)


def test_every_page_carries_the_watermark_and_its_count(press: PaperPress) -> None:
    file = materials(jpeg(), jpeg())
    pdf = press.materials(file)
    for number, text in enumerate(page_texts(pdf), start=1):
        assert WATERMARK in text
        assert f"第{number}页共2页" in text
        for word in (CASE_NO, LONG_NAME, "食品经营许可", "材料：营业执照", "核对：李某，2026年11月22日"):
            assert word in text
    assert pdfa_verdict(pdf) == "pass"
    assert press.materials(file) == pdf


@pytest.mark.parametrize("state", [PageState.UNCOMPARED, PageState.REPLACED])
def test_a_page_that_was_not_compared_does_not_say_so(state: PageState, press: PaperPress) -> None:
    (text,) = page_texts(press.materials(materials(jpeg(), state=state)))
    assert state.value in text
    assert "核对无误" not in text


@pytest.mark.parametrize(
    ("orientation", "corner"),
    [(1, "ul"), (2, "ur"), (3, "lr"), (4, "ll"), (5, "ul"), (6, "ur"), (7, "lr"), (8, "ll")],
)
def test_a_page_stands_as_the_camera_meant_it(orientation: int, corner: str, press: PaperPress) -> None:
    seen = picture(press.materials(materials(jpeg(orientation=orientation))), scale=1.0)
    assert (seen.width > seen.height) == (orientation >= 5)
    x = 40 if corner[1] == "l" else seen.width - 40
    y = 40 if corner[0] == "u" else seen.height - 40
    assert seen.getpixel((x, y))[0] > 150  # type: ignore[index]
    assert seen.getpixel((x, y))[1] < 80  # type: ignore[index]


@pytest.mark.parametrize("bad", [b"", b"not a picture", jpeg()[:2000]], ids=["empty", "text", "torn"])
def test_a_page_that_is_no_whole_jpeg_is_named(bad: bytes, press: PaperPress) -> None:
    with pytest.raises(PageUnreadable) as caught:
        press.materials(materials(jpeg(), bad))
    assert caught.value.number == 2


def test_a_page_in_printing_colours_is_refused(press: PaperPress) -> None:
    target = io.BytesIO()
    Image.new("CMYK", (10, 10)).save(target, "JPEG")
    with pytest.raises(PageUnreadable):
        press.materials(materials(target.getvalue()))


def test_a_picture_that_would_fill_the_memory_is_refused(press: PaperPress) -> None:
    target = io.BytesIO()
    Image.new("L", (11_000, 11_000)).save(target, "JPEG")
    with pytest.raises(PageUnreadable):
        press.materials(materials(target.getvalue()))


def test_a_long_title_is_whole(press: PaperPress) -> None:
    title = "租赁合同及其全部附件" * 20
    assert title in page_texts(press.materials(replace(materials(jpeg()), title=title)))[0]


def test_a_preview_is_as_wide_as_asked(press: PaperPress) -> None:
    previewer = Previewer()
    pdf = press.materials(materials(jpeg(), jpeg()))
    assert previewer.page_count(pdf) == 2
    with Image.open(io.BytesIO(previewer.png(pdf, 1, 320))) as shown:
        assert shown.width == 320
        assert shown.height == pytest.approx(320 * 2**0.5, abs=2)


def test_a_preview_of_nothing_is_refused(press: PaperPress) -> None:
    with pytest.raises(PreviewFailed):
        Previewer().page_count(b"%PDF-1.7 broken")
    with pytest.raises(PreviewFailed):
        Previewer().png(press.materials(materials(jpeg())), 1, 320)
