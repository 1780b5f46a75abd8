"""Papers of a case, made from its facts: the same facts always give the same paper, so it can be reprinted.

A paper is named by the record of the act it documents; nothing is stored twice.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection

from hall.calendar.opening import china_time
from hall.defect_words import OTHER, defect_of
from hall.delivery import views as delivery
from hall.delivery.model import DECISION_TITLES, DeliveryState, Document, DocumentKind
from hall.hall_words import collect_at, contact_of, fetched_how, query_how, result_told, window_text
from hall.intake import views as intake
from hall.intake.model import AcceptMode, CaseType, counted
from hall.intake.reentry import former_paper
from hall.intake.views import ActRow, CaseRow, MaterialRow
from hall.papers import content as paper
from hall.papers.head import Applicant, PaperHead
from hall.papers.wording import (
    BASIS_ACCEPTED,
    BASIS_CORRECTION,
    BASIS_DENIED,
    BASIS_GRANTED,
    BASIS_NOT_ACCEPTED,
    BASIS_NOT_NEEDED,
    chinese_date,
)
from hall.reference import Reference

_Maker = Callable[[Connection, Reference, CaseRow, ActRow, bool], paper.Paper]

TITLES = {
    "received": "收件凭证",
    "accepted": "受理通知书",
    "correction": "补正告知书",
    "not_accepted": "不予受理决定书",
    "unneeded": "不受理告知书",
    "granted": DECISION_TITLES[True],
    "denied": DECISION_TITLES[False],
    "delivered": "送达回证",
}
"""Acts that a paper documents. The 送达回证 is named by the delivery's dossier, not by an act."""
UNSIGNED = "（待签）"
"""In lists, behind the title of a 送达回证 that nobody has signed yet."""
COPIES = ("送达联（交申请人）", "存档联（本机关存）")
"""Every paper of an act goes out twice: the applicant signs for it on the copy that stays."""
_LICENCE = "01"
_GUIDE = "该事项办事指南"
SEALED = ("accepted", "correction", "not_accepted", "unneeded", "granted", "denied")
_CERTS = {"111": "居民身份证", "USCC": "统一社会信用代码", "553": "外国人永久居留身份证", "414": "护照"}
_PLACES = {
    "returned": "核验后退回申请人",
    "kept": "留存本窗口",
    "sent_on": "随件转送部门",
    "none": "未收原件",
}
_NO_PAPER = "没有纸质原件"
NO_NUMBER = "未编文号，以办件编号为准"
"""Decision 0008: nothing numbers such a paper afterwards."""
_MET = "申请人提交的材料齐全、符合法定形式，符合规定条件。"
_NOT_MET = "申请事项不符合规定条件。"
_FORMS = {
    "original": paper.MaterialForm.ORIGINAL,
    "copy": paper.MaterialForm.COPY,
    "electronic": paper.MaterialForm.ELECTRONIC,
}


@dataclass(frozen=True, slots=True)
class PaperName:
    """A paper that the facts of a case give."""

    id: str
    """Record of the act, or the delivery's dossier."""
    kind: str
    title: str
    number: str
    needs_seal: bool
    copies: tuple[str, ...] = COPIES
    """Whose each printed copy is; empty for a paper of one copy."""


def papers_of(conn: Connection, row: CaseRow) -> tuple[PaperName, ...]:
    """All papers of a case, oldest first. Without a document number they carry the case number."""
    found = [
        PaperName(a.record, a.kind, TITLES[a.kind], a.document_no or row.case_no, a.kind in SEALED)
        for a in intake.acts(conn, row.id)
        if a.kind in TITLES and a.kind != "delivered"
    ]
    for d in delivery.deliveries_of_case(conn, row.id):
        # the paper goes out to be signed before anything is handed over; what took another way has none
        pending = d.state is DeliveryState.READY and d.handed_on is not None
        if pending or d.state is DeliveryState.HANDED_OVER:
            title = TITLES["delivered"] + (UNSIGNED if pending else "")
            found.append(PaperName(d.id, "delivered", title, d.document_no or row.case_no, False, ()))
    return tuple(found)


