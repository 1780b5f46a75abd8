"""「本机已存 · 大厅已收 · 中心已收」: how far what a person did has come."""

from dataclasses import dataclass

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from ui.icons import IconLabel
from ui.style_roles import set_role, set_tone
from ui.tokens import Tone


@dataclass(frozen=True, slots=True)
class Safekeeping:
    """Who has confirmed that they hold a record. `here` is False only while it is still being written."""

    here: bool = True
    hall: bool = False
    centre: bool = False


class ThreeStateMark(QWidget):
    """Three marks in a row; a missing one is grey with 「待传」, never red: waiting is normal."""

    def __init__(self, *, role: str = "caption", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: list[tuple[IconLabel, QLabel]] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for index in range(3):
            if index:
                dot = QLabel("·")
                set_role(dot, role)
                row.addWidget(dot)
            icon, words = IconLabel("circle-dashed", 1.15), QLabel()
            for part in (icon, words):
                set_role(part, role)
                row.addWidget(part)
            self._parts.append((icon, words))
        row.addStretch(1)
        self.show_safekeeping(Safekeeping())

    def show_safekeeping(self, kept: Safekeeping) -> None:
        """Show how far the record has come."""
        texts = (
            self.tr("本机已存") if kept.here else self.tr("本机保存中"),
            self.tr("大厅已收") if kept.hall else self.tr("大厅待传"),
            self.tr("中心已收") if kept.centre else self.tr("中心待传"),
        )
        for (icon, words), text, there in zip(
            self._parts, texts, (kept.here, kept.hall, kept.centre), strict=True
        ):
            words.setText(text)
            icon.set_icon("circle-check" if there else "circle-dashed")
            for part in (icon, words):
                set_tone(part, Tone.DONE if there else "muted")
        self.setAccessibleName(" · ".join(texts))
