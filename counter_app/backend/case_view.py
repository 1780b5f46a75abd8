"""A case as the screens see it, made from the journal's rows."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection

from counter_app.backend.bench import Bench
from counter_app.take_in.ports import (
    AgentForm,
    ApplicantForm,
    ApplicantKind,
    CaseStage,
    CaseView,
    ItemRow,
    MaterialRow,
    MaterialState,
    Option,
    OriginalPlace,
    PageRow,
    Presented,
    Question,
    Source,
)
from counter_app.values import CaseId, ItemId, MaterialId, PageId
from hall.calendar.legal_time import legal_status
from hall.catalogue.model import ServiceItem
from hall.catalogue.scenario import holds
from hall.identity.identity_paper import IdentityPaper
from hall.identity.masking import mask_name
from hall.intake import model
from hall.intake import views as intake
from hall.intake.reentry import former_paper
from hall.intake.views import CaseRow
from hall.review import views as review

_S = model.CaseState
_STAGES = {
    _S.DRAFT: CaseStage.DRAFT,
    _S.RECEIVED: CaseStage.RECEIVED,
    _S.PRECHECK: CaseStage.DISPATCHED,
    _S.CORRECTION: CaseStage.CORRECTION,
    _S.ACCEPTED: CaseStage.ACCEPTED,
    _S.DISPATCHED: CaseStage.DISPATCHED,
    _S.REVIEWING: CaseStage.DISPATCHED,
    _S.SUSPENDED: CaseStage.DISPATCHED,
    _S.NOT_ACCEPTED: CaseStage.REFUSED,
    _S.REFUSED_UNNEEDED: CaseStage.REFUSED,
    _S.GRANTED: CaseStage.DECIDED,
    _S.DENIED: CaseStage.DECIDED,
    _S.RESULT_READY: CaseStage.DECIDED,
    _S.DELIVERED: CaseStage.DECIDED,
}
_M = model.MaterialState
_MATERIALS = {
    _M.REQUIRED: MaterialState.REQUIRED,
    _M.PRESENTED: MaterialState.PRESENTED,
    _M.CORRECTED: MaterialState.PRESENTED,
    _M.SUPPLIED: MaterialState.PRESENTED,
    _M.CHECKED_OK: MaterialState.CHECKED_OK,
    _M.DEFECTIVE: MaterialState.DEFECTIVE,
    _M.LAPSED: MaterialState.DEFECTIVE,
    _M.TOLERATED: MaterialState.TOLERATED,
    _M.WAIVED: MaterialState.WAIVED,
}


def item_row(item: ServiceItem) -> ItemRow:
    limit = item.guide.promised_limit.text if item.guide else "待补充"
    return ItemRow(
        item_id=ItemId(item.id),
        name=item.name + (f"（{item.sample_note}）" if item.sample else ""),
        code=item.task_code or item.local_code or item.id,
        department=item.department,
        case_type=item.case_type_text,
        limit_text=limit,
        initials=item.initials,
    )


def case_view(bench: Bench, conn: Connection, row: CaseRow) -> CaseView:
    """Everything the window shows of a case now."""
    item = bench.ref.catalogue.by_id.get(row.item.id)
    return CaseView(
        case_id=CaseId(row.id),
        case_no=row.case_no,
        item=item_row(item) if item else _unknown_item(row),
        stage=stage_of(row),
        stage_text=_stage_text(row) + ("（补录）" if former_paper(conn, row.id) else ""),
        applicant=applicant_form(row),
        agent=agent_form(row),
        questions=questions(item, {a.question: a.option for a in row.answers}) if item else (),
        materials=tuple(material_row(bench, row, m) for m in intake.materials(conn, row.id)),
        due_text=due_text(bench, conn, row),
        masked_name=mask_name(row.applicant_name or ""),
        to_correct=to_correct(conn, (row,)),
    )


def to_correct(conn: Connection, drafts: Iterable[CaseRow]) -> str:
    """Number of a case that the applicant of these drafts still has to correct, as far as this PC knows.

    Without that word somebody who comes back with what was missing would be filed a second time.
    """
    for row in drafts:
        if row.state is not _S.DRAFT or not row.cert_no:
            continue
        for other in intake.cases_of_cert(conn, row.cert_no):
            if other.state is _S.CORRECTION and other.item.id == row.item.id:
                return other.case_no
    return ""


def _unknown_item(row: CaseRow) -> ItemRow:
    kind = "即办件" if row.case_type is model.CaseType.IMMEDIATE else "承诺件"
    return ItemRow(ItemId(row.item.id), row.item.name, row.item.code, row.department, kind, "")


def stage_of(row: CaseRow) -> CaseStage:
    waits = row.intake_mode == "precheck_then_accept" and not row.prechecked
    if row.state is _S.RECEIVED and waits:
        return CaseStage.TO_PRECHECK
    return _STAGES.get(row.state, CaseStage.ELSEWHERE)


def _stage_text(row: CaseRow) -> str:
    text = model.STATE_ZH[row.state]
    if row.state is _S.RECEIVED and row.prechecked:
        return "初审已通过，待受理"
    if row.state is _S.RECEIVED and row.rounds:
        return "补正材料已收到"
    return text


def applicant_form(row: CaseRow) -> ApplicantForm:
    if row.applicant_kind is None:
        return ApplicantForm()
    kind = ApplicantKind.ORGANISATION if row.applicant_kind == "organisation" else ApplicantKind.PERSON
    return ApplicantForm(
        kind=kind,
        name=row.applicant_name or "",
        cert_type=row.cert_type or "111",
        cert_no=row.cert_no or "",
        phone=row.phone or "",
        address=row.address or "",
        legal_representative=row.legal_representative or "",
        source=Source.CARD if row.applicant_source == "card" else Source.TYPED,
    )


def agent_form(row: CaseRow) -> AgentForm | None:
    if not row.agent_name:
        return None
    return AgentForm(
        name=row.agent_name,
        cert_no=row.agent_cert_no or "",
        phone=row.agent_phone or "",
        relation=row.agent_relation or "",
        mandate=row.mandate,
    )


def questions(item: ServiceItem, answers: dict[str, str]) -> tuple[Question, ...]:
    """Questions asked so far, and the next one."""
    if item.guide is None:
        return ()
    shown: list[Question] = []
    for q in item.guide.questions:
        if not holds(q.ask_if, answers, item.guide.questions):
            continue
        options = tuple(Option(o.value, o.label) for o in q.options)
        shown.append(Question(q.id, q.text, options, answers.get(q.id, "")))
        if q.id not in answers:
            break
    return tuple(shown)


def material_row(bench: Bench, case: CaseRow, m: intake.MaterialRow) -> MaterialRow:
    f = m.facts
    return MaterialRow(
        material_id=MaterialId(m.id),
        name=f.name,
        state=_MATERIALS[m.state],
        original_needed=f.original_n,
        copies_needed=f.copy_n,
        electronic_ok=f.electronic_ok,
        necessary=f.necessary,
        tolerable=f.tolerable,
        waivable=f.waivable or "",
        shared_by=f.shared_by,
        review_points=f.review_points,
        identity=f.identity_paper or _catalogued(bench, case, m.id),
        presented=Presented(m.form) if m.form else None,
        copies=m.copies,
        original_place=OriginalPlace(m.original_place) if m.original_place else OriginalPlace.NONE,
        defect=m.defect or "",
        pages=page_rows(bench, case.id, m.pages),
    )


def _catalogued(bench: Bench, case: CaseRow, material: str) -> IdentityPaper | None:
    """The catalogue's word of today, for a list from before there were kinds."""
    item = bench.ref.catalogue.by_id.get(case.item.id)
    listed = item.guide.materials if item and item.guide else ()
    return next((m.identity for m in listed if m.id == material), None)


