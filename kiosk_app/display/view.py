"""The call display: read from ten metres, nothing scrolls, no names."""

from datetime import datetime

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from kiosk_app.display.presenter import DisplayState
from kiosk_app.ports import Call, Zone
from kiosk_app.view_stack import PageStack
from kiosk_app.wording import spaced
from ui.labels import StatusDot, WrapLabel
from ui.style_roles import set_role
from ui.tokens import Theme, Tone

MAX_ZONES = 6


class DisplayView(QWidget):
    """Draws DisplayState: the newest call over the whole width, else the list; zones and notices beside."""

    def __init__(self, *, hall_name: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._zones: tuple[Zone, ...] | None = None
        self._last: tuple[Call, ...] | None = None
        self._zone_rows: list[QWidget] = []
        self._newest = self._build_newest()
        self._list = self._build_list()
        self._stack = PageStack()
        self._stack.addWidget(self._list)
        self._stack.addWidget(self._newest)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._build_head(hall_name))
        column.addWidget(self._stack, 1)
        column.addWidget(self._build_foot())

    @Slot(object)
    def show_state(self, state: DisplayState) -> None:
        """Draw a state."""
        if state.newest is not None:
            self._please.setText(self.tr("请 {0} 号").format(state.newest.number))
            self._where.setText(spaced(self.tr("到{0}").format(state.newest.window_text)))
            self._stack.setCurrentWidget(self._newest)
        else:
            self._stack.setCurrentWidget(self._list)
        if state.last != self._last:
            self._last = state.last
            self._show_last(state.last)
        if state.zones != self._zones:
            self._zones = state.zones
            self._show_zones(state.zones)
        self._notices.setText("　　".join(state.notices))
        self._show_link(state)

    def show_time(self, now: datetime) -> None:
        """The clock in the head; local time of the hall."""
        self._clock.setText(f"{now:%H:%M}")

    def _build_head(self, hall_name: str) -> QFrame:
        t = self._theme
        head = QFrame()
        set_role(head, "bar")
        name = WrapLabel(hall_name, role="body", name=self.tr("大厅名称"))
        name.set_bold()
        self._link = StatusDot(self.tr("叫号系统"), role="caption")
        self._clock = WrapLabel(role="body", name=self.tr("现在时间"))
        row = QHBoxLayout(head)
        row.setContentsMargins(t.px(64), t.px(16), t.px(64), t.px(16))
        row.setSpacing(t.px(48))
        row.addWidget(name, 1)
        row.addWidget(self._link)
        row.addWidget(self._clock)
        return head

    def _build_newest(self) -> QWidget:
        t = self._theme
        page = QWidget()
        frame = QFrame()
        set_role(frame, "call")
        centre = Qt.AlignmentFlag.AlignHCenter
        self._please = WrapLabel(role="number", tone="on_action", name=self.tr("正在呼叫"), align=centre)
        self._where = WrapLabel(role="title", tone="on_action", name=self.tr("呼叫窗口"), align=centre)
        inside = QVBoxLayout(frame)
        inside.addStretch(1)
        inside.addWidget(self._please)
        inside.addWidget(self._where)
        inside.addStretch(1)
        column = QVBoxLayout(page)
        column.setContentsMargins(t.px(64), t.px(48), t.px(64), t.px(48))
        column.addWidget(frame)
        return page

    def _build_list(self) -> QWidget:
        t = self._theme
        page = QWidget()
        calls = QFrame()
        set_role(calls, "panel")
        self._call_rows: list[tuple[WrapLabel, WrapLabel]] = []
        grid = QGridLayout(calls)
        grid.setContentsMargins(t.px(48), t.px(8), t.px(48), t.px(8))
        grid.setHorizontalSpacing(t.px(48))
        grid.setVerticalSpacing(0)
        self._none = WrapLabel(
            self.tr("请留意叫号"), role="title", tone="muted", align=Qt.AlignmentFlag.AlignHCenter
        )
        grid.addWidget(self._none, 0, 0, 4, 4)
        for index in range(8):
            number = WrapLabel(role="called", tone="action", name=self.tr("已叫号码 {0}").format(index + 1))
            window = WrapLabel(role="body", name=self.tr("已叫窗口 {0}").format(index + 1))
            # a number never wraps; the window's name may
            number.setMinimumWidth(t.px(300))
            row, side = index % 4, index // 4 * 2
            grid.addWidget(number, row, side)
            grid.addWidget(window, row, side + 1)
            grid.setRowStretch(row, 1)
            self._call_rows.append((number, window))
        for column_index, share in enumerate((0, 1, 0, 1)):
            grid.setColumnStretch(column_index, share)
        zones = QFrame()
        set_role(zones, "panel")
        self._zone_grid = QGridLayout(zones)
        self._zone_grid.setContentsMargins(t.px(48), t.px(16), t.px(48), t.px(16))
        self._zone_grid.setHorizontalSpacing(t.px(64))
        column = QVBoxLayout(page)
        column.setContentsMargins(t.px(64), t.px(24), t.px(64), t.px(24))
        column.setSpacing(t.px(24))
        column.addWidget(calls, 1)
        column.addWidget(zones)
        self._zone_panel = zones
        return page

    def _build_foot(self) -> QFrame:
        t = self._theme
        foot = QFrame()
        set_role(foot, "footer")
        self._notices = WrapLabel(role="caption", name=self.tr("大厅通知"))
        row = QHBoxLayout(foot)
        row.setContentsMargins(t.px(64), t.px(16), t.px(64), t.px(16))
        row.addWidget(self._notices)
        return foot

    def _show_last(self, last: tuple[Call, ...]) -> None:
        self._none.setVisible(not last)
        for index, (number, window) in enumerate(self._call_rows):
            call = last[index] if index < len(last) else None
            number.setText(call.number if call else "")
            window.setText(call.window_text if call else "")

    def _show_zones(self, zones: tuple[Zone, ...]) -> None:
        for old in self._zone_rows:
            self._zone_grid.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._zone_rows = []
        self._zone_panel.setVisible(bool(zones))
        for index, zone in enumerate(zones[:MAX_ZONES]):
            count = self.tr("— 人") if zone.waiting is None else self.tr("{0} 人").format(zone.waiting)
            row = QWidget()
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            line.addWidget(WrapLabel(zone.name, role="caption", tone="muted"), 1)
            waiting = WrapLabel(count, role="caption", name=self.tr("{0}等候").format(zone.name))
            waiting.set_bold()
            line.addWidget(waiting)
            self._zone_grid.addWidget(row, index // 3, index % 3)
            self._zone_rows.append(row)

    def _show_link(self, state: DisplayState) -> None:
        if state.old_epoch:
            self._link.show_status(Tone.ATTENTION, self.tr("正在切换主机，请听现场叫号"))
        elif state.lost_s is not None:
            minutes = max(1, state.lost_s // 60)
            self._link.show_status(Tone.ATTENTION, self.tr("断开 {0} 分钟，请听现场叫号").format(minutes))
        else:
            self._link.show_status(Tone.DONE, self.tr("正常"))
