"""The pages one below the other, wide enough to be read, on a card over the whole desk."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from counter_app.enlarge.state import EnlargedState
from counter_app.enlarge.view_sheets import EDGES, PAGE_PX, Sheets, SheetScroll
from counter_app.keys import Action
from counter_app.view_focus import FocusLoan
from counter_app.view_parts import Card, KeyButton
from ui.labels import WrapLabel
from ui.style_roles import set_tone
from ui.tokens import Palette, Tone

_AROUND, _INSIDE = 16, 16


class EnlargedView(QWidget):
    """Lies over the desk: what is below cannot be clicked meanwhile.

    Signals:
        acted: Action.BACK, closed by the mouse.
    """

    acted = Signal(object)

    def __init__(self, palette: Palette, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("放大查看"))
        self._shade = QColor(0, 0, 0, 150)
        self._state = EnlargedState()
        self._title = WrapLabel("", role="lead", name=self.tr("放大的文书或材料"))
        self._title.set_bold()
        self._note = WrapLabel("", role="body", name=self.tr("放大的文书说明"))
        self._where = WrapLabel("", role="body", tone="muted", name=self.tr("放大的是第几页"))
        self._close = KeyButton(Action.BACK, self.tr("关闭"), name=self.tr("关闭大图"))
        self._close.acted.connect(self.acted)
        self._sheets = Sheets(QColor(palette.wrong))
        self.area = SheetScroll(self._sheets)
        self.area.turned.connect(self._turn)
        self.area.moved.connect(self._tell_where)
        self._keys = WrapLabel("", role="caption", name=self.tr("看大图的按键"))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._title)
        words.addWidget(self._note)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addLayout(words, 1)
        head.addWidget(self._where)
        head.addWidget(self._close, 0, Qt.AlignmentFlag.AlignVCenter)
        self._card = Card(role="panel", margin=_INSIDE, spacing=8)
        self._card.setParent(self)
        self._card.column.addLayout(head)
        self._card.column.addWidget(self.area, 1)
        self._card.column.addWidget(self._keys)
        self.focus_loan = FocusLoan(self.area)
        self.hide()

    def show_state(self, state: EnlargedState) -> None:
        subject, before = state.subject, self._state.subject
        self._state = state
        if subject is None:
            self._close_up()
            return
        self._title.setText(subject.title)
        self._note.setText(subject.note)
        self._note.setVisible(bool(subject.note))
        set_tone(self._note, Tone.WRONG if subject.sample else "muted")
        turning = self.tr("← → 上一页、下一页 · ") if len(state.leaves) > 1 else ""
        moving = self.tr("↑ ↓ 滚动 · PageUp、PageDown 翻一屏 · %1Esc 关闭").replace("%1", turning)
        held = self.tr("正在看大图，这个键没有作用。先按 Esc 关闭，再按一次。")
        self._keys.setText(held if state.held else moving)
        set_tone(self._keys, Tone.ATTENTION if state.held else "muted")
        self._sheets.show_leaves(state.leaves, self.tr("样张") if subject.sample else "")
        opening = self.isHidden()
        if opening:
            self.show()
            self.raise_()
            self.focus_loan.take()
        self.place()
        if opening or before is None or before.key != subject.key:
            self._go_to(subject.at)
        self._tell_where()

    def place(self) -> None:
        """Over the whole parent; the card as wide as a page, as high as there is room."""
        parent = self.parentWidget()
        if parent is None or self.isHidden():
            return
        self.setGeometry(parent.rect())
        around = 2 * (_AROUND + _INSIDE) + self.area.beside() + EDGES
        self._sheets.set_page_width(min(PAGE_PX, self.width() - around))
        width = self._sheets.width() + 2 * _INSIDE + self.area.beside()
        height = self.height() - 2 * _AROUND
        self._card.setGeometry((self.width() - width) // 2, _AROUND, width, height)
        self._card.column.activate()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), self._shade)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._card.geometry().contains(event.position().toPoint()):
            self.acted.emit(Action.BACK)

    def _close_up(self) -> None:
        if not self.isHidden():
            self.focus_loan.give_back()
            self.hide()
            # no picture of somebody's papers stays behind
            self._sheets.show_leaves((), "")

    def _turn(self, step: int) -> None:
        self._go_to(self._at() + step)

    def _go_to(self, at: int) -> None:
        self.area.verticalScrollBar().setValue(self._sheets.top_of(at))

    def _at(self) -> int:
        """The page at the upper third of what is seen."""
        bar = self.area.verticalScrollBar()
        if bar.maximum() and bar.value() == bar.maximum():
            return len(self._state.leaves) - 1
        return self._sheets.page_at(QPoint(0, bar.value() + self.area.viewport().height() // 3))

    def _tell_where(self) -> None:
        count = len(self._state.leaves)
        text = self.tr("第 %1 页，共 %2 页").replace("%1", str(self._at() + 1)).replace("%2", str(count))
        self._where.setText(text if count > 1 else "")
        self._where.setVisible(count > 1)
