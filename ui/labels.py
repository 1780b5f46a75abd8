"""Labels that never hide a character, and the status mark."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from ui.icons import IconLabel
from ui.style_roles import polish_again, set_role, set_tone
from ui.text_block import SizeMemory, TextBlock, lay_out
from ui.tokens import Tone

TONE_ICONS = {
    Tone.PLAIN: "circle",
    Tone.INFO: "info-circle",
    Tone.DONE: "circle-check",
    Tone.ATTENTION: "alert-triangle",
    Tone.WRONG: "circle-x",
}


class WrapLabel(QLabel):
    """Plain text that wraps, inside words if it must (「买买提·吐尔逊…」, codes), and is never elided or cut.

    Text from outside is safe here: no rich text, no links.
    """

    def __init__(
        self,
        text: str = "",
        *,
        role: str = "body",
        tone: str = "plain",
        name: str = "",
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        balanced: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """name: accessibleName of a label that shows a result; without it the text itself is read out.

        balanced: lines of about the same length, so that no character stands alone in the last one. Centred
        text is always set so.
        """
        self._sizes = SizeMemory()
        self._balanced = balanced or bool(align & Qt.AlignmentFlag.AlignHCenter)
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setAlignment(align | Qt.AlignmentFlag.AlignVCenter)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        if name:
            self.setAccessibleName(name)
        set_role(self, role)
        set_tone(self, tone)

    def set_bold(self, bold: bool = True) -> None:
        """Heavier type for this label."""
        self.setProperty("weight", "bold" if bold else "")
        polish_again(self)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._sizes.size(self._shown(), width, lambda: self._size_at(width)).height()

    def sizeHint(self) -> QSize:
        return self._sizes.size(self._shown(), -1, self._widest)

    def _shown(self) -> tuple[str, int]:
        return self.text(), self.alignment().value

    def _size_at(self, width: int) -> QSize:
        margins = self.contentsMargins()
        block = self._block(width - margins.left() - margins.right())
        return QSize(width, round(block.height + 0.5) + margins.top() + margins.bottom())

    def _widest(self) -> QSize:
        widest = lay_out(self.text(), self.font(), 100_000)
        margins = self.contentsMargins()
        return QSize(
            round(widest.width + 1.5) + margins.left() + margins.right(),
            round(widest.height + 0.5) + margins.top() + margins.bottom(),
        )

    def minimumSizeHint(self) -> QSize:
        metrics = QFontMetricsF(self.font())
        return QSize(round(metrics.height()), round(metrics.height()) if self.text() else 0)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._sizes.forget()
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        area = QRectF(self.contentsRect())
        block = self._block(area.width())
        align = self.alignment()
        if not align & Qt.AlignmentFlag.AlignTop:
            area.setTop(area.top() + max(0.0, (area.height() - block.height) / 2))
        side = Qt.AlignmentFlag.AlignLeft
        if align & Qt.AlignmentFlag.AlignHCenter:
            side = Qt.AlignmentFlag.AlignHCenter
        elif bool(align & Qt.AlignmentFlag.AlignRight) != self.isRightToLeft():
            side = Qt.AlignmentFlag.AlignRight
        block.draw(QPainter(self), area, self.palette().color(QPalette.ColorRole.WindowText), side)

    def _block(self, width: float) -> TextBlock:
        return lay_out(self.text(), self.font(), width, balanced=self._balanced)


class StatusDot(QWidget):
    """A state as icon, colour and word: 「● 打印机 正常」.

    Its accessibleName is `name`, its words are the accessibleDescription.
    """

    def __init__(self, name: str, *, role: str = "caption", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._name = name
        self._icon = IconLabel("circle-dashed", 1.2)
        self._words = QLabel()
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        set_role(self._icon, role)
        set_role(self._words, role)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._icon)
        row.addWidget(self._words)
        self.show_status(Tone.PLAIN, "")

    def show_status(self, tone: Tone, words: str, icon: str = "") -> None:
        """Show a state; icon defaults to the tone's own."""
        self._icon.set_icon(icon or TONE_ICONS[tone])
        text = f"{self._name} {words}".strip()
        self._words.setText(text)
        self._words.setAccessibleName(text)
        self.setAccessibleDescription(words)
        set_tone(self._icon, tone)
        set_tone(self._words, tone)

    def words(self) -> str:
        """The whole text shown."""
        return self._words.text()
