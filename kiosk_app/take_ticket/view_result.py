"""The number, large; how long it will take; whether the slip came out."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from kiosk_app.ports import IssuedTicket, SlipState
from kiosk_app.take_ticket.printing import SlipReport
from kiosk_app.view_frame import LONG_TITLE, PageFrame
from kiosk_app.wording import spaced, unbroken
from ui.buttons import BigButton
from ui.fit_label import FitLabel
from ui.icons import IconLabel
from ui.labels import WrapLabel
from ui.notice import Notice
from ui.notice_bar import NoticeBar
from ui.style_roles import set_role, set_tone
from ui.tokens import Theme, Tone


class ResultPage(PageFrame):
    """Shows an issued ticket.

    Signals:
        reprint_pressed, done_pressed.
    """

    reprint_pressed = Signal()
    done_pressed = Signal()

    def __init__(self, *, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("取号结果"), theme=theme, parent=parent)
        self.set_title(self.tr("号码取好了"))
        centre = Qt.AlignmentFlag.AlignHCenter
        self._card = QFrame()
        set_role(self._card, "panel")
        self._number = FitLabel(role="number", tone="action", name=self.tr("您的号码"), align=centre)
        self._what = WrapLabel(role="body", name=self.tr("办理事项"), align=centre)
        self._zone = WrapLabel(role="lead", name=self.tr("办理专区"), align=centre, balanced=True)
        self._zone.set_bold()
        self._priority = WrapLabel(role="body", tone="done", name=self.tr("优先类别"), align=centre)
        inside = QVBoxLayout(self._card)
        inside.setContentsMargins(theme.px(32), theme.px(24), theme.px(32), theme.px(24))
        inside.addWidget(WrapLabel(self.tr("您的号码"), role="body", tone="muted", align=centre))
        inside.addWidget(self._number, 1)
        for label in (self._zone, self._what, self._priority):
            inside.addWidget(label)
        self._facts = _Facts(theme)
        self._away = NoticeBar(name=self.tr("到哪里排队"))
        self._slip = NoticeBar(name=self.tr("小票状态"))
        self._again = BigButton(self.tr("没有拿到小票，再打印一次"), icon="printer", name=self.tr("补打小票"))
        done = self.tr("完成（号码保留）")
        self._done = BigButton(done, icon="check", kind="primary", name=self.tr("完成"))
        self._again.clicked.connect(self.reprint_pressed)
        self._done.clicked.connect(self.done_pressed)
        self._side = QWidget()
        side = QVBoxLayout(self._side)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(theme.px(20))
        side.addWidget(self._facts)
        side.addWidget(self._away)
        side.addWidget(self._slip)
        side.addStretch(1)
        for button in (self._again, self._done):
            button.setProperty("density", "small")
        self._buttons = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._buttons.setSpacing(theme.px(16))
        self._buttons.addWidget(self._again, 1)
        self._buttons.addWidget(self._done, 1)
        side.addLayout(self._buttons)
        self._row = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._row.setSpacing(theme.px(24))
        self._row.addWidget(self._card, 1)
        self._row.addWidget(self._side, 1)
        self.body.addLayout(self._row, 1)

    def show_ticket(self, ticket: IssuedTicket, slip: SlipReport, *, may_reprint: bool) -> None:
        """Draw a ticket and the state of its slip."""
        self._number.setText(ticket.number)
        self._zone.setText(spaced(ticket.where or ticket.zone_name))
        self._what.setText(ticket.item_name)
        set_role(self._what, "body" if len(ticket.item_name) <= LONG_TITLE else "caption")
        self._what.setVisible(bool(ticket.item_name))
        self._priority.setText(self.tr("优先办理：{0}").format(ticket.priority_text))
        self._priority.setVisible(bool(ticket.priority_text))
        self._facts.show_ticket(ticket)
        failed = slip.state not in (SlipState.NONE, SlipState.PRINTING, SlipState.PRINTED)
        self._away.show_notice(self._away_notice(ticket, failed))
        self._slip.show_notice(self._slip_notice(ticket.number, slip, may_reprint))
        no_paper = slip.state in (SlipState.NO_PAPER, SlipState.STOPPED)
        self._again.setText(
            self.tr("纸装好了，再打印一次") if no_paper else self.tr("没有拿到小票，再打印一次")
        )
        idle = slip.state not in (SlipState.NONE, SlipState.PRINTING)
        self._again.setVisible(idle and may_reprint)

    def _away_notice(self, ticket: IssuedTicket, no_slip: bool) -> Notice | None:
        if not ticket.away:
            return None
        if no_slip:
            text = self.tr("大厅主机暂时连不上，这个号一样有效。请到{0}排队，告诉窗口这个号。")
        else:
            text = self.tr("大厅主机暂时连不上，这个号一样有效。请到{0}排队，把小票给窗口看。")
        return Notice(spaced(text.format(ticket.queue_at)), Tone.ATTENTION)

    def _slip_notice(self, number: str, slip: SlipReport, may_reprint: bool) -> Notice | None:
        told = self.tr("工作人员已收到提醒。") if slip.staff_told else self.tr("请告诉身边的工作人员。")
        kept = self.tr("号码已保留：{0}，请记下或拍照。").format(number)
        match slip.state:
            case SlipState.PRINTING:
                return Notice(self.tr("正在打印小票，请稍候…"), Tone.INFO)
            case SlipState.PRINTED:
                out = self.tr("小票已打印，请在出票口取走。")
                if not may_reprint:
                    out += self.tr("不能再补打了，没有小票也能办：{0}，请记下或拍照。").format(number)
                return Notice(out, Tone.DONE)
            case SlipState.NO_PAPER:
                return Notice(self.tr("打印机没纸了，没有小票也能办。") + kept + told, Tone.ATTENTION)
            case SlipState.UNCONFIRMED:
                text = self.tr("小票还没有确认打好，请看看出票口。")
                return Notice(text + kept + told, Tone.ATTENTION)
            case SlipState.STOPPED:
                return Notice(self.tr("小票打到一半停了，打印机没纸或开了盖。") + kept + told, Tone.ATTENTION)
            case SlipState.FAULT:
                return Notice(self.tr("小票没有打出来。") + kept + told, Tone.ATTENTION)
            case SlipState.NONE:
                return None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.window().width() > self.window().height()
        ways = QBoxLayout.Direction
        self._row.setDirection(ways.LeftToRight if wide else ways.TopToBottom)
        self._buttons.setDirection(ways.LeftToRight if wide else ways.TopToBottom)
        self._row.setStretch(0, 2 if wide else 1)
        self._row.setStretch(1, 3 if wide else 0)


class _Facts(QWidget):
    """People ahead and about how long, side by side; where to sit."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(theme.px(12))
        self._ahead = _Fact("users-group", self.tr("前面人数"), theme)
        self._wait = _Fact("hourglass", self.tr("大约等候"), theme)
        self._seat = _Fact("armchair", self.tr("等候地点"), theme)
        self._grid = grid
        grid.addWidget(self._ahead, 0, 0)
        grid.addWidget(self._wait, 0, 1)
        grid.addWidget(self._seat, 1, 0, 1, 2)
        for side in range(2):
            grid.setColumnStretch(side, 1)

    def show_ticket(self, ticket: IssuedTicket) -> None:
        ahead = ticket.people_ahead
        minutes = ticket.wait_minutes
        waits = "" if minutes is None else self.tr("大约等 {0} 分钟").format(minutes)
        if ahead == 0:
            # one sentence over the whole row; two halves would wrap in it
            text = self.tr("前面没有人，请留意叫号") if minutes else self.tr("马上轮到您，请留意叫号")
            waits = ""
        else:
            text = "" if ahead is None else self.tr("前面还有 {0} 人").format(ahead)
            waits = self.tr("马上轮到您") if minutes == 0 else waits
        self._ahead.show_text(text)
        self._wait.show_text(waits)
        self._grid.addWidget(self._ahead, 0, 0, 1, 1 if waits else 2)
        seat = ticket.seat if not ticket.away else ""
        self._seat.show_text(unbroken(spaced(self.tr("请到{0}等候").format(seat))) if seat else "")


class _Fact(QFrame):
    def __init__(self, icon: str, name: str, theme: Theme) -> None:
        super().__init__()
        set_role(self, "card")
        mark = IconLabel(icon, 1.2)
        set_role(mark, "body")
        set_tone(mark, "action")
        self._text = WrapLabel(role="body", name=name, balanced=True)
        self._text.set_bold()
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(20), theme.px(12), theme.px(12), theme.px(12))
        row.setSpacing(theme.px(16))
        row.addWidget(mark)
        row.addWidget(self._text, 1)

    def show_text(self, text: str) -> None:
        self._text.setText(text)
        self.setVisible(bool(text))
