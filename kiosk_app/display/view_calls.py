"""One call among several: number and window, large enough for the back of the hall."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QBoxLayout, QFrame, QVBoxLayout, QWidget

from kiosk_app.ports import Call
from kiosk_app.wording import spaced
from ui.fit_label import ASCENT_EM, FitLabel
from ui.icons import IconLabel
from ui.labels import WrapLabel
from ui.style_roles import set_role, set_tone
from ui.tokens import Theme

_WORD_SHARE = 0.5
"""Size of 「请」 and 「号」 beside the number: people look for the number."""


class CalledNumber(FitLabel):
    """「请 A017 号」 on one line: the number as large as its place allows, the words around it small."""

    def __init__(self, *, name: str, parent: QWidget | None = None) -> None:
        centre = Qt.AlignmentFlag.AlignHCenter
        super().__init__(role="number", tone="on_action", name=name, align=centre, parent=parent)
        self._parts: tuple[str, str, str] = ("", "", "")

    def show_number(self, sentence: str, number: str) -> None:
        """sentence: with {0} where the number stands."""
        before, _, after = sentence.partition("{0}")
        self._parts = (before, number, after)
        self.setText(sentence.format(number))

    def shown_px(self) -> int:
        """The size in px of the number."""
        area, full = QRectF(self.contentsRect()), self.fontInfo().pixelSize()
        widest = sum(width for _, width in self._measured(full))
        return min(full, int(area.height()), int(full * area.width() / max(widest, 1.0)))

    def fits(self) -> bool:
        return self.shown_px() >= self.fontInfo().pixelSize() * self._least

    def paintEvent(self, event: QPaintEvent) -> None:
        area, px = QRectF(self.contentsRect()), self.shown_px()
        parts = self._measured(px)
        left = area.left() + (area.width() - sum(width for _, width in parts)) / 2
        base = area.top() + (area.height() - px) / 2 + px * ASCENT_EM
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        shown = list(zip(self._parts, parts, strict=True))
        for text, (font, width) in reversed(shown) if self.isRightToLeft() else shown:
            painter.setFont(font)
            painter.drawText(QRectF(left, base - QFontMetricsF(font).ascent(), width + 1, 2 * px), text)
            left += width

    def _measured(self, px: int) -> tuple[tuple[QFont, float], ...]:
        found = []
        for at, text in enumerate(self._parts):
            font = QFont(self.font())
            font.setPixelSize(max(1, px if at == 1 else round(px * _WORD_SHARE)))
            found.append((font, QFontMetricsF(font).horizontalAdvance(text)))
        return tuple(found)


class CallCell(QFrame):
    """「A017  3 号窗口」; an empty cell keeps its place, so that nothing moves when calls come."""

    def __init__(
        self,
        name: str,
        *,
        theme: Theme,
        upright: bool = False,
        marked: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """name: of the cell's labels, 「{name} 号码」 and 「{name} 窗口」. upright: the window under the number.

        marked: the newest of a list, with a bell and a frame.
        """
        super().__init__(parent)
        self._marked = marked
        centred = Qt.AlignmentFlag.AlignHCenter
        align = centred if upright else Qt.AlignmentFlag.AlignLeft
        self._number = FitLabel(
            role="called", tone="action", name=self.tr("{0} 号码").format(name), align=align
        )
        self._window = FitLabel(role="window", name=self.tr("{0} 窗口").format(name), align=align, least=0.33)
        bell = IconLabel("bell-ringing", 0.5)
        set_role(bell, "called")
        set_tone(bell, "action")
        self._mark = QWidget()
        inside = QVBoxLayout(self._mark)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addWidget(bell, 0, centred)
        inside.addWidget(WrapLabel(self.tr("最新"), role="caption", tone="action", align=centred))
        ways = QBoxLayout.Direction
        box = QBoxLayout(ways.TopToBottom if upright else ways.LeftToRight, self)
        box.setContentsMargins(theme.px(32), theme.px(8), theme.px(24), theme.px(8))
        box.setSpacing(theme.px(4 if upright else 24))
        if not upright:
            # windows stand in one line below each other, whatever the number
            self._number.setFixedWidth(theme.px(370))
        box.addWidget(self._number, 5 if upright else 0)
        box.addWidget(self._window, 4)
        box.addWidget(self._mark)
        self.show_call(None)

    def show_call(self, call: Call | None) -> None:
        """Draw a call, or an empty place."""
        self._number.setText(call.number if call else "")
        self._window.setText(spaced(call.window_text) if call else "")
        self._mark.setVisible(call is not None and self._marked)
        set_role(self, "newest" if call and self._marked else "panel" if call else "")
