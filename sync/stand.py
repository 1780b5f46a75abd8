"""How a machine's exchange stands, read from its own tables: what is held here, by the parent, at the root.

Reads only, so it answers the same beside a running program and after its end. Words for people: sync.concerns.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from hall.journal import schema
from hall.journal.admission import Verdict
from hall.journal.blobs import BlobStore
from hall.journal.marking import is_blob_name
from hall.queueing import pair_views as pair
from sync import rows
from sync.join_file import JoinFile

WAITING = "waiting"
"""Of a late record that nobody has judged."""
_t, _c, _w = schema.record.c, schema.chain_head.c, schema.watermark.c


@dataclass(frozen=True, slots=True)
class ChainStand:
    """One chain of this machine's subtree."""

    origin: str
    inc: str
    held_here: int
    held_parent: int
    held_root: int
    newest: int
    """Above `held_here` where a record is missing here: nothing behind the hole can be sent."""
    waiting_since_ms: int | None
    """Writer's clock of the first record that the parent lacks."""
    below_root_since_ms: int | None
    """Likewise of the first that the parent has and the root has not said to hold."""
    receipt: int
    """Up to here the parent has signed for it; 0 for nothing."""

    @property
    def waiting(self) -> int:
        return max(0, self.held_here - self.held_parent)

    @property
    def below_root(self) -> int:
        """What the parent has and the root has not said to hold."""
        return max(0, min(self.held_here, self.held_parent) - self.held_root)


@dataclass(frozen=True, slots=True)
class FeedStand:
    scope: str
    handle: str
    pos: int


@dataclass(frozen=True, slots=True)
class Stand:
    """Everything at one moment."""

    node_id: str
    inc: str
    role: str
    hall: str
    settled: bool
    suspect: bool
    has_parent: bool
    paired: bool
    """One of a hall's two nodes."""
    follows: str
    """The other one, where this one stands by: it hears and tells that one instead of the centre. Empty elsewhere."""
    last_pos: int
    chains: tuple[ChainStand, ...]
    """Of this machine and those below it."""
    feeds: tuple[FeedStand, ...]
    blobs_waiting: int
    blobs_waiting_bytes: int
    blobs_awaited: int
    """At node and centre: scans that records name and that no machine has brought yet."""
    quarantine: tuple[tuple[str, int], ...]
    """(code, how many) of those that nobody has gone through yet"""
    reviewed: int
    """How many somebody has (sync.reviewed)."""
    held: int
    held_since_ms: int | None
    late: int
    """Late facts that nobody has adopted or rejected."""
    asks_open: int

    @property
    def waiting(self) -> int:
        return sum(chain.waiting for chain in self.chains)

    @property
    def below_root(self) -> int:
        return sum(chain.below_root for chain in self.chains)

    @property
    def waiting_since_ms(self) -> int | None:
        since = [chain.waiting_since_ms for chain in self.chains if chain.waiting_since_ms is not None]
        return min(since, default=None)

    @property
    def below_root_since_ms(self) -> int | None:
        since = [c.below_root_since_ms for c in self.chains if c.below_root_since_ms is not None]
        return min(since, default=None)

    @property
    def holes(self) -> tuple[ChainStand, ...]:
        return tuple(chain for chain in self.chains if chain.newest > chain.held_here)


class NeverRun(Exception):
    """The database has no machine in it yet."""


def subtree_of(join: JoinFile) -> frozenset[str]:
    """This machine and those below it: whose records it sends up."""
    return frozenset((join.node_id, *(n for child in join.children for n in (child.node_id, *child.subtree))))


def followed(conn: Connection, join: JoinFile) -> str:
    """The other node of a pair, as long as it serves as far as this one has heard."""
    if join.peer is None:
        return ""
    first = join.peer.node_id if join.stands_by else join.node_id
    told = pair.opened_last(conn, (join.node_id, join.peer.node_id))
    serves = first if told is None else told[1]
    return serves if serves == join.peer.node_id else ""


