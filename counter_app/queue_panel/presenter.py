"""What the queue panel shows and does. QtCore only."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from PySide6.QtCore import QObject, Signal, Slot

from counter_app.commands import Commands
from counter_app.queue_panel.ports import (
    QueueBoard,
    QueueChoice,
    QueueDesk,
    TicketOutcome,
    TicketRow,
    TicketState,
)
from counter_app.values import NO_NOTICE, Choice, ChoiceOption, NewId, TicketId
from ui.notice import Notice
from ui.runner import Runner
from ui.tokens import Tone

T = TypeVar("T")


EMPTY_BOARD = QueueBoard()


class Asking(StrEnum):
    """What the inline choice is about."""

    MISS = "miss"
    HOLD = "hold"
    TRANSFER = "transfer"
    DONE = "done"
    LEAVE = "leave"
    """Cases are not finished: go on with them, or end the number all the same."""


_STAY, _LEAVE = "stay", "leave"


@dataclass(frozen=True, slots=True)
class QueueState:
    """Everything the panel draws."""

    board: QueueBoard = EMPTY_BOARD
    busy: str = ""
    notice: Notice = NO_NOTICE
    asking: Asking | None = None
    choice: Choice | None = None

    @property
    def current(self) -> TicketRow | None:
        return self.board.current

    @property
    def serving(self) -> bool:
        return self.current is not None and self.current.state is TicketState.SERVING


class QueuePresenter(QObject):
    """Turns keys into acts on tickets.

    Signals:
        state_changed: the new QueueState.
        starting: a start was pressed; the middle may get ready before the answer (type-ahead).
        started: the TicketRow now being served.
        serving_seen: the board was read, and this TicketRow is being served here.
        start_failed: the start was refused.
        finished: this window serves nobody any more (done, held, missed, transferred).
    """

    state_changed = Signal(object)
    starting = Signal()
    started = Signal(object)
    serving_seen = Signal(object)
    start_failed = Signal()
    finished = Signal()

    def __init__(
        self, *, desk: QueueDesk, runner: Runner, new_id: NewId, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._runner = runner
        self._commands = Commands(runner=runner, new_id=new_id)
        self._reading = False
        self._outcome = TicketOutcome.CONSULT
        self._then: Callable[[], None] = self._ask_outcome
        self.state = QueueState()

    def expect_outcome(self, outcome: TicketOutcome) -> None:
        """Which outcome F12 offers first; the visit knows what was done."""
        self._outcome = outcome

    @Slot()
    def refresh(self) -> None:
        """Read the board again. Never disturbs a choice that is open."""
        if self._reading or self._commands.busy:
            return
        self._reading = True
        self._runner.submit(self._desk.board, self._on_board, self._on_board_failed)

    @Slot()
    def press_call_next(self) -> None:
        if not self._commands.ready(self.press_call_next):
            return
        current = self.state.current
        if current is not None:
            self._say(
                self.tr("%1 号还没有结束。先 F12 结束、F6 挂起或 F4 过号。").replace("%1", current.number)
            )
            return
        self._run(("call_next",), self.tr("正在呼叫"), self._desk.call_next, self._on_called)

    @Slot()
    def press_recall(self) -> None:
        if not self._commands.ready(self.press_recall):
            return
        ticket = self._need(TicketState.CALLED)
        if ticket is not None:
            ticket_id = ticket.ticket_id
            self._run(
                ("recall", ticket_id, ticket.calls),
                self.tr("正在重呼"),
                lambda command_id: self._desk.recall(command_id, ticket_id),
                self._on_called,
            )

    @Slot()
    def press_start(self) -> None:
        if not self._commands.ready(self.press_start):
            return
        ticket = self._need(TicketState.CALLED)
        if ticket is None:
            return
        ticket_id = ticket.ticket_id
        self.starting.emit()
        self._run(
            ("start", ticket_id),
            self.tr("正在开始"),
            lambda command_id: self._desk.start(command_id, ticket_id),
            self._on_started,
            self._on_start_failed,
        )

    @Slot()
    def press_miss(self) -> None:
        if self._commands.ready(self.press_miss) and self._need(TicketState.CALLED):
            reasons = (self.tr("三次呼叫无人应答"), self.tr("本人要求稍后再办"), self.tr("取错号"))
            self._ask(Asking.MISS, self.tr("过号原因"), tuple(ChoiceOption(text, text) for text in reasons))

    @Slot()
    def press_hold(self) -> None:
        if self._commands.ready(self.press_hold) and self._need(TicketState.SERVING):
            reasons = (
                self.tr("回去取材料"),
                self.tr("去缴费"),
                self.tr("去复印或拍照"),
                self.tr("等候电话核实"),
            )
            self._ask(
                Asking.HOLD, self.tr("挂起原因（号码保留）"), tuple(ChoiceOption(t, t) for t in reasons)
            )

    def press_transfer(self, unfinished: tuple[str, ...] = ()) -> None:
        """Ctrl+T. `unfinished`: cases that stay behind, in words; asked about first."""
        if self._commands.ready(self.press_transfer, unfinished) and self.state.current is not None:
            self._leave_or(unfinished, self._read_queues)

    def press_done(self, unfinished: tuple[str, ...] = ()) -> None:
        """F12. `unfinished`: as above."""
        if self._commands.ready(self.press_done, unfinished) and self._need(TicketState.SERVING):
            self._leave_or(unfinished, self._ask_outcome)

    def _leave_or(self, unfinished: tuple[str, ...], then: Callable[[], None]) -> None:
        if not unfinished:
            then()
            return
        self._then = then
        kept = self.tr("结束后都交回大厅，任一窗口按 Ctrl+K 可接着办。")
        options = (
            ChoiceOption(_STAY, self.tr("接着办")),
            ChoiceOption(_LEAVE, self.tr("先结束，件留着")),
        )
        title = self.tr("还没有办完：%1。%2").replace("%1", "；".join(unfinished)).replace("%2", kept)
        self._ask(Asking.LEAVE, title, options)

    def _ask_outcome(self) -> None:
        options = tuple(ChoiceOption(outcome.value, text) for outcome, text in self._outcomes())
        at = next(i for i, option in enumerate(options) if option.key == self._outcome.value)
        self._ask(Asking.DONE, self.tr("办理结果"), options, at)

    def _read_queues(self) -> None:
        self._commands.run(
            ("queues",), self.tr("正在查队列"), lambda _id: self._desk.queues(), self._on_queues, self._fail
        )
        self._show(replace(self.state, busy=self._commands.busy))

    @Slot(object)
    def press_row(self, ticket_id: TicketId) -> None:
        """Enter on a line of the list: take a held ticket up again, bring a missed one back into the queue."""
        if not self._commands.ready(self.press_row, ticket_id):
            return
        board = self.state.board
        if any(row.ticket_id == ticket_id for row in board.held):
            if board.current is not None:
                self._say(self.tr("先结束或挂起当前的号，再恢复挂起的号。"))
                return
            self._run(
                ("resume", ticket_id),
                self.tr("正在恢复"),
                lambda command_id: self._desk.resume(command_id, ticket_id),
                self._on_called,
            )
        elif any(row.ticket_id == ticket_id for row in board.missed):
            self._run(
                ("reactivate", ticket_id),
                self.tr("正在激活"),
                lambda command_id: self._desk.reactivate(command_id, ticket_id),
                self._on_reactivated,
            )
        else:
            self._say(self.tr("等候的号按次序呼叫，请按 F2。"))

    @Slot(str)
    def press_slip(self, code: str) -> None:
        """A slip scanned or typed: serve it, even when the node is away."""
        code = code.strip()
        if not code or not self._commands.ready(self.press_slip, code):
            return
        if self.state.current is not None:
            self._say(self.tr("先结束或挂起当前的号，再扫下一张号票。"))
            return
        self._run(
            ("slip", code),
            self.tr("正在接待"),
            lambda command_id: self._desk.serve_slip(command_id, code),
            self._on_slip,
        )

    @Slot(int)
    def move_choice(self, step: int) -> None:
        if self.state.choice is not None:
            self._show(replace(self.state, choice=self.state.choice.moved(step)))

    @Slot(int)
    def place_choice(self, at: int) -> None:
        """A digit key (0-based here)."""
        if self.state.choice is not None:
            self._show(replace(self.state, choice=self.state.choice.placed(at)))

    @Slot()
    def drop_choice(self) -> None:
        self._show(replace(self.state, choice=None, asking=None))

    @Slot()
    def confirm_choice(self) -> None:
        """Enter: the chosen line becomes the act."""
        asking, choice, ticket = self.state.asking, self.state.choice, self.state.current
        if choice is None or choice.chosen is None or ticket is None or asking is None:
            return
        if not self._commands.ready(self.confirm_choice):
            return
        key, ticket_id = choice.chosen.key, ticket.ticket_id
        if asking is Asking.LEAVE:
            self.drop_choice()
            if key == _LEAVE:
                self._then()
            return
        desk = self._desk
        works: dict[Asking, Callable[[UUID], None]] = {
            Asking.MISS: lambda command_id: desk.miss(command_id, ticket_id, key),
            Asking.HOLD: lambda command_id: desk.hold(command_id, ticket_id, key),
            Asking.TRANSFER: lambda command_id: desk.transfer(command_id, ticket_id, key),
            Asking.DONE: lambda command_id: desk.done(command_id, ticket_id, TicketOutcome(key)),
        }
        self._show(replace(self.state, choice=None, asking=None))
        self._run((asking, ticket_id, key), self.tr("正在登记"), works[asking], self._on_finished)

    def _outcomes(self) -> tuple[tuple[TicketOutcome, str], ...]:
        return (
            (TicketOutcome.ACCEPTED, self.tr("受理")),
            (TicketOutcome.PICKUP, self.tr("领证")),
            (TicketOutcome.CONSULT, self.tr("咨询")),
            (TicketOutcome.PAY, self.tr("缴费")),
            (TicketOutcome.WRONG_QUEUE, self.tr("取错事项")),
            (TicketOutcome.OTHER, self.tr("其他")),
        )

    def _need(self, wanted: TicketState) -> TicketRow | None:
        ticket = self.state.current
        if ticket is not None and ticket.state is wanted:
            return ticket
        if ticket is None:
            self._say(self.tr("还没有呼叫号码。按 F2 呼叫下一位。"))
        elif wanted is TicketState.CALLED:
            self._say(self.tr("%1 号正在办理中。").replace("%1", ticket.number))
        else:
            self._say(self.tr("%1 号还没有开始办理，按 F5 开始。").replace("%1", ticket.number))
        return None

    def _ask(self, asking: Asking, title: str, options: tuple[ChoiceOption, ...], at: int = 0) -> None:
        choice = Choice(title, options, at)
        self._show(replace(self.state, asking=asking, choice=choice, notice=NO_NOTICE, busy=""))

    def _run(
        self,
        key: tuple[object, ...],
        busy: str,
        work: Callable[[UUID], T],
        done: Callable[[T], None],
        failed: Callable[[Notice], None] | None = None,
    ) -> None:
        self._show(replace(self.state, busy=busy, notice=NO_NOTICE, choice=None, asking=None))
        self._commands.run(key, busy, work, done, failed or self._fail)

    def _on_called(self, ticket: TicketRow) -> None:
        self._set_current(ticket)
        self.refresh()

    def _on_started(self, ticket: TicketRow) -> None:
        self._set_current(ticket)
        self.started.emit(ticket)
        self.refresh()

    def _on_slip(self, ticket: TicketRow) -> None:
        self._set_current(ticket)
        if ticket.state is TicketState.SERVING:
            self.started.emit(ticket)
        self.refresh()

    def _on_start_failed(self, notice: Notice) -> None:
        self._fail(notice)
        self.start_failed.emit()

    def _on_finished(self, _result: None) -> None:
        self._set_current(None)
        self.finished.emit()
        self.refresh()

    def _on_reactivated(self, _result: None) -> None:
        self._show(
            replace(self.state, busy="", notice=Notice(self.tr("已重新排入等候，按次序呼叫。"), Tone.DONE))
        )
        self.refresh()

    def _on_queues(self, queues: tuple[QueueChoice, ...]) -> None:
        options = tuple(
            ChoiceOption(q.queue_id, q.name, self.tr("等候 %1 人").replace("%1", str(q.waiting)))
            for q in queues
        )
        if options:
            self._ask(Asking.TRANSFER, self.tr("转到哪个队列（同一个号，不用重新取号）"), options)
        else:
            self._show(replace(self.state, busy=""))
            self._say(self.tr("没有可转的队列。"))

    def _set_current(self, ticket: TicketRow | None) -> None:
        board = self.state.board
        waiting = tuple(row for row in board.waiting if ticket is None or row.ticket_id != ticket.ticket_id)
        held = tuple(row for row in board.held if ticket is None or row.ticket_id != ticket.ticket_id)
        board = replace(board, current=ticket, waiting=waiting, held=held)
        self._show(replace(self.state, board=board, busy="", notice=NO_NOTICE))

    def _on_board(self, board: QueueBoard) -> None:
        self._reading = False
        if not self._commands.busy:
            # 「没有人在等候」 ends with the first who waits
            came = board.waiting and not self.state.board.waiting
            notice = NO_NOTICE if came else self.state.notice
            self._show(replace(self.state, board=board, notice=notice))
            if self.state.serving:
                self.serving_seen.emit(board.current)

    def _on_board_failed(self, _error: Exception) -> None:
        self._reading = False
        self._show(replace(self.state, board=replace(self.state.board, cut_off=True)))

    def _fail(self, notice: Notice) -> None:
        self._show(replace(self.state, busy="", notice=notice))

    @Slot(object)
    def tell(self, notice: Notice) -> None:
        """What has to be seen whichever page stands in the middle."""
        self._show(replace(self.state, notice=notice))

    def _say(self, text: str) -> None:
        self._show(replace(self.state, notice=Notice(text, Tone.ATTENTION)))

    def _show(self, state: QueueState) -> None:
        self.state = state
        self.state_changed.emit(state)
