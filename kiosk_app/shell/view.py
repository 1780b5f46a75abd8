"""The kiosk's frame: head, the page in the middle, and the controls that are always at the same place."""

from datetime import datetime

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from kiosk_app.ports import LinkState
from kiosk_app.shell.presenter import Page, ShellState
from kiosk_app.shell.view_idle import IdleOverlay
from kiosk_app.view_paging import PagedTiles
from kiosk_app.view_stack import PageStack
from ui.buttons import BigButton
from ui.labels import StatusDot, WrapLabel
from ui.notice_bar import NoticeBar
from ui.style_roles import set_role
from ui.tokens import Theme, Tone


class ShellView(QWidget):
    """Draws ShellState around the pages' views.

    Signals:
        back_pressed, help_pressed, end_pressed, more_time_pressed, elders_pressed, contrast_pressed,
        low_pressed.
    """

    back_pressed = Signal()
    help_pressed = Signal()
    end_pressed = Signal()
    more_time_pressed = Signal()
    elders_pressed = Signal()
    contrast_pressed = Signal()
    low_pressed = Signal()

    def __init__(self, *, hall_name: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._low = False
        self._clock_off = False
        self._pages: dict[Page, QWidget] = {}
        self._stack = PageStack()
        self._notice = NoticeBar(name=self.tr("通知"))
        middle = QVBoxLayout()
        middle.setContentsMargins(theme.px(48), theme.px(16), theme.px(48), theme.px(16))
        middle.setSpacing(theme.px(16))
        middle.addWidget(self._notice)
        middle.addWidget(self._stack, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._build_head(hall_name))
        column.addLayout(middle, 1)
        column.addWidget(self._build_foot())
        self._overlay = IdleOverlay(theme=theme, parent=self)
        self._overlay.more_time_pressed.connect(self.more_time_pressed)
        self._overlay.end_pressed.connect(self.end_pressed)

    def add_page(self, page: Page, view: QWidget) -> None:
        """Put a page's view into the stack."""
        self._pages[page] = view
        self._stack.addWidget(view)

    @Slot(object)
    def show_state(self, state: ShellState) -> None:
        """Draw a state."""
        view = self._pages[state.page]
        if view is not self._stack.currentWidget():
            self._stack.setCurrentWidget(view)
            self.focus_page()
        # nowhere to go back to; a number that is out has one way out, on its own page
        self._back.setVisible(state.page is not Page.HOME and not state.number_out)
        self._end.setVisible(state.something_to_clear and not state.number_out)
        self._help.set_busy(state.help_busy)
        self._elders.setText(self.tr("标准字号") if state.elders else self.tr("大字版"))
        self._contrast.setText(self.tr("标准颜色") if state.high_contrast else self.tr("高对比"))
        self._lower.setText(self.tr("标准位置") if state.low else self.tr("低位操作"))
        self._notice.show_notice(state.notice)
        self._show_link(state.link)
        self._clock_off = state.link is not None and bool(state.link.clock_off)
        if state.low != self._low:
            self._low = state.low
            for tiles in self.findChildren(PagedTiles):
                tiles.set_low(state.low)
        self._overlay.show_reading(state.idle)

    def focus_page(self) -> None:
        """A screen reader starts anew on each page; a page with a field has put the cursor there itself."""
        page = self._stack.currentWidget()
        if page is not None and not page.isAncestorOf(self.focusWidget() or self):
            page.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_time(self, now: datetime) -> None:
        """The clock in the head; local time of the hall. None is better than a wrong one."""
        self._clock.setText("--:--" if self._clock_off else f"{now:%H:%M}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._overlay.setGeometry(self.rect())
        self._place()

    def _build_head(self, hall_name: str) -> QFrame:
        t = self._theme
        head = QFrame()
        set_role(head, "bar")
        name = WrapLabel(hall_name, role="body", name=self.tr("大厅名称"))
        name.set_bold()
        self._link = StatusDot(self.tr("大厅连接"), role="caption")
        self._clock = WrapLabel(role="body", name=self.tr("现在时间"))
        row = QHBoxLayout(head)
        row.setContentsMargins(t.px(48), t.px(10), t.px(48), t.px(10))
        row.setSpacing(t.px(32))
        row.addWidget(name, 1)
        row.addWidget(self._link)
        row.addWidget(self._clock)
        return head

    def _build_foot(self) -> QFrame:
        t = self._theme
        foot = QFrame()
        set_role(foot, "footer")
        self._back = BigButton(self.tr("返回"), icon="arrow-left", name=self.tr("返回"))
        self._help = BigButton(self.tr("叫工作人员帮忙"), icon="phone-call", name=self.tr("叫工作人员帮忙"))
        self._end = BigButton(self.tr("结束并清除"), icon="x", kind="danger", name=self.tr("结束并清除"))
        self._elders = BigButton(self.tr("大字版"), icon="text-size", kind="quiet", name=self.tr("字号"))
        self._contrast = BigButton(self.tr("高对比"), icon="contrast", kind="quiet", name=self.tr("对比度"))
        self._lower = BigButton(self.tr("低位操作"), icon="wheelchair", kind="quiet", name=self.tr("位置"))
        for button, signal in (
            (self._back, self.back_pressed),
            (self._help, self.help_pressed),
            (self._end, self.end_pressed),
            (self._elders, self.elders_pressed),
            (self._contrast, self.contrast_pressed),
            (self._lower, self.low_pressed),
        ):
            button.setProperty("density", "small")
            button.clicked.connect(signal)
        main, quiet = QHBoxLayout(), QHBoxLayout()
        self._controls = (self._back, self._help, self._end, self._elders, self._contrast, self._lower)
        for box, buttons in (
            (main, (self._back, self._help, self._end)),
            (quiet, (self._elders, self._contrast, self._lower)),
        ):
            box.setSpacing(t.px(12))
            for button in buttons:
                box.addWidget(button)
        self._foot = QBoxLayout(QBoxLayout.Direction.BottomToTop, foot)
        self._foot.setContentsMargins(t.px(48), t.px(12), t.px(48), t.px(16))
        self._foot.setSpacing(t.px(12))
        self._foot.addLayout(main)
        self._foot.addLayout(quiet)
        return foot

    def _place(self) -> None:
        """Two rows of controls upright, one row lying; back, help and end at the lower left."""
        ways = QBoxLayout.Direction
        lying = self.width() > self.height()
        self._foot.setDirection(ways.LeftToRight if lying else ways.BottomToTop)
        for button in self._controls:
            # six in one row
            set_role(button, "caption" if lying else "body")

    def _show_link(self, link: LinkState | None) -> None:
        if link is None or link.connecting:
            self._link.show_status(Tone.PLAIN, self.tr("正在连接"), "circle-dashed")
        elif link.hall:
            self._link.show_status(Tone.DONE, self.tr("正常"))
        else:
            self._link.show_status(Tone.ATTENTION, self.tr("断开，仍可取号"))
