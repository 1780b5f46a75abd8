"""The hall is slow; the clerk is not. Nothing typed meanwhile is lost and the focus stays."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from counter_app.take_in.ports import ApplicantForm, MaterialState, OriginalPlace
from counter_app.take_in.state import Step
from tests.counter_app.bench import Bench, make_bench
from tests.counter_app.fakes import HeldRunner
from tests.counter_app.visit_steps import ID

K = Qt.Key


@pytest.fixture
def runner() -> HeldRunner:
    return HeldRunner()


@pytest.fixture
def slow(runner: HeldRunner, qtbot: QtBot) -> Iterator[Bench]:
    bench = make_bench(runner)
    window = bench.window
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    bench.hall.add_ticket("A018")
    p = window.presenters
    p.sign_in.press_sign_in("0012", "246810")
    runner.run()
    p.sign_in.press_open()
    runner.run()
    yield bench
    window.close()
    for each in (window, window.citizen):
        if each is not None:
            each.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def press(bench: Bench, *what: Qt.Key | str) -> None:
    for each in what:
        target = QApplication.focusWidget() or bench.window
        if isinstance(each, str):
            QTest.keyClicks(target, each)
        else:
            QTest.keyClick(target, each)


def focused_line() -> QLineEdit:
    line = QApplication.focusWidget()
    assert isinstance(line, QLineEdit)
    return line


def test_call_start_and_the_item_typed_before_any_answer(slow: Bench, runner: HeldRunner) -> None:
    press(slow, K.Key_F2, K.Key_F2, K.Key_F5)
    assert slow.window.presenters.slices.queue.state.busy == "正在呼叫"
    runner.run()
    press(slow, "gtg")
    runner.run()
    assert slow.hall.effects == [("call", "A018"), ("start", "A018")]
    assert focused_line().text() == "gtg"
    items = slow.window.presenters.slices.take_in.state.items
    assert [item.name for item in items] == ["个体工商户设立登记"]


def test_a_name_typed_while_the_case_is_being_opened_stays_with_its_cursor(
    slow: Bench, runner: HeldRunner
) -> None:
    press(slow, K.Key_F2, K.Key_F5)
    runner.run()
    press(slow, "gtg")
    runner.run()
    press(slow, K.Key_Return)
    press(slow, "Zhang")
    before = focused_line()
    assert before.accessibleName() == "申请人姓名"
    runner.run()
    assert slow.hall.cases
    assert focused_line() is before
    press(slow, " Min")
    assert before.text() == "Zhang Min"


def test_what_is_changed_while_the_applicant_is_saved_is_kept(slow: Bench, runner: HeldRunner) -> None:
    press(slow, K.Key_F2, K.Key_F5)
    runner.run()
    press(slow, "gtg")
    runner.run()
    press(slow, K.Key_Return)
    runner.run()
    press(slow, "Zhang", K.Key_Return, "652301199003071020", K.Key_Return, "13800001234", K.Key_F9)
    press(slow, "5")
    runner.run()
    state = slow.window.presenters.slices.take_in.state
    assert state.applicant.phone == "138000012345"
    assert slow.hall.cases["c1"].applicant.phone == "13800001234"


def test_kept_and_right_pressed_in_one_go(slow: Bench, runner: HeldRunner) -> None:
    press(slow, K.Key_F2)
    runner.run()
    press(slow, K.Key_F5)
    runner.run()
    press(slow, "gtg")
    runner.run()
    press(slow, K.Key_Return)
    runner.run()
    p = slow.window.presenters
    p.slices.take_in.edit_applicant(ApplicantForm(name="张敏", cert_no=ID, phone="13800001234"))
    press(slow, K.Key_F9)
    runner.run()
    assert p.slices.take_in.state.step is Step.MATERIALS
    press(slow, "k", K.Key_Space)
    runner.run()
    only = p.slices.materials.state.materials[0]
    assert (only.state, only.original_place) == (MaterialState.CHECKED_OK, OriginalPlace.KEPT)
