"""What the department desk reads beside the case itself."""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection, func, select

from hall.calendar.legal_time import CaseFacts, Suspension
from hall.intake.receiving import case_facts
from hall.intake.views import CaseRow
from hall.review.tables import extension, special


@dataclass(frozen=True, slots=True)
class SpecialRow:
    kind: str
    reason: str
    need_days: int
    started_on: date
    ended_on: date | None
    result: str | None


def specials(conn: Connection, case: str) -> tuple[SpecialRow, ...]:
    query = select(special).where(special.c.dossier == case).order_by(special.c.record)
    return tuple(
        SpecialRow(
            r["kind"], r["reason"], r["need_days"], date.fromisoformat(r["started_on"]),
            None if r["ended_on"] is None else date.fromisoformat(r["ended_on"]), r["result"],
        )
        for r in conn.execute(query).mappings()
    )  # fmt: skip


def extended_days(conn: Connection, case: str) -> int:
    return conn.scalar(select(func.sum(extension.c.days)).where(extension.c.dossier == case)) or 0


def facts_of(conn: Connection, row: CaseRow) -> CaseFacts:
    """All facts that the law's clocks count from, special procedures and extensions included."""
    stops = tuple(Suspension(s.started_on, s.ended_on) for s in specials(conn, row.id))
    return replace(case_facts(row), suspensions=stops, extension_days=extended_days(conn, row.id))
