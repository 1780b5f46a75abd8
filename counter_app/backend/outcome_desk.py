"""Deciding at the window over the real hall: receive, accept, correct, refuse, decide, and their papers."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

from sqlalchemy import Connection

from counter_app.backend.bench import Bench, refusing, text_id
from counter_app.backend.case_view import case_view
from counter_app.backend.numbers import Numbers
from counter_app.backend.package_desk import PackageDesk
from counter_app.backend.print_book import PrintBook
from counter_app.backend.window_acts import ACTED_ON, PAPER_KINDS, WindowAct, step
from counter_app.outcome.ports import Act, ActChoice, ActDone, Defect
from counter_app.take_in.ports import CaseView
from counter_app.values import CaseId, PaperId, PaperRow
from hall import handouts, paperwork
from hall.intake import commands as cmd
from hall.intake import receiving
from hall.intake import views as intake
from hall.intake.model import CaseState, CaseType, MaterialState
from hall.intake.views import CaseRow, MaterialRow
from hall.journal.refusal import NotOwner, Refusal
from hall.papers.content import ErrandReceipt, Paper
from hall.papers.press import SetPaper, by_hand
from hall.papers.preview import Previewer

_TOLD = "《行政许可法》第三十二条"
_DONE_STATES = (MaterialState.CHECKED_OK, MaterialState.WAIVED)
NUMBER_TO_COME = "（出具时编号）"
"""Stands in the number's place on a paper that is only foreseen: a number is drawn for what is issued."""
SIGN_AND_FILE = "送达回证请送达人、受送达人双方签名并写日期，盖章后存档。"
_NEVER_DONE = UUID(int=0)
"""Names what is only foreseen."""


