"""The left column: the ticket in hand, the list, the keys, the inline question."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from counter_app.keys import Action
from counter_app.queue_panel.ports import TicketRow, TicketState
from counter_app.queue_panel.presenter import QueueState
from counter_app.view_focus import FocusLoan
from counter_app.view_parts import Card, ChoicePanel, FormField, KeyButton, show_notice
from counter_app.view_rows import ListRow, RowList
from ui.labels import WrapLabel
from ui.notice_bar import NoticeBar
from ui.style_roles import set_kind
from ui.tokens import Palette, Tone


class QueueView(Card):
    """Signals:
    acted: an Action from a key button.
    row_pressed: a TicketId (Enter on a line).
    slip_entered: the code in the slip field.
    choice_stepped, choice_placed, choice_confirmed: the inline question.
    """

    acted = Signal(object)
    row_pressed = Signal(object)
    slip_entered = Signal(str)
    choice_stepped = Signal(int)
    choice_placed = Signal(int)
    choice_confirmed = Signal()

    def __init__(self, palette: Palette) -> None:
        super().__init__(role="panel", margin=12, spacing=8)
        self._at = 0
        self._tickets: tuple[TicketRow, ...] = ()
        self._summary = WrapLabel("", role="body", name=self.tr("等候情况"))
        self._summary.set_bold()
        self._current = _CurrentTicket()
        self.rows = RowList(self.tr("等候名单"), palette, quiet=True)
        self._slip = FormField(
            self.tr("号票"), name=self.tr("号票号码"), digits=True, hint=self.tr("扫描或输入号票")
        )
        self._choice = ChoicePanel(self.tr("选择"), palette)
        self._choice.hide()
        self.focus_loan = FocusLoan(self._choice.rows)
        self._notice = NoticeBar(name=self.tr("叫号提示"), role="caption")
        self._keys = _Keys()
        self._keys.acted.connect(self.acted)
        for part, stretch in (
            (self._summary, 0),
            (self._current, 0),
            (self._notice, 0),
            (self.rows, 1),
            (self._choice, 0),
            (self._slip, 0),
            (self._keys, 0),
        ):
            self.column.addWidget(part, stretch)
        self.rows.stepped.connect(self._on_stepped)
        self.rows.picked.connect(self._on_picked)
        self.rows.entered.connect(self._on_entered)
        self._slip.entered.connect(self._on_slip)
        self._choice.stepped.connect(self.choice_stepped)
        self._choice.placed.connect(self.choice_placed)
        self._choice.confirmed.connect(self.choice_confirmed)

    def show_state(self, state: QueueState) -> None:
        board = state.board
        self._tickets = (*board.held, *board.waiting, *board.missed)
        wait = self.tr("等候 %1 人 · 平均等 %2 分钟").replace("%1", str(len(board.waiting)))
        wait = wait.replace("%2", str(board.average_wait_min))
        self._summary.setText(self.tr("连不上大厅节点，可扫号票接待") if board.cut_off else wait)
        self._current.show_ticket(board.current, state.busy)
        self._at = min(self._at, max(len(self._tickets) - 1, 0))
        self.rows.show_rows(tuple(_list_row(row) for row in self._tickets), self._at if self._tickets else -1)
        self._slip.setVisible(state.choice is None and board.current is None)
        self._keys.setVisible(state.choice is None)
        # said once: not here as well while a notice answers the key that was pressed
        nobody = "" if state.notice.text else self.tr("现在没有人等候")
        self.rows.set_empty(self.tr("等候名单要等节点恢复") if board.cut_off else nobody)
        self._keys.show_for(board.current, cut_off=board.cut_off)
        show_notice(self._notice, state.notice)
        self._choice.show_choice(state.choice)
        opened = state.choice is not None and self._choice.isHidden()
        closed = state.choice is None and not self._choice.isHidden()
        if opened:
            self._choice.show()
            self.focus_loan.take()
        elif closed:
            self.focus_loan.give_back()
            self._choice.hide()

    def show_leads(self, leads: bool) -> None:
        """`leads`: nothing else comes next, so the queue's main key is the filled one of the screen."""
        self._keys.show_leads(leads)

    def focus_list(self) -> None:
        self.rows.setFocus()

    def focus_slip(self) -> None:
        self._slip.show()
        self._slip.line.setFocus()
        self._slip.line.selectAll()

    def _on_stepped(self, step: int) -> None:
        self._on_picked(min(max(self._at + step, 0), max(len(self._tickets) - 1, 0)))

    def _on_picked(self, at: int) -> None:
        self._at = at
        self.rows.show_rows(self.rows.rows(), at)

    def _on_entered(self) -> None:
        if self._tickets:
            self.row_pressed.emit(self._tickets[self._at].ticket_id)

    def _on_slip(self) -> None:
        code = self._slip.text()
        self._slip.show_text("")
        self.slip_entered.emit(code)


