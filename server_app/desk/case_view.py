"""One case as the page shows it. Personal data is masked here unless `full` was granted and logged."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from hall.calendar.opening import china_time
from hall.identity.masking import mask_address, mask_id_number, mask_name, mask_phone
from hall.intake import views as intake
from hall.intake.duplicates import POSSIBLE_DUPLICATE
from hall.intake.errands import KINDS_ZH
from hall.intake.model import NO_PAPER_ORIGINAL, STATE_ZH, CaseState, MaterialState, counted, unseen_text
from hall.intake.views import ActRow, CaseRow, ErrandRow
from hall.journal import schema
from hall.papers.wording import chinese_date
from hall.paperwork import PaperName, china_time_of, papers_of
from hall.people.permissions import Action
from hall.review.model import SPECIAL_KINDS
from server_app.accounts.officer import Officer
from server_app.desk.acts import ACTS
from server_app.desk.listing import Due, due_of, where_of
from server_app.desk.package_round import Round, round_of
from server_app.halls import Halls

MATERIAL_ZH = {
    MaterialState.REQUIRED: ("未收", "plain"),
    MaterialState.PRESENTED: ("已收", "plain"),
    MaterialState.CHECKED_OK: ("已核", "done"),
    MaterialState.DEFECTIVE: ("有误", "red"),
    MaterialState.TOLERATED: ("容缺", "amber"),
    MaterialState.WAIVED: ("免交", "done"),
    MaterialState.CORRECTED: ("已补正", "done"),
    MaterialState.SUPPLIED: ("已补交", "done"),
    MaterialState.LAPSED: ("逾期未补", "red"),
}
_FORM_ZH = {"original": "原件", "copy": "复印件", "electronic": "电子证照"}
_MODE_ZH = {"normal": "正常受理", "deemed": "视为受理", "tolerant": "容缺受理", "commitment": "告知承诺"}
_ACT_ZH = {
    "reentered": "补录（原凭证）",
    "received": "收件",
    "precheck_asked": "送部门初审",
    "precheck_passed": "初审通过",
    "accepted": "受理",
    "correction": "补正告知",
    "round_opinion": "提交套餐补正意见",
    "correction_returned": "补正材料已交",
    "not_accepted": "不予受理",
    "unneeded": "不受理",
    "dispatched": "分派",
    "taken": "接件",
    "sent_back": "退回重分",
    "step": "审查意见",
    "special_started": "启动特别程序",
    "special_ended": "结束特别程序",
    "extended": "延期",
    "sent_up": "转报",
    "granted": "准予决定",
    "denied": "不予许可决定",
    "result_ready": "结果已到大厅",
    "delivered": "已出件",
    "withdrawn": "撤回",
    "terminated": "终止",
    "voided": "作废",
    "left_out": "按情形不办",
    "forwarded": "转办",
    "errand_answered": "答复来件",
}
_OPEN_TO: dict[str, tuple[CaseState, ...]] = {
    "take": (CaseState.DISPATCHED, CaseState.PRECHECK),
    "precheck_pass": (CaseState.PRECHECK,),
    "correct": (CaseState.PRECHECK,),
    "opinion": (CaseState.PRECHECK,),
    "close_round": (CaseState.PRECHECK,),
    "refuse": (CaseState.PRECHECK,),
    "step": (CaseState.REVIEWING, CaseState.SUSPENDED),
    "special_start": (CaseState.REVIEWING,),
    "special_end": (CaseState.SUSPENDED,),
    "extend": (CaseState.REVIEWING,),
    "grant": (CaseState.REVIEWING,),
    "deny": (CaseState.REVIEWING,),
    "send_back": (CaseState.REVIEWING,),
}


@dataclass(frozen=True, slots=True)
class PersonView:
    name: str
    kind: str
    cert_type: str
    cert_no: str
    phone: str
    address: str
    legal_representative: str
    agent: str
    agent_cert_no: str
    agent_phone: str
    full: bool


@dataclass(frozen=True, slots=True)
class PageView:
    page: str
    no: int
    arrived: bool
    """False: the record is here, the picture is not yet."""


@dataclass(frozen=True, slots=True)
class MaterialView:
    id: str
    name: str
    state: str
    tone: str
    how: str
    defect: str
    points: tuple[str, ...]
    unseen: str
    """Where the material lies when no page shows it; empty when one does."""
    pages: tuple[PageView, ...]


@dataclass(frozen=True, slots=True)
class TimelineRow:
    at: str
    what: str
    who: str
    document_no: str
    detail: str


@dataclass(frozen=True, slots=True)
class ErrandView:
    id: str
    kind: str
    on: date | None
    reason: str
    pages: tuple[PageView, ...]
    here: bool
    grant: str
    """On the button that grants it."""


@dataclass(frozen=True, slots=True)
class CasePage:
    id: str
    case_no: str
    hall: str
    """Name of the hall that took the case in."""
    item: str
    sample: bool
    code: str
    department: str
    state: str
    where: str
    due: Due
    facts: tuple[tuple[str, str], ...]
    person: PersonView
    own: bool
    """Of the officer's own department, or opened by an order: words and pictures are shown."""
    may_reveal: bool
    needs_order: bool
    materials: tuple[MaterialView, ...]
    unscanned: tuple[str, ...]
    """Names of materials whose original or copy came without a page: it lies somewhere and can be looked at."""
    electronic: tuple[str, ...]
    """Names of e-licences without a page: there is no paper to look at."""
    papers: tuple[PaperName, ...]
    errands: tuple[ErrandView, ...]
    timeline: tuple[TimelineRow, ...]
    acts: frozenset[str]
    """Buttons that this officer is shown now."""
    asked: bool
    """The centre has asked the hall for it; it has not come yet."""
    result_name: str
    specials: tuple[tuple[str, str], ...]
    intake_mode: str
    round: Round | None
    """Of a child of a package."""


