"""Tabler outline icons (MIT, resources/icons/LICENSE_TABLER), drawn in any colour at any size."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPaintEvent, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.resource_files import resource_path


@lru_cache(maxsize=128)
def icon_svg(name: str) -> str:
    """The SVG text of resources/icons/{name}.svg; raises FileNotFoundError."""
    return resource_path("icons", f"{name}.svg").read_text(encoding="utf-8")


def paint_icon(painter: QPainter, name: str, rect: QRectF, colour: QColor) -> None:
    """Draw an icon into a square rect."""
    svg = icon_svg(name).replace("currentColor", colour.name())
    QSvgRenderer(QByteArray(svg.encode())).render(painter, rect)


def icon_pixmap(name: str, size_px: int, colour: QColor, ratio: float = 1.0) -> QPixmap:
    """A square pixmap of size_px logical px."""
    pixmap = QPixmap(round(size_px * ratio), round(size_px * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    paint_icon(painter, name, QRectF(0, 0, size_px, size_px), colour)
    painter.end()
    return pixmap


def qt_icon(name: str, size_px: int, colour: QColor) -> QIcon:
    """A QIcon for places that take nothing else (window icon, item views)."""
    return QIcon(icon_pixmap(name, size_px, colour, 2.0))


class IconLabel(QWidget):
    """An icon in the text colour that the style sheet gives this widget, sized in its font's em.

    Decoration only: the word beside it is what a screen reader says.
    """

    def __init__(self, name: str = "", em: float = 1.25, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._em = em
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def set_icon(self, name: str) -> None:
        """Show another icon; "" shows none and keeps the room."""
        if name != self._name:
            self._name = name
            self.update()

    def sizeHint(self) -> QSize:
        side = round(self.fontInfo().pixelSize() * self._em)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._name:
            return
        side = min(self.width(), self.height())
        rect = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        painter = QPainter(self)
        paint_icon(painter, self._name, rect, self.palette().color(QPalette.ColorRole.WindowText))
