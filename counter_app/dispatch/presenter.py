"""To which desk the accepted case is offered, and what became of today's offers. QtCore only."""

import logging
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal, Slot

from counter_app.commands import Commands, notice_of
from counter_app.dispatch.ports import DeskRow, DispatchDesk, Dispatched, OfferRow, OfferState
from counter_app.take_in.ports import CaseStage, CaseView
from counter_app.values import NO_NOTICE, CaseId, NewId
from counter_app.visit.open_cases import OpenCases
from ui.notice import Notice
from ui.runner import Runner
from ui.tokens import Tone

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DispatchState:
    """Everything the dispatch page draws. `case` is set while a case can be dispatched."""

    case: CaseView | None = None
    desks: tuple[DeskRow, ...] = ()
    at: int = 0
    offers: tuple[OfferRow, ...] = ()
    offer_at: int = 0
    busy: str = ""
    notice: Notice = NO_NOTICE

    @property
    def desk(self) -> DeskRow | None:
        return self.desks[self.at] if self.at < len(self.desks) else None


class DispatchPresenter(QObject):
    """Signals:
    state_changed: the new DispatchState.
    dispatched: a CaseId was offered.
    """

    state_changed = Signal(object)
    dispatched = Signal(object)

    def __init__(
        self,
        *,
        desk: DispatchDesk,
        cases: OpenCases,
        runner: Runner,
        new_id: NewId,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._runner = runner
        self._cases = cases
        self._commands = Commands(runner=runner, new_id=new_id)
        self.state = DispatchState()

    @Slot()
    def open(self) -> None:
        """Show the desks for the current case (accepted, or waiting for its pre-check) and today's offers."""
        case = self._cases.current
        stages = (CaseStage.ACCEPTED, CaseStage.TO_PRECHECK)
        ready = case if case is not None and case.stage in stages else None
        case_id = ready.case_id if ready is not None else None
        self._show(replace(self.state, case=ready, desks=(), at=0, notice=NO_NOTICE))

        def work() -> tuple[tuple[DeskRow, ...], tuple[OfferRow, ...]]:
            return (self._desk.desks(case_id) if case_id is not None else ()), self._desk.offers()

        def done(found: tuple[tuple[DeskRow, ...], tuple[OfferRow, ...]]) -> None:
            desks, offers = found
            at = next((i for i, row in enumerate(desks) if row.recommended), 0)
            self._show(replace(self.state, desks=desks, at=at, offers=offers))

        self._runner.submit(work, done, self._on_read_failed)

    @Slot(int)
    def move(self, step: int) -> None:
        last = max(len(self.state.desks) - 1, 0)
        self._show(replace(self.state, at=min(max(self.state.at + step, 0), last)))

    @Slot(int)
    def select(self, at: int) -> None:
        if 0 <= at < len(self.state.desks):
            self._show(replace(self.state, at=at))

    @Slot()
    def press_main(self) -> None:
        """F9: offer the case to the chosen desk."""
        case, desk = self.state.case, self.state.desk
        if case is None or desk is None:
            self._say(self.tr("当前没有待派的办件。"))
            return
        if not self._commands.ready(self.press_main):
            return
        case_id, desk_id = case.case_id, desk.desk_id
        busy = self.tr("正在派件")
        self._show(replace(self.state, busy=busy, notice=NO_NOTICE))

        def done(sent: Dispatched) -> None:
            new = {offer.case_id for offer in sent.offers}
            offers = (*sent.offers, *(row for row in self.state.offers if row.case_id not in new))
            notice = self._words(sent)
            self._show(replace(self.state, case=None, desks=(), offers=offers, busy="", notice=notice))
            self._runner.submit(self._desk.offers, self._on_offers, self._on_unread)
            self.dispatched.emit(case_id)

        self._commands.run(
            ("dispatch", case_id, desk_id),
            busy,
            lambda command_id: self._desk.dispatch(command_id, case_id, desk_id),
            done,
            self._fail,
        )

    @Slot(object)
    def press_withdraw(self, case_id: CaseId) -> None:
        """Take an offer back that nobody has taken."""
        if not self._commands.ready(self.press_withdraw, case_id):
            return
        busy = self.tr("正在撤回")
        self._show(replace(self.state, busy=busy, notice=NO_NOTICE))

        def done(_result: None) -> None:
            self._show(replace(self.state, busy=""))
            self.dispatched.emit(case_id)
            self.open()
            self._show(replace(self.state, notice=Notice(self.tr("已撤回，办件在本窗。"), Tone.DONE)))

        self._commands.run(
            ("withdraw", case_id),
            busy,
            lambda command_id: self._desk.withdraw_offer(command_id, case_id),
            done,
            self._fail,
        )

    def _words(self, sent: Dispatched) -> Notice:
        """Every unit by name; those that the county link keeps waiting in a sentence of their own."""
        there, waiting = (
            "、".join(
                dict.fromkeys(o.desk for o in sent.offers if (o.state is OfferState.WAITING_LINK) is late)
            )
            for late in (False, True)
        )
        text = ""
        if there:
            text = self.tr("已派往%1，对方接收前仍由本窗负责，可更正或撤回。").replace("%1", there)
        if waiting:
            late_text = self.tr("已派往%1。县中心网络未通，恢复后自动送达，不用再派。")
            text += late_text.replace("%1", waiting)
        if sent.left:
            text += self.tr("还没有派出：%1").replace("%1", "".join(sent.left))
        return Notice(text, Tone.ATTENTION if sent.left else Tone.DONE)

    def _on_offers(self, offers: tuple[OfferRow, ...]) -> None:
        self._show(replace(self.state, offers=offers))

    def _on_unread(self, error: Exception) -> None:
        """What was just sent stands in the list already, and the notice about it must stay."""
        log.warning("offers not read again: %s", type(error).__name__)

    def _on_read_failed(self, error: Exception) -> None:
        self._show(replace(self.state, notice=notice_of(error)))

    def _fail(self, notice: Notice) -> None:
        self._show(replace(self.state, busy="", notice=notice))

    def _say(self, text: str) -> None:
        self._show(replace(self.state, notice=Notice(text, Tone.ATTENTION)))

    def _show(self, state: DispatchState) -> None:
        self.state = state
        self.state_changed.emit(state)
