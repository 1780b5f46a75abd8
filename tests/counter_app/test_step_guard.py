"""The press that opened a step never passes it: real keys on the shown window, a clock moved by hand."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from counter_app.keys import Action
from counter_app.take_in.ports import CaseStage, Source
from counter_app.take_in.state import Step
from counter_app.values import CaseId
from counter_app.visit.state import Page
from counter_app.visit.step_guard import LEAST_S, StepGuard
from tests.counter_app.bench import Bench, make_bench
from tests.counter_app.fakes import Clock
from tests.counter_app.visit_steps import RESULT, check_all, serve, to_materials

K = Qt.Key


@pytest.fixture
def shown(qtbot: QtBot) -> Iterator[Bench]:
    bench = make_bench(look_s=LEAST_S)
    window = bench.window
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.presenters.sign_in.press_sign_in("0012", "246810")
    window.presenters.sign_in.press_open()
    yield bench
    window.close()
    for each in (window, window.citizen):
        if each is not None:
            each.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def seen(shown: Bench, qtbot: QtBot) -> Callable[[], None]:
    """Waits until the step that stands now has been painted."""
    visit = shown.window.presenters.visit

    def wait() -> None:
        with qtbot.waitSignal(shown.window.desk.next.painted):
            shown.window.desk.next.update()
        assert visit.state.page is not Page.HOME

    return wait


def press(bench: Bench, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(QApplication.focusWidget() or bench.window, key)


def at_materials(bench: Bench) -> None:
    p = serve(bench)
    to_materials(p)
    check_all(p)
    assert p.slices.take_in.state.step is Step.MATERIALS


def test_two_quick_f9_open_the_review_and_stop_there(shown: Bench, seen: Callable[[], None]) -> None:
    at_materials(shown)
    press(shown, K.Key_F9, K.Key_F9, K.Key_F9)
    p = shown.window.presenters
    assert p.slices.take_in.state.step is Step.REVIEW
    assert shown.hall.cases["c1"].stage is CaseStage.DRAFT
    assert p.visit.state.too_early
    seen()
    press(shown, K.Key_F9)
    assert shown.hall.cases["c1"].stage is CaseStage.DRAFT
    shown.clock.now += LEAST_S
    press(shown, K.Key_F9)
    assert shown.hall.cases["c1"].stage is CaseStage.RECEIVED
    assert not p.visit.state.too_early


def test_the_next_step_holds_the_same_key_back_again(shown: Bench, seen: Callable[[], None]) -> None:
    at_materials(shown)
    press(shown, K.Key_F9)
    for stage in (CaseStage.RECEIVED, CaseStage.ACCEPTED):
        seen()
        shown.clock.now += LEAST_S
        press(shown, K.Key_F9, K.Key_F9)
        assert shown.hall.cases["c1"].stage is stage
    press(shown, K.Key_F9, K.Key_F9)
    assert shown.window.presenters.visit.state.page is Page.DISPATCH
    assert shown.hall.offered == []
    seen()
    shown.clock.now += LEAST_S
    press(shown, K.Key_F9)
    assert shown.hall.cases["c1"].stage is CaseStage.DISPATCHED


def test_what_was_never_painted_was_never_seen(shown: Bench) -> None:
    at_materials(shown)
    press(shown, K.Key_F9)
    shown.clock.now += 60
    press(shown, K.Key_F9)
    assert shown.hall.cases["c1"].stage is CaseStage.DRAFT


def test_the_word_why_stays_while_the_case_changes_and_goes_with_the_next_key(shown: Bench) -> None:
    at_materials(shown)
    press(shown, K.Key_F9, K.Key_F9)
    p = shown.window.presenters
    shown.hall.cases["c1"] = replace(shown.hall.cases["c1"], stage=CaseStage.RECEIVED)
    p.visit.refresh_case(CaseId("c1"))
    assert p.visit.state.too_early, "a press without effect must not be without a word"
    press(shown, K.Key_F10)
    assert not p.visit.state.too_early


def test_another_key_is_not_held_back(shown: Bench) -> None:
    at_materials(shown)
    press(shown, K.Key_F9, K.Key_Return)
    assert shown.hall.cases["c1"].stage is CaseStage.RECEIVED


def test_two_quick_clicks_on_the_button_are_two_quick_f9(shown: Bench) -> None:
    at_materials(shown)
    for _ in range(2):
        shown.window.desk.next.acted.emit(Action.MAIN)
    assert shown.hall.cases["c1"].stage is CaseStage.DRAFT


def test_enter_that_found_a_command_does_not_answer_its_question(shown: Bench) -> None:
    serve(shown)
    p = shown.window.presenters
    QTest.keyClick(QApplication.focusWidget() or shown.window, K.Key_K, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(QApplication.focusWidget(), "jsbh")
    press(shown, K.Key_Return, K.Key_Return)
    assert p.slices.queue.state.choice is not None
    assert [e[0] for e in shown.hall.effects] == ["call", "start"]


def test_f12_and_enter_are_as_fast_as_the_hand(shown: Bench) -> None:
    serve(shown)
    press(shown, K.Key_F12, K.Key_Return)
    assert shown.hall.effects[-1][0] == "done"


def test_an_enter_of_before_does_not_hold_back_the_enter_of_now(shown: Bench) -> None:
    serve(shown)
    press(shown, K.Key_F12, K.Key_Return)
    shown.hall.add_ticket("A019")
    press(shown, K.Key_F2, K.Key_F4, K.Key_Return)
    assert [e[0] for e in shown.hall.effects] == ["call", "start", "done", "call", "miss"]


def test_a_result_is_not_handed_over_by_the_press_that_checked_the_person(
    shown: Bench, seen: Callable[[], None]
) -> None:
    shown.hall.results_list = (RESULT,)
    p = serve(shown)
    p.visit.act(Action.DELIVERY)
    press(shown, K.Key_F9, K.Key_Space, K.Key_Space, K.Key_F9)
    p.visit.act(Action.READ_CARD)
    assert p.slices.delivery.state.receiver.source is Source.CARD
    press(shown, K.Key_F9, K.Key_F9, K.Key_F9)
    assert (shown.printer.printed, shown.hall.handed) == ([], [])
    seen()
    shown.clock.now += LEAST_S
    press(shown, K.Key_F9, K.Key_F9)
    assert (shown.printer.printed, shown.hall.handed) == (["p-d1"], [])
    seen()
    shown.clock.now += LEAST_S
    press(shown, K.Key_F9)
    assert len(shown.hall.handed) == 1


def test_home_and_end_move_the_cursor_that_the_keys_act_on(shown: Bench) -> None:
    at_materials(shown)
    materials = shown.window.presenters.slices.materials
    shown.window.desk.take_in.materials.rows.setFocus()
    press(shown, K.Key_Home)
    assert materials.state.at == 0
    press(shown, K.Key_End)
    assert materials.state.at == len(materials.state.materials) - 1


@pytest.mark.parametrize("key", [K.Key_Return, K.Key_Space])
def test_a_key_held_down_confirms_once(shown: Bench, key: Qt.Key) -> None:
    at_materials(shown)
    p = shown.window.presenters
    p.slices.materials.select(0)
    for row in p.slices.materials.state.materials:
        p.slices.materials.select_material(row.material_id)
        p.slices.materials.press_defect()
        p.slices.materials.edit_defect("缺背面")
        p.slices.materials.press_save_defect()
    p.slices.materials.select(0)
    shown.window.desk.take_in.materials.rows.setFocus()
    handle = shown.window.windowHandle()
    assert handle is not None
    for repeats in (False, True, True, True):
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, " ", repeats)
        QCoreApplication.sendEvent(handle, event)
    states = [m.state.value for m in p.slices.materials.state.materials]
    assert states.count("CHECKED_OK") == 1


def test_the_guard_alone() -> None:
    clock = Clock()
    guard = StepGuard(clock=clock, least_s=0.6)
    assert guard.lets("main")
    guard.stand("review")
    guard.stand("review")
    assert not guard.lets("main")
    assert guard.lets("enter")
    guard.painted()
    clock.now += 0.59
    assert not guard.lets("main")
    guard.painted()
    clock.now += 0.02
    assert guard.lets("main")
    guard.stand(None)
    assert guard.lets("main")
