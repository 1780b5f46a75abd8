"""Keys only, as a clerk presses them: from the PIN to the next citizen, without a mouse."""

from collections import Counter
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from counter_app.citizen_screen.presenter import CitizenPage
from counter_app.citizen_screen.view import CitizenWindow
from counter_app.queue_panel.ports import TicketOutcome
from counter_app.sign_in.presenter import Stage
from counter_app.take_in.ports import CaseStage
from counter_app.take_in.state import Step
from counter_app.view_window import CounterWindow
from counter_app.visit.state import Page
from tests.counter_app.bench import Bench
from tests.counter_app.fakes import LONG_NAME, good_id
from ui.signature_pad import SignaturePad

ID = good_id("65230119900307102")
K = Qt.Key
SIZES = [(1093, 614), (1366, 768), (1920, 1080)]
Keys = Callable[..., None]


@pytest.fixture
def shown(bench: Bench, qtbot: QtBot) -> Bench:
    window = bench.window
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return bench


@pytest.fixture
def keys(shown: Bench) -> Keys:
    """Presses keys, types texts and commits hanzi as an input method does, wherever the focus is."""

    def press(*what: Qt.Key | str, ctrl: bool = False) -> None:
        modifier = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
        for each in what:
            target = QApplication.focusWidget() or shown.window
            if isinstance(each, str) and each.isascii():
                QTest.keyClicks(target, each)
            elif isinstance(each, str):
                commit = QInputMethodEvent()
                commit.setCommitString(each)
                QApplication.sendEvent(target, commit)
            else:
                QTest.keyClick(target, each, modifier)

    return press


def sign_in(keys: Keys) -> None:
    keys("0012", K.Key_Return, "246810", K.Key_Return, K.Key_Return)


def named(root: QWidget, name: str, kind: type[QWidget] = QWidget) -> QWidget:
    found = [w for w in root.findChildren(kind) if w.accessibleName() == name]
    assert len(found) == 1, f"{name}: {len(found)}"
    return found[0]


def test_from_pin_to_dispatch_and_done(shown: Bench, keys: Keys) -> None:
    hall, p = shown.hall, shown.window.presenters
    hall.add_ticket("A018")
    sign_in(keys)
    assert p.sign_in.state.stage is Stage.OPEN
    keys(K.Key_F2, K.Key_F5)
    assert p.visit.state.page is Page.TAKE_IN
    keys("xse", K.Key_Return)
    assert p.slices.take_in.state.step is Step.APPLICANT
    keys(LONG_NAME, K.Key_Return, ID, K.Key_Return, "13800001234", K.Key_F9)
    assert p.slices.take_in.state.step is Step.SCENARIO
    keys("1", "2", K.Key_F9)
    assert p.slices.take_in.state.step is Step.MATERIALS
    keys(K.Key_F8)
    assert p.visit.state.page is Page.CAPTURE
    keys(K.Key_F8, K.Key_Space, K.Key_Escape)
    keys(K.Key_Space, "x", "印章不清", K.Key_Return, "r", "m")
    states = [m.state.value for m in p.slices.materials.state.materials]
    assert states == ["CHECKED_OK", "DEFECTIVE", "TOLERATED", "WAIVED"]
    keys(K.Key_Up, K.Key_Up, K.Key_Up, K.Key_Up, K.Key_Down)
    keys("k", K.Key_Space, K.Key_F9, K.Key_F9)
    assert hall.cases["c1"].stage is CaseStage.RECEIVED
    keys(K.Key_F9)
    assert hall.cases["c1"].stage is CaseStage.ACCEPTED
    keys(K.Key_F9, K.Key_F9)
    assert hall.cases["c1"].stage is CaseStage.DISPATCHED
    keys(K.Key_F11)
    keys(K.Key_F12, K.Key_Return)
    assert hall.effects[-1] == ("done", "A018", TicketOutcome.ACCEPTED)
    assert p.visit.state.page is Page.HOME
    assert [len(m.pages) for m in hall.cases["c1"].materials] == [2, 0, 0, 0]


def test_the_list_never_eats_a_function_key_and_reasons_take_digits(shown: Bench, keys: Keys) -> None:
    for number in ("A018", "A019"):
        shown.hall.add_ticket(number)
    sign_in(keys)
    keys(K.Key_L, ctrl=True)
    keys(K.Key_F2, K.Key_F3, K.Key_F4, "2", K.Key_Return)
    assert [e[0] for e in shown.hall.effects] == ["call", "recall", "miss"]
    assert shown.hall.tickets["t-A018"].note == "本人要求稍后再办"


def test_find_opens_takes_initials_and_gives_the_focus_back(shown: Bench, keys: Keys) -> None:
    shown.hall.add_ticket("A018")
    sign_in(keys)
    before = QApplication.focusWidget()
    keys(K.Key_K, ctrl=True)
    keys("hjx", K.Key_Escape)
    assert QApplication.focusWidget() is before
    assert shown.hall.effects == []
    keys(K.Key_K, ctrl=True)
    keys("hjx", K.Key_Return)
    assert shown.hall.effects == [("call", "A018")]


