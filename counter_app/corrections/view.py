"""Papers brought for a case that lies elsewhere."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from counter_app.corrections.ports import ErrandKind
from counter_app.corrections.presenter import CorrectionsState
from counter_app.view_papers import paper_list_row
from counter_app.view_parts import Card, FormField, show_notice
from counter_app.view_rows import ListRow, RowList
from ui.buttons import ChoiceButton
from ui.labels import WrapLabel
from ui.notice_bar import NoticeBar
from ui.tokens import Palette, Tone


class CorrectionsView(QWidget):
    """Signals:
    code_edited: text. find_pressed: Enter. kind_chosen: an ErrandKind. stepped: the cursor.
    receipt_picked: row of the list of receipts.
    """

    code_edited = Signal(str)
    find_pressed = Signal()
    kind_chosen = Signal(object)
    stepped = Signal(int)
    receipt_picked = Signal(int)

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        title = WrapLabel(self.tr("收补正材料"), role="lead")
        title.set_bold()
        self._code = FormField(
            self.tr("扫告知书或凭证上的二维码，或输入办件编号"), name=self.tr("办件编号"), digits=True
        )
        self._kinds: dict[ErrandKind, ChoiceButton] = {}
        kinds = QHBoxLayout()
        kinds.setSpacing(8)
        for kind, text in (
            (ErrandKind.CORRECTION, self.tr("交补正材料")),
            (ErrandKind.WITHDRAWAL, self.tr("撤回申请")),
            (ErrandKind.LOST_SLIP, self.tr("凭证丢失")),
            (ErrandKind.AUTHORISATION, self.tr("补交委托书")),
        ):
            button = ChoiceButton(text)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setProperty("errand_kind", kind.value)
            button.clicked.connect(self._on_kind)
            self._kinds[kind] = button
            kinds.addWidget(button)
        self._notice = NoticeBar(name=self.tr("补正提示"))
        self._found_title = WrapLabel("", role="lead", name=self.tr("找到的办件"))
        self._found_title.set_bold()
        self._found = WrapLabel("", role="body", tone="muted", name=self.tr("找到的办件情况"))
        self._card = Card(margin=12, spacing=4)
        self._card.column.addWidget(self._found_title)
        self._card.column.addWidget(self._found)
        self.rows = RowList(self.tr("要补的材料"), palette)
        self._receipt = WrapLabel("", role="body", tone="done", name=self.tr("收件回执"))
        self._given = WrapLabel(self.tr("本窗口的收件凭证"), role="body", name=self.tr("凭证列表"))
        self._given.set_bold()
        self.receipts = RowList(self.tr("本窗口的收件凭证"), palette, quiet=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(title)
        column.addWidget(self._code)
        column.addLayout(kinds)
        column.addWidget(self._notice)
        column.addWidget(self._card)
        column.addWidget(self._receipt)
        column.addWidget(self.rows, 1)
        column.addWidget(self._given)
        column.addWidget(self.receipts, 1)
        column.addStretch(0)
        self._code.edited.connect(self._on_code)
        self._code.entered.connect(self.find_pressed)
        self._code.line.stepped.connect(self.stepped)
        self.rows.stepped.connect(self.stepped)
        self.receipts.stepped.connect(self.stepped)
        self.receipts.picked.connect(self.receipt_picked)

    def show_state(self, state: CorrectionsState) -> None:
        self._code.show_text(state.code)
        for kind, button in self._kinds.items():
            button.setChecked(kind is state.kind)
            button.setEnabled(state.errand is None)
        show_notice(self._notice, state.notice)
        found, errand = state.found, state.errand
        self._card.setVisible(found is not None)
        if found is not None:
            self._found_title.setText(found.item_name or found.case_no)
            parts = (found.masked_name, found.case_no, found.due_text)
            where = self.tr("办件在%1").replace("%1", found.held_by) if found.held_by else ""
            self._found.setText(" · ".join(part for part in (*parts, where) if part))
        was_open = not self.rows.isHidden()
        self.rows.setVisible(errand is not None)
        if errand is not None:
            rows = tuple(
                ListRow(
                    m.name,
                    m.defect,
                    self.tr("%1 页").replace("%1", str(len(m.pages)))
                    if m.pages
                    else self.tr("待拍")
                    if m.defect
                    else self.tr("可不交"),
                    "circle-check" if m.pages else "circle",
                    Tone.DONE if m.pages else Tone.ATTENTION if m.defect else Tone.PLAIN,
                )
                for m in errand.materials
            )
            self.rows.show_rows(rows, state.at if rows else -1)
            if not was_open and self.isVisible():
                self.rows.setFocus()
        listed = errand is None and bool(state.receipts)
        self._given.setVisible(listed)
        self.receipts.setVisible(listed)
        given = tuple(
            paper_list_row(row.paper, row.case_no, row.paper.number, "", state.printing)
            for row in state.receipts
        )
        self.receipts.show_rows(given, state.receipt_at if given else -1)
        receipt = state.receipt
        self._receipt.setVisible(receipt is not None)
        if receipt is not None:
            text = self.tr("已收下，凭证 %1。查进度用办件编号").replace("%1", receipt.number)
            if found is not None:
                text = f"{text} {found.case_no}"
            self._receipt.setText(text)

    def focus_code(self) -> None:
        if self.rows.isHidden():
            self._code.line.setFocus()
            self._code.line.selectAll()
        else:
            self.rows.setFocus()

    def _on_code(self) -> None:
        self.code_edited.emit(self._code.text())

    def _on_kind(self) -> None:
        button = self.sender()
        if button is not None:
            self.kind_chosen.emit(ErrandKind(str(button.property("errand_kind"))))
