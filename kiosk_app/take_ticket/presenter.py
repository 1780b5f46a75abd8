"""Taking a number: by question, matter, zone or ID card. Steps are data; QtCore only."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import UUID

from PySide6.QtCore import QObject, Signal, Slot

from kiosk_app.asking import Asker
from kiosk_app.card_poller import CardPoller
from kiosk_app.letter_search import LetterSearch
from kiosk_app.ports import (
    Booking,
    Guide,
    HallUnreachable,
    IdCard,
    IssuedTicket,
    IssueRequest,
    KioskHall,
    Matter,
    PriorityGroup,
    Question,
    SlipState,
    Zone,
)
from kiosk_app.take_ticket.printing import SlipDesk, SlipReport
from ui.notice import Notice
from ui.runner import Runner

MOST_REPRINTS = 2
"""Slips that a person may have printed again at a kiosk, each marked 补打; more only with staff at hand."""


class Step(StrEnum):
    """Which page of the flow is up."""

    CARD = "card"
    QUESTIONS = "questions"
    MATTERS = "matters"
    ZONES = "zones"
    BRING = "bring"
    RESULT = "result"


@dataclass(frozen=True, slots=True)
class TakeTicketState:
    """Everything the view draws. matters: the list on offer; zone: the one it belongs to, if any."""

    step: Step = Step.QUESTIONS
    busy: bool = False
    loading: bool = False
    notice: Notice | None = None
    questions: tuple[Question, ...] = ()
    matters: tuple[Matter, ...] = ()
    search: LetterSearch = field(default_factory=LetterSearch)
    zones: tuple[Zone, ...] = ()
    zone: Zone | None = None
    groups: tuple[PriorityGroup, ...] = ()
    priority: str = ""
    asks_priority: bool = False
    guide: Guide | None = None
    card: IdCard | None = field(default=None, repr=False)
    card_fault: bool = False
    booking: Booking | None = None
    corrects: bool = False
    """The person brings what a correction notice asked for."""
    ticket: IssuedTicket | None = None
    slip: SlipReport = field(default_factory=SlipReport)
    slips_out: int = 0
    """Slips of this number that came out, as far as the printer says."""

    @property
    def may_reprint(self) -> bool:
        """One more slip may be asked for; one that did not come out does not count."""
        return self.slips_out <= MOST_REPRINTS

    @property
    def can_take(self) -> bool:
        """The BRING page leads to a number (not so for what is handled elsewhere)."""
        return self.guide is None or not self.guide.matter.elsewhere


class TakeTicketPresenter(QObject):
    """One person's way to a number.

    One request id is made when the flow is entered and kept until a ticket has come, so a double tap, a retry
    after an error and a lost answer all lead to the same ticket.

    Signals:
        state_changed: the new TakeTicketState.
    """

    state_changed = Signal(object)

    def __init__(
        self,
        *,
        hall: KioskHall,
        desk: SlipDesk,
        cards: CardPoller,
        runner: Runner,
        new_id: Callable[[], UUID],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._hall = hall
        self._desk = desk
        self._cards = cards
        self._new_id = new_id
        self._asker = Asker(runner, self._failed)
        self._request_id = new_id()
        self._before: list[TakeTicketState] = []
        self.state = TakeTicketState()
        desk.report_changed.connect(self._slip_changed)

    # -- the page among pages

    def enter(self) -> None:
        """Start from the person's questions."""
        self._begin(TakeTicketState(loading=True))
        self._asker.ask(lambda: (self._hall.questions(), self._hall.priority_groups()), self._have_questions)

    def enter_by_card(self) -> None:
        """Start by looking for an ID card."""
        self._begin(TakeTicketState(step=Step.CARD))
        self._cards.card_read.connect(self._have_card)
        self._cards.fault_changed.connect(self._card_fault)
        self._cards.start()

    def enter_for(self, guide: Guide) -> None:
        """Start with a matter whose guide the person has just read."""
        self._bring(TakeTicketState(step=Step.BRING, guide=guide, loading=True))

    def enter_correction(self) -> None:
        """Start with papers for a case that was taken in earlier."""
        self._bring(TakeTicketState(step=Step.BRING, corrects=True, loading=True))

    def back(self) -> bool:
        """One step back; False when this was the first, or the number is out."""
        if self.state.busy:
            return True
        if not self._before or self.state.step is Step.RESULT:
            return False
        self._asker.forget()
        self._show(replace(self._before.pop(), busy=False, loading=False, notice=None))
        return True

    def reset(self) -> None:
        """Forget the person."""
        self._leave_cards()
        self._asker.forget()
        self._desk.forget()
        self._before.clear()
        self._show(TakeTicketState())

    # -- choosing

    @Slot(object)
    def choose_question(self, question: Question) -> None:
        """One matter behind it: straight to what to bring; several: ask which."""
        if len(question.item_ids) == 1:
            self._load_guide(question.item_ids[0])
            return
        wanted = set(question.item_ids)
        self._load(lambda: tuple(m for m in self._hall.matters() if m.item_id in wanted), self._have_matters)

    @Slot()
    def show_matters(self) -> None:
        """The list of all matters."""
        self._load(self._hall.matters, self._have_matters)

    @Slot()
    def show_zones(self) -> None:
        """The zones of this hall with how busy they are."""
        self._load(self._hall.zones, self._have_zones)

    @Slot(object)
    def choose_zone(self, zone: Zone) -> None:
        """The matters of one zone."""
        self._load(lambda: self._hall.matters(zone.no), lambda matters: self._have_matters(matters, zone))

    @Slot()
    def toggle_letters(self) -> None:
        """Show the letter keys over the list, or put them away."""
        self._show(replace(self.state, search=self.state.search.toggled()))

    @Slot(str)
    def type_letters(self, text: str) -> None:
        """What the field of the list holds now."""
        if self.state.search.letters is not None:
            self._show(replace(self.state, search=LetterSearch(text)))

    @Slot(object)
    def choose_matter(self, matter: Matter) -> None:
        """What to bring for it."""
        self._load_guide(matter.item_id)

    @Slot()
    def zone_only(self) -> None:
        """A number for the zone without naming a matter."""
        if self.state.zone is not None:
            self._forward(replace(self.state, step=Step.BRING, guide=None, booking=None))

    @Slot(str)
    def toggle_priority(self, key: str) -> None:
        """Choose a priority group, or none by choosing it again."""
        self._show(replace(self.state, priority="" if self.state.priority == key else key))

    @Slot()
    def ask_priority(self) -> None:
        """Show the groups that are served first, or put them away together with the choice."""
        self._show(replace(self.state, asks_priority=not self.state.asks_priority, priority=""))

    @Slot()
    def choose_other(self) -> None:
        """With a card on the reader but another wish than the booking: ask for the matter."""
        self._load(
            lambda: (self._hall.questions(), self._hall.priority_groups()),
            lambda found: self._forward(
                replace(self.state, step=Step.QUESTIONS, questions=found[0], groups=found[1], booking=None)
            ),
        )

    # -- the number

    @Slot()
    def take(self) -> None:
        """Ask for the number. A second press while busy or after the ticket has come does nothing."""
        state = self.state
        if state.busy or state.ticket is not None or not state.can_take:
            return
        request = self._request()
        if request is None:
            return
        self._show(replace(state, busy=True, notice=None))
        self._asker.ask(lambda: self._hall.issue(request), self._have_ticket)

    @Slot()
    def reprint(self) -> None:
        """Print the slip of the same number again, because a person asked for it; never by itself."""
        if self.state.ticket is not None and self.state.may_reprint:
            self._desk.print_ticket(self.state.ticket, reprint=True)

    def _request(self) -> IssueRequest | None:
        state = self.state
        common = {"priority": state.priority, "card": state.card}
        if state.booking is not None:
            booking = state.booking
            return IssueRequest(
                self._request_id, booking.zone_no, booking_id=booking.booking_id, card=state.card
            )
        if state.guide is not None:
            matter = state.guide.matter
            return IssueRequest(self._request_id, matter.zone_no, matter.item_id, **common)  # type: ignore[arg-type]
        if state.corrects:
            return IssueRequest(self._request_id, "", corrects=True, **common)  # type: ignore[arg-type]
        if state.zone is not None:
            return IssueRequest(self._request_id, state.zone.no, **common)  # type: ignore[arg-type]
        return None

    # -- answers

    def _have_questions(self, found: tuple[tuple[Question, ...], tuple[PriorityGroup, ...]]) -> None:
        self._show(replace(self.state, loading=False, questions=found[0], groups=found[1]))

    def _have_matters(self, matters: tuple[Matter, ...], zone: Zone | None = None) -> None:
        self._forward(
            replace(self.state, step=Step.MATTERS, matters=matters, search=LetterSearch(), zone=zone)
        )

    def _have_zones(self, zones: tuple[Zone, ...]) -> None:
        self._forward(replace(self.state, step=Step.ZONES, zones=zones))

    def _have_guide(self, guide: Guide) -> None:
        self._forward(replace(self.state, step=Step.BRING, guide=guide, booking=None))

    def _have_ticket(self, ticket: IssuedTicket) -> None:
        self._before.clear()
        self._show(replace(self.state, step=Step.RESULT, busy=False, ticket=ticket, notice=None))
        self._desk.print_ticket(ticket)

    @Slot(object)
    def _have_card(self, card: IdCard) -> None:
        self._leave_cards()
        self._show(replace(self.state, card=card, loading=True, card_fault=False))
        self._asker.ask(lambda: self._booking_if_known(card), self._have_booking)

    def _booking_if_known(self, card: IdCard) -> Booking | None:
        try:
            return self._hall.booking(card)
        except HallUnreachable:
            # bookings lie at the node; without it the person still gets a number
            return None

    def _have_booking(self, booking: Booking | None) -> None:
        self._show(replace(self.state, loading=False))
        if booking is None:
            self.choose_other()
            return
        self._forward(replace(self.state, step=Step.BRING, booking=booking, guide=None))

    @Slot(bool)
    def _card_fault(self, faulty: bool) -> None:
        self._show(replace(self.state, card_fault=faulty))

    @Slot(object)
    def _slip_changed(self, report: SlipReport) -> None:
        if self.state.ticket is None:
            return
        came_out = report.state in (SlipState.PRINTED, SlipState.UNCONFIRMED)
        # the same report comes again once staff have been told
        fresh = came_out and self.state.slip.state is SlipState.PRINTING
        self._show(replace(self.state, slip=report, slips_out=self.state.slips_out + fresh))

    # -- inside

    def _begin(self, state: TakeTicketState) -> None:
        self.reset()
        self._request_id = self._new_id()
        self._show(state)

    def _bring(self, state: TakeTicketState) -> None:
        self._begin(state)
        self._asker.ask(
            self._hall.priority_groups,
            lambda groups: self._show(replace(self.state, loading=False, groups=groups)),
        )

    def _load(self, work: "Callable[[], object]", done: "Callable[..., None]") -> None:
        if self.state.busy or self.state.loading:
            return
        self._show(replace(self.state, loading=True, notice=None))
        self._asker.ask(work, done)

    def _load_guide(self, item_id: str) -> None:
        self._load(lambda: self._hall.guide(item_id), self._have_guide)

    def _forward(self, state: TakeTicketState) -> None:
        if self.state.step is not Step.CARD:
            self._before.append(self.state)
        self._show(replace(state, loading=False, notice=None))

    def _failed(self, notice: Notice) -> None:
        self._show(replace(self.state, busy=False, loading=False, notice=notice))

    def _leave_cards(self) -> None:
        if self.state.step is Step.CARD:
            self._cards.stop()
            self._cards.card_read.disconnect(self._have_card)
            self._cards.fault_changed.disconnect(self._card_fault)

    def _show(self, state: TakeTicketState) -> None:
        self.state = state
        self.state_changed.emit(state)
