"""Buttons for fingers and keys: their text wraps instead of being cut, and they say when they are busy."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QWidget,
)

from ui.icons import paint_icon
from ui.style_roles import set_kind
from ui.text_block import SizeMemory, TextBlock, lay_out

_UNBOUND = 100_000


class _PaintedButton(QPushButton):
    """A push button whose frame the style draws and whose contents we lay out."""

    def __init__(self, text: str, icon: str, name: str, kind: str, parent: QWidget | None) -> None:
        self._sizes = SizeMemory()
        super().__init__(text, parent)
        self._icon_name = icon
        self._busy = False
        self.setAccessibleName(name or text)
        self.setAutoDefault(False)
        set_kind(self, kind)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_busy(self, busy: bool) -> None:
        """Show an hourglass instead of the icon. Ignoring presses meanwhile is the presenter's duty."""
        if busy != self._busy:
            self._busy = busy
            self.setAccessibleDescription(self.tr("正在处理") if busy else "")
            self.update()

    def set_icon(self, icon: str) -> None:
        """Show another icon of resources/icons."""
        self._icon_name = icon
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._sizes.forget()
            self.updateGeometry()

    def _shown_icon(self) -> str:
        return "hourglass" if self._busy else self._icon_name

    def _em(self) -> int:
        return self.fontInfo().pixelSize()

    def _frame_size(self, contents: QSize) -> QSize:
        # as Qt's own buttons do: before it is polished the font and padding of the style sheet are not known
        self.ensurePolished()
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        return self.style().sizeFromContents(QStyle.ContentsType.CT_PushButton, option, contents, self)

    def _padding(self) -> QSize:
        probe = QSize(2000, 2000)
        return self._frame_size(probe) - probe

    def _paint_frame(self) -> QRectF:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter = QStylePainter(self)
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        painter.end()
        pad = self._padding()
        return QRectF(self.rect()).adjusted(
            pad.width() / 2, pad.height() / 2, -pad.width() / 2, -pad.height() / 2
        )

    def _visual(self, rect: QRectF, within: QRectF) -> QRectF:
        outer = within.toAlignedRect()
        return QRectF(QStyle.visualRect(self.layoutDirection(), outer, rect.toAlignedRect()))