def case_page(
    conn: Connection, row: CaseRow, officer: Officer, halls: Halls, *, me: str, role: str, today: date,
    names: dict[str, str], has_blob: Any, full: bool,
) -> CasePage:  # fmt: skip
    """`names`: staff id -> name. `has_blob(digest)`: is the picture here."""
    reveal = officer.needs(Action.READ_FULL_ID, row.desk)
    own = full or row.desk in officer.desks
    open_errands = intake.open_errands(conn, row.case_no)
    round_ = round_of(conn, row, me, own=own)

    def pages(rows: tuple[intake.PageRow, ...]) -> tuple[PageView, ...]:
        return tuple(PageView(p.page, n, has_blob(p.image)) for n, p in enumerate(rows, 1))

    materials = tuple(
        MaterialView(
            m.id, m.facts.name, *MATERIAL_ZH[m.state], _how(m), (m.defect or "") if own else "",
            m.facts.review_points, unseen_text(m.form, m.original_place, len(m.pages), row.window),
            pages(m.pages) if own else (),
        )
        for m in intake.materials(conn, row.id)
    )  # fmt: skip
    return CasePage(
        id=row.id, case_no=row.case_no, hall=halls.of(row).profile.name, item=row.item.name,
        sample=row.sample, code=row.item.code,
        department=row.desk.rpartition("@")[0], state=STATE_ZH[row.state], where=where_of(row, me),
        due=due_of(conn, halls, row, today), facts=_facts(row), person=person_view(row, full=full),
        own=own, may_reveal=reveal is not None, needs_order=bool(reveal), materials=materials,
        unscanned=tuple(m.name for m in materials if m.unseen not in ("", NO_PAPER_ORIGINAL)),
        electronic=tuple(m.name for m in materials if m.unseen == NO_PAPER_ORIGINAL),
        papers=papers_of(conn, row) if own else (),
        errands=tuple(_errand(conn, e, row, me, pages, own) for e in open_errands),
        timeline=tuple(_line(a, names, own) for a in intake.acts(conn, row.id)),
        acts=_of_round(_acts(row, officer, me, role), round_), asked=_asked(conn, row.id, me),
        result_name=row.item.result_name, specials=tuple(SPECIAL_KINDS.items()),
        intake_mode=row.intake_mode, round=round_,
    )  # fmt: skip


def person_view(row: CaseRow, *, full: bool) -> PersonView:
    def show(text: str | None, mask: Any) -> str:
        return "" if not text else text if full else mask(text)

    organisation = row.applicant_kind == "organisation"
    cert = row.cert_no or ""
    return PersonView(
        name=(row.applicant_name or "") if organisation else show(row.applicant_name, mask_name),
        kind="单位" if organisation else "个人",
        cert_type={"111": "居民身份证", "USCC": "统一社会信用代码"}.get(row.cert_type or "", "证件"),
        cert_no=cert if organisation else show(cert, mask_id_number),
        phone=show(row.phone, mask_phone),
        address=show(row.address, mask_address),
        legal_representative=show(row.legal_representative, mask_name),
        agent=show(row.agent_name, mask_name),
        agent_cert_no=show(row.agent_cert_no, mask_id_number),
        agent_phone=show(row.agent_phone, mask_phone),
        full=full,
    )


