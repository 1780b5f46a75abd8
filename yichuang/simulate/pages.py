"""What a reader of the feed is shown from the simulated disk, where it begins, and the walks along its records."""

from collections import Counter
from collections.abc import Iterable

from hall.journal.book import SHELVED
from hall.journal.prepared import Row
from sync import rows as sync
from yichuang.simulate.disk import Rec, SimDisk


def of_dossier(d: SimDisk, dossier: str) -> Iterable[Rec]:
    records = d.tables.records
    return (records[pos] for pos in d.tables.of_dossier.get(dossier, ()))


def after_pos(d: SimDisk, pos: int) -> Iterable[Rec]:
    records = d.tables.records
    return (rec for p in range(pos + 1, max(records, default=0) + 1) if (rec := records.get(p)) is not None)


def page(found: Iterable[Rec], most: int) -> list[Row]:
    return [
        (r.pos, r.raw, r.dossier, r.origin, r.inc, r.seq, r.h, r.type)
        for r, _ in zip(found, range(most), strict=False)
    ]


def page_of_queue(d: SimDisk, after: int, mine: list[str], most: int) -> list[Row]:
    kinds = sync.QUEUE_SCOPES
    return page(
        (r for r in after_pos(d, after) if (r.origin in mine if r.type == SHELVED else r.scope in kinds)),
        most,
    )


def page_of_hall(d: SimDisk, after: int, mine: list[str], closings: str, most: int) -> list[Row]:
    names = set(mine)

    def shown(r: Rec) -> bool:
        if r.origin in names:
            return True
        if r.type == SHELVED:
            return False
        if r.dossier == closings or any(other.origin in names for other in of_dossier(d, r.dossier)):
            return True
        row = d.tables.dossiers.get(r.dossier)
        return row is not None and (row[3] in names or row[6] in names)

    return page((r for r in after_pos(d, after) if shown(r)), most)


def counted(d: SimDisk) -> list[Row]:
    heads = d.tables.heads
    there = Counter((o, i) for o, i, seq in d.tables.chains if seq <= heads.get((o, i), (0, b""))[0])
    return sorted((*chain, n) for chain, n in there.items())


def _beyond(d: SimDisk, origin: str, inc: str, seq: int) -> Iterable[Rec]:
    chains, last = d.tables.chains, d.tables.last_seq.get((origin, inc), 0)
    places = (chains.get((origin, inc, s)) for s in range(seq + 1, last + 1))
    return (d.tables.records[pos] for pos in places if pos is not None)


def first_beyond(d: SimDisk, origin: str, inc: str, seq: int) -> list[Row]:
    return [(min((r.pos for r in _beyond(d, origin, inc, seq) if r.type != SHELVED), default=None),)]


def some_beyond(d: SimDisk, origin: str, inc: str, seq: int, most: int) -> list[Row]:
    found = [r.pos for r, _ in zip(_beyond(d, origin, inc, seq), range(most), strict=False)]
    return [(min(found, default=None), len(found))]
