"""Errands find the owner of their case: taken where the case lies, passed on where it lies elsewhere."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, select

from hall.calendar.opening import business_day
from hall.intake import commands as cmd
from hall.intake import errands as handlers
from hall.intake import views as intake
from hall.intake.model import BEFORE_DECISION, CaseState
from hall.intake.tables import case_file, errand
from hall.intake.views import CaseRow, ErrandRow
from hall.journal import schema
from hall.journal.facts import DossierOffered, OfferWithdrawn
from hall.journal.ledger import Ledger, dossier_row
from hall.journal.refusal import Refusal
from hall.journal.store import Store
from hall.queueing import views as queue
from sync.claims import HALL_ACTOR, desk_level

_BEFORE_ACCEPTANCE = (CaseState.RECEIVED, CaseState.PRECHECK, CaseState.CORRECTION)
_DECIDED = (CaseState.GRANTED, CaseState.DENIED, CaseState.RESULT_READY)
"""Such a case rests in the hall, while only the officers of its desk may answer for it."""
Wish = Callable[[str, str, str], bool]
HallOf = Callable[[str], str | None]
"""At the centre: the hall node under which a machine stands."""


@dataclass(frozen=True, slots=True)
class OfferErrand:
    """Let an errand follow its case."""

    command_id: str
    errand: str
    to: str


@dataclass(frozen=True, slots=True)
class OfferBack:
    """Let a decided case go back to the desk that decided it, for an answer."""

    command_id: str
    case: str
    to: str


def granted_at_once(one: ErrandRow, case: CaseRow) -> bool:
    """What needs no officer: papers that were asked for or owed, a withdrawal before acceptance, a lost slip."""
    if one.kind == "correction":
        return case.state is CaseState.CORRECTION
    if one.kind == "withdrawal":
        return case.state in _BEFORE_ACCEPTANCE
    if one.kind == "supplement":
        return case.state in BEFORE_DECISION
    return one.kind == "lost_slip"


def settle_errands(store: Store, want: Wish, parent: str | None, hall_of: HallOf = lambda _: None) -> int:
    """Returns how many errands changed. `parent` is the centre of a hall node. Raises StoreFault."""
    me, role = store.identity.node_id, store.identity.role
    changed = 0
    with store.read() as conn:
        found = _handed_in(conn)
        # at the node the day it opened; at the centre the date in China
        day = (queue.business_day(conn) if role == "hall" else None) or business_day(store.now())
    for errand_n, one, case in found:
        if one.owner == me and case.owner == me:
            if granted_at_once(one, case):
                take = cmd.TakeErrand(f"errand-{one.id}", one.id, HALL_ACTOR, day)
                changed += _once(store, take, take_in)
            elif role == "hall" and case.offered_to is None and _answered_above(case):
                # the errand follows; until both are back nothing of this case leaves the hall
                back = OfferBack(f"back-{one.id}-{errand_n}", case.id, case.desk)
                changed += _once(store, back, offer_back)
        elif one.owner == me:
            to = _where_to(role, case, parent, hall_of)
            if to is not None and one.offered_to != to:
                # the case may go to and fro: each crossing is an offer of its own
                changed += _once(store, OfferErrand(f"offer-{one.id}-{errand_n}", one.id, to), offer_errand)
        elif role == "county" and desk_level(one.offered_to or "hall") == 2:
            # brought in one hall for a case of another it passes through here
            if case.owner == me or hall_of(case.owner) != hall_of(one.owner):
                want(f"errand-{one.id}-{errand_n}", one.id, HALL_ACTOR)
        if role == "county" and case.owner != me and case.offered_to == case.desk and _answered_above(case):
            want(f"back-{one.id}-{errand_n}", case.id, HALL_ACTOR)
    if role == "hall" and parent is not None:
        with store.read() as conn:
            strange = _of_unknown_cases(conn, me)
        for one_up in strange:
            changed += _once(store, OfferErrand(f"up-{one_up}", one_up, "county"), offer_errand)
    return changed


def _of_unknown_cases(conn: Connection, me: str) -> list[str]:
    """Errands here whose case this hall has never heard of: another hall's, and only the centre can tell whose."""
    d = schema.dossier.c
    known = select(case_file.c.dossier).where(case_file.c.case_no == errand.c.case_no)
    query = (
        select(d.id)
        .join(errand, errand.c.dossier == d.id)
        .where(d.owner == me, d.offered_to.is_(None), errand.c.state == "handed_in", ~known.exists())
    )
    return list(conn.scalars(query))


def _answered_above(case: CaseRow) -> bool:
    return case.state in _DECIDED and desk_level(case.desk) == 2


def _where_to(role: str, case: CaseRow, parent: str | None, hall_of: HallOf) -> str | None:
    """To whom an errand here is offered; None: wait (a window works on the case, or it is on its way)."""
    if case.offered_to is not None:
        return None
    if role == "county":
        # by name: a hall hears nothing of what others wrote unless it lies there or is offered to it
        return hall_of(case.owner) or "hall"
    if case.owner != parent:
        return None
    return case.desk if desk_level(case.desk) == 2 else "county"


def take_in(ledger: Ledger, c: cmd.TakeErrand) -> None:
    """Answer an errand and let nothing of it wander on: its own offer ends, a corrected case goes home."""
    row = dossier_row(ledger.conn, c.errand)
    if row is not None and row.owner == ledger.identity.node_id and row.offered_to is not None:
        ledger.append(c.errand, OfferWithdrawn("已随办件处理"), actor=c.actor)
    handlers.take_errand(ledger, c)
    one = intake.errand_by_id(ledger.conn, c.errand)
    case = intake.case_by_id(ledger.conn, one.case) if one is not None and one.case else None
    home = case is not None and case.state in (CaseState.RECEIVED, CaseState.WITHDRAWN, *_DECIDED)
    if case is not None and home and ledger.identity.role == "county" and case.offered_to is None:
        # the window accepts, hands the papers back, or hands the result over
        ledger.append(case.id, DossierOffered("hall"), actor=c.actor)


def offer_errand(ledger: Ledger, c: OfferErrand) -> None:
    ledger.append(c.errand, DossierOffered(c.to), actor=HALL_ACTOR)


def offer_back(ledger: Ledger, c: OfferBack) -> None:
    ledger.append(c.case, DossierOffered(c.to), actor=HALL_ACTOR)


def _handed_in(conn: Connection) -> list[tuple[int, ErrandRow, CaseRow]]:
    """(number of its last record, errand, its case), for every errand whose case is known here."""
    d = schema.dossier.c
    query = select(errand.c.dossier, d.n).join(schema.dossier, d.id == errand.c.dossier)
    found = []
    for row in conn.execute(query.where(errand.c.state == "handed_in")).all():
        one = intake.errand_by_id(conn, row.dossier)
        case = None if one is None else intake.case_by_no(conn, one.case_no)
        if one is not None and case is not None:
            found.append((row.n, one, case))
    return found


def _once(
    store: Store, command: cmd.TakeErrand | OfferErrand | OfferBack, handler: Callable[..., object]
) -> int:
    try:
        return 0 if store.handle(command, handler).replayed else 1
    except Refusal:
        # somebody was quicker, or a person must look: it stays in the desk's list
        return 0
