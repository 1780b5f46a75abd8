"""What the window decides, by its powers; the papers; print. QtCore only."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import QObject, Signal, Slot

from counter_app.commands import Commands, notice_of
from counter_app.device_ports import A4Printer, PrintOutcome
from counter_app.outcome.drafts import PREVIEW_PX, Drafts, wanted_in
from counter_app.outcome.ports import Act, ActChoice, ActDone, OutcomeDesk
from counter_app.outcome.print_queue import PrintQueue, PrintRun, named
from counter_app.outcome.state import Draft, OutcomeState, defects_of, hindrance
from counter_app.take_in.ports import CaseStage
from counter_app.values import NO_NOTICE, CaseId, NewId, PaperId, PaperRow, PrintMark
from counter_app.visit.open_cases import OpenCases
from ui.notice import Notice
from ui.runner import Runner
from ui.tokens import Tone

_MARKS = {PrintOutcome.PRINTED: PrintMark.NONE, PrintOutcome.SENT: PrintMark.SENT}


class OutcomePresenter(QObject):
    """Signals:
    state_changed: the new OutcomeState.
    received: a CaseId was taken in (收件).
    acted: (CaseId, Act) was committed.
    left_unprinted: a Notice on papers that failed after their visit had ended.
    """

    state_changed = Signal(object)
    received = Signal(object)
    acted = Signal(object, object)
    left_unprinted = Signal(object)

    def __init__(
        self,
        *,
        desk: OutcomeDesk,
        printer: A4Printer,
        cases: OpenCases,
        runner: Runner,
        printer_runner: Runner,
        new_id: NewId,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._runner = runner
        self._cases = cases
        self._commands = Commands(runner=runner, new_id=new_id)
        self._prints = PrintQueue(printer=printer, runner=printer_runner, new_id=new_id, parent=self)
        self._prints.moved.connect(self._on_printing)
        self._prints.answered.connect(self._on_answered)
        self._prints.ended.connect(self._on_prints_ended)
        self._texts: dict[tuple[CaseId, Act], str] = {}
        self._unprinted: dict[PaperId, PaperRow] = {}
        """Named in a notice as not printed: F10 prints them all."""
        self._left: set[PaperId] = set()
        """Still on their way when their visit ended: no F10 of a later visit means them."""
        self._for_f10: PaperId | None = None
        """F10 was promised for it before it was on the list."""
        self._drafts = Drafts(desk=desk, runner=runner, parent=self)
        self._drafts.changed.connect(self._on_draft)
        self._picked: Act | None = None
        cases.changed.connect(self._on_cases)
        self.state = OutcomeState()

    @Slot(int)
    def move(self, step: int) -> None:
        self.select(self.state.at + step)

    @Slot(int)
    def select(self, at: int) -> None:
        at = min(max(at, 0), max(len(self.state.acts) - 1, 0))
        self._show(replace(self.state, at=at, on_draft=True, notice=NO_NOTICE))
        self._picked = self.state.act.act if self.state.act is not None else None
        self._show(replace(self.state, text=self._text_for(self.state.act)))
        self._renew(at_once=True)

    @Slot(str)
    def edit_text(self, text: str) -> None:
        case, act = self.state.case, self.state.act
        if case is not None and act is not None:
            self._texts[(case.case_id, act.act)] = text
            self._show(replace(self.state, text=text, on_draft=True))
            self._renew()

    @Slot()
    def press_receive(self) -> None:
        """F9 on the review: 收件, print the 收件凭证."""
        case = self.state.case
        if case is None or not self._commands.ready(self.press_receive):
            return
        if case.stage is not CaseStage.DRAFT:
            self.received.emit(case.case_id)
            return
        case_id = case.case_id
        self._run_act(Act.RECEIVE, case_id, ("",), lambda command_id: self._desk.receive(command_id, case_id))

    @Slot()
    def press_notice(self) -> None:
        """F7: choose the one-time notice, with everything that is not right."""
        for at, choice in enumerate(self.state.acts):
            if choice.act is Act.CORRECT:
                self.select(at)
                return
        self._say(self.tr("先收件（F9），再出一次性告知书。"))

    @Slot()
    def press_main(self) -> None:
        """F9: do the chosen act and print its paper."""
        case, choice = self.state.case, self.state.act
        if case is None or choice is None or not self._commands.ready(self.press_main):
            return
        first = hindrance(self.state)
        if first:
            self._say(first)
            return
        case_id, text, defects = case.case_id, self.state.text.strip(), self.state.defects
        desk, act = self._desk, choice.act
        works: dict[Act, Callable[[UUID], ActDone]] = {
            Act.ACCEPT: lambda cid: desk.accept(cid, case_id, False),
            Act.ACCEPT_TOLERANT: lambda cid: desk.accept(cid, case_id, True),
            Act.CORRECT: lambda cid: desk.correct(cid, case_id, defects),
            Act.NOT_ACCEPT: lambda cid: desk.refuse(cid, case_id, Act.NOT_ACCEPT, text),
            Act.UNNEEDED: lambda cid: desk.refuse(cid, case_id, Act.UNNEEDED, text),
            Act.GRANT: lambda cid: desk.decide(cid, case_id, True, text),
            Act.DENY: lambda cid: desk.decide(cid, case_id, False, text),
            Act.RECEIVE: lambda cid: desk.receive(cid, case_id),
        }
        self._run_act(act, case_id, (text, defects), works[act])

    @Slot()
    def press_print(self) -> None:
        """F10: print the paper that is shown (again), and where it is not out all that are not; a draft never."""
        if self.state.shown_draft is not None:
            self._say(self.tr("这是样张，文书还没有出具，不能打印。先按 F9 出具，会自动打印。"))
            return
        paper = self.state.paper
        if paper is None:
            self._say(self.tr("还没有可打印的文书。"))
            return
        listed = (p for p in self.state.papers if p.mark is PrintMark.NOT_PRINTED)
        owed = {**self._unprinted, **{p.paper_id: p for p in listed}}
        self._prints.add(tuple(owed.values()) if paper.paper_id in owed else (paper,))

    @Slot(int)
    def select_paper(self, at: int) -> None:
        """The draft is the last line of the list."""
        if at == len(self.state.papers) and self.state.draft is not None:
            self._show(replace(self.state, on_draft=True))
            self._renew(at_once=True)
        elif 0 <= at < len(self.state.papers):
            self._show(replace(self.state, paper_at=at, pages=(), on_draft=False))
            self._load_pages()

    def unprinted(self) -> tuple[str, ...]:
        """In words: papers of this visit that the citizen has not got."""
        papers = tuple(self._unprinted.values())
        return (self.tr("%1没有打印").replace("%1", named(papers)),) if papers else ()

    def rest(self) -> None:
        """Ask for no more drafts: the program ends."""
        self._drafts.rest()

    @Slot()
    def refresh(self) -> None:
        """Read acts and papers of the current case."""
        case = self.state.case
        if case is None:
            return
        case_id = case.case_id

        def work() -> tuple[tuple[ActChoice, ...], tuple[PaperRow, ...]]:
            return self._desk.acts(case_id), self._desk.papers_of(case_id)

        def done(found: tuple[tuple[ActChoice, ...], tuple[PaperRow, ...]]) -> None:
            if self.state.case is None or self.state.case.case_id != case_id:
                return
            acts, papers = found
            # only what somebody picked stays: what was merely the first possible gives way to a better one
            at = next((i for i, c in enumerate(acts) if c.act is self._picked and not c.refusal), None)
            if at is None:
                at = next((i for i, c in enumerate(acts) if not c.refusal), 0)
            new_paper = len(papers) != len(self.state.papers)
            paper_at = max(len(papers) - 1, 0) if new_paper else self.state.paper_at
            on_draft = self.state.on_draft and not new_paper
            # the page of another paper must not stand under the new one's name
            pages = () if new_paper else self.state.pages
            self._show(
                replace(
                    self.state, acts=acts, at=at, papers=papers, paper_at=paper_at, pages=pages,
                    on_draft=on_draft,
                )
            )  # fmt: skip
            self._show(replace(self.state, text=self._text_for(self.state.act)))
            self._look_again()
            if new_paper:
                self._load_pages()

        self._runner.submit(work, done, self._on_read_failed)

    def _look_again(self) -> None:
        """After acts and papers were read: a draft that can be made now is looked at, before F9 is; what waits
        for F10 first.
        """
        if self.state.busy:
            return
        before, wanted = self._drafts.wanted, wanted_in(self.state)
        waiting = [i for i, paper in enumerate(self.state.papers) if paper.paper_id == self._for_f10]
        if waiting:
            self._for_f10 = None
            self._show(replace(self.state, paper_at=waiting[0], on_draft=False))
        elif wanted is not None and wanted != before and not wanted.hindrance:
            self._show(replace(self.state, on_draft=True))
        self._renew()

    def _renew(self, *, at_once: bool = False) -> None:
        # while an act runs its own paper is being made; after it acts and papers are read anew
        if not self.state.busy:
            self._drafts.want(wanted_in(self.state), at_once=at_once)

    def _run_act(
        self, act: Act, case_id: CaseId, what: tuple[object, ...], work: Callable[[UUID], ActDone]
    ) -> None:
        busy = self.tr("正在办理")
        self._drafts.rest()
        self._show(replace(self.state, busy=busy, notice=NO_NOTICE))

        def done(result: ActDone) -> None:
            self._show(replace(self.state, busy=""))
            self._cases.put(result.case)
            if act is Act.RECEIVE:
                self.received.emit(case_id)
            self.acted.emit(case_id, act)
            self.refresh()
            self._prints.add(result.papers)

        self._commands.run((act, case_id, *what), busy, work, done, self._fail)

    @Slot()
    def _on_printing(self) -> None:
        self._show(replace(self.state, printing=self._prints.ids, notice=self._prints.notice()))

    @Slot(object, object)
    def _on_answered(self, paper: PaperRow, outcome: PrintOutcome | None) -> None:
        papers = self.state.papers
        if outcome is not None:
            # known here before the list is read again
            out = replace(paper, mark=_MARKS[outcome])
            papers = tuple(out if p.paper_id == paper.paper_id else p for p in papers)
        self._show(replace(self.state, printing=self._prints.ids, papers=papers))
        self.refresh()

    @Slot(object)
    def _on_prints_ended(self, run: PrintRun) -> None:
        here, left = run.parted(self._left)
        self._left.clear()
        for paper in (*here.printed, *here.sent):
            self._unprinted.pop(paper.paper_id, None)
        self._unprinted.update({paper.paper_id: paper for paper in here.failed})
        self._show(replace(self.state, notice=self._prints.notice_of(here)))
        if left.failed:
            self.left_unprinted.emit(self._prints.notice_of_left(left))
        told = (*here.failed, *here.sent)
        if told:
            self._keep_for_f10(told[0])

    def _keep_for_f10(self, paper: PaperRow) -> None:
        """The notice names this paper: F10 must mean it, and no other and no draft."""
        ids = [listed.paper_id for listed in self.state.papers]
        if paper.paper_id in ids:
            self.select_paper(ids.index(paper.paper_id))
        else:
            self._for_f10 = paper.paper_id

    def _load_pages(self) -> None:
        # also behind a draft: the paper is shown as soon as that goes
        paper = self.state.listed
        if paper is None:
            return
        paper_id = paper.paper_id

        def done(pages: tuple[bytes, ...]) -> None:
            if self.state.listed is not None and self.state.listed.paper_id == paper_id:
                self._show(replace(self.state, pages=pages))

        self._runner.submit(lambda: self._desk.paper_pages(paper_id, PREVIEW_PX), done, self._on_read_failed)

    def _text_for(self, choice: ActChoice | None) -> str:
        case = self.state.case
        if case is None or choice is None:
            return ""
        return self._texts.get((case.case_id, choice.act), "")

    def _on_cases(self) -> None:
        case = self._cases.current
        old = self.state.case
        if case is None:
            self._texts.clear()
            self._unprinted.clear()
            self._left.update(self._prints.ids)
            self._for_f10 = None
            self._show(OutcomeState(printing=self._prints.ids))
            self._drafts.want(None)
            return
        defects = defects_of(case.materials)
        if old is None or old.case_id != case.case_id:
            self._picked = None
            self._show(OutcomeState(case=case, defects=defects, printing=self._prints.ids))
            self._drafts.want(None)
            self.refresh()
        else:
            self._show(replace(self.state, case=case, defects=defects))
            if old.stage is not case.stage or old.materials != case.materials:
                self.refresh()
            else:
                self._renew()

    def _on_draft(self, draft: Draft | None) -> None:
        self._show(replace(self.state, draft=draft))

    def _on_read_failed(self, error: Exception) -> None:
        self._show(replace(self.state, notice=notice_of(error)))

    def _fail(self, notice: Notice) -> None:
        self._show(replace(self.state, busy="", notice=notice))
        self._renew()

    def _say(self, text: str) -> None:
        self._show(replace(self.state, notice=Notice(text, Tone.ATTENTION)))

    def _show(self, state: OutcomeState) -> None:
        self.state = state
        self.state_changed.emit(state)
