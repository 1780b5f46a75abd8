"""Many tiles on a screen where nobody scrolls: pages with 上一页 and 下一页, as many tiles as really fit."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ui.buttons import BigButton, TileButton
from ui.style_roles import set_role
from ui.tokens import Theme

LOW_SHARE = 0.42
"""Share of the screen's height within reach of a seated person, above the fixed controls."""


class PagedTiles(QWidget):
    """Lays tiles out in columns, row by row, and turns the page by buttons at its lower edge.

    columns: (portrait, landscape). fill: rows share the height that is left, up to max_row_px.
    choices: the tiles can be pressed, so the wheelchair layout keeps them low.
    """

    def __init__(
        self,
        name: str,
        *,
        theme: Theme,
        columns: tuple[int, int] = (1, 2),
        fill: bool = False,
        choices: bool = False,
        max_row_px: int = 300,
        parent: QWidget | None = None,
    ) -> None:
        """name: of what is paged (「事项」); the buttons are called 「事项上一页」 and so on."""
        super().__init__(parent)
        self._columns = columns
        self._fill = fill
        self._choices = choices
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
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self._gap)
        column.addWidget(self._area, 1)
        column.addWidget(self._nav)
        self._nav.hide()

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
            return
        window = self.window()
        columns = max(1, self._columns[1 if window.width() > window.height() else 0])
        cell = (width - self._gap * (columns - 1)) // columns
        room = self.height()
        if self._low and self._choices:
            room = min(room, round(window.height() * LOW_SHARE))
        free = self.height() - room
        self._lay_tiles(False)
        heights = [self._tile_height(tile, cell) for tile in self._tiles]
        pages = self._break(heights, columns, room)
        if self._fill and len(pages) > 1:
            self._lay_tiles(True)
            heights = [self._tile_height(tile, cell) for tile in self._tiles]
            pages = self._break(heights, columns, room)
        if len(pages) > 1:
            pages = self._break(heights, columns, room - self._nav.sizeHint().height() - self._gap)
        self._pages = pages
        self._page = min(self._page, len(pages) - 1)
        self._nav.setVisible(len(pages) > 1)
        self._where.setText(f"{self._page + 1} / {len(pages)}")
        self._earlier.setEnabled(self._page > 0)
        self._later.setEnabled(self._page + 1 < len(pages))
        room -= self._nav.sizeHint().height() + self._gap if len(pages) > 1 else 0
        self._place(pages[self._page], heights, columns, cell, QRect(0, free, width, room))

    def _lay_tiles(self, lying: bool) -> None:
        for tile in self._tiles:
            if self._fill and isinstance(tile, TileButton):
                tile.set_lying(lying)

    def _tile_height(self, tile: QWidget, width: int) -> int:
        tile.ensurePolished()
        height = tile.heightForWidth(width) if tile.hasHeightForWidth() else tile.sizeHint().height()
        return max(height, tile.minimumHeight())

    def _break(self, heights: list[int], columns: int, room: int) -> list[list[int]]:
        pages: list[list[int]] = [[]]
        used = 0
        for start in range(0, len(heights), columns):
            row = list(range(start, min(start + columns, len(heights))))
            height = max(heights[i] for i in row)
            if pages[-1] and used + self._gap + height > room:
                pages.append([])
                used = 0
            used += height + (self._gap if pages[-1] else 0)
            pages[-1] += row
        return pages

    def _place(self, shown: list[int], heights: list[int], columns: int, cell: int, area: QRect) -> None:
        rows = [shown[i : i + columns] for i in range(0, len(shown), columns)]
        needed = [max(heights[i] for i in row) for row in rows]
        if self._fill and rows:
            spare = max(0, area.height() - sum(needed) - self._gap * (len(rows) - 1)) // len(rows)
            needed = [max(height, min(height + spare, self._max_row)) for height in needed]
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        top = area.top()
        for row, height in zip(rows, needed, strict=True):
            for place, index in enumerate(row):
                column = columns - 1 - place if mirrored else place
                self._tiles[index].setGeometry(QRect(column * (cell + self._gap), top, cell, height))
            top += height + self._gap
        visible = set(shown)
        for index, tile in enumerate(self._tiles):
            tile.setVisible(index in visible)