def test_lock_covers_and_the_work_is_still_there(shown: Bench, keys: Keys) -> None:
    shown.hall.add_ticket("A018")
    sign_in(keys)
    keys(K.Key_F2, K.Key_F5, "xse", K.Key_Return, "张敏")
    keys(K.Key_Q, ctrl=True)
    assert not shown.window.desk.isVisible()
    citizen = shown.window.presenters.slices.citizen
    assert citizen.state.page is CitizenPage.WELCOME
    keys(K.Key_F12)
    keys("246810", K.Key_Return)
    assert citizen.state.page is CitizenPage.FILING
    assert shown.window.desk.isVisible()
    name = named(shown.window, "申请人姓名", QLineEdit)
    assert isinstance(name, QLineEdit)
    assert name.text() == "张敏"


def test_scanning_works_outside_of_fields(shown: Bench, keys: Keys) -> None:
    shown.hall.add_ticket("B00031")
    sign_in(keys)
    shown.window.desk.home.setFocus()
    handle = shown.window.windowHandle()
    assert handle is not None
    for character in "B00031":
        QTest.keyClick(handle, ord(character))
        shown.clock.now += 0.01
    QTest.keyClick(handle, K.Key_Return)
    assert shown.hall.effects == [("slip", "B00031")]


def test_slow_typing_is_no_scan(shown: Bench, keys: Keys) -> None:
    shown.hall.add_ticket("B00031")
    sign_in(keys)
    shown.window.desk.home.setFocus()
    handle = shown.window.windowHandle()
    assert handle is not None
    for character in "B00031":
        QTest.keyClick(handle, ord(character))
        shown.clock.now += 0.2
    QTest.keyClick(handle, K.Key_Return)
    assert shown.hall.effects == []


def test_citizen_screen_never_takes_the_focus(shown: Bench, keys: Keys, qtbot: QtBot) -> None:
    sign_in(keys)
    shown.window.show_citizen()
    citizen = shown.window.citizen
    assert isinstance(citizen, CitizenWindow)
    qtbot.waitExposed(citizen)
    assert shown.window.isActiveWindow()
    assert citizen.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    assert all(w.focusPolicy() is Qt.FocusPolicy.NoFocus for w in citizen.findChildren(QWidget))
    shown.hall.add_ticket("A018")
    keys(K.Key_F2, K.Key_F5, K.Key_F11)
    assert shown.window.presenters.slices.citizen.state.page is CitizenPage.RATE
    face = named(citizen, "满意", QAbstractButton)
    QTest.mouseClick(face, Qt.MouseButton.LeftButton)
    QTest.mouseClick(named(citizen, "提交评价", QAbstractButton), Qt.MouseButton.LeftButton)
    answer = shown.hall.ratings[0][1]
    assert answer is not None
    assert answer.level == 4
    assert shown.window.isActiveWindow()


def test_signature_by_hand(shown: Bench, keys: Keys, qtbot: QtBot) -> None:
    sign_in(keys)
    shown.window.show_citizen()
    citizen = shown.window.citizen
    assert citizen is not None
    presenter = shown.window.presenters.slices.citizen
    got: list[object] = []
    presenter.signed.connect(got.append)
    presenter.ask_sign("请签名", ("食品经营许可证",))
    done = named(citizen, "群众签好了", QAbstractButton)
    QTest.mouseClick(done, Qt.MouseButton.LeftButton)
    assert got == []
    pad = citizen.findChild(SignaturePad)
    assert pad is not None
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=pad.rect().center())
    QTest.mouseMove(pad, pad.rect().center() * 0.5)
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=pad.rect().center() * 0.5)
    QTest.mouseClick(done, Qt.MouseButton.LeftButton)
    assert len(got) == 1
    assert pad.is_empty()


def focusables(window: CounterWindow) -> list[QWidget]:
    kinds = (QAbstractButton, QLineEdit, QPlainTextEdit, QAbstractItemView)
    return [w for w in window.findChildren(QWidget) if isinstance(w, kinds)]


def test_every_control_has_a_name_and_what_is_seen_together_differs(shown: Bench, keys: Keys) -> None:
    shown.hall.add_ticket("A018")
    sign_in(keys)

    def check() -> None:
        visible = [w for w in focusables(shown.window) if w.isVisible()]
        names = Counter(w.accessibleName() for w in visible)
        assert "" not in names
        assert [name for name, count in names.items() if count > 1] == []

    check()
    for press in (K.Key_F2, K.Key_F5, K.Key_Return, K.Key_F1):
        keys(press)
        check()
    keys(K.Key_F1)
    for letter in (K.Key_B, K.Key_D, K.Key_P, K.Key_K):
        keys(letter, ctrl=True)
        check()


@pytest.mark.parametrize("size", SIZES)
def test_nothing_asks_for_more_room_than_the_screen_has(
    shown: Bench, keys: Keys, size: tuple[int, int]
) -> None:
    shown.hall.add_ticket("A018", "社会保险关系转移接续与待遇申领")
    sign_in(keys)
    keys(K.Key_F2, K.Key_F5, "xse", K.Key_Return)
    shown.window.resize(*size)
    QApplication.processEvents()
    assert (shown.window.width(), shown.window.height()) == size
    for button in shown.window.findChildren(QAbstractButton):
        if button.isVisible() and button.hasHeightForWidth():
            assert button.height() >= button.heightForWidth(button.width()) - 1, button.accessibleName()
