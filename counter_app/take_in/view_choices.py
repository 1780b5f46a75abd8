"""Buttons that belong together: one of them is what stands, filled and ticked; each shows its key."""

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from ui.buttons import BigButton
from ui.labels import WrapLabel
from ui.style_roles import polish_again


class KeyedOption(BigButton):
    """A choice with its key. Takes no focus; what a press does to it is shown when the state says so.

    Signals:
        typed: the character that does the same.
    """

    typed = Signal(str)

    def __init__(self, key: str, text: str, *, name: str = "", lasting: bool = True) -> None:
        """`lasting`: stays chosen; else an act that is done once (one more copy)."""
        hint = self.tr("空格") if key == " " else key
        super().__init__(text, kind="option", key_hint=hint, name=name or text)
        self.key = key
        self._shown = False
        self.setCheckable(lasting)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.clicked.connect(self._on_clicked)

    def show_chosen(self, chosen: bool, *, awaited: bool = False) -> None:
        """`awaited`: not chosen yet, but what comes next if all is well."""
        self._shown = chosen
        self.setChecked(chosen)
        self.set_icon("check" if chosen else "")
        # a property, not :checked: only from a rule of its own does a painted button hear its text's colour
        weight = "chosen" if chosen else "strong" if awaited else ""
        if self.property("weight") != weight:
            self.setProperty("weight", weight)
            polish_again(self)

    def _on_clicked(self) -> None:
        # the hall may refuse it: Qt's own tick would say that it is done
        self.setChecked(self._shown)
        self.typed.emit(self.key)


class OptionGroup(QWidget):
    """A caption, and below it its buttons two a row without holes, whichever of them there are.

    Signals:
        typed: the character of the button that was clicked.
    """

    typed = Signal(str)

    def __init__(self, caption: str, options: Iterable[KeyedOption]) -> None:
        super().__init__()
        self.setAccessibleName(caption)
        self._options = tuple(options)
        self._placed: list[KeyedOption] | None = None
        label = WrapLabel(caption, role="caption", tone="muted")
        label.set_bold()
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(8)
        for column in (0, 1):
            self._grid.setColumnStretch(column, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 4, 0, 4)
        box.setSpacing(4)
        box.addWidget(label)
        box.addLayout(self._grid)
        for option in self._options:
            option.setParent(self)
            option.typed.connect(self.typed)

    def place(self, keys: set[str]) -> None:
        """Show these; the caption goes with the last of them."""
        placed = [option for option in self._options if option.key in keys]
        if placed == self._placed:
            return
        self._placed = placed
        for option in self._options:
            self._grid.removeWidget(option)
            option.setVisible(option in placed)
        for index, option in enumerate(placed):
            self._grid.addWidget(option, index // 2, index % 2)
        self.setVisible(bool(placed))
