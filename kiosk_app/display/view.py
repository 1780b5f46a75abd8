"""The call display: read from ten metres, nothing scrolls, no names."""

from datetime import datetime

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from kiosk_app.display.presenter import DisplayState
from kiosk_app.display.view_calls import CallCell, CalledNumber
from kiosk_app.ports import Call, Zone
from kiosk_app.view_stack import PageStack
from kiosk_app.wording import spaced
from ui.fit_label import FitLabel
from ui.labels import StatusDot, WrapLabel
from ui.style_roles import set_role
from ui.tokens import Theme, Tone

MAX_ZONES = 4
LIST_ROWS = 4
STRIP_CALLS = 4


class DisplayView(QWidget):
    """Draws DisplayState.

    While a call is new: that call over the whole width, the calls before it in a strip below. Else the last
    eight with the newest marked, and who waits where.
    """

    def __init__(self, *, hall_name: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._clock_off = False
        self._zones: tuple[Zone, ...] | None = None
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
        column.addWidget(self._build_void())
        column.addWidget(self._build_foot())

    @Slot(object)
    def show_state(self, state: DisplayState) -> None:
        """Draw a state."""
        newest = state.newest
        if newest is not None:
            self._please.show_number(self.tr("请 {0} 号"), newest.number)
            self._where.setText(spaced(self.tr("到{0}").format(newest.window_text)))
            before = [call for call in state.last if call.number != newest.number]
            _show_calls(self._strip_cells, before)
            self._strip.setVisible(bool(before))
            self._stack.setCurrentWidget(self._newest)
        else:
            _show_calls(self._list_cells, state.last)
            self._none.setVisible(not state.last)
            self._none.setText(self._idle_words(state))
            self._stack.setCurrentWidget(self._list)
        # an old figure sends people the wrong way
        zones = () if state.lost_s is not None or state.old_epoch else state.zones
        if zones != self._zones:
            self._zones = zones
            self._show_zones(zones)
        self._void.setText(spaced(state.void))
        self._void_band.setVisible(bool(state.void))
        self._clock_off = bool(state.clock_off)
        self._notices.setText("\n".join(spaced(text) for text in self._notices_of(state)))
        self._show_link(state)

    def show_time(self, now: datetime) -> None:
        """The clock in the head; local time of the hall. None is better than a wrong one."""
        self._clock.setText("--:--" if self._clock_off else f"{now:%H:%M}")

    def _build_head(self, hall_name: str) -> QFrame:
        t = self._theme
        head = QFrame()
        set_role(head, "bar")
        name = WrapLabel(hall_name, role="body", name=self.tr("大厅名称"))
        name.set_bold()
        self._link = StatusDot(self.tr("叫号系统"), role="caption")
        self._clock = WrapLabel(role="body", name=self.tr("现在时间"))
        self._clock.set_bold()
        row = QHBoxLayout(head)
        row.setContentsMargins(t.px(64), t.px(8), t.px(64), t.px(8))
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
        self._please = CalledNumber(name=self.tr("正在呼叫"))
        self._where = FitLabel(role="title", tone="on_action", name=self.tr("呼叫窗口"), align=centre)
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(t.px(48), t.px(32), t.px(48), t.px(40))
        inside.setSpacing(t.px(12))
        inside.addWidget(self._please, 3)
        inside.addWidget(self._where, 2)
        self._strip = QWidget()
        row = QHBoxLayout(self._strip)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(t.px(24))
        self._strip_cells = [
            CallCell(self.tr("前次呼叫 {0}").format(n + 1), upright=True, theme=t) for n in range(STRIP_CALLS)
        ]
        for cell in self._strip_cells:
            row.addWidget(cell, 1)
        column = QVBoxLayout(page)
        column.setContentsMargins(t.px(48), t.px(24), t.px(48), t.px(24))
        column.setSpacing(t.px(24))
        column.addWidget(frame, 9)
        column.addWidget(self._strip, 4)
        return page

    def _build_list(self) -> QWidget:
        t = self._theme
        page = QWidget()
        self._list_cells = [
            CallCell(self.tr("已叫 {0}").format(n + 1), marked=n == 0, theme=t) for n in range(LIST_ROWS * 2)
        ]
        grid = QGridLayout()
        grid.setHorizontalSpacing(t.px(24))
        grid.setVerticalSpacing(t.px(12))
        self._none = FitLabel(role="title", tone="muted", align=Qt.AlignmentFlag.AlignHCenter)
        grid.addWidget(self._none, 0, 0, LIST_ROWS, 2)
        for index, cell in enumerate(self._list_cells):
            grid.addWidget(cell, index % LIST_ROWS, index // LIST_ROWS)
        for row in range(LIST_ROWS):
            grid.setRowStretch(row, 1)
        for side in range(2):
            grid.setColumnStretch(side, 1)
        self._zone_panel = QFrame()
        set_role(self._zone_panel, "panel")
        self._zone_grid = QGridLayout(self._zone_panel)
        self._zone_grid.setContentsMargins(t.px(32), t.px(12), t.px(32), t.px(12))
        self._zone_grid.setHorizontalSpacing(t.px(80))
        self._zone_grid.setVerticalSpacing(t.px(4))
        column = QVBoxLayout(page)
        column.setContentsMargins(t.px(48), t.px(24), t.px(48), t.px(24))
        column.setSpacing(t.px(16))
        column.addLayout(grid, 1)
        column.addWidget(self._zone_panel)
        return page

    def _build_void(self) -> QFrame:
        """As large as it fits: whoever holds such a number waits for nothing."""
        t = self._theme
        self._void_band = QFrame()
        set_role(self._void_band, "footer")
        self._void_band.setFixedHeight(t.px(150))
        self._void = FitLabel(
            role="title", tone="wrong", name=self.tr("作废的号"), align=Qt.AlignmentFlag.AlignHCenter
        )
        row = QHBoxLayout(self._void_band)
        row.setContentsMargins(t.px(64), t.px(8), t.px(64), t.px(8))
        row.addWidget(self._void)
        self._void_band.hide()
        return self._void_band

    def _build_foot(self) -> QFrame:
        t = self._theme
        foot = QFrame()
        set_role(foot, "footer")
        self._notices = WrapLabel(role="caption", name=self.tr("大厅通知"))
        row = QHBoxLayout(foot)
        row.setContentsMargins(t.px(64), t.px(8), t.px(64), t.px(8))
        row.addWidget(self._notices)
        return foot

    def _show_zones(self, zones: tuple[Zone, ...]) -> None:
        for old in self._zone_rows:
            self._zone_grid.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._zone_rows = []
        self._zone_panel.setVisible(bool(zones))
        for index, zone in enumerate(zones[:MAX_ZONES]):
            count = self.tr("— 人") if zone.waiting is None else self.tr("等候 {0} 人").format(zone.waiting)
            row = QWidget()
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            name = FitLabel(zone.name, role="caption", tone="muted", least=0.6)
            waiting = WrapLabel(count, role="caption", name=self.tr("{0}等候").format(zone.name))
            waiting.set_bold()
            line.addWidget(name, 1)
            line.addWidget(waiting)
            self._zone_grid.addWidget(row, index // 2, index % 2)
            self._zone_grid.setColumnStretch(index % 2, 1)
            self._zone_rows.append(row)

    def _idle_words(self, state: DisplayState) -> str:
        if state.connecting:
            return self.tr("正在连接，请稍候")
        if state.lost_s is not None or state.old_epoch:
            return self.tr("请听现场叫号")
        return self.tr("请留意叫号")

    def _notices_of(self, state: DisplayState) -> tuple[str, ...]:
        if state.old_epoch or state.lost_s is not None:
            return (
                self.tr("本屏暂时收不到新的叫号。请留意窗口人员口头叫号，也可以到窗口或咨询台询问。"),
                self.tr("上面作废的号以外，您的号码一直有效，不用重新取号。")
                if state.void
                else self.tr("您的号码一直有效，不用重新取号。"),
            )
        if state.clock_off:
            text = self.tr("本屏时间比大厅{0}，请工作人员校准；叫号不受影响。")
            return (text.format(state.clock_off), *state.notices)
        return state.notices

    def _show_link(self, state: DisplayState) -> None:
        if state.old_epoch:
            self._link.show_status(Tone.ATTENTION, self.tr("正在切换主机，请听现场叫号"))
        elif state.lost_s is not None:
            minutes = max(1, state.lost_s // 60)
            self._link.show_status(Tone.ATTENTION, self.tr("断开 {0} 分钟，请听现场叫号").format(minutes))
        elif state.connecting:
            self._link.show_status(Tone.PLAIN, self.tr("正在连接"), "circle-dashed")
        else:
            self._link.show_status(Tone.DONE, self.tr("正常"))


def _show_calls(cells: list[CallCell], calls: "tuple[Call, ...] | list[Call]") -> None:
    for index, cell in enumerate(cells):
        cell.show_call(calls[index] if index < len(calls) else None)
