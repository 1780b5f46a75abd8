"""Hand out a result: list, documents, identity, signature, receipt, one step at a time."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from counter_app.delivery.ports import Receiver, ResultRow
from counter_app.delivery.state import DeliveryState, DeliveryStep
from counter_app.delivery.view_documents import DocumentsView
from counter_app.take_in.ports import Source
from counter_app.view_parts import Card, FormField, LineField, row_of, show_notice
from counter_app.view_rows import ListRow, RowList
from ui.labels import WrapLabel
from ui.notice_bar import NoticeBar
from ui.page_preview import PagePreview
from ui.stepper import Stepper
from ui.tokens import Palette, Tone


class DeliveryView(QWidget):
    """Signals:
    text_edited: search text. stepped, picked: the cursor. receiver_edited: a Receiver.
    entered: Enter (the step's main action).
    """

    text_edited = Signal(str)
    stepped = Signal(int)
    picked = Signal(int)
    receiver_edited = Signal(object)
    entered = Signal()

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self._step = DeliveryStep.CHOOSE
        self._names = (
            self.tr("选结果"),
            self.tr("核原件"),
            self.tr("核身份"),
            self.tr("签收"),
            self.tr("完成"),
        )
        self._stepper = Stepper(self._names)
        self._line = LineField()
        self._line.setAccessibleName(self.tr("查找结果"))
        self._line.setPlaceholderText(self.tr("姓名、办件编号或取件码"))
        self.rows = RowList(self.tr("待领结果"), palette, empty=self.tr("没有待领的结果"))
        self._what = WrapLabel("", role="lead", name=self.tr("要交付的结果"))
        self._what.set_bold()
        self._where = WrapLabel("", role="body", tone="muted", name=self.tr("结果存放"))
        self._card = Card(margin=12, spacing=4)
        self._card.column.addWidget(self._what)
        self._card.column.addWidget(self._where)
        self._notice = NoticeBar(name=self.tr("出件提示"))
        self.documents = DocumentsView(palette)
        self._name = FormField(self.tr("领取人姓名"))
        self._number = FormField(self.tr("领取人身份证号码"), digits=True)
        self._identity = QWidget()
        column = QVBoxLayout(self._identity)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row_of(self._name, self._number))
        self.signature = PagePreview(self.tr("群众签名"), empty_text=self.tr("还没有签名"))
        self.signature.setMinimumHeight(110)
        self.signature.setMaximumHeight(240)
        self._receipt = WrapLabel("", role="lead", tone="done", name=self.tr("送达回证"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part, stretch in (
            (self._stepper, 0),
            (self._notice, 0),
            (self._line, 0),
            (self.rows, 1),
            (self._card, 0),
            (self.documents, 1),
            (self._identity, 0),
            (self.signature, 1),
            (self._receipt, 0),
        ):
            column.addWidget(part, stretch)
        self._bottom = QWidget()
        column.addWidget(self._bottom, 1)
        self._line.textEdited.connect(self.text_edited)
        self._line.stepped.connect(self.stepped)
        self._line.returnPressed.connect(self.entered)
        self.rows.stepped.connect(self.stepped)
        self.rows.picked.connect(self.picked)
        self.rows.entered.connect(self.entered)
        self._name.edited.connect(self._on_receiver)
        self._number.edited.connect(self._on_receiver)
        self._name.entered.connect(self._number.line.setFocus)
        self._number.entered.connect(self.entered)

    def show_state(self, state: DeliveryState) -> None:
        step = state.step
        changed, self._step = step is not self._step, step
        current = int(step) if step is not DeliveryStep.DONE else len(self._names)
        self._stepper.show_steps(self._names, current)
        choosing = step is DeliveryStep.CHOOSE
        self._line.setVisible(choosing)
        self.rows.setVisible(choosing)
        self._card.setVisible(not choosing)
        self.documents.setVisible(step is DeliveryStep.DOCUMENTS)
        self._identity.setVisible(step is DeliveryStep.IDENTITY)
        signing = step is DeliveryStep.SIGN
        self.signature.setVisible(signing)
        self._receipt.setVisible(step is DeliveryStep.DONE)
        self._bottom.setVisible(step > DeliveryStep.DOCUMENTS)
        if self._line.text() != state.text:
            self._line.setText(state.text)
        self.rows.show_rows(tuple(_result_row(r) for r in state.results), state.at if state.results else -1)
        result = state.result
        if result is not None:
            self._what.setText(f"{result.result_name}（{result.item_name}）")
            taken = self.tr("已领取 %1").replace("%1", state.handed_over_at)
            lies = result.place if step is DeliveryStep.DOCUMENTS else ""
            place = taken if step is DeliveryStep.DONE else lies
            self._where.setText(" · ".join(p for p in (result.masked_name, result.case_no, place) if p))
        self.documents.show_state(state)
        self._name.show_text(state.receiver.name)
        self._number.show_text(state.receiver.cert_no)
        if state.signature is not None:
            self.signature.show_bytes(state.signature.png)
        else:
            self.signature.show_image(None)
        if state.proof is not None:
            text = self.tr("已交付，送达回证 %1").replace("%1", state.proof.number)
            self._receipt.setText(text)
        show_notice(self._notice, state.notice)
        if changed and self.isVisible():
            self.focus_step()

    def focus_step(self) -> None:
        if self._step is DeliveryStep.CHOOSE:
            self._line.setFocus()
        elif self._step is DeliveryStep.DOCUMENTS:
            self.documents.focus_rows()
        elif self._step is DeliveryStep.IDENTITY:
            self._name.line.setFocus()

    def _on_receiver(self) -> None:
        self.receiver_edited.emit(Receiver(self._name.text(), self._number.text(), Source.TYPED))


def _result_row(row: ResultRow) -> ListRow:
    parts = (row.blocked, row.masked_name, row.item_name, row.case_no, row.place)
    detail = " · ".join(part for part in parts if part)
    if row.blocked:
        return ListRow(row.result_name, detail, "暂不能领", "lock", Tone.ATTENTION, muted=True)
    return ListRow(row.result_name, detail, row.state_text, "certificate", Tone.DONE)
