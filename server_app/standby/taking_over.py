"""The moment in which the standby becomes the hall's node: one transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial

from hall.journal.facts import DossierOffered
from hall.journal.ledger import Ledger
from hall.journal.machine import machine_dossier
from hall.journal.store import Store
from hall.journal.works import Long
from hall.queueing import commands as cmd
from hall.queueing import handlers
from hall.queueing import pair_views as pair
from hall.queueing import views as queue
from hall.queueing.events import DayOpened, NodeReplaced, TailHandedOver, TicketCalled, TicketMissed
from hall.queueing.model import TicketState
from hall.queueing.pair_views import CalledTicket
from sync import claims

AT_ONCE = 2000
"""Dossiers that are seized before the hall goes on; the waiting people are among them, the rest follows."""
A_STEP = 500
CALLED_BEFORE_ZH = "原大厅节点停机前已叫过，请本人到窗口说一声"


@dataclass(frozen=True, slots=True)
class Order:
    """A named person has this node take the other one's place."""

    by: str
    reason: str
    at: str | None = None
    """The window that says so, having checked the person's PIN; None: they gave the order at the host."""


def take_over(
    ledger: Ledger,
    order: Order,
    *,
    peer: str,
    epoch: int,
    day: date,
    unheard: tuple[str, ...],
    seen: Iterable[CalledTicket] = (),
) -> int:
    """Seize what the former node owned, open the epoch. Returns how many were seized. Raises Refusal.

    `seen`: whom terminals know as called. A call that has not come here stands in the list of missed numbers: the
    person may be at that window already, and nobody calls them again before they say so.
    """
    called = {one.ticket: one for one in seen if _news(ledger, one)}
    seized = _seize(ledger, peer, order.by, order.reason, AT_ONCE)
    for one in called.values():
        row = ledger.dossier(one.ticket)
        if row is not None and row.owner == ledger.identity.node_id:
            told = TicketCalled(one.window, one.window_name, one.staff, one.calls, one.epoch)
            ledger.append(one.ticket, told, actor=order.by)
            ledger.append(one.ticket, TicketMissed(CALLED_BEFORE_ZH), actor=order.by)
    last = queue.business_day(ledger.conn)
    home = machine_dossier(ledger, actor=order.by)
    replaced = NodeReplaced(peer, epoch, order.by, order.reason, unheard, order.at)
    ledger.append(home, replaced, actor=order.by)
    ledger.append(home, DayOpened(max(day, last or day), epoch), actor=order.by)
    if last is not None and last < day:
        me = ledger.identity.node_id
        handlers.expire_day(ledger, cmd.ExpireDay(f"expire-{me}-{last.isoformat()}", last, me))
    return seized


def _news(ledger: Ledger, one: CalledTicket) -> bool:
    """Waiting here, and called by records that have not come."""
    row, ticket = ledger.dossier(one.ticket), queue.ticket_by_id(ledger.conn, one.ticket)
    return row is not None and ticket is not None and row.n < one.n and ticket.state is TicketState.WAITING


def seize_what_is_left(store: Store) -> int:
    """What the former node still owns here, also of what it wrote when nobody heard it. Safe to repeat.

    Raises StoreFault, Refusal.
    """
    with store.read() as conn:
        order = pair.replaced(conn, store.identity.node_id)
        if order is None or not pair.open_at(conn, order.before):
            return 0
    return store.write(
        Long(partial(_seize, peer=order.before, by=order.by, reason=order.reason, most=A_STEP))
    )


def tail_has_come(ledger: Ledger, by: str, reason: str) -> bool:
    """From now on document numbers go on where the former node ended. False when it was known already."""
    me = ledger.identity.node_id
    order = pair.replaced(ledger.conn, me)
    if order is None or not pair.tail_missing(ledger.conn, me):
        return False
    home = machine_dossier(ledger, actor=by)
    ledger.append(home, TailHandedOver(order.before, order.epoch, by, reason), actor=by)
    return True


def _seize(ledger: Ledger, peer: str, by: str, reason: str, most: int) -> int:
    # a move that the former node signed, and whose records before it have not come: it lies with a terminal
    promised = claims.moves_held(ledger.conn)
    found = [dossier for dossier in pair.open_at(ledger.conn, peer) if dossier not in promised][:most]
    for dossier in found:
        row = ledger.dossier(dossier)
        ledger.seize(dossier, below=(peer,), by=by, reason=reason)
        if row is not None and row.offered_to is not None:
            # a seizure takes the offer back; whoever it was made to still waits for it
            ledger.append(dossier, DossierOffered(row.offered_to), actor=by)
    return len(found)
