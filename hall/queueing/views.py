"""What screens read about the queue: plain SQL, frozen rows. Any thread, own connection."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, case, func, or_, select
from sqlalchemy import bindparam as given

from hall.journal import envelope
from hall.journal.prepared import Prepared
from hall.journal.schema import closed_chain, dossier, record
from hall.queueing.events import TicketRequested
from hall.queueing.model import NUMBERS_A_TURN, OPEN_STATES, Outcome, Priority, TicketState
from hall.queueing.tables import day, slip, slip_begun, ticket, ticket_request, visit, window_state


@dataclass(frozen=True, slots=True)
class TicketRow:
    id: str
    number: str
    series: str
    seq: int
    business_day: date
    queue: str
    queue_name: str
    matter: str
    item_id: str | None
    priority: Priority
    state: TicketState
    window: int | None
    window_name: str | None
    staff: str | None
    calls: int
    epoch: int
    away: bool
    on_top: bool
    forwarded: bool
    reactivated: bool
    legs: int
    session: str | None
    outcome: Outcome | None
    issued_ms: int
    since_ms: int
    called_ms: int | None
    started_ms: int | None
    missed_ms: int | None
    ended_ms: int | None
    owner: str


@dataclass(frozen=True, slots=True)
class NextInLine:
    """Who is called next."""

    id: str
    calls: int


@dataclass(frozen=True, slots=True)
class WindowRow:
    window: int
    window_name: str
    terminal: str
    state: str
    staff: str
    staff_name: str
    queues: tuple[str, ...]
    reason: str | None
    since_ms: int


@dataclass(frozen=True, slots=True)
class VisitRow:
    id: str
    ticket: str
    number: str
    window: int
    session: str
    outcome: Outcome | None


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A number that a kiosk asked for and that nobody has yet."""

    request: str
    queue: str
    matter: str
    item_id: str | None
    priority: Priority
    at_ms: int


@dataclass(frozen=True, slots=True)
class SlipRow:
    """A slip whose printing began and has no end yet."""

    ticket: str
    number: str
    reprint: bool


@dataclass(frozen=True, slots=True)
class Ahead:
    """People ahead in a queue, and the estimate in minutes (None: nothing to go by yet)."""

    people: int
    minutes: int | None


def _row(r: RowMapping) -> TicketRow:
    return TicketRow(
        id=r["dossier"], number=r["number"], series=r["series"], seq=r["seq"],
        business_day=date.fromisoformat(r["business_day"]), queue=r["queue"], queue_name=r["queue_name"],
        matter=r["matter"], item_id=r["item_id"], priority=Priority(r["priority"]),
        state=TicketState(r["state"]), window=r["window"], window_name=r["window_name"], staff=r["staff"],
        calls=r["calls"], epoch=r["epoch"], away=r["away"], on_top=r["on_top"], forwarded=r["forwarded"],
        reactivated=r["reactivated"], legs=r["legs"], session=r["session"],
        outcome=None if r["outcome"] is None else Outcome(r["outcome"]), issued_ms=r["issued_ms"],
        since_ms=r["since_ms"], called_ms=r["called_ms"], started_ms=r["started_ms"],
        missed_ms=r["missed_ms"], ended_ms=r["ended_ms"], owner=r["owner"],
    )  # fmt: skip


_NO_VISIT = ~select(visit.c.ticket).where(visit.c.ticket == ticket.c.dossier).exists()
"""Nobody has served the slip: who was served by it no longer waits, called or not."""
_TICKETS = select(ticket, dossier.c.owner).join(dossier, dossier.c.id == ticket.c.dossier)


def ticket_by_id(conn: Connection, ticket_id: str) -> TicketRow | None:
    row = conn.execute(_TICKETS.where(ticket.c.dossier == ticket_id)).mappings().first()
    return None if row is None else _row(row)


