"""What to bring, and who goes first: the page before the number."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QVBoxLayout, QWidget

from kiosk_app.ports import PriorityGroup
from kiosk_app.take_ticket.presenter import TakeTicketState
from kiosk_app.take_ticket.slip import sample_text
from kiosk_app.view_frame import IconLine, PageFrame, SampleMark
from kiosk_app.view_materials import material_tiles
from kiosk_app.view_paging import PagedTiles
from kiosk_app.wording import PART, spaced
from ui.buttons import BigButton, ChoiceButton
from ui.labels import WrapLabel
from ui.tokens import Theme


class BringPage(PageFrame):
    """The matter's materials, a polite question about priority, and 「取号」.

    Signals:
        take_pressed, other_pressed, priority_wanted. priority_toggled: the group's key.
    """

    take_pressed = Signal()
    other_pressed = Signal()
    priority_toggled = Signal(str)
    priority_wanted = Signal()

    def __init__(self, *, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("要带什么"), theme=theme, parent=parent)
        self._theme = theme
        self._sample = SampleMark(sample_text(), name=self.tr("取号示例标记"), theme=theme)
        self._materials = PagedTiles(self.tr("材料"), theme=theme, columns=(1, 1))
        self._shown: tuple[object, ...] = ()
        self._groups: tuple[PriorityGroup, ...] = ()
        self._choices: list[ChoiceButton] = []
        self._card = WrapLabel(role="caption", tone="muted", name=self.tr("身份证"))
        self._wish = ChoiceButton(self.tr("我需要优先办理"), name=self.tr("需要优先办理"))
        self._wish.clicked.connect(self.priority_wanted)
        self._ask = WrapLabel(self.tr("请选您的情况，到窗口时可能要看证件"), role="caption")
        self._group_grid = QGridLayout()
        self._group_grid.setSpacing(theme.px(12))
        self._take = BigButton(self.tr("取号"), icon="ticket", kind="primary")
        self._take.setMinimumHeight(theme.px(132))
        self._other = BigButton(self.tr("不是这件事，办别的"), icon="list-details")
        self._take.clicked.connect(self.take_pressed)
        self._other.clicked.connect(self.other_pressed)
        self._side = QWidget()
        side = QVBoxLayout(self._side)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(theme.px(16))
        side.addWidget(self._card)
        side.addWidget(self._wish)
        side.addWidget(self._ask)
        side.addLayout(self._group_grid)
        side.addStretch(1)
        side.addWidget(self._other)
        side.addWidget(self._take)
        self._row = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._row.setSpacing(theme.px(24))
        self._row.addWidget(self._materials, 1)
        self._row.addWidget(self._side)
        self.body.addWidget(self._sample)
        self.body.addLayout(self._row, 1)

    def forget_card(self) -> None:
        """The person has left: a page that is not up holds nothing of them either."""
        self._card.setText("")
        self._card.hide()

    def show_bring(self, state: TakeTicketState) -> None:
        """Draw the page for a guide, a booking, a correction, or a zone alone."""
        guide = state.guide
        self._sample.setVisible(guide is not None and guide.matter.sample)
        self._other.setVisible(state.booking is not None)
        self._take.setVisible(state.can_take)
        self._take.set_busy(state.busy)
        self._card.setText(self.tr("已读身份证：{0}").format(state.card.shown) if state.card else "")
        self._card.setVisible(state.card is not None)
        if state.booking is not None:
            self.set_title(state.booking.item_name, self.tr("您预约了 {0}").format(state.booking.slot_text))
        elif state.corrects:
            self.set_title(self.tr("交补正材料"), self.tr("请带好下面的东西，到窗口说“来交补正材料”"))
        elif guide is None:
            zone = state.zone.name if state.zone else ""
            self.set_title(zone, self.tr("请带好身份证和与这件事有关的材料"))
        elif guide.matter.elsewhere:
            self.set_title(
                guide.matter.name, self.tr("这件事在{0}办理，本大厅不取号").format(guide.matter.elsewhere)
            )
        else:
            self.set_title(
                guide.matter.name, self.tr("请带好下面的材料{0}").format(PART + guide.matter.zone_name)
            )
        self._take.setText(self.tr("签到取号") if state.booking else self.tr("材料齐了，取号"))
        self._take.setAccessibleName(self.tr("取号"))
        shown = (guide, state.booking, state.corrects, state.zone)
        if shown != self._shown:
            self._shown = shown
            self._materials.set_tiles(self._lines(state))
        self._show_groups(state)

    def _lines(self, state: TakeTicketState) -> list[QWidget]:
        if state.guide is not None:
            return material_tiles(state.guide.materials, self._theme)
        if state.booking is not None:
            texts = [
                ("calendar", spaced(self.tr("预约时段：{0}").format(state.booking.slot_text))),
                ("id", self.tr("请带好身份证原件和预约时要求的材料")),
            ]
        elif state.corrects:
            texts = [
                ("file-text", self.tr("补正告知书，没有带的记下办件编号")),
                ("files", self.tr("告知书上列出的材料")),
                ("id", self.tr("居民身份证原件")),
                ("info-circle", self.tr("任意一个综合窗口都能收，不用找原来的窗口")),
            ]
        else:
            texts = [
                ("id", self.tr("居民身份证原件")),
                ("files", self.tr("与要办的事有关的材料")),
                ("info-circle", self.tr("不清楚要带什么？按「返回」选事项，先看材料清单")),
            ]
        return [IconLine(icon, text, theme=self._theme) for icon, text in texts]

    def _show_groups(self, state: TakeTicketState) -> None:
        offered = bool(state.groups) and state.can_take
        self._wish.setVisible(offered)
        self._wish.setChecked(state.asks_priority)
        self._ask.setVisible(offered and state.asks_priority)
        if state.groups != self._groups:
            self._groups = state.groups
            for old in self._choices:
                self._group_grid.removeWidget(old)
                old.hide()
                old.deleteLater()
            self._choices = []
            for index, group in enumerate(state.groups):
                choice = ChoiceButton(group.text, name=self.tr("优先：{0}").format(group.text))
                choice.setProperty("key", group.key)
                choice.setProperty("density", "dense")
                choice.clicked.connect(self._press_group)
                self._group_grid.addWidget(choice, index // 3, index % 3)
                self._choices.append(choice)
        for choice in self._choices:
            choice.setChecked(choice.property("key") == state.priority)
            choice.setVisible(offered and state.asks_priority)

    def _press_group(self) -> None:
        self.priority_toggled.emit(self.sender().property("key"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.window().width() > self.window().height()
        self._row.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        self._row.setStretch(1, 1 if wide else 0)
