"""Handlers while the clerk fills a case in: applicant, scenario, materials, pages. Run by Store.handle."""

import re

from hall.identity.identity_paper import IdentityPaper
from hall.intake import commands as cmd
from hall.intake import events as ev
from hall.intake import views
from hall.intake.model import (
    CaseState,
    CheckResult,
    MaterialState,
    counted,
    keeping_refused,
    leaves_a_trace,
    may_check,
    may_present,
    needed,
)
from hall.intake.views import CaseRow, MaterialRow
from hall.journal.ledger import Ledger
from hall.journal.refusal import NotSettled, Refusal
from hall.papers.numbering import CaseNumberParts, NumberingRefused, case_number

SCOPE = "case"
_HEX64 = re.compile(r"[0-9a-f]{64}")
_FILLING = (CaseState.DRAFT, CaseState.RECEIVED, CaseState.CORRECTION)
_OWED_IN = (CaseState.ACCEPTED, CaseState.DISPATCHED, CaseState.REVIEWING)
_OWED = (MaterialState.TOLERATED, MaterialState.SUPPLIED)


def open_case(ledger: Ledger, c: cmd.OpenCase) -> None:
    ledger.open(c.case, "case", scope=SCOPE, actor=c.staff)
    opened = ev.CaseOpened(
        case_no=next_case_no(ledger, c), item=c.item, channel=c.channel, intake_mode=c.intake_mode,
        ticket=c.ticket, session=c.session, window=c.window, staff=c.staff, business_day=c.business_day,
        package=c.package,
    )  # fmt: skip
    ledger.append(c.case, opened, actor=c.staff)
    if c.materials:
        ledger.append(c.case, ev.ScenarioAnswered((), c.materials), actor=c.staff)


def next_case_no(ledger: Ledger, c: cmd.OpenCase | cmd.OpenPackage) -> str:
    """Next number of this device on this day: unique without asking anybody (domain.md 3)."""
    if not ledger.identity.settled:
        # what this machine numbered before its restore is not all known here yet
        raise NotSettled
    prefix = f"{c.division}{c.hall_no:02d}{c.business_day:%Y%m%d}{c.device_no:03d}"
    seq = views.last_case_seq(ledger.conn, prefix) + 1
    parts = CaseNumberParts(c.division, f"{c.hall_no:02d}", c.business_day, f"{c.device_no:03d}", seq)
    try:
        return case_number(parts)
    except NumberingRefused as exc:
        raise Refusal("case_number", f"{exc}。") from exc


def set_applicant(ledger: Ledger, c: cmd.SetApplicant) -> None:
    _filling(ledger, c.case)
    if not c.name.strip() or not c.cert_no.strip():
        raise Refusal("applicant_missing", "请填写申请人姓名（名称）和证件号码。")
    has_agent = bool(c.agent_name.strip())
    if has_agent and not c.mandate:
        raise Refusal("mandate_missing", "代办须查验授权委托书。")
    event = ev.ApplicantSet(
        kind=c.kind, source=c.source, has_agent=has_agent, mandate=c.mandate, cert_type=c.cert_type,
        name=c.name.strip(), cert_no=c.cert_no.strip(), phone=c.phone.strip() or None,
        address=c.address.strip() or None, legal_representative=c.legal_representative.strip() or None,
        agent_name=c.agent_name.strip() or None, agent_cert_no=c.agent_cert_no.strip() or None,
        agent_phone=c.agent_phone.strip() or None, agent_relation=c.agent_relation.strip() or None,
    )  # fmt: skip
    ledger.append(c.case, event, actor=c.staff)


def answer_scenario(ledger: Ledger, c: cmd.AnswerScenario) -> None:
    row = _filling(ledger, c.case)
    if row.state is not CaseState.DRAFT:
        raise Refusal("scenario_fixed", "已经收件，办理情形不能再改；如选错请作废后重新收件。")
    ledger.append(c.case, ev.ScenarioAnswered(c.answers, c.materials), actor=c.staff)


def present_material(ledger: Ledger, c: cmd.PresentMaterial) -> None:
    m = _open_material(ledger, c.case, c.material)
    may_present(m.state)
    if c.form not in ("original", "copy", "electronic"):
        raise Refusal("form_unknown", "请选择材料形式：原件、复印件或电子证照。")
    if c.form == "electronic" and not m.facts.electronic_ok:
        raise Refusal("not_electronic", f"《{m.facts.name}》不是电子证照，请收原件或复印件。")
    if not 0 <= c.copies <= 99:
        raise Refusal("copies", "份数应为0至99。")
    # a list from before there were kinds tells only that it is one
    kind = m.facts.identity_paper or (IdentityPaper.BOOK if m.facts.identity else None)
    refused = keeping_refused(kind, c.original_place, m.facts.name)
    if refused:
        raise Refusal("identity_paper", refused)
    presented = ev.MaterialPresented(c.material, c.form, c.copies, c.original_place)
    ledger.append(c.case, presented, actor=c.staff)


