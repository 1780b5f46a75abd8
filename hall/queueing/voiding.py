"""Numbers of a machine that is lost for good: void by name, so that nobody waits to be called by one of them."""

import re
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from hall.journal.ledger import Ledger
from hall.journal.machine import machine_dossier
from hall.journal.refusal import Refusal
from hall.queueing import events as ev
from hall.queueing import views
from hall.queueing.model import OPEN_STATES, ticket_number
from hall.queueing.tables import ticket, voided_number

_NUMBER = re.compile(r"([A-Z]{1,3})([0-9]{3,6})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Voided:
    """`numbers`: those that are known; `series`: likewise what was given in these behind a number, e.g. ("V", 7)."""

    numbers: tuple[str, ...]
    series: tuple[tuple[str, int], ...]


def void_ticket(ledger: Ledger, ticket_id: str, machine_name: str, *, by: str, reason: str) -> bool:
    """Of a ticket that lies here. False: it is none, or over already."""
    row = views.ticket_by_id(ledger.conn, ticket_id)
    if row is None or row.state not in OPEN_STATES:
        return False
    ledger.append(ticket_id, ev.TicketVoided(machine_name, by, reason), actor=by)
    return True


def void_series(ledger: Ledger, machine: str, machine_name: str, *, by: str) -> None:
    """What this kiosk has given today in a series of its own and told nobody. No effect for any other machine."""
    today = views.business_day(ledger.conn)
    if today is None:
        return
    t, v = ticket.c, voided_number.c
    own = select(t.series, func.max(t.seq)).where(
        t.device == machine, t.away, t.business_day == today.isoformat()
    )
    for series, last in ledger.conn.execute(own.group_by(t.series)).all():
        known = select(v.record).where(
            v.series == series, v.business_day == today.isoformat(), v.ticket.is_(None)
        )
        if ledger.conn.execute(known).first() is None:
            home = machine_dossier(ledger, actor=by)
            ledger.append(home, ev.SeriesVoided(series, today, last, machine_name), actor=by)


def voided(conn: Connection, day: date) -> Voided:
    v = voided_number.c
    rows = conn.execute(
        select(v.series, v.beyond, v.ticket)
        .where(v.business_day == day.isoformat())
        .order_by(v.series, v.beyond)
    ).all()
    return Voided(
        tuple(ticket_number(r.series, r.beyond) for r in rows if r.ticket is not None),
        tuple((r.series, r.beyond) for r in rows if r.ticket is None),
    )


def refuse_voided(conn: Connection, number: str) -> None:
    """A slip of a number that nobody here has heard of, from a kiosk that is lost. Raises Refusal."""
    day, found = views.business_day(conn), _NUMBER.fullmatch(number)
    if day is None or found is None:
        return
    void = voided(conn, day)
    behind = any(series == found[1] and int(found[2]) > last for series, last in void.series)
    if behind or number in void.numbers:
        raise Refusal("slip_void", f"{number} 号是已停用的设备发出的，已经作废。请给群众重新取号。")


def notice_zh(void: Voided) -> str:
    """For displays and kiosks; empty where there is nothing to say."""
    words = list(void.numbers[-12:])
    words += [f"{series} 字头 {ticket_number(series, last + 1)} 以后" for series, last in void.series]
    return f"已作废的号：{'、'.join(words)}，请重新取号，先给您办" if words else ""
