"""Device and link state, and how far the current case has travelled. QtCore only."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal, Slot

from counter_app.status.ports import Health, HealthRow, StatusBoard, StatusDesk
from counter_app.values import CaseId, SyncMarks
from counter_app.visit.open_cases import OpenCases
from ui.runner import Runner

NO_MARKS = SyncMarks()
NO_BOARD = StatusBoard()


@dataclass(frozen=True, slots=True)
class StatusState:
    """What the header and the marks draw. `trouble` is the worst row with a hint, for the notice line."""

    board: StatusBoard = NO_BOARD
    marks: SyncMarks = NO_MARKS
    has_case: bool = False

    @property
    def trouble(self) -> HealthRow | None:
        faults = [row for row in self.board.rows if row.health is Health.FAULT and row.hint]
        others = [row for row in self.board.rows if row.health is Health.ATTENTION and row.hint]
        return next(iter((*faults, *others)), None)


class StatusPresenter(QObject):
    """Signals:
    state_changed: the new StatusState.
    """

    state_changed = Signal(object)

    def __init__(
        self, *, desk: StatusDesk, cases: OpenCases, runner: Runner, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._cases = cases
        self._runner = runner
        self._reading = False
        cases.changed.connect(self._on_cases)
        self.state = StatusState()

    @Slot()
    def refresh(self) -> None:
        """Read the board and the current case's marks; a second call while one runs is dropped."""
        if self._reading:
            return
        self._reading = True
        case = self._cases.current
        case_id: CaseId | None = case.case_id if case is not None else None

        def work() -> tuple[StatusBoard, SyncMarks]:
            marks = self._desk.sync_marks(case_id) if case_id is not None else NO_MARKS
            return self._desk.status(), marks

        def done(found: tuple[StatusBoard, SyncMarks]) -> None:
            self._reading = False
            current = self._cases.current
            same = (current.case_id if current is not None else None) == case_id
            self._show(replace(self.state, board=found[0], marks=found[1] if same else self.state.marks))
            if not same:
                self.refresh()

        self._runner.submit(work, done, self._on_failed)

    def _on_cases(self) -> None:
        self._show(replace(self.state, has_case=self._cases.current is not None))
        self.refresh()

    def _on_failed(self, _error: Exception) -> None:
        self._reading = False
        rows = tuple(
            replace(row, health=Health.UNKNOWN, word=self.tr("未知")) for row in self.state.board.rows
        )
        self._show(replace(self.state, board=replace(self.state.board, rows=rows), marks=NO_MARKS))

    def _show(self, state: StatusState) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)
