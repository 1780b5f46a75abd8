"""One visit: which page stands in the middle, which key does what there, what comes next. QtCore only."""

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from counter_app.commands import notice_of
from counter_app.find.ports import FoundKind, FoundRow
from counter_app.keys import Action
from counter_app.outcome.ports import Act
from counter_app.ports import HallDesk
from counter_app.queue_panel.ports import TicketOutcome, TicketRow
from counter_app.take_in.ports import CaseStage, CaseView
from counter_app.take_in.state import Step, first_step
from counter_app.values import CaseId, ItemId, TicketId
from counter_app.visit import next_steps
from counter_app.visit.confirming import card_read, commits, entered, printed
from counter_app.visit.enlarging import open_large
from counter_app.visit.leaving import Leaving
from counter_app.visit.mirror import filing_of
from counter_app.visit.open_cases import OpenCases
from counter_app.visit.shooting import shot_from
from counter_app.visit.slices import Slices
from counter_app.visit.state import PAGE_OF, Page, VisitState
from counter_app.visit.step_guard import StepGuard
from counter_app.visit.writing import taken_by_writing
from ui.runner import Runner

log = logging.getLogger(__name__)


class VisitPresenter(QObject):
    """Signals:
    state_changed: the new VisitState.
    queue_list_wanted, slip_wanted: put the focus there. lock_wanted: Ctrl+Q.
    """

    state_changed = Signal(object)
    queue_list_wanted = Signal()
    slip_wanted = Signal()
    lock_wanted = Signal()
    _case_in = Signal(object)

    def __init__(
        self,
        *,
        slices: Slices,
        desk: HallDesk,
        cases: OpenCases,
        runner: Runner,
        guard: StepGuard,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._s = slices
        self._guard = guard
        self._desk = desk
        self._cases = cases
        self._runner = runner
        self._leaving = Leaving(desk, cases, slices, runner, self.ticket_id)
        self._before_capture = self._before_help = Page.HOME
        self.state = VisitState()
        self._connect()

    def _connect(self) -> None:
        s = self._s
        s.queue.starting.connect(self._on_starting)
        s.queue.started.connect(self._on_started)
        s.queue.serving_seen.connect(self._take_up)
        s.queue.start_failed.connect(self.leave)
        s.queue.finished.connect(self.leave)
        s.outcome.received.connect(self._on_received)
        s.outcome.acted.connect(self._on_acted)
        s.dispatch.dispatched.connect(self.refresh_case)
        s.capture.finished.connect(self._on_captured)
        s.delivery.signature_wanted.connect(s.citizen.ask_sign)
        s.delivery.handed_over.connect(self._on_handed_over)
        s.rating.screen_wanted.connect(s.citizen.ask_rate)
        s.rating.screen_done.connect(s.citizen.stop_asking)
        s.citizen.signed.connect(s.delivery.signed)
        s.citizen.rated.connect(s.rating.answer_on_screen)
        s.citizen.confirmed.connect(self._on_confirmed)
        s.find.chosen.connect(self._on_found)
        self._cases.changed.connect(self._on_cases)
        self._case_in.connect(self._cases.put)
        for presenter in (
            s.queue, s.take_in, s.materials, s.capture, s.outcome, s.dispatch, s.corrections, s.delivery, s.stand_in,
            s.lost_case,
        ):  # fmt: skip
            presenter.state_changed.connect(self._follow)

    def ticket_id(self) -> TicketId | None:
        """The ticket being served, for slices that need it."""
        return self.state.ticket.ticket_id if self.state.ticket is not None else None

    @Slot(object)
    def act(self, action: Action) -> None:
        """A key, or the button that shows it."""
        if self._s.enlarge.takes(action) or taken_by_writing(self.state.page, self._s, action):
            return
        if action is not Action.MAIN:
            self._guard.lets(action)
            self._show(replace(self.state, too_early=False))
        self._do(action)

    def _do(self, action: Action) -> None:
        s = self._s
        if s.find.state.open and action not in (Action.BACK, Action.FIND):
            s.find.close()
        presses: dict[Action, Callable[[], object]] = {
            Action.CALL_NEXT: s.queue.press_call_next,
            Action.RECALL: s.queue.press_recall,
            Action.MISS: s.queue.press_miss,
            Action.START: s.queue.press_start,
            Action.HOLD: s.queue.press_hold,
            Action.DONE: lambda: self._leaving.press(s.queue.press_done),
            Action.TRANSFER: lambda: self._leaving.press(s.queue.press_transfer),
            Action.RATE: s.rating.press_ask,
            Action.FIND: s.find.open,
            Action.ENLARGE: lambda: open_large(self.state.page, self._cases.current, s, self._desk),
            Action.NEXT_CASE: s.take_in.press_next_case,
            Action.AGENT: s.take_in.press_agent,
            Action.QUEUE_LIST: self.queue_list_wanted.emit,
            Action.SLIP: self.slip_wanted.emit,
            Action.LOCK: self.lock_wanted.emit,
            Action.HELP: self._toggle_help,
            Action.MAIN: self._main,
            Action.BACK: self._back,
            Action.CAPTURE: self._capture,
            Action.NOTICE: self._notice,
            Action.PRINT: printed(self.state.page, s),
            Action.NEW_CASE: self._new_case,
            Action.READ_CARD: card_read(self.state.page, s),
            Action.CITIZEN_SIGN: self._citizen,
            **{action: partial(self._go, page) for action, page in PAGE_OF.items()},
        }
        presses[action]()

    @Slot()
    def enter(self) -> None:
        """Enter, or a click on a line, where that confirms something; held back like F9."""
        if (press := entered(self.state.page, self._s)) is not None and self._lets("enter"):
            press()

    @Slot()
    def step_painted(self) -> None:
        """The clerk can see what F9 would do now."""
        self._guard.painted()

    @Slot(str)
    def scanned(self, code: str) -> None:
        """A code from a scanner: a slip when nobody is served, else a case code brought along."""
        self._s.enlarge.close()
        if self.state.ticket is None and self._s.queue.state.current is None:
            self._s.queue.press_slip(code)
        else:
            self._go(Page.CORRECTIONS)
            self._s.corrections.scanned(code)

    @Slot()
    def hide_person(self) -> None:
        """The screen was locked: the camera stops and the citizen screen shows nobody."""
        self._s.capture.press_close()
        self._s.citizen.welcome(self.state.ticket.number if self.state.ticket is not None else "")

    @Slot()
    def come_back(self) -> None:
        """Unlocked: the case may have been taken by another window meanwhile."""
        self._s.queue.refresh()
        self._on_cases()
        for case in self._cases.all:
            self.refresh_case(case.case_id)

    # -- keys that depend on the page ----------------------------------------------------------------------

    def _lets(self, key: str) -> bool:
        self._show(replace(self.state, too_early=not self._guard.lets(key)))
        return not self.state.too_early

    def _main(self) -> None:
        if not self._lets("main"):
            return
        s = self._s
        presses: dict[Page, Callable[[], object]] = {
            Page.TAKE_IN: self._main_in_take_in, Page.CAPTURE: s.capture.press_close,
            Page.DISPATCH: s.dispatch.press_main, Page.CORRECTIONS: s.corrections.press_main,
            Page.DELIVERY: s.delivery.press_main, Page.EXCHANGE: s.exchange.refresh,
            Page.STAND_IN: s.stand_in.press_main, Page.LOST_CASE: s.lost_case.press_main,
            Page.HELP: self._toggle_help,
        }  # fmt: skip
        presses.get(self.state.page, lambda: None)()

    def _main_in_take_in(self) -> None:
        state = self._s.take_in.state
        case = state.case
        if case is None or state.step < Step.REVIEW:
            self._s.take_in.press_main()
        elif state.step is Step.REVIEW:
            self._s.outcome.press_receive()
        elif next_steps.goes_to_desk(case.stage, self._s.outcome.state):
            self._go(Page.DISPATCH)
        else:
            self._s.outcome.press_main()

    def _back(self) -> None:
        s = self._s
        if s.find.state.open:
            s.find.close()
        elif s.queue.state.choice is not None:
            s.queue.drop_choice()
        elif self.state.page is Page.HELP:
            self._toggle_help()
        elif self.state.page is Page.CAPTURE:
            s.capture.press_close()
        elif self.state.page is Page.TAKE_IN and self.state.ticket is None and self._cases.all:
            # a case that was looked up between two visits is put down again
            self._cases.replace_all(())
            self._go(Page.HOME)
        elif self.state.page is Page.TAKE_IN:
            if not s.materials.press_back():
                s.take_in.press_back()
        elif self.state.page is Page.DELIVERY and s.delivery.press_back():
            s.citizen.stop_asking()
        elif self.state.page is not Page.HOME:
            self._go(Page.TAKE_IN if self._cases.all else Page.HOME)

    def _capture(self) -> None:
        page = self.state.page
        if page is Page.CAPTURE:
            self._s.capture.press_shoot()
            return
        target = shot_from(page, self._cases.current, self._s, self._desk, self._case_in.emit)
        if target is not None:
            self._before_capture = page
            self._go(Page.CAPTURE)
            self._s.capture.open(*target)

    def _notice(self) -> None:
        case = self._cases.current
        if self.state.page is not Page.TAKE_IN or case is None:
            return
        if case.stage is not CaseStage.DRAFT:
            self._s.take_in.go(Step.OUTCOME)
        self._s.outcome.press_notice()

    def _new_case(self) -> None:
        self._go(Page.TAKE_IN)
        self._s.take_in.press_new_case()

    def _citizen(self) -> None:
        if self.state.page is Page.DELIVERY:
            self._s.delivery.press_sign()
        elif self._cases.current is not None:
            self._s.citizen.ask_confirm()

    def _toggle_help(self) -> None:
        if self.state.page is Page.HELP:
            self._show(replace(self.state, page=self._before_help))
            self._follow(None)
        elif self.state.page is not Page.CAPTURE:
            self._before_help = self.state.page
            self._go(Page.HELP)

    # -- what happened in the slices -----------------------------------------------------------------------

    def _on_starting(self) -> None:
        self._s.take_in.prepare()
        self._go(Page.TAKE_IN)

    def _take_up(self, ticket: TicketRow) -> None:
        """Somebody is being served whom the screen does not know: after a restart, or a lost answer to F5."""
        if self.state.ticket is None:
            self._on_started(ticket)

    def _on_started(self, ticket: TicketRow) -> None:
        s = self._s
        self._show(replace(self.state, ticket=ticket))
        s.queue.expect_outcome(TicketOutcome.CONSULT)
        s.delivery.forget()
        s.citizen.welcome(ticket.number)
        self._cases.await_visit()
        s.take_in.begin(ticket.ticket_id, ticket.item_ids)
        # last: a question asked again must not be covered by the greeting or the filing
        s.rating.begin_visit(ticket.ticket_id)
        self._go(Page.TAKE_IN)

    def leave(self) -> None:
        """The visit is over, or the window was closed: nothing of it stays on the screen."""
        s = self._s
        if self.state.page is Page.CAPTURE:
            s.capture.press_close()
        self._show(replace(self.state, ticket=None))
        s.rating.begin_visit()
        s.take_in.end()
        s.delivery.forget()
        s.citizen.welcome()
        self._go(Page.HOME)

    def _on_received(self, case_id: CaseId) -> None:
        if self._cases.current is not None and self._cases.current.case_id == case_id:
            self._s.take_in.go(Step.OUTCOME)

    def _on_acted(self, _case_id: CaseId, act: Act) -> None:
        if act in (Act.ACCEPT, Act.ACCEPT_TOLERANT, Act.GRANT, Act.DENY):
            self._s.queue.expect_outcome(TicketOutcome.ACCEPTED)

    @Slot(object)
    def refresh_case(self, case_id: CaseId) -> None:
        """Something changed a case elsewhere: read it again when it is open here."""
        if self._cases.holds(case_id):
            self._runner.submit(lambda: self._desk.case(case_id), self._put_if_open, self._on_unread)
        elif self.state.page is Page.DELIVERY:
            self._s.delivery.refresh()

    def _put_if_open(self, case: CaseView) -> None:
        if self._cases.holds(case.case_id):
            self._cases.put(case)

    def _on_unread(self, error: Exception) -> None:
        """The screen keeps what it had; the next change or command reads again."""
        log.warning("case not read again: %s", type(error).__name__)

    def _on_captured(self) -> None:
        slot = self._s.capture.state.slot
        if slot is not None and self._before_capture is Page.TAKE_IN:
            self._s.materials.select_material(slot.material_id)
        self._go(self._before_capture)

    def _on_handed_over(self, _delivery_id: object) -> None:
        self._s.queue.expect_outcome(TicketOutcome.PICKUP)

    def _on_confirmed(self, right: bool) -> None:
        take_in = self._s.take_in
        (take_in.citizen_confirmed if right else take_in.citizen_objected)()

    def _on_found(self, row: FoundRow) -> None:
        match row.kind:
            case FoundKind.COMMAND:
                self._do(Action(row.key))
            case FoundKind.ITEM:
                self._go(Page.TAKE_IN)
                self._s.take_in.open_item(ItemId(row.key))
            case FoundKind.CASE:
                self._runner.submit(lambda: self._desk.find_case(row.key), self.show_known, self._on_unfound)
            case FoundKind.PERSON:
                self._go(Page.DELIVERY)
                self._s.delivery.edit_text(row.title)

    def show_known(self, case: CaseView) -> None:
        """A case from earlier: its correction is taken in as an errand, else it is worked on here."""
        if case.stage is CaseStage.CORRECTION:
            self._go(Page.CORRECTIONS)
            self._s.corrections.scanned(case.case_no)
            return
        self._cases.put(case, select=True)
        self._go(Page.TAKE_IN)
        # a draft goes on where it was left, e.g. after the PC had lost its power
        self._s.take_in.go(first_step(case))

    def _on_unfound(self, error: Exception) -> None:
        self._s.queue.tell(notice_of(error))

    def _on_cases(self) -> None:
        case = self._cases.current
        if case is not None:
            self._s.citizen.mirror(filing_of(case))
        self._follow(None)

    # -- drawing -------------------------------------------------------------------------------------------

    def _go(self, page: Page) -> None:
        if self.state.page is Page.CAPTURE and page is not Page.CAPTURE:
            self._s.capture.press_close()
        self._s.stand_in.close()
        self._s.lost_case.close()
        opens: dict[Page, Callable[[], None]] = {
            Page.DISPATCH: self._s.dispatch.open, Page.DELIVERY: self._s.delivery.open,
            Page.CORRECTIONS: lambda: self._s.corrections.open(self._cases.to_correct),
            Page.EXCHANGE: self._s.exchange.open, Page.STAND_IN: self._s.stand_in.open,
            Page.LOST_CASE: self._s.lost_case.open,
        }  # fmt: skip
        opens.get(page, lambda: None)()
        self._show(replace(self.state, page=page, too_early=False))
        self._follow(None)

    def _follow(self, _state: object) -> None:
        """Any slice changed: what comes next may be another thing."""
        standing = commits(self.state.page, self._s)
        self._guard.stand(standing)
        shown = next_steps.next_step(self.state.page, self._s)
        leads = not (shown.leads or self._leaving.left())
        self._show(replace(self.state, next_step=shown, queue_leads=leads, standing=standing))

    def _show(self, state: VisitState) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)
