"""A line or two as large as its place allows: call numbers, window names, read from across a hall."""

from dataclasses import replace

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ui.style_roles import set_role, set_tone
from ui.text_block import TextBlock, lay_out

ASCENT_EM = 0.88
"""Of the em box that hanzi fill; the font's own line box is 1.45 em high, half of it empty."""
LINE_STEP_EM = 1.3
"""From line to line: large type of few words needs less than running text."""
ONE_LINE_LEAST = 0.72
"""One line at this share of the full size is read sooner than two lines at the full size."""


class FitLabel(QLabel):
    """Plain text in the largest size, up to the font's own, that fits the place its layout gives it.

    It asks for no more than one line of its least size, so a long name never pushes others away. Digits and
    hanzi only: the line box is the em box, which cuts the tails of other scripts.
    """

    def __init__(
        self,
        text: str = "",
        *,
        role: str = "body",
        tone: str = "plain",
        name: str = "",
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        least: float = 0.4,
        parent: QWidget | None = None,
    ) -> None:
        """least: share of the font's size below which text is rather cut than shrunk further."""
        super().__init__(text, parent)
        self._least = least
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(align | Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        if name:
            self.setAccessibleName(name)
        set_role(self, role)
        set_tone(self, tone)

    def set_bold(self) -> None:
        """Heavier type for this label."""
        self.setProperty("weight", "bold")

    def shown_px(self) -> int:
        """The size in px in which the text is drawn now."""
        return self._fitting(QRectF(self.contentsRect())).font.pixelSize()

    def fits(self) -> bool:
        """Nothing of the text is cut."""
        area = QRectF(self.contentsRect())
        return self._fitting(area).height <= area.height() + 1

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        side = round(self.fontInfo().pixelSize() * self._least)
        return QSize(side, side if self.text() else 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        area = QRectF(self.contentsRect())
        block = self._fitting(area)
        metrics = QFontMetricsF(block.font)
        em = block.font.pixelSize()
        area.setTop(area.top() + max(0.0, (area.height() - block.height) / 2))
        area.translate(0, em * ASCENT_EM - metrics.ascent())
        side = Qt.AlignmentFlag.AlignLeft
        if self.alignment() & Qt.AlignmentFlag.AlignHCenter:
            side = Qt.AlignmentFlag.AlignHCenter
        elif self.isRightToLeft():
            side = Qt.AlignmentFlag.AlignRight
        block.draw(QPainter(self), area, self.palette().color(QPalette.ColorRole.WindowText), side)

    def _fitting(self, area: QRectF) -> TextBlock:
        full = self.fontInfo().pixelSize()
        least = max(10, round(full * self._least))
        step = max(1, full // 40)
        for lines, floor in ((1, round(full * ONE_LINE_LEAST)), (2, least), (1, least), (9, least)):
            for size in range(full, max(floor, least) - 1, -step):
                block = self._block(size, area.width())
                if len(block.lines) <= lines and block.height <= area.height():
                    return block
        return self._block(least, area.width())

    def _block(self, size_px: int, width: float) -> TextBlock:
        font = QFont(self.font())
        font.setPixelSize(size_px)
        block = lay_out(self.text(), font, width, balanced=True)
        step = size_px * LINE_STEP_EM
        lines = tuple(replace(line, top=index * step) for index, line in enumerate(block.lines))
        return replace(block, lines=lines, height=(len(lines) - 1) * step + size_px)
