"""A late rating: find the service by the code on the slip or by ID card, then rate it once."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import UUID

from PySide6.QtCore import QObject, Signal, Slot

from kiosk_app.asking import Asker, notice_for
from kiosk_app.card_poller import CardPoller
from kiosk_app.ports import IdCard, KioskHall, ProgressQuery, RateableService, RateRequest, Refused
from kiosk_app.typed import query_from
from ui.notice import Notice
from ui.runner import Runner
from ui.tokens import Tone


class RateStep(StrEnum):
    """Which page of the flow is up."""

    ENTER = "enter"
    SERVICES = "services"
    RATE = "rate"
    THANKS = "thanks"


@dataclass(frozen=True, slots=True)
class RateState:
    """Everything the view draws."""

    step: RateStep = RateStep.ENTER
    typed: str = field(default="", repr=False)
    busy: bool = False
    notice: Notice | None = None
    card_fault: bool = False
    services: tuple[RateableService, ...] = ()
    service: RateableService | None = None


class RatePresenter(QObject):
    """One rating. Its request id is kept over retries, so a rating counts once.

    Signals:
        state_changed: the new RateState.
    """

    state_changed = Signal(object)

    def __init__(
        self,
        *,
        hall: KioskHall,
        cards: CardPoller,
        runner: Runner,
        new_id: Callable[[], UUID],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._hall = hall
        self._cards = cards
        self._new_id = new_id
        self._asker = Asker(runner, self._failed)
        self._request_id = new_id()
        self._listening = False
        self.state = RateState()

    def enter(self) -> None:
        """Ask for a code or a card."""
        self.reset()
        self._listen(True)

    def back(self) -> bool:
        """One step back; False from the first and the last."""
        if self.state.busy:
            return True
        if self.state.step is RateStep.RATE and len(self.state.services) > 1:
            self._show(replace(self.state, step=RateStep.SERVICES, service=None, notice=None))
            return True
        if self.state.step in (RateStep.RATE, RateStep.SERVICES):
            self.enter()
            return True
        return False

    def reset(self) -> None:
        """Forget the person."""
        self._listen(False)
        self._asker.forget()
        self._show(RateState())

    @Slot(str)
    def type_text(self, text: str) -> None:
        """The field's content has changed; checked only on submit()."""
        self._show(replace(self.state, typed=text))

    @Slot()
    def submit(self) -> None:
        """Look up what was typed."""
        try:
            self._look_up(query_from(self.state.typed))
        except Refused as refusal:
            self._failed(notice_for(refusal))

    @Slot(object)
    def choose(self, service: RateableService) -> None:
        """Rate this service."""
        self._request_id = self._new_id()
        self._show(replace(self.state, step=RateStep.RATE, service=service, notice=None))

    def rate(self, level: str, reasons: tuple[int, ...], anonymous: bool) -> None:
        """Send the rating; ignored while busy."""
        service = self.state.service
        if self.state.busy or self.state.step is not RateStep.RATE or service is None:
            return
        request = RateRequest(self._request_id, service.service_id, level, reasons, anonymous)
        self._show(replace(self.state, busy=True, notice=None))
        self._asker.ask(lambda: self._hall.rate(request), self._rated)

    @Slot(object)
    def _have_card(self, card: IdCard) -> None:
        self._look_up(ProgressQuery(id_number=card.id_number))

    @Slot(bool)
    def _card_fault(self, faulty: bool) -> None:
        self._show(replace(self.state, card_fault=faulty))

    def _look_up(self, query: ProgressQuery) -> None:
        if self.state.busy:
            return
        self._show(replace(self.state, busy=True, notice=None))
        self._asker.ask(lambda: self._hall.services_to_rate(query), self._found)

    def _found(self, services: tuple[RateableService, ...]) -> None:
        if not services:
            text = self.tr("没有找到可以评价的服务：可能还没有办完，或者已经评价过了。每次服务评价一次。")
            self._failed(Notice(text, Tone.INFO))
            return
        self._listen(False)
        self._show(RateState(step=RateStep.SERVICES, services=services))
        if len(services) == 1:
            self.choose(services[0])

    def _rated(self, _: None) -> None:
        self._show(RateState(step=RateStep.THANKS, service=self.state.service))

    def _failed(self, notice: Notice) -> None:
        self._show(replace(self.state, busy=False, notice=notice))
        if self._listening:
            self._cards.start()

    def _listen(self, wanted: bool) -> None:
        if wanted == self._listening:
            return
        self._listening = wanted
        if wanted:
            self._cards.card_read.connect(self._have_card)
            self._cards.fault_changed.connect(self._card_fault)
            self._cards.start()
        else:
            self._cards.stop()
            self._cards.card_read.disconnect(self._have_card)
            self._cards.fault_changed.disconnect(self._card_fault)

    def _show(self, state: RateState) -> None:
        self.state = state
        self.state_changed.emit(state)
