"""Type a code or an ID number, or put the card on the reader."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QLineEdit, QVBoxLayout, QWidget

from kiosk_app.typed import MAX_TYPED
from kiosk_app.view_frame import IconLine, PageFrame
from ui.buttons import BigButton
from ui.keypad import CODE_ROWS, Keypad
from ui.notice import Notice
from ui.tokens import Theme, Tone


class CodeEntry(PageFrame):
    """One field, keys, one button. Says at the top and at the field when something is not right.

    Signals:
        text_changed: str. submitted.
    """

    text_changed = Signal(str)
    submitted = Signal()

    def __init__(self, name: str, *, theme: Theme, parent: QWidget | None = None) -> None:
        """name: 「查进度」; the field is called 「查进度编号」, the button 「查进度继续」."""
        super().__init__(name, theme=theme, parent=parent)
        self._theme = theme
        self._card = IconLine(
            "id", self.tr("把身份证放在读卡区，不用输入"), self.tr("只用来查找，离开时清除"), theme=theme
        )
        self._field = QLineEdit()
        self._field.setAccessibleName(f"{name}编号")
        self._field.setPlaceholderText(self.tr("凭证编号 或 身份证号码"))
        self._field.setMaxLength(MAX_TYPED)
        self._field.setInputMethodHints(
            Qt.InputMethodHint.ImhPreferLatin | Qt.InputMethodHint.ImhSensitiveData
        )
        self._field.textChanged.connect(self.text_changed)
        self._field.returnPressed.connect(self.submitted)
        self._keys = Keypad(CODE_ROWS)
        self._keys.type_into(self._field)
        self._send = BigButton(self.tr("继续"), icon="search", kind="primary", name=f"{name}继续")
        self._send.clicked.connect(self.submitted)
        self._left = QWidget()
        left = QVBoxLayout(self._left)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(theme.px(24))
        left.addWidget(self._card)
        left.addWidget(self._field)
        left.addStretch(1)
        self._row = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._row.setSpacing(theme.px(24))
        self._row.addWidget(self._left, 4)
        self._row.addWidget(self._keys, 5)
        self.body.addLayout(self._row, 1)
        self.body.addWidget(self._send)

    def show_entry(self, typed: str, busy: bool, notice: Notice | None, card_fault: bool) -> None:
        """Draw the field; what was typed is never cleared by an error."""
        if self._field.text() != typed:
            self._field.setText(typed)
        self._send.set_busy(busy)
        self._card.setVisible(not card_fault)
        if notice is None and card_fault:
            notice = Notice(self.tr("读卡器暂时不能用，请输入编号或号码。"), Tone.ATTENTION)
        self.show_notice(notice)

    def showEvent(self, event: QShowEvent) -> None:
        """The cursor stands in the field when the page comes up."""
        super().showEvent(event)
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.window().width() > self.window().height()
        self._row.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        self._keys.setMaximumHeight(self._theme.px(900))