def make_paper(
    conn: Connection, ref: Reference, row: CaseRow, name: PaperName, *, reprint: bool = False
) -> paper.Paper:
    """The paper's content. Raises KeyError when the case has no such paper."""
    if name.kind == "delivered":
        return _delivery_proof(conn, ref, row, name.id, reprint)
    act = next((a for a in intake.acts(conn, row.id) if a.record == name.id), None)
    if act is None:
        raise KeyError(name.id)
    makers: dict[str, _Maker] = {
        "received": _receipt,
        "accepted": _acceptance,
        "correction": _correction,
        "not_accepted": _not_accepted,
        "unneeded": _not_needed,
        "granted": _decision,
        "denied": _decision,
    }
    return makers[act.kind](conn, ref, row, act, reprint)


def copies_of(made: paper.Paper, labels: tuple[str, ...]) -> tuple[paper.Paper, ...]:
    """The paper once for each label, or as it is."""
    return tuple(replace(made, head=replace(made.head, copy_label=x)) for x in labels) or (made,)


def applicant_of(row: CaseRow) -> Applicant:
    return Applicant(
        name=row.applicant_name or "（无权查看）",
        cert_kind=_CERTS.get(row.cert_type or "", "证件"),
        cert_no=row.cert_no or "",
        phone=row.phone or "",
        address=row.address or "",
        legal_representative=row.legal_representative or "",
        agent_name=row.agent_name or "",
        agent_cert_no=row.agent_cert_no or "",
        agent_phone=row.agent_phone or "",
        organisation=row.applicant_kind == "organisation",
    )


def _head(conn: Connection, ref: Reference, row: CaseRow, act: ActRow, reprint: bool) -> PaperHead:
    item = ref.catalogue.by_id.get(row.item.id)
    return PaperHead(
        # a department acts by its catalogue name: papers carry the hall's own name of it
        organ=ref.unit_name(act.in_name_of or row.department),
        title=TITLES[act.kind],
        number=act.document_no,
        number_note="" if act.document_no else NO_NUMBER,
        date=act.on_day or china_time_of(act.at_ms).date(),
        case_no=row.case_no,
        package_no=_package_no(conn, row),
        sample=row.sample,
        reprint=reprint,
        contact=contact_of(ref, item.guide if item else None),
    )


def _package_no(conn: Connection, row: CaseRow) -> str:
    whole = intake.package_by_id(conn, row.package) if row.package else None
    return whole.case_no if whole else ""


def china_time_of(ms: int) -> datetime:
    """A journal time (UTC milliseconds) as wall time in China."""
    return china_time(datetime.fromtimestamp(ms / 1000, UTC))


def told_time(ms: int, day: date | None) -> datetime | date:
    """When something was received, as a paper says it: `day` is the node's, `ms` the writing PC's clock. Where they
    name different days that clock was wrong, and its time of day proves nothing: only the day is told.
    """
    moment = china_time_of(ms)
    return moment if day is None or moment.date() == day else day


def _receipt(conn: Connection, ref: Reference, row: CaseRow, act: ActRow, reprint: bool) -> paper.Receipt:
    known = {m.id: m for m in intake.materials(conn, row.id, all_=True)}
    handed = [(known[h[0]], *h[1:]) for h in act.detail.get("materials", ()) if h[0] in known]
    counted_from = _day(act.detail.get("counted_from"))
    later = counted_from if counted_from != act.on_day else None
    return paper.Receipt(
        head=replace(
            _head(conn, ref, row, act, reprint), organ=ref.profile.name, number=None, number_note=""
        ),
        applicant=applicant_of(row),
        item_name=row.item.name,
        materials=tuple(_received(*h) for h in handed),
        received_at=told_time(act.at_ms, act.on_day),
        counted_from=later,
        receiver=ref.staff_name(act.actor),
        place=window_text(ref, act.detail.get("window")),
        result_told=result_told(
            _day(act.detail.get("answer_by")),
            on_the_spot=row.case_type is CaseType.IMMEDIATE,
            provisional=bool(act.detail.get("answer_provisional")),
        ),
        query_how=query_how(),
        former=former_paper(conn, row.id),
    )


