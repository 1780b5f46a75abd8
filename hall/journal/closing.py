"""What a person orders about a machine that is lost for good: closing it, and judging what still comes of it.

Only a hall node or the centre may, about machines below it. Each is one transaction's work on a ledger.
"""

from collections.abc import Container
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from hall.journal import codec, envelope, rows, schema
from hall.journal.facts import ClosedChain, LateAdopted, LateRejected, OriginClosed, TailAdopted, TailRejected
from hall.journal.kernel import dossier_row
from hall.journal.ledger import Ledger
from hall.journal.machine import KIND, closing_dossier
from hall.journal.prepared import Row
from hall.journal.refusal import NotSettled, Refusal


@dataclass(frozen=True, slots=True)
class Order:
    """Who has decided, and why. `by`: id of the person; `name` as people know them."""

    by: str
    name: str
    reason: str
    at: str | None = None
    """The window that says so, having checked the person's PIN; None: they had signed in here."""

    def checked(self) -> "Order":
        """Raises Refusal."""
        if not self.by.strip() or not self.reason.strip():
            raise Refusal("reason_missing", "请写明决定人和理由。")
        return self


def close_origin(ledger: Ledger, machine: str, name: str, order: Order, *, below: Container[str]) -> bool:
    """Only what is held here now of its chains counts from here on. False: it was closed before. Raises Refusal."""
    me = ledger.identity
    order.checked()
    if me.role == "terminal":
        raise Refusal("may_not_close", "只有大厅节点或县中心可以停用机器。")
    if machine == me.node_id or machine not in below:
        raise Refusal("not_below", "这台机器没有在本机登记，不能在这里停用。")
    if not me.settled:
        raise NotSettled
    if is_closed(ledger, machine):
        return False
    chains = []
    for inc, _ in rows.CHAINS_OF.all(ledger.conn, origin=machine):
        head = rows.HEAD.first(ledger.conn, origin=machine, inc=inc)
        if head is not None and head[0] > 0:
            chains.append(ClosedChain(inc, head[0], bytes(head[1]).hex()))
    home = closing_dossier(ledger, actor=order.by)
    ledger.append(
        home, OriginClosed(machine, name, tuple(chains), order.by, order.name, order.reason), actor=order.by
    )
    return True


def is_closed(ledger: Ledger, machine: str) -> bool:
    return rows.CLOSED_PLACES.first(ledger.conn, origin=machine) is not None


def uphold(ledger: Ledger) -> int:
    """What this node had taken in of a machine before it heard that another has closed it was acknowledged: it counts,
    and everybody is told so by a closing of its own, in the words of the first. Returns of how many machines.
    """
    me = ledger.identity
    if me.role == "terminal" or not me.settled:
        return 0
    heard: dict[str, list[Row]] = {}
    for row in rows.CLOSINGS.all(ledger.conn):
        heard.setdefault(row[0], []).append(row)
    return sum(_upheld(ledger, machine, its) for machine, its in heard.items())


def _upheld(ledger: Ledger, machine: str, heard: list[Row]) -> bool:
    me, conn = ledger.identity.node_id, ledger.conn
    if machine == me or any(row[2] == me for row in heard):
        return False
    stands: dict[str, int] = {}
    for _, inc, seq in rows.CLOSED_PLACES.all(conn, origin=machine):
        stands[inc] = max(seq, stands.get(inc, 0))
    chains = []
    for inc, _ in rows.CHAINS_OF.all(conn, origin=machine):
        before = rows.LAST_SEQ_BEFORE.scalar(conn, origin=machine, inc=inc, pos=heard[0][1]) or 0
        place = min(before, ledger.held((machine, inc)))
        found = rows.AHEAD.first(conn, origin=machine, inc=inc, seq=place)
        if found is not None and place > stands.get(inc, 0):
            chains.append(ClosedChain(inc, place, bytes(found[0]).hex()))
    env = envelope.parse(bytes(min(heard, key=lambda row: row[3])[4]))
    first = codec.join(OriginClosed, env.data, {})
    if not chains or not isinstance(first, OriginClosed):
        return False
    home = closing_dossier(ledger, actor=first.by)
    ledger.append(home, replace(first, chains=tuple(chains)), actor=first.by)
    return True


