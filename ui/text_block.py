"""Text laid out in a box: wraps anywhere rather than being cut, with the line height that Chinese wants."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QTextLayout, QTextOption

_STOPS = "，。；：！？"

LINE_HEIGHT = 1.12
"""Factor on the font's own line spacing; Noto Sans SC brings 1.45 em, this makes about 1.6 em."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """One laid-out line: its text and its top in px below the block's top."""

    text: str
    top: float
    width: float


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Lines of a text at one width. height counts all lines; width is the widest line."""

    lines: tuple[TextLine, ...]
    font: QFont
    width: float
    height: float

    def draw(self, painter: QPainter, rect: QRectF, colour: QColor, align: Qt.AlignmentFlag) -> None:
        """Draw from the top of rect; align is AlignLeft, AlignHCenter or AlignRight."""
        painter.setFont(self.font)
        painter.setPen(colour)
        ascent = QFontMetricsF(self.font).ascent()
        for line in self.lines:
            spare = rect.width() - line.width
            indent = spare / 2 if align == Qt.AlignmentFlag.AlignHCenter else spare
            left = rect.left() + (0 if align == Qt.AlignmentFlag.AlignLeft else indent)
            painter.drawText(QPointF(left, rect.top() + line.top + ascent), line.text)


class SizeMemory:
    """Sizes that one widget has worked out, until it shows something else: layouts ask the same many times.

    It keeps no text, because a screen that was wiped must leave nothing.
    """

    def __init__(self) -> None:
        self._shown = 0
        self._sizes: dict[int, QSize] = {}

    def size(self, shown: Hashable, width: int, work_out: Callable[[], QSize]) -> QSize:
        """The size at `width` px (-1: at any) of a widget that shows `shown`."""
        mark = hash(shown)
        if mark != self._shown:
            self._shown = mark
            self._sizes.clear()
        known = self._sizes.get(width)
        if known is None:
            known = work_out()
            self._sizes[width] = known
        return QSize(known)

    def forget(self) -> None:
        """The font or the style has changed."""
        self._sizes.clear()


def lay_out(text: str, font: QFont, width_px: float, *, balanced: bool = False) -> TextBlock:
    """Break text into lines no wider than width_px. Newlines are kept; no character is ever dropped.

    balanced: lines of about the same length (「叫工作 / 人员帮忙」), so that no character stands alone.
    """
    metrics = QFontMetricsF(font)
    step = metrics.lineSpacing() * LINE_HEIGHT
    # one hanzi is always allowed, however narrow the place
    width = max(width_px, metrics.height() * 0.75)
    lines: list[TextLine] = []
    for paragraph in text.split("\n"):
        pieces = _break_paragraph(paragraph, font, width)
        if balanced and len(pieces) > 1:
            pieces = _balance(paragraph, font, width, pieces)
        for piece in pieces:
            lines.append(TextLine(piece, len(lines) * step, metrics.horizontalAdvance(piece)))
    height = (len(lines) - 1) * step + metrics.height() if lines else 0.0
    return TextBlock(tuple(lines), font, max((line.width for line in lines), default=0.0), height)


def _balance(text: str, font: QFont, width_px: float, pieces: list[str]) -> list[str]:
    metrics = QFontMetricsF(font)
    if len(pieces) == 2:
        # people stop where the sentence does: better there than in the very middle
        whole = metrics.horizontalAdvance(text)
        stops = [(text[: at + 1], text[at + 1 :]) for at, sign in enumerate(text) if sign in _STOPS]
        widths = [(abs(metrics.horizontalAdvance(a) - whole / 2), [a, b]) for a, b in stops]
        fitting = [
            (off, halves)
            for off, halves in widths
            if off < whole / 4 and max(metrics.horizontalAdvance(half) for half in halves) <= width_px
        ]
        if fitting:
            return min(fitting)[1]
    narrow = metrics.horizontalAdvance(text) / len(pieces)
    while narrow < width_px:
        tried = _break_paragraph(text, font, narrow)
        if len(tried) == len(pieces):
            return tried
        narrow += metrics.height() / 4
    return pieces


def _break_paragraph(text: str, font: QFont, width_px: float) -> list[str]:
    if not text:
        return [""]
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    pieces: list[str] = []
    # QTextLayout counts UTF-16 units: rare hanzi outside the BMP take two
    units = text.encode("utf-16-le")
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width_px)
        start, length = line.textStart(), line.textLength()
        pieces.append(units[start * 2 : (start + length) * 2].decode("utf-16-le").rstrip(" "))
    layout.endLayout()
    return pieces
