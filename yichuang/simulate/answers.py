"""What each statement of the journal and of sync means on the simulated disk.

A test compares with SQLite: the same schedule on both ends with the same rows.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from hall.journal import rows as journal
from hall.journal.admission import Verdict
from hall.journal.facts import ClaimAnswered, DossierMoved, DossierOffered, DossierSeized
from hall.journal.prepared import Prepared, Row
from sync import rows as sync
from yichuang.simulate.closed_answers import CLOSED
from yichuang.simulate.disk import Answer, Broken, Rec, SimDisk
from yichuang.simulate.pages import (
    after_pos,
    counted,
    first_beyond,
    of_dossier,
    page,
    page_of_hall,
    page_of_queue,
    some_beyond,
)

HELD, ACCEPTED = Verdict.HELD.value, Verdict.ACCEPTED.value
_COUNTED = (Verdict.ACCEPTED.value, Verdict.LATE.value)


# -- records ------------------------------------------------------------------------------------------------


def _add_record(d: SimDisk, **values: Any) -> int:
    rec, t = Rec(**values), d.tables
    if rec.id in t.ids or (rec.origin, rec.inc, rec.seq) in t.chains or rec.pos in t.records:
        raise Broken("a record under a name that is taken")
    d.put(t.records, rec.pos, rec)
    d.put(t.ids, rec.id, rec.pos)
    d.put(t.chains, (rec.origin, rec.inc, rec.seq), rec.pos)
    chain = (rec.origin, rec.inc)
    d.put(t.last_seq, chain, max(rec.seq, t.last_seq.get(chain, 0)))
    d.put(t.of_dossier, rec.dossier, (*t.of_dossier.get(rec.dossier, ()), rec.pos))
    if rec.verdict == HELD:
        d.put(t.held, rec.pos, None)
    return 1


def _drop_record(d: SimDisk, its_pos: int) -> int:
    t = d.tables
    rec = t.records[its_pos]
    d.drop(t.records, its_pos)
    d.drop(t.ids, rec.id)
    d.drop(t.chains, (rec.origin, rec.inc, rec.seq))
    chain, left = (rec.origin, rec.inc), t.last_seq[rec.origin, rec.inc]
    while left and (*chain, left) not in t.chains:
        left -= 1
    if left:
        d.put(t.last_seq, chain, left)
    else:
        d.drop(t.last_seq, chain)
    d.drop(t.held, its_pos)
    d.put(t.of_dossier, rec.dossier, tuple(p for p in t.of_dossier[rec.dossier] if p != its_pos))
    return 1


def _set_verdict(d: SimDisk, its_pos: int, verdict: str) -> int:
    t = d.tables
    d.put(t.records, its_pos, t.records[its_pos]._replace(verdict=verdict))
    if verdict == HELD:
        d.put(t.held, its_pos, None)
    else:
        d.drop(t.held, its_pos)
    return 1


def _rec(d: SimDisk, pos: int | None) -> list[Rec]:
    return [] if pos is None else [d.tables.records[pos]]


def _at(d: SimDisk, origin: str, inc: str, seq: int) -> list[Rec]:
    return _rec(d, d.tables.chains.get((origin, inc, seq)))


def _named(d: SimDisk, record_id: str) -> list[Rec]:
    return _rec(d, d.tables.ids.get(record_id))


def _held_up_to(d: SimDisk, dossier: str, n: int) -> list[Row]:
    found = [r for pos in d.tables.held if (r := d.tables.records[pos]).dossier == dossier and r.n <= n]
    return [(r.pos, r.raw) for r in sorted(found, key=lambda r: (r.n, r.pos))]


def _holding_among(d: SimDisk, dossiers: list[str]) -> list[Row]:
    return [(name,) for name in {d.tables.records[pos].dossier for pos in d.tables.held} & set(dossiers)]


def _set_head(d: SimDisk, its_origin: str, its_inc: str, seq: int, h: bytes) -> int:
    if (its_origin, its_inc) not in d.tables.heads:
        return 0
    d.put(d.tables.heads, (its_origin, its_inc), (seq, h))
    return 1


def _add_head(d: SimDisk, origin: str, inc: str, seq: int, h: bytes) -> int:
    d.put(d.tables.heads, (origin, inc), (seq, h))
    return 1


def _between(d: SimDisk, origin: str, inc: str, held: int, seq: int) -> list[Row]:
    t = d.tables
    places = (t.chains.get((origin, inc, s)) for s in range(held + 1, seq + 1))
    found = (t.records[pos] for pos in places if pos is not None)
    return [(r.seq, r.raw, r.dossier) for r in found]


def _first_pos(d: SimDisk, origin: str, inc: str, held: int, seq: int) -> list[Row]:
    places = (d.tables.chains.get((origin, inc, s)) for s in range(held + 1, seq + 1))
    return [(min((pos for pos in places if pos is not None), default=None),)]


def _next(d: SimDisk, after: int, mine: list[str], most: int) -> list[Row]:
    found = (r for r in after_pos(d, after) if r.origin in mine)
    return [
        (r.pos, r.origin, r.inc, r.seq, r.raw, r.dossier) for r, _ in zip(found, range(most), strict=False)
    ]


# -- dossiers -----------------------------------------------------------------------------------------------


def _set_dossier(d: SimDisk, its_id: str, owner: str, token: str, n: int, offered_to: str | None) -> int:
    key, kind, scope, *_ = d.tables.dossiers[its_id]
    d.put(d.tables.dossiers, its_id, (key, kind, scope, owner, token, n, offered_to))
    return 1


def _add_dossier(d: SimDisk, **v: Any) -> int:
    row = (v["id"], v["kind"], v["scope"], v["owner"], v["token"], v["n"], v["offered_to"])
    d.put(d.tables.dossiers, v["id"], row)
    return 1


def _commands(d: SimDisk, command_id: str) -> list[Row]:
    return sorted((pos,) for name, pos in d.tables.commands if name == command_id)


def _add_key(d: SimDisk, dossier: str, wrap_hall: bytes, wrap_centre: bytes, data_key: bytes | None) -> int:
    d.put(d.tables.keys, dossier, (wrap_hall, wrap_centre, data_key))
    return 1


def _forget_key(
    d: SimDisk, its_dossier: str, wrap_hall: bytes, wrap_centre: bytes, data_key: bytes | None
) -> int:
    if its_dossier not in d.tables.keys:
        return 0
    return _add_key(d, its_dossier, wrap_hall, wrap_centre, data_key)


def _key(d: SimDisk, dossier: str) -> list[Row]:
    found = d.tables.keys.get(dossier)
    return [] if found is None else [(dossier, found[2])]


def _park(d: SimDisk, source: str, code: str, raw: bytes) -> int:
    d.put(d.tables.quarantine, max(d.tables.quarantine, default=0) + 1, (source, code, raw))
    return 1


def _forget(d: SimDisk, table: dict[Any, Any], keys: Iterable[Any]) -> int:
    return sum(d.drop(table, key) for key in list(keys))


def _forget_commands(d: SimDisk, dossier: str) -> int:
    places = set(d.tables.of_dossier.get(dossier, ()))
    return _forget(d, d.tables.commands, (c for c in d.tables.commands if c[1] in places))


def _set_identity(d: SimDisk, **values: Any) -> int:
    for name, value in values.items():
        d.put(d.tables.machine, name, value)
    return 1


def _put(d: SimDisk, table: dict[Any, Any], key: Any, value: Any) -> int:
    d.put(table, key, value)
    return 1


JOURNAL: Mapping[Prepared, Answer] = {
    journal.HEAD: lambda d, origin, inc: [h] if (h := d.tables.heads.get((origin, inc))) else [],
    journal.ADD_HEAD: _add_head,
    journal.SET_HEAD: _set_head,
    journal.LAST_POS: lambda d: [(max(d.tables.records, default=None),)],
    journal.ADD_RECORD: _add_record,
    journal.AHEAD: lambda d, origin, inc, seq: [(r.h, r.raw, r.type) for r in _at(d, origin, inc, seq)],
    journal.RECORD_NAMED: lambda d, id: [(r.raw,) for r in _named(d, id)],
    journal.NAMED_BUT: lambda d, id, but_type: [(r.raw,) for r in _named(d, id) if r.type != but_type],
    journal.HASH_AT_POS: lambda d, pos: [(d.tables.records[pos].h,)] if pos in d.tables.records else [],
    journal.RECORD_AT: lambda d, pos: [(d.tables.records[pos].raw,)] if pos in d.tables.records else [],
    journal.OPENED_HERE: lambda d, dossier, origin, inc: [
        (r.pos,) for r in of_dossier(d, dossier) if (r.n, r.origin, r.inc) == (1, origin, inc)
    ],
    journal.OPENER: lambda d, dossier: [
        (r.origin,) for r in of_dossier(d, dossier) if r.n == 1 and r.verdict == "accepted"
    ],
    journal.OF_DOSSIER: lambda d, dossier, but_type, but_verdict: [
        (r.pos, r.raw) for r in of_dossier(d, dossier) if r.type != but_type and r.verdict != but_verdict
    ],
    journal.NAMED_AMONG: lambda d, ids: [(i,) for i in ids if i in d.tables.ids],
    journal.CHAINS_OF: lambda d, origin: sorted(
        (inc, last) for (its, inc), last in d.tables.last_seq.items() if its == origin
    ),
    journal.LAST_SEQ: lambda d, origin, inc: [(d.tables.last_seq.get((origin, inc)),)],
    journal.HOLDING_AMONG: _holding_among,
    journal.HELD: _held_up_to,
    journal.SET_VERDICT: _set_verdict,
    journal.CHAIN_FROM: lambda d, origin, inc, seq: [
        (r.pos, r.raw, r.dossier, r.type, r.h)
        for s in range(seq, d.tables.last_seq.get((origin, inc), 0) + 1)
        for r in _at(d, origin, inc, s)
    ],
    journal.DROP_RECORD: _drop_record,
    journal.DROP_COMMANDS: lambda d, position: _forget(
        d, d.tables.commands, (c for c in d.tables.commands if c[1] == position)
    ),
    journal.DOSSIER: lambda d, id: [row] if (row := d.tables.dossiers.get(id)) else [],
    journal.ADD_DOSSIER: _add_dossier,
    journal.SET_DOSSIER: _set_dossier,
    journal.ADD_COMMAND: lambda d, command_id, position: _put(
        d, d.tables.commands, (command_id, position), None
    ),
    journal.COMMAND_PLACES: _commands,
    journal.DONE_BY: lambda d, command_id, nodes: [
        (pos,) for (pos,) in _commands(d, command_id) if d.tables.records[pos].origin in nodes
    ],
    journal.BLOB: lambda d, digest: [(digest,)] if digest in d.tables.blobs else [],
    journal.ADD_BLOB: lambda d, digest, dossier: _put(d, d.tables.blobs, digest, dossier),
    journal.KEY: _key,
    journal.ADD_KEY: _add_key,
    journal.FORGET_KEY: _forget_key,
    journal.PARKED: lambda d: list(d.tables.quarantine.values()),
    journal.PARKED_AS: lambda d, codes, after: [
        (no, code, raw) for no, (_, code, raw) in d.tables.quarantine.items() if code in codes and no > after
    ],
    journal.PARK: _park,
    journal.UNPARK: lambda d, code: _forget(
        d, d.tables.quarantine, (no for no, row in d.tables.quarantine.items() if row[1] == code)
    ),
    journal.ADD_LATE: lambda d, id, dossier, verdict: _put(d, d.tables.late, id, (dossier, verdict, None)),
    journal.DROP_LATE: lambda d, its_id: d.drop(d.tables.late, its_id),
    journal.FORGET_DOSSIER: lambda d, dossier: d.drop(d.tables.dossiers, dossier),
    journal.FORGET_LATE: lambda d, dossier: _forget(
        d, d.tables.late, (k for k, v in d.tables.late.items() if v[0] == dossier)
    ),
    journal.FORGET_BLOBS: lambda d, dossier: _forget(
        d, d.tables.blobs, (k for k, v in d.tables.blobs.items() if v == dossier)
    ),
    journal.FORGET_COMMANDS: _forget_commands,
    journal.SET_IDENTITY: _set_identity,
}


# -- sync ---------------------------------------------------------------------------------------------------


def _set_mark(d: SimDisk, its_origin: str, its_inc: str, held_parent: int, held_root: int) -> int:
    if (its_origin, its_inc) not in d.tables.marks:
        return 0
    return _put(d, d.tables.marks, (its_origin, its_inc), (held_parent, held_root))


def _receipts(d: SimDisk, origin: str, inc: str | None = None) -> list[tuple[int, bytes]]:
    found = d.tables.receipts.items()
    return sorted((k[2], v) for k, v in found if k[0] == origin and inc in (None, k[1]))


def _set_place(d: SimDisk, its_scope: str, handle: str, pos: int) -> int:
    if its_scope not in d.tables.places:
        return 0
    return _put(d, d.tables.places, its_scope, (handle, pos))


def _close_asks(d: SimDisk, me: str) -> int:
    t = d.tables
    done = [k for k, v in t.asks.items() if v[3] and (row := t.dossiers.get(v[0])) and row[3] == me]
    for key in done:
        d.put(t.asks, key, (*t.asks[key][:3], False))
    return len(done)


def _offered_below(d: SimDisk, owners: list[str]) -> list[Row]:
    return [row for row in d.tables.dossiers.values() if row[6] is not None and row[3] in owners]


def _open_asks(d: SimDisk, owners: list[str]) -> list[Row]:
    offered = {row[0] for row in _offered_below(d, owners)}
    return [(v[0], key, v[2]) for key, v in d.tables.asks.items() if v[3] and v[0] in offered]


def _first_seizure(d: SimDisk, dossier: str) -> list[Row]:
    found = [
        r.n for r in of_dossier(d, dossier) if f"{r.type}" == DossierSeized.TYPE and r.verdict in _COUNTED
    ]
    return [(min(found, default=None),)]


def _moves(d: SimDisk, dossier: str) -> list[Row]:
    found = [r for r in of_dossier(d, dossier) if r.type == DossierMoved.TYPE and r.verdict == ACCEPTED]
    return [(r.raw,) for r in sorted(found, key=lambda r: -r.n)]


def _held(d: SimDisk, kind: str) -> list[Rec]:
    found = (d.tables.records[pos] for pos in sorted(d.tables.held))
    return sorted((r for r in found if r.type == kind), key=lambda r: r.n)


SYNC: Mapping[Prepared, Answer] = {
    sync.HEADS: lambda d, mine: [(*c, *head) for c, head in d.tables.heads.items() if c[0] in mine],
    sync.HASH_AT: lambda d, origin, inc, seq: [(r.h,) for r in _at(d, origin, inc, seq)],
    sync.FIRST_POS: _first_pos,
    sync.NEXT: _next,
    sync.BETWEEN: _between,
    sync.BYTES_BETWEEN: lambda d, **where: [(sum(len(row[1]) for row in _between(d, **where)),)],
    sync.WRAPS: lambda d, dossiers: [
        (k, *w[:2]) for k in dict.fromkeys(dossiers) if (w := d.tables.keys.get(k))
    ],
    sync.SET_MARK: _set_mark,
    sync.ADD_MARK: lambda d, origin, inc, held_parent, held_root: _put(
        d, d.tables.marks, (origin, inc), (held_parent, held_root)
    ),
    sync.MARKS: lambda d, origins: [(*c, *m) for c, m in d.tables.marks.items() if c[0] in origins],
    sync.FORGET_RECEIPTS: lambda d, origin, inc: _forget(
        d, d.tables.receipts, (k for k in d.tables.receipts if k[:2] == (origin, inc))
    ),
    sync.FORGET_RECEIPTS_BUT: lambda d, origins: _forget(
        d, d.tables.receipts, (k for k in d.tables.receipts if k[0] not in origins)
    ),
    sync.FORGET_RECEIPT: lambda d, origin, inc, seq: d.drop(d.tables.receipts, (origin, inc, seq)),
    sync.ADD_RECEIPT: lambda d, origin, inc, seq, signed: _put(
        d, d.tables.receipts, (origin, inc, seq), signed
    ),
    sync.RECEIPTS: lambda d: [(signed,) for signed in d.tables.receipts.values()],
    sync.WORDS_OF: lambda d, origin: [(signed,) for _, signed in _receipts(d, origin)],
    sync.WORDS_AFTER: lambda d, origin, inc, seq: [(w,) for s, w in _receipts(d, origin, inc) if s > seq],
    sync.TWO_BEFORE: lambda d, origin, inc, seq: [
        (s,) for s, _ in _receipts(d, origin, inc)[::-1] if s < seq
    ][:2],
    sync.ONE_FROM: lambda d, origin, inc, seq: [(s,) for s, _ in _receipts(d, origin, inc) if s >= seq][:1],
    sync.PLACE: lambda d, scope: [p] if (p := d.tables.places.get(scope)) else [],
    sync.SET_PLACE: _set_place,
    sync.ADD_PLACE: lambda d, scope, handle, pos: _put(d, d.tables.places, scope, (handle, pos)),
    sync.ALL_HEADS: lambda d: sorted((o, i, seq) for (o, i), (seq, _) in d.tables.heads.items()),
    sync.ALL_CHAINS: lambda d: sorted({chain[:2] for chain in d.tables.chains}),
    sync.COUNTED_RECORDS: counted,
    sync.SEQS: lambda d, origin, inc: [
        (r.seq,)
        for s in range(1, d.tables.last_seq.get((origin, inc), 0) + 1)
        for r in _at(d, origin, inc, s)
    ],
    sync.SOME_BEYOND: some_beyond,
    sync.FIRST_BEYOND: first_beyond,
    sync.PAGE_OWN: lambda d, after, mine, most: page(
        (r for r in after_pos(d, after) if r.origin in mine), most
    ),
    sync.PAGE_QUEUE: page_of_queue,
    sync.PAGE_ALL: lambda d, after, most: page(after_pos(d, after), most),
    sync.PAGE_HALL: page_of_hall,
    sync.UNSENT: lambda d: [(b,) for b in sorted(d.tables.blobs) if b not in d.tables.sent],
    sync.SENT: lambda d, digest: [(digest,)] if digest in d.tables.sent else [],
    sync.ADD_SENT: lambda d, digest: _put(d, d.tables.sent, digest, None),
    sync.FORGET_SENT: lambda d: _forget(d, d.tables.sent, d.tables.sent),
    sync.NAMED_BLOBS: lambda d: [(digest,) for digest in sorted(d.tables.blobs)],
    sync.ASK: lambda d, id: [(id,)] if id in d.tables.asks else [],
    sync.ADD_ASK: lambda d, id, dossier, asker, actor, open: _put(
        d, d.tables.asks, id, (dossier, asker, actor, open)
    ),
    sync.CLOSE_ASKS: _close_asks,
    sync.OFFERED_BELOW: _offered_below,
    sync.OPEN_ASKS: _open_asks,
    sync.HELD_MOVES: lambda d: [(r.dossier, r.raw) for r in _held(d, DossierMoved.TYPE)],
    sync.HELD_OFFERS: lambda d, owner: [
        (r.id, r.dossier, r.raw) for r in _held(d, DossierOffered.TYPE) if r.origin == owner
    ],
    sync.CLAIMS_TAKEN: lambda d, takers: [
        (r.id, r.raw) for r in after_pos(d, 0) if r.origin in takers and r.type == ClaimAnswered.TYPE
    ],
    sync.FIRST_SEIZURE: _first_seizure,
    sync.COUNTED_AFTER: lambda d, dossier, n: [
        (r.raw,) for r in of_dossier(d, dossier) if r.n > n and r.verdict in _COUNTED
    ],
    sync.MOVES: _moves,
}

ANSWERS: Mapping[Prepared, Answer] = {**JOURNAL, **CLOSED, **SYNC}
