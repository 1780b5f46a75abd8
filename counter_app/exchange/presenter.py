"""The page about the exchange, read again while it is looked at. QtCore only."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal, Slot

from counter_app.commands import notice_of
from counter_app.exchange.ports import ExchangeBoard, ExchangeDesk, Weight
from counter_app.status.ports import Health
from counter_app.values import NO_NOTICE
from counter_app.visit.state import Page, VisitState
from ui.notice import Notice
from ui.runner import Runner
from ui.tokens import Tone

_TONES = {Weight.CALM: Tone.INFO, Weight.LOOK: Tone.ATTENTION, Weight.ACT: Tone.WRONG}


@dataclass(frozen=True, slots=True)
class ExchangeState:
    """`board` is None until it was read once; `summary` is the one line that a clerk needs."""

    board: ExchangeBoard | None = None
    summary: Notice = NO_NOTICE
    at: int = 0


class ExchangePresenter(QObject):
    """Signals:
    state_changed: the new ExchangeState.
    """

    state_changed = Signal(object)

    def __init__(self, *, desk: ExchangeDesk, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._runner = runner
        self._looked_at = False
        self._reading = False
        self.state = ExchangeState()

    @Slot()
    def open(self) -> None:
        self._show(ExchangeState(summary=Notice(self.tr("正在查看"), Tone.PLAIN)))
        self._read()

    @Slot()
    def refresh(self) -> None:
        """While the page is looked at."""
        if self._looked_at:
            self._read()

    @Slot(object)
    def follow_visit(self, visit: VisitState) -> None:
        self._looked_at = visit.page is Page.EXCHANGE

    @Slot(int)
    def move(self, step: int) -> None:
        self.select(self.state.at + step)

    @Slot(int)
    def select(self, at: int) -> None:
        last = len(self.state.board.concerns) - 1 if self.state.board is not None else 0
        self._show(replace(self.state, at=min(max(at, 0), max(last, 0))))

    def _read(self) -> None:
        if self._reading:
            return
        self._reading = True
        self._runner.submit(self._desk.exchange, self._on_read, self._on_failed)

    def _on_read(self, board: ExchangeBoard) -> None:
        self._reading = False
        at = min(self.state.at, max(len(board.concerns) - 1, 0))
        self._show(ExchangeState(board, self._summary(board), at))

    def _on_failed(self, error: Exception) -> None:
        self._reading = False
        self._show(replace(self.state, summary=notice_of(error)))

    def _summary(self, board: ExchangeBoard) -> Notice:
        grave = [c.weight for c in board.concerns if c.weight is not Weight.CALM]
        if not board.concerns:
            return self._quiet(board)
        if not grave:
            return Notice(self.tr("都存在本机，照常办理；下面的会自己完成，不用做什么。"), Tone.INFO)
        text = self.tr("有 %1 件事要有人处理，最要紧的在最上面。").replace("%1", str(len(grave)))
        return Notice(text, _TONES[Weight.ACT if Weight.ACT in grave else Weight.LOOK])

    def _quiet(self, board: ExchangeBoard) -> Notice:
        """Nothing is old or grave enough for the list; it agrees all the same with the places drawn below it."""
        away = [s.name for s in board.stations if s.health in (Health.FAULT, Health.ATTENTION)]
        if away:
            text = self.tr("%1刚断开：内容都存在本机，照常办理，连上后自动送到。")
            return Notice(text.replace("%1", "、".join(away)), Tone.ATTENTION)
        if any(leg.waiting for leg in board.legs):
            return Notice(self.tr("刚办的正在送，一会儿就到，不用做什么。"), Tone.INFO)
        if board.stations[1].health is Health.UNKNOWN:
            return Notice(self.tr("正在连接，内容都存在本机。"), Tone.INFO)
        return Notice(self.tr("都已送到，没有要处理的。"), Tone.DONE)

    def _show(self, state: ExchangeState) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)
