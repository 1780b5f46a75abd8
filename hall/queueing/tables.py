"""Rows of the queue, made from events."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    Table,
    Text,
)

from hall.journal.envelope import Envelope
from hall.journal.marking import Event
from hall.journal.projection import Projector
from hall.journal.schema import metadata
from hall.journal.table_rows import change, drop, find, put
from hall.queueing import events as ev
from hall.queueing.model import TicketAct, TicketState, advance

ticket = Table(
    "ticket",
    metadata,
    Column("dossier", Text, primary_key=True),
    Column("number", Text, nullable=False),
    Column("series", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("business_day", Text, nullable=False),
    Column("queue", Text, nullable=False),
    Column("queue_name", Text, nullable=False),
    Column("matter", Text, nullable=False),
    Column("item_id", Text),
    Column("priority", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("away", Boolean, nullable=False),
    Column("appointment", Text),
    Column("state", Text, nullable=False),
    Column("window", Integer),
    Column("window_name", Text),
    Column("staff", Text),
    Column("calls", Integer, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("on_top", Boolean, nullable=False),
    Column("forwarded", Boolean, nullable=False),
    Column("reactivated", Boolean, nullable=False),
    Column("legs", Integer, nullable=False),
    Column("session", Text),
    Column("outcome", Text),
    Column("issued_ms", BigInteger, nullable=False),
    Column("since_ms", BigInteger, nullable=False),
    Column("called_ms", BigInteger),
    Column("started_ms", BigInteger),
    Column("missed_ms", BigInteger),
    Column("ended_ms", BigInteger),
    Index("ix_ticket_waiting", "state", "queue", "business_day"),
    Index("ix_ticket_number", "business_day", "series", "seq"),
    Index("ix_ticket_session", "session"),
)

visit = Table(
    "visit",
    metadata,
    Column("dossier", Text, primary_key=True),
    Column("ticket", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("window", Integer, nullable=False),
    Column("staff", Text, nullable=False),
    Column("session", Text, nullable=False),
    Column("outcome", Text),
    Column("started_ms", BigInteger, nullable=False),
    Column("ended_ms", BigInteger),
    Index("ix_visit_ticket", "ticket"),
)

ticket_request = Table(
    "ticket_request",
    metadata,
    Column("dossier", Text, primary_key=True),
    Column("request", Text, primary_key=True),
    Column("queue", Text, nullable=False),
    Column("matter", Text, nullable=False),
    Column("item_id", Text),
    Column("priority", Text, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    comment="Numbers that kiosks asked for and that nobody has yet; a row goes when its request ends.",
)

slip_begun = Table(
    "slip_begun",
    metadata,
    Column("dossier", Text, primary_key=True),
    Column("ticket", Text, primary_key=True),
    Column("number", Text, nullable=False),
    Column("reprint", Boolean, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    comment="Slips in the printer; a row goes when it is known, or known to be unknown, what came out.",
)

slip = Table(
    "slip",
    metadata,
    Column("record", Text, primary_key=True),
    Column("dossier", Text, nullable=False),
    Column("ticket", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("result", Text, nullable=False),
    Column("reprint", Boolean, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Index("ix_slip_ticket", "ticket"),
)

window_state = Table(
    "window_state",
    metadata,
    Column("dossier", Text, primary_key=True),
    Column("window", Integer, nullable=False),
    Column("window_name", Text, nullable=False),
    Column("terminal", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("staff", Text, nullable=False),
    Column("staff_name", Text, nullable=False),
    Column("queues", Text, nullable=False),
    Column("reason", Text),
    Column("since_ms", BigInteger, nullable=False),
)

voided_number = Table(
    "voided_number",
    metadata,
    Column("record", Text, primary_key=True),
    Column("dossier", Text, nullable=False),
    Column("ticket", Text),
    Column("series", Text, nullable=False),
    Column("beyond", Integer, nullable=False),
    Column("business_day", Text, nullable=False),
    Column("machine_name", Text, nullable=False),
    Index("ix_voided_number_day", "business_day"),
    comment="Numbers of machines lost for good; without a ticket: all of the series behind `beyond`.",
)

day = Table(
    "business_day",
    metadata,
    Column("record", Text, primary_key=True),
    Column("dossier", Text, nullable=False),
    Column("business_day", Text, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
)

QUEUE_TABLES = (ticket, visit, ticket_request, slip_begun, slip, window_state, voided_number, day)


def _issued(conn: Connection, env: Envelope, e: ev.TicketIssued) -> None:
    put(
        conn, ticket,
        dossier=env.dossier, number=e.number, series=e.series, seq=e.seq,
        business_day=e.business_day.isoformat(), queue=e.queue, queue_name=e.queue_name,
        matter=e.matter, item_id=e.item_id, priority=e.priority.value, source=e.source.value,
        device=e.device, away=e.away, appointment=e.appointment,
        state=(TicketState.BOOKED if e.appointment else TicketState.WAITING).value,
        calls=0, epoch=0, on_top=False, forwarded=False, reactivated=False, legs=1,
        issued_ms=env.wall_ms, since_ms=env.wall_ms,
    )  # fmt: skip


def _set(conn: Connection, env: Envelope, **values: Any) -> None:
    change(conn, ticket, {"dossier": env.dossier}, **values)


def _called(conn: Connection, env: Envelope, e: ev.TicketCalled) -> None:
    _set(
        conn, env, state=TicketState.CALLED.value, window=e.window, window_name=e.window_name,
        staff=e.staff, calls=e.calls, epoch=e.epoch, called_ms=env.wall_ms,
    )  # fmt: skip


def _started(conn: Connection, env: Envelope, e: ev.TicketStarted) -> None:
    _set(conn, env, state=TicketState.SERVING.value, session=e.session, staff=e.staff, started_ms=env.wall_ms)


def _held(conn: Connection, env: Envelope, e: ev.TicketHeld) -> None:
    _set(conn, env, state=TicketState.HELD.value, calls=0)


def _missed(conn: Connection, env: Envelope, e: ev.TicketMissed) -> None:
    _set(conn, env, state=TicketState.MISSED.value, missed_ms=env.wall_ms)


def _reactivated(conn: Connection, env: Envelope, e: ev.TicketReactivated) -> None:
    _set(conn, env, state=TicketState.WAITING.value, reactivated=True, calls=0)


def _transferred(conn: Connection, env: Envelope, e: ev.TicketTransferred) -> None:
    _set(
        conn, env, state=TicketState.TRANSFERRED.value, queue=e.to_queue, queue_name=e.to_queue_name,
        forwarded=True, since_ms=env.wall_ms,
    )  # fmt: skip


def _requeued(conn: Connection, env: Envelope, e: ev.TicketRequeued) -> None:
    row = find(conn, ticket.c.legs, dossier=env.dossier)
    if row is not None:
        _set(conn, env, state=TicketState.WAITING.value, calls=0, legs=row[0] + 1, window=None)


def _put_on_top(conn: Connection, env: Envelope, e: ev.TicketPutOnTop) -> None:
    _set(conn, env, on_top=True)


def _done(conn: Connection, env: Envelope, e: ev.TicketDone) -> None:
    _set(conn, env, state=TicketState.DONE.value, outcome=e.outcome.value, ended_ms=env.wall_ms)


def _cancelled(conn: Connection, env: Envelope, e: ev.TicketCancelled) -> None:
    _set(conn, env, state=TicketState.CANCELLED.value, ended_ms=env.wall_ms)


def _expired(conn: Connection, env: Envelope, e: ev.TicketExpired) -> None:
    _set(conn, env, state=TicketState.EXPIRED.value, ended_ms=env.wall_ms)


def _voided(conn: Connection, env: Envelope, e: ev.TicketVoided) -> None:
    _set(conn, env, state=TicketState.EXPIRED.value, ended_ms=env.wall_ms)
    known = find(conn, ticket.c.series, ticket.c.seq, ticket.c.business_day, dossier=env.dossier)
    if known is not None:
        put(
            conn, voided_number,
            record=env.id, dossier=env.dossier, ticket=env.dossier, series=known[0], beyond=known[1],
            business_day=known[2], machine_name=e.machine_name,
        )  # fmt: skip


def _series_voided(conn: Connection, env: Envelope, e: ev.SeriesVoided) -> None:
    put(
        conn, voided_number,
        record=env.id, dossier=env.dossier, ticket=None, series=e.series, beyond=e.beyond,
        business_day=e.business_day.isoformat(), machine_name=e.machine_name,
    )  # fmt: skip


def _served_by_slip(conn: Connection, env: Envelope, e: ev.TicketServedBySlip) -> None:
    state = advance(TicketState.WAITING, TicketAct.SERVED_BY_SLIP)
    _set(conn, env, state=state.value, window=e.window, ended_ms=env.wall_ms)


def _visit_opened(conn: Connection, env: Envelope, e: ev.VisitOpened) -> None:
    put(
        conn, visit,
        dossier=env.dossier, ticket=e.ticket, number=e.number, window=e.window, staff=e.staff,
        session=e.session, started_ms=env.wall_ms,
    )  # fmt: skip


def _visit_done(conn: Connection, env: Envelope, e: ev.VisitDone) -> None:
    change(conn, visit, {"dossier": env.dossier}, outcome=e.outcome.value, ended_ms=env.wall_ms)


def _requested(conn: Connection, env: Envelope, e: ev.TicketRequested) -> None:
    put(
        conn, ticket_request,
        dossier=env.dossier, request=e.request, queue=e.queue, matter=e.matter, item_id=e.item_id,
        priority=e.priority.value, at_ms=env.wall_ms,
    )  # fmt: skip


def _request_ended(conn: Connection, env: Envelope, e: ev.TicketRequestEnded) -> None:
    drop(conn, ticket_request, dossier=env.dossier, request=e.request)


def _slip_begun(conn: Connection, env: Envelope, e: ev.SlipBegun) -> None:
    _slip_over(conn, env, e.ticket)
    put(
        conn,
        slip_begun,
        dossier=env.dossier,
        ticket=e.ticket,
        number=e.number,
        reprint=e.reprint,
        at_ms=env.wall_ms,
    )


def _slip_over(conn: Connection, env: Envelope, ticket_id: str) -> None:
    drop(conn, slip_begun, dossier=env.dossier, ticket=ticket_id)


def _slip_printed(conn: Connection, env: Envelope, e: ev.SlipPrinted) -> None:
    _slip_over(conn, env, e.ticket)
    put(
        conn, slip,
        record=env.id, dossier=env.dossier, ticket=e.ticket, number=e.number, result=e.result,
        reprint=e.reprint, at_ms=env.wall_ms,
    )  # fmt: skip


def _day_opened(conn: Connection, env: Envelope, e: ev.DayOpened) -> None:
    put(
        conn, day,
        record=env.id, dossier=env.dossier, business_day=e.business_day.isoformat(), epoch=e.epoch,
        at_ms=env.wall_ms,
    )  # fmt: skip


def _window_opened(conn: Connection, env: Envelope, e: ev.WindowOpened) -> None:
    values = {
        "window": e.window, "window_name": e.window_name, "terminal": env.origin, "state": "open",
        "staff": e.staff, "staff_name": e.staff_name, "queues": " ".join(e.queues), "reason": None,
        "since_ms": env.wall_ms,
    }  # fmt: skip
    if change(conn, window_state, {"dossier": env.dossier}, **values) == 0:
        put(conn, window_state, dossier=env.dossier, **values)


def _window_to(state: str) -> Projector:
    def project(conn: Connection, env: Envelope, e: Any) -> None:
        change(
            conn,
            window_state,
            {"dossier": env.dossier},
            state=state,
            reason=getattr(e, "reason", None),
            since_ms=env.wall_ms,
        )

    return project


QUEUE_PROJECTORS: tuple[tuple[type[Event], Projector], ...] = (
    (ev.DayOpened, _day_opened),
    (ev.TicketIssued, _issued),
    (ev.TicketCalled, _called),
    (ev.TicketStarted, _started),
    (ev.TicketHeld, _held),
    (ev.TicketMissed, _missed),
    (ev.TicketReactivated, _reactivated),
    (ev.TicketTransferred, _transferred),
    (ev.TicketRequeued, _requeued),
    (ev.TicketPutOnTop, _put_on_top),
    (ev.TicketDone, _done),
    (ev.TicketCancelled, _cancelled),
    (ev.TicketExpired, _expired),
    (ev.TicketVoided, _voided),
    (ev.SeriesVoided, _series_voided),
    (ev.TicketServedBySlip, _served_by_slip),
    (ev.VisitOpened, _visit_opened),
    (ev.VisitDone, _visit_done),
    (ev.TicketRequested, _requested),
    (ev.TicketRequestEnded, _request_ended),
    (ev.SlipBegun, _slip_begun),
    (ev.SlipPrinted, _slip_printed),
    (ev.WindowOpened, _window_opened),
    (ev.WindowPaused, _window_to("paused")),
    (ev.WindowResumed, _window_to("open")),
    (ev.WindowClosed, _window_to("closed")),
)