def _facts(row: CaseRow) -> tuple[tuple[str, str], ...]:
    mode = f"（{_MODE_ZH[row.accept_mode.value]}）" if row.accept_mode else ""
    found = (
        ("收件", _zh(row.received_on)),
        ("受理", _zh(row.accepted_on) + mode),
        ("承诺期限", _zh(row.due) + ("（暂算）" if row.provisional and row.due else "")),
        ("法定期限", _zh(row.statutory_due)),
        ("补正期限", _zh(row.return_by)),
        ("决定", _zh(row.decided_on)),
        ("收件窗口", f"{row.window}号窗口" if row.window else ""),
        ("结果", row.item.result_name),
    )
    return tuple((k, v) for k, v in found if v)


def _how(m: intake.MaterialRow) -> str:
    parts = [_FORM_ZH.get(m.form or "", "")]
    if m.form in ("original", "copy"):
        parts.append(f"{counted(m.copies)}份")
    if m.pages:
        parts.append(f"{len(m.pages)}页")
    return " ".join(p for p in parts if p)


def _errand(conn: Connection, e: ErrandRow, row: CaseRow, me: str, pages: Any, own: bool) -> ErrandView:
    here = e.owner == me and row.owner == me
    kind = KINDS_ZH.get(e.kind, e.kind)
    grant = "确属重复，本件不再办理" if e.kind == POSSIBLE_DUPLICATE else f"同意{kind}"
    return ErrandView(
        e.id, kind, e.handed_in_on, e.reason or "" if own else "",
        pages(intake.pages_of(conn, e.id)) if own else (), here, grant,
    )  # fmt: skip


def _line(a: ActRow, names: dict[str, str], own: bool) -> TimelineRow:
    at = china_time(china_time_of(a.at_ms))
    return TimelineRow(
        f"{chinese_date(at.date())} {at:%H:%M}", _ACT_ZH.get(a.kind, a.kind), _who(a.actor, names),
        a.document_no or "", _detail(a) if own else "",
    )  # fmt: skip


def _who(actor: str, names: dict[str, str]) -> str:
    """A person's name; the machine that acted by itself in a word; never the id of either."""
    return names.get(actor) or {"hall": "系统", "citizen": "申请人"}.get(actor, "工作人员（姓名未登记）")


def _detail(a: ActRow) -> str:
    d = a.detail
    parts: list[str] = []
    if a.kind in ("correction", "round_opinion"):
        parts += [str(line.get("text", "")) for line in d.get("defects", ()) or ()]
    if a.kind == "special_started":
        parts.append(f"{SPECIAL_KINDS.get(str(d.get('kind_of')), '')} {d.get('need_days')}个工作日")
    if a.kind == "extended":
        parts.append(f"延长{d.get('days')}个工作日")
    if a.kind == "dispatched":
        parts.append(f"→ {str(d.get('desk', '')).rpartition('@')[0]}")
    if a.kind == "errand_answered":
        parts.append("同意" if d.get("granted") else "不同意")
    parts += [str(d[k]) for k in ("opinion", "note", "reason", "result", "why") if d.get(k)]
    return "；".join(p for p in parts if p)


def _acts(row: CaseRow, officer: Officer, me: str, role: str) -> frozenset[str]:
    own_level = row.desk.endswith("@county") == (role == "county")
    if not own_level:
        return frozenset()
    here, found = row.owner == me, set()
    for name, states in _OPEN_TO.items():
        if row.state not in states or not officer.may(ACTS[name].action, row.desk):
            continue
        if name == "take":
            fits = _may_take(row, here, role)
        else:
            fits = here and row.offered_to != "hall"
        if fits:
            found.add(name)
    if here and officer.may(Action.REVIEW, row.desk):
        found.add("answer")
    return frozenset(found)


def _of_round(acts: frozenset[str], round_: Round | None) -> frozenset[str]:
    """A child of a package has one merged round instead of a notice of its own."""
    held = frozenset({"opinion", "close_round", "correct"})
    return acts - (held - round_.acts) if round_ is not None else acts - {"opinion", "close_round"}


def _may_take(row: CaseRow, here: bool, role: str) -> bool:
    if here:
        return row.state is CaseState.DISPATCHED and row.offered_to != "hall"
    return role == "county" and row.offered_to == row.desk


def _asked(conn: Connection, case: str, me: str) -> bool:
    a = schema.ask.c
    query = select(a.id).where(a.dossier == case, a.asker == me, a.open)
    return conn.execute(query).first() is not None


def _zh(day: date | None) -> str:
    return "" if day is None else chinese_date(day)
