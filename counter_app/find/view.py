"""Ctrl+K as a line that floats over the middle."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGraphicsDropShadowEffect, QWidget

from counter_app.find.ports import FoundKind
from counter_app.find.presenter import FindState
from counter_app.view_focus import FocusLoan
from counter_app.view_parts import Card, LineField
from counter_app.view_rows import ListRow, RowList
from ui.labels import WrapLabel
from ui.tokens import Palette, Tone

_KINDS = {
    FoundKind.COMMAND: ("keyboard", "命令"),
    FoundKind.ITEM: ("file-text", "事项"),
    FoundKind.CASE: ("files", "办件"),
    FoundKind.PERSON: ("user", "群众"),
}


class FindView(Card):
    """Signals:
    text_edited: text. stepped, picked: the cursor. entered: Enter or a double click.
    """

    text_edited = Signal(str)
    stepped = Signal(int)
    picked = Signal(int)
    entered = Signal()

    def __init__(self, palette: Palette, parent: QWidget) -> None:
        super().__init__(margin=12, spacing=8)
        self.setParent(parent)
        self.line = LineField()
        self.line.setAccessibleName(self.tr("查找"))
        self.line.setPlaceholderText(self.tr("事项、办件、群众、命令；可用拼音首字母"))
        self.rows = RowList(self.tr("查找结果"), palette, empty=self.tr("没有找到，换个词试试"))
        self._hint = WrapLabel(self.tr("回车打开，Esc 返回"), role="caption", tone="muted")
        for part in (self.line, self.rows, self._hint):
            self.column.addWidget(part)
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(32)
        shadow.setOffset(0, 8)
        shadow.setColor(QColor(0, 0, 0, 70))
        self.setGraphicsEffect(shadow)
        self.focus_loan = FocusLoan(self.line)
        self.line.textEdited.connect(self.text_edited)
        self.line.stepped.connect(self.stepped)
        self.line.returnPressed.connect(self.entered)
        self.rows.picked.connect(self.picked)
        self.rows.entered.connect(self.entered)
        self.hide()

    def show_state(self, state: FindState) -> None:
        if not state.open:
            if not self.isHidden():
                self.focus_loan.give_back()
                self.hide()
            return
        if self.line.text() != state.text:
            self.line.setText(state.text)
        rows = tuple(
            ListRow(row.title, row.detail, _KINDS[row.kind][1], _KINDS[row.kind][0], Tone.INFO)
            for row in state.rows
        )
        self.rows.show_rows(rows, state.at if rows else -1)
        self.place()
        self._hint.setText(self.tr("正在查找…") if state.searching else self.tr("回车打开，Esc 返回"))
        if self.isHidden():
            self.show()
            self.place()
            self.raise_()
            self.focus_loan.take()

    def place(self) -> None:
        """Centred near the top of the window."""
        parent = self.parentWidget()
        if parent is not None:
            width = min(680, parent.width() - 80)
            self.rows.setFixedHeight(min(max(self.rows.content_height(), 56), parent.height() - 240))
            height = self.sizeHint().height()
            self.setGeometry((parent.width() - width) // 2, 64, width, height)
