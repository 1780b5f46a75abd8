"""Papers that no act of a case names: the notice before anything is handed in, the receipt of an errand, the
scans of a case.
"""

from collections.abc import Callable, Iterator
from datetime import date

from sqlalchemy import Connection

from hall.calendar.legal_time import LICENCE_TYPE, TELL_ONCE_DAYS
from hall.catalogue.model import ServiceItem
from hall.catalogue.notice import NoticeMaterial, notice_for
from hall.catalogue.scenario import Answers
from hall.hall_words import contact_of, opening_text, phone_to_ask, place_text, query_how, window_text
from hall.intake import views as intake
from hall.intake.history import PageHistory, errand_counted_from, page_history
from hall.intake.model import MaterialState, unseen_text
from hall.intake.views import CaseRow, ErrandRow, MaterialRow, PageRow
from hall.papers import content as paper
from hall.papers.head import Applicant, PaperHead
from hall.papers.scans import MaterialsFile, PageState, ScannedPage
from hall.papers.wording import chinese_date
from hall.paperwork import applicant_of, china_time_of, told_time
from hall.reference import Reference

ERRAND_RECEIPT = "来件接收凭证"
_SEEN = ("returned", "kept", "sent_on")
"""Where an original lies that was at the window; "none" is a copy without one."""
_BROUGHT = {
    "correction": "补正材料",
    "supplement": "容缺补交材料",
    "withdrawal": "撤回申请",
    "lost_slip": "补办凭证申请",
    "authorisation": "补充委托材料",
}


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
        contact=contact_of(ref, guide),
    )
    return paper.OneTimeNotice(
        head=head,
        item_name=n.item_name,
        service_object=n.objects,
        organ=n.organ,
        conditions=n.conditions,
        materials=tuple(paper.NoticeMaterial(m.name, m.counts, m.issuer, _remark(m)) for m in n.materials),
        steps=n.process_and_limit[:-1] if guide else n.process_and_limit,
        legal_limit=n.statutory_limit,
        promised_limit=n.promised_limit,
        place=place_text(ref, guide.place) if guide else n.place_and_time,
        hours=opening_text(ref, guide.time) if guide else n.place_and_time,
        phone=phone_to_ask(ref, guide),
        remark=n.remark,
        fee=n.fee,
        discretion=(n.discretion,),
        forms=tuple(f"{m.blank_form}：到咨询台或任一窗口领取" for m in n.materials if m.blank_form),
        samples=tuple(_samples(n.materials)),
    )


def _remark(m: NoticeMaterial) -> str:
    """What it is, in which forms it is taken, what the window will look at, whether it may follow."""
    lines = [m.content, f"可交：{m.accepted}"]
    if m.review_points:
        lines.append(f"窗口核对：{'；'.join(m.review_points)}")
    if m.may_come_later:
        lines.append("可容缺后补")
    return "\n".join(line for line in lines if line.strip())


def _samples(materials: tuple[NoticeMaterial, ...]) -> Iterator[str]:
    """`材料：示范文本`; a text that only says the material's name again tells nobody anything."""
    for m in materials:
        shown = m.sample.removeprefix("示范文本：").strip()
        if shown and shown != m.name:
            yield f"{m.name}：{shown}"


def errand_receipt(
    conn: Connection, ref: Reference, errand: ErrandRow, row: CaseRow | None
) -> paper.ErrandReceipt:
    """What a citizen gets who brings something for a case, wherever that case lies. `row`: the case, if known."""
    held_by = ref.unit_name(row.department) if row else "原受理部门"
    counted_from = errand_counted_from(conn, errand.id)
    return paper.ErrandReceipt(
        head=PaperHead(
            organ=ref.profile.name,
            title=ERRAND_RECEIPT,
            number=errand_no(errand),
            date=errand.handed_in_on or china_time_of(errand.opened_ms).date(),
            case_no=errand.case_no,
            sample=row.sample if row else False,
            contact=contact_of(ref, None),
        ),
        applicant=applicant_of(row) if row else Applicant("（见原办件）", "", ""),
        item_name=row.item.name if row else "（见原办件）",
        errand=_BROUGHT.get(errand.kind, "补充材料"),
        materials=_brought(conn, errand, row),
        received_at=told_time(errand.opened_ms, errand.handed_in_on),
        counted_from=counted_from,
        receiver=ref.staff_name(errand.staff),
        place=window_text(ref, errand.window),
        held_by=held_by,
        next_told=_next_told(ref, errand, row, held_by, counted_from),
        query_how=query_how(),
    )


