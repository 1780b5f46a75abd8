"""Papers of a case, made from its facts: the same facts always give the same paper, so it can be reprinted.

A paper is named by the record of the act it documents; nothing is stored twice.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection

from hall.calendar.opening import china_time
from hall.catalogue.model import ItemGuide, ServiceItem
from hall.catalogue.notice import notice_for
from hall.catalogue.scenario import Answers
from hall.delivery import views as delivery
from hall.intake import views as intake
from hall.intake.model import AcceptMode
from hall.intake.views import ActRow, CaseRow, ErrandRow, MaterialRow
from hall.papers import content as paper
from hall.papers.head import Applicant, PaperHead
from hall.papers.wording import chinese_date
from hall.reference import Reference

_Maker = Callable[[Connection, Reference, CaseRow, ActRow, bool], paper.Paper]

TITLES = {
    "received": "收件凭证",
    "accepted": "受理通知书",
    "correction": "补正告知书",
    "not_accepted": "不予受理决定书",
    "unneeded": "不受理告知书",
    "granted": "准予决定书",
    "denied": "不予许可决定书",
    "delivered": "送达回证",
}
"""Acts that a paper documents. The 送达回证 is named by the delivery's dossier, not by an act."""
SEALED = ("accepted", "correction", "not_accepted", "unneeded", "granted", "denied")
_CERTS = {"111": "居民身份证", "USCC": "统一社会信用代码", "553": "外国人永久居留身份证", "414": "护照"}
_PLACES = {
    "returned": "核验后退回申请人",
    "kept": "留存本窗口",
    "sent_on": "随件转送部门",
    "none": "未收原件",
}
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


def papers_of(conn: Connection, row: CaseRow) -> tuple[PaperName, ...]:
    """All papers of a case, oldest first. Without a document number they carry the case number."""
    found = [
        PaperName(a.record, a.kind, TITLES[a.kind], a.document_no or row.case_no, a.kind in SEALED)
        for a in intake.acts(conn, row.id)
        if a.kind in TITLES and a.kind != "delivered"
    ]
    for d in delivery.deliveries_of_case(conn, row.id):
        if d.handed_on is not None:
            found.append(
                PaperName(d.id, "delivered", TITLES["delivered"], d.document_no or row.case_no, False)
            )
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


def one_time_notice(ref: Reference, item: ServiceItem, answers: Answers, day: date) -> paper.OneTimeNotice:
    """一次性告知清单 (附件2) for these answers. Raises ScenarioRefused."""
    n = notice_for(item, answers, organ=ref.unit_name(item.department))
    guide = item.guide
    head = PaperHead(
        organ=n.organ,
        title=n.title,
        number=None,
        date=day,
        case_no="",
        sample=item.sample,
        contact=_contact(ref, guide),
    )
    return paper.OneTimeNotice(
        head=head,
        item_name=n.item_name,
        service_object=n.objects,
        organ=n.organ,
        conditions=n.conditions,
        materials=tuple(
            paper.NoticeMaterial(m.name, m.counts, m.issuer, "可容缺后补" if m.may_come_later else "")
            for m in n.materials
        ),
        steps=n.process_and_limit[:-1] if guide else n.process_and_limit,
        legal_limit=n.statutory_limit,
        promised_limit=n.promised_limit,
        place=guide.place if guide else n.place_and_time,
        hours=guide.time if guide else n.place_and_time,
        phone=n.phone,
        remark=n.remark,
        fee=n.fee,
        discretion=(n.discretion,),
        forms=tuple(m.blank_form for m in n.materials if m.blank_form),
        samples=tuple(f"{m.name}：{m.sample.removeprefix('示范文本：')}" for m in n.materials if m.sample),
    )


def errand_receipt(
    ref: Reference, errand: ErrandRow, row: CaseRow | None, pages: int, received_at: datetime
) -> paper.ErrandReceipt:
    """What a citizen gets who brings something for a case, wherever that case lies."""
    words = {"correction": "补正材料", "withdrawal": "撤回申请", "lost_slip": "补办凭证申请"}
    return paper.ErrandReceipt(
        head=PaperHead(
            organ=ref.profile.name,
            title="来件接收凭证",
            number=None,
            date=errand.handed_in_on or received_at.date(),
            case_no=errand.case_no,
            sample=row.sample if row else False,
        ),
        applicant=applicant_of(row) if row else Applicant("（见原办件）", "", ""),
        item_name=row.item.name if row else "（见原办件）",
        errand=words.get(errand.kind, "补充材料"),
        materials=(
            paper.ReceivedMaterial("本次提交材料", paper.MaterialForm.ORIGINAL, 1, pages, "核验后退回申请人"),
        ),
        received_at=received_at,
        receiver=ref.staff_name(errand.staff),
        place=_window_text(ref, errand.window),
        held_by=ref.unit_name(row.department) if row else "原受理部门",
        query_how=_query_how(),
    )


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
    )