def stand_of(conn: Connection, join: JoinFile, blobs: BlobStore, reviewed: int = 0) -> Stand:
    """`reviewed`: the last in the quarantine that a person has gone through. Raises NeverRun."""
    me = conn.execute(select(schema.machine)).mappings().first()
    if me is None:
        raise NeverRun
    follows = followed(conn, join)
    has_parent = join.parent is not None or bool(follows)
    waiting, awaited = _blobs(conn, blobs)
    held = conn.execute(
        select(func.count(), func.min(_t.wall_ms)).where(_t.verdict == Verdict.HELD.value)
    ).one()
    q, late, ask, place = schema.quarantine.c, schema.late.c, schema.ask.c, schema.feed_place.c
    codes = conn.execute(select(q.code, func.count()).where(q.no > reviewed).group_by(q.code)).all()
    return Stand(
        node_id=me["node_id"],
        inc=me["inc"],
        role=me["role"],
        hall=me["hall"],
        settled=me["settled"],
        suspect=me["suspect"],
        has_parent=has_parent,
        paired=join.peer is not None,
        follows=follows,
        last_pos=conn.scalar(select(func.max(_t.pos))) or 0,
        chains=_chains(conn, subtree_of(join), has_parent, follows),
        feeds=tuple(
            FeedStand(*row) for row in conn.execute(select(place.scope, place.handle, place.pos)).all()
        ),
        blobs_waiting=len(waiting) if has_parent else 0,
        blobs_waiting_bytes=sum(waiting) if has_parent else 0,
        blobs_awaited=awaited if join.role != "terminal" else 0,
        quarantine=_by_kind([(code, count) for code, count in codes]),
        reviewed=conn.scalar(select(func.count()).where(q.no <= reviewed)) or 0,
        held=held[0],
        held_since_ms=held[1],
        late=conn.scalar(select(func.count()).where(late.verdict == WAITING)) or 0,
        asks_open=conn.scalar(select(func.count()).where(ask.open)) or 0,
    )


def _chains(
    conn: Connection, mine: Collection[str], has_parent: bool, follows: str
) -> tuple[ChainStand, ...]:
    marks = {
        (o, i): (p, r) for o, i, p, r in conn.execute(select(_w.origin, _w.inc, _w.held_parent, _w.held_root))
    }
    found = []
    heads = conn.execute(
        select(_c.origin, _c.inc, _c.seq).where(_c.origin.in_(mine)).order_by(_c.origin, _c.inc)
    ).all()
    r = schema.receipt.c
    for origin, inc, seq in heads:
        parent, root = marks.get((origin, inc), (0, 0)) if has_parent else (seq, seq)
        if origin == follows:
            # its writer needs no copy of it, and says nothing of it
            parent = seq
        in_chain = (_t.origin == origin, _t.inc == inc)
        since = _wall_ms(conn, origin, inc, parent + 1) if parent < seq else None
        below_root = _wall_ms(conn, origin, inc, root + 1) if root < min(parent, seq) else None
        newest = conn.scalar(select(func.max(_t.seq)).where(*in_chain)) or seq
        signed = conn.scalar(select(func.max(r.seq)).where(r.origin == origin, r.inc == inc)) or 0
        found.append(
            ChainStand(origin, inc, seq, min(parent, seq), min(root, seq), newest, since, below_root, signed)
        )
    return tuple(found)


def _wall_ms(conn: Connection, origin: str, inc: str, seq: int) -> int | None:
    return conn.scalar(select(_t.wall_ms).where(_t.origin == origin, _t.inc == inc, _t.seq == seq))


def _blobs(conn: Connection, blobs: BlobStore) -> tuple[list[int], int]:
    """Sizes of those that lie here unsent, and how many are named but not here."""
    sizes, away = [], 0
    for (digest,) in rows.UNSENT.all(conn):
        if not is_blob_name(digest):
            continue
        try:
            sizes.append(blobs.size(digest))
        except OSError:
            away += 1
    return sizes, away


def _by_kind(codes: Collection[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    """What stands behind a colon differs from record to record."""
    found: dict[str, int] = {}
    for code, count in codes:
        kind = code.partition(":")[0]
        found[kind] = found.get(kind, 0) + count
    return tuple(sorted(found.items()))