def due_text(bench: Bench, conn: Connection, row: CaseRow) -> str:
    """「5 个工作日，至 11-27」, from the law's clocks; what they will be while nothing is accepted."""
    # GB/T 39046 counts in 工作日 or 日: 「5 个工作日」, but 「5 日」
    unit = row.item.promised_unit if row.item.promised_unit == "日" else f"个{row.item.promised_unit}"
    limit = "当场办结" if row.item.promised_n == 0 else f"{row.item.promised_n or '？'} {unit}"
    today = bench.day()
    if row.accepted_on is None:
        return limit
    now = legal_status(review.facts_of(conn, row), bench.ref.calendar, today)
    if now.suspended:
        return "特别程序中，期限暂停"
    due: date | None = now.due.day if now.due else row.due
    if due is None:
        return limit
    note = "（暂算）" if now.provisional else ""
    late = f"，已超 {now.overdue_days} 个工作日" if now.overdue else ""
    return f"{limit}，至 {due:%m-%d}{note}{late}"


def page_rows(bench: Bench, dossier: str, pages: tuple[intake.PageRow, ...]) -> tuple[PageRow, ...]:
    return tuple(
        PageRow(PageId(p.page), n, bench.thumbs.of(p.page, dossier, p.image)) for n, p in enumerate(pages, 1)
    )
