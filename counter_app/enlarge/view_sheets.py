"""The column of pages and the room that it scrolls in."""

from PySide6.QtCore import QBuffer, QByteArray, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImageReader, QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from counter_app.enlarge.state import Leaf
from ui.page_preview import PagePreview

PAGE_PX = 900
"""Width of a page: print of 16 points is 24 px high then."""
_PAD, _FRAME = 12, 1
_LINE_PX = 64
EDGES = 2 * (_PAD + _FRAME)
"""What stands beside a page."""
_A4 = QSize(210, 297)


class _Sheet(PagePreview):
    """One page. It is decoded when it is first seen: thirty papers of a package must not be one long wait."""

    def __init__(self, number: int, leaf: Leaf, parent: QWidget) -> None:
        name = self.tr("放大的第 %1 页").replace("%1", str(number))
        super().__init__(name, empty_text=leaf.told, parent=parent)
        self.leaf = leaf
        self._size = _size_of(leaf.picture)
        self._decoded = False

    def height_at(self, width: int) -> int:
        return round(width * self._size.height() / self._size.width())

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.leaf.picture and not self._decoded:
            self._decoded = True
            self.show_bytes(self.leaf.picture)
        super().paintEvent(event)


class Sheets(QWidget):
    """Pages one below the other on the colour of a desk."""

    def __init__(self, mark_ink: QColor) -> None:
        super().__init__()
        self._ink = mark_ink
        self._mark = ""
        self._sheets: list[_Sheet] = []
        self._page_px = PAGE_PX
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_leaves(self, leaves: tuple[Leaf, ...], mark: str) -> None:
        """Only what is different is made anew. `mark`: words across each page."""
        if mark == self._mark and leaves == tuple(sheet.leaf for sheet in self._sheets):
            return
        old, self._mark = self._sheets, mark
        self._sheets = []
        for number, leaf in enumerate(leaves, 1):
            sheet = _Sheet(number, leaf, self)
            sheet.show_mark(mark if leaf.picture else "", self._ink)
            self._sheets.append(sheet)
        for sheet in old:
            sheet.hide()
            sheet.deleteLater()
        self._lay_out()

    def set_page_width(self, width: int) -> None:
        if width != self._page_px:
            self._page_px = width
            self._lay_out()

    def top_of(self, at: int) -> int:
        """Where to scroll for page `at`, the nearest one if there is none."""
        if not self._sheets:
            return 0
        return self._sheets[min(max(at, 0), len(self._sheets) - 1)].y() - _PAD

    def page_at(self, point: QPoint) -> int:
        """The last page that begins above `point`."""
        return max(sum(sheet.y() <= point.y() for sheet in self._sheets) - 1, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(event.rect(), self.palette().color(QPalette.ColorRole.AlternateBase))

    def _lay_out(self) -> None:
        y = _PAD
        for sheet in self._sheets:
            # with its frame around it, so that a page as wide as its picture is drawn without being scaled
            height = sheet.height_at(self._page_px) + 2 * _FRAME
            sheet.setGeometry(_PAD, y, self._page_px + 2 * _FRAME, height)
            sheet.show()
            y += height + _PAD
        self.setFixedSize(self._page_px + EDGES, y)


class SheetScroll(QScrollArea):
    """Arrows, PageUp, PageDown, Home, End scroll.

    Signals:
        turned: +1 or -1, left and right.
        moved: other pages are seen.
    """

    turned = Signal(int)
    moved = Signal()

    def __init__(self, sheets: Sheets) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("放大的页面"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setWidget(sheets)
        self.verticalScrollBar().setSingleStep(_LINE_PX)
        self.verticalScrollBar().valueChanged.connect(self.moved)

    def beside(self) -> int:
        """Width that the pages do not get."""
        return self.verticalScrollBar().sizeHint().width()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar, key = self.verticalScrollBar(), event.key()
        # a strip of what was read last stays in sight
        screen = self.viewport().height() - _LINE_PX
        steps = {
            Qt.Key.Key_Up: -_LINE_PX,
            Qt.Key.Key_Down: _LINE_PX,
            Qt.Key.Key_PageUp: -screen,
            Qt.Key.Key_PageDown: screen,
            Qt.Key.Key_Space: screen,
            Qt.Key.Key_Home: -bar.maximum(),
            Qt.Key.Key_End: bar.maximum(),
        }
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.turned.emit(1 if key == Qt.Key.Key_Right else -1)
        elif key in steps:
            bar.setValue(bar.value() + steps[Qt.Key(key)])
        else:
            event.ignore()

    def focusNextPrevChild(self, following: bool) -> bool:
        """Tab stays here: what lies below is not to be reached meanwhile."""
        return True


def _size_of(picture: bytes) -> QSize:
    """Read from the head of the file, without decoding it."""
    if not picture:
        return _A4
    buffer = QBuffer()
    buffer.setData(QByteArray(picture))
    buffer.open(QBuffer.OpenModeFlag.ReadOnly)
    size = QImageReader(buffer).size()
    return size if size.isValid() and not size.isEmpty() else _A4
