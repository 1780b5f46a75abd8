"""Cases of a hall that switches off at night rest at the centre while they wait for the citizen (design 11.5)."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from sqlalchemy import Connection, select

from hall.intake.model import CaseState
from hall.intake.tables import case_file
from hall.journal import schema
from hall.journal.facts import DossierOffered
from hall.journal.kernel import to_dossier
from hall.journal.ledger import Ledger
from hall.journal.refusal import Refusal
from hall.journal.store import Store
from sync import rows
from sync.claims import HALL_ACTOR, standing_id

RESTS_ABOVE = "county"
"""To whom it is offered: the centre itself, no desk of it."""


@dataclass(frozen=True, slots=True)
class Rest:
    command_id: str
    case: str


def rest_above(store: Store) -> int:
    """At the node: what waits for the citizen is offered to the centre. Returns how many were. Raises StoreFault."""
    with store.read() as conn:
        waiting = _waiting(conn, store.identity.node_id)
    offered = 0
    for case, n in waiting:
        try:
            offered += 0 if store.handle(Rest(f"rest-{case}-{n}", case), _offer).replayed else 1
        except Refusal:
            # a window was quicker
            continue
    return offered


def _resting_below(conn: Connection, me: str, below: Collection[str]) -> list[tuple[str, str]]:
    """At the centre: (ask, dossier) of what halls have offered to it for resting."""
    d = schema.dossier.c
    query = select(
        d.id, d.kind, d.scope, d.owner, d.token, d.n, d.offered_to
    ).where(d.offered_to == RESTS_ABOVE, d.kind == "case", d.owner.in_(list(below)))  # fmt: skip
    found = [to_dossier(tuple(row)) for row in conn.execute(query)]
    open_asks = {row[0] for row in rows.OPEN_ASKS.all(conn, owners=sorted({r.owner for r in found}))}
    return [(standing_id(r.id, r.token, me), r.id) for r in found if r.id not in open_asks]


def take_resting(store: Store, want: Callable[[str, str, str], bool], below: Collection[str]) -> int:
    """At the centre; `below`: the machines of its halls. Nothing changes at once: the halls hand them over with their
    next word.
    """
    with store.read() as conn:
        found = _resting_below(conn, store.identity.node_id, below)
    for ask, case in found:
        want(ask, case, HALL_ACTOR)
    return 0


def _waiting(conn: Connection, me: str) -> list[tuple[str, int]]:
    d = schema.dossier.c
    query = (
        select(d.id, d.n)
        .join(case_file, case_file.c.dossier == d.id)
        .where(case_file.c.state == CaseState.CORRECTION.value, d.owner == me, d.offered_to.is_(None))
    )
    return [(row.id, row.n) for row in conn.execute(query)]


def _offer(ledger: Ledger, c: Rest) -> None:
    ledger.append(c.case, DossierOffered(RESTS_ABOVE), actor=HALL_ACTOR)
