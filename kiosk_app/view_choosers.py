"""Pages to choose from: by the person's question, by matter, by zone. Used for numbers and for guides."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLineEdit, QVBoxLayout, QWidget

from kiosk_app.letter_search import WORTH_SEARCHING, LetterSearch
from kiosk_app.ports import Matter, Question, Zone
from kiosk_app.take_ticket.slip import sample_text
from kiosk_app.typed import MAX_TYPED
from kiosk_app.view_frame import PageFrame
from kiosk_app.view_paging import PagedTiles
from kiosk_app.wording import PART
from ui.buttons import BigButton, TileButton
from ui.keypad import LETTER_ROWS, Keypad
from ui.labels import WrapLabel
from ui.tokens import Theme

_KEY_PX = 96


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
    """A list of matters; a long one is searched by letters.

    Signals:
        chosen: a Matter. zone_only: a number for the zone without naming a matter.
        letters_wanted: the letter keys, on or off. letters_typed: str.
    """

    chosen = Signal(object)
    zone_only = Signal()
    letters_wanted = Signal()
    letters_typed = Signal(str)

    def __init__(self, name: str, *, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(name, theme=theme, parent=parent)
        self._shown: tuple[Matter, ...] | None = None
        self._tiles = PagedTiles(self.tr("事项"), theme=theme, choices=True, columns=(1, 2))
        self._none_here = self.tr("这里还没有可以选的事项。请按「返回」换一种找法，或叫工作人员帮忙。")
        self._none_found = self.tr("没有这样开头的事项。请退格少按几个字母，或叫工作人员帮忙。")
        self._empty = WrapLabel(self._none_here, tone="muted", name=self.tr("没有事项"))
        self._zone = BigButton(self.tr("不确定事项，先取本专区的号"), icon="ticket")
        self._zone.clicked.connect(self.zone_only)
        self.body.addWidget(self._empty)
        self._letters = BigButton(self.tr("按拼音首字母找"), icon="search", name=self.tr("首字母查找"))
        self._close = BigButton(self.tr("收起字母，看全部"), icon="x", name=self.tr("收起字母"))
        self._close.clicked.connect(self.letters_wanted)
        self._letters.clicked.connect(self.letters_wanted)
        self._tiles.set_actions(self._letters, self._zone)
        self._field = QLineEdit()
        self._field.setAccessibleName(self.tr("事项首字母"))
        self._field.setPlaceholderText(self.tr("户口按 H K，社保按 S B"))
        self._field.setMaxLength(MAX_TYPED)
        self._field.textChanged.connect(self.letters_typed)
        keys = Keypad(LETTER_ROWS)
        keys.type_into(self._field)
        keys.setFixedHeight(theme.px(3 * _KEY_PX + 24))
        self._panel = QWidget()
        panel = QVBoxLayout(self._panel)
        panel.setContentsMargins(0, 0, 0, 0)
        panel.setSpacing(theme.px(16))
        panel.addStretch(1)
        panel.addWidget(self._close)
        panel.addWidget(self._field)
        panel.addWidget(keys)
        self._row = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._row.setSpacing(theme.px(24))
        self._row.addWidget(self._tiles, 1)
        self._row.addWidget(self._panel)
        self.body.addLayout(self._row, 1)

    def show_matters(
        self, every: tuple[Matter, ...], search: LetterSearch, zone: Zone | None, offer_zone: bool
    ) -> None:
        """Draw the matters that the letters leave; zone: the one they belong to."""
        matters, typing = search.found(every), search.letters is not None
        count = self.tr("共 {0} 项").format(len(every))
        if search.letters:
            count = self.tr("找到 {0} 项").format(len(matters))
        self.set_title(zone.name if zone else self.tr("请选择事项"), count)
        self._empty.setVisible(not matters)
        self._empty.setText(self._none_found if every else self._none_here)
        self._zone.setVisible(offer_zone and zone is not None and not typing)
        self._letters.setVisible(len(every) > WORTH_SEARCHING and not typing)
        self._panel.setVisible(typing)
        if self._field.text() != (search.letters or ""):
            self._field.setText(search.letters or "")
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A lying screen is short: the letters stand beside the list there."""
        super().resizeEvent(event)
        wide = self.window().width() > self.window().height()
        self._row.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        self._row.setStretch(1, 1 if wide else 0)

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
