from dataclasses import replace

import numpy as np
import pytest

from devices.doc_camera.find import find_page, touches_border
from devices.doc_camera.scene import Desk, PageContent, View, compose
from tests.devices.doc_camera.scenes import FONTS, PAGE, SMALL, bgr, overlap

# rotation, keystone, shadow, fill
POSES = [(-18.0, 0.02, 0.1, 0.9), (4.0, 0.15, 0.45, 0.8), (11.0, 0.08, 0.3, 0.6), (90.0, 0.05, 0.5, 0.9)]


def test_sheets_are_found_to_the_pixel_on_every_desk() -> None:
    """16 desks: dark, light, wood and white on white, turned, with keystone and a hard shadow."""
    scores = {}
    for desk in Desk:
        for seed, (rotation, keystone, shadow, fill) in enumerate(POSES):
            view = View(640, 480, desk, rotation, keystone, fill, shadow, seed=seed)
            scene = compose(PAGE, view, FONTS)
            found = find_page(bgr(scene))
            assert scene.corners is not None
            scores[desk, seed] = overlap(found.corners, scene.corners) if found else 0.0
    assert min(scores.values()) > 0.95, scores
    assert sum(scores.values()) / len(scores) >= 0.97, scores


@pytest.mark.parametrize("desk", list(Desk))
def test_empty_desk_has_no_sheet(desk: Desk) -> None:
    assert find_page(bgr(compose(None, replace(SMALL, desk=desk, shadow=0.4), FONTS))) is None


@pytest.mark.parametrize("desk", list(Desk))
def test_blank_sheet_is_found(desk: Desk) -> None:
    scene = compose(PageContent(), replace(SMALL, desk=desk), FONTS)
    found = find_page(bgr(scene))
    assert found is not None
    assert scene.corners is not None
    assert overlap(found.corners, scene.corners) > 0.97


def test_corners_run_clockwise_from_the_top_left() -> None:
    scene = compose(PAGE, SMALL, FONTS)
    found = find_page(bgr(scene))
    assert found is not None
    assert scene.corners is not None
    for mine, true in zip(found.corners, scene.corners, strict=True):
        assert np.hypot(mine[0] - true[0], mine[1] - true[1]) < 3
    assert 0.5 < found.confidence <= 1


def test_grey_picture_will_do() -> None:
    scene = compose(PAGE, SMALL, FONTS)
    found = find_page(np.asarray(scene.image.convert("L")))
    assert found is not None
    assert scene.corners is not None
    assert overlap(found.corners, scene.corners) > 0.97


def test_card_sized_sheet_is_found() -> None:
    scene = compose(PageContent(), replace(SMALL, fill=0.25), FONTS)
    found = find_page(bgr(scene))
    assert found is not None
    assert scene.corners is not None
    assert overlap(found.corners, scene.corners) > 0.93


def test_sheet_that_leaves_the_picture_is_told() -> None:
    scene = compose(PAGE, replace(SMALL, desk=Desk.DARK, rotation_deg=0), FONTS)
    cut = bgr(scene)[:, :460]
    found = find_page(cut)
    assert found is not None
    assert touches_border(found.corners, cut.shape[1], cut.shape[0])


@pytest.mark.parametrize("shape", [(1, 1), (3, 400), (40, 40, 3), (480, 640, 3)])
@pytest.mark.parametrize("fill", ["black", "white", "noise"])
def test_any_picture_gives_an_answer(shape: tuple[int, ...], fill: str) -> None:
    noise = np.random.default_rng(1).integers(0, 256, shape, np.uint8)
    image = {"black": np.zeros(shape, np.uint8), "white": np.full(shape, 255, np.uint8), "noise": noise}[fill]
    assert find_page(image) is None