def _received(
    m: MaterialRow, form: str, copies: int, place: str | None, pages: int
) -> paper.ReceivedMaterial:
    return paper.ReceivedMaterial(
        m.facts.name,
        _FORMS.get(form, paper.MaterialForm.ORIGINAL),
        counted(copies),
        pages,
        _NO_PAPER if form == "electronic" else _PLACES.get(place or "none", "未收原件"),
    )


def _acceptance(
    conn: Connection, ref: Reference, row: CaseRow, act: ActRow, reprint: bool
) -> paper.Acceptance:
    item = ref.catalogue.by_id.get(row.item.id)
    guide = item.guide if item else None
    # as it was told on that day: a later extension or a supplied material is another paper
    due = _day(act.detail.get("due")) or act.on_day or row.business_day
    return paper.Acceptance(
        head=_head(conn, ref, row, act, reprint),
        applicant=applicant_of(row),
        item_name=row.item.name,
        item_code=row.item.code,
        applied_on=row.received_on or row.business_day,
        accepted_on=row.accepted_on or row.business_day,
        legal_limit=_limit(row.item.statutory_n, row.item.statutory_unit, "无法定时限"),
        promised_limit=_limit(row.item.promised_n, row.item.promised_unit, "见办事指南"),
        decide_by=due,
        fee=guide.fee.text if guide else "见办事指南",
        progress_query=query_how(),
        delivery_way=fetched_how(ref, on_the_spot=row.case_type is CaseType.IMMEDIATE),
        basis=_basis(row, BASIS_ACCEPTED)
        if row.accept_mode is AcceptMode.DEEMED
        else _grounds(ref, row, BASIS_ACCEPTED),
        excluded=tuple(
            paper.ExcludedTime(p, "所需时间另行书面告知，不计入办理期限")
            for p in (guide.special_procedures if guide else ())
        ),
        supplements=tuple(paper.Supplement(name, due) for name in act.detail.get("owed", ())),
        provisional=row.provisional,
        deemed=row.accept_mode is AcceptMode.DEEMED,
    )


def _basis(row: CaseRow, article: str) -> str:
    """The licensing law binds licences only."""
    return article if row.item.item_type == _LICENCE else _GUIDE


def _grounds(ref: Reference, row: CaseRow, article: str) -> str:
    """The item's own basis, the same on every paper of a case; for a licence the licensing law's article too."""
    item = ref.catalogue.by_id.get(row.item.id)
    basis = [*(item.guide.basis if item and item.guide else ())]
    if row.item.item_type == _LICENCE:
        basis.append(article)
    return "、".join(basis[:-1]) + "和" + basis[-1] if len(basis) > 1 else "".join(basis) or _GUIDE


def _correction(
    conn: Connection, ref: Reference, row: CaseRow, act: ActRow, reprint: bool
) -> paper.CorrectionNotice:
    names = {m.id: m.facts.name for m in intake.materials(conn, row.id, all_=True)} | {"other": OTHER}
    return paper.CorrectionNotice(
        head=_head(conn, ref, row, act, reprint),
        applicant=applicant_of(row),
        item_name=row.item.name,
        received_on=row.received_on or row.business_day,
        defects=tuple(
            defect_of(names.get(d["material"], d["material"]), str(d.get("text", "")), d.get("missing"))
            for d in act.detail.get("defects", ())
        )
        or (paper.Defect("（无权查看）", "（无权查看）", ""),),
        return_by=_day(act.detail.get("return_by")),
        return_to=f"{ref.profile.name}：在自助机取号或者直接到任一综合窗口，说“交补正材料”，出示本告知书或办件编号",
        limit_basis="上述期限由本机关确定。",
        when_complete=f"按要求交齐全部补正材料的，依据{_basis(row, BASIS_ACCEPTED)}的规定予以受理。",
        consequence="逾期未补正的，本机关可以终止办理并退回材料；终止办理不影响重新申请。",
        basis=_basis(row, BASIS_CORRECTION),
    )


