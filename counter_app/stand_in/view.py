"""How the two nodes stand, what the order does, and who gives it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from counter_app.stand_in.ports import Other, StandInBoard
from counter_app.stand_in.presenter import NO_BOARD, StandInState
from counter_app.view_parts import FormField, row_of, show_notice
from hall.journal.typed_text import NOTE
from ui.labels import WrapLabel
from ui.notice import Notice
from ui.notice_bar import NoticeBar
from ui.tokens import Tone


class StandInView(QWidget):
    """Signals:
    edited: employee number, PIN, reason as typed. entered: Enter in the last field.
    """

    edited = Signal(str, str, str)
    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._form_shown = 0
        title = WrapLabel(self.tr("备用节点"), role="title")
        self._stands = NoticeBar(name=self.tr("两台节点的情况"))
        self._notice = NoticeBar(name=self.tr("备用节点提示"))
        self._steps = QWidget()
        steps = QVBoxLayout(self._steps)
        steps.setContentsMargins(0, 0, 0, 0)
        steps.setSpacing(4)
        heading = WrapLabel(self.tr("按下以后"), role="body")
        heading.set_bold()
        steps.addWidget(heading)
        self._lines = [
            WrapLabel("", role="body", name=self.tr("按下以后 %1").replace("%1", str(n + 1)))
            for n in range(len(self._what_happens(NO_BOARD)))
        ]
        for line in self._lines:
            steps.addWidget(line)
        self._form = QWidget()
        form = QVBoxLayout(self._form)
        form.setContentsMargins(0, 0, 0, 0)
        self.staff_no = FormField(self.tr("大厅管理人员工号"), digits=True)
        self.pin = FormField(self.tr("管理人员 PIN"), digits=True)
        self.pin.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.reason = FormField(self.tr("理由（会记入日志）"), rule=NOTE)
        form.addLayout(row_of(self.staff_no, self.pin))
        form.addWidget(self.reason)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for part in (title, self._stands, self._notice, self._steps, self._form):
            column.addWidget(part)
        column.addStretch(1)
        for field, following in ((self.staff_no, self.pin), (self.pin, self.reason)):
            field.edited.connect(self._on_edited)
            field.entered.connect(following.line.setFocus)
        self.reason.edited.connect(self._on_edited)
        self.reason.entered.connect(self.entered)

    def show_state(self, state: StandInState) -> None:
        board = state.board
        self._stands.show_notice(self._words(board))
        show_notice(self._notice, state.notice)
        for n, (line, text) in enumerate(zip(self._lines, self._what_happens(board), strict=True), 1):
            line.setText(f"{n}. {text}")
        back = self.tr("例如：大厅节点已修好，换回来")
        self.reason.line.setPlaceholderText(back if board.at_standby else self.tr("例如：大厅节点主机断电"))
        ready = board.other is Other.READY
        self._steps.setVisible(ready)
        self._form.setVisible(ready)
        if state.forms != self._form_shown:
            self._form_shown = state.forms
            for field in (self.staff_no, self.pin, self.reason):
                field.show_text("")

    def focus_form(self) -> None:
        (self.staff_no.line if self._form.isVisible() else self).setFocus()

    def _on_edited(self) -> None:
        self.edited.emit(self.staff_no.text(), self.pin.text(), self.reason.text())

    def _what_happens(self, board: StandInBoard) -> tuple[str, ...]:
        after, before = self.tr("备用节点"), self.tr("大厅节点")
        papers = self.tr("；文书暂用办件编号")
        if board.at_standby:
            after, before, papers = before, after, ""
        texts = (
            self.tr("各窗口、自助机、叫号屏自动连到%1，把手里的记录交过去，最多等 10 秒。"),
            self.tr("叫号、取号、接件由%1接着办。新号换一段编，不会与已发的号重复。"),
            self.tr("%2的叫号不再上屏；它开着时会自己认出已被接替，交出没送到的记录，改作备用。"),
            self.tr("没联系上的窗口，手里的件会被收回，它后来的记录由主管逐件认定%3。"),
        )
        return tuple(t.replace("%1", after).replace("%2", before).replace("%3", papers) for t in texts)

    def _words(self, board: StandInBoard) -> Notice:
        mine, other = self.tr("大厅节点"), self.tr("备用节点")
        if board.at_standby:
            mine, other = other, mine
        match board.other:
            case Other.NONE:
                text, tone = self.tr("本大厅只有一台节点，没有设备用。"), Tone.PLAIN
            case Other.TAKING_OVER:
                text = self.tr("%2正在接替，正在收齐各窗口的记录。")
                if board.expected:
                    text = self.tr("%2正在接替：已收到 %3 台的记录，共 %4 台。")
                tone = Tone.INFO
            case Other.AWAY if board.node_up:
                text, tone = self.tr("现在由%1服务。%2联系不上，请信息科检查那台机器。"), Tone.ATTENTION
            case Other.AWAY:
                text = self.tr(
                    "%1和%2都联系不上：请检查两台机器是否开着、网线是否插好；群众凭号票可以照常办理。"
                )
                tone = Tone.WRONG
            case Other.EMPTY | Other.UNSURE:
                text, tone = self.tr("%2开着，但还没有抄到大厅的记录，现在不能接替。"), Tone.ATTENTION
            case _ if board.node_up and board.at_standby:
                text = self.tr("现在由%1服务，叫号、取号、接件照常。%2已就绪，记录抄到 %5，可以换回来。")
                tone = Tone.INFO
            case _ if board.node_up:
                text = self.tr("现在由%1服务，一切正常。%2已就绪，记录抄到 %5。只有检修换机才需要启用。")
                tone = Tone.DONE
            case _:
                text = self.tr("联系不上%1。%2已就绪，记录抄到 %5，可以由大厅管理人员启用。")
                tone = Tone.ATTENTION
        for mark, word in (
            ("%1", mine), ("%2", other), ("%3", str(board.heard)), ("%4", str(board.expected)), ("%5", board.copied)
        ):  # fmt: skip
            text = text.replace(mark, word)
        return Notice(text, tone)