def _head(ref: Reference, row: CaseRow, act: ActRow, reprint: bool) -> PaperHead:
    item = ref.catalogue.by_id.get(row.item.id)
    return PaperHead(
        # a department acts by its catalogue name: papers carry the hall's own name of it
        organ=ref.unit_name(act.in_name_of or row.department),
        title=TITLES[act.kind],
        number=act.document_no,
        date=act.on_day or china_time_of(act.at_ms).date(),
        case_no=row.case_no,
        sample=row.sample,
        reprint=reprint,
        contact=_contact(ref, item.guide if item else None),
    )


def china_time_of(ms: int) -> datetime:
    """A journal time (UTC milliseconds) as wall time in China."""
    return china_time(datetime.fromtimestamp(ms / 1000, UTC))


def _receipt(conn: Connection, ref: Reference, row: CaseRow, act: ActRow, reprint: bool) -> paper.Receipt:
    known = {m.id: m for m in intake.materials(conn, row.id, all_=True)}
    handed = [(known[h[0]], *h[1:]) for h in act.detail.get("materials", ()) if h[0] in known]
    counted_from = _day(act.detail.get("counted_from"))
    later = counted_from if counted_from != act.on_day else None
    return paper.Receipt(
        head=replace(_head(ref, row, act, reprint), organ=ref.profile.name, number=None),
        applicant=applicant_of(row),
        item_name=row.item.name,
        materials=tuple(_received(*h) for h in handed),
        received_at=china_time_of(act.at_ms),
        counted_from=later,
        receiver=ref.staff_name(act.actor),
        place=_window_text(ref, act.detail.get("window")),
        result_told="自收到材料之日起五个工作日内书面告知是否受理；材料不全的一次性告知全部补正内容。",
        query_how=_query_how(),
    )


def _received(
    m: MaterialRow, form: str, copies: int, place: str | None, pages: int
) -> paper.ReceivedMaterial:
    copies = copies or (m.facts.original_n if form == "original" else 0)
    return paper.ReceivedMaterial(
        m.facts.name,
        _FORMS.get(form, paper.MaterialForm.ORIGINAL),
        max(copies, 0),
        pages,
        _PLACES.get(place or "none", "未收原件"),
    )


def _acceptance(
    conn: Connection, ref: Reference, row: CaseRow, act: ActRow, reprint: bool
) -> paper.Acceptance:
    item = ref.catalogue.by_id.get(row.item.id)
    guide = item.guide if item else None
    # as it was told on that day: a later extension or a supplied material is another paper
    due = _day(act.detail.get("due")) or act.on_day or row.business_day
    return paper.Acceptance(
        head=_head(ref, row, act, reprint),
        applicant=applicant_of(row),
        item_name=row.item.name,
        item_code=row.item.code,
        applied_on=row.received_on or row.business_day,
        accepted_on=row.accepted_on or row.business_day,
        legal_limit=_limit(row.item.statutory_n, row.item.statutory_unit, "无法定时限"),
        promised_limit=_limit(row.item.promised_n, row.item.promised_unit, "待补充"),
        decide_by=due,
        fee=guide.fee.text if guide else "待补充",
        progress_query=_query_how(),
        delivery_way="窗口领取、邮寄送达，任选其一",
        basis="《中华人民共和国行政许可法》第三十二条第一款第（五）项"
        if row.item.item_type == "01"
        else "该事项办事指南",
        excluded=tuple(
            paper.ExcludedTime(p, "所需时间另行书面告知，不计入办理期限")
            for p in (guide.special_procedures if guide else ())
        ),
        supplements=tuple(paper.Supplement(name, due) for name in act.detail.get("owed", ())),
        provisional=row.provisional,
        deemed=row.accept_mode is AcceptMode.DEEMED,
    )


def _remedy(text: str) -> str:
    return "请提交这份材料" if text.startswith(("没有提交", "未提交")) else "请按所列问题改正后重新提交"


