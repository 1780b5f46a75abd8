"""Prove that a journal is whole: bytes, chains, tokens, verdicts, tables, receipts. Writes nothing."""

import json
import re
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import DBAPIError

from hall.journal import envelope, schema
from hall.journal.admission import Verdict
from hall.journal.book import PENDING, SHELVED, follows
from hall.journal.codec import EventTypes
from hall.journal.envelope import GENESIS, BadRecord
from hall.journal.kernel import Identity, Kernel
from hall.journal.projection import Projections
from hall.journal.reading import Reader, read_only, server_reader
from hall.journal.rebuild import CHUNK, compare, rebuild, rebuilt_tables
from hall.journal.sealing import KeyRing
from hall.journal.store import Store, sqlite_engine, system_clock

MAX_PAGES = 100
"""Broken pages named one by one; with a wrong key all of them are broken."""
_PAGE = re.compile(r"page (\d+)")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was written. `place` says where, `what` (Chinese) says what."""

    place: str
    what: str


def verify(store: Store) -> list[Finding]:
    """Check an open store. Long: reads every record; other work goes on meanwhile."""
    return _verify(store.read, store.kernel)


def verify_file(
    path: Path, key: bytes, types: EventTypes, projections: Projections, keys: KeyRing
) -> list[Finding]:
    """Check a closed, encrypted file without writing beside it; an empty list means whole."""
    reader = read_only(path, key)
    findings: list[Finding] = []
    try:
        with reader() as conn:
            findings += _pages(conn)
            row = conn.execute(select(schema.machine)).mappings().one()
            identity = Identity(row["node_id"], row["inc"], row["role"], row["hall"], row["settled"])
    except DBAPIError as exc:
        return [*findings, Finding(path.name, f"文件损坏或密钥不对：{exc.orig}")]
    kernel = Kernel(identity, system_clock(), types, projections, keys)
    return findings + _verify(reader, kernel)


def verify_server(url: str, types: EventTypes, projections: Projections, keys: KeyRing) -> list[Finding]:
    """Check a PostgreSQL database; work on it goes on meanwhile."""
    reader = server_reader(url)
    try:
        with reader() as conn:
            row = conn.execute(select(schema.machine)).mappings().one()
    except DBAPIError as exc:
        return [Finding("postgresql", f"数据库打不开：{exc.orig}")]
    identity = Identity(row["node_id"], row["inc"], row["role"], row["hall"], row["settled"])
    return _verify(reader, Kernel(identity, system_clock(), types, projections, keys))


def _verify(reader: Reader, kernel: Kernel) -> list[Finding]:
    findings: list[Finding] = []
    for name, check in (
        ("record", lambda c: _chains(c, kernel.identity)),
        ("dossier", _dossiers),
        ("receipt", _receipts),
        ("tables", lambda c: _tables(c, kernel)),
    ):
        try:
            with reader() as conn:
                findings += check(conn)
        except DBAPIError as exc:
            findings.append(Finding(name, f"读不出来：{exc.orig}"))
        except BadRecord as exc:
            findings.append(Finding(name, f"记录无法解析：{exc}"))
    return findings


def _pages(conn: Connection) -> Iterator[Finding]:
    """Every page's authentication code, by SQLCipher itself."""
    for (text,) in conn.exec_driver_sql("PRAGMA cipher_integrity_check").fetchmany(MAX_PAGES):
        page = _PAGE.search(str(text))
        yield Finding(f"page {page.group(1)}" if page else "file", f"加密页校验失败：{text}")


