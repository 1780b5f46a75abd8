"""Captured pages bound under a watermark."""

import io
import re
import subprocess
from dataclasses import replace

import pikepdf
import pytest
from PIL import Image, ImageDraw

from hall.papers.press import PaperPress
from hall.papers.preview import Previewer, PreviewFailed
from hall.papers.scans import MaterialsFile, PageState, PageUnreadable, ScannedPage
from hall.papers.wording import WATERMARK, chinese_date
from tests.hall.papers.reading import page_texts, pdfa_verdict, picture, squeezed
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


def test_the_page_number_stands_whole_at_the_right_however_long_the_rest(press: PaperPress) -> None:
    long = materials(jpeg())
    pages = tuple(
        replace(p, material="公众聚集场所投入使用、营业前消防安全检查申报表" * 2) for p in long.pages
    )
    pdf = press.materials(replace(long, pages=pages))
    laid = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True)
    words = re.findall(r'xMax="([\d.]+)" yMax="([\d.]+)">([^<]+)<', laid.stdout.decode())
    right, foot, _ = [w for w in words if w[2].endswith("页")][-1]
    assert float(right) == pytest.approx(595.28 - 10 * 72 / 25.4, abs=0.5)
    assert "".join(w for _, y, w in words if y == foot).endswith("第1页共1页")


def test_the_last_page_names_what_has_no_scan(press: PaperPress) -> None:
    file = replace(
        materials(jpeg(), jpeg()),
        unscanned=("承诺书（原件留97号窗口，未拍摄）", "营业执照（电子证照，没有纸质原件）"),
    )
    first, last = page_texts(press.materials(file))
    assert "以下材料无扫描件：承诺书（原件留97号窗口，未拍摄）；营业执照（电子证照，没有纸质原件）。" in last
    assert "无扫描件" not in first


def test_a_page_of_a_correction_says_its_day(press: PaperPress) -> None:
    file = materials(jpeg(), jpeg())
    first, second = file.pages
    pages = (first, replace(second, corrected=DAY))
    plain, after = page_texts(press.materials(replace(file, pages=pages)))
    assert f"材料：营业执照（补正后{squeezed(chinese_date(DAY))}）" in after
    assert "补正后" not in plain


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
