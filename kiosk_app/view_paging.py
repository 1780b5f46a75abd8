"""Many tiles on a screen where nobody scrolls: pages with 上一页 and 下一页, as many tiles as really fit."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ui.buttons import BigButton, TileButton
from ui.style_roles import set_role
from ui.tokens import Theme

_WHOLE = 0.7
_LOOKS = ((False, True), (True, True), (True, False))
"""(lying, with notes), tried one after another until all tiles stand on one page."""
LOW_SHARE = 0.42
"""Share of the screen's height within reach of a seated person, above the fixed controls."""


class PagedTiles(QWidget):
    """Lays tiles out in columns, row by row, and turns the page by buttons at its lower edge.

    columns: (portrait, landscape). Rows share the height that is left, up to max_row_px; those of a last page
    with few rows are as high as those of the others. fill: tiles lie down when they do not fit one page upright,
    and drop their notes when they do not fit so either. choices: the tiles can be pressed, so the wheelchair
    layout keeps them low. lead: the first tile has the first row to itself.
    """

    def __init__(
        self,
        name: str,
        *,
        theme: Theme,
        columns: tuple[int, int] = (1, 2),
        fill: bool = False,
        choices: bool = False,
        lead: bool = False,
        max_row_px: int = 280,
        parent: QWidget | None = None,
    ) -> None:
        """name: of what is paged (「事项」); the buttons are called 「事项上一页」 and so on."""
        super().__init__(parent)
        self._columns = columns
        self._fill = fill
        self._choices = choices
        self._lead = lead
        self._low = False
        self._max_row = theme.px(max_row_px)
        self._gap = theme.px(16)
        self._tiles: list[QWidget] = []
        self._page = 0
        self._pages: list[list[int]] = [[]]
        self._area = QWidget()
        self._area.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._nav = QWidget()
        self._earlier = BigButton(
            self.tr("上一页"), icon="chevron-left", name=self.tr("{0}上一页").format(name)
        )
        self._later = BigButton(
            self.tr("下一页"), icon="chevron-right", name=self.tr("{0}下一页").format(name)
        )
        self._where = QLabel()
        self._where.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._where.setAccessibleName(self.tr("{0}页码").format(name))
        set_role(self._where, "caption")
        self._earlier.clicked.connect(self._turn_back)
        self._later.clicked.connect(self._turn_on)
        row = QHBoxLayout(self._nav)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._earlier, 2)
        row.addWidget(self._where, 1)
        row.addWidget(self._later, 2)
        self._actions: list[QWidget] = []
        self._action_row = QHBoxLayout()
        self._action_row.setSpacing(self._gap)
        self._foot = QWidget()
        self._foot_row = QBoxLayout(QBoxLayout.Direction.TopToBottom, self._foot)
        self._foot_row.setContentsMargins(0, 0, 0, 0)
        self._foot_row.setSpacing(self._gap)
        self._foot_row.addWidget(self._nav)
        self._foot_row.addLayout(self._action_row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self._gap)
        column.addWidget(self._area, 1)
        column.addWidget(self._foot)
        self._foot.hide()

    def set_actions(self, *buttons: QWidget) -> None:
        """Other ways on from here: below the page buttons, beside them where height is scarce."""
        for button in buttons:
            self._actions.append(button)
            self._action_row.addWidget(button)
        self._foot.show()

    def set_tiles(self, tiles: Sequence[QWidget]) -> None:
        """Replace all tiles and go to the first page."""
        for old in self._tiles:
            old.hide()
            old.deleteLater()
        self._tiles = list(tiles)
        for tile in self._tiles:
            tile.setParent(self._area)
        self._page = 0
        self._arrange()

    def set_low(self, low: bool) -> None:
        """Keep choices in the lower part of the screen, within reach from a wheelchair, or use all of it."""
        if low != self._low:
            self._low = low
            self._arrange()

    def tiles(self) -> tuple[QWidget, ...]:
        """All tiles, also those of other pages."""
        return tuple(self._tiles)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._arrange()

    def hideEvent(self, event: QHideEvent) -> None:
        """The next person begins at the first page."""
        super().hideEvent(event)
        self._page = 0

    def _turn_back(self) -> None:
        self._page = max(0, self._page - 1)
        self._arrange()

    def _turn_on(self) -> None:
        self._page = min(len(self._pages) - 1, self._page + 1)
        self._arrange()

    def _arrange(self) -> None:
        width = self.width()
        if width <= 0 or not self._tiles:
            self._nav.hide()
            self._foot.setVisible(bool(self._actions))
            return
        window = self.window()
        # beside something else a lying screen leaves no room for two columns
        lying = window.width() > window.height() and width > window.width() * _WHOLE
        columns = max(1, self._columns[1 if lying else 0])
        cell = (width - self._gap * (columns - 1)) // columns
        ways = QBoxLayout.Direction
        self._foot_row.setDirection(ways.RightToLeft if lying else ways.TopToBottom)
        self._foot_row.setStretch(0, 1)
        self._foot_row.setStretch(1, 1)
        height = self.height() - self._foot_height(False)
        room = height
        if self._low and self._choices:
            room = min(room, round(window.height() * LOW_SHARE))
        free = height - room
        for lying, noted in _LOOKS if self._fill else _LOOKS[:1]:
            self._lay_tiles(lying, noted)
            heights = self._heights(cell)
            pages = self._break(heights, columns, room)
            if len(pages) == 1:
                break
        if len(pages) > 1:
            room -= self._foot_height(True) - self._foot_height(False)
            pages = self._break(heights, columns, room)
        self._pages = pages
        self._page = min(self._page, len(pages) - 1)
        self._nav.setVisible(len(pages) > 1)
        self._foot.setVisible(self._foot_height(len(pages) > 1) > 0)
        self._where.setText(f"{self._page + 1} / {len(pages)}")
        self._earlier.setEnabled(self._page > 0)
        self._later.setEnabled(self._page + 1 < len(pages))
        most = max(len(self._rows(page, columns)) for page in pages)
        self._place(pages[self._page], heights, columns, most, QRect(0, free, width, room))

    def _foot_height(self, paged: bool) -> int:
        """What the foot takes from the tiles, with or without the page buttons."""
        actions = [button for button in self._actions if not button.isHidden()]
        beside = self._foot_row.direction() == QBoxLayout.Direction.RightToLeft
        width = (self.width() - self._gap) // 2 if beside and paged and actions else self.width()
        parts = []
        if paged:
            parts.append(self._earlier.heightForWidth(width * 2 // 5))
        if actions:
            each = (width - self._gap * (len(actions) - 1)) // len(actions)
            parts.append(max(button.heightForWidth(each) for button in actions))
        if not parts:
            return 0
        return (max(parts) if beside else sum(parts) + self._gap * (len(parts) - 1)) + self._gap

    def _lay_tiles(self, lying: bool, noted: bool) -> None:
        for at, tile in enumerate(self._tiles):
            if self._fill and isinstance(tile, TileButton):
                # over the whole width an icon on top would stand in an empty field
                tile.set_lying(lying or (self._lead and at == 0), noted=noted)

    def _heights(self, cell: int) -> list[int]:
        widths = [self.width() if self._lead and at == 0 else cell for at in range(len(self._tiles))]
        return [self._tile_height(tile, width) for tile, width in zip(self._tiles, widths, strict=True)]

    def _rows(self, tiles: Sequence[int], columns: int) -> list[list[int]]:
        """Row by row; the lead alone in the first."""
        own = 1 if self._lead and 0 in tiles else 0
        rest = [list(tiles[at : at + columns]) for at in range(own, len(tiles), columns)]
        return [list(tiles[:own]), *rest] if own else rest

    def _tile_height(self, tile: QWidget, width: int) -> int:
        tile.ensurePolished()
        height = tile.heightForWidth(width) if tile.hasHeightForWidth() else tile.sizeHint().height()
        return max(height, tile.minimumHeight())

    def _break(self, heights: list[int], columns: int, room: int) -> list[list[int]]:
        pages: list[list[int]] = [[]]
        used = 0
        for row in self._rows(range(len(heights)), columns):
            height = max(heights[i] for i in row)
            if pages[-1] and used + self._gap + height > room:
                pages.append([])
                used = 0
            used += height + (self._gap if pages[-1] else 0)
            pages[-1] += row
        return pages

    def _place(self, shown: list[int], heights: list[int], columns: int, most: int, area: QRect) -> None:
        """most: rows of the fullest page."""
        cell = (area.width() - self._gap * (columns - 1)) // columns
        rows = self._rows(shown, columns)
        needed = [max(heights[i] for i in row) for row in rows]
        if rows:
            # equal rows are read more easily; the longest texts alone may need more than that
            count = most if self._page + 1 == len(self._pages) else len(rows)
            share = min((area.height() - self._gap * (count - 1)) // count, self._max_row)
            if share >= max(needed):
                needed = [share] * len(rows)
            else:
                spare = max(0, area.height() - sum(needed) - self._gap * (len(rows) - 1)) // count
                # one row alone is as high as what it says, not as the page
                needed = [max(height, min(height + spare, self._max_row)) for height in needed]
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        top = area.top()
        for row, height in zip(rows, needed, strict=True):
            for place, index in enumerate(row):
                column = columns - 1 - place if mirrored else place
                alone = self._lead and index == 0
                left, width = (0, area.width()) if alone else (column * (cell + self._gap), cell)
                self._tiles[index].setGeometry(QRect(left, top, width, height))
            top += height + self._gap
        visible = set(shown)
        for index, tile in enumerate(self._tiles):
            tile.setVisible(index in visible)
