"""A scanned or live page, whole and sharp, with the found outline and its caption."""

from math import atan2, degrees, hypot

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QImage,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.text_block import lay_out

Corner = tuple[float, float]
"""x, y as a share of the picture's width and height, 0.0 to 1.0."""


class PagePreview(QWidget):
    """Fits a picture into the widget without distorting it; says so in words when there is none."""

    def __init__(self, name: str, *, empty_text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._empty_text = empty_text or self.tr("还没有画面")
        self._image = QImage()
        self._small = QImage()
        """The picture as it was last drawn, where it is drawn far smaller than it is."""
        self._outline: tuple[Corner, ...] = ()
        self._caption = ""
        self._mark, self._mark_ink = "", QColor()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_empty(self, text: str) -> None:
        """What stands there instead of a picture."""
        if text != self._empty_text:
            self._empty_text = text
            self.show_image(None if self._image.isNull() else self._image, self._caption)

    def show_image(self, image: QImage | None, caption: str = "") -> None:
        """Show a picture (kept by reference, not copied), or none."""
        image = image if image is not None else QImage()
        if image.cacheKey() != self._image.cacheKey():
            self._small = QImage()
        self._image = image
        self._caption = caption
        self.setAccessibleDescription(caption if not self._image.isNull() else self._empty_text)
        self.update()

    def show_bytes(self, encoded: bytes, caption: str = "") -> bool:
        """Decode PNG or JPEG bytes and show them; False when they are no picture."""
        image = QImage.fromData(encoded)
        self.show_image(image, caption)
        return not image.isNull()

    def show_outline(self, corners: tuple[Corner, ...]) -> None:
        """Outline of the page found in the picture, clockwise; () for none."""
        self._outline = corners
        self.update()

    def show_mark(self, text: str, ink: QColor) -> None:
        """Words across the picture, pale enough to read what is below; "" for none."""
        self._mark, self._mark_ink = text, ink
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, 420)

    def picture_rect(self) -> QRectF:
        """Where the picture is drawn, in widget px; empty without a picture."""
        if self._image.isNull():
            return QRectF()
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1 - self._caption_height())
        factor = min(area.width() / self._image.width(), area.height() / self._image.height())
        width, height = self._image.width() * factor, self._image.height() * factor
        return QRectF(area.center().x() - width / 2, area.center().y() - height / 2, width, height)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        roles = QPalette.ColorRole
        ink = self.palette().color(roles.WindowText)
        rect = self.picture_rect()
        if rect.isEmpty():
            painter.fillRect(self.rect(), self.palette().color(roles.AlternateBase))
            block = lay_out(self._empty_text, self.font(), self.width() * 0.8)
            top = (self.height() - block.height) / 2
            centred = QRectF(self.width() * 0.1, top, self.width() * 0.8, block.height)
            block.draw(painter, centred, ink, Qt.AlignmentFlag.AlignHCenter)
            return
        painter.drawImage(rect, self._fitted(rect))
        painter.setPen(QPen(self.palette().color(roles.Mid), 1))
        painter.drawRect(rect)
        if self._mark:
            self._paint_mark(painter, rect)
        if len(self._outline) >= 3:
            self._paint_outline(painter, rect)
        if self._caption:
            ink = self._mark_ink if self._mark else ink
            block = lay_out(self._caption, self.font(), self.width())
            area = QRectF(0, self.height() - block.height, self.width(), block.height)
            block.draw(painter, area, ink, Qt.AlignmentFlag.AlignHCenter)

    def _fitted(self, rect: QRectF) -> QImage:
        """The picture for `rect`. A painter that makes one far smaller skips pixels: a paper's thin strokes break."""
        size = (rect.size() * self.devicePixelRatioF()).toSize()
        if size.width() * 2 > self._image.width():
            return self._image
        if self._small.size() != size:
            ratio, smooth = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            self._small = self._image.scaled(size, ratio, smooth)
        return self._small

    def _paint_mark(self, painter: QPainter, rect: QRectF) -> None:
        """Rising from the lower left to the upper right corner."""
        font = QFont(self.font())
        font.setBold(True)
        font.setPixelSize(100)
        block = lay_out(self._mark, font, 1e6)
        diagonal = hypot(rect.width(), rect.height())
        factor = min(diagonal * 0.6 / block.width, rect.width() * 0.42 / block.height)
        ink = QColor(self._mark_ink)
        ink.setAlphaF(0.16)
        painter.save()
        painter.setClipRect(rect)
        painter.translate(rect.center())
        painter.rotate(-degrees(atan2(rect.height(), rect.width())))
        painter.scale(factor, factor)
        area = QRectF(-block.width / 2, -block.height / 2, block.width, block.height)
        block.draw(painter, area, ink, Qt.AlignmentFlag.AlignHCenter)
        painter.restore()

    def _paint_outline(self, painter: QPainter, rect: QRectF) -> None:
        points = [
            QPointF(rect.x() + x * rect.width(), rect.y() + y * rect.height()) for x, y in self._outline
        ]
        polygon = QPolygonF(points)
        outside, inside = QPainterPath(), QPainterPath()
        outside.addRect(rect)
        inside.addPolygon(polygon)
        painter.fillPath(outside.subtracted(inside), QColor(0, 0, 0, 90))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 4))
        painter.drawPolygon(polygon)

    def _caption_height(self) -> float:
        return lay_out(self._caption, self.font(), self.width()).height + 6 if self._caption else 0.0
