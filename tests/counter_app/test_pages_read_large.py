"""A captured page as the enlarged view asks for it: from its sealed file, as wide as can be read."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage

from counter_app.backend.correction_desk import Corrections
from counter_app.backend.pages import PageTray, StagedPage
from counter_app.values import ErrandId, MaterialId, PageId, Refused
from tests.counter_app.desk_rig import Rig, make_rig
from tests.counter_app.fakes import new_id
from tests.counter_app.package_steps import desk_of, opened
from tests.hall.builders import raws

WHITE = QColor("#FFFFFF")


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = make_rig(tmp_path)
    yield made
    made.close()


def jpeg(width: int, height: int) -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(WHITE)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def size_of(picture: bytes) -> tuple[int, int]:
    image = QImage.fromData(picture)
    return image.width(), image.height()


def staged(tray: PageTray, width: int, height: int) -> PageId:
    return PageId(tray.put(StagedPage(jpeg(width, height), width, height, 300, "camera-1")))


def test_a_page_of_a_package_is_narrowed_never_widened_and_nothing_is_written(rig: Rig) -> None:
    desk = desk_of(rig)
    view = opened(desk, home="local", live="rent")
    broad, narrow = staged(desk.tray, 2480, 3508), staged(desk.tray, 500, 300)
    for page in (broad, narrow):
        desk.attach_page(new_id(), view.case_id, view.materials[0].material_id, page)
    before = raws(rig.pc)
    assert size_of(desk.page_picture(view.case_id, broad, 900)) == (900, 1273)
    assert size_of(desk.page_picture(view.case_id, narrow, 900)) == (500, 300)
    assert raws(rig.pc) == before


def test_a_page_that_is_not_here_or_no_picture_is_told_in_words(rig: Rig) -> None:
    desk = desk_of(rig)
    view = opened(desk, home="local", live="rent")
    with pytest.raises(Refused, match="不在本机"):
        desk.page_picture(view.case_id, PageId("no-such-page"), 900)
    broken = PageId(desk.tray.put(StagedPage(b"no picture", 2480, 3508, 300, "camera-1")))
    desk.attach_page(new_id(), view.case_id, view.materials[0].material_id, broken)
    with pytest.raises(Refused, match="坏了"):
        desk.page_picture(view.case_id, broken, 900)
    for blob in (rig.bench.data / "blobs").rglob("*"):
        if blob.is_file():
            blob.unlink()
    with pytest.raises(Refused, match="不在本机"):
        desk.page_picture(view.case_id, broken, 900)


def test_a_page_of_an_errand(rig: Rig) -> None:
    desk = Corrections(rig.bench, PageTray(rig.bench.data / "tray", bytes(32)), rig.outcomes.prints)
    errand = ErrandId(rig.pc.errand(rig.pc.case(rig.pc.corrected()).case_no))
    page = staged(desk.tray, 1240, 1754)
    desk.attach_errand_page(new_id(), errand, MaterialId("other"), page)
    assert size_of(desk.errand_page_picture(errand, page, 900)) == (900, 1273)
