"""What a child still has to send, found in its own journal by position. Queries only, but for marks.

The parent owns the watermarks: pointers start at what `hello` says and follow every answer, downwards too.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from hall.journal.ledger import Ledger
from hall.journal.port import JournalPort
from hall.journal.prepared import Row
from hall.journal.rows import LAST_POS
from hall.journal.sealing import Wraps
from sync import rows
from sync.wire import MAX_BATCH_BYTES, MAX_RECORDS, Head, Mark, Receipt, Run, WrapItem, record_text, wrap_item

Chain = tuple[str, str]
"""(origin, incarnation)"""
_WRAPS_AT_ONCE = 256


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
    found = rows.HEADS.all(conn, mine=list(mine))
    return {(origin, inc): OwnHead(seq, bytes(h)) for origin, inc, seq, h in found}


def hash_at(conn: Connection, chain: Chain, seq: int) -> bytes | None:
    h = rows.HASH_AT.scalar(conn, origin=chain[0], inc=chain[1], seq=seq)
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
    # read first: each query sees its own moment, and what is written between them must lie behind this place
    last = LAST_POS.scalar(conn) or 0
    found = []
    for (origin, inc), head in heads(conn, mine).items():
        held = pointers.get((origin, inc), 0)
        if held >= head.seq:
            continue
        pos = rows.FIRST_POS.scalar(conn, origin=origin, inc=inc, held=held, seq=head.seq)
        if pos is not None:
            found.append(pos)
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
    ahead = rows.NEXT.all(conn, after=after_pos, mine=list(mine), most=max_records * 2)
    at = dict(pointers)
    runs: list[tuple[Chain, int, list[str]]] = []
    dossiers: dict[str, None] = {}
    holes: dict[Chain, None] = {}
    size = count = 0
    next_pos, full = after_pos, False
    for pos, origin, inc, seq, its_raw, its_dossier in ahead:
        chain = (origin, inc)
        held = at.get(chain, 0)
        if chain not in blocked and chain not in holes and seq > held:
            group = [(seq, its_raw, its_dossier)] if seq == held + 1 else _catch_up(conn, chain, held, seq)
            if group is None:
                holes[chain] = None
                next_pos = pos
                continue
            for place, raw, dossier in group:
                if count == max_records or (count and size + len(raw) > max_bytes):
                    full = True
                    break
                if runs and runs[-1][0] == chain and runs[-1][1] + len(runs[-1][2]) == place:
                    runs[-1][2].append(record_text(bytes(raw)))
                else:
                    runs.append((chain, place, [record_text(bytes(raw))]))
                at[chain] = place
                count, size = count + 1, size + len(raw)
                dossiers[dossier] = None
        if full:
            break
        next_pos = pos
    return Batch(
        tuple(Run(origin=c[0], inc=c[1], from_seq=s, records=r) for c, s, r in runs),
        tuple(wraps_for(conn, dossiers)),
        next_pos,
        full or len(ahead) == max_records * 2,
        tuple(holes),
    )


def wraps_for(conn: Connection, dossiers: Collection[str]) -> list[WrapItem]:
    wanted = list(dossiers)
    found: list[WrapItem] = []
    for start in range(0, len(wanted), _WRAPS_AT_ONCE):
        for dossier, hall, centre in rows.WRAPS.all(conn, dossiers=wanted[start : start + _WRAPS_AT_ONCE]):
            found.append(wrap_item(dossier, Wraps(bytes(hall), bytes(centre))))
    return found


def keeps(store: JournalPort, marks: Collection[Mark]) -> bool:
    """Whether just this is stored of what the parent says it holds."""
    with store.read() as conn:
        known = {tuple(row) for row in rows.MARKS.all(conn, origins=sorted({m.origin for m in marks}))}
    return known.issuperset((m.origin, m.inc, m.held_parent, m.held_root) for m in marks)


def keep_marks(ledger: Ledger, marks: Collection[Mark], receipts: Collection[Receipt]) -> None:
    """Store what the parent said it holds; of receipts the newest of each chain, which proves the rest."""
    conn = ledger.conn
    for mark in marks:
        values = {"held_parent": mark.held_parent, "held_root": mark.held_root}
        if rows.SET_MARK.run(conn, its_origin=mark.origin, its_inc=mark.inc, **values) == 0:
            rows.ADD_MARK.run(conn, origin=mark.origin, inc=mark.inc, **values)
    for receipt in receipts:
        s = receipt.statement
        rows.FORGET_RECEIPTS.run(conn, origin=s.origin, inc=s.inc)
        rows.ADD_RECEIPT.run(
            conn, origin=s.origin, inc=s.inc, seq=s.seq, signed=receipt.model_dump_json().encode()
        )


def newest_receipt(conn: Connection, parent: str) -> Receipt | None:
    """The parent's word with its furthest own position: if it was restored since, this proves it."""
    kept = [Receipt.model_validate_json(bytes(raw)) for (raw,) in rows.RECEIPTS.all(conn)]
    kept = [receipt for receipt in kept if receipt.statement.by == parent]
    return max(kept, key=lambda receipt: receipt.statement.pos, default=None)


def held_root(conn: Connection, chains: Collection[Chain]) -> dict[Chain, int]:
    wanted = set(chains)
    if not wanted:
        return {}
    found = rows.MARKS.all(conn, origins=sorted({origin for origin, _ in wanted}))
    return {(origin, inc): held for origin, inc, _, held in found if (origin, inc) in wanted}


def _catch_up(conn: Connection, chain: Chain, held: int, seq: int) -> list[Row] | None:
    """Records of a chain that lie further on in the journal than one that follows them; None for a hole."""
    found = rows.BETWEEN.all(conn, origin=chain[0], inc=chain[1], held=held, seq=seq)
    return found if len(found) == seq - held else None
