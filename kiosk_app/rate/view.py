"""A late rating: draws RateState, says what was pressed."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk_app.ports import RateableService
from kiosk_app.rate.presenter import RateState, RateStep
from kiosk_app.view_code_entry import CodeEntry
from kiosk_app.view_frame import IconLine, PageFrame
from kiosk_app.view_paging import PagedTiles
from kiosk_app.view_stack import PageStack
from kiosk_app.wording import PART
from ui.buttons import BigButton, TileButton
from ui.rating_panel import RatingLevel, RatingPanel
from ui.tokens import Theme


class RateView(QWidget):
    """The question, the services, the five levels, thanks.

    Signals:
        text_changed: str. submitted. service_chosen: a RateableService. rated: a RatingChoice. done_pressed.
    """

    text_changed = Signal(str)
    submitted = Signal()
    service_chosen = Signal(object)
    rated = Signal(object)
    done_pressed = Signal()

    def __init__(
        self, *, levels: tuple[RatingLevel, ...], theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._shown: tuple[RateableService, ...] | None = None
        self._rating_for: RateableService | None = None
        self._entry = CodeEntry(self.tr("评价"), theme=theme)
        self._entry.set_title(self.tr("评价哪一次服务？"))
        self._entry.text_changed.connect(self.text_changed)
        self._entry.submitted.connect(self.submitted)
        self._services = PageFrame(self.tr("待评价"), theme=theme)
        self._services.set_title(self.tr("请选择要评价的服务"))
        self._tiles = PagedTiles(self.tr("服务"), theme=theme, choices=True, columns=(1, 2))
        self._services.body.addWidget(self._tiles, 1)
        self._rate = PageFrame(self.tr("评价打分"), theme=theme)
        self._panel = RatingPanel(levels)
        self._panel.submitted.connect(self.rated)
        self._panel.set_face_height(theme.px(360))
        # low, where a hand reaches it from a wheelchair too
        self._rate.body.addStretch(1)
        self._rate.body.addWidget(self._panel)
        self._thanks = PageFrame(self.tr("评价完成"), theme=theme)
        self._thanks.set_title(self.tr("谢谢您的评价"))
        for icon, text in (
            ("circle-check", self.tr("评价已经保存，每次服务计一次")),
            ("lock", self.tr("窗口人员看不到是谁评价的")),
        ):
            self._thanks.body.addWidget(IconLine(icon, text, theme=theme, tone="done", large=True))
        self._done = BigButton(self.tr("完成"), icon="check", kind="primary", name=self.tr("评价完成返回"))
        self._done.clicked.connect(self.done_pressed)
        self._thanks.body.addStretch(1)
        self._thanks.body.addWidget(self._done)
        self._stack = PageStack()
        self._pages: dict[RateStep, PageFrame] = {
            RateStep.ENTER: self._entry,
            RateStep.SERVICES: self._services,
            RateStep.RATE: self._rate,
            RateStep.THANKS: self._thanks,
        }
        for page in self._pages.values():
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    @Slot(object)
    def show_state(self, state: RateState) -> None:
        """Draw a state."""
        page = self._pages[state.step]
        self._entry.show_entry(state.typed, state.busy, state.notice, state.card_fault)
        if state.services != self._shown:
            self._shown = state.services
            self._tiles.set_tiles([self._tile(service) for service in state.services])
        if state.service != self._rating_for:
            self._rating_for = state.service
            self._panel.clear()
        if state.service is not None:
            where = f"{state.service.window_text}{PART}{state.service.served_text}"
            self._rate.set_title(self.tr("这次服务您满意吗？"), f"{state.service.item_name}\n{where}")
        self._panel.set_busy(state.busy)
        if page is not self._entry:
            page.show_notice(state.notice)
        self._stack.setCurrentWidget(page)

    def _tile(self, service: RateableService) -> TileButton:
        note = f"{service.window_text}{PART}{service.served_text}"
        tile = TileButton(service.item_name, icon="star", note=note, lying=True)
        tile.setProperty("row", service)
        tile.clicked.connect(self._press)
        return tile

    def _press(self) -> None:
        self.service_chosen.emit(self.sender().property("row"))