def _correction(
    conn: Connection, ref: Reference, row: CaseRow, act: ActRow, reprint: bool
) -> paper.CorrectionNotice:
    names = {m.id: m.facts.name for m in intake.materials(conn, row.id, all_=True)}
    lines = [(str(d.get("material", "")), str(d.get("text", ""))) for d in act.detail.get("defects", ())]
    return paper.CorrectionNotice(
        head=_head(ref, row, act, reprint),
        applicant=applicant_of(row),
        item_name=row.item.name,
        received_on=row.received_on or row.business_day,
        defects=tuple(
            paper.Defect(names.get(material, material), text, _remedy(text)) for material, text in lines
        )
        or (paper.Defect("（无权查看）", "（无权查看）", ""),),
        return_by=_day(act.detail.get("return_by")),
        return_to=f"{ref.profile.name}任一综合窗口，凭本告知书或办件编号提交",
        consequence="逾期未补正的，可以终止办理并退回材料；补正后可以重新申请。",
        basis="《中华人民共和国行政许可法》第三十二条第一款第（四）项",
    )


def _not_accepted(
    conn: Connection, ref: Reference, row: CaseRow, act: ActRow, reprint: bool
) -> paper.NotAccepted:
    return paper.NotAccepted(
        head=_head(ref, row, act, reprint),
        applicant=applicant_of(row),
        item_name=row.item.name,
        applied_on=row.received_on or row.business_day,
        facts=str(act.detail.get("reason") or ""),
        basis="《中华人民共和国行政许可法》第三十二条第一款第（二）项",
        competent_organ=str(act.detail.get("organ") or ""),
        remedies=_remedies(ref),
    )


def _not_needed(
    conn: Connection, ref: Reference, row: CaseRow, act: ActRow, reprint: bool
) -> paper.NotNeeded:
    return paper.NotNeeded(
        head=_head(ref, row, act, reprint),
        applicant=applicant_of(row),
        item_name=row.item.name,
        applied_on=row.received_on or row.business_day,
        facts=str(act.detail.get("reason") or ""),
        basis="《中华人民共和国行政许可法》第三十二条第一款第（一）项",
    )


def _decision(conn: Connection, ref: Reference, row: CaseRow, act: ActRow, reprint: bool) -> paper.Decision:
    granted = act.kind == "granted"
    item = ref.catalogue.by_id.get(row.item.id)
    basis = "；".join(item.guide.basis) if item and item.guide else "待补充"
    until = _day(act.detail.get("valid_to"))
    return paper.Decision(
        head=_head(ref, row, act, reprint),
        granted=granted,
        applicant=applicant_of(row),
        item_name=row.item.name,
        accepted_on=row.accepted_on or row.business_day,
        facts=_MET if granted else _NOT_MET,
        basis=basis,
        content=f"{row.item.name}。",
        reasons=str(act.detail.get("reason") or "") or ("" if granted else "（无权查看）"),
        validity=f"至{chinese_date(until)}" if granted and until else "",
        licence_name=str(act.detail.get("result") or "") if granted else "",
        remedies=None if granted else _remedies(ref),
    )


def _delivery_proof(
    conn: Connection, ref: Reference, row: CaseRow, delivery_id: str, reprint: bool
) -> paper.DeliveryProof:
    d = delivery.delivery_by_id(conn, delivery_id)
    if d is None or d.handed_on is None:
        raise KeyError(delivery_id)
    documents = [(d.result_name, "")]
    if not d.granted:
        documents = [(TITLES["denied"], d.decision_no or "")]
    elif d.decision_no:
        documents.insert(0, (TITLES["granted"], d.decision_no))
    return paper.DeliveryProof(
        head=PaperHead(
            organ=ref.unit_name(row.department),
            title=TITLES["delivered"],
            number=d.document_no,
            date=d.handed_on,
            case_no=row.case_no,
            sample=row.sample,
            reprint=reprint,
        ),
        documents=tuple(documents),
        recipient=d.receiver_name or "（无权查看）",
        place=_window_text(ref, d.window),
        way=paper.DeliveryWay.DIRECT,
        servers=(ref.staff_name(d.staff or ""),),
        remark="代理人领取，已查验授权委托书。" if d.as_agent else "",
    )


def _remedies(ref: Reference) -> paper.Remedies:
    return paper.Remedies(review_organ=f"{ref.profile.place}人民政府", court="有管辖权的人民法院")


def _window_text(ref: Reference, window: int | None) -> str:
    return ref.profile.name if window is None else f"{ref.profile.name} {window}号窗口"


def _contact(ref: Reference, guide: ItemGuide | None) -> str:
    return f"{ref.profile.name}，电话 {guide.phone if guide else '待补充'}"


def _query_how() -> str:
    return "凭办件编号或身份证，在大厅自助机“查进度”或任一窗口查询"


def _limit(n: int | None, unit: str, none: str) -> str:
    if n is None:
        return none
    return "当场办结" if n == 0 else f"{n}个{unit}" if unit == "工作日" else f"{n}日"


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None
