"""Progress of a case: draws ProgressState, says what was pressed."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from kiosk_app.ports import ProgressRow, ProgressStage
from kiosk_app.progress.presenter import ProgressState
from kiosk_app.view_code_entry import CodeEntry
from kiosk_app.view_frame import IconLine, PageFrame
from kiosk_app.view_paging import PagedTiles
from kiosk_app.view_stack import PageStack
from ui.icons import IconLabel
from ui.labels import WrapLabel
from ui.style_roles import set_role, set_tone
from ui.tokens import Theme

_STAGES = {
    ProgressStage.WAITING: ("hourglass", "muted"),
    ProgressStage.RUNNING: ("rotate-clockwise", "action"),
    ProgressStage.YOUR_TURN: ("alert-triangle", "attention"),
    ProgressStage.DONE: ("circle-check", "done"),
    ProgressStage.REFUSED: ("circle-x", "wrong"),
}


class ProgressView(QWidget):
    """The question, then the rows.

    Signals:
        text_changed: str. submitted.
    """

    text_changed = Signal(str)
    submitted = Signal()

    def __init__(self, *, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown: tuple[ProgressRow, ...] | None = None
        self._entry = CodeEntry(self.tr("查进度"), theme=theme)
        self._entry.set_title(self.tr("查办理进度"))
        self._entry.text_changed.connect(self.text_changed)
        self._entry.submitted.connect(self.submitted)
        self._list = PageFrame(self.tr("进度结果"), theme=theme)
        self._rows = PagedTiles(self.tr("进度"), theme=theme, columns=(1, 2))
        self._empty = QWidget()
        hints = QVBoxLayout(self._empty)
        hints.setContentsMargins(0, 0, 0, 0)
        hints.setSpacing(theme.px(16))
        for icon, text in (
            ("pencil", self.tr("请按「返回」核对编号，或换身份证再查一次")),
            ("clock", self.tr("刚交的材料可能还在登记，过一会儿再来查")),
            ("phone-call", self.tr("也可以按下面的「叫工作人员帮忙」")),
        ):
            hints.addWidget(IconLine(icon, text, theme=theme, large=True))
        self._list.body.addWidget(self._empty)
        self._list.body.addWidget(self._rows, 1)
        self._stack = PageStack()
        self._stack.addWidget(self._entry)
        self._stack.addWidget(self._list)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    @Slot(object)
    def show_state(self, state: ProgressState) -> None:
        """Draw a state."""
        self._entry.show_entry(state.typed, state.busy, state.notice, state.card_fault)
        rows = state.rows
        if rows != self._shown:
            self._shown = rows
            self._rows.set_tiles([_Card(row, self._theme) for row in rows or ()])
        if rows is None:
            self._stack.setCurrentWidget(self._entry)
            return
        self._list.set_title(self.tr("查到 {0} 件").format(len(rows)) if rows else self.tr("没有查到"))
        self._empty.setVisible(not rows)
        self._stack.setCurrentWidget(self._list)


class _Card(QFrame):
    def __init__(self, row: ProgressRow, theme: Theme) -> None:
        super().__init__()
        set_role(self, "card")
        icon, tone = _STAGES[row.stage]
        mark = IconLabel(icon, 1.2)
        set_role(mark, "lead")
        set_tone(mark, tone)
        state = WrapLabel(
            row.state_text, role="lead", tone=tone, name=self.tr("状态 {0}").format(row.case_no)
        )
        state.set_bold()
        top = QHBoxLayout()
        top.setSpacing(theme.px(16))
        top.addWidget(mark)
        top.addWidget(state, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(28), theme.px(20), theme.px(28), theme.px(20))
        column.setSpacing(theme.px(8))
        column.addLayout(top)
        column.addWidget(WrapLabel(row.item_name, role="body"))
        if row.next_step:
            column.addWidget(WrapLabel(row.next_step, role="body", tone="muted"))
        small = [self.tr("申请人 {0}").format(row.applicant), row.case_no]
        if row.due_text:
            small.insert(0, row.due_text)
        column.addWidget(WrapLabel("\n".join(small), role="caption", tone="muted"))
        column.addStretch(1)
