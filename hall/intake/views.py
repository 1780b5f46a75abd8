"""What screens, pages and papers read about cases. Plain SQL, frozen rows."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, RowMapping, func, or_, select

from hall.intake.events import Answer, DefectLine, ItemFacts, RequiredMaterial
from hall.intake.model import AcceptMode, CaseState, CaseType, MaterialState
from hall.intake.tables import act, case_file, errand, material, number, package_case, package_child, page
from hall.journal.codec import from_json
from hall.journal.schema import dossier, record


@dataclass(frozen=True, slots=True)
class CaseRow:
    id: str
    case_no: str
    state: CaseState
    item: ItemFacts
    case_type: CaseType
    department: str
    desk: str
    sample: bool
    channel: str
    intake_mode: str
    ticket: str | None
    session: str | None
    window: int | None
    intake_staff: str
    business_day: date
    package: str | None
    applicant_kind: str | None
    applicant_name: str | None
    cert_type: str | None
    cert_no: str | None
    phone: str | None
    address: str | None
    legal_representative: str | None
    applicant_source: str | None
    agent_name: str | None
    agent_cert_no: str | None
    agent_phone: str | None
    agent_relation: str | None
    mandate: bool
    answers: tuple[Answer, ...]
    prechecked: bool
    received_on: date | None
    counted_from: date | None
    accepted_on: date | None
    accept_mode: AcceptMode | None
    due: date | None
    statutory_due: date | None
    provisional: bool
    rounds: int
    return_by: date | None
    officer: str | None
    closed_on: date | None
    decided_on: date | None
    opened_ms: int
    changed_ms: int
    owner: str
    offered_to: str | None


@dataclass(frozen=True, slots=True)
class PageRow:
    page: str
    material: str
    no: int
    image: str
    plain_sha256: str
    width_px: int
    height_px: int
    dpi: int


@dataclass(frozen=True, slots=True)
class MaterialRow:
    id: str
    no: int
    facts: RequiredMaterial
    required: bool
    state: MaterialState
    form: str | None
    copies: int
    original_place: str | None
    defect: str | None
    pages: tuple[PageRow, ...]


@dataclass(frozen=True, slots=True)
class ActRow:
    kind: str
    actor: str
    at_ms: int
    on_day: date | None
    document_no: str | None
    in_name_of: str | None
    detail: dict[str, Any]
    record: str


@dataclass(frozen=True, slots=True)
class ErrandRow:
    id: str
    kind: str
    case_no: str
    case: str | None
    state: str
    window: int | None
    staff: str
    ticket: str | None
    reason: str | None
    handed_in_on: date | None
    granted: bool | None
    why: str | None
    owner: str
    offered_to: str | None
    opened_ms: int


@dataclass(frozen=True, slots=True)
class ChildRow:
    case: str
    no: int
    item_id: str
    item_name: str
    department: str
    waits_for: tuple[str, ...]
    filed: bool
    defects: tuple[DefectLine, ...]
    state: CaseState | None


@dataclass(frozen=True, slots=True)
class PackageRow:
    id: str
    package_no: int
    name: str
    lead: str
    case_no: str
    test: bool
    round_closed_on: date | None
    children: tuple[ChildRow, ...]
    owner: str


_CASES = select(case_file, dossier.c.owner, dossier.c.offered_to).join(
    dossier, dossier.c.id == case_file.c.dossier
)


def _case(r: RowMapping) -> CaseRow:
    return CaseRow(
        id=r["dossier"], case_no=r["case_no"], state=CaseState(r["state"]),
        item=from_json(ItemFacts, json.loads(r["item_facts"])), case_type=CaseType(r["case_type"]),
        department=r["department"], desk=r["desk"], sample=r["sample"], channel=r["channel"],
        intake_mode=r["intake_mode"], ticket=r["ticket"], session=r["session"], window=r["window"],
        intake_staff=r["intake_staff"], business_day=date.fromisoformat(r["business_day"]),
        package=r["package"], applicant_kind=r["applicant_kind"], applicant_name=r["applicant_name"],
        cert_type=r["cert_type"], cert_no=r["cert_no"], phone=r["phone"], address=r["address"],
        legal_representative=r["legal_representative"], applicant_source=r["applicant_source"],
        agent_name=r["agent_name"], agent_cert_no=r["agent_cert_no"], agent_phone=r["agent_phone"],
        agent_relation=r["agent_relation"], mandate=bool(r["mandate"]),
        answers=from_json(tuple[Answer, ...], json.loads(r["answers"])), prechecked=r["prechecked"],
        received_on=_day(r["received_on"]), counted_from=_day(r["counted_from"]),
        accepted_on=_day(r["accepted_on"]),
        accept_mode=None if r["accept_mode"] is None else AcceptMode(r["accept_mode"]),
        due=_day(r["due"]), statutory_due=_day(r["statutory_due"]), provisional=r["provisional"],
        rounds=r["rounds"], return_by=_day(r["return_by"]), officer=r["officer"],
        closed_on=_day(r["closed_on"]), decided_on=_day(r["decided_on"]), opened_ms=r["opened_ms"],
        changed_ms=r["changed_ms"], owner=r["owner"], offered_to=r["offered_to"],
    )  # fmt: skip


def case_by_id(conn: Connection, case_id: str) -> CaseRow | None:
    row = conn.execute(_CASES.where(case_file.c.dossier == case_id)).mappings().first()
    return None if row is None else _case(row)


def case_by_no(conn: Connection, case_no: str) -> CaseRow | None:
    row = conn.execute(_CASES.where(case_file.c.case_no == case_no)).mappings().first()
    return None if row is None else _case(row)


def cases_of_session(conn: Connection, session: str) -> tuple[CaseRow, ...]:
    query = _CASES.where(case_file.c.session == session).order_by(case_file.c.opened_ms)
    return tuple(_case(r) for r in conn.execute(query).mappings())


def cases_of_ticket(conn: Connection, ticket: str) -> tuple[CaseRow, ...]:
    query = _CASES.where(case_file.c.ticket == ticket).order_by(case_file.c.opened_ms)
    return tuple(_case(r) for r in conn.execute(query).mappings())


def cases_of_cert(conn: Connection, cert_no: str, limit: int = 20) -> tuple[CaseRow, ...]:
    """Newest first; for the progress query by ID card."""
    query = _CASES.where(case_file.c.cert_no == cert_no, case_file.c.state != CaseState.DRAFT.value)
    query = query.order_by(case_file.c.opened_ms.desc()).limit(limit)
    return tuple(_case(r) for r in conn.execute(query).mappings())


def search_cases(conn: Connection, text: str, limit: int = 12) -> tuple[CaseRow, ...]:
    """By the beginning of case number, applicant's name or certificate number."""
    start = text.replace("%", "").replace("_", "") + "%"
    c = case_file.c
    query = _CASES.where(or_(c.case_no.like(start), c.applicant_name.like(start), c.cert_no.like(start)))
    return tuple(_case(r) for r in conn.execute(query.order_by(c.opened_ms.desc()).limit(limit)).mappings())