def ticket_by_number(conn: Connection, number: str, business_day: date) -> TicketRow | None:
    """The newest ticket of that number on that day."""
    query = _TICKETS.where(ticket.c.number == number, ticket.c.business_day == business_day.isoformat())
    row = conn.execute(query.order_by(ticket.c.issued_ms.desc())).mappings().first()
    return None if row is None else _row(row)


_KIND = case(
    (ticket.c.priority != Priority.NONE.value, 0),
    (ticket.c.on_top, 1),
    (ticket.c.forwarded, 2),
    else_=3,
)
"""R27 within a queue: priority, put on top by hand, forwarded, then ordinary ones."""


def _order(prior_queues: Any) -> tuple[ColumnElement[Any], ...]:
    """R27: prior queues first, then the kind, then time of arrival, then number."""
    prior = case((ticket.c.queue.in_(prior_queues), 0), else_=1)
    return prior, _KIND, ticket.c.since_ms, ticket.c.seq, ticket.c.dossier


_NEXT = Prepared(
    lambda: (
        select(ticket.c.dossier, ticket.c.calls)
        .join(dossier, dossier.c.id == ticket.c.dossier)
        .where(
            ticket.c.state == TicketState.WAITING.value,
            ticket.c.queue.in_(given("queues", expanding=True)),
            ticket.c.business_day == given("day"),
            dossier.c.owner == given("owner"),
            _NO_VISIT,
        )
        .order_by(*_order(given("prior", expanding=True)))
        .limit(1)
    )
)


def waiting(conn: Connection, business_day: date, queues: tuple[str, ...] | None = None,
            prior_queues: tuple[str, ...] = ()) -> tuple[TicketRow, ...]:  # fmt: skip
    """Waiting tickets in the order of R27. `queues` None means all."""
    query = _TICKETS.where(
        ticket.c.state == TicketState.WAITING.value, ticket.c.business_day == business_day.isoformat(),
        _NO_VISIT,
    )  # fmt: skip
    if queues is not None:
        query = query.where(ticket.c.queue.in_(queues))
    return tuple(_row(r) for r in conn.execute(query.order_by(*_order(prior_queues))).mappings())


def next_in_line(
    conn: Connection, business_day: date, queues: tuple[str, ...], prior_queues: tuple[str, ...], owner: str
) -> NextInLine | None:
    """The first of `waiting` that this machine has itself; None: nobody."""
    found = _NEXT.first(
        conn, queues=list(queues), prior=list(prior_queues), day=business_day.isoformat(), owner=owner
    )
    return None if found is None else NextInLine(*found)


def held_here(conn: Connection, node_id: str) -> tuple[TicketRow, ...]:
    """Open tickets that this machine owns, newest call first: what a restarted counter shows."""
    states = (TicketState.CALLED, TicketState.SERVING, TicketState.HELD, TicketState.TRANSFERRED)
    query = _TICKETS.where(dossier.c.owner == node_id, ticket.c.state.in_([s.value for s in states]))
    return tuple(_row(r) for r in conn.execute(query.order_by(ticket.c.called_ms.desc())).mappings())


def missed(conn: Connection, business_day: date) -> tuple[TicketRow, ...]:
    """Missed tickets of the day, newest first."""
    query = _TICKETS.where(
        ticket.c.state == TicketState.MISSED.value, ticket.c.business_day == business_day.isoformat()
    )
    return tuple(_row(r) for r in conn.execute(query.order_by(ticket.c.missed_ms.desc())).mappings())


def last_seq(conn: Connection, series: str, business_day: date) -> int:
    """Highest number given in a series on a day, 0 for none."""
    query = select(func.max(ticket.c.seq)).where(
        ticket.c.series == series, ticket.c.business_day == business_day.isoformat()
    )
    return conn.scalar(query) or 0


def last_in_turn(conn: Connection, series: str, business_day: date, turn: int) -> int:
    """As last_seq, of the numbers that this one of a pair of nodes gives (model.next_in_turn)."""
    query = select(func.max(ticket.c.seq)).where(
        ticket.c.series == series, ticket.c.business_day == business_day.isoformat(),
        ticket.c.seq // NUMBERS_A_TURN % 2 == turn,
    )  # fmt: skip
    return conn.scalar(query) or 0


