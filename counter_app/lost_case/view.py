"""Which of the two it is, its fields, and what will happen."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from counter_app.lost_case.presenter import LostCaseState, Way
from counter_app.view_parts import FormField, row_of, show_notice
from hall.journal.typed_text import NOTE, NUMBER
from ui.buttons import ChoiceButton
from ui.labels import WrapLabel
from ui.notice_bar import NoticeBar


class LostCaseView(QWidget):
    """Signals:
    way_chosen: a Way. paper_edited: number and date. order_edited: case number, employee number, PIN, reason.
    entered: Enter in a last field.
    """

    way_chosen = Signal(object)
    paper_edited = Signal(str, str)
    order_edited = Signal(str, str, str, str)
    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._form_shown = 0
        title = WrapLabel(self.tr("补录和收回"), role="title")
        self._ways: dict[Way, ChoiceButton] = {}
        ways = QHBoxLayout()
        ways.setSpacing(8)
        for way, text in (
            (Way.REENTER, self.tr("补录：电脑坏了，办件没有送出来")),
            (Way.TAKE_BACK, self.tr("收回：办件在连不上的电脑里")),
        ):
            button = ChoiceButton(text)
            button.setProperty("way", way.value)
            button.clicked.connect(self._on_way)
            self._ways[way] = button
            ways.addWidget(button)
        self._notice = NoticeBar(name=self.tr("补录和收回提示"))
        self._explained = WrapLabel("", role="body", tone="muted", name=self.tr("说明"))
        self._case = WrapLabel("", role="lead", name=self.tr("要标为补录的办件"))
        self._case.set_bold()
        self._paper = QWidget()
        paper = QVBoxLayout(self._paper)
        paper.setContentsMargins(0, 0, 0, 0)
        self.old_no = FormField(self.tr("群众凭证上的原办件编号（24 位，可扫码）"), digits=True, rule=NUMBER)
        self.old_date = FormField(self.tr("凭证上的日期"), digits=True, hint=self.tr("例如：2026-03-02"))
        paper.addLayout(row_of(self.old_no, self.old_date))
        self._order = QWidget()
        order = QVBoxLayout(self._order)
        order.setContentsMargins(0, 0, 0, 0)
        self.case_no = FormField(self.tr("要收回的办件编号"), digits=True, rule=NUMBER)
        self.staff_no = FormField(self.tr("大厅管理人员工号"), name=self.tr("收回人工号"), digits=True)
        self.pin = FormField(self.tr("管理人员 PIN"), name=self.tr("收回人 PIN"), digits=True)
        self.pin.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.reason = FormField(
            self.tr("理由（会记入日志）"),
            name=self.tr("收回理由"),
            hint=self.tr("例如：2号窗口电脑死机"),
            rule=NOTE,
        )
        order.addWidget(self.case_no)
        order.addLayout(row_of(self.staff_no, self.pin))
        order.addWidget(self.reason)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(title)
        column.addLayout(ways)
        for part in (self._notice, self._case, self._explained, self._paper, self._order):
            column.addWidget(part)
        column.addStretch(1)
        for field in (self.old_no, self.old_date):
            field.edited.connect(self._on_paper)
        for field in (self.case_no, self.staff_no, self.pin, self.reason):
            field.edited.connect(self._on_order)
        for field, following in (
            (self.old_no, self.old_date), (self.case_no, self.staff_no), (self.staff_no, self.pin),
            (self.pin, self.reason),
        ):  # fmt: skip
            field.entered.connect(following.line.setFocus)
        for field in (self.old_date, self.reason):
            field.entered.connect(self.entered)

    def show_state(self, state: LostCaseState) -> None:
        reentering = state.way is Way.REENTER
        for way, button in self._ways.items():
            button.setChecked(way is state.way)
        show_notice(self._notice, state.notice)
        self._case.setVisible(reentering)
        self._case.setText(state.case or self.tr("还没有正在填写的办件"))
        self._explained.setText(self._words(reentering))
        moved = self._paper.isHidden() is reentering
        self._paper.setVisible(reentering)
        self._order.setVisible(not reentering)
        if state.forms != self._form_shown:
            self._form_shown = state.forms
            for field in (self.old_no, self.old_date, self.case_no, self.staff_no, self.pin, self.reason):
                field.show_text("")
        if moved and self.isVisible():
            self.focus_form()

    def focus_form(self) -> None:
        (self.case_no if self._paper.isHidden() else self.old_no).line.setFocus()

    def _words(self, reentering: bool) -> str:
        if reentering:
            return self.tr(
                "只用于停用了的电脑：群众有凭证，系统里查不到。先照常叫号、选事项开一件，再在这里标明它补的是哪一张凭证；"
                "材料照常收，新编号打在新凭证上，原凭证复印一份留卷。"
            )
        return self.tr(
            "办件回到大厅节点，别的窗口可以接着办。那台电脑以后送来的记录，由大厅管理人员在“机器”网页上逐条采纳或不采纳；"
            "已经交给群众的文书照样有效。"
        )

    def _on_way(self) -> None:
        self.way_chosen.emit(Way(self.sender().property("way")))

    def _on_paper(self) -> None:
        self.paper_edited.emit(self.old_no.text(), self.old_date.text())

    def _on_order(self) -> None:
        self.order_edited.emit(self.case_no.text(), self.staff_no.text(), self.pin.text(), self.reason.text())
