"""What is known of the two nodes of a hall: who serves, what the former one still owns. Any thread, own connection."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from hall.journal import envelope
from hall.journal.schema import dossier, record
from hall.queueing.events import NodeReplaced, TailHandedOver
from hall.queueing.model import TicketState
from hall.queueing.tables import day, ticket, visit


def opened_last(conn: Connection, nodes: Collection[str] | None = None) -> tuple[int, str] | None:
    """(epoch, node) of who serves the queue, as far as this machine has heard: the node that opened the highest
    epoch. `nodes`: only what these have opened (the centre knows many halls). None: nobody has opened a day.
    """
    query = select(day.c.epoch, record.c.origin).join(record, record.c.id == day.c.record)
    if nodes is not None:
        query = query.where(record.c.origin.in_(nodes))
    found = conn.execute(query.order_by(day.c.epoch.desc(), record.c.origin.desc()).limit(1)).first()
    return None if found is None else (found.epoch, found.origin)


def replaced(conn: Connection, node_id: str) -> NodeReplaced | None:
    """The last order by which this node took the queue over."""
    t = record.c
    query = select(t.raw).where(t.origin == node_id, t.type == NodeReplaced.TYPE).order_by(t.pos.desc())
    raw = conn.scalar(query.limit(1))
    if raw is None:
        return None
    data: dict[str, Any] = dict(envelope.parse(bytes(raw)).data)
    return NodeReplaced(
        str(data["before"]),
        int(str(data["epoch"])),
        str(data["by"]),
        str(data["reason"]),
        tuple(data["unheard"]),
    )


def tail_missing(conn: Connection, node_id: str) -> bool:
    """Whether this node has taken the queue over and what the former one wrote last has not come yet."""
    t = record.c
    query = select(t.type).where(
        t.origin == node_id, t.type.in_([NodeReplaced.TYPE, TailHandedOver.TYPE]), t.scope == "machine"
    )
    return conn.scalar(query.order_by(t.pos.desc()).limit(1)) == NodeReplaced.TYPE


def open_at(conn: Connection, node_id: str) -> tuple[str, ...]:
    """Dossiers that a node owns and that somebody may still work on: not its own, and no ended tickets."""
    over = select(ticket.c.dossier).where(ticket.c.dossier == dossier.c.id, ticket.c.ended_ms.is_not(None))
    visited = select(visit.c.dossier).where(visit.c.dossier == dossier.c.id, visit.c.outcome.is_not(None))
    query = select(dossier.c.id).where(
        dossier.c.owner == node_id, dossier.c.kind != "machine", ~over.exists(), ~visited.exists()
    )
    # the waiting people first
    return tuple(conn.scalars(query.order_by((dossier.c.kind != "ticket"), dossier.c.id)))


@dataclass(frozen=True, slots=True)
class CalledTicket:
    """A ticket that this machine knows as called and not over, and how many records it knows of it."""

    ticket: str
    n: int
    window: int
    window_name: str
    staff: str
    calls: int
    epoch: int


def called_now(conn: Connection, business_day: date) -> tuple[CalledTicket, ...]:
    t = ticket.c
    query = (
        select(t.dossier, dossier.c.n, t.window, t.window_name, t.staff, t.calls, t.epoch)
        .join(dossier, dossier.c.id == t.dossier)
        .where(
            t.business_day == business_day.isoformat(), t.window.is_not(None),
            t.state.in_([TicketState.CALLED.value, TicketState.SERVING.value, TicketState.HELD.value]),
        )
    )  # fmt: skip
    return tuple(
        CalledTicket(r.dossier, r.n, r.window, r.window_name or "", r.staff or "", r.calls, r.epoch)
        for r in conn.execute(query)
    )
