"""Pages to choose from: by the person's question, by matter, by zone. Used for numbers and for guides."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kiosk_app.ports import Matter, Question, Zone
from kiosk_app.take_ticket.slip import sample_text
from kiosk_app.view_frame import PageFrame
from kiosk_app.view_paging import PagedTiles
from kiosk_app.wording import PART
from ui.buttons import BigButton, TileButton
from ui.labels import WrapLabel
from ui.tokens import Theme


class QuestionsPage(PageFrame):
    """「给孩子上户口」 and the like, then the two other ways.

    Signals:
        chosen: a Question. matters_wanted, zones_wanted.
    """

    chosen = Signal(object)
    matters_wanted = Signal()
    zones_wanted = Signal()

    def __init__(self, name: str, *, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(name, theme=theme, parent=parent)
        self._shown: tuple[Question, ...] | None = None
        self._tiles = PagedTiles(
            self.tr("问题"), theme=theme, choices=True, columns=(2, 3), fill=True, max_row_px=440
        )
        self._empty = WrapLabel(self.tr("请按事项或按专区查找。"), role="body", tone="muted")
        self._by_matter = BigButton(self.tr("按事项找"), icon="list-details")
        self._by_zone = BigButton(self.tr("按专区找"), icon="building-community")
        self._by_matter.clicked.connect(self.matters_wanted)
        self._by_zone.clicked.connect(self.zones_wanted)
        self._tiles.set_actions(self._by_matter, self._by_zone)
        self.body.addWidget(self._empty)
        self.body.addWidget(self._tiles, 1)
        self.set_title(self.tr("您要办什么事？"), self.tr("选一个最接近的说法"))

    def show_questions(self, questions: tuple[Question, ...], loading: bool) -> None:
        """Draw the questions."""
        self._empty.setVisible(not questions and not loading)
        if questions == self._shown:
            return
        self._shown = questions
        tiles: list[QWidget] = []
        for question in questions:
            tile = TileButton(question.text, icon=question.icon)
            tile.setProperty("row", question)
            tile.clicked.connect(self._press)
            tiles.append(tile)
        self._tiles.set_tiles(tiles)

    def _press(self) -> None:
        self.chosen.emit(self.sender().property("row"))


class MattersPage(PageFrame):
    """A list of matters.

    Signals:
        chosen: a Matter. zone_only: a number for the zone without naming a matter.
    """

    chosen = Signal(object)
    zone_only = Signal()

    def __init__(self, name: str, *, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(name, theme=theme, parent=parent)
        self._shown: tuple[Matter, ...] | None = None
        self._tiles = PagedTiles(self.tr("事项"), theme=theme, choices=True, columns=(1, 2))
        self._empty = WrapLabel(
            self.tr("这里还没有可以选的事项。请按「返回」换一种找法，或叫工作人员帮忙。"), tone="muted"
        )
        self._zone = BigButton(self.tr("不确定事项，先取本专区的号"), icon="ticket")
        self._zone.clicked.connect(self.zone_only)
        self.body.addWidget(self._empty)
        self._tiles.set_actions(self._zone)
        self.body.addWidget(self._tiles, 1)

    def show_matters(self, matters: tuple[Matter, ...], zone: Zone | None, offer_zone: bool) -> None:
        """Draw the matters; zone: the one they belong to."""
        self.set_title(
            zone.name if zone else self.tr("请选择事项"), self.tr("共 {0} 项").format(len(matters))
        )
        self._empty.setVisible(not matters)
        self._zone.setVisible(offer_zone and zone is not None)
        if matters == self._shown:
            return
        self._shown = matters
        tiles: list[QWidget] = []
        for matter in matters:
            parts = [matter.elsewhere or matter.zone_name]
            if matter.sample:
                parts.append(sample_text())
            tile = TileButton(matter.name, icon="file-text", note=PART.join(parts), lying=True)
            tile.setProperty("row", matter)
            tile.clicked.connect(self._press)
            tiles.append(tile)
        self._tiles.set_tiles(tiles)

    def _press(self) -> None:
        self.chosen.emit(self.sender().property("row"))


class ZonesPage(PageFrame):
    """The zones with how busy they are.

    Signals:
        chosen: a Zone.
    """

    chosen = Signal(object)

    def __init__(self, name: str, *, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(name, theme=theme, parent=parent)
        self._shown: tuple[Zone, ...] | None = None
        self._tiles = PagedTiles(self.tr("专区"), theme=theme, choices=True, columns=(1, 2))
        self._empty = WrapLabel(self.tr("现在没有开放的专区。请到咨询台询问。"), tone="muted")
        self.body.addWidget(self._empty)
        self.body.addWidget(self._tiles, 1)
        self.set_title(self.tr("请选择专区"))

    def show_zones(self, zones: tuple[Zone, ...]) -> None:
        """Draw the zones."""
        self._empty.setVisible(not zones)
        if zones == self._shown:
            return
        self._shown = zones
        tiles: list[QWidget] = []
        for zone in zones:
            tile = TileButton(zone.name, icon="building-community", note=self._load_of(zone), lying=True)
            tile.setProperty("row", zone)
            tile.clicked.connect(self._press)
            tiles.append(tile)
        self._tiles.set_tiles(tiles)

    def _load_of(self, zone: Zone) -> str:
        parts = []
        if zone.waiting is not None:
            parts.append(self.tr("等候 {0} 人").format(zone.waiting))
        if zone.waiting == 0:
            parts = [self.tr("现在不用等")]
        elif zone.wait_minutes is not None:
            parts.append(self.tr("约 {0} 分钟").format(zone.wait_minutes))
        if zone.open_windows is not None:
            parts.append(self.tr("开放 {0} 个窗口").format(zone.open_windows))
        return PART.join(parts)

    def _press(self) -> None:
        self.chosen.emit(self.sender().property("row"))
