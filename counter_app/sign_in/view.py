"""Sign in, choose the window; and the lock screen."""

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from counter_app.sign_in.ports import LOCKED_S, MOST_TRIES
from counter_app.sign_in.presenter import SignInState, Stage
from counter_app.view_parts import Card, ChoicePanel, FormField, show_notice
from ui.buttons import BigButton
from ui.icons import IconLabel
from ui.labels import WrapLabel
from ui.notice_bar import NoticeBar
from ui.style_roles import set_role, set_tone
from ui.tokens import Palette


class SignInView(QWidget):
    """Signals:
    sign_in_pressed: staff number, PIN.
    open_pressed, choice_stepped, choice_placed, back_pressed: the window list.
    """

    sign_in_pressed = Signal(str, str)
    open_pressed = Signal()
    choice_stepped = Signal(int)
    choice_placed = Signal(int)
    back_pressed = Signal()

    def __init__(self, palette: Palette, hall_name: str) -> None:
        super().__init__()
        set_role(self, "page")
        self._staff_no = FormField(self.tr("工号"), digits=True)
        self._pin = FormField(self.tr("PIN"), digits=True)
        self._pin.line.setEchoMode(QLineEdit.EchoMode.Password)
        self._sign_in = BigButton(self.tr("登录"), kind="primary", key_hint="Enter", name=self.tr("登录"))
        self._choice = ChoicePanel(self.tr("可开的窗口"), palette)
        self._open = BigButton(self.tr("开窗"), kind="primary", key_hint="Enter", name=self.tr("开窗"))
        self._back = BigButton(self.tr("换人登录"), kind="quiet", name=self.tr("换人登录"))
        self._notice = NoticeBar(name=self.tr("登录提示"))
        who = _column_of(self._staff_no, self._pin, self._sign_in, _tries_line())
        window = _column_of(self._choice, self._open, self._back)
        self._who, self._window = who, window
        self._window.hide()
        card = Card(margin=32, spacing=16)
        card.setFixedWidth(440)
        title = WrapLabel(hall_name, role="title", align=Qt.AlignmentFlag.AlignHCenter)
        self._subtitle = WrapLabel(
            self.tr("综合窗口"), role="lead", tone="muted", align=Qt.AlignmentFlag.AlignHCenter
        )
        parts: tuple[QWidget, ...] = (title, self._subtitle, self._notice, who, window)
        for part in parts:
            card.column.addWidget(part)
        _stand_in_the_middle(self, card)
        self._staff_no.entered.connect(self._pin.line.setFocus)
        self._pin.entered.connect(self._on_sign_in)
        self._sign_in.clicked.connect(self._on_sign_in)
        self._choice.stepped.connect(self.choice_stepped)
        self._choice.placed.connect(self.choice_placed)
        self._choice.confirmed.connect(self.open_pressed)
        self._open.clicked.connect(self.open_pressed)
        self._back.clicked.connect(self.back_pressed)

    def show_state(self, state: SignInState) -> None:
        choosing = state.stage is Stage.WINDOW
        came = choosing and self._window.isHidden()
        closed = state.stage is Stage.CLOSED
        self._who.setVisible(not choosing and not closed)
        self._subtitle.setText(self.tr("本机已停用") if closed else self.tr("综合窗口"))
        self._window.setVisible(choosing)
        self._choice.show_choice(state.choice)
        self._sign_in.set_busy(bool(state.busy))
        self._open.set_busy(bool(state.busy))
        show_notice(self._notice, state.notice)
        if came:
            self._pin.show_text("")
            self._choice.rows.setFocus()
        if state.stage is Stage.OPEN:
            self._staff_no.show_text("")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._staff_no.line.setFocus()

    def _on_sign_in(self) -> None:
        self.sign_in_pressed.emit(self._staff_no.text(), self._pin.text())


class LockView(QWidget):
    """Signals:
    unlock_pressed: the PIN.
    sign_out_pressed: close the window.
    """

    unlock_pressed = Signal(str)
    sign_out_pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        set_role(self, "page")
        centre = Qt.AlignmentFlag.AlignHCenter
        icon = IconLabel("lock", 1.6)
        set_role(icon, "title")
        set_tone(icon, "action")
        self._who = WrapLabel("", role="title", align=centre, name=self.tr("锁屏的人"))
        said = WrapLabel(
            self.tr("屏幕已锁。正在办的内容都在，群众的信息不显示。"), role="body", tone="muted", align=centre
        )
        self._pin = FormField(self.tr("输入 PIN 继续"), name=self.tr("解锁 PIN"), digits=True)
        self._pin.line.setEchoMode(QLineEdit.EchoMode.Password)
        self._unlock = BigButton(
            self.tr("继续办理"), kind="primary", key_hint="Enter", name=self.tr("继续办理")
        )
        self._leave = BigButton(self.tr("关窗并退出登录"), kind="quiet", name=self.tr("关窗并退出登录"))
        self._notice = NoticeBar(name=self.tr("锁屏提示"))
        card = Card(margin=32, spacing=16)
        card.setFixedWidth(440)
        card.column.addWidget(icon, 0, centre)
        own = WrapLabel(
            self.tr("只认本人的 PIN。别人要用这台电脑，先关窗退出，再用自己的工号登录。"),
            role="caption", tone="muted", align=centre,
        )  # fmt: skip
        parts: tuple[QWidget, ...] = (
            self._who, said, self._notice, self._pin, self._unlock, self._leave, own, _tries_line()
        )  # fmt: skip
        for part in parts:
            card.column.addWidget(part)
        _stand_in_the_middle(self, card)
        self._pin.entered.connect(self._on_unlock)
        self._unlock.clicked.connect(self._on_unlock)
        self._leave.clicked.connect(self.sign_out_pressed)

    def show_state(self, state: SignInState) -> None:
        session = state.session
        who = f"{session.staff_name} · {session.window_number}号窗口" if session is not None else ""
        self._who.setText(who)
        self._unlock.set_busy(bool(state.busy))
        show_notice(self._notice, state.notice)
        if state.stage is not Stage.LOCKED:
            self._pin.show_text("")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._pin.line.setFocus()

    def _on_unlock(self) -> None:
        self.unlock_pressed.emit(self._pin.text())


def _tries_line() -> WrapLabel:
    """How long a lock lasts and who can end it: read before the fifth try, not after."""
    text = QCoreApplication.translate(
        "PinTries", "PIN 连续输错 %1 次，该工号在本机锁 %2 分钟，到时自动解开；信息科重设 PIN 可提前解锁。"
    )
    text = text.replace("%1", str(MOST_TRIES)).replace("%2", str(LOCKED_S // 60))
    return WrapLabel(
        text, role="caption", tone="muted", align=Qt.AlignmentFlag.AlignHCenter, name="PIN 锁定说明"
    )


def _stand_in_the_middle(page: QWidget, card: QWidget) -> None:
    """By stretches, not by an alignment: with one, Qt gives a card of wrapped lines too little height (6.11)."""
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(card)
    row.addStretch(1)
    outer = QVBoxLayout(page)
    outer.addStretch(1)
    outer.addLayout(row)
    outer.addStretch(2)


def _column_of(*parts: QWidget) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(12)
    for part in parts:
        column.addWidget(part)
    return page
