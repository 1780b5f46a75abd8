"""Keys go to the line or the question that lies over a page, and to the page as soon as it is gone."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from counter_app.keys import Action
from counter_app.view_parts import ChoicePanel
from counter_app.visit.state import Page
from tests.counter_app.bench import Bench, make_bench
from tests.counter_app.fakes import HeldRunner
from tests.counter_app.visit_steps import serve, to_materials

Restarted = tuple[Bench, HeldRunner]


@pytest.fixture
def restarted(bench: Bench, qtbot: QtBot) -> Iterator[Restarted]:
    """A window started again while it serves a citizen whose draft has its list; the cases are not read yet."""
    to_materials(serve(bench))
    runner = HeldRunner()
    again = make_bench(runner, hall=bench.hall)
    window = again.window
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    p = window.presenters
    p.sign_in.press_sign_in("0012", "246810")
    runner.run()
    p.sign_in.press_open()
    while p.visit.ticket_id() is None:
        runner.jobs.pop(0)()
    yield again, runner
    window.close()
    for top in (window, window.citizen):
        if top is not None:
            top.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def key(key: Qt.Key) -> None:
    target = QApplication.focusWidget()
    assert target is not None
    QTest.keyClick(target, key)


def let_run() -> None:
    QTest.qWait(20)


def test_the_find_line_keeps_the_keys_while_the_case_arrives(restarted: Restarted) -> None:
    bench, runner = restarted
    desk = bench.window.desk
    bench.window.presenters.visit.act(Action.FIND)
    assert QApplication.focusWidget() is desk.find_line.line
    runner.run()
    let_run()
    assert bench.window.presenters.visit.state.page is Page.TAKE_IN
    assert QApplication.focusWidget() is desk.find_line.line
    key(Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is desk.take_in.materials.rows


@pytest.mark.parametrize("arrives", ["before", "while"])
def test_space_checks_the_first_material_after_the_line_is_closed(restarted: Restarted, arrives: str) -> None:
    bench, runner = restarted
    p, desk = bench.window.presenters, bench.window.desk
    if arrives == "before":
        runner.run()
    p.visit.act(Action.FIND)
    runner.run()
    let_run()
    p.slices.find.edit_text(next(iter(bench.hall.cases.values())).case_no)
    runner.run()
    key(Qt.Key.Key_Return)
    runner.run()
    let_run()
    assert QApplication.focusWidget() is desk.take_in.materials.rows
    key(Qt.Key.Key_Home)
    key(Qt.Key.Key_K)
    runner.run()
    key(Qt.Key.Key_Space)
    runner.run()
    assert p.slices.materials.state.at == 1


@pytest.mark.parametrize("page", [Page.HOME, Page.TAKE_IN])
def test_a_page_hidden_under_the_line_does_not_get_the_keys_back(restarted: Restarted, page: Page) -> None:
    bench, runner = restarted
    desk = bench.window.desk
    if page is Page.TAKE_IN:
        runner.run()
    bench.window.presenters.visit.act(Action.FIND)
    desk.home.hide()
    desk.take_in.hide()
    asked: list[None] = []
    desk.find_line.focus_loan.orphaned.connect(lambda: asked.append(None))
    bench.window.presenters.visit.act(Action.BACK)
    assert asked


def test_the_question_at_the_end_keeps_its_digits(restarted: Restarted) -> None:
    bench, runner = restarted
    runner.run()
    p, desk = bench.window.presenters, bench.window.desk
    p.visit.act(Action.DONE)
    runner.run()
    assert p.slices.queue.state.choice is not None
    asked = QApplication.focusWidget()
    desk.focus_page()
    let_run()
    assert QApplication.focusWidget() is asked
    key(Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is desk.take_in.materials.rows


@pytest.mark.parametrize("order", [(Action.FIND, Action.DONE), (Action.DONE, Action.FIND)])
def test_two_at_once_do_not_fight_for_the_keys(restarted: Restarted, order: tuple[Action, Action]) -> None:
    bench, runner = restarted
    runner.run()
    p, desk = bench.window.presenters, bench.window.desk
    changes: list[None] = []
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    app.focusChanged.connect(lambda _old, _new: changes.append(None))
    for action in order:
        p.visit.act(action)
        runner.run()
    QTest.qWait(100)
    assert len(changes) < 10
    newest = desk.find_line.line if order[1] is Action.FIND else desk.queue.findChild(ChoicePanel).rows
    assert QApplication.focusWidget() is newest
    key(Qt.Key.Key_Escape)
    if order[1] is Action.FIND:
        key(Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is desk.take_in.materials.rows


@pytest.mark.parametrize("over", [Action.FIND, Action.DONE, None])
def test_the_lock_that_falls_on_an_open_line_or_question_gets_the_pin(
    restarted: Restarted, over: Action | None
) -> None:
    bench, runner = restarted
    runner.run()
    p, desk = bench.window.presenters, bench.window.desk
    if over is not None:
        p.visit.act(over)
        runner.run()
    asked = QApplication.focusWidget()
    # nobody has touched the PC for five minutes
    p.sign_in.press_lock()
    runner.run()
    desk.focus_page()
    let_run()
    pin = QApplication.focusWidget()
    assert pin is not None
    assert pin.accessibleName() == "解锁 PIN"
    p.sign_in.press_unlock("246810")
    runner.run()
    let_run()
    assert not p.slices.find.state.open, "whom was looked for is not shown to who comes back"
    assert QApplication.focusWidget() is (asked if over is Action.DONE else desk.take_in.materials.rows)
