"""What a child still has to send, found in its own journal by position. Queries only, but for marks.

The parent owns the watermarks: pointers start at what `hello` says and follow every answer, downwards too.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, delete, func, insert, or_, select, update

from hall.journal import schema
from hall.journal.ledger import Ledger
from hall.journal.sealing import Wraps
from sync.wire import MAX_BATCH_BYTES, MAX_RECORDS, Head, Mark, Receipt, Run, WrapItem, record_text, wrap_item

Chain = tuple[str, str]
"""(origin, incarnation)"""


@dataclass(frozen=True, slots=True)
class Batch:
    """Runs in the order of the own journal, and where to look on when all of it is held."""

    runs: tuple[Run, ...]
    wraps: tuple[WrapItem, ...]
    next_pos: int
    more: bool
    holes: tuple[Chain, ...]
    """Chains that miss a record here: nothing behind the hole can be sent."""


@dataclass(frozen=True, slots=True)
class OwnHead:
    seq: int
    h: bytes


def heads(conn: Connection, mine: Collection[str]) -> dict[Chain, OwnHead]:
    """Contiguous heads of all chains of this subtree."""
    c = schema.chain_head.c
    rows = conn.execute(select(schema.chain_head).where(c.origin.in_(list(mine))))
    return {(r.origin, r.inc): OwnHead(r.seq, bytes(r.h)) for r in rows}


def hash_at(conn: Connection, chain: Chain, seq: int) -> bytes | None:
    t = schema.record.c
    h = conn.scalar(select(t.h).where(t.origin == chain[0], t.inc == chain[1], t.seq == seq))
    return None if h is None else bytes(h)


def compare(
    conn: Connection, told: Collection[Head], mine: Collection[str]
) -> tuple[list[Chain], list[Chain]]:
    """Chains of which the parent holds more than is here, and chains of which it holds something else."""
    own = heads(conn, mine)
    lacking: list[Chain] = []
    forked: list[Chain] = []
    for head in told:
        chain = (head.origin, head.inc)
        if chain not in own or own[chain].seq < head.seq:
            lacking.append(chain)
        h = hash_at(conn, chain, head.seq)
        if h is not None and h.hex() != head.h:
            forked.append(chain)
    return lacking, forked


def first_pos(conn: Connection, pointers: Mapping[Chain, int], mine: Collection[str]) -> int:
    """Position before the first record that the parent lacks."""
    t, found = schema.record.c, []
    for (origin, inc), head in heads(conn, mine).items():
        held = pointers.get((origin, inc), 0)
        if held >= head.seq:
            continue
        pos = conn.scalar(
            select(func.min(t.pos)).where(t.origin == origin, t.inc == inc, t.seq > held, t.seq <= head.seq)
        )
        if pos is not None:
            found.append(pos)
    last = conn.scalar(select(func.max(t.pos))) or 0
    return min(found, default=last + 1) - 1


def waiting(conn: Connection, pointers: Mapping[Chain, int], mine: Collection[str]) -> int:
    """How many records the parent does not hold yet."""
    return sum(max(0, head.seq - pointers.get(chain, 0)) for chain, head in heads(conn, mine).items())


def next_batch(
    conn: Connection,
    pointers: Mapping[Chain, int],
    mine: Collection[str],
    after_pos: int,
    blocked: Collection[Chain] = (),
    max_records: int = MAX_RECORDS,
    max_bytes: int = MAX_BATCH_BYTES,
) -> Batch:
    """The next records by own position; of each chain only what follows its pointer without a gap."""
    t = schema.record.c
    rows = conn.execute(
        select(t.pos, t.origin, t.inc, t.seq, t.raw, t.dossier)
        .where(t.pos > after_pos, t.origin.in_(list(mine)))
        .order_by(t.pos)
        .limit(max_records * 2)
    ).all()
    at = dict(pointers)
    runs: list[tuple[Chain, int, list[str]]] = []
    dossiers: dict[str, None] = {}
    holes: dict[Chain, None] = {}
    size = count = 0
    next_pos, full = after_pos, False
    for row in rows:
        chain = (row.origin, row.inc)
        held = at.get(chain, 0)
        if chain not in blocked and chain not in holes and row.seq > held:
            group: Sequence[Any] | None = (
                [row] if row.seq == held + 1 else _catch_up(conn, chain, held, row.seq)
            )
            if group is None:
                holes[chain] = None
                next_pos = row.pos
                continue
            for item in group:
                raw = record_text(bytes(item.raw))
                if count == max_records or (count and size + len(item.raw) > max_bytes):
                    full = True
                    break
                if runs and runs[-1][0] == chain and runs[-1][1] + len(runs[-1][2]) == item.seq:
                    runs[-1][2].append(raw)
                else:
                    runs.append((chain, item.seq, [raw]))
                at[chain] = item.seq
                count, size = count + 1, size + len(item.raw)
                dossiers[item.dossier] = None
        if full:
            break
        next_pos = row.pos
    return Batch(
        tuple(Run(origin=c[0], inc=c[1], from_seq=s, records=r) for c, s, r in runs),
        tuple(wraps_for(conn, dossiers)),
        next_pos,
        full or len(rows) == max_records * 2,
        tuple(holes),
    )


def wraps_for(conn: Connection, dossiers: Collection[str]) -> list[WrapItem]:
    k, wanted = schema.dossier_key.c, list(dossiers)
    found: list[WrapItem] = []
    for start in range(0, len(wanted), 400):
        for row in conn.execute(
            select(k.dossier, k.wrap_hall, k.wrap_centre).where(k.dossier.in_(wanted[start : start + 400]))
        ):
            found.append(wrap_item(row.dossier, Wraps(bytes(row.wrap_hall), bytes(row.wrap_centre))))
    return found


def keep_marks(ledger: Ledger, marks: Collection[Mark], receipts: Collection[Receipt]) -> None:
    """Store what the parent said it holds; of receipts the newest of each chain, which proves the rest."""
    w, r = schema.watermark.c, schema.receipt.c
    for mark in marks:
        here = and_(w.origin == mark.origin, w.inc == mark.inc)
        values = {"held_parent": mark.held_parent, "held_root": mark.held_root}
        if ledger.conn.execute(update(schema.watermark).where(here).values(**values)).rowcount == 0:
            ledger.conn.execute(insert(schema.watermark).values(origin=mark.origin, inc=mark.inc, **values))
    for receipt in receipts:
        s = receipt.statement
        ledger.conn.execute(delete(schema.receipt).where(r.origin == s.origin, r.inc == s.inc))
        ledger.conn.execute(
            insert(schema.receipt).values(
                origin=s.origin, inc=s.inc, seq=s.seq, signed=receipt.model_dump_json().encode()
            )
        )


def newest_receipt(conn: Connection) -> Receipt | None:
    """The parent's word with its furthest own position: if it was restored since, this proves it."""
    kept = [Receipt.model_validate_json(bytes(raw)) for raw in conn.scalars(select(schema.receipt.c.signed))]
    return max(kept, key=lambda receipt: receipt.statement.pos, default=None)


def held_root(conn: Connection, chains: Collection[Chain]) -> dict[Chain, int]:
    w = schema.watermark.c
    if not chains:
        return {}
    rows = conn.execute(
        select(schema.watermark).where(or_(*(and_(w.origin == o, w.inc == i) for o, i in chains)))
    )
    return {(r.origin, r.inc): r.held_root for r in rows}


def _catch_up(conn: Connection, chain: Chain, held: int, seq: int) -> Sequence[Any] | None:
    """Records of a chain that lie further on in the journal than one that follows them; None for a hole."""
    t = schema.record.c
    rows = conn.execute(
        select(t.seq, t.raw, t.dossier)
        .where(t.origin == chain[0], t.inc == chain[1], t.seq > held, t.seq <= seq)
        .order_by(t.seq)
    ).all()
    return list(rows) if len(rows) == seq - held else None