def ahead(conn: Connection, ticket_id: str, mean_service_ms: int = 6 * 60_000) -> Ahead:
    """How many wait before this ticket, and about how long (domain.md 11)."""
    me = ticket_by_id(conn, ticket_id)
    if me is None or me.state is not TicketState.WAITING:
        return Ahead(0, None)
    line = waiting(conn, me.business_day, (me.queue,))
    people = next((i for i, row in enumerate(line) if row.id == ticket_id), 0)
    took = conn.scalar(
        select(func.avg(ticket.c.ended_ms - ticket.c.started_ms)).where(
            ticket.c.queue == me.queue, ticket.c.state == TicketState.DONE.value,
            ticket.c.business_day == me.business_day.isoformat(),
        )
    )  # fmt: skip
    open_windows = sum(1 for w in windows(conn) if w.state == "open" and me.queue in w.queues)
    each_ms = int(took) if took else mean_service_ms
    if open_windows == 0:
        return Ahead(people, None)
    return Ahead(people, max(1, round((people + 1) * each_ms / open_windows / 60_000)) if people else 0)


def windows(conn: Connection) -> tuple[WindowRow, ...]:
    """But for those whose machine is lost for good: nobody sits there."""
    lost = select(closed_chain.c.origin).where(closed_chain.c.inc == "")
    query = select(window_state).where(window_state.c.terminal.not_in(lost))
    rows = conn.execute(query.order_by(window_state.c.window)).mappings()
    return tuple(
        WindowRow(
            r["window"], r["window_name"], r["terminal"], r["state"], r["staff"], r["staff_name"],
            tuple(r["queues"].split()), r["reason"], r["since_ms"],
        )
        for r in rows
    )  # fmt: skip


def recent_calls(conn: Connection, business_day: date, limit: int = 8) -> tuple[TicketRow, ...]:
    """Called or being served now and before, newest call first: for the call display."""
    query = _TICKETS.where(
        ticket.c.business_day == business_day.isoformat(), ticket.c.called_ms.is_not(None),
        ticket.c.state.in_([TicketState.CALLED.value, TicketState.SERVING.value, TicketState.DONE.value]),
    )  # fmt: skip
    rows = conn.execute(query.order_by(ticket.c.called_ms.desc()).limit(limit)).mappings()
    return tuple(_row(r) for r in rows)


def business_day(conn: Connection) -> date | None:
    """The business day that a node opened last, as far as this machine has heard; None for none.

    By epoch, and within an epoch by the node's own order: a clock that was wrong once does not decide.
    """
    last = (
        select(day.c.business_day)
        .join(record, record.c.id == day.c.record)
        .order_by(day.c.epoch.desc(), record.c.n.desc())
    )
    found = conn.scalar(last.limit(1))
    return None if found is None else date.fromisoformat(found)


def queue_epoch(conn: Connection) -> int:
    """Highest queue epoch heard of, 0 for none. Displays refuse calls of a lower one."""
    return conn.scalar(select(func.max(day.c.epoch))) or 0


def waiting_counts(conn: Connection, business_day: date) -> dict[str, int]:
    """Waiting people per queue."""
    query = (
        select(ticket.c.queue, func.count())
        .where(
            ticket.c.state == TicketState.WAITING.value,
            ticket.c.business_day == business_day.isoformat(),
            _NO_VISIT,
        )
        .group_by(ticket.c.queue)
    )
    return {queue: count for queue, count in conn.execute(query)}


def open_of_day(conn: Connection, business_day: date, owner: str) -> tuple[TicketRow, ...]:
    query = _TICKETS.where(
        dossier.c.owner == owner, ticket.c.business_day <= business_day.isoformat(),
        ticket.c.state.in_([s.value for s in OPEN_STATES]),
    )  # fmt: skip
    return tuple(_row(r) for r in conn.execute(query).mappings())


