"""Errands at the window: corrections and withdrawals for a case that may lie anywhere."""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from counter_app.backend.bench import Bench, refusing, text_id
from counter_app.backend.case_view import page_rows
from counter_app.backend.outcome_desk import errand_paper
from counter_app.backend.pages import PageTray
from counter_app.backend.print_book import PrintBook
from counter_app.backend.queue_desk import session_of, ticket_of
from counter_app.corrections.ports import (
    ErrandDone,
    ErrandKind,
    ErrandMaterial,
    ErrandView,
    OpenCorrection,
    ReceiptRow,
)
from counter_app.values import ErrandId, MaterialId, PageId, PaperId, PaperRow, PrintMark, TicketId
from hall import handouts
from hall.identity.masking import mask_name
from hall.intake import commands as cmd
from hall.intake import errands
from hall.intake import views as intake
from hall.intake.model import CaseState, MaterialState
from hall.intake.views import CaseRow, ErrandRow
from hall.journal.ledger import Ledger
from hall.journal.refusal import Refusal
from hall.papers.numbering import NumberingRefused, read_case_number
from hall.papers.press import by_hand

_OTHER = "other"
_LISTED_DAYS = 31
_OUT = (PrintMark.NONE, PrintMark.SENT)
_STATES = {"open": "收取中", "handed_in": "已交，待原窗口或部门处理", "answered": "已处理"}


