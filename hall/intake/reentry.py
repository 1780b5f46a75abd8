"""补录: a case that was lost with its machine is taken in again, from the papers in the citizen's hands.

It is a new case under its own number; it says whose place it takes, so that the old number leads to it and the same
paper is not entered twice.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from sqlalchemy import Connection, select

from hall.intake import views
from hall.intake.drafting import owned_case
from hall.intake.model import CaseState
from hall.intake.projecting import note_act
from hall.intake.tables import act, case_file
from hall.journal import closing
from hall.journal.closing import Closed
from hall.journal.envelope import Envelope
from hall.journal.ledger import Ledger
from hall.journal.marking import Event
from hall.journal.projection import Projector
from hall.journal.refusal import Refusal
from hall.journal.schema import record
from hall.papers.numbering import CaseNumberParts, NumberingRefused, case_number, read_case_number

KIND = "reentered"


@dataclass(frozen=True, slots=True)
class ReenterCase:
    """`old_no`, `old_date`: as they stand on the citizen's paper."""

    command_id: str
    case: str
    old_no: str
    old_date: date
    staff: str


@dataclass(frozen=True, slots=True)
class CaseReentered:
    TYPE: ClassVar[str] = "case.reentered/1"
    old_no: str
    old_date: date
    machine: str
    """The closed machine that had it; empty where several could have, and then so is its name."""
    machine_name: str
    staff: str


def reenter_case(ledger: Ledger, c: ReenterCase) -> None:
    """Of a case that is still being filled in. Raises Refusal."""
    row = owned_case(ledger, c.case)
    if row.state is not CaseState.DRAFT:
        raise Refusal("too_late", "收件以后不能再标为补录，请另开一件补录。")
    try:
        parts = read_case_number(c.old_no)
        old_no = case_number(parts)
    except NumberingRefused as exc:
        raise Refusal("old_no", f"{exc}：请照群众手里的凭证输入。") from exc
    if c.old_date > row.business_day:
        raise Refusal("old_date", "凭证上的日期不能晚于今天。")
    if views.case_by_no(ledger.conn, old_no) is not None:
        raise Refusal("known", "这个编号的办件还在，没有丢：请按编号查找（Ctrl+K），接着办原来那一件。")
    before = reentered_as(ledger.conn, old_no)
    if before is not None:
        raise Refusal("entered", f"这张凭证已经补录过，新编号 {before}。")
    machine = _lost_machine(ledger.conn, parts)
    told = CaseReentered(
        old_no, c.old_date, machine.machine if machine else "", machine.name if machine else "", c.staff
    )
    ledger.append(c.case, told, actor=c.staff)


def _lost_machine(conn: Connection, parts: CaseNumberParts) -> Closed | None:
    """Which closed one gave this number: the device part of it says so where another case of that device is known.

    None: one of several. Raises Refusal where nothing was lost.
    """
    lost = {each.machine: each for each in closing.closed(conn)}
    if not lost:
        raise Refusal("nothing_lost", "没有停用过的机器，办件没有丢：请稍后再按编号查找，或请问信息科。")
    t, f = record.c, case_file.c
    of_device = f"{parts.division}{parts.hall}________{parts.device}_____"
    query = (
        select(t.origin).join(case_file, f.dossier == t.dossier).where(f.case_no.like(of_device), t.n == 1)
    )
    origins = set(conn.scalars(query.distinct()))
    for origin in sorted(origins & lost.keys()):
        return lost[origin]
    if origins:
        raise Refusal("not_lost", "这张凭证是另一台还在用的电脑开的，办件没有丢：请稍后再按编号查找。")
    return next(iter(lost.values())) if len(lost) == 1 else None


def reentered_as(conn: Connection, old_no: str) -> str | None:
    """Number of the case that stands for one that was lost."""
    found = conn.execute(select(act.c.dossier).where(act.c.kind == KIND, act.c.document_no == old_no)).first()
    row = None if found is None else views.case_by_id(conn, found.dossier)
    return None if row is None else row.case_no


def former_paper(conn: Connection, case: str) -> tuple[str, date] | None:
    """Number and day of the paper for which this case was entered anew; None for any other case."""
    query = select(act.c.document_no, act.c.on_day).where(act.c.dossier == case, act.c.kind == KIND)
    found = conn.execute(query.limit(1)).first()
    return None if found is None else (found.document_no, date.fromisoformat(found.on_day))


def _reentered(conn: Connection, env: Envelope, e: CaseReentered) -> None:
    note_act(
        conn, env, KIND, on_day=e.old_date.isoformat(), document_no=e.old_no, machine=e.machine_name or None
    )


REENTRY_EVENTS = (CaseReentered,)
REENTRY_PROJECTORS: tuple[tuple[type[Event], Projector], ...] = ((CaseReentered, _reentered),)
