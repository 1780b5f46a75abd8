"""A citizen brings papers for a case that lies elsewhere: find it by its code, open an errand, give a receipt."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar
from uuid import UUID

from PySide6.QtCore import QObject, Signal, Slot

from counter_app.commands import Commands, notice_of
from counter_app.corrections.ports import (
    CorrectionDesk,
    ErrandDone,
    ErrandKind,
    ErrandView,
    OpenCorrection,
    ReceiptRow,
)
from counter_app.device_ports import A4Printer
from counter_app.outcome.print_queue import PrintQueue, PrintRun
from counter_app.take_in.ports import CaseStage, CaseView
from counter_app.values import NO_NOTICE, NewId, PaperId, PaperRow, PrintMark, TicketId
from ui.notice import Notice
from ui.runner import Runner
from ui.tokens import Tone

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CorrectionsState:
    """Everything the page draws."""

    code: str = ""
    found: OpenCorrection | None = None
    kind: ErrandKind = ErrandKind.CORRECTION
    errand: ErrandView | None = None
    at: int = 0
    receipt: PaperRow | None = None
    receipts: tuple[ReceiptRow, ...] = ()
    """Given at this window: today's, and earlier ones that are not known to be out."""
    receipt_at: int = 0
    printing: tuple[PaperId, ...] = ()
    """The first is with the printer, the others wait."""
    busy: str = ""
    notice: Notice = NO_NOTICE

    @property
    def owed(self) -> tuple[PaperRow, ...]:
        """Receipts that did not print."""
        return tuple(row.paper for row in self.receipts if row.paper.mark is PrintMark.NOT_PRINTED)

    @property
    def to_check(self) -> bool:
        """What was just taken in is a correction: a window has to check it and to accept the case."""
        taken = self.receipt is not None and self.errand is not None
        known = self.found is not None and self.found.known
        return taken and known and self.kind is ErrandKind.CORRECTION

    @property
    def paper(self) -> PaperRow | None:
        """What F10 prints: the receipt just given, between two errands the one in the list."""
        if self.receipt is not None or self.errand is not None or not self.receipts:
            return self.receipt
        return self.receipts[self.receipt_at].paper