def visit_by_id(conn: Connection, visit_id: str) -> VisitRow | None:
    r = conn.execute(select(visit).where(visit.c.dossier == visit_id)).mappings().first()
    if r is None:
        return None
    outcome = None if r["outcome"] is None else Outcome(r["outcome"])
    return VisitRow(r["dossier"], r["ticket"], r["number"], r["window"], r["session"], outcome)


def open_visit(conn: Connection, node_id: str) -> VisitRow | None:
    """The visit by slip that this window is serving now."""
    query = (
        select(visit.c.dossier)
        .join(dossier, dossier.c.id == visit.c.dossier)
        .where(dossier.c.owner == node_id, visit.c.outcome.is_(None))
        .order_by(visit.c.started_ms.desc())
    )
    found = conn.scalar(query)
    return None if found is None else visit_by_id(conn, found)


def slip_served(conn: Connection, ticket_id: str) -> bool:
    """Has a window served this slip, as far as this machine has heard?"""
    return conn.execute(select(visit.c.dossier).where(visit.c.ticket == ticket_id)).first() is not None


def visits_to_settle(conn: Connection, node_id: str) -> tuple[VisitRow, ...]:
    """Visits by slip whose ticket this node owns and has not yet closed."""
    query = (
        select(visit)
        .join(ticket, ticket.c.dossier == visit.c.ticket)
        .join(dossier, and_(dossier.c.id == ticket.c.dossier, dossier.c.owner == node_id))
        .where(
            or_(
                ticket.c.state == TicketState.WAITING.value, ticket.c.state == TicketState.CALLED.value,
                ticket.c.state == TicketState.MISSED.value, ticket.c.state == TicketState.HELD.value,
            )
        )
    )  # fmt: skip
    return tuple(
        VisitRow(
            r["dossier"], r["ticket"], r["number"], r["window"], r["session"],
            None if r["outcome"] is None else Outcome(r["outcome"]),
        )
        for r in conn.execute(query).mappings()
    )  # fmt: skip


def slip_results(conn: Connection, ticket_id: str) -> tuple[tuple[str, bool], ...]:
    """(result, reprint) of every print of a slip, oldest first."""
    query = select(slip.c.result, slip.c.reprint).where(slip.c.ticket == ticket_id).order_by(slip.c.at_ms)
    return tuple((r.result, r.reprint) for r in conn.execute(query))


def request_is_open(conn: Connection, home: str, request: str) -> bool:
    """home: the kiosk's own dossier."""
    t = ticket_request.c
    found = conn.execute(select(t.request).where(t.dossier == home, t.request == request)).first()
    return found is not None


def open_requests(conn: Connection, home: str) -> tuple[RequestRow, ...]:
    """Of one kiosk, oldest first."""
    t = ticket_request.c
    query = select(ticket_request).where(t.dossier == home).order_by(t.at_ms)
    return tuple(
        RequestRow(r.request, r.queue, r.matter, r.item_id, Priority(r.priority), r.at_ms)
        for r in conn.execute(query)
    )


def last_request(conn: Connection, home: str) -> str | None:
    """The last number that one kiosk asked for, also when it is over; None where it never asked."""
    t = record.c
    query = (
        select(t.raw).where(t.dossier == home, t.type == TicketRequested.TYPE).order_by(t.n.desc()).limit(1)
    )
    raw = conn.scalar(query)
    return None if raw is None else str(envelope.parse(bytes(raw)).data["request"])


def begun_slips(conn: Connection, home: str) -> tuple[SlipRow, ...]:
    """Of one machine, oldest first."""
    t = slip_begun.c
    query = select(t.ticket, t.number, t.reprint).where(t.dossier == home).order_by(t.at_ms)
    return tuple(SlipRow(r.ticket, r.number, r.reprint) for r in conn.execute(query))
