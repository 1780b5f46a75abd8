"""The machines whose data lies in a folder: opened for checks and traces, never written."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from hall.assembly import event_types, projections
from hall.calendar.opening import china_time
from hall.journal import schema
from hall.journal.blobs import BlobStore
from hall.journal.engine import fault
from hall.journal.reading import read_only, server_reader
from hall.journal.refusal import StoreFault
from hall.journal.verify import verify_file, verify_server
from hall.supervision.trace import Trace, UnknownTrace, trace
from sync.concerns import above
from sync.join_file import NAME, BadJoinFile, JoinFile, read_join_file
from sync.proofs import proofs

_ORDER = {"county": 0, "hall": 1, "terminal": 2}


class BadData(Exception):
    """The folder holds no machine, or one that cannot be read."""


def find_machines(data: Path) -> tuple[Path, ...]:
    """Folders with a join file: the folder itself, or its children; the centre first. Raises BadData."""
    if (data / NAME).is_file():
        return (data,)
    found = sorted(p.parent for p in data.glob(f"*/{NAME}")) if data.is_dir() else []
    if not found:
        raise BadData(f"“{data}”中没有机器的数据（缺少 {NAME}）。请用 --data 指定数据目录。")
    return tuple(sorted(found, key=lambda f: (_ORDER.get(join_of(f).role, 3), f.name)))


def names_in(data: Path) -> dict[str, str]:
    """Names by node id: folders where they lie here, else as the join files name a machine. Raises BadData."""
    folders = find_machines(data)
    names: dict[str, str] = {}
    for join in map(join_of, folders):
        names |= {} if join.parent is None else {join.parent.node_id: above(join.role)}
        names |= {} if join.peer is None else {join.peer.node_id: "另一台节点"}
        names |= {child.node_id: child.name for child in join.children if child.name}
    return names | {join_of(folder).node_id: folder.name for folder in folders}


def join_of(folder: Path) -> JoinFile:
    """Raises BadData."""
    try:
        return read_join_file(folder)
    except BadJoinFile as exc:
        raise BadData(f"{folder.name}：{exc.text}") from exc


def journal_of(folder: Path) -> Path:
    path = folder / "journal.db"
    if not path.is_file():
        raise BadData(f"{folder.name}：没有日志文件 journal.db。")
    return path


def verify_machine(folder: Path) -> list[dict[str, str]]:
    """Everything that is not as it was written; empty for a whole journal."""
    join = join_of(folder)
    if join.database_url is not None:
        findings = verify_server(join.database_url, event_types(), projections(), join.keys)
    else:
        findings = verify_file(
            journal_of(folder), bytes.fromhex(join.db_key), event_types(), projections(), join.keys
        )
    if not findings:
        # a journal that is whole in itself may still be a shorter one, or another's
        with reading(folder) as conn:
            findings = list(proofs(conn, join, folder))
    found = [{"machine": folder.name, "place": f.place, "what": f.what} for f in findings]
    return found + [
        {"machine": folder.name, "place": f"blob {digest[:12]}", "what": what}
        for digest, what in broken_blobs(folder)
    ]


def broken_blobs(folder: Path) -> Iterator[tuple[str, str]]:
    """(digest, fault in the clerk's words) of each sealed picture that is not as it was stored."""
    blobs = BlobStore(folder / "blobs")
    for digest in blobs.digests():
        try:
            blobs.open(digest)
        except StoreFault as exc:
            yield digest, exc.text
        except OSError as exc:
            yield digest, f"读不出来：{exc.strerror}"


@contextmanager
def reading(folder: Path) -> Iterator[Connection]:
    """The journal of a machine, whether its program runs or not. Raises BadData."""
    join = join_of(folder)
    if join.database_url is not None:
        reader = server_reader(join.database_url)
    else:
        reader = read_only(journal_of(folder), bytes.fromhex(join.db_key))
    try:
        with reader() as conn:
            conn.execute(select(schema.machine))
            yield conn
    except DBAPIError as exc:
        raise BadData(f"{folder.name}：{fault(exc).text}") from exc


def trace_in(data: Path, key: str) -> dict[str, Any] | None:
    """The chain of one visit, as the highest machine that knows it tells it; None where nobody does."""
    for folder in find_machines(data):
        names = names_in(data)
        with reading(folder) as conn:
            try:
                return trace_json(trace(conn, key), folder.name, names)
            except UnknownTrace:
                continue
    return None


def trace_json(found: Trace, machine: str, names: dict[str, str]) -> dict[str, Any]:
    return {
        "read_at": machine,
        "ids": {kind: list(ids) for kind, ids in found.ids.items() if ids},
        "stages": list(found.stages),
        "unbroken": found.unbroken,
        "faults": list(found.faults),
        "lines": [
            {
                "at": time_text(line.at_ms),
                "stage": line.stage,
                "type": line.type,
                "dossier": line.dossier,
                "n": line.n,
                "actor": line.actor,
                "by": names.get(line.actor, line.actor),
                "device": names.get(line.device, line.device),
                "record": line.record,
            }
            for line in found.lines
        ],
    }


def time_text(ms: int) -> str:
    return china_time(datetime.fromtimestamp(ms / 1000, UTC)).isoformat(sep=" ", timespec="milliseconds")
