"""Which window hands out results: draws PickUpState."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from kiosk_app.pick_up.presenter import PickUpState
from kiosk_app.ports import PickUpPlace
from kiosk_app.view_frame import IconLine, PageFrame
from kiosk_app.view_paging import PagedTiles
from kiosk_app.wording import spaced
from ui.tokens import Theme


class PickUpView(PageFrame):
    """One place, its hours, what to bring. Nothing to press."""

    def __init__(self, *, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("取件"), theme=theme, parent=parent)
        self._theme = theme
        self._shown: PickUpPlace | None = None
        self._lines = PagedTiles(self.tr("取件说明"), theme=theme, columns=(1, 1))
        self.body.addWidget(self._lines, 1)
        self.set_title(self.tr("取件"))

    @Slot(object)
    def show_state(self, state: PickUpState) -> None:
        """Draw a state."""
        self.show_notice(state.notice)
        place = state.place
        if place == self._shown:
            return
        self._shown = place
        if place is None:
            self.set_title(self.tr("取件"))
            self._lines.set_tiles([])
            return
        self.set_title(
            spaced(self.tr("取件请到{0}").format(place.window_text)), self.tr("请带好下面列出的证件和凭证")
        )
        lines = [
            IconLine("map-pin", place.where_text, theme=self._theme, large=True, name=self.tr("取件地点")),
            IconLine("clock", place.hours_text, theme=self._theme, large=True, name=self.tr("取件时间")),
        ]
        for thing in place.bring:
            lines.append(IconLine("file-text", thing, theme=self._theme, large=True))
        self._lines.set_tiles(lines)