def cases_in(
    conn: Connection, states: tuple[CaseState, ...], *, desks: tuple[str, ...] | None = None,
    owner: str | None = None, limit: int = 200,
) -> tuple[CaseRow, ...]:  # fmt: skip
    """Cases in these states, oldest first, of some desks and/or an owner."""
    query = _CASES.where(case_file.c.state.in_([s.value for s in states]))
    if desks is not None:
        query = query.where(case_file.c.desk.in_(desks))
    if owner is not None:
        query = query.where(dossier.c.owner == owner)
    return tuple(
        _case(r) for r in conn.execute(query.order_by(case_file.c.opened_ms).limit(limit)).mappings()
    )


def last_case_seq(conn: Connection, prefix: str) -> int:
    """Highest running number after `prefix` (division, hall, day, device), 0 for none.

    Never a count: a case whose first records came too late leaves a hole, and its number is on paper.
    """
    last = 0
    for column in (case_file.c.case_no, package_case.c.case_no):
        highest = conn.scalar(select(func.max(column)).where(column.like(prefix + "%")))
        last = max(last, int(highest[len(prefix) : -1]) if highest else 0)
    return last


def materials(conn: Connection, case_id: str, *, all_: bool = False) -> tuple[MaterialRow, ...]:
    """The exact list in its order; `all_` adds those that later answers made unnecessary."""
    pages = pages_of(conn, case_id)
    query = select(material).where(material.c.dossier == case_id).order_by(material.c.no)
    if not all_:
        query = query.where(material.c.required)
    return tuple(
        MaterialRow(
            r["material"], r["no"], from_json(RequiredMaterial, json.loads(r["facts"])), r["required"],
            MaterialState(r["state"]), r["form"], r["copies"], r["original_place"], r["defect"],
            tuple(p for p in pages if p.material == r["material"]),
        )
        for r in conn.execute(query).mappings()
    )  # fmt: skip


def pages_of(conn: Connection, dossier_id: str) -> tuple[PageRow, ...]:
    """Pages of a case or an errand, in order, without removed ones."""
    query = select(page).where(page.c.dossier == dossier_id, ~page.c.removed)
    return tuple(
        PageRow(
            r["page"], r["material"], r["no"], r["image"], r["plain_sha256"], r["width_px"], r["height_px"],
            r["dpi"],
        )
        for r in conn.execute(query.order_by(page.c.material, page.c.no)).mappings()
    )  # fmt: skip