def _next_told(
    ref: Reference, errand: ErrandRow, row: CaseRow | None, held_by: str, counted_from: date | None
) -> str:
    """Only from what never changes: a reprint months later must say the same."""
    if errand.kind != "correction" or row is None:
        return f"将转交{held_by}处理。"
    checked = "由本大厅综合窗口核对补正材料、决定是否受理"
    if row.intake_mode == "precheck_then_accept":
        checked = f"由本大厅综合窗口核对补正材料，经{held_by}初审后决定是否受理"
    day = counted_from or errand.handed_in_on or china_time_of(errand.opened_ms).date()
    if row.item.item_type != LICENCE_TYPE:
        return f"{checked}，并告知申请人。"
    by = ref.calendar.add_working_days(day, TELL_ONCE_DAYS).day
    return f"{checked}，不迟于{chinese_date(by)}书面告知申请人。"


def _brought(conn: Connection, errand: ErrandRow, row: CaseRow | None) -> tuple[paper.ReceivedMaterial, ...]:
    """Each material by its name on the case's list, where the case is known here."""
    names = {m.id: m.facts.name for m in intake.materials(conn, row.id, all_=True)} if row else {}
    pages: dict[str, int] = {}
    for page in intake.pages_of(conn, errand.id):
        name = names.get(page.material, "本次提交材料")
        pages[name] = pages.get(name, 0) + 1
    return tuple(
        paper.ReceivedMaterial(name, paper.MaterialForm.ORIGINAL, 1, count, "核验后退回申请人")
        for name, count in pages.items()
    )


def errand_no(errand: ErrandRow) -> str:
    """A number of the errand's own: day, window and second of its opening, as one window opens one at a time.

    Every machine can tell it from the facts; no node is asked.
    """
    at = china_time_of(errand.opened_ms)
    return f"来件编号 {at:%Y%m%d}-{errand.window or 0:03d}-{at:%H%M%S}"


def materials_file(
    conn: Connection, ref: Reference, row: CaseRow, picture_of: Callable[[PageRow], bytes]
) -> MaterialsFile:
    """All pages of a case in the order of its list. `picture_of` opens a sealed page.

    Only a page whose material was found right, with its original at hand, is stamped as compared. Raises
    LookupError for a case without pages.
    """
    history = page_history(conn, row.id)
    pages = tuple(
        _scanned(ref, m, p, history, picture_of(p))
        for m in intake.materials(conn, row.id, all_=True)
        for p in m.pages
    )
    if not pages:
        raise LookupError("no captured pages")
    return MaterialsFile(
        organ=ref.unit_name(row.department),
        title="申请材料" + ("（示例事项，非现行政策）" if row.sample else ""),
        case_no=row.case_no,
        date=row.business_day,
        applicant=row.applicant_name or "（无权查看）",
        item_name=row.item.name,
        pages=pages,
        unscanned=tuple(
            f"{m.facts.name}（{told}）"
            for m in intake.materials(conn, row.id, all_=True)
            if (told := unseen_text(m.form, m.original_place, len(m.pages), row.window))
        ),
    )


def _scanned(
    ref: Reference, m: MaterialRow, page: PageRow, history: PageHistory, picture: bytes
) -> ScannedPage:
    after = history.corrected.get(page.page)
    if page.page in history.replaced:
        return ScannedPage(picture, m.facts.name, PageState.REPLACED, corrected=after)
    check = history.checks.get(page.page)
    seen = m.form in ("original", "copy") and m.original_place in _SEEN
    if check is None or not seen or m.state is not MaterialState.CHECKED_OK:
        return ScannedPage(picture, m.facts.name, PageState.UNCOMPARED, corrected=after)
    said = f"{ref.staff_name(check.actor)}，{chinese_date(china_time_of(check.at_ms).date())}"
    return ScannedPage(picture, m.facts.name, PageState.COMPARED, said, after)
