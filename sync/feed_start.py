"""Where a reader that comes from the other node of its hall begins in this one's feed.

The two nodes number their journals apart, but nearly everything that lies here the reader has from the other one
already. It tells how far it has each chain; the first record that it lacks is where it goes on.
"""

from collections.abc import Mapping

from sqlalchemy import Connection

from hall.journal.port import JournalPort
from hall.journal.refusal import Refusal
from hall.journal.rows import LAST_POS
from sync import feed, rows
from sync.access import ChildAccess
from sync.outbox import Chain
from sync.wire import MOST_CHAINS, ChainAt, StartAnswer, StartBody


def known_chains(conn: Connection, scope: str) -> list[ChainAt]:
    """How far a reader of this scope has every chain. Of a scope with gaps the last counts: a feed brings a chain's
    records in its order.
    """
    statement = rows.ALL_HEADS if scope == feed.HALL else rows.FURTHEST
    found = statement.all(conn)
    return [ChainAt(origin=origin, inc=inc, seq=seq) for origin, inc, seq in found[:MOST_CHAINS]]


def first_lacking(conn: Connection, scope: str, known: Mapping[Chain, int]) -> int:
    """The position before the first record of the scope that the reader lacks, at a hall node."""
    # read first: what is written between the queries lies behind this place
    last = LAST_POS.scalar(conn) or 0
    statement = rows.FIRST_BEYOND if scope == feed.HALL else rows.FIRST_BEYOND_QUEUE
    found = []
    for origin, inc in rows.ALL_CHAINS.all(conn):
        pos = statement.scalar(conn, origin=origin, inc=inc, seq=known.get((origin, inc), 0))
        if pos is not None:
            found.append(pos)
    return min(found, default=last + 1) - 1


def start_for(store: JournalPort, child: ChildAccess, asked: StartBody) -> StartAnswer:
    """Raises Refusal."""
    me = store.identity
    if asked.scope not in child.scopes or asked.scope == feed.OWN or me.role != "hall":
        raise Refusal("scope", "本机无权读取这一类数据。")
    with store.read() as conn:
        pos = first_lacking(conn, asked.scope, {(c.origin, c.inc): c.seq for c in asked.known})
        handle = feed.place_at(conn, feed.handle_of(me.inc, asked.scope), pos)
    return StartAnswer(handle=handle, pos=pos)
