"""A small picture of a page that opens large: it says so, with the key that does the same."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFont, QImage, QMouseEvent, QPainter, QPaintEvent, QPalette

from counter_app.keys import Action, key_of
from ui.icons import paint_icon
from ui.page_preview import PagePreview
from ui.text_block import TextBlock, lay_out

_GAP = 4.0


class OpenablePreview(PagePreview):
    """Takes no focus: the keyboard has its key.

    Signals:
        opened: Action.ENLARGE, the picture was clicked.
    """

    opened = Signal(object)

    def show_image(self, image: QImage | None, caption: str = "") -> None:
        super().show_image(image, caption)
        if image is not None and not image.isNull():
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.unsetCursor()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.picture_rect().contains(event.position()):
            self.opened.emit(Action.ENLARGE)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        rect = self.picture_rect()
        if rect.isEmpty():
            return
        # below the page, not on it: papers carry their QR code and number in the corners
        words = self._words()
        side = words.height * 0.75
        left = rect.center().x() - (side + _GAP + words.width) / 2
        top = self.height() - super()._caption_height() - words.height
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = self.palette().color(QPalette.ColorRole.Highlight)
        paint_icon(painter, "search", QRectF(left, top + (words.height - side) / 2, side, side), ink)
        text = QRectF(left + side + _GAP, top, words.width + 1, words.height)
        words.draw(painter, text, ink, Qt.AlignmentFlag.AlignLeft)

    def _caption_height(self) -> float:
        return super()._caption_height() + self._words().height + _GAP

    def _words(self) -> TextBlock:
        font = QFont(self.font())
        font.setPixelSize(max(11, round(self.fontInfo().pixelSize() * 13 / 15)))
        text = self.tr("%1 放大查看").replace("%1", key_of(Action.ENLARGE))
        return lay_out(text, font, max(self.width() - 2 * font.pixelSize(), 1))
