"""A hundred and more matters on the kiosk: found by the first letters of their pinyin."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QAbstractButton

from hall.reference import load_reference
from kiosk_app.backend.places import Places
from kiosk_app.letter_search import LetterSearch
from kiosk_app.view_choosers import MattersPage
from kiosk_app.view_paging import PagedTiles
from tests.kiosk_app.building import Kiosk
from tests.kiosk_app.test_kiosk_window import SIZES
from ui.resource_files import resource_path

CHANGJI = Places(load_reference(resource_path(), "changji")).matters()


def found(letters: str) -> list[str]:
    return [m.name for m in LetterSearch(letters).found(CHANGJI)]


def tiles(kiosk: Kiosk) -> list[str]:
    """Names of the tiles of the page that is up, those of later screens too."""
    (page,) = [p for p in kiosk.window.findChildren(MattersPage) if p.isVisible()]
    (paged,) = page.findChildren(PagedTiles)
    return [tile.property("row").name for tile in paged.tiles()]


def test_every_matter_and_package_of_a_hall_is_found_by_its_letters() -> None:
    assert len(CHANGJI) > 100
    for matter in CHANGJI:
        assert matter.initials
        assert matter.name in found(matter.initials.upper())


def test_what_begins_with_the_letters_stands_first() -> None:
    assert found("SPJY")[0].startswith("食品")
    assert found("ｓｐ jy") == found("SPJY"), "full-width letters and blanks of an input method"
    assert all(name.startswith("新生儿") for name in found("XSE")[:1])
    middle = found("BDC")
    assert middle[0].startswith("不动产")
    assert any(not name.startswith("不动产") for name in middle)
    assert found("QQQQ") == []
    assert found("") == [m.name for m in CHANGJI]


@pytest.mark.parametrize("way", ["取号办事", "办事指南"])
def test_letters_narrow_the_list_and_lead_on(kiosk: Kiosk, way: str) -> None:
    kiosk.hall.every = (*CHANGJI, *kiosk.hall.every)
    kiosk.press(way)
    kiosk.press("按事项找")
    kiosk.press("首字母查找")
    for letter in "BDC":
        kiosk.press(f"按键 {letter}")
    assert tiles(kiosk) == found("BDC")
    kiosk.press("退格")
    assert tiles(kiosk) == found("BD")
    kiosk.press("按键 Q")
    kiosk.press("按键 Q")
    assert tiles(kiosk) == []
    assert "退格" in kiosk.text("没有事项")
    kiosk.press("收起字母")
    assert len(tiles(kiosk)) == len(kiosk.hall.every), "put away with what was typed"
    kiosk.press("返回")
    kiosk.press("按事项找")
    assert not any(b.isVisible() and b.accessibleName() == "按键 A" for b in buttons(kiosk))


def test_a_short_list_is_read_and_a_wiped_screen_forgets_the_letters(kiosk: Kiosk) -> None:
    kiosk.press("取号办事")
    kiosk.press("按事项找")
    assert not any(b.isVisible() and b.accessibleName() == "首字母查找" for b in buttons(kiosk))
    kiosk.hall.every = CHANGJI
    kiosk.press("返回")
    kiosk.press("按事项找")
    kiosk.press("首字母查找")
    kiosk.press("按键 B")
    kiosk.press("结束并清除")
    assert kiosk.window.take.state.search == LetterSearch()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("mode", ["", "字号", "位置"])
def test_nothing_is_cut_while_letters_are_typed(
    make_kiosk: Callable[..., Kiosk], size: tuple[int, int], mode: str
) -> None:
    kiosk = make_kiosk(*size)
    kiosk.hall.every = CHANGJI
    if mode:
        kiosk.press(mode)
    for name in ("取号办事", "按事项找", "首字母查找", "按键 S"):
        kiosk.press(name)
        assert kiosk.window.size().toTuple() == size
        assert kiosk.cut_labels() == [], name
        assert kiosk.outside() == [], name


def buttons(kiosk: Kiosk) -> list[QAbstractButton]:
    return kiosk.window.findChildren(QAbstractButton)