def _not_accepted(
    conn: Connection, ref: Reference, row: CaseRow, act: ActRow, reprint: bool
) -> paper.NotAccepted:
    return paper.NotAccepted(
        head=_head(conn, ref, row, act, reprint),
        applicant=applicant_of(row),
        item_name=row.item.name,
        applied_on=row.received_on or row.business_day,
        facts=str(act.detail.get("reason") or ""),
        basis=_basis(row, BASIS_NOT_ACCEPTED),
        competent_organ=str(act.detail.get("organ") or ""),
        remedies=_remedies(ref),
    )


def _not_needed(
    conn: Connection, ref: Reference, row: CaseRow, act: ActRow, reprint: bool
) -> paper.NotNeeded:
    return paper.NotNeeded(
        head=_head(conn, ref, row, act, reprint),
        applicant=applicant_of(row),
        item_name=row.item.name,
        applied_on=row.received_on or row.business_day,
        facts=str(act.detail.get("reason") or ""),
        basis=_basis(row, BASIS_NOT_NEEDED),
    )


def _decision(conn: Connection, ref: Reference, row: CaseRow, act: ActRow, reprint: bool) -> paper.Decision:
    granted = act.kind == "granted"
    until = _day(act.detail.get("valid_to"))
    return paper.Decision(
        head=_head(conn, ref, row, act, reprint),
        granted=granted,
        applicant=applicant_of(row),
        item_name=row.item.name,
        accepted_on=row.accepted_on or row.business_day,
        facts=_MET if granted else _NOT_MET,
        basis=_grounds(ref, row, BASIS_GRANTED if granted else BASIS_DENIED),
        content=f"{row.item.name}。",
        reasons=str(act.detail.get("reason") or "") or ("" if granted else "（无权查看）"),
        validity=f"至{chinese_date(until)}" if granted and until else "",
        licence_name=str(act.detail.get("result") or "") if granted else "",
        collect=_collect(ref, row, act) if granted else "",
        remedies=None if granted else _remedies(ref),
    )


def _collect(ref: Reference, row: CaseRow, act: ActRow) -> str:
    """When and where the document is fetched: at once where a window decided, else when it has reached the hall."""
    if act.detail.get("at_window"):
        return f"当场在{window_text(ref, row.window)}领取"
    return f"送达大厅后，凭本决定书和有效身份证件到{collect_at(ref)}领取"


def _delivery_proof(
    conn: Connection, ref: Reference, row: CaseRow, delivery_id: str, reprint: bool
) -> paper.DeliveryProof:
    d = delivery.delivery_by_id(conn, delivery_id)
    if d is None or d.handed_on is None:
        raise KeyError(delivery_id)
    return paper.DeliveryProof(
        head=PaperHead(
            organ=ref.unit_name(row.department),
            title=TITLES["delivered"],
            number=d.document_no,
            number_note="" if d.document_no else NO_NUMBER,
            date=d.handed_on,
            case_no=row.case_no,
            package_no=_package_no(conn, row),
            sample=row.sample,
            reprint=reprint,
            contact=contact_of(ref, None),
        ),
        documents=tuple((x.title, x.number or _unnumbered(x)) for x in d.documents),
        recipient=d.receiver_name or "（无权查看）",
        place=window_text(ref, d.window),
        way=paper.DeliveryWay.DIRECT,
        servers=(ref.staff_name(d.staff or ""),),
        remark="代理人领取，已查验授权委托书。" if d.as_agent else "",
    )


def _unnumbered(document: Document) -> str:
    """A decision always has a number, unless the node was away; many results never have one."""
    return "（未编文号）" if document.kind is DocumentKind.DECISION else ""


def _remedies(ref: Reference) -> paper.Remedies:
    return paper.Remedies(review_organ=f"{ref.profile.place}人民政府", court="有管辖权的人民法院")


def _limit(n: int | None, unit: str, none: str) -> str:
    if n is None:
        return none
    return "当场办结" if n == 0 else f"{n}个{unit}" if unit == "工作日" else f"{n}日"


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None
