"""The paper before it is issued: asked for after a pause, one at a time, and only the newest answer counts."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from counter_app.commands import notice_of
from counter_app.outcome.ports import Act, ActChoice, OutcomeDesk
from counter_app.outcome.state import Draft, OutcomeState, defects_of, hindrance
from counter_app.take_in.ports import CaseView
from ui.runner import Runner

PREVIEW_PX = 900
PAUSE_MS = 600
"""So long nothing is typed before the draft is made anew."""
_DRAFTED = (Act.CORRECT, Act.NOT_ACCEPT, Act.UNNEEDED, Act.DENY)
"""Their papers carry the clerk's own words against the applicant, and cannot be taken back."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a draft follows from. `hindrance`: why none can be made yet."""

    case: CaseView
    choice: ActChoice
    text: str
    hindrance: str

    def same_paper(self, other: "Wanted | None") -> bool:
        return (
            other is not None
            and (self.case.case_id, self.choice.act) == (other.case.case_id, other.choice.act)
            and not other.hindrance
        )


def wanted_in(state: OutcomeState) -> Wanted | None:
    """The draft that belongs beside the chosen act; none for acts without one, or locked."""
    case, choice = state.case, state.act
    if case is None or choice is None or choice.act not in _DRAFTED or choice.refusal:
        return None
    return Wanted(case, choice, state.text.strip(), hindrance(state))


class Drafts(QObject):
    """Signals:
    changed: the Draft to show, or None.
    """

    changed = Signal(object)

    def __init__(
        self, *, desk: OutcomeDesk, runner: Runner, pause_ms: int = PAUSE_MS, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._runner = runner
        self.wanted: Wanted | None = None
        self._asked: Wanted | None = None
        """What the desk is making just now."""
        self._shown: Draft | None = None
        self._resting = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(pause_ms)
        self._timer.timeout.connect(self._ask)

    def want(self, wanted: Wanted | None, *, at_once: bool = False) -> None:
        """Show this draft, made after a pause, or at once where somebody waits for it."""
        before, rested = self.wanted, self._resting
        self.wanted, self._resting = wanted, False
        if wanted != before or rested:
            self._timer.stop()
            self._begin(wanted, before)
        if at_once and self._timer.isActive():
            self._ask()

    def _begin(self, wanted: Wanted | None, before: Wanted | None) -> None:
        if wanted is None:
            self._show(None)
        elif wanted.hindrance:
            self._show(Draft(wanted.choice.paper_title, told=wanted.hindrance))
        else:
            # while somebody types, what stood there is better than a blank
            last = self._shown if wanted.same_paper(before) else None
            last = last or Draft(wanted.choice.paper_title, told=self.tr("正在准备样张"))
            self._show(replace(last, renewing=True))
            self._timer.start()

    def rest(self) -> None:
        """Ask for nothing more, and let no answer on its way be shown, until the next `want`."""
        self._timer.stop()
        self._resting = True

    @Slot()
    def _ask(self) -> None:
        self._timer.stop()
        wanted = self.wanted
        if wanted is None or wanted.hindrance or self._asked is not None:
            return
        self._asked = wanted
        case_id, act, title = wanted.case.case_id, wanted.choice.act, wanted.choice.paper_title
        defects = defects_of(wanted.case.materials)

        def work() -> tuple[bytes, ...]:
            return self._desk.preview(case_id, act, wanted.text, defects, PREVIEW_PX)

        self._runner.submit(
            work,
            lambda pages: self._answer(wanted, Draft(title, pages)),
            lambda error: self._answer(wanted, Draft(title, told=notice_of(error).text)),
        )

    def _answer(self, answered: Wanted, draft: Draft) -> None:
        """An answer has come. What was wanted meanwhile is asked for now, unless somebody types."""
        self._asked = None
        if self._resting:
            return
        if answered == self.wanted:
            self._show(draft)
        elif not self._timer.isActive():
            self._ask()

    def _show(self, draft: Draft | None) -> None:
        self._shown = draft
        self.changed.emit(draft)