class _CurrentTicket(Card):
    def __init__(self) -> None:
        super().__init__(margin=10, spacing=0)
        self._number = WrapLabel("", role="number", tone="action", name=self.tr("当前号码"))
        self._words = WrapLabel("", role="caption", tone="muted", name=self.tr("当前号状态"))
        self.column.addWidget(self._number)
        self.column.addWidget(self._words)

    def show_ticket(self, ticket: TicketRow | None, busy: str) -> None:
        self._number.setText(ticket.number if ticket is not None else "")
        self._number.setVisible(ticket is not None)
        if busy:
            self._words.setText(f"{busy}…")
        elif ticket is None:
            self._words.setText(self.tr("没有正在办理的号"))
        else:
            state = self.tr("办理中") if ticket.state is TicketState.SERVING else self.tr("呼叫中")
            if ticket.state is TicketState.CALLED and ticket.calls > 1:
                state = self.tr("已呼 %1 次").replace("%1", str(ticket.calls))
            self._words.setText(
                " · ".join(p for p in (state, ticket.person, ticket.business, ticket.priority) if p)
            )


class _Keys(QWidget):
    """The keys of the queue; what fits the ticket's state stands first, filled where nothing else comes next."""

    acted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        texts = (
            (Action.CALL_NEXT, self.tr("呼叫下一位")),
            (Action.START, self.tr("开始办理")),
            (Action.DONE, self.tr("结束本号")),
            (Action.RECALL, self.tr("重呼")),
            (Action.MISS, self.tr("过号")),
            (Action.HOLD, self.tr("挂起")),
            (Action.TRANSFER, self.tr("转到其他队列")),
        )
        self._buttons: dict[Action, KeyButton] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(6)
        for index, (action, text) in enumerate(texts):
            wide = index < 3
            button = KeyButton(action, text, kind="primary" if wide else "secondary")
            button.acted.connect(self.acted)
            self._buttons[action] = button
            # recall and missed stand side by side; the rest have wordier keys
            half = action in (Action.RECALL, Action.MISS)
            grid.addWidget(button, 3 if half else index + 1, int(action is Action.MISS), 1, 1 if half else 2)
        self.show_for(None, cut_off=False)

    def show_leads(self, leads: bool) -> None:
        for action in (Action.CALL_NEXT, Action.START, Action.DONE):
            set_kind(self._buttons[action], "primary" if leads else "secondary")

    def show_for(self, ticket: TicketRow | None, *, cut_off: bool) -> None:
        called = ticket is not None and ticket.state is TicketState.CALLED
        serving = ticket is not None and ticket.state is TicketState.SERVING
        shown = {
            Action.CALL_NEXT: ticket is None and not cut_off,
            Action.START: called,
            Action.DONE: serving,
            Action.RECALL: called,
            Action.MISS: called,
            Action.HOLD: serving,
            Action.TRANSFER: serving,
        }
        for action, button in self._buttons.items():
            button.setVisible(shown[action])


def _list_row(row: TicketRow) -> ListRow:
    if row.state is TicketState.HELD:
        return ListRow(row.number, row.note, "挂起", "clock", Tone.INFO, strong=True)
    if row.state is TicketState.MISSED:
        return ListRow(row.number, row.note, "过号", "circle-x", Tone.PLAIN, muted=True)
    badge = f"预约 {row.booked_at}" if row.booked_at else f"等 {row.waited_min} 分钟"
    detail = " · ".join(part for part in (row.business, row.person) if part)
    icon, tone = ("star", Tone.ATTENTION) if row.priority else ("", Tone.PLAIN)
    title = f"{row.number}  {row.priority}" if row.priority else row.number
    return ListRow(title, detail, badge, icon, tone, strong=True)
