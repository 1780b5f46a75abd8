"""Where one record, number or case is: written when and by whom, counted or not, held by whom, and what it waits for.

Reads only. What this machine cannot know (a terminal does not see what the centre does with a case) is said so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select

from hall.journal import envelope, schema
from hall.journal.admission import Verdict
from hall.journal.envelope import BadRecord
from hall.journal.kernel import DossierRow, dossier_row
from hall.supervision.trace import family
from sync.concerns import above
from sync.join_file import JoinFile
from sync.stand import subtree_of

MOST_RECORDS = 500
"""Of one dossier; the newest are shown."""

_t, _w = schema.record.c, schema.watermark.c
_COUNTS = (Verdict.ACCEPTED.value, Verdict.ADOPTED.value)
_WORDS = {
    Verdict.ACCEPTED.value: "已生效", Verdict.ADOPTED.value: "迟到后被采纳，已生效",
    Verdict.HELD.value: "先到了，暂未生效", Verdict.LATE.value: "迟到，未生效",
    Verdict.QUARANTINED.value: "已隔离，未生效", Verdict.FORKED.value: "同名不同内容，已隔离",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RecordPath:
    """One record as this machine knows it."""

    id: str
    type: str
    dossier: str
    n: int
    origin: str
    inc: str
    seq: int
    actor: str
    at_ms: int
    """By the writer's clock."""
    pos: int
    """Its place in this machine's journal."""
    verdict: str
    verdict_zh: str
    held_by_parent: bool | None
    """None: this machine has no parent."""
    held_by_root: bool | None
    """None: unknown here."""
    waits_for: str
    """Empty when it waits for nothing."""


@dataclass(frozen=True, slots=True)
class DossierPath:
    """One dossier and its records, oldest first."""

    id: str
    kind: str
    owner: str
    """Node id; empty when this machine does not know the dossier's opening."""
    owned_here: bool
    offered_to: str
    waits_for: str
    records: tuple[RecordPath, ...]


@dataclass(frozen=True, slots=True)
class _Seen:
    conn: Connection
    join: JoinFile
    mine: frozenset[str]
    marks: dict[tuple[str, str], tuple[int, int]]


def whereabouts(conn: Connection, join: JoinFile, key: str) -> tuple[DossierPath, ...]:
    """By record id, dossier id, ticket number, case number, package number or session. Empty for an unknown key."""
    marks = {
        (o, i): (p, r) for o, i, p, r in conn.execute(select(_w.origin, _w.inc, _w.held_parent, _w.held_root))
    }
    seen = _Seen(conn, join, subtree_of(join), marks)
    one = conn.execute(_records().where(_t.id == key)).all()
    if one:
        return (_dossier(seen, one[0].dossier, one),)
    dossiers = [d for found in family(conn, key).values() for d in found]
    if conn.scalar(select(_t.pos).where(_t.dossier == key).limit(1)) is not None and key not in dossiers:
        dossiers.append(key)
    return tuple(_dossier(seen, dossier, _of(conn, dossier)) for dossier in dossiers)


def _records() -> Any:
    return select(
        _t.id, _t.type, _t.dossier, _t.n, _t.origin, _t.inc, _t.seq, _t.raw, _t.wall_ms, _t.pos, _t.verdict
    )


def _of(conn: Connection, dossier: str) -> Sequence[Row[Any]]:
    newest = _records().where(_t.dossier == dossier).order_by(_t.n.desc(), _t.pos.desc()).limit(MOST_RECORDS)
    return conn.execute(newest).all()[::-1]


def _dossier(seen: _Seen, dossier: str, records: Sequence[Row[Any]]) -> DossierPath:
    row = dossier_row(seen.conn, dossier)
    paths = tuple(_record(seen, record, row) for record in records)
    if row is None:
        waits = "等它的第 1 条记录到达" if paths else ""
        return DossierPath(dossier, "", "", False, "", waits, paths)
    here = row.owner == seen.join.node_id
    return DossierPath(row.id, row.kind, row.owner, here, row.offered_to or "", _waits(seen, row), paths)


def _waits(seen: _Seen, row: DossierRow) -> str:
    where = "本机" if row.owner == seen.join.node_id else f"机器 {row.owner}"
    if row.offered_to is None:
        return ""
    moved_by = "，对方取走以前仍由" + where + "持有"
    return f"已交出，等“{row.offered_to}”来取{moved_by}"


def _record(seen: _Seen, record: Row[Any], row: DossierRow | None) -> RecordPath:
    mine = record.origin in seen.mine
    parent, root = seen.marks.get((record.origin, record.inc), (0, 0))
    by_parent: bool | None
    by_root: bool | None
    if seen.join.parent is None:
        by_parent, by_root = None, True
    elif mine:
        by_parent, by_root = parent >= record.seq, root >= record.seq
    else:
        # what others wrote came from the parent; of the root a terminal is told about its own records only
        by_parent, by_root = True, True if seen.join.role == "hall" else None
    return RecordPath(
        record.id, record.type, record.dossier, record.n, record.origin, record.inc, record.seq,
        _actor(bytes(record.raw)), record.wall_ms, record.pos, record.verdict,
        _WORDS.get(record.verdict, record.verdict), by_parent, by_root,
        _record_waits(seen, record, row, by_parent=by_parent, by_root=by_root, held_parent=parent),
    )  # fmt: skip


def _record_waits(
    seen: _Seen,
    record: Row[Any],
    row: DossierRow | None,
    *,
    by_parent: bool | None,
    by_root: bool | None,
    held_parent: int,
) -> str:
    up = above(seen.join.role)
    if record.verdict == Verdict.HELD.value:
        return f"等这份卷宗的第 {(row.n if row else 0) + 1} 条记录到达，到了自动生效"
    if record.verdict == Verdict.LATE.value:
        return "等现在持有卷宗的人采纳或不采纳"
    if record.verdict not in _COUNTS:
        return _why_parked(seen.conn, bytes(record.raw))
    if by_parent is False:
        first = seen.conn.scalar(
            select(func.count()).where(
                _t.origin == record.origin, _t.inc == record.inc, _t.seq > held_parent, _t.seq < record.seq
            )
        )
        if first != record.seq - held_parent - 1:
            return f"本机缺它前面的一条记录，不能上传到{up}；请从备份补回"
        return f"等上传到{up}，前面还有 {first} 条"
    if by_root is False:
        return "大厅节点已有，等大厅传到县中心"
    return ""


def _why_parked(conn: Connection, raw: bytes) -> str:
    q = schema.quarantine.c
    found = conn.execute(select(q.code, q.source).where(q.raw == raw)).first()
    if found is None:
        return "不会自动生效；要更正的另办一笔"
    return f"原因 {found.code}，来自 {found.source}；不会自动生效，要更正的另办一笔"


def _actor(raw: bytes) -> str:
    try:
        return envelope.parse(raw).actor
    except BadRecord:
        return ""