class BigButton(_PaintedButton):
    """One line of action: icon, verb, and at the counter the key that does the same (「F9」)."""

    def __init__(
        self,
        text: str,
        *,
        icon: str = "",
        kind: str = "secondary",
        key_hint: str = "",
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """name: accessibleName, the text when left out. kind: see ui.style_roles.set_kind."""
        super().__init__(text, icon, name, kind, parent)
        self._key_hint = key_hint

    def sizeHint(self) -> QSize:
        return self._sizes.size(self._looks(), -1, self._widest)

    def heightForWidth(self, width: int) -> int:
        return self._sizes.size(self._looks(), width, lambda: self._size_at(width)).height()

    def _looks(self) -> tuple[str, str, str]:
        return self.text(), self._shown_icon(), self._key_hint

    def _widest(self) -> QSize:
        block = lay_out(self.text(), self.font(), _UNBOUND)
        return self._frame_size(QSize(round(block.width + self._aside() + 1.5), round(block.height + 0.5)))

    def minimumSizeHint(self) -> QSize:
        return self._frame_size(QSize(round(self._aside() + self._em() * 2.2), self._em()))

    def _size_at(self, width: int) -> QSize:
        block = self._block(width - self._padding().width())
        return self._frame_size(QSize(width, round(block.height + 0.5)))

    def paintEvent(self, event: QPaintEvent) -> None:
        area = self._paint_frame()
        painter = QPainter(self)
        colour = self.palette().color(QPalette.ColorRole.ButtonText)
        block = self._block(area.width())
        em = self._em()
        icon_room = em * 1.6 if self._shown_icon() else 0.0
        left = area.left() + max(0.0, (area.width() - self._hint_room() - icon_room - block.width) / 2)
        if self._shown_icon():
            box = QRectF(left, area.center().y() - em * 0.625, em * 1.25, em * 1.25)
            paint_icon(painter, self._shown_icon(), self._visual(box, area), colour)
        text = QRectF(left + icon_room, area.center().y() - block.height / 2, block.width + 1, block.height)
        block.draw(painter, self._visual(text, area), colour, Qt.AlignmentFlag.AlignHCenter)
        if self._key_hint:
            hint = lay_out(self._key_hint, self._hint_font(), _UNBOUND)
            box = QRectF(
                area.right() - hint.width, area.center().y() - hint.height / 2, hint.width + 1, hint.height
            )
            hint.draw(painter, self._visual(box, area), colour, Qt.AlignmentFlag.AlignLeft)

    def _aside(self) -> float:
        return (self._em() * 1.6 if self._icon_name or self._busy else 0.0) + self._hint_room()

    def _hint_room(self) -> float:
        if not self._key_hint:
            return 0.0
        return lay_out(self._key_hint, self._hint_font(), _UNBOUND).width + self._em() * 0.6

    def _hint_font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(max(10, round(self._em() * 0.85)))
        return font

    def _block(self, width: float) -> TextBlock:
        return lay_out(self.text(), self.font(), width - self._aside(), balanced=True)


class TileButton(_PaintedButton):
    """A choice as a tile: icon, title and a note, upright (icon on top) or lying (icon at the side).

    The title is the font of kind "tile", the note 0.7 of it.
    """

    def __init__(
        self,
        title: str,
        *,
        icon: str = "",
        note: str = "",
        lying: bool = False,
        strong: bool = False,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """strong: filled with the action colour; one at most on a page."""
        super().__init__(title, icon, name, "tile", parent)
        self._note = note
        self._lying = lying
        self._noted = True
        if note:
            self.setAccessibleDescription(note)
        if strong:
            self.setProperty("weight", "strong")
        self.setSizePolicy(
            QSizePolicy.Policy.Expanding,
            QSizePolicy.Policy.Minimum if lying else QSizePolicy.Policy.Expanding,
        )

    def set_lying(self, lying: bool, *, noted: bool = True) -> None:
        """Put the icon beside the words where height is scarce, or back on top; noted: with the smaller line."""
        if (lying, noted) != (self._lying, self._noted):
            self._lying, self._noted = lying, noted
            self.updateGeometry()
            self.update()

    def note(self) -> str:
        """The smaller line."""
        return self._note

    def sizeHint(self) -> QSize:
        width = round(self._em() * (14 if self._lying else 7))
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        width = round(self._em() * (7 if self._lying else 3.2))
        return QSize(width, self.heightForWidth(max(width, self.width()) if self.isVisible() else width * 2))

    def heightForWidth(self, width: int) -> int:
        shown = (self.text(), self._note, self._shown_icon(), self._lying, self._noted)
        return self._sizes.size(shown, width, lambda: self._size_at(width)).height()

    def _size_at(self, width: int) -> QSize:
        title, note = self._blocks(width - self._padding().width())
        height = title.height + (note.height + self._em() * 0.2 if note else 0.0)
        if self._shown_icon():
            icon = self._icon_side()
            height = max(height, icon) if self._lying else height + icon + self._em() * 0.4
        return self._frame_size(QSize(width, round(height + 0.5)))

    def paintEvent(self, event: QPaintEvent) -> None:
        area = self._paint_frame()
        painter = QPainter(self)
        ink = self.palette().color(QPalette.ColorRole.ButtonText)
        strong = self.property("weight") == "strong"
        icon_ink = ink if strong else self.palette().color(QPalette.ColorRole.Highlight)
        title, note = self._blocks(area.width())
        gap = self._em() * 0.2
        text_height = title.height + (note.height + gap if note else 0.0)
        side = self._icon_side() if self._shown_icon() else 0.0
        if self._lying:
            box = QRectF(area.left(), area.center().y() - side / 2, side, side)
            indent = side + self._em() * 0.5 if side else 0.0
            text = QRectF(
                area.left() + indent, area.center().y() - text_height / 2, area.width() - indent, text_height
            )
            align = Qt.AlignmentFlag.AlignRight if self._mirrored() else Qt.AlignmentFlag.AlignLeft
        else:
            spacing = self._em() * 0.4 if side else 0.0
            top = area.center().y() - (side + spacing + text_height) / 2
            box = QRectF(area.center().x() - side / 2, top, side, side)
            text = QRectF(area.left(), top + side + spacing, area.width(), text_height)
            align = Qt.AlignmentFlag.AlignHCenter
        if side:
            paint_icon(painter, self._shown_icon(), self._visual(box, area), icon_ink)
        text = self._visual(text, area)
        title.draw(painter, text, ink, align)
        if note:
            text.setTop(text.top() + title.height + gap)
            note.draw(painter, text, ink, align)

    def _mirrored(self) -> bool:
        return self.layoutDirection() == Qt.LayoutDirection.RightToLeft

    def _icon_side(self) -> float:
        return self._em() * (1.4 if self._lying else 2.2)

    def _blocks(self, width: float) -> tuple[TextBlock, TextBlock | None]:
        if self._lying and self._shown_icon():
            width -= self._icon_side() + self._em() * 0.5
        bold = QFont(self.font())
        bold.setBold(True)
        small = QFont(self.font())
        small.setPixelSize(max(10, round(self._em() * 0.7)))
        title = lay_out(self.text(), bold, width, balanced=True)
        if not (self._note and self._noted):
            return title, None
        return title, lay_out(self._note, small, width, balanced=not self._lying)


class ChoiceButton(BigButton):
    """A checkable BigButton: reasons, priority groups. The check is also drawn as an icon."""

    def __init__(self, text: str, *, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, icon="circle", kind="choice", name=name, parent=parent)
        self.setCheckable(True)
        self.toggled.connect(self._mark)

    def _mark(self, checked: bool) -> None:
        self.set_icon("circle-check" if checked else "circle")
