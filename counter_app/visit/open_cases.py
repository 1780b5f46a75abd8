"""The cases of this visit: the one place that holds them on the screen side. QtCore only."""

from PySide6.QtCore import QObject, Signal

from counter_app.take_in.ports import CaseView
from counter_app.values import CaseId


class OpenCases(QObject):
    """Newest view of each open case, and which one is worked on.

    Every command answers with the whole case; whoever gets one puts it here and all slices redraw from it.

    Signals:
        changed: something here is different.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cases: tuple[CaseView, ...] = ()
        self._at = 0
        self._whole = True

    @property
    def whole(self) -> bool:
        """Everything that the journal has of this visit is here."""
        return self._whole

    @property
    def all(self) -> tuple[CaseView, ...]:
        return self._cases

    @property
    def current(self) -> CaseView | None:
        return self._cases[self._at] if self._cases else None

    @property
    def to_correct(self) -> str:
        """Number of an earlier case that the applicant of the current one still has to correct."""
        return self.current.to_correct if self.current is not None else ""

    @property
    def at(self) -> int:
        return self._at

    def put(self, case: CaseView, *, select: bool = False) -> None:
        """Replace the view of a case, or add it."""
        known = {c.case_id: i for i, c in enumerate(self._cases)}
        if case.case_id in known:
            index = known[case.case_id]
            self._cases = (*self._cases[:index], case, *self._cases[index + 1 :])
        else:
            index = len(self._cases)
            self._cases = (*self._cases, case)
        if select:
            self._at = index
        self.changed.emit()

    def holds(self, case_id: CaseId) -> bool:
        return any(case.case_id == case_id for case in self._cases)

    def select(self, at: int) -> None:
        if 0 <= at < len(self._cases) and at != self._at:
            self._at = at
            self.changed.emit()

    def await_visit(self) -> None:
        """A visit begins; its cases are still being read."""
        self._whole = False

    def complete(self, cases: tuple[CaseView, ...]) -> None:
        """What the journal has of the visit, beside what was looked up; the current one stays."""
        self._whole = True
        for case in cases:
            self.put(case)

    def replace_all(self, cases: tuple[CaseView, ...]) -> None:
        """The visit begins, comes back, or ends (empty)."""
        self._cases, self._at, self._whole = cases, max(len(cases) - 1, 0), True
        self.changed.emit()
