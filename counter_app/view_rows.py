"""The one list of the counter: frozen rows with icon, title, detail and badge; long texts wrap, nothing is cut."""

from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ui.icons import paint_icon
from ui.text_block import TextBlock, lay_out
from ui.tokens import Palette, Tone

_PAD_X, _PAD_Y, _GAP = 10, 6, 8
_AnyIndex = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class ListRow:
    """One line. `tone` colours icon and badge; the words carry the meaning."""

    title: str
    detail: str = ""
    badge: str = ""
    icon: str = ""
    tone: Tone = Tone.PLAIN
    key: str = ""
    """A digit shown in front (「1」) where digits choose."""
    strong: bool = False
    muted: bool = False

    def spoken(self) -> str:
        return "，".join(part for part in (self.title, self.badge, self.detail) if part)


class _RowsModel(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: tuple[ListRow, ...] = ()

    def rowCount(self, parent: _AnyIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: _AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.rows[index.row()].spoken()
        return None

    def show(self, rows: tuple[ListRow, ...]) -> None:
        if len(rows) == len(self.rows):
            self.rows = rows
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
                self.layoutChanged.emit()
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()


class _RowDelegate(QStyledItemDelegate):
    def __init__(self, palette: Palette, view: "RowList") -> None:
        super().__init__(view)
        self._view = view
        self._inks = {
            Tone.PLAIN: QColor(palette.muted),
            Tone.INFO: QColor(palette.action),
            Tone.DONE: QColor(palette.done),
            Tone.ATTENTION: QColor(palette.attention),
            Tone.WRONG: QColor(palette.wrong),
        }
        self._palette = palette

    def sizeHint(self, option: QStyleOptionViewItem, index: _AnyIndex) -> QSize:
        row = self._view.row(index.row())
        width = self._view.viewport().width()
        title, detail, badge = self._blocks(row, width)
        height = max(title.height, badge.height) + (detail.height + 1 if row.detail else 0) + 2 * _PAD_Y
        return QSize(width, round(height + 0.5))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _AnyIndex) -> None:
        row = self._view.row(index.row())
        rect = QRect(option.rect)
        current = index.row() == self._view.currentIndex().row()
        focused = self._view.hasFocus()
        painter.save()
        if current and (focused or not self._view.quiet):
            painter.fillRect(rect, QColor(self._palette.action_soft))
            bar = QRect(rect.left(), rect.top(), 4 if focused else 3, rect.height())
            painter.fillRect(bar, QColor(self._palette.focus if focused else self._palette.action))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), QColor(self._palette.line))
        title, detail, badge = self._blocks(row, rect.width())
        ink = QColor(self._palette.muted if row.muted else self._palette.text)
        tone = self._inks[row.tone]
        em = self._view.fontInfo().pixelSize()
        x, y = rect.left() + _PAD_X, rect.top() + _PAD_Y
        if row.key:
            key = lay_out(row.key, self._small(), 1000)
            box = QRectF(x, y + (title.height - key.height) / 2 - 1, em * 1.3, key.height + 2)
            painter.setPen(QColor(self._palette.muted))
            painter.drawRoundedRect(box, 3, 3)
            key.draw(
                painter, box.adjusted(0, 1, 0, 0), QColor(self._palette.muted), Qt.AlignmentFlag.AlignHCenter
            )
            x += round(em * 1.3) + _GAP
        if row.icon:
            first = title.height / max(len(title.lines), 1)
            icon = QRectF(x, y + (first - em * 1.25) / 2, em * 1.25, em * 1.25)
            paint_icon(painter, row.icon, icon, tone)
            x += round(em * 1.25) + _GAP
        left = Qt.AlignmentFlag.AlignLeft
        title.draw(painter, QRectF(x, y, title.width + 1, title.height), ink, left)
        if row.badge:
            box = QRectF(rect.right() - _PAD_X - badge.width, y + 1, badge.width + 1, badge.height)
            badge.draw(painter, box, tone, left)
        if row.detail:
            top = y + max(title.height, badge.height) + 1
            muted = QColor(self._palette.muted)
            detail.draw(painter, QRectF(x, top, detail.width + 1, detail.height), muted, left)
        painter.restore()

    def _blocks(self, row: ListRow, width: int) -> tuple[TextBlock, TextBlock, TextBlock]:
        em = self._view.fontInfo().pixelSize()
        used = 2 * _PAD_X + (em * 1.3 + _GAP if row.key else 0) + (em * 1.25 + _GAP if row.icon else 0)
        small = self._small()
        badge = lay_out(row.badge, small, max(width * 0.45, em * 4))
        bold = QFont(self._view.font())
        bold.setBold(row.strong)
        room = max(width - used - (badge.width + _GAP if row.badge else 0), em * 4)
        return lay_out(row.title, bold, room), lay_out(row.detail, small, max(width - used, em * 4)), badge

    def _small(self) -> QFont:
        font = QFont(self._view.font())
        font.setPixelSize(max(11, round(self._view.fontInfo().pixelSize() * 13 / 15)))
        return font


