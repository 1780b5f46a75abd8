"""On-screen keys for numbers and codes. The field keeps the focus; the keys never take it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QPushButton, QSizePolicy, QWidget

from ui.buttons import BigButton
from ui.style_roles import set_kind

ID_NUMBER_ROWS = ("123", "456", "789", "X0")
DIGIT_ROWS = ("123", "456", "789", "0")
LETTER_ROWS = ("ABCDEFGHIJ", "KLMNOPQRST", "UVWXYZ")
"""In the order of the alphabet: who does not type at home finds them."""
CODE_ROWS = ("1234567890", "QWERTYUIOP", "ASDFGHJKL-", "ZXCVBNM")


class Keypad(QWidget):
    """Keys in rows of single characters, plus 退格 and 清空. Left to right in every language.

    Signals:
        key_pressed: one character (str).
        backspace_pressed, clear_pressed.
    """

    key_pressed = Signal(str)
    backspace_pressed = Signal()
    clear_pressed = Signal()

    def __init__(self, rows: tuple[str, ...] = ID_NUMBER_ROWS, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # 1-2-3 must not become 3-2-1 in Uyghur
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(12)
        columns = max(len(row) for row in rows)
        for y, row in enumerate(rows):
            for x, character in enumerate(row):
                key = _Key(character)
                key.clicked.connect(self._press)
                grid.addWidget(key, y, x)
        backspace = BigButton("", icon="backspace", kind="key", name=self.tr("退格"))
        clear = BigButton("", icon="trash", kind="key", name=self.tr("清空"))
        backspace.clicked.connect(self.backspace_pressed)
        clear.clicked.connect(self.clear_pressed)
        last, used = len(rows) - 1, len(rows[-1])
        free = columns - used
        if free >= 2:
            half = (free + 1) // 2
            grid.addWidget(clear, last, used, 1, free - half)
            grid.addWidget(backspace, last, columns - half, 1, half)
        else:
            grid.addWidget(backspace, last, used)
            grid.addWidget(clear, last + 1, 0, 1, columns)
        for wide in (backspace, clear):
            wide.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            wide.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        for x in range(columns):
            grid.setColumnStretch(x, 1)

    def type_into(self, field: QLineEdit) -> None:
        """Connect the keys to a field; call once."""
        self.key_pressed.connect(field.insert)
        self.backspace_pressed.connect(field.backspace)
        self.clear_pressed.connect(field.clear)

    def _press(self) -> None:
        key = self.sender()
        if isinstance(key, QPushButton):
            self.key_pressed.emit(key.text())


class _Key(QPushButton):
    def __init__(self, character: str) -> None:
        super().__init__(character)
        self.setAccessibleName(self.tr("按键 {0}").format(character))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # equal columns, however wide a character is
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        set_kind(self, "key")
