"""The page for cases of a lost PC: 补录 of the case that is open, 收回 of one that lies elsewhere. QtCore only.

The PIN never enters the state.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from PySide6.QtCore import QObject, Signal, Slot

from counter_app.commands import Commands
from counter_app.lost_case.ports import LostCaseDesk
from counter_app.take_in.ports import CaseStage, CaseView
from counter_app.values import NO_NOTICE, NewId
from counter_app.visit.open_cases import OpenCases
from ui.notice import Notice
from ui.runner import Runner
from ui.tokens import Tone

T = TypeVar("T")


class Way(StrEnum):
    """What is to be done."""

    REENTER = "reenter"
    TAKE_BACK = "take_back"


@dataclass(frozen=True, slots=True)
class LostCaseState:
    """Everything the page draws. `forms`: how often it was opened anew; the fields are empty then."""

    way: Way = Way.REENTER
    case: str = ""
    """The open case that 补录 is about, in words; empty where none is being filled in."""
    forms: int = 0
    busy: str = ""
    notice: Notice = NO_NOTICE


class LostCasePresenter(QObject):
    """Signals:
    state_changed: the new LostCaseState.
    """

    state_changed = Signal(object)

    def __init__(
        self,
        *,
        desk: LostCaseDesk,
        cases: OpenCases,
        runner: Runner,
        new_id: NewId,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._cases = cases
        self._commands = Commands(runner=runner, new_id=new_id)
        self._paper = ("", "")
        self._order = ("", "", "", "")
        self.state = LostCaseState()
        cases.changed.connect(self._on_cases)

    @Slot()
    def open(self) -> None:
        """An open draft is what is usually meant; without one there is nothing to mark."""
        self._forget()
        way = Way.TAKE_BACK if self._draft() is None else Way.REENTER
        self._show(LostCaseState(way, self._named(), self.state.forms + 1))

    @Slot()
    def close(self) -> None:
        """Another page: nobody's PIN stays here."""
        self._forget()

    @Slot(object)
    def choose(self, way: Way) -> None:
        self._show(replace(self.state, way=way, notice=NO_NOTICE))

    @Slot(str, str)
    def edit_paper(self, old_no: str, old_date: str) -> None:
        self._paper = (old_no.strip(), old_date.strip())

    @Slot(str, str, str, str)
    def edit_order(self, case_no: str, staff_no: str, pin: str, reason: str) -> None:
        self._order = (case_no.strip(), staff_no.strip(), pin, reason.strip())

    @Slot()
    def press_main(self) -> None:
        """F9."""
        if self._commands.ready(self.press_main):
            if self.state.way is Way.REENTER:
                self._reenter()
            else:
                self._take_back()

    def _reenter(self) -> None:
        case, (old_no, old_date) = self._draft(), self._paper
        if case is None:
            self._say(self.tr("请先叫号，选好事项开一件，再来标补录（Ctrl+N 再办一件）。"))
        elif not old_no or not old_date:
            self._say(self.tr("请照群众手里的凭证，输入原编号和凭证上的日期。"))
        else:
            self._run(
                ("reenter", case.case_id, old_no, old_date),
                lambda command_id: self._desk.reenter(command_id, case.case_id, old_no, old_date),
                self._on_reentered,
            )

    def _take_back(self) -> None:
        case_no, staff_no, pin, reason = self._order
        if not case_no:
            self._say(self.tr("请输入要收回的办件编号。"))
        elif not staff_no or not pin:
            self._say(self.tr("请输入大厅管理人员的工号和 PIN。"))
        elif not reason:
            self._say(self.tr("请写明理由，例如“2号窗口电脑死机”。"))
        else:
            self._run(
                ("take_back", case_no, staff_no, reason),
                lambda command_id: self._desk.take_back(command_id, case_no, staff_no, pin, reason),
                self._on_taken_back,
            )

    def _run(self, key: Hashable, work: Callable[[UUID], T], done: Callable[[T], None]) -> None:
        busy = self.tr("正在办理")
        self._show(replace(self.state, busy=busy, notice=NO_NOTICE))
        self._commands.run(key, busy, work, done, self._fail)

    def _on_reentered(self, case: CaseView) -> None:
        said = self.tr("已标为补录，原编号 %1。按 Esc 回到这一件，照常收件。").replace("%1", self._paper[0])
        self._cases.put(case)
        self._done(said)

    def _on_taken_back(self, _none: None) -> None:
        self._done(self.tr("已收回到大厅节点。按 Ctrl+K 输入编号，可以接着办。"))

    def _done(self, text: str) -> None:
        self._forget()
        forms = self.state.forms + 1
        self._show(replace(self.state, busy="", forms=forms, notice=Notice(text, Tone.DONE)))

    def _fail(self, notice: Notice) -> None:
        self._show(replace(self.state, busy="", notice=notice))

    def _say(self, text: str) -> None:
        self._show(replace(self.state, notice=Notice(text, Tone.ATTENTION)))

    def _on_cases(self) -> None:
        self._show(replace(self.state, case=self._named()))

    def _draft(self) -> CaseView | None:
        case = self._cases.current
        return case if case is not None and case.stage is CaseStage.DRAFT else None

    def _named(self) -> str:
        case = self._draft()
        return "" if case is None else f"{case.item.name}　{case.case_no}"

    def _forget(self) -> None:
        self._paper, self._order = ("", ""), ("", "", "", "")

    def _show(self, state: LostCaseState) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)
