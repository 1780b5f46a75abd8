"""The lists of a department desk: what waits to be taken, reviewed, corrected, answered."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from hall.calendar.legal_time import legal_status
from hall.identity.masking import mask_name
from hall.intake import views as intake
from hall.intake.errands import KINDS_ZH
from hall.intake.model import STATE_ZH, CaseState
from hall.intake.tables import case_file, errand
from hall.intake.views import CaseRow
from hall.journal import schema
from hall.review import views as review
from server_app.accounts.officer import Officer
from server_app.halls import Halls

PAGE = 50
AMBER_DAYS = 2
"""Working days before the limit from which a case is shown in amber."""


class Tab(StrEnum):
    TO_TAKE = "take"
    TO_REVIEW = "review"
    SPECIAL = "special"
    TO_CORRECT = "correct"
    ERRANDS = "errands"
    DECIDED = "decided"

    @property
    def text(self) -> str:
        return _TAB_ZH[self]


_TAB_ZH = {
    Tab.TO_TAKE: "待接件",
    Tab.TO_REVIEW: "待审查",
    Tab.SPECIAL: "特别程序",
    Tab.TO_CORRECT: "待补正",
    Tab.ERRANDS: "来件",
    Tab.DECIDED: "已决定",
}


@dataclass(frozen=True, slots=True)
class Due:
    """A limit as the page shows it. tone: "plain", "amber", "red"; word says the same without colour."""

    day: date | None
    word: str
    tone: str


@dataclass(frozen=True, slots=True)
class ListRow:
    case: str
    case_no: str
    item: str
    sample: bool
    applicant: str
    """Masked; organisations in full."""
    desk: str
    state: str
    where: str
    """Where the dossier lies, when it is not here."""
    since: date | None
    due: Due
    note: str = ""


@dataclass(frozen=True, slots=True)
class DeskList:
    tab: Tab
    counts: dict[Tab, int]
    rows: tuple[ListRow, ...]
    more: int
    """How many the list does not show."""


def desk_list(conn: Connection, officer: Officer, halls: Halls, tab: Tab, me: str, today: date) -> DeskList:
    """Own desks; for supervision all desks. Oldest first."""
    counts = {t: _count(conn, officer, t, me) for t in Tab}
    if tab is Tab.ERRANDS:
        found = [(row, KINDS_ZH.get(kind, kind)) for row, kind in _errands(conn, officer)]
    else:
        newest_first = tab is Tab.DECIDED
        order = case_file.c.changed_ms.desc() if newest_first else case_file.c.opened_ms
        query = _ids(case_file.c.dossier, officer, tab, me).order_by(order).limit(PAGE)
        cases = [intake.case_by_id(conn, case) for case in conn.scalars(query)]
        found = [(row, "") for row in cases if row is not None]
    rows = tuple(_row(conn, halls, row, me, today, note) for row, note in found[:PAGE])
    return DeskList(tab, counts, rows, max(0, counts[tab] - len(rows)))


def due_of(conn: Connection, halls: Halls, row: CaseRow, today: date) -> Due:
    """The limit that runs now: to tell the applicant, to decide, or none."""
    if row.received_on is None or row.closed_on is not None or row.decided_on is not None:
        return Due(None, "", "plain")
    if row.state is CaseState.CORRECTION:
        late = row.return_by is not None and today > row.return_by
        return Due(row.return_by, "补正逾期" if late else "补正期限", "red" if late else "plain")
    calendar = halls.of(row).rules.calendar
    status = legal_status(review.facts_of(conn, row), calendar, today)
    if status.suspended:
        return Due(status.due.day if status.due else None, "停止计时", "plain")
    if row.accepted_on is None:
        if status.deemed_accepted_on is not None:
            return Due(status.tell_by.day if status.tell_by else None, "已视为受理", "red")
        day, what = (status.tell_by.day if status.tell_by else None), "一次性告知"
    else:
        day, what = (status.due.day if status.due else None), "办结期限"
    if day is None:
        return Due(None, "无期限", "plain")
    if today > day:
        over = max(1, calendar.working_days_between(day, today))
        return Due(day, f"超期{over}个工作日", "red")
    left = calendar.working_days_between(today, day)
    if left <= AMBER_DAYS:
        return Due(day, "今日到期" if left == 0 else f"还剩{left}个工作日", "amber")
    return Due(day, what, "plain")


def shown_name(row: CaseRow) -> str:
    name = row.applicant_name or ""
    return name if row.applicant_kind == "organisation" else mask_name(name)


def where_of(row: CaseRow, me: str) -> str:
    if row.owner == me:
        return "已退回大厅，等窗口取回" if row.offered_to == "hall" and row.state in _AT_DESK else ""
    if row.offered_to is not None:
        return "在大厅，待接件" if row.desk.endswith("@county") else "在送来的路上"
    return "窗口办理中" if row.state in _AT_DESK else "在大厅"


_AT_DESK = (CaseState.DISPATCHED, CaseState.PRECHECK, CaseState.REVIEWING, CaseState.SUSPENDED)


def _row(conn: Connection, halls: Halls, row: CaseRow, me: str, today: date, note: str) -> ListRow:
    return ListRow(
        case=row.id, case_no=row.case_no, item=row.item.name, sample=row.sample, applicant=shown_name(row),
        desk=row.desk.rpartition("@")[0], state=STATE_ZH[row.state], where=where_of(row, me),
        since=row.received_on, due=due_of(conn, halls, row, today), note=note,
    )  # fmt: skip


def _count(conn: Connection, officer: Officer, tab: Tab, me: str) -> int:
    if tab is Tab.ERRANDS:
        query = (
            select(func.count(errand.c.dossier))
            .join(case_file, case_file.c.case_no == errand.c.case_no)
            .where(errand.c.state == "handed_in", *_mine(officer))
        )
        return conn.scalar(query) or 0
    return conn.scalar(_ids(func.count(case_file.c.dossier), officer, tab, me)) or 0


def _errands(conn: Connection, officer: Officer) -> list[tuple[CaseRow, str]]:
    query = (
        select(case_file.c.dossier, errand.c.kind)
        .join(case_file, case_file.c.case_no == errand.c.case_no)
        .where(errand.c.state == "handed_in", *_mine(officer))
        .order_by(errand.c.opened_ms)
        .limit(PAGE)
    )
    found = [(intake.case_by_id(conn, r.dossier), r.kind) for r in conn.execute(query).all()]
    return [(row, kind) for row, kind in found if row is not None]


def _ids(what: ColumnElement[Any], officer: Officer, tab: Tab, me: str) -> Select[Any]:
    d = schema.dossier.c
    return (
        select(what)
        .select_from(case_file)
        .join(schema.dossier, d.id == case_file.c.dossier)
        .where(_in_tab(tab, me), *_mine(officer))
    )


def _mine(officer: Officer) -> list[ColumnElement[bool]]:
    return [] if officer.sees_all else [case_file.c.desk.in_(officer.desks)]


def _in_tab(tab: Tab, me: str) -> ColumnElement[bool]:
    d, state = schema.dossier.c, case_file.c.state
    sent_back = d.offered_to.is_not(None) & (d.offered_to == "hall")
    match tab:
        case Tab.TO_TAKE:
            return or_(
                and_(state == CaseState.DISPATCHED.value, ~sent_back),
                and_(state == CaseState.PRECHECK.value, d.owner != me),
            )
        case Tab.TO_REVIEW:
            return and_(state.in_([CaseState.REVIEWING.value, CaseState.PRECHECK.value]), d.owner == me)
        case Tab.SPECIAL:
            return state == CaseState.SUSPENDED.value
        case Tab.TO_CORRECT:
            return state == CaseState.CORRECTION.value
        case Tab.DECIDED:
            return state.in_(
                [s.value for s in (CaseState.GRANTED, CaseState.DENIED, CaseState.RESULT_READY,
                                   CaseState.DELIVERED, CaseState.NOT_ACCEPTED)]
            )  # fmt: skip
        case Tab.ERRANDS:
            raise ValueError("errands are listed by themselves")
