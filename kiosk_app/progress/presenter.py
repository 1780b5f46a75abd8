"""How far a case has come, by the code on a paper or by ID card."""

from dataclasses import dataclass, field, replace

from PySide6.QtCore import QObject, Signal, Slot

from kiosk_app.asking import Asker, notice_for
from kiosk_app.card_poller import CardPoller
from kiosk_app.ports import IdCard, KioskHall, ProgressQuery, ProgressRow, Refused
from kiosk_app.typed import query_from
from ui.notice import Notice
from ui.runner import Runner


@dataclass(frozen=True, slots=True)
class ProgressState:
    """Everything the view draws. rows None: nothing asked yet; (): asked, nothing found."""

    typed: str = field(default="", repr=False)
    busy: bool = False
    notice: Notice | None = None
    card_fault: bool = False
    rows: tuple[ProgressRow, ...] | None = None


class ProgressPresenter(QObject):
    """Asks once, shows masked rows.

    Signals:
        state_changed: the new ProgressState.
    """

    state_changed = Signal(object)

    def __init__(
        self, *, hall: KioskHall, cards: CardPoller, runner: Runner, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._hall = hall
        self._cards = cards
        self._asker = Asker(runner, self._failed)
        self._listening = False
        self.state = ProgressState()

    def enter(self) -> None:
        """Ask for a code or a card."""
        self.reset()
        self._listen(True)

    def back(self) -> bool:
        """From the rows to the question."""
        if self.state.rows is None:
            return False
        self.enter()
        return True

    def reset(self) -> None:
        """Forget the person."""
        self._listen(False)
        self._asker.forget()
        self._show(ProgressState())

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
    def _have_card(self, card: IdCard) -> None:
        self._look_up(ProgressQuery(id_number=card.id_number))

    @Slot(bool)
    def _card_fault(self, faulty: bool) -> None:
        self._show(replace(self.state, card_fault=faulty))

    def _look_up(self, query: ProgressQuery) -> None:
        if self.state.busy:
            return
        self._show(replace(self.state, busy=True, notice=None))
        self._asker.ask(lambda: self._hall.progress(query), self._found)

    def _found(self, rows: tuple[ProgressRow, ...]) -> None:
        self._listen(False)
        self._show(ProgressState(rows=rows))

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

    def _show(self, state: ProgressState) -> None:
        self.state = state
        self.state_changed.emit(state)
