import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageFilter

from devices.doc_camera.page import (
    GREY_LIMIT,
    FrameError,
    Request,
    decode,
    encode,
    make_page,
    text_angle,
    warp,
)
from devices.doc_camera.scene import Desk, PageContent, View, compose, render_sheet
from devices.doc_camera.values import CapturedPage, PageMode, PageWarning
from tests.devices.doc_camera.scenes import FONTS, PAGE, SMALL, bgr

BIG = View(1600, 1200, Desk.WOOD, rotation_deg=-6, keystone=0.06, shadow=0.45)


def opened(page: CapturedPage) -> Image.Image:
    image = Image.open(io.BytesIO(page.jpeg))
    image.load()
    assert image.size == (page.width_px, page.height_px)
    return image


@pytest.mark.parametrize("mode", list(PageMode))
def test_page_is_straight_white_and_small(mode: PageMode) -> None:
    page = make_page(bgr(compose(PAGE, BIG, FONTS)), Request(mode), "00")
    image = opened(page)
    assert image.mode == ("RGB" if mode is PageMode.COLOUR else "L")
    assert page.height_px / page.width_px == pytest.approx(297 / 210, abs=0.01)
    assert page.warnings == (PageWarning.LOW_RESOLUTION,)  # two megapixels are too few for A4, and it says so
    assert len(page.jpeg) <= GREY_LIMIT or mode is PageMode.COLOUR
    grey = np.asarray(image.convert("L"))
    assert np.median(grey) > 250
    rim = np.concatenate([grey[3], grey[-4], grey[:, 3], grey[:, -4]])
    assert (rim > 200).mean() > 0.97  # neither desk nor shadow at the rim


def test_text_lies_where_it_was_printed() -> None:
    page = opened(make_page(bgr(compose(PAGE, BIG, FONTS)), Request(), "00"))
    truth = render_sheet(PAGE, FONTS, 1000).convert("L")
    small = [
        np.asarray(
            image.resize((210, 297), Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(1.5)), float
        )
        for image in (page, truth)
    ]
    assert np.corrcoef(small[0].ravel(), small[1].ravel())[0, 1] > 0.9


def test_red_seal_stays_red() -> None:
    page = opened(make_page(bgr(compose(PAGE, BIG, FONTS)), Request(PageMode.COLOUR), "00"))
    pixels = np.asarray(page).astype(int)
    red = (pixels[..., 0] > 150) & (pixels[..., 1] < 110) & (pixels[..., 2] < 110)
    assert red.sum() > 500


@pytest.mark.parametrize("mode", list(PageMode))
def test_dark_photograph_on_the_sheet_is_not_taken_for_shadow(mode: PageMode) -> None:
    frame = bgr(compose(PageContent(), replace(BIG, desk=Desk.DARK, rotation_deg=0, keystone=0), FONTS))
    frame[500:700, 700:900] = 60
    page = np.asarray(opened(make_page(frame, Request(mode), "00")))
    block = page[
        page.shape[0] // 2 - 20 : page.shape[0] // 2 + 20, page.shape[1] // 2 - 20 : page.shape[1] // 2 + 20
    ]
    assert block.max() < 150


@pytest.mark.parametrize("turns", [0, 1, 2, 3, 4, -1])
def test_quarter_turns(turns: int) -> None:
    page = make_page(bgr(compose(PAGE, SMALL, FONTS)), Request(quarter_turns=turns), "00")
    assert (page.width_px > page.height_px) == bool(turns % 2)
    top = np.asarray(opened(page).convert("L")).astype(float)
    rows = 255 - np.rot90(top, turns % 4).mean(axis=1)
    assert rows[: len(rows) // 3].sum() > rows[-len(rows) // 3 :].sum()  # the title side is up again


@pytest.mark.parametrize(
    ("content", "view", "warning"),
    [
        (PageContent(), BIG, PageWarning.BLANK),
        (PAGE, replace(BIG, blur_px=4), PageWarning.BLURRED),
        (None, BIG, PageWarning.NO_PAGE),
        (PAGE, SMALL, PageWarning.LOW_RESOLUTION),
    ],
)
def test_warnings(content: PageContent | None, view: View, warning: PageWarning) -> None:
    page = make_page(bgr(compose(content, view, FONTS)), Request(), "00")
    assert warning in page.warnings
    assert warning.hint
    opened(page)


def test_one_short_line_is_not_blank_and_sharp_is_not_blurred() -> None:
    page = make_page(bgr(compose(PageContent("收据"), BIG, FONTS)), Request(), "00")
    assert not {PageWarning.BLANK, PageWarning.BLURRED} & set(page.warnings)


def test_sheet_over_the_rim_is_told() -> None:
    frame = bgr(compose(PAGE, replace(BIG, desk=Desk.DARK, rotation_deg=0), FONTS))[:, :900]
    assert PageWarning.CUT_OFF in make_page(np.ascontiguousarray(frame), Request(), "00").warnings


def test_corners_set_by_a_person_are_obeyed() -> None:
    page = make_page(
        bgr(compose(PAGE, SMALL, FONTS)), Request(corners=((0, 0), (99, 0), (99, 49), (0, 49))), "00"
    )
    assert page.width_px / page.height_px == pytest.approx(2, abs=0.1)


@pytest.mark.parametrize(
    "corners",
    [
        ((0, 0), (0, 0), (0, 0), (0, 0)),
        ((0, 0), (100, 100), (100, 0), (0, 100)),
        ((0, 0), (float("nan"), 0), (99, 99), (0, 99)),
        ((0, 0), (1e9, 0), (1e9, 1e9), (0, 1e9)),
    ],
)
def test_corners_that_make_no_sheet_are_refused(corners: object) -> None:
    with pytest.raises(ValueError, match="corners"):
        Request(corners=corners)  # type: ignore[arg-type]


def test_id_card_shape_is_told_by_its_size() -> None:
    frame = np.zeros((1944, 2592, 3), np.uint8)
    _, dpi = warp(frame, ((100, 100), (1010, 100), (1010, 674), (100, 674)), 600)
    assert dpi == pytest.approx(910 / (85.6 / 25.4), abs=3)


@pytest.mark.parametrize("angle", [-7.0, -2.4, 0.0, 5.0])
def test_lines_of_text_tell_the_angle(angle: float) -> None:
    sheet = (
        render_sheet(PAGE, FONTS, 800)
        .convert("L")
        .rotate(-angle, fillcolor=250, resample=Image.Resampling.BILINEAR)
    )
    assert text_angle(np.asarray(sheet)) == pytest.approx(angle, abs=0.41)


def test_limit_holds_for_the_densest_page() -> None:
    noise = np.random.default_rng(2).integers(0, 256, (1200, 900), np.uint8)
    data, (width, height) = encode(noise, 60_000)
    assert len(data) <= 60_000
    assert Image.open(io.BytesIO(data)).size == (width, height)


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff\xd9", b"GIF89a", bytes(1000)])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(FrameError):
        decode(data, colour=True)
