"""Ctrl+O: what is shown small is read large, and nothing else happens while it is."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from counter_app.corrections.ports import ErrandKind
from counter_app.enlarge.state import Leaf
from counter_app.enlarge.view import EnlargedView
from counter_app.enlarge.view_sheets import Sheets, SheetScroll
from counter_app.keys import Action
from counter_app.outcome.presenter import OutcomePresenter
from counter_app.sign_in.presenter import Stage
from counter_app.view_preview import OpenablePreview
from counter_app.view_window import Presenters
from counter_app.visit.state import Page
from tests.counter_app.bench import Bench, close, make_bench
from tests.counter_app.fakes import HeldRunner, png
from tests.counter_app.visit_steps import CASE_NO, RESULT, all_in_hand, serve, to_materials
from ui.page_preview import PagePreview

K = Qt.Key


@pytest.fixture
def shown(bench: Bench, qtbot: QtBot) -> Bench:
    window = bench.window
    sign_in = window.presenters.sign_in
    sign_in.press_sign_in("0012", "246810")
    sign_in.press_open()
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return bench


def at_draft(bench: Bench, qtbot: QtBot, reason: str = "请向昌吉市公安局申请") -> OutcomePresenter:
    """⑤ with the draft of 不予受理 beside it; a reason with 「两页」 makes two pages."""
    p = serve(bench)
    to_materials(p)
    p.slices.take_in.press_main()
    p.visit.act(Action.MAIN)
    outcome = p.slices.outcome
    outcome.select(2)
    outcome.edit_text(reason)
    qtbot.waitUntil(lambda: outcome.state.draft is not None and bool(outcome.state.draft.pages), timeout=3000)
    return outcome


def key(which: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    target = QApplication.focusWidget()
    assert target is not None
    QTest.keyClick(target, which, modifier)


def view(bench: Bench) -> EnlargedView:
    return bench.window.desk.enlarged


def sheets(bench: Bench) -> list[PagePreview]:
    return [sheet for sheet in view(bench).findChildren(PagePreview) if sheet.isVisible()]


def said(bench: Bench, name: str) -> str:
    (label,) = [w for w in view(bench).findChildren(QLabel) if w.accessibleName() == name]
    return label.text() if label.isVisible() else ""


def shoot(p: Presenters, pages: int) -> None:
    p.visit.act(Action.CAPTURE)
    for _ in range(pages):
        p.visit.act(Action.CAPTURE)


@pytest.mark.parametrize("size", [(1366, 768), (1093, 614), (1920, 1080)])
def test_a_draft_opens_wide_enough_to_read_and_esc_gives_the_keys_back(
    shown: Bench, qtbot: QtBot, size: tuple[int, int]
) -> None:
    shown.window.resize(*size)
    at_draft(shown, qtbot)
    shown.window.desk.take_in.outcome.text.setFocus()
    key(K.Key_O, Qt.KeyboardModifier.ControlModifier)
    QApplication.processEvents()
    (sheet,) = sheets(shown)
    assert sheet.picture_rect().width() == 900
    assert said(shown, "放大的文书说明") == "样张：还没有出具，没有文号"
    assert QApplication.focusWidget() is view(shown).area
    key(K.Key_Escape)
    assert view(shown).isHidden()
    assert QApplication.focusWidget() is shown.window.desk.take_in.outcome.text


def test_keys_scroll_and_turn_pages(shown: Bench, qtbot: QtBot) -> None:
    at_draft(shown, qtbot, "两页")
    shown.window.presenters.visit.act(Action.ENLARGE)
    bar = view(shown).area.verticalScrollBar()
    assert (bar.value(), said(shown, "放大的是第几页")) == (0, "第 1 页，共 2 页")
    key(K.Key_Down)
    line = bar.value()
    key(K.Key_PageDown)
    assert bar.value() > 5 * line > 0
    key(K.Key_PageUp)
    key(K.Key_Up)
    assert bar.value() == 0
    key(K.Key_Right)
    assert said(shown, "放大的是第几页") == "第 2 页，共 2 页"
    key(K.Key_Left)
    key(K.Key_End)
    assert bar.value() == bar.maximum()
    key(K.Key_Home)
    key(K.Key_Tab)
    assert (bar.value(), QApplication.focusWidget()) == (0, view(shown).area)


def test_it_opens_at_the_page_that_the_small_picture_shows(shown: Bench, qtbot: QtBot) -> None:
    at_draft(shown, qtbot, "两页")
    shown.window.desk.take_in.outcome.acts.sideways.emit(1)
    shown.window.presenters.visit.act(Action.ENLARGE)
    assert said(shown, "放大的是第几页") == "第 2 页，共 2 页"


@pytest.mark.parametrize("action", [Action.MAIN, Action.PRINT, Action.CALL_NEXT, Action.DONE, Action.FIND])
def test_no_key_prints_or_writes_what_lies_below(shown: Bench, qtbot: QtBot, action: Action) -> None:
    at_draft(shown, qtbot)
    p = shown.window.presenters
    p.visit.act(Action.ENLARGE)
    before = list(shown.hall.effects), list(shown.printer.asked), p.visit.state.page
    p.visit.act(action)
    assert (shown.hall.effects, shown.printer.asked, p.visit.state.page) == before
    assert not view(shown).isHidden()
    assert said(shown, "看大图的按键") == "正在看大图，这个键没有作用。先按 Esc 关闭，再按一次。"


def test_ctrl_o_again_and_a_click_beside_the_page_close_it(shown: Bench, qtbot: QtBot) -> None:
    at_draft(shown, qtbot)
    for close_it in (
        lambda: key(K.Key_O, Qt.KeyboardModifier.ControlModifier),
        lambda: QTest.mouseClick(view(shown), Qt.MouseButton.LeftButton, pos=QPoint(5, 300)),
    ):
        shown.window.presenters.visit.act(Action.ENLARGE)
        assert not view(shown).isHidden()
        close_it()
        assert view(shown).isHidden()


def test_a_click_on_the_small_picture_opens_it_and_beside_it_does_not(shown: Bench, qtbot: QtBot) -> None:
    at_draft(shown, qtbot)
    small = shown.window.desk.take_in.outcome.preview
    QTest.mouseClick(small, Qt.MouseButton.LeftButton, pos=QPoint(1, 1))
    assert view(shown).isHidden()
    QTest.mouseClick(small, Qt.MouseButton.LeftButton, pos=small.picture_rect().center().toPoint())
    assert not view(shown).isHidden()


def test_a_draft_is_followed_while_it_is_read_but_never_replaced_by_another_paper(
    shown: Bench, qtbot: QtBot
) -> None:
    outcome = at_draft(shown, qtbot)
    enlarge = shown.window.presenters.slices.enlarge
    shown.window.presenters.visit.act(Action.ENLARGE)
    outcome.edit_text("两页")
    assert said(shown, "放大的文书说明") == "样张：还没有出具，没有文号，正在更新"
    qtbot.waitUntil(lambda: len(enlarge.state.leaves) == 2, timeout=3000)
    outcome.select_paper(0)
    assert enlarge.state.subject is not None
    assert enlarge.state.subject.sample


def test_the_key_is_offered_only_where_there_is_something_to_read(shown: Bench, qtbot: QtBot) -> None:
    p = shown.window.presenters

    def offered() -> bool:
        return Action.ENLARGE in [hint.action for hint in p.visit.state.next_step.hints]

    serve(shown)
    to_materials(p)
    assert not offered()
    p.visit.act(Action.ENLARGE)
    assert view(shown).isHidden()
    shoot(p, 1)
    assert offered()
    p.visit.act(Action.BACK)
    assert (p.visit.state.page, offered()) == (Page.TAKE_IN, True)


def test_captured_pages_are_read_from_the_case_the_one_looked_at_first(shown: Bench) -> None:
    p = serve(shown)
    to_materials(p)
    shoot(p, 3)
    item = shown.window.desk.capture.strip.item(1)
    shown.window.desk.capture.strip.itemClicked.emit(item)
    assert p.slices.capture.state.page_at == 1
    assert shown.hall.asked == [("c1", "page-2"), ("c1", "page-1"), ("c1", "page-3")]
    assert said(shown, "放大的文书或材料") == "父亲身份证"
    assert said(shown, "放大的是第几页") == "第 2 页，共 3 页"
    shots = shown.camera.shots
    p.visit.act(Action.CAPTURE)
    assert shown.camera.shots == shots
    p.visit.act(Action.BACK)
    p.visit.act(Action.BACK)
    shown.hall.elsewhere = {"page-1"}
    (small,) = shown.window.desk.take_in.materials.findChildren(OpenablePreview)
    QTest.mouseClick(small, Qt.MouseButton.LeftButton, pos=small.picture_rect().center().toPoint())
    leaves = p.slices.enlarge.state.leaves
    assert [bool(leaf.picture) for leaf in leaves] == [False, True, True]
    assert leaves[0].told == "这一页的图像不在本机。"
    assert said(shown, "放大的是第几页") == "第 3 页，共 3 页"


def test_pages_of_an_errand_its_receipt_and_a_proof_of_service(shown: Bench) -> None:
    shown.hall.results_list = (RESULT,)
    p = shown.window.presenters
    p.visit.act(Action.CORRECTIONS)
    corrections = p.slices.corrections
    corrections.edit_code(CASE_NO)
    corrections.choose_kind(ErrandKind.CORRECTION)
    p.visit.act(Action.MAIN)
    p.visit.act(Action.MAIN)
    shoot(p, 1)
    p.visit.act(Action.ENLARGE)
    p.visit.act(Action.BACK)
    p.visit.act(Action.BACK)
    p.visit.act(Action.ENLARGE)
    assert [owner for owner, _ in shown.hall.asked] == [f"e-{CASE_NO}"] * 2
    p.visit.act(Action.BACK)
    p.visit.act(Action.MAIN)
    p.visit.act(Action.ENLARGE)
    assert said(shown, "放大的文书或材料") == "补正材料收件凭证"
    p.visit.act(Action.BACK)
    p.visit.act(Action.DELIVERY)
    p.visit.act(Action.MAIN)
    all_in_hand(p)
    p.visit.act(Action.READ_CARD)
    for _ in range(3):
        p.visit.act(Action.MAIN)
    p.visit.act(Action.ENLARGE)
    assert said(shown, "放大的文书或材料") == "送达回证"
    assert len(sheets(shown)) == 1


def test_a_lock_and_a_scan_close_it(shown: Bench, qtbot: QtBot) -> None:
    at_draft(shown, qtbot)
    p = shown.window.presenters
    p.visit.act(Action.ENLARGE)
    p.visit.act(Action.LOCK)
    assert p.sign_in.state.stage is Stage.LOCKED
    assert p.slices.enlarge.state.subject is None
    p.sign_in.press_unlock("246810")
    p.visit.act(Action.ENLARGE)
    p.visit.scanned(CASE_NO)
    assert p.slices.enlarge.state.subject is None
    assert p.visit.state.page is Page.CORRECTIONS


@pytest.fixture
def held(bench: Bench) -> Iterator[tuple[Bench, HeldRunner]]:
    """A second window whose desk answers when it is let to; two pages are captured."""
    p = serve(bench)
    to_materials(p)
    shoot(p, 2)
    runner = HeldRunner()
    again = make_bench(runner, hall=bench.hall)
    sign_in = again.window.presenters.sign_in
    sign_in.press_sign_in("0012", "246810")
    runner.run()
    sign_in.press_open()
    runner.run()
    yield again, runner
    close(again)


def test_nothing_is_read_on_the_gui_thread_and_a_closed_view_asks_no_more(
    held: tuple[Bench, HeldRunner],
) -> None:
    bench, runner = held
    bench.hall.asked.clear()
    p = bench.window.presenters
    p.visit.act(Action.ENLARGE)
    assert bench.hall.asked == []
    assert [leaf.told for leaf in p.slices.enlarge.state.leaves] == ["正在打开这一页"] * 2
    runner.jobs.pop(0)()
    assert bench.hall.asked == [("c1", "page-2")]
    p.visit.act(Action.BACK)
    runner.run()
    assert bench.hall.asked == [("c1", "page-2"), ("c1", "page-1")]
    assert p.slices.enlarge.state.leaves == ()


def test_pages_are_decoded_when_they_are_seen(qtbot: QtBot) -> None:

    column = Sheets(QColor("#B3261E"))
    area = SheetScroll(column)
    qtbot.addWidget(area)
    area.resize(940, 600)
    area.show()
    qtbot.waitExposed(area)
    column.show_leaves(tuple(Leaf(png(90, 127 + n)) for n in range(20)), "")
    QApplication.processEvents()
    seen = [not sheet.picture_rect().isEmpty() for sheet in column.findChildren(PagePreview)]
    assert seen == [True] + [False] * 19
