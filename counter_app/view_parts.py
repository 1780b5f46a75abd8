"""Small widgets of the counter's pages: labelled fields, key buttons, cards, the inline choice."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QValidator
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from counter_app.keys import Action, key_of
from counter_app.values import Choice
from counter_app.view_rows import ListRow, RowList
from hall.journal.typed_text import SHORT, TextRule, visible
from ui.buttons import BigButton
from ui.labels import WrapLabel
from ui.notice import Notice
from ui.notice_bar import NoticeBar
from ui.style_roles import set_role, set_tone
from ui.tokens import Palette, Tone

_MOST_SHOWN = 2000


class KeyButton(BigButton):
    """A button that shows the key which does the same. Takes no focus: the keyboard has its key.

    Signals:
        acted: its Action.
    """

    acted = Signal(object)

    def __init__(self, action: Action, text: str, *, kind: str = "secondary", name: str = "") -> None:
        super().__init__(text, kind=kind, key_hint=key_of(action), name=name or text)
        self.action = action
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.clicked.connect(self._on_clicked)

    def _on_clicked(self) -> None:
        self.acted.emit(self.action)


class VisibleOnly(QValidator):
    """Takes what cannot be seen out of what is typed or pasted, so that it shows as it will be stored."""

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        left = visible(text)
        if left != text:
            # Qt counts in UTF-16, Python in characters
            before = text.encode("utf-16-le", "surrogatepass")[: position * 2]
            kept = visible(before.decode("utf-16-le", "ignore"))
            position = len(kept.encode("utf-16-le")) // 2
        return QValidator.State.Acceptable, left, position


class CountLabel(WrapLabel):
    """How much of a limited text is written; shown from four fifths of the limit on."""

    def __init__(self, rule: TextRule, name: str) -> None:
        super().__init__("", role="caption", tone="muted", name=self.tr("%1字数").replace("%1", name))
        self._rule = rule
        self.hide()

    def show_for(self, text: str) -> None:
        length = len(visible(text, lines=self._rule.lines).strip())
        words = self.tr("已写 %1 字，最多 %2 字").replace("%1", str(length))
        self.setText(words.replace("%2", str(self._rule.most)))
        set_tone(self, Tone.WRONG if length > self._rule.most else "muted")
        self.setVisible(length * 5 >= self._rule.most * 4)


class LineField(QLineEdit):
    """A line that hands arrows on to the list below it.

    Signals:
        stepped: +1 or -1.
    """

    stepped = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setValidator(VisibleOnly(self))
        # nothing that fits is cut: what is longer is refused in words, not shortened without a word
        self.setMaxLength(_MOST_SHOWN)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)


class FormField(QWidget):
    """A caption, a line, and a remark beneath.

    Signals:
        edited: nothing; ask text().
        entered: Enter in the line.
    """

    edited = Signal()
    entered = Signal()

    def __init__(
        self,
        caption: str,
        *,
        name: str = "",
        digits: bool = False,
        hint: str = "",
        rule: TextRule = SHORT,
    ) -> None:
        """`digits`: no input method (numbers, codes). `rule`: its limit, told when it comes near."""
        super().__init__()
        self.line = LineField()
        self.line.setAccessibleName(name or caption)
        self.line.setPlaceholderText(hint)
        if digits:
            self.line.setInputMethodHints(Qt.InputMethodHint.ImhPreferLatin)
            self.line.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self._caption = WrapLabel(caption, role="caption", tone="muted")
        self._caption.setBuddy(self.line)
        self._note = WrapLabel("", role="caption", name=f"{name or caption}提示")
        self._note.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        self._count = CountLabel(rule, name or caption)
        for part in (self._caption, self.line, self._count, self._note):
            column.addWidget(part)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.line.textEdited.connect(self._on_edited)
        self.line.textChanged.connect(self._on_text)
        self.line.returnPressed.connect(self.entered)

    def text(self) -> str:
        return self.line.text()

    def show_text(self, text: str) -> None:
        """Only when different: typing keeps its cursor."""
        if self.line.text() != text:
            self.line.setText(text)

    def set_caption(self, caption: str) -> None:
        self._caption.setText(caption)

    def show_note(self, text: str, *, blocks: bool = True) -> None:
        self._note.setText(text)
        self._note.setVisible(bool(text))
        self._on_text(self.line.text())
        tone = Tone.WRONG if blocks else Tone.ATTENTION
        set_tone(self._note, tone)
        set_tone(self.line, "wrong" if text and blocks else "plain")

    def _on_edited(self, _text: str) -> None:
        self.edited.emit()

    def _on_text(self, text: str) -> None:
        # a remark says it all; two lines would say it twice
        self._count.show_for(text if self._note.isHidden() else "")


class Card(QFrame):
    """A white surface with a hairline; `column` is its layout."""

    def __init__(self, *, role: str = "card", margin: int = 12, spacing: int = 8) -> None:
        super().__init__()
        set_role(self, role)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(margin, margin, margin, margin)
        self.column.setSpacing(spacing)


class ChoicePanel(Card):
    """The inline question: digits and arrows choose, Enter confirms, Esc (a window key) drops it.

    Signals:
        stepped, placed: the cursor. confirmed: Enter or a click on a line.
    """

    stepped = Signal(int)
    placed = Signal(int)
    confirmed = Signal()

    def __init__(self, name: str, palette: Palette) -> None:
        super().__init__(margin=8, spacing=4)
        self._title = WrapLabel("", role="body", name=f"{name}标题")
        self._title.set_bold()
        self.rows = RowList(name, palette)
        self._hint = WrapLabel(self.tr("数字或方向键选择，回车确定，Esc 取消"), role="caption", tone="muted")
        for part in (self._title, self.rows, self._hint):
            self.column.addWidget(part)
        self.rows.stepped.connect(self.stepped)
        self.rows.picked.connect(self.placed)
        self.rows.entered.connect(self.confirmed)
        self.rows.typed.connect(self._on_typed)

    def show_choice(self, choice: Choice | None) -> None:
        if choice is None:
            return
        self._title.setText(choice.title)
        rows = tuple(
            ListRow(option.text, option.detail, key=str(i + 1) if i < 9 else "")
            for i, option in enumerate(choice.options)
        )
        self.rows.show_rows(rows, choice.at)
        self.rows.setFixedHeight(min(self.rows.content_height(), 320))

    def _on_typed(self, text: str) -> None:
        if text.isdecimal() and text.isascii() and text != "0":
            self.placed.emit(int(text) - 1)


def show_notice(bar: NoticeBar, notice: Notice) -> None:
    """An empty notice takes no room."""
    bar.show_notice(notice if notice.text else None)


def row_of(*widgets: QWidget, spacing: int = 8) -> QHBoxLayout:
    """Widgets side by side, equally wide."""
    layout = QHBoxLayout()
    layout.setSpacing(spacing)
    for widget in widgets:
        layout.addWidget(widget, 1)
    return layout