class RowList(QListView):
    """Draws ListRows. Never chooses by itself: it says which keys were pressed, the state says where the cursor is.

    Signals:
        stepped: +1 or -1 (arrows).
        sideways: +1 or -1 (left, right); ctrl_sideways with Ctrl held.
        picked: row index that was clicked.
        entered: Enter, or a double click.
        typed: any other single character, upper case (digits, letters, space, + and -).
    """

    stepped = Signal(int)
    sideways = Signal(int)
    ctrl_sideways = Signal(int)
    picked = Signal(int)
    entered = Signal()
    typed = Signal(str)

    def __init__(
        self,
        name: str,
        palette: Palette,
        *,
        empty: str = "",
        quiet: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """`empty`: what stands in an empty list. `quiet`: the cursor shows only while the list has the focus."""
        super().__init__(parent)
        self.setAccessibleName(name)
        self._rows_model = _RowsModel(self)
        self._empty = empty
        self._muted = palette.muted
        self.quiet = quiet
        self.setModel(self._rows_model)
        self.setItemDelegate(_RowDelegate(palette, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.clicked.connect(self._on_clicked)
        self.doubleClicked.connect(self._on_double_clicked)

    def row(self, at: int) -> ListRow:
        return self._rows_model.rows[at]

    def rows(self) -> tuple[ListRow, ...]:
        return self._rows_model.rows

    def show_rows(self, rows: tuple[ListRow, ...], at: int = -1) -> None:
        """Draw rows with the cursor on `at` (-1: none), scrolled into sight."""
        if rows != self._rows_model.rows:
            self._rows_model.show(rows)
            self.doItemsLayout()
        index = self._rows_model.index(at) if 0 <= at < len(rows) else QModelIndex()
        if index.row() != self.currentIndex().row():
            self.setCurrentIndex(index)
            self.viewport().update()
        if index.isValid():
            self.scrollTo(index)

    def set_empty(self, text: str) -> None:
        if text != self._empty:
            self._empty = text
            self.viewport().update()

    def empty_text(self) -> str:
        """What stands there while there is no row."""
        return self._empty

    def content_height(self) -> int:
        """Height that shows all rows."""
        delegate, option = self.itemDelegate(), QStyleOptionViewItem()
        model = self._rows_model
        return sum(delegate.sizeHint(option, model.index(i)).height() for i in range(model.rowCount())) + 2

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, ctrl = event.key(), event.modifiers() & Qt.KeyboardModifier.ControlModifier
        text = event.text().upper()
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and self._rows_model.rows:
            self.picked.emit(0 if key == Qt.Key.Key_Home else len(self._rows_model.rows) - 1)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            (self.ctrl_sideways if ctrl else self.sideways).emit(1 if key == Qt.Key.Key_Right else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif key == Qt.Key.Key_Delete:
            self.typed.emit("DELETE")
        elif not ctrl and len(text) == 1 and text.isprintable():
            self.typed.emit(text)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._rows_model.rows and self._empty:
            painter = QPainter(self.viewport())
            block = lay_out(self._empty, self.font(), self.viewport().width() * 0.86)
            area = QRectF(self.viewport().rect())
            top = max(12.0, (area.height() - block.height) / 3)
            box = QRectF(area.width() * 0.07, top, area.width() * 0.86, block.height)
            # the palette's own placeholder colour is too pale to be read
            ink = QColor(self._muted)
            block.draw(painter, box, ink, Qt.AlignmentFlag.AlignHCenter)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.doItemsLayout()

    def _on_clicked(self, index: QModelIndex) -> None:
        self.picked.emit(index.row())

    def _on_double_clicked(self, _index: QModelIndex) -> None:
        self.entered.emit()