def knows_page(conn: Connection, dossier_id: str, page_id: str) -> bool:
    """Also a page that was removed keeps its name."""
    query = select(page.c.page).where(page.c.dossier == dossier_id, page.c.page == page_id)
    return conn.execute(query).first() is not None


def acts(conn: Connection, case_id: str) -> tuple[ActRow, ...]:
    """What was done with a case, in the order of its dossier: clocks of several machines do not decide."""
    query = (
        select(act)
        .join(record, record.c.id == act.c.record)
        .where(act.c.dossier == case_id)
        .order_by(record.c.n, act.c.at_ms, act.c.record)
    )
    return tuple(
        ActRow(
            r["kind"], r["actor"], r["at_ms"], _day(r["on_day"]), r["document_no"], r["in_name_of"],
            json.loads(r["detail"]), r["record"],
        )
        for r in conn.execute(query).mappings()
    )  # fmt: skip


_ERRANDS = select(errand, dossier.c.owner, dossier.c.offered_to).join(
    dossier, dossier.c.id == errand.c.dossier
)


def _errand(r: RowMapping) -> ErrandRow:
    return ErrandRow(
        r["dossier"], r["kind"], r["case_no"], r["case_dossier"], r["state"], r["window"], r["staff"],
        r["ticket"], r["reason"], _day(r["handed_in_on"]), r["granted"], r["why"], r["owner"],
        r["offered_to"], r["opened_ms"],
    )  # fmt: skip


def errand_by_id(conn: Connection, errand_id: str) -> ErrandRow | None:
    row = conn.execute(_ERRANDS.where(errand.c.dossier == errand_id)).mappings().first()
    return None if row is None else _errand(row)


def errands_of(conn: Connection, case_no: str) -> tuple[ErrandRow, ...]:
    query = _ERRANDS.where(errand.c.case_no == case_no).order_by(errand.c.opened_ms)
    return tuple(_errand(r) for r in conn.execute(query).mappings())


def open_errands(conn: Connection, case_no: str) -> tuple[ErrandRow, ...]:
    """Errands that the owner of the case has not answered: they block delivery."""
    return tuple(e for e in errands_of(conn, case_no) if e.state == "handed_in")


def errands_handed_in_at(conn: Connection, window: int, since: date) -> tuple[ErrandRow, ...]:
    """What was brought to a window since a business day, newest first."""
    query = _ERRANDS.where(errand.c.window == window, errand.c.handed_in_on >= since.isoformat())
    return tuple(_errand(r) for r in conn.execute(query.order_by(errand.c.opened_ms.desc())).mappings())


def errands_to_take(conn: Connection, owner: str) -> tuple[tuple[ErrandRow, CaseRow], ...]:
    """Handed-in errands whose case and errand both lie at `owner`."""
    found = []
    query = _ERRANDS.where(errand.c.state == "handed_in", dossier.c.owner == owner)
    for row in conn.execute(query.order_by(errand.c.opened_ms)).mappings():
        one = _errand(row)
        case = case_by_no(conn, one.case_no)
        if case is not None and case.owner == owner:
            found.append((one, case))
    return tuple(found)


def package_by_id(conn: Connection, package_id: str) -> PackageRow | None:
    query = select(package_case, dossier.c.owner).join(dossier, dossier.c.id == package_case.c.dossier)
    r = conn.execute(query.where(package_case.c.dossier == package_id)).mappings().first()
    if r is None:
        return None
    kids = (
        select(package_child, case_file.c.state)
        .join(case_file, case_file.c.dossier == package_child.c.case_dossier, isouter=True)
        .where(package_child.c.dossier == package_id)
        .order_by(package_child.c.no)
    )
    children = tuple(
        ChildRow(
            k["case_dossier"], k["no"], k["item_id"], k["item_name"], k["department"],
            tuple(k["waits_for"].split()), k["filed"],
            from_json(tuple[DefectLine, ...], json.loads(k["defects"])),
            None if k["state"] is None else CaseState(k["state"]),
        )
        for k in conn.execute(kids).mappings()
    )  # fmt: skip
    return PackageRow(
        r["dossier"], r["package_no"], r["name"], r["lead"], r["case_no"], r["test"],
        _day(r["round_closed_on"]), children, r["owner"],
    )  # fmt: skip


def package_by_no(conn: Connection, case_no: str) -> PackageRow | None:
    found = conn.scalar(select(package_case.c.dossier).where(package_case.c.case_no == case_no))
    return None if found is None else package_by_id(conn, found)


def package_of_case(conn: Connection, case_id: str) -> PackageRow | None:
    found = conn.scalar(select(package_child.c.dossier).where(package_child.c.case_dossier == case_id))
    return None if found is None else package_by_id(conn, found)


def last_number(conn: Connection, organ: str, kind: str, year: int) -> int:
    c = number.c
    return conn.scalar(select(func.max(c.n)).where(c.organ == organ, c.kind == kind, c.year == year)) or 0


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
