"""The page from which a manager has the standby take over. QtCore only. The PIN never enters the state."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal, Slot

from counter_app.commands import Commands, notice_of
from counter_app.stand_in.ports import Other, StandInBoard, StandInDesk
from counter_app.values import NO_NOTICE, NewId
from ui.notice import Notice
from ui.runner import Runner
from ui.tokens import Tone

NO_BOARD = StandInBoard()


@dataclass(frozen=True, slots=True)
class StandInState:
    """Everything the page draws. `forms`: how often it was opened anew; the fields are empty then."""

    board: StandInBoard = NO_BOARD
    forms: int = 0
    busy: str = ""
    notice: Notice = NO_NOTICE

    @property
    def calm(self) -> bool:
        """The hall's own node serves and all is well: the order is for maintenance only, nothing to lead anybody to."""
        return self.board.node_up and not self.board.at_standby

    @property
    def may_order(self) -> bool:
        return self.board.other is Other.READY and not self.busy


class StandInPresenter(QObject):
    """Signals:
    state_changed: the new StandInState.
    """

    state_changed = Signal(object)

    def __init__(
        self, *, desk: StandInDesk, runner: Runner, new_id: NewId, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._runner = runner
        self._commands = Commands(runner=runner, new_id=new_id)
        self._typed = ("", "", "")
        self._open = self._reading = False
        self.state = StandInState()

    @Slot()
    def open(self) -> None:
        self._open = True
        self._typed = ("", "", "")
        self._show(StandInState(self.state.board, self.state.forms + 1))
        self.tick()

    @Slot()
    def close(self) -> None:
        """Another page: nobody's PIN stays here."""
        self._open = False
        self._typed = ("", "", "")

    @Slot()
    def tick(self) -> None:
        """About once a second: read again while the page is looked at."""
        if not self._open or self._reading:
            return
        self._reading = True
        self._runner.submit(self._desk.stand_in, self._on_board, self._on_unread)

    @Slot(str, str, str)
    def edit(self, staff_no: str, pin: str, reason: str) -> None:
        self._typed = (staff_no.strip(), pin, reason.strip())

    @Slot()
    def press_main(self) -> None:
        """F9: the order itself."""
        if not self.state.may_order:
            return
        staff_no, pin, reason = self._typed
        if not staff_no or not pin:
            self._say(self.tr("请输入大厅管理人员的工号和 PIN。"))
            return
        if not reason:
            example = self.tr("大厅节点主机断电")
            if self.state.board.at_standby:
                example = self.tr("大厅节点已修好，换回来")
            self._say(self.tr("请写明理由，例如“%1”。").replace("%1", example))
            return
        if not self._commands.ready(self.press_main):
            return
        busy = self.tr("正在核对")
        self._show(replace(self.state, busy=busy, notice=NO_NOTICE))
        self._commands.run(
            ("take_over", staff_no, reason),
            busy,
            lambda command_id: self._desk.take_over(command_id, staff_no, pin, reason),
            self._on_ordered,
            self._fail,
        )

    def _on_ordered(self, _none: None) -> None:
        self._typed = ("", "", "")
        who = self.tr("大厅节点") if self.state.board.at_standby else self.tr("备用节点")
        text = self.tr("已交办，%1正在接替。办完会在这里说明，请不要关机。")
        said = Notice(text.replace("%1", who), Tone.INFO)
        self._show(replace(self.state, busy="", forms=self.state.forms + 1, notice=said))
        self.tick()

    def _on_board(self, board: StandInBoard) -> None:
        self._reading = False
        before = self.state.board
        notice = self.state.notice
        if board.at_standby is not before.at_standby and self.state.forms and notice.text:
            who = self.tr("备用节点") if board.at_standby else self.tr("大厅节点")
            notice = Notice(self.tr("已由%1接着服务，叫号、取号、接件照常。").replace("%1", who), Tone.DONE)
        self._show(replace(self.state, board=board, notice=notice))

    def _on_unread(self, error: Exception) -> None:
        self._reading = False
        self._show(replace(self.state, notice=notice_of(error)))

    def _fail(self, notice: Notice) -> None:
        self._show(replace(self.state, busy="", notice=notice))

    def _say(self, text: str) -> None:
        self._show(replace(self.state, notice=Notice(text, Tone.ATTENTION)))

    def _show(self, state: StandInState) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)
