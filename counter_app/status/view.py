"""The header: whose window this is, which day, and how devices and links are."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout

from counter_app.sign_in.ports import WindowSession
from counter_app.status.ports import Health
from counter_app.status.presenter import StatusState
from ui.labels import StatusDot, WrapLabel
from ui.style_roles import set_role
from ui.tokens import Tone

_TONES = {
    Health.OK: (Tone.DONE, ""),
    Health.ATTENTION: (Tone.ATTENTION, ""),
    Health.FAULT: (Tone.WRONG, ""),
    Health.UNKNOWN: (Tone.PLAIN, "circle-dashed"),
}
_NARROW_PX = 1300


class HeaderView(QFrame):
    """Takes no focus; dots fold into two rows where the screen is narrow."""

    def __init__(self) -> None:
        super().__init__()
        set_role(self, "bar")
        self._dots: dict[str, StatusDot] = {}
        self._columns = 0
        self._where = WrapLabel("", role="body", name=self.tr("窗口"))
        self._where.set_bold()
        self._who = WrapLabel("", role="caption", tone="muted", name=self.tr("值班人员"))
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(self._where)
        left.addWidget(self._who)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(2)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 16, 6)
        row.setSpacing(24)
        row.addLayout(left, 1)
        row.addLayout(self._grid)

    def show_session(self, session: WindowSession) -> None:
        self._where.setText(f"{session.hall_name} · {session.window_number}号 {session.window_name}")
        parts = (session.staff_name, " ".join(session.powers), session.business_day)
        self._who.setText(" · ".join(part for part in parts if part))

    def show_state(self, state: StatusState) -> None:
        rows = state.board.rows
        if tuple(self._dots) != tuple(row.key for row in rows):
            for dot in self._dots.values():
                self._grid.removeWidget(dot)
                dot.deleteLater()
            self._dots = {row.key: StatusDot(row.name) for row in rows}
            self._columns = 0
            self._arrange()
        for row in rows:
            tone, icon = _TONES[row.health]
            self._dots[row.key].show_status(tone, row.word, icon)
            self._dots[row.key].setToolTip(row.hint)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        count = len(self._dots)
        columns = max((count + 1) // 2, 1) if self.width() < _NARROW_PX else max(count, 1)
        if columns == self._columns:
            return
        self._columns = columns
        for at, dot in enumerate(self._dots.values()):
            self._grid.addWidget(dot, at // columns, at % columns, Qt.AlignmentFlag.AlignLeft)
