"""Where one is in a sequence: ① 申请人 ─ ② 情形 ─ ③ 材料 ─ ④ 核对 ─ ⑤ 受理."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.icons import paint_icon
from ui.text_block import lay_out


class Stepper(QWidget):
    """Numbered steps on a line; done ones carry a tick, the current one is filled. Takes no focus."""

    def __init__(self, steps: tuple[str, ...] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps = steps
        self._current = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._describe()

    def show_steps(self, steps: tuple[str, ...], current: int) -> None:
        """current: 0-based; len(steps) means that all are done."""
        self._steps, self._current = steps, current
        self._describe()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        em = self._em()
        metrics = QFontMetricsF(self.font())
        widest = max((metrics.horizontalAdvance(step) for step in self._steps), default=em)
        return QSize(round(len(self._steps) * max(widest + em, em * 3)), round(em * 3.6))

    def minimumSizeHint(self) -> QSize:
        em = self._em()
        return QSize(round(len(self._steps) * em * 3), round(em * 3.6))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._steps:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        em = self._em()
        cell = self.width() / len(self._steps)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        centres = [cell * (i + 0.5) for i in range(len(self._steps))]
        if mirrored:
            centres.reverse()
        y, radius = em * 1.0, em * 0.85
        for index, x in enumerate(centres):
            if index + 1 < len(centres):
                toward = 1 if centres[index + 1] > x else -1
                reached = index < self._current
                painter.setPen(QPen(self._colour(reached), max(1.5, em * 0.1)))
                edge = toward * (radius + em * 0.25)
                painter.drawLine(QPointF(x + edge, y), QPointF(centres[index + 1] - edge, y))
        for index, x in enumerate(centres):
            self._paint_mark(painter, index, QPointF(x, y), radius)
            font = QFont(self.font())
            font.setBold(index == self._current)
            block = lay_out(self._steps[index], font, cell - em * 0.2)
            ink = self._colour(True) if index == self._current else self._colour(False, text=True)
            rect = QRectF(x - cell / 2, y + radius + em * 0.25, cell, block.height)
            block.draw(painter, rect, ink, Qt.AlignmentFlag.AlignHCenter)

    def _paint_mark(self, painter: QPainter, index: int, centre: QPointF, radius: float) -> None:
        filled = index <= self._current
        accent = self._colour(True)
        painter.setPen(QPen(self._colour(filled), max(1.5, self._em() * 0.1)))
        base = self.palette().color(QPalette.ColorRole.Base)
        painter.setBrush(accent if index == self._current else base)
        painter.drawEllipse(centre, radius, radius)
        if index < self._current:
            side = radius * 1.4
            box = QRectF(centre.x() - side / 2, centre.y() - side / 2, side, side)
            paint_icon(painter, "check", box, accent)
            return
        font = QFont(self.font())
        font.setBold(True)
        painter.setFont(font)
        highlighted = self.palette().color(QPalette.ColorRole.HighlightedText)
        painter.setPen(highlighted if index == self._current else self._colour(filled, text=True))
        rect = QRectF(centre.x() - radius, centre.y() - radius, radius * 2, radius * 2)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, str(index + 1))

    def _colour(self, reached: bool, *, text: bool = False) -> QColor:
        if reached:
            return self.palette().color(QPalette.ColorRole.Highlight)
        return self.palette().color(QPalette.ColorRole.WindowText if text else QPalette.ColorRole.Mid)

    def _em(self) -> int:
        return self.fontInfo().pixelSize()

    def _describe(self) -> None:
        if not self._steps:
            self.setAccessibleName("")
        elif self._current >= len(self._steps):
            self.setAccessibleName(self.tr("{0} 步都已完成").format(len(self._steps)))
        else:
            text = self.tr("第 {0} 步，共 {1} 步：{2}")
            self.setAccessibleName(
                text.format(self._current + 1, len(self._steps), self._steps[self._current])
            )
