"""The home page's tiles, and the ways out of a page: which buttons there are, and how much room things take."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QAbstractButton

from kiosk_app.shell.presenter import Page
from kiosk_app.view_paging import PagedTiles
from tests.kiosk_app.building import Kiosk
from ui.buttons import TileButton

SIZES = ((1080, 1920), (1920, 1080), (1024, 768))


def page_of(kiosk: Kiosk) -> Page:
    return kiosk.window.shell.state.page


def test_ending_with_a_number_says_that_it_stays_good(kiosk: Kiosk) -> None:
    kiosk.press("取号办事")
    kiosk.press("迁户口")
    kiosk.press("取号")
    for gone in ("结束并清除", "返回"):
        with pytest.raises(AssertionError, match=f"{gone}: 0 of"):
            kiosk.press(gone)
    done = next(b for b in kiosk.window.findChildren(QAbstractButton) if b.accessibleName() == "完成")
    assert done.text() == "完成（号码保留）"
    kiosk.press("完成")
    assert page_of(kiosk) is Page.HOME


def test_the_home_page_offers_to_clear_only_what_somebody_has_left(kiosk: Kiosk) -> None:
    with pytest.raises(AssertionError, match="结束并清除: 0 of"):
        kiosk.press("结束并清除")
    kiosk.press("字号")
    kiosk.press("结束并清除")
    assert not kiosk.window.shell.state.elders


def test_a_person_with_corrected_papers_has_a_way_in(kiosk: Kiosk) -> None:
    kiosk.press("交补正材料")
    assert kiosk.text("要带什么标题") == "交补正材料"
    kiosk.press("需要优先办理")
    kiosk.press("优先：老年人")
    kiosk.press("取号")
    request = kiosk.hall.requests[0]
    assert (request.corrects, request.item_id, request.priority) == (True, "", "elder")
    assert kiosk.text("办理事项") == "交补正材料"
    kiosk.press("完成")
    assert not kiosk.window.take.state.corrects


def test_most_peoples_tile_stands_over_the_whole_width(make_kiosk: Callable[..., Kiosk]) -> None:
    for size in SIZES:
        kiosk = make_kiosk(*size)
        paged = next(p for p in kiosk.window.findChildren(PagedTiles) if p.isVisible())
        lead, *others = paged.tiles()
        assert lead.accessibleName() == "取号办事"
        assert lead.width() == paged.width()
        assert len(others) == 6
        assert all(t.isVisible() and t.width() < paged.width() // 2 for t in others)
        kiosk.press("位置")
        assert all(t.isVisible() for t in others), (
            "within reach of a wheelchair all stand on one page as well"
        )
        assert all(isinstance(t, TileButton) and t.note() for t in others)
        assert kiosk.cut_labels() == []
        assert kiosk.outside() == []


def test_a_card_alone_is_as_high_as_what_it_says(kiosk: Kiosk) -> None:
    kiosk.hall.rows = kiosk.hall.rows[:1]
    kiosk.press("查进度")
    for character in "T017":
        kiosk.press(f"按键 {character}")
    kiosk.press("查进度继续")
    paged = next(p for p in kiosk.window.findChildren(PagedTiles) if p.isVisible())
    card = paged.tiles()[0]
    assert card.height() == max(card.heightForWidth(card.width()), 280)


def test_home_has_nowhere_to_go_back_to_and_leaves_no_hole(kiosk: Kiosk) -> None:
    def spot(name: str) -> tuple[int, int]:
        button = next(b for b in kiosk.window.findChildren(QAbstractButton) if b.accessibleName() == name)
        corner = button.mapTo(kiosk.window, button.rect().topLeft())
        return corner.x(), corner.y()

    with pytest.raises(AssertionError, match="返回: 0 of"):
        kiosk.press("返回")
    names = ("返回", "叫工作人员帮忙", "结束并清除")
    left = next(b for b in kiosk.window.findChildren(QAbstractButton) if b.accessibleName() == names[1])
    assert (
        left.x()
        == left.parentWidget().contentsRect().x() + left.parentWidget().layout().contentsMargins().left()
    )
    kiosk.press("查进度")
    before = [spot(name) for name in names]
    kiosk.press("返回")
    kiosk.press("取号办事")
    assert [spot(name) for name in names] == before
    kiosk.press("返回")
    assert page_of(kiosk) is Page.HOME