@dataclass(frozen=True, slots=True)
class Corrections:
    """Implements CorrectionDesk."""

    bench: Bench
    tray: PageTray
    prints: PrintBook

    @refusing
    def find_correction(self, code: str) -> OpenCorrection:
        case_no = _case_no(code)
        with self.bench.store.read() as conn:
            row = intake.case_by_no(conn, case_no)
        if row is None:
            return OpenCorrection(case_no, known=False)
        due = f"不迟于{row.return_by.month}月{row.return_by.day}日补正" if row.return_by else ""
        return OpenCorrection(
            case_no=case_no,
            known=True,
            item_name=row.item.name,
            masked_name=mask_name(row.applicant_name or ""),
            due_text=due,
            held_by=self._held_by(row),
        )

    def _held_by(self, row: CaseRow) -> str:
        if row.owner == self.bench.node_id:
            return "本窗口"
        if row.state in (CaseState.REVIEWING, CaseState.SUSPENDED, CaseState.PRECHECK):
            return row.desk.rpartition("@")[0]
        return "大厅节点"

    @refusing
    def open_errand(
        self, command_id: UUID, ticket_id: TicketId | None, case_no: str, kind: ErrandKind
    ) -> ErrandView:
        b = self.bench
        errand = text_id(command_id, "errand")
        command = cmd.OpenErrand(
            command_id=text_id(command_id), errand=errand, kind=kind.value, case_no=_case_no(case_no),
            window=b.window.no, staff=b.staff.id, ticket=ticket_of(b, ticket_id) if ticket_id else None,
            session=session_of(b, ticket_id) if ticket_id else None,
        )  # fmt: skip
        b.handle(command, errands.open_errand)
        return self._view(errand)

    @refusing
    def attach_errand_page(
        self, command_id: UUID, errand_id: ErrandId, material_id: MaterialId, page: PageId
    ) -> ErrandView:
        b = self.bench

        def key(ledger: Ledger) -> bytes:
            return ledger.data_key(errand_id)

        facts = self.tray.bind(page, b.store.write(key), b.blobs)
        command = cmd.AttachErrandPage(text_id(command_id), errand_id, material_id, facts, b.staff.id)
        b.handle(command, errands.attach_errand_page)
        self.tray.drop(page)
        return self._view(errand_id)

    @refusing
    def remove_errand_page(
        self, command_id: UUID, errand_id: ErrandId, material_id: MaterialId, page: PageId
    ) -> ErrandView:
        b = self.bench
        command = cmd.RemoveErrandPage(text_id(command_id), errand_id, material_id, page, b.staff.id)
        b.handle(command, errands.remove_errand_page)
        return self._view(errand_id)

    @refusing
    def order_errand_pages(
        self, command_id: UUID, errand_id: ErrandId, material_id: MaterialId, pages: tuple[PageId, ...]
    ) -> ErrandView:
        b = self.bench
        command = cmd.OrderErrandPages(text_id(command_id), errand_id, material_id, tuple(pages), b.staff.id)
        b.handle(command, errands.order_errand_pages)
        return self._view(errand_id)

    @refusing
    def errand_page_picture(self, errand_id: ErrandId, page: PageId, width_px: int) -> bytes:
        b = self.bench
        with b.store.read() as conn:
            images = {p.page: p.image for p in intake.pages_of(conn, errand_id)}
        return b.thumbs.large(errand_id, images.get(page, ""), width_px)

    @refusing
    def finish_errand(self, command_id: UUID, errand_id: ErrandId) -> ErrandDone:
        b = self.bench
        row = self._row(errand_id)
        reason = "申请人到窗口提出" if row.kind != "correction" else ""
        command = cmd.HandInErrand(text_id(command_id), errand_id, b.staff.id, b.day(), reason)
        b.handle(command, errands.hand_in_errand)
        return ErrandDone(self._view(errand_id), self._with_gaps(_receipt(row)))

    @refusing
    def receipts(self) -> tuple[ReceiptRow, ...]:
        b = self.bench
        today = b.day()
        with b.store.read() as conn:
            rows = intake.errands_handed_in_at(conn, b.window.no, today - timedelta(days=_LISTED_DAYS))
        papers = [_receipt(row) for row in rows]
        marks = self.prints.marks([paper.paper_id for paper in papers])
        found = []
        for row, paper, mark in zip(rows, papers, marks, strict=True):
            if mark not in _OUT:
                # it will be printed: then the clerk must know what to write in by hand
                found.append(ReceiptRow(row.case_no, replace(self._with_gaps(paper), mark=mark)))
            elif row.handed_in_on == today:
                found.append(ReceiptRow(row.case_no, replace(paper, mark=mark)))
        return tuple(found)

    def _with_gaps(self, paper: PaperRow) -> PaperRow:
        errand_id = paper.paper_id.partition("/")[2]
        lacking = self.bench.press.set_copies((errand_paper(self.bench, errand_id),)).lacking
        return replace(paper, by_hand=by_hand(lacking))

    def _view(self, errand_id: str) -> ErrandView:
        row = self._row(errand_id)
        with self.bench.store.read() as conn:
            case = intake.case_by_no(conn, row.case_no)
            materials = intake.materials(conn, case.id) if case else ()
            pages = intake.pages_of(conn, errand_id)
            defects = {m.id: m for m in materials if m.state is MaterialState.DEFECTIVE}
            told = [a for a in intake.acts(conn, case.id) if a.kind == "correction"] if case else []
        lines = told[-1].detail.get("defects", ()) if told else ()
        texts = {str(d.get("material")): str(d.get("text")) for d in lines}
        shown = []
        for m in materials:
            if m.id in defects or m.id in texts or m.facts.name in texts:
                text = m.defect or texts.get(m.id) or texts.get(m.facts.name) or ""
                shown.append((m.id, m.facts.name, text))
        shown.append((_OTHER, "其他补充材料", ""))
        rows = tuple(
            ErrandMaterial(
                MaterialId(mid),
                name,
                text,
                page_rows(self.bench, errand_id, tuple(p for p in pages if p.material == mid)),
            )
            for mid, name, text in shown
        )
        return ErrandView(
            errand_id=ErrandId(errand_id),
            kind=ErrandKind(row.kind),
            case_no=row.case_no,
            item_name=case.item.name if case else "本大厅没有记录，按办件编号登记",
            masked_name=mask_name(case.applicant_name or "") if case else "",
            materials=rows,
            state_text=_STATES.get(row.state, row.state),
        )

    def _row(self, errand_id: str) -> ErrandRow:
        with self.bench.store.read() as conn:
            row = intake.errand_by_id(conn, errand_id)
        if row is None:
            raise Refusal("unknown_errand", "没有这份来件。")
        return row


def _receipt(row: ErrandRow) -> PaperRow:
    return PaperRow(
        PaperId(f"errand/{row.id}"), handouts.ERRAND_RECEIPT, handouts.errand_no(row), 1,
        "一式两份，存档联请申请人签字后留下。",
    )  # fmt: skip


def _case_no(code: str) -> str:
    text = "".join(code.split())
    try:
        read_case_number(text)
    except NumberingRefused as exc:
        raise Refusal("case_no", f"办件编号不对：{exc}") from exc
    return text
