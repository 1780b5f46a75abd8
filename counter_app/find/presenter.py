"""Ctrl+K: one line that finds commands, items, cases and people. QtCore only."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal, Slot

from counter_app.find.ports import FindDesk, FoundKind, FoundRow
from counter_app.keys import KEYS, Action
from ui.runner import Runner

_MOST_COMMANDS = 6


@dataclass(frozen=True, slots=True)
class FindState:
    """Closed: nothing is drawn."""

    open: bool = False
    text: str = ""
    rows: tuple[FoundRow, ...] = ()
    at: int = 0
    searching: bool = False

    @property
    def row(self) -> FoundRow | None:
        return self.rows[self.at] if self.at < len(self.rows) else None


class FindPresenter(QObject):
    """Signals:
    state_changed: the new FindState.
    chosen: the FoundRow that was chosen; the line is closed by then.
    """

    state_changed = Signal(object)
    chosen = Signal(object)

    def __init__(self, *, desk: FindDesk, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._runner = runner
        self.state = FindState()

    @Slot()
    def open(self) -> None:
        if not self.state.open:
            self._show(FindState(open=True, rows=matching_commands("")))

    @Slot()
    def close(self) -> None:
        if self.state.open:
            self._show(FindState())

    @Slot(str)
    def edit_text(self, text: str) -> None:
        text = text[:80]
        commands = matching_commands(text)
        wanted = text.strip()
        self._show(replace(self.state, text=text, rows=commands, at=0, searching=bool(wanted)))
        if not wanted:
            return

        def done(found: tuple[FoundRow, ...]) -> None:
            if self.state.open and self.state.text == text:
                self._show(replace(self.state, rows=(*commands, *found), searching=False))

        self._runner.submit(lambda: self._desk.find(wanted), done, self._on_failed)

    @Slot(int)
    def move(self, step: int) -> None:
        last = max(len(self.state.rows) - 1, 0)
        self._show(replace(self.state, at=min(max(self.state.at + step, 0), last)))

    @Slot(int)
    def select(self, at: int) -> None:
        if 0 <= at < len(self.state.rows):
            self._show(replace(self.state, at=at))

    @Slot()
    def press_choose(self) -> None:
        row = self.state.row
        if row is not None:
            self._show(FindState())
            self.chosen.emit(row)

    def _on_failed(self, _error: Exception) -> None:
        """The commands stay usable; the rest could not be searched."""
        self._show(replace(self.state, searching=False))

    def _show(self, state: FindState) -> None:
        self.state = state
        self.state_changed.emit(state)


def matching_commands(text: str) -> tuple[FoundRow, ...]:
    """Commands by initials, hanzi or key, those that begin with the text first; the common ones for none."""
    wanted = text.strip().lower()
    rows = [row for row in KEYS if row.action not in (Action.FIND, Action.BACK)]
    hits = [r for r in rows if wanted in r.initials or wanted in r.text or wanted == r.key.lower()]
    hits.sort(key=lambda r: not (r.initials.startswith(wanted) or r.text.startswith(wanted)))
    return tuple(FoundRow(FoundKind.COMMAND, r.action.value, r.text, r.key) for r in hits[:_MOST_COMMANDS])
