"""Where a feed goes on for a reader that tells how far it has each chain.

One that comes from the other node of its hall has nearly everything that lies here, though the two nodes number
their journals apart. And every reader compares now and then: a record that its disk has lost or holds otherwise is
read again.
"""

from collections.abc import Collection, Iterable

from sqlalchemy import Connection

from hall.journal.envelope import GENESIS
from hall.journal.port import JournalPort
from hall.journal.refusal import Refusal
from hall.journal.rows import LAST_POS
from sync import feed, outbox, rows
from sync.access import ChildAccess
from sync.outbox import Chain
from sync.wire import MOST_CHAINS, ChainAt, Head, StartAnswer, StartBody

FAR = 500
"""More records of one chain than these are not looked through: a reader that says it has nothing costs no more than one
that lacks a few.
"""


def known_chains(conn: Connection, scope: str) -> list[ChainAt]:
    """How far a reader of this scope has every chain. Of a scope with gaps the last counts: a feed brings a chain's
    records in its order.
    """
    statement = rows.ALL_HEADS if scope == feed.HALL else rows.FURTHEST
    found = statement.all(conn)
    return [ChainAt(origin=origin, inc=inc, seq=seq) for origin, inc, seq in found[:MOST_CHAINS]]


def true_heads(conn: Connection) -> list[ChainAt]:
    """How far every chain lies here without a gap, by its records themselves and not by what was noted of them."""
    there = {(origin, inc): count for origin, inc, count in rows.COUNTED_RECORDS.all(conn)}
    found = []
    for origin, inc, noted in rows.ALL_HEADS.all(conn)[:MOST_CHAINS]:
        seq = noted
        if there.get((origin, inc), 0) < noted:
            held = [row[0] for row in rows.SEQS.all(conn, origin=origin, inc=inc)]
            seq = next((n - 1 for n, seq in enumerate(held, 1) if seq != n), len(held))
        h = outbox.hash_at(conn, (origin, inc), seq)
        found.append(ChainAt(origin=origin, inc=inc, seq=seq, h=None if h is None else h.hex()))
    return found


def first_lacking(
    conn: Connection, scope: str, known: Iterable[ChainAt], among: Iterable[Chain] | None = None
) -> int:
    """The position before the first record of the scope that the reader lacks or has otherwise. `among`: these chains
    only; None for all. Of a chain that it lacks much of it may be told an earlier place, or, where later records of
    it came here much sooner than earlier ones, a later one: then the next comparison finds them.
    """
    # read first: what is written between the queries lies behind this place
    last = LAST_POS.scalar(conn) or 0
    statement = rows.FIRST_BEYOND if scope == feed.HALL else rows.FIRST_BEYOND_QUEUE
    told = {(c.origin, c.inc): c for c in known}
    found = []
    for chain in rows.ALL_CHAINS.all(conn) if among is None else among:
        at = told.get((chain[0], chain[1]))
        seq = 0 if at is None or _differs(conn, at) else at.seq
        where = {"origin": chain[0], "inc": chain[1], "seq": seq}
        pos, some = rows.SOME_BEYOND.all(conn, **where, most=FAR)[0]
        if some < FAR:
            pos = statement.scalar(conn, **where) if some else None
        if pos is not None:
            found.append(pos)
    return min(found, default=last + 1) - 1


def ahead(conn: Connection, known: Iterable[ChainAt], siblings: Collection[str]) -> list[Head]:
    """Chains of these machines that the reader has further than they are here."""
    own, lost = outbox.heads(conn, siblings), outbox.OwnHead(0, GENESIS)
    found = []
    for at in known:
        have = own.get((at.origin, at.inc), lost)
        if at.origin in siblings and have.seq < at.seq:
            found.append(Head(origin=at.origin, inc=at.inc, seq=have.seq, h=have.h.hex()))
    return found


def all_given(asked: StartBody, told: StartAnswer) -> bool:
    """Nothing is wanted of the reader, or only what it has tried in vain to give."""
    vain = {(at.origin, at.inc, at.seq) for at in asked.vain}
    return all((want.origin, want.inc, want.seq) in vain for want in told.wants)


def _all_at_root(conn: Connection, known: Iterable[ChainAt], siblings: Collection[str]) -> bool:
    told = {(at.origin, at.inc): at.seq for at in known if at.origin in siblings}
    root = outbox.held_root(conn, told)
    return all(root.get(chain, 0) >= seq for chain, seq in told.items())


def _differs(conn: Connection, at: ChainAt) -> bool:
    here = None if at.h is None else outbox.hash_at(conn, (at.origin, at.inc), at.seq)
    return here is not None and here.hex() != at.h


def start_for(
    store: JournalPort, child: ChildAccess, asked: StartBody, siblings: Collection[str]
) -> StartAnswer:
    """At the centre only what the child's hall wrote itself is compared: of other chains it sees parts. `siblings`:
    other machines below, of which the reader may have more than is left here.

    Raises Refusal.
    """
    me = store.identity
    if asked.scope not in child.scopes or asked.scope == feed.OWN:
        raise Refusal("scope", "本机无权读取这一类数据。")
    with store.read() as conn:
        among = None if me.role == "hall" else list(outbox.heads(conn, child.subtree))
        pos = first_lacking(conn, asked.scope, asked.known, among)
        handle = feed.place_at(conn, feed.handle_of(me.inc, asked.scope), pos)
        wants = ahead(conn, asked.known, siblings) if asked.scope == feed.HALL else []
        at_root = bool(siblings) and not wants and _all_at_root(conn, asked.known, siblings)
    return StartAnswer(handle=handle, pos=pos, wants=wants, at_root=at_root)
