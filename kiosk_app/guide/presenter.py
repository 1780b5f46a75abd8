"""Reading what a matter needs, without taking a number."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from PySide6.QtCore import QObject, Signal, Slot

from kiosk_app.asking import Asker
from kiosk_app.letter_search import LetterSearch
from kiosk_app.ports import Guide, KioskHall, Matter, Question, Zone
from kiosk_app.take_ticket.printing import SlipDesk, SlipReport
from ui.notice import Notice
from ui.runner import Runner


class GuideStep(StrEnum):
    """Which page is up."""

    QUESTIONS = "questions"
    MATTERS = "matters"
    ZONES = "zones"
    GUIDE = "guide"


@dataclass(frozen=True, slots=True)
class GuideState:
    """Everything the view draws."""

    step: GuideStep = GuideStep.QUESTIONS
    loading: bool = False
    notice: Notice | None = None
    questions: tuple[Question, ...] = ()
    matters: tuple[Matter, ...] = ()
    search: LetterSearch = field(default_factory=LetterSearch)
    zones: tuple[Zone, ...] = ()
    guide: Guide | None = None
    slip: SlipReport = field(default_factory=SlipReport)


class GuidePresenter(QObject):
    """Question or zone, matter, guide, print.

    Signals:
        state_changed: the new GuideState.
    """

    state_changed = Signal(object)

    def __init__(
        self, *, hall: KioskHall, desk: SlipDesk, runner: Runner, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._hall = hall
        self._desk = desk
        self._asker = Asker(runner, self._failed)
        self._before: list[GuideState] = []
        self.state = GuideState()
        desk.report_changed.connect(self._slip_changed)

    def enter(self) -> None:
        """Start from the person's questions."""
        self.reset()
        self._show(GuideState(loading=True))
        self._asker.ask(
            self._hall.questions,
            lambda questions: self._show(replace(self.state, loading=False, questions=questions)),
        )

    def back(self) -> bool:
        """One step back; False from the first."""
        if not self._before:
            return False
        self._asker.forget()
        self._desk.forget()
        self._show(replace(self._before.pop(), loading=False, notice=None, slip=SlipReport()))
        return True

    def reset(self) -> None:
        """Forget what was read."""
        self._asker.forget()
        self._desk.forget()
        self._before.clear()
        self._show(GuideState())

    @Slot(object)
    def choose_question(self, question: Question) -> None:
        """One matter behind it: its guide; several: ask which."""
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
        """The zones of this hall."""
        self._load(
            self._hall.zones,
            lambda zones: self._forward(replace(self.state, step=GuideStep.ZONES, zones=zones)),
        )

    @Slot(object)
    def choose_zone(self, zone: Zone) -> None:
        """The matters of one zone."""
        self._load(lambda: self._hall.matters(zone.no), self._have_matters)

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
        """Its guide."""
        self._load_guide(matter.item_id)

    @Slot()
    def print_guide(self) -> None:
        """Print the material list; ignored while a slip is printing."""
        if self.state.guide is not None:
            self._desk.print_guide(self.state.guide)

    def _load_guide(self, item_id: str) -> None:
        self._load(
            lambda: self._hall.guide(item_id),
            lambda guide: self._forward(replace(self.state, step=GuideStep.GUIDE, guide=guide)),
        )

    def _have_matters(self, matters: tuple[Matter, ...]) -> None:
        self._forward(replace(self.state, step=GuideStep.MATTERS, matters=matters, search=LetterSearch()))

    @Slot(object)
    def _slip_changed(self, report: SlipReport) -> None:
        if self.state.guide is not None:
            self._show(replace(self.state, slip=report))

    def _load(self, work: "Callable[[], object]", done: "Callable[..., None]") -> None:
        if self.state.loading:
            return
        self._show(replace(self.state, loading=True, notice=None))
        self._asker.ask(work, done)

    def _forward(self, state: GuideState) -> None:
        self._before.append(self.state)
        self._show(replace(state, loading=False, notice=None))

    def _failed(self, notice: Notice) -> None:
        self._show(replace(self.state, loading=False, notice=notice))

    def _show(self, state: GuideState) -> None:
        self.state = state
        self.state_changed.emit(state)