def check_material(ledger: Ledger, c: cmd.CheckMaterial) -> None:
    m = _open_material(ledger, c.case, c.material)
    late = owned_case(ledger, c.case).state in _OWED_IN
    if late and c.result not in (CheckResult.OK, CheckResult.TOLERATED):
        raise Refusal("owed_material", "容缺补交的材料，核对通过，或退回申请人在期限内再补。")
    may_check(
        c.result, presented=m.form is not None or bool(m.pages),
        traced=leaves_a_trace(m.form, m.original_place, len(m.pages)),
        short=counted(m.copies) < needed(m.form, m.facts.original_n, m.facts.copy_n),
        tolerable=m.facts.tolerable,
        waivable=bool(m.facts.waivable), defect=c.defect,
    )  # fmt: skip
    checked = ev.MaterialChecked(c.material, c.result, c.defect.strip() or None)
    ledger.append(c.case, checked, actor=c.staff)


def attach_page(ledger: Ledger, c: cmd.AttachPage) -> None:
    """Binds a page whose sealed bytes already lie in the blob store, and presents the material by it.

    A material that was found right waits for its check again: nobody has compared the new page.
    """
    m = _open_material(ledger, c.case, c.material)
    check_page(ledger, c.case, c.page)
    if m.state in (MaterialState.REQUIRED, MaterialState.DEFECTIVE, MaterialState.TOLERATED):
        ledger.append(c.case, ev.MaterialPresented(c.material, "original", 0, "returned"), actor=c.staff)
    elif m.state is MaterialState.CHECKED_OK:
        _wait_for_check(ledger, c.case, m, c.staff)
    p = c.page
    attached = ev.PageAttached(
        c.material, p.page, p.image, p.plain_sha256, p.width_px, p.height_px, p.dpi, p.device
    )
    ledger.append(c.case, attached, actor=c.staff)


def check_page(ledger: Ledger, dossier: str, page: cmd.PageFacts) -> None:
    """Raises Refusal for digests that name nothing, and for a page that is in already."""
    if not _HEX64.fullmatch(page.image) or not _HEX64.fullmatch(page.plain_sha256):
        raise Refusal("page_broken", "这一页没有保存完整，请重拍。")
    if views.knows_page(ledger.conn, dossier, page.page):
        raise Refusal("page_twice", "这一页已经加入，请重拍或选择别的页。")


def remove_page(ledger: Ledger, c: cmd.RemovePage) -> None:
    _filling(ledger, c.case)
    m = _material(ledger, c.case, c.material)
    if all(p.page != c.page for p in m.pages):
        raise Refusal("page_unknown", "没有这一页。")
    ledger.append(c.case, ev.PageRemoved(c.material, c.page), actor=c.staff)
    left = leaves_a_trace(m.form, m.original_place, len(m.pages) - 1)
    if m.state is MaterialState.CHECKED_OK and m.form is not None and not left:
        # nobody can see any more what was found right
        _wait_for_check(ledger, c.case, m, c.staff)


def _wait_for_check(ledger: Ledger, case: str, m: MaterialRow, staff: str) -> None:
    again = ev.MaterialPresented(m.id, m.form or "original", m.copies, m.original_place or "none")
    ledger.append(case, again, actor=staff)


def order_pages(ledger: Ledger, c: cmd.OrderPages) -> None:
    _filling(ledger, c.case)
    m = _material(ledger, c.case, c.material)
    if sorted(c.pages) != sorted(p.page for p in m.pages):
        raise Refusal("pages_differ", "页面已有变化，请重新排序。")
    ledger.append(c.case, ev.PagesOrdered(c.material, c.pages), actor=c.staff)


def owned_case(ledger: Ledger, case: str) -> CaseRow:
    ledger.owned(case)
    row = views.case_by_id(ledger.conn, case)
    if row is None:
        raise Refusal("unknown_case", "没有这个办件。")
    return row


def _filling(ledger: Ledger, case: str) -> CaseRow:
    row = owned_case(ledger, case)
    if row.state not in _FILLING:
        raise Refusal("case_closed_to_intake", "办件已进入下一环节，材料不能再改；如需补充请走补正。")
    return row


def _open_material(ledger: Ledger, case: str, material: str) -> MaterialRow:
    """A material that may still be handed in: any while filling in, an owed one (容缺) after acceptance."""
    if owned_case(ledger, case).state in _OWED_IN:
        m = _material(ledger, case, material)
        if m.state in _OWED:
            return m
    _filling(ledger, case)
    return _material(ledger, case, material)


def _material(ledger: Ledger, case: str, material: str) -> MaterialRow:
    for m in views.materials(ledger.conn, case):
        if m.id == material:
            return m
    raise Refusal("unknown_material", "材料清单中没有这份材料。")
