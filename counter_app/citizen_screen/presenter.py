"""What the citizen sees on the second monitor, in plain words. QtCore only; no name of anyone but the sitter's."""

from dataclasses import dataclass, replace
from enum import StrEnum

from PySide6.QtCore import QObject, Signal, Slot

from counter_app.rating.ports import RatingAnswer, RatingAsked
from counter_app.values import Signature


class CitizenPage(StrEnum):
    WELCOME = "welcome"
    FILING = "filing"
    CONFIRM = "confirm"
    SIGN = "sign"
    RATE = "rate"
    THANKS = "thanks"


@dataclass(frozen=True, slots=True)
class FilingLine:
    """「出生医学证明」「已收到」: a label and its plain state. `done` draws a tick."""

    label: str
    text: str
    done: bool = False


@dataclass(frozen=True, slots=True)
class Filing:
    """What is being filed, as the citizen screen mirrors it."""

    title: str
    person: str
    lines: tuple[FilingLine, ...] = ()
    step_text: str = ""


NO_FILING = Filing("", "")


@dataclass(frozen=True, slots=True)
class CitizenState:
    """Everything the second screen draws."""

    page: CitizenPage = CitizenPage.WELCOME
    hall_name: str = ""
    window_text: str = ""
    ticket_number: str = ""
    filing: Filing = NO_FILING
    sign_title: str = ""
    sign_lines: tuple[str, ...] = ()
    rating: RatingAsked | None = None
    hint: str = ""


class CitizenPresenter(QObject):
    """Signals:
    state_changed: the new CitizenState.
    confirmed: the citizen said that the filing is right; False: something is wrong.
    signed: a Signature, or None when they left it.
    rated: a RatingAnswer, or None when they declined.
    """

    state_changed = Signal(object)
    confirmed = Signal(bool)
    signed = Signal(object)
    rated = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = CitizenState()

    def open_window(self, hall_name: str, window_text: str) -> None:
        self._show(CitizenState(hall_name=hall_name, window_text=window_text))

    def welcome(self, ticket_number: str = "") -> None:
        """Between visits: number and window only."""
        old = self.state
        self._show(
            CitizenState(hall_name=old.hall_name, window_text=old.window_text, ticket_number=ticket_number)
        )

    def mirror(self, filing: Filing) -> None:
        """Follow what is being filed; does not interrupt a signature or a rating."""
        busy = self.state.page in (CitizenPage.SIGN, CitizenPage.RATE, CitizenPage.CONFIRM)
        page = self.state.page if busy else CitizenPage.FILING
        self._show(replace(self.state, page=page, filing=filing))

    def ask_confirm(self) -> None:
        if self.state.filing.title:
            self._show(replace(self.state, page=CitizenPage.CONFIRM))

    def ask_sign(self, title: str, lines: tuple[str, ...]) -> None:
        self._show(replace(self.state, page=CitizenPage.SIGN, sign_title=title, sign_lines=lines, hint=""))

    def ask_rate(self, asked: RatingAsked) -> None:
        self._show(replace(self.state, page=CitizenPage.RATE, rating=asked, hint=""))

    def stop_asking(self) -> None:
        """The clerk withdrew the question, or time is over."""
        if self.state.page is CitizenPage.SIGN:
            self._back_to_filing()
        elif self.state.page is CitizenPage.RATE:
            self._show(replace(self.state, page=CitizenPage.THANKS, rating=None))

    @Slot()
    def press_right(self) -> None:
        if self.state.page is CitizenPage.CONFIRM:
            self._back_to_filing()
            self.confirmed.emit(True)

    @Slot()
    def press_wrong(self) -> None:
        if self.state.page is CitizenPage.CONFIRM:
            self._back_to_filing()
            self.confirmed.emit(False)

    @Slot(object)
    def press_signed(self, signature: Signature | None) -> None:
        if self.state.page is CitizenPage.SIGN:
            self._back_to_filing()
            self.signed.emit(signature)

    def press_rating(self, level: int, reasons: tuple[int, ...], anonymous: bool) -> None:
        """A level and its reasons; one of the two lowest without a reason is not taken yet (R21)."""
        if self.state.page is not CitizenPage.RATE or not 1 <= level <= 5:
            return
        if level <= 2 and not reasons:
            self._show(replace(self.state, hint=self.tr("请至少点一个原因，我们好改正。")))
            return
        self._show(replace(self.state, page=CitizenPage.THANKS, rating=None, hint=""))
        self.rated.emit(RatingAnswer(level, reasons, anonymous, "screen"))

    @Slot()
    def press_decline_rating(self) -> None:
        if self.state.page is CitizenPage.RATE:
            self._show(replace(self.state, page=CitizenPage.THANKS, rating=None))
            self.rated.emit(None)

    def _back_to_filing(self) -> None:
        page = CitizenPage.FILING if self.state.filing.title else CitizenPage.WELCOME
        self._show(replace(self.state, page=page, sign_title="", sign_lines=()))

    def _show(self, state: CitizenState) -> None:
        self.state = state
        self.state_changed.emit(state)