def owned_by(conn: Connection, machine: str, most: int) -> list[str]:
    """Dossiers that lie with it, but for its own that never moves; tickets first: people wait."""
    d = schema.dossier.c
    query = select(d.id).where(d.owner == machine, d.kind != "machine")
    return list(conn.scalars(query.order_by(d.kind != "ticket", d.id).limit(most)))


@dataclass(frozen=True, slots=True)
class Closed:
    """One machine that was given up for lost."""

    machine: str
    name: str
    at_ms: int
    by: str
    reason: str


def closed(conn: Connection) -> tuple[Closed, ...]:
    """Newest first; of two orders about one machine the first by the record's name."""
    c, t = schema.closed_chain.c, schema.record.c
    query = select(c.origin, t.raw).join(schema.record, t.id == c.record).where(c.inc == "").order_by(t.id)
    found: dict[str, Closed] = {}
    for origin, raw in conn.execute(query):
        env = envelope.parse(bytes(raw))
        told = codec.join(OriginClosed, env.data, {})
        if isinstance(told, OriginClosed) and origin not in found:
            found[origin] = Closed(origin, told.name, env.wall_ms, told.by_name, told.reason)
    return tuple(sorted(found.values(), key=lambda each: -each.at_ms))


def adopt_late(ledger: Ledger, record: str, order: Order) -> None:
    """A late record of a dossier that lies here counts as if it had come in time. Raises Refusal."""
    dossier = _waiting(ledger, record)
    order.checked()
    ledger.append(dossier, LateAdopted(record), actor=order.by)


def reject_late(ledger: Ledger, record: str, order: Order) -> None:
    dossier = _waiting(ledger, record)
    order.checked()
    ledger.append(dossier, LateRejected(record, order.reason), actor=order.by)


def adopt_tail(ledger: Ledger, machine: str, dossier: str, order: Order, *, below: Container[str]) -> None:
    """A dossier that only the closed machine's tail knows: it counts, and lies here from now on. Raises Refusal."""
    _tail_here(ledger, machine, dossier, order)
    home = closing_dossier(ledger, actor=order.by)
    ledger.append(home, TailAdopted(machine, dossier, order.by, order.reason), actor=order.by)
    row = dossier_row(ledger.conn, dossier)
    if row is not None and row.owner == machine and row.kind != KIND:
        ledger.seize(dossier, below=below, by=order.by, reason=order.reason)


def reject_tail(ledger: Ledger, machine: str, dossier: str, order: Order) -> None:
    """It stays aside, with a reason; its bytes are kept. Raises Refusal."""
    _tail_here(ledger, machine, dossier, order)
    home = closing_dossier(ledger, actor=order.by)
    ledger.append(home, TailRejected(machine, dossier, order.by, order.reason), actor=order.by)


def _tail_here(ledger: Ledger, machine: str, dossier: str, order: Order) -> None:
    order.checked()
    if not is_closed(ledger, machine):
        raise Refusal("not_closed", "这台机器没有停用。")
    t, late = schema.record.c, schema.late.c
    waiting = (
        select(t.id)
        .join(schema.late, late.id == t.id)
        .where(t.dossier == dossier, t.origin == machine, late.verdict == "waiting")
    )
    if ledger.conn.execute(waiting.limit(1)).first() is None:
        raise Refusal("judged", "这份搁置的卷宗已经处理过了。")


def _waiting(ledger: Ledger, record: str) -> str:
    late = schema.late.c
    row = ledger.conn.execute(select(late.dossier, late.verdict).where(late.id == record)).first()
    if row is None or row.verdict != "waiting":
        raise Refusal("judged", "这条记录已经处理过了。")
    return str(row.dossier)
