"""A place to sign by finger, pen or mouse."""

from dataclasses import dataclass
from itertools import pairwise
from time import monotonic

from PySide6.QtCore import QBuffer, QIODevice, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.text_block import lay_out


@dataclass(frozen=True, slots=True)
class InkPoint:
    """x, y in widget px; at_ms since the first touch of the signature."""

    x: float
    y: float
    at_ms: int


Stroke = tuple[InkPoint, ...]


class SignaturePad(QWidget):
    """Collects strokes. Touch arrives as mouse events that Qt makes of it.

    Signals:
        changed: a stroke was finished, or everything cleared.
    """

    changed = Signal()

    def __init__(self, *, name: str = "", hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name or self.tr("签名处"))
        self._hint = hint or self.tr("请在此处签名")
        self._strokes: list[Stroke] = []
        self._current: list[InkPoint] = []
        self._started = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.CrossCursor)

    def strokes(self) -> tuple[Stroke, ...]:
        """Finished strokes, in order."""
        return tuple(self._strokes)

    def is_empty(self) -> bool:
        """True while nothing but at most single dots is there; a dot alone is no signature."""
        return all(len(stroke) < 2 for stroke in self._strokes)

    def clear(self) -> None:
        """Wipe all strokes from memory."""
        self._strokes.clear()
        self._current.clear()
        self.update()
        self.changed.emit()

    def png_bytes(self, height_px: int = 240, margin_px: int = 12) -> bytes:
        """The ink cropped and scaled to height_px, black on transparent; b"" when empty."""
        if self.is_empty():
            return b""
        bounds = QRectF()
        for stroke in self._strokes:
            bounds = bounds.united(_path(stroke).boundingRect().adjusted(0, 0, 0.01, 0.01))
        factor = (height_px - 2 * margin_px) / max(bounds.height(), bounds.width() / 8, 1.0)
        width = round(bounds.width() * factor) + 2 * margin_px
        image = QImage(width, height_px, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(margin_px, margin_px + (height_px - 2 * margin_px - bounds.height() * factor) / 2)
        painter.scale(factor, factor)
        painter.translate(-bounds.topLeft())
        self._paint_ink(painter, QColor("#000000"), 5.0 / factor)
        painter.end()
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stub wants bytes, Qt wants str
        return bytes(buffer.data().data())

    def sizeHint(self) -> QSize:
        return QSize(480, 200)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._strokes and not self._current:
            self._started = monotonic()
        self._current = [self._point(event.position())]
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._current:
            self._current.append(self._point(event.position()))
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._current:
            self._strokes.append(tuple(self._current))
            self._current = []
            self.update()
            self.changed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        painter.fillRect(self.rect(), palette.color(QPalette.ColorRole.Base))
        line = QPen(palette.color(QPalette.ColorRole.Mid), 1, Qt.PenStyle.DashLine)
        painter.setPen(line)
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        base = self.height() * 0.72
        painter.drawLine(QPointF(self.width() * 0.06, base), QPointF(self.width() * 0.94, base))
        if not self._strokes and not self._current:
            ink = palette.color(QPalette.ColorRole.PlaceholderText)
            block = lay_out(self._hint, self.font(), self.width() * 0.9)
            area = QRectF(self.width() * 0.05, base + 6, self.width() * 0.9, block.height)
            block.draw(painter, area, ink, Qt.AlignmentFlag.AlignHCenter)
            return
        self._paint_ink(painter, palette.color(QPalette.ColorRole.WindowText), 4.0)

    def _point(self, position: QPointF) -> InkPoint:
        return InkPoint(position.x(), position.y(), round((monotonic() - self._started) * 1000))

    def _paint_ink(self, painter: QPainter, colour: QColor, width: float) -> None:
        pen = QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for stroke in (*self._strokes, tuple(self._current)):
            if stroke:
                painter.drawPath(_path(stroke))


def _path(stroke: Stroke) -> QPainterPath:
    first = QPointF(stroke[0].x, stroke[0].y)
    path = QPainterPath(first)
    if len(stroke) == 1:
        path.lineTo(first + QPointF(0.1, 0.1))
    for before, after in pairwise(stroke[1:]):
        middle = QPointF((before.x + after.x) / 2, (before.y + after.y) / 2)
        path.quadTo(QPointF(before.x, before.y), middle)
    if len(stroke) > 1:
        path.lineTo(QPointF(stroke[-1].x, stroke[-1].y))
    return path
