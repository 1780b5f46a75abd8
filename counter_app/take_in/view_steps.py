"""The item list, ② the scenario and ④ the review."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from counter_app.take_in.ports import ApplicantKind, CaseView, ItemRow, MaterialRow, MaterialState, Question
from counter_app.take_in.state import TakeInState
from counter_app.view_parts import LineField
from counter_app.view_rows import ListRow, RowList
from ui.labels import WrapLabel
from ui.tokens import Palette, Tone


class ItemView(QWidget):
    """Signals:
    text_edited: the search text. stepped: the cursor. picked: a row index. entered: open the chosen item.
    """

    text_edited = Signal(str)
    stepped = Signal(int)
    picked = Signal(int)
    entered = Signal()

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self.line = LineField()
        self.line.setAccessibleName(self.tr("查找事项"))
        self.line.setPlaceholderText(self.tr("事项名称、编码或拼音首字母，如 sxhk"))
        self.rows = RowList(self.tr("事项列表"), palette, empty=self.tr("没有找到事项，换个词再找"))
        title = WrapLabel(self.tr("群众要办什么？"), role="lead")
        title.set_bold()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(title)
        column.addWidget(self.line)
        column.addWidget(self.rows, 1)
        self.line.textEdited.connect(self.text_edited)
        self.line.stepped.connect(self.stepped)
        self.line.returnPressed.connect(self.entered)
        self.rows.stepped.connect(self.stepped)
        self.rows.picked.connect(self.picked)
        self.rows.entered.connect(self.entered)

    def show_state(self, state: TakeInState) -> None:
        if self.line.text() != state.item_text:
            self.line.setText(state.item_text)
        self.rows.show_rows(tuple(_item_row(item) for item in state.items), state.item_at)


class ScenarioView(QWidget):
    """Signals:
    answered: question id, option id. question_stepped: the cursor over the questions.
    """

    answered = Signal(str, str)
    question_stepped = Signal(int)

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self._question: Question | None = None
        self._at = 0
        self.questions = RowList(
            self.tr("情形问题"), palette, empty=self.tr("这个事项不用问情形，按 F9 继续")
        )
        self.options = RowList(self.tr("情形答案"), palette)
        self._asked = WrapLabel("", role="lead", name=self.tr("当前问题"))
        self._asked.set_bold()
        self._hint = WrapLabel(self.tr("数字选择；左右方向键换问题"), role="caption", tone="muted")
        right = QVBoxLayout()
        right.setSpacing(8)
        for part, stretch in ((self._asked, 0), (self.options, 1), (self._hint, 0)):
            right.addWidget(part, stretch)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self.questions, 2)
        row.addLayout(right, 3)
        self.questions.stepped.connect(self.question_stepped)
        self.questions.picked.connect(self._on_question_picked)
        self.questions.sideways.connect(self.question_stepped)
        self.questions.typed.connect(self._on_typed)
        self.options.sideways.connect(self.question_stepped)
        self.options.stepped.connect(self._on_stepped)
        self.options.picked.connect(self._on_picked)
        self.options.entered.connect(self._on_entered)
        self.options.typed.connect(self._on_typed)

    def show_state(self, state: TakeInState) -> None:
        questions = state.case.questions if state.case is not None else ()
        rows = tuple(_question_row(question) for question in questions)
        self.questions.show_rows(rows, state.question_at if rows else -1)
        question = questions[state.question_at] if state.question_at < len(questions) else None
        if question != self._question:
            answers = [option.option_id for option in question.options] if question is not None else []
            self._at = answers.index(question.answer) if question and question.answer in answers else 0
        self._question = question
        self._asked.setText(question.text if question is not None else "")
        self._hint.setVisible(question is not None)
        self._draw_options()

    def _draw_options(self) -> None:
        question = self._question
        rows = tuple(
            ListRow(
                option.text,
                icon="circle-check" if option.option_id == question.answer else "circle",
                tone=Tone.DONE if option.option_id == question.answer else Tone.PLAIN,
                key=str(i + 1) if i < 9 else "",
            )
            for i, option in enumerate(question.options if question is not None else ())
            if question is not None
        )
        self.options.show_rows(rows, self._at if rows else -1)

    def _on_question_picked(self, at: int) -> None:
        self.question_stepped.emit(at - self.questions.currentIndex().row())

    def _on_stepped(self, step: int) -> None:
        if self._question is not None:
            self._at = min(max(self._at + step, 0), len(self._question.options) - 1)
            self._draw_options()

    def _on_picked(self, at: int) -> None:
        self._at = at
        self._on_entered()

    def _on_entered(self) -> None:
        question = self._question
        if question is not None and self._at < len(question.options):
            self.answered.emit(question.question_id, question.options[self._at].option_id)

    def _on_typed(self, text: str) -> None:
        question = self._question
        if question is not None and text.isascii() and text.isdecimal():
            if 1 <= int(text) <= len(question.options):
                self.answered.emit(question.question_id, question.options[int(text) - 1].option_id)


class ReviewView(QWidget):
    """④ Everything once more, what is not right first."""

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self.rows = RowList(self.tr("核对清单"), palette)
        self._title = WrapLabel("", role="lead", name=self.tr("核对结论"))
        self._title.set_bold()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._title)
        column.addWidget(self.rows, 1)

    def show_state(self, state: TakeInState) -> None:
        case = state.case
        if case is None:
            return
        rows = review_rows(case)
        wrong = sum(row.tone in (Tone.WRONG, Tone.ATTENTION) for row in rows)
        if wrong:
            self._title.setText(self.tr("有 %1 处还要看一眼").replace("%1", str(wrong)))
        elif state.citizen_confirmed:
            self._title.setText(self.tr("都齐了，群众已在屏幕上确认"))
        else:
            self._title.setText(self.tr("都齐了，请与群众核对一遍"))
        self.rows.show_rows(rows)


def _trouble(m: MaterialRow) -> tuple[str, str]:
    """(what is wrong, badge) of a material that holds the case up."""
    if m.defect:
        return m.defect, "不符"
    return ("已收到，还没有核对", "待核") if m.state is MaterialState.PRESENTED else ("还没有收到", "待收")


def review_rows(case: CaseView) -> tuple[ListRow, ...]:
    """The review as lines: troubles first, then people, answers and the good materials."""
    bad = [
        ListRow(m.name, *_trouble(m), "alert-triangle", Tone.ATTENTION)
        for m in case.materials
        if m.necessary
        and m.state in (MaterialState.REQUIRED, MaterialState.PRESENTED, MaterialState.DEFECTIVE)
    ]
    who = case.applicant
    kind = "单位" if who.kind is ApplicantKind.ORGANISATION else "申请人"
    people = [ListRow(who.name, f"{who.cert_no}　{who.phone}", kind, "user", Tone.INFO, strong=True)]
    if case.agent is not None:
        detail = f"{case.agent.cert_no}　{case.agent.relation}"
        people.append(ListRow(case.agent.name, detail, "代理人", "users", Tone.INFO, strong=True))
    answers = []
    for question in case.questions:
        text = next((o.text for o in question.options if o.option_id == question.answer), "未回答")
        answers.append(ListRow(text, question.text, "情形", "list-details", Tone.INFO))
    words = {MaterialState.CHECKED_OK: "已核", MaterialState.TOLERATED: "容缺", MaterialState.WAIVED: "免交"}
    good = [
        ListRow(m.name, f"{len(m.pages)} 页" if m.pages else "", words[m.state], "circle-check", Tone.DONE)
        for m in case.materials
        if m.state in words
    ]
    return (*bad, *people, *answers, *good)


def _item_row(item: ItemRow) -> ListRow:
    size = f"一件事 · {item.package_size} 项" if item.package_size else item.case_type
    detail = " · ".join(part for part in (item.department, item.limit_text, item.code) if part)
    icon = "package" if item.package_size else "file-text"
    return ListRow(item.name, detail, size, icon, Tone.INFO)


def _question_row(question: Question) -> ListRow:
    answer = next((o.text for o in question.options if o.option_id == question.answer), "")
    icon, tone = ("circle-check", Tone.DONE) if answer else ("circle", Tone.PLAIN)
    return ListRow(question.text, answer, "", icon, tone)