def _chains(conn: Connection, me: Identity) -> Iterator[Finding]:
    t = schema.record.c
    heads = {(r.origin, r.inc): (r.seq, bytes(r.h)) for r in conn.execute(select(schema.chain_head))}
    seen: dict[tuple[str, str], tuple[int, bytes]] = {}
    query = select(schema.record).order_by(t.origin, t.inc, t.seq).execution_options(yield_per=CHUNK)
    for row in conn.execute(query):
        chain = (row.origin, row.inc)
        place = f"{row.origin}/{row.inc}#{row.seq}"
        raw = bytes(row.raw)
        seq, prev = seen.get(chain, (0, GENESIS))
        contiguous = row.seq == seq + 1
        head = heads.get(chain, (0, GENESIS))[0]
        if not contiguous and (row.seq <= head or row.origin == me.node_id):
            yield Finding(place, f"链中缺少第 {seq + 1} 条至第 {row.seq - 1} 条记录")
        if envelope.hash_of(raw) != bytes(row.h):
            yield Finding(place, "记录内容与其摘要不符")
        seen[chain] = (row.seq, envelope.hash_of(raw))
        if row.type == SHELVED:
            continue
        try:
            env = envelope.parse(raw)
        except BadRecord as exc:
            yield Finding(place, f"记录无法解析：{exc}")
            continue
        columns = (row.origin, row.inc, row.seq, row.id, row.dossier, row.n, row.token, row.type, row.scope)
        content = (
            env.origin, env.inc, env.seq, env.id, env.dossier, env.n, env.token.text(), env.type_name,
            env.scope,
        )  # fmt: skip
        if columns != content or row.wall_ms != env.wall_ms:
            yield Finding(place, "记录的列与内容不符")
        if contiguous and not follows(env.prev, prev, (*chain, seq)):
            yield Finding(place, "与前一条记录的链接断开")
    for chain, (seq, h) in heads.items():
        last = conn.scalar(select(t.h).where(t.origin == chain[0], t.inc == chain[1], t.seq == seq))
        if last is None or bytes(last) != h:
            yield Finding(f"{chain[0]}/{chain[1]}#{seq}", "链尾缺失或被替换")
    for chain, (seq, _) in seen.items():
        if chain[0] == me.node_id and heads.get(chain, (0, b""))[0] < seq:
            yield Finding(f"{chain[0]}/{chain[1]}#{seq}", "链尾登记落后于记录")


def _dossiers(conn: Connection) -> Iterator[Finding]:
    """Accepted records of each dossier: n without gaps, tokens never falling."""
    t = schema.record.c
    now, n, token = "", 0, None
    query = (
        select(t.dossier, t.n, t.raw)
        .where(t.verdict == Verdict.ACCEPTED.value)
        .order_by(t.dossier, t.n, t.pos)
        .execution_options(yield_per=CHUNK)
    )
    for row in conn.execute(query):
        if row.dossier != now:
            now, n, token = row.dossier, 0, None
        held = envelope.parse(bytes(row.raw)).token
        if row.n != n + 1:
            yield Finding(f"dossier {now}#{row.n}", f"卷宗序号应为 {n + 1}")
        if token is not None and held < token:
            yield Finding(f"dossier {now}#{row.n}", "卷宗令牌倒退")
        n, token = row.n, held


def _receipts(conn: Connection) -> Iterator[Finding]:
    """The parent's signed word proves a tail that was cut off or rewritten here."""
    t, r = schema.record.c, schema.receipt.c
    for origin, inc, seq, signed in conn.execute(select(r.origin, r.inc, r.seq, r.signed)):
        h = conn.scalar(select(t.h).where(t.origin == origin, t.inc == inc, t.seq == seq))
        place = f"{origin}/{inc}#{seq}"
        try:
            statement = json.loads(bytes(signed))["statement"]
            held, its_own = bytes.fromhex(statement["h"]), statement["by"] == origin
        except (ValueError, KeyError, TypeError):
            yield Finding(place, "回执无法解析")
            continue
        if h is None and its_own:
            continue  # the parent's word on its own chain, of which this machine may read a part
        if h is None:
            yield Finding(place, "上级确认持有的记录在本机缺失")
        elif bytes(h) != held:
            yield Finding(place, "记录与上级回执不符")


def _tables(conn: Connection, kernel: Kernel) -> Iterator[Finding]:
    with _scratch(conn, kernel) as other:
        for d in compare(conn, other, rebuilt_tables(kernel)):
            what = {"missing": "缺少由记录应得的行", "extra": "多出记录中没有的行"}.get(d.what)
            yield Finding(f"{d.table} {d.key}", what or f"与由记录重建的结果不符：{d.what}")


@contextmanager
def _scratch(conn: Connection, kernel: Kernel) -> Iterator[Connection]:
    """The records in a throwaway encrypted file, with the tables rebuilt there."""
    with tempfile.TemporaryDirectory(prefix="yichuang-verify-") as folder:
        engine = sqlite_engine(Path(folder) / "scratch.db", secrets.token_bytes(32))
        try:
            with engine.connect() as other:
                other.exec_driver_sql("PRAGMA synchronous=OFF")
                schema.metadata.create_all(other)
                for table in kernel.projections.tables:
                    table.create(other, checkfirst=True)
                other.commit()
                other.exec_driver_sql("BEGIN IMMEDIATE")
                for source in (schema.record, schema.dossier_key):
                    for part in conn.execute(select(source)).mappings().partitions(CHUNK):
                        values = [dict(row) for row in part]
                        if source is schema.record:
                            values = [v if v["type"] == SHELVED else v | {"verdict": PENDING} for v in values]
                        other.execute(insert(source), values)
                rebuild(other, kernel)
                yield other
                other.rollback()
        finally:
            engine.dispose()