class CorrectionsPresenter(QObject):
    """Signals:
    state_changed: the new CorrectionsState.
    case_back: the CaseView whose correction was just taken in; it can be worked on here.
    """

    state_changed = Signal(object)
    case_back = Signal(object)
    _errand_in = Signal(object)

    def __init__(
        self,
        *,
        desk: CorrectionDesk,
        printer: A4Printer,
        ticket: Callable[[], TicketId | None],
        runner: Runner,
        printer_runner: Runner,
        new_id: NewId,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._ticket = ticket
        self._runner = runner
        self._commands = Commands(runner=runner, new_id=new_id)
        self._prints = PrintQueue(printer=printer, runner=printer_runner, new_id=new_id, parent=self)
        self._prints.moved.connect(self._on_printing)
        self._prints.answered.connect(self._on_answered)
        self._prints.ended.connect(self._on_prints_ended)
        self._errand_in.connect(self._on_errand)
        self._offered = ""
        self.state = CorrectionsState()

    def errand_seen(self, errand: ErrandView) -> None:
        """From the capture page, on any thread."""
        self._errand_in.emit(errand)

    @Slot()
    def open(self, code: str = "") -> None:
        """The page is entered. An errand that is not finished stays where it was.

        `code`: the case that is most likely meant; it does not replace what was typed or found.
        """
        if self.state.receipt is not None:
            self._begin_anew()
        state = self.state
        if state.found is None and state.errand is None and state.code in ("", self._offered):
            # what was offered for the last person goes with them
            self._offered = code
            self.edit_code(code)
        self._read_receipts()

    @Slot(str)
    def edit_code(self, code: str) -> None:
        self._show(replace(self.state, code=code))

    @Slot(object)
    def choose_kind(self, kind: ErrandKind) -> None:
        if self.state.errand is None:
            self._show(replace(self.state, kind=kind))

    @Slot()
    def press_find(self) -> None:
        code = self.state.code.strip().upper()
        if not code:
            self._say(self.tr("请扫描告知书或凭证上的二维码，或输入办件编号。"))
            return
        if self.state.errand is not None and self.state.receipt is None:
            self._say(self.tr("先收完这一件（F9），再查下一件。"))
            return
        if not self._commands.ready(self.press_find):
            return

        def done(found: OpenCorrection) -> None:
            notice = NO_NOTICE
            if not found.known:
                text = self.tr("本厅查不到这个编号的详情，仍可凭编号收下，交承办单位处理。请核对编号。")
                notice = Notice(text, Tone.ATTENTION)
            self._show(replace(self.state, found=found, errand=None, receipt=None, busy="", notice=notice))

        busy = self.tr("正在查找")
        self._show(replace(self.state, busy=busy, notice=NO_NOTICE))
        self._commands.run(
            ("find", code), busy, lambda _id: self._desk.find_correction(code), done, self._fail
        )

    def scanned(self, code: str) -> None:
        """A scanner read a case code."""
        self.edit_code(code)
        self.press_find()

    @Slot(int)
    def move(self, step: int) -> None:
        errand = self.state.errand
        if errand is not None:
            at = min(max(self.state.at + step, 0), max(len(errand.materials) - 1, 0))
            self._show(replace(self.state, at=at))
        else:
            self.select_receipt(self.state.receipt_at + step)

    @Slot(int)
    def select_receipt(self, at: int) -> None:
        at = min(max(at, 0), max(len(self.state.receipts) - 1, 0))
        self._show(replace(self.state, receipt_at=at))

    @Slot()
    def press_main(self) -> None:
        """F9: find, then open the errand, then finish it and print the receipt; a corrected case is then opened."""
        state = self.state
        if state.to_check and state.found is not None:
            self._open_case(state.found.case_no)
        elif state.receipt is not None:
            self._begin_anew()
        elif state.errand is not None:
            self._finish(state.errand)
        elif state.found is not None:
            self._open_errand(state.found)
        else:
            self.press_find()

    @Slot()
    def press_print(self) -> None:
        """F10: the receipt that is looked at (again), and where it is not out all that are not."""
        paper = self.state.paper
        if paper is None:
            self._say(self.tr("还没有可打印的凭证。"))
            return
        owed = self.state.owed
        self._prints.add(owed if paper.paper_id in [one.paper_id for one in owed] else (paper,))

    def _open_errand(self, found: OpenCorrection) -> None:
        if not self._commands.ready(self._open_errand, found):
            return
        ticket, kind, case_no = self._ticket(), self.state.kind, found.case_no

        def done(errand: ErrandView) -> None:
            self._show(replace(self.state, errand=errand, at=0, busy=""))

        self._run(
            ("open", case_no, kind),
            lambda command_id: self._desk.open_errand(command_id, ticket, case_no, kind),
            done,
        )

    def _finish(self, errand: ErrandView) -> None:
        if errand.kind is ErrandKind.CORRECTION and not any(row.pages for row in errand.materials):
            self._say(self.tr("还没有拍材料。选中材料按 F8 拍摄。"))
            return
        if not self._commands.ready(self._finish, errand):
            return

        def done(result: ErrandDone) -> None:
            self._show(replace(self.state, errand=result.errand, receipt=result.receipt, busy=""))
            self._read_receipts()
            self._prints.add((result.receipt,))

        self._run(
            ("finish", errand.errand_id),
            lambda command_id: self._desk.finish_errand(command_id, errand.errand_id),
            done,
        )

    def _open_case(self, case_no: str) -> None:
        if not self._commands.ready(self._open_case, case_no):
            return

        def done(case: CaseView) -> None:
            self._show(replace(self.state, busy=""))
            if case.stage is CaseStage.CORRECTION:
                self._say(self.tr("大厅还没有把补正材料并进本件，请过几秒再按 F9；以后按 Ctrl+K 也能打开。"))
                return
            self.case_back.emit(case)

        busy = self.tr("正在打开本件")
        self._show(replace(self.state, busy=busy, notice=NO_NOTICE))
        self._commands.run(
            ("open_case", case_no), busy, lambda _id: self._desk.find_case(case_no), done, self._fail
        )

    def _run(self, key: tuple[object, ...], work: Callable[[UUID], T], done: Callable[[T], None]) -> None:
        busy = self.tr("正在登记")
        self._show(replace(self.state, busy=busy, notice=NO_NOTICE))
        self._commands.run(key, busy, work, done, self._fail)

    def _read_receipts(self) -> None:
        def done(rows: tuple[ReceiptRow, ...]) -> None:
            before = self.state.receipts
            chosen = before[self.state.receipt_at].paper.paper_id if before else None
            at = next((i for i, row in enumerate(rows) if row.paper.paper_id == chosen), 0)
            self._show(replace(self.state, receipts=rows, receipt_at=at))

        self._runner.submit(self._desk.receipts, done, self._on_read_failed)

    @Slot()
    def _on_printing(self) -> None:
        self._show(replace(self.state, printing=self._prints.ids, notice=self._prints.notice()))

    @Slot(object, object)
    def _on_answered(self, _paper: PaperRow, _outcome: object) -> None:
        self._show(replace(self.state, printing=self._prints.ids))
        self._read_receipts()

    @Slot(object)
    def _on_prints_ended(self, run: PrintRun) -> None:
        told = self._prints.notice_of(run)
        just = self.state.receipt.paper_id if self.state.receipt is not None else None
        if [paper.paper_id for paper in run.printed] == [just]:
            told = replace(told, text=told.text + self._goes_on())
        elif just in [paper.paper_id for paper in run.failed]:
            told = replace(told, text=self.tr("材料已收下。") + told.text)
        self._show(replace(self.state, notice=told))

    def _goes_on(self) -> str:
        if self.state.to_check:
            return self.tr("本件还要在窗口核对并受理：按 F9 现在就办；现在不办的，任一窗口按 Ctrl+K 打开。")
        return self.tr("材料已转给承办单位，群众可以走了。")

    def _begin_anew(self) -> None:
        s = self.state
        self._show(CorrectionsState(receipts=s.receipts, receipt_at=0, printing=s.printing))

    def _on_read_failed(self, error: Exception) -> None:
        self._show(replace(self.state, notice=notice_of(error)))

    @Slot(object)
    def _on_errand(self, errand: ErrandView) -> None:
        if self.state.errand is not None and self.state.errand.errand_id == errand.errand_id:
            self._show(replace(self.state, errand=errand))

    def _fail(self, notice: Notice) -> None:
        self._show(replace(self.state, busy="", notice=notice))

    def _say(self, text: str) -> None:
        self._show(replace(self.state, notice=Notice(text, Tone.ATTENTION)))

    def _show(self, state: CorrectionsState) -> None:
        self.state = state
        self.state_changed.emit(state)
