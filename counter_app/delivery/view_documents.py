"""The documents of a result: each is confirmed by hand to lie there."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from counter_app.delivery.documents import DueDocument
from counter_app.delivery.state import DeliveryState
from counter_app.view_parts import FormField
from counter_app.view_rows import ListRow, RowList
from hall.journal.typed_text import NUMBER
from ui.tokens import Palette, Tone


class DocumentsView(QWidget):
    """Signals:
    stepped, picked: the cursor. in_hand_pressed: Space, Enter or a double click. number_edited: of the result.
    """

    stepped = Signal(int)
    picked = Signal(int)
    in_hand_pressed = Signal()
    number_edited = Signal(str)

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self.rows = RowList(self.tr("要交付的文书"), palette)
        self._number = FormField(self.tr("结果编号"), hint=self.tr("照原件填写；没有编号的不填"), rule=NUMBER)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.rows, 1)
        column.addWidget(self._number)
        self.rows.stepped.connect(self.stepped)
        self.rows.picked.connect(self.picked)
        self.rows.entered.connect(self.in_hand_pressed)
        self.rows.typed.connect(self._on_typed)
        self._number.edited.connect(self._on_number)
        self._number.entered.connect(self.rows.setFocus)

    def show_state(self, state: DeliveryState) -> None:
        self.rows.show_rows(tuple(_row(d) for d in state.documents), state.document_at)
        result = next((d for d in state.documents if d.takes_number), None)
        self._number.setVisible(result is not None)
        if result is not None:
            self._number.set_caption(self.tr("《%1》的编号").replace("%1", result.title))
            self._number.show_text(result.number)

    def focus_rows(self) -> None:
        self.rows.setFocus()

    def _on_typed(self, character: str) -> None:
        if character == " ":
            self.in_hand_pressed.emit()

    def _on_number(self) -> None:
        self.number_edited.emit(self._number.text())


def _row(document: DueDocument) -> ListRow:
    detail = " · ".join(part for part in (document.number, document.source) if part)
    if document.in_hand:
        return ListRow(document.title, detail, "原件在手", "circle-check", Tone.DONE)
    return ListRow(document.title, detail, "空格确认原件在手", "circle", Tone.ATTENTION)