class PaperShelf:
    """The papers set last. A paper follows from facts that never change, so it is set once. Thread-safe."""

    def __init__(self, most: int = 24) -> None:
        self._most = most
        self._kept: OrderedDict[tuple[str, bool], SetPaper] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: tuple[str, bool], make: Callable[[], SetPaper]) -> SetPaper:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Implements OutcomeDesk."""

    bench: Bench
    packages: PackageDesk
    numbers: Numbers
    previewer: Previewer
    shelf: PaperShelf
    prints: PrintBook

    @refusing
    def acts(self, case_id: CaseId) -> tuple[ActChoice, ...]:
        rows = [self._row(c) for c in self._cases(case_id)]
        drafts = [r for r in rows if r.state is CaseState.DRAFT]
        if rows and not drafts and self._drafts_left_over(case_id):
            organ = self._power(rows[0], "ACCEPT")[1]
            return (ActChoice(Act.RECEIVE, "收件", "收件凭证", "", _TOLD, organ),)
        open_rows = drafts or [r for r in rows if r.state in (CaseState.RECEIVED, CaseState.ACCEPTED)]
        if not open_rows:
            return ()
        row = open_rows[0]
        choices = self._choices(row)
        if len(rows) > 1:
            choices = [c for c in choices if c.act in (Act.RECEIVE, Act.ACCEPT, Act.CORRECT, Act.GRANT)]
            choices = [self._for_all(c, open_rows) for c in choices]
        return tuple(sorted(choices, key=lambda c: bool(c.refusal)))

    def _drafts_left_over(self, case_id: CaseId) -> bool:
        """A package of which an earlier program received what is needed, and never dropped the rest."""
        knows = self.packages.knows(case_id)
        return knows and self.packages.drafted(case_id) != self.packages.children(case_id)

    def _for_all(self, choice: ActChoice, rows: list[CaseRow]) -> ActChoice:
        """An act on a package is possible when it is for each open child."""
        for row in rows:
            same = next((c for c in self._choices(row) if c.act is choice.act), None)
            if same is not None and same.refusal:
                return ActChoice(
                    choice.act, choice.title, choice.paper_title, f"{row.item.name}：{same.refusal}",
                    choice.basis, choice.in_name_of, choice.needs_text,
                )  # fmt: skip
        return choice

    def _choices(self, row: CaseRow) -> list[ActChoice]:
        with self.bench.store.read() as conn:
            materials = intake.materials(conn, row.id)
        accept_power, organ = self._power(row, "ACCEPT")
        if row.state is CaseState.DRAFT:
            refusal = accept_power or ("" if row.applicant_name else "请先填写申请人。")
            if not refusal and not any(m.form for m in materials):
                refusal = "还没有收到任何材料。"
            return [ActChoice(Act.RECEIVE, "收件", "收件凭证", refusal, _TOLD, organ)]
        if row.state is CaseState.RECEIVED:
            return self._received_choices(row, materials, accept_power, organ)
        if row.state is CaseState.ACCEPTED and row.case_type is CaseType.IMMEDIATE:
            handle, organ = self._power(row, "HANDLE")
            return [
                ActChoice(Act.GRANT, "当场准予", "准予决定书", handle, "《行政许可法》第三十四条", organ),
                ActChoice(
                    Act.DENY, "当场不予", "不予许可决定书", handle, "《行政许可法》第三十八条", organ, True
                ),
            ]
        return []

    def _received_choices(
        self, row: CaseRow, materials: tuple[MaterialRow, ...], power: str, organ: str
    ) -> list[ActChoice]:
        missing = [m for m in materials if m.facts.necessary and m.state not in _DONE_STATES]
        hard = [m.facts.name for m in missing if m.state is not MaterialState.TOLERATED]
        precheck = ""
        if row.intake_mode == "precheck_then_accept" and not row.prechecked:
            precheck = "本大厅先由部门初审，请先送初审。"
        full = power or precheck or ("还差：" + "、".join(m.facts.name for m in missing) if missing else "")
        soft = power or precheck or ("还差：" + "、".join(hard) if hard else "")
        rounds = "补正只能告知一次，本件已告知过。" if row.rounds else ""
        choices = [
            ActChoice(Act.ACCEPT, "受理", "受理通知书", full, _TOLD, organ),
            ActChoice(
                Act.CORRECT, "一次性告知补正", "补正告知书", power or rounds, _TOLD + "第四项", organ
            ),
            ActChoice(Act.NOT_ACCEPT, "不予受理", "不予受理决定书", power, _TOLD + "第二项", organ, True),
            ActChoice(
                Act.UNNEEDED, "不受理（无需许可）", "不受理告知书", power, _TOLD + "第一项", organ, True
            ),
        ]  # fmt: skip
        if any(m.state is MaterialState.TOLERATED for m in materials):
            tolerant = ActChoice(Act.ACCEPT_TOLERANT, "容缺受理", "受理通知书", soft, "容缺受理清单", organ)
            choices.insert(1, tolerant)
        return choices

    def _power(self, row: CaseRow, power: str) -> tuple[str, str]:
        """(why not, or empty; the organ in whose name)"""
        b = self.bench
        try:
            grant = b.ref.rules.authority.covers(
                window=b.window.no, item=row.item.id, department=row.department, power=power, day=b.day()
            )
        except Refusal as exc:
            return exc.text, ""
        return "", grant.in_name_of

    @refusing
    def receive(self, command_id: UUID, case_id: CaseId) -> ActDone:
        b = self.bench
        if self.packages.knows(case_id):
            self.packages.receive(command_id, case_id)
            return self._done(case_id, ("received",))
        for n, row in self._each(case_id, CaseState.DRAFT):
            day = b.day()
            command = cmd.ReceiveCase(text_id(command_id, str(n)), row.id, b.window.no, b.staff.id, day, day)
            b.handle(command, partial(receiving.receive_case, rules=b.ref.rules))
        return self._done(case_id, ("received",))

    @refusing
    def accept(self, command_id: UUID, case_id: CaseId, tolerant: bool) -> ActDone:
        return self._do(command_id, case_id, WindowAct(Act.ACCEPT_TOLERANT if tolerant else Act.ACCEPT))

    @refusing
    def correct(self, command_id: UUID, case_id: CaseId, defects: tuple[Defect, ...]) -> ActDone:
        return self._do(command_id, case_id, WindowAct(Act.CORRECT, defects=defects))

    @refusing
    def refuse(self, command_id: UUID, case_id: CaseId, act: Act, reason: str) -> ActDone:
        return self._do(command_id, case_id, WindowAct(act, reason))

    @refusing
    def decide(self, command_id: UUID, case_id: CaseId, granted: bool, reason: str) -> ActDone:
        return self._do(command_id, case_id, WindowAct(Act.GRANT if granted else Act.DENY, reason))

    def _do(self, command_id: UUID, case_id: CaseId, asked: WindowAct) -> ActDone:
        for n, row in self._concerned(asked, self._each(case_id, ACTED_ON[asked.act])):
            todo = step(self.bench, asked, command_id, n, row)
            self.numbers.handle(todo.command, todo.handler, todo.numbered)
        return self._done(case_id, (PAPER_KINDS[asked.act],))

    @refusing
    def preview(
        self, case_id: CaseId, act: Act, text: str, defects: tuple[Defect, ...], width_px: int
    ) -> tuple[bytes, ...]:
        asked = WindowAct(act, text, defects)
        rows = self._concerned(asked, self._standing(case_id, ACTED_ON[act]))
        if not rows:
            raise Refusal("nothing_to_issue", "没有可以出具这份文书的办件。")
        papers = [self._foreseen(asked, n, row) for n, row in rows]
        return tuple(
            page for paper in papers for page in self._pictures(self.bench.press.render(paper), width_px)
        )

    def _foreseen(self, asked: WindowAct, n: int, row: CaseRow) -> Paper:
        """The paper that the act would make, from the facts that it would write. Nothing is written."""
        todo = step(self.bench, asked, _NEVER_DONE, n, row)

        def look(conn: Connection) -> Paper:
            after = intake.case_by_id(conn, row.id) or row
            names = paperwork.papers_of(conn, after)
            name = next(p for p in reversed(names) if p.kind == PAPER_KINDS[asked.act])
            return paperwork.make_paper(conn, self.bench.ref, after, name)

        try:
            command = replace(todo.command, document_no=NUMBER_TO_COME)
            return self.bench.store.foresee(command, todo.handler, look)
        except NotOwner as exc:
            raise Refusal(exc.code, "办件现在不在本窗口，按 F9 时才取回；取回之前没有样张。") from exc

    def _concerned(self, asked: WindowAct, rows: list[tuple[int, CaseRow]]) -> list[tuple[int, CaseRow]]:
        """A window decides 即办件 only."""
        decides = asked.act in (Act.GRANT, Act.DENY)
        return [(n, r) for n, r in rows if not decides or r.case_type is CaseType.IMMEDIATE]

    @refusing
    def papers_of(self, case_id: CaseId) -> tuple[PaperRow, ...]:
        return self._papers(case_id)

    @refusing
    def paper_pages(self, paper_id: PaperId, width_px: int) -> tuple[bytes, ...]:
        return self._pictures(self.pdf(paper_id), width_px)

    def _pictures(self, pdf: bytes, width_px: int) -> tuple[bytes, ...]:
        count = self.previewer.page_count(pdf)
        return tuple(self.previewer.png(pdf, n, width_px) for n in range(count))

    def pdf(self, paper_id: str) -> bytes:
        """The paper once, to be looked at. Raises Refusal when there is no such paper."""
        return self._seen(paper_id).pdf

    def _seen(self, paper_id: str) -> SetPaper:
        press = self.bench.press
        return self.shelf.get((paper_id, False), lambda: press.set_copies((self._paper(paper_id)[0],)))

    def copies(self, paper_id: str) -> bytes:
        """Every copy of the paper, each saying whose it is, to be printed. Raises Refusal as `pdf` does."""
        return self.shelf.get((paper_id, True), lambda: self._set_copies(paper_id)).pdf

    def _set_copies(self, paper_id: str) -> SetPaper:
        return self.bench.press.set_copies(paperwork.copies_of(*self._paper(paper_id)))

    def _paper(self, paper_id: str) -> tuple[Paper, tuple[str, ...]]:
        """What the paper says, and whose its copies are."""
        case_id, _, record = paper_id.partition("/")
        b = self.bench
        with b.store.read() as conn:
            if case_id == "errand":
                return errand_paper(b, record), paperwork.COPIES
            row = intake.case_by_id(conn, case_id)
            names = paperwork.papers_of(conn, row) if row else ()
            name = next((n for n in names if n.id == record), None)
            if row is None or name is None:
                raise Refusal("unknown_paper", "没有这份文书。")
            return paperwork.make_paper(conn, b.ref, row, name), name.copies

    def _papers(self, case_id: str, kinds: tuple[str, ...] | None = None) -> tuple[PaperRow, ...]:
        found: list[PaperRow] = []
        for case in self._cases(case_id):
            row = self._row(case)
            with self.bench.store.read() as conn:
                names = paperwork.papers_of(conn, row)
            for n in names:
                if kinds is None or n.kind in kinds:
                    seen = self._seen(f"{row.id}/{n.id}")
                    found.append(paper_row(row.id, n, self.previewer.page_count(seen.pdf), seen.lacking))
        marks = self.prints.marks([paper.paper_id for paper in found])
        return tuple(replace(paper, mark=mark) for paper, mark in zip(found, marks, strict=True))

    def _done(self, case_id: CaseId, kinds: tuple[str, ...]) -> ActDone:
        return ActDone(self._view(case_id), self._papers(case_id, kinds))

    def _view(self, case_id: str) -> CaseView:
        if self.packages.knows(case_id):
            return self.packages.view(case_id)
        row = self._row(case_id)
        with self.bench.store.read() as conn:
            return case_view(self.bench, conn, row)

    def _each(self, case_id: str, state: CaseState) -> list[tuple[int, CaseRow]]:
        """Children that stand in `state`, or the case itself; held here before anything is done.

        A single case past the state is passed to its handler too, so a repeated command gives its first answer.
        What is past it is not held: that would withdraw its standing offer to a department.
        """
        for case in self._cases(case_id):
            if self._row(case).state is state:
                self.bench.hold_here(case)
        return self._standing(case_id, state)

    def _standing(self, case_id: str, state: CaseState) -> list[tuple[int, CaseRow]]:
        """As `_each`, wherever they lie."""
        found = [(n, self._row(case)) for n, case in enumerate(self._cases(case_id))]
        return [(n, r) for n, r in found if len(found) == 1 or r.state is state]

    def _cases(self, case_id: str) -> tuple[str, ...]:
        return self.packages.children(case_id) if self.packages.knows(case_id) else (case_id,)

    def _row(self, case_id: str) -> CaseRow:
        with self.bench.store.read() as conn:
            row = intake.case_by_id(conn, case_id)
        if row is None:
            raise Refusal("unknown_case", "没有这个办件。")
        return row


def paper_row(case_id: str, name: paperwork.PaperName, pages: int, lacking: tuple[str, ...]) -> PaperRow:
    seal = "每份都到盖章处加盖行政审批专用章，" if name.needs_seal else ""
    if name.kind == "delivered":
        seal = SIGN_AND_FILE
    if name.copies:
        seal = f"一式两份，{seal}存档联请申请人签字后留下。"
    return PaperRow(PaperId(f"{case_id}/{name.id}"), name.title, name.number, pages, seal, by_hand(lacking))


def errand_paper(b: Bench, errand_id: str) -> ErrandReceipt:
    """The receipt of an errand. Raises Refusal when it is unknown."""
    with b.store.read() as conn:
        errand = intake.errand_by_id(conn, errand_id)
        if errand is None:
            raise Refusal("unknown_paper", "没有这份文书。")
        return handouts.errand_receipt(conn, b.ref, errand, intake.case_by_no(conn, errand.case_no))
