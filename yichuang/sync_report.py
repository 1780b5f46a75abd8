"""What `yichuang sync status` and `why` tell, as JSON and as lines."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from hall.journal.blobs import BlobStore
from server_app.machines.wording import kind_zh, record_zh
from sync.closed_note import closed_words
from sync.concerns import Concern, Seen, Weight, above, age_text, concerns, time_text
from sync.folder_lock import in_use
from sync.link_note import LinkFares, read_link_note
from sync.reviewed import NAME as REVIEWED
from sync.reviewed import review, reviewed_up_to
from sync.room import free_bytes_of
from sync.stand import ChainStand, NeverRun, Stand, stand_of
from sync.whereabouts import DossierPath, RecordPath, whereabouts
from yichuang.machines import BadData, find_machines, join_of, names_in, reading

_SCOPES = {"hall": "大厅的记录", "queue": "叫号的记录", "own": "本机的记录"}
_MARKS = {Weight.CALM: "·", Weight.LOOK: "!", Weight.ACT: "!!"}


def seen_in(folder: Path, now: datetime) -> Seen:
    """Raises BadData."""
    join = join_of(folder)
    with reading(folder) as conn:
        try:
            stand = stand_of(conn, join, BlobStore(folder / "blobs"), reviewed_up_to(folder))
        except NeverRun as exc:
            raise BadData(f"{folder.name}：这台机器还没有启动过。") from exc
    return Seen(stand, read_link_note(folder), free_bytes_of(folder)(), now)


def status_json(folder: Path, seen: Seen) -> dict[str, Any]:
    """Times are UTC milliseconds, ages seconds."""
    s, now_ms = seen.stand, int(seen.now.timestamp() * 1000)
    since = s.waiting_since_ms
    return {
        "machine": folder.name, "name": join_of(folder).name, "node_id": s.node_id, "inc": s.inc, "role": s.role,
        "hall": s.hall, "settled": s.settled, "suspect": s.suspect, "last_pos": s.last_pos,
        "running": in_use(folder), "closed": closed_words(folder, s.node_id), "follows": s.follows,
        "waiting": s.waiting, "below_root": s.below_root,
        "outbox_age_s": None if since is None else max(0, (now_ms - since) // 1000),
        "chains": [asdict(c) | {"waiting": c.waiting, "below_root": c.below_root} for c in s.chains],
        "feeds": [asdict(f) for f in s.feeds],
        "blobs": {
            "waiting": s.blobs_waiting, "waiting_bytes": s.blobs_waiting_bytes, "awaited": s.blobs_awaited
        },
        "quarantine": dict(s.quarantine), "reviewed": s.reviewed, "held": s.held, "late": s.late,
        "asks_open": s.asks_open,
        "link": _link_json(seen.link, seen.now), "disk_free_bytes": seen.free_bytes,
        "concerns": [
            asdict(c) | {"weight": c.weight.name.lower()} for c in concerns(seen)
        ],
    }  # fmt: skip


def _link_json(link: LinkFares | None, now: datetime) -> dict[str, Any] | None:
    if link is None:
        return None
    return {
        "up": link.up, "since": link.since.isoformat(), "problem": link.problem, "unheard": list(link.unheard),
        "last_ok": None if link.last_ok is None else link.last_ok.isoformat(),
        "last_ok_age_s": None if link.last_ok is None else max(0, int((now - link.last_ok).total_seconds())),
        "noted_at": link.noted_at.isoformat(),
    }  # fmt: skip


def status_lines(folder: Path, seen: Seen, names: Mapping[str, str]) -> Iterator[str]:
    """`names`: machines by node id."""
    for line in _status_lines(folder, seen, names):
        yield _named(line, names)


def _status_lines(folder: Path, seen: Seen, names: Mapping[str, str]) -> Iterator[str]:
    s, closed = seen.stand, closed_words(folder, seen.stand.node_id)
    name = join_of(folder).name
    yield f"■ {name}{'' if name == folder.name else f'（{folder.name}）'}：{_life(folder, seen, closed)}"
    if closed:
        yield f"  !! {closed}"
    found = concerns(seen)
    if not found:
        yield "  没有等着送出的" + ("。" if closed else "，也没有要处理的。")
    for concern in found:
        yield from _concern_lines(concern, seen.now)
    yield from _link_lines(seen)
    chains = [chain.origin for chain in s.chains]
    for chain in s.chains:
        whose = "本机" if chain.origin == s.node_id else names.get(chain.origin, chain.origin)
        # a machine that was put back goes on in a new row of records
        row = f"（序列 {chain.inc[:8]}）" if chains.count(chain.origin) > 1 else ""
        yield "  " + _chain_line(f"{whose}的记录{row}", chain, s, seen.now)
    for feed in s.feeds:
        scope, _, source = feed.scope.partition("@")
        whence = names.get(source, source) or above(s.role, s.follows)
        yield f"  从{whence}读到第 {feed.pos} 条（{_SCOPES.get(scope, scope)}）"
    if s.reviewed:
        yield f"  隔离的记录里有 {s.reviewed} 条已由人核对过（{folder / REVIEWED}）"
    if seen.free_bytes is not None:
        yield f"  磁盘剩余 {seen.free_bytes / 1024**3:.1f} GB"


def _life(folder: Path, seen: Seen, closed: str) -> str:
    """The state of a machine in a few words: the gravest thing first, then what it does."""
    s, running = seen.stand, in_use(folder)
    worst = max((concern.weight for concern in concerns(seen)), default=Weight.CALM)
    if closed:
        life = "已停用"
    elif s.suspect:
        life = "可疑，等人核对"
    elif not s.settled:
        life = "正在取回，还没有恢复正常"
    elif worst is Weight.ACT:
        life = "要处理"
    elif worst is Weight.LOOK:
        life = "要留意"
    elif running and s.has_parent and seen.link is not None and not seen.link.up:
        life = f"与{above(s.role, s.follows)}断开，照常办理"
    else:
        life = "正常"
    part = ""
    if s.paired:
        part = ("，" if running else "，停下前") + ("是备用" if s.follows else "正在服务")
    return life + part + ("" if running else "，程序没有运行")


def _named(line: str, names: Mapping[str, str]) -> str:
    """A running program notes node ids only."""
    for node_id, name in names.items():
        line = line.replace(node_id, name)
    return line


def _concern_lines(concern: Concern, now: datetime) -> Iterator[str]:
    age = age_text(concern.since_ms, now)
    yield f"  {_MARKS[concern.weight]} {concern.what}{f'（自 {age}）' if age else ''}"
    yield f"     办法：{concern.todo}"


def _link_lines(seen: Seen) -> Iterator[str]:
    s, link = seen.stand, seen.link
    if not s.has_parent:
        return
    if link is None:
        yield f"  与{above(s.role, s.follows)}的连接：没有记录（程序没有运行过，或由旧版本运行）"
        return
    last = age_text(None if link.last_ok is None else int(link.last_ok.timestamp() * 1000), seen.now)
    noted = age_text(int(link.noted_at.timestamp() * 1000), seen.now)
    how = "通" if link.up else "断"
    yield f"  与{above(s.role, s.follows)}的连接：{how}，最近一次应答 {last or '从未'}；程序最近一次记录 {noted}"


def _chain_line(whose: str, chain: ChainStand, stand: Stand, now: datetime) -> str:
    held = f"本机有 {chain.held_here} 条"
    if stand.has_parent:
        held += f"，{above(stand.role, stand.follows)}有 {chain.held_parent} 条"
        if stand.role == "terminal":
            held += f"，县中心有 {chain.held_root} 条"
    age = age_text(chain.waiting_since_ms, now)
    hole = f"；缺第 {chain.held_here + 1} 条" if chain.newest > chain.held_here else ""
    return f"{whose}：{held}{f'（没送到的最早一条写于{age}）' if age else ''}{hole}"


def note_review(folder: Path, by: str, note: str, now: datetime) -> str:
    """Raises BadData, Refusal, OSError."""
    with reading(folder) as conn:
        count = review(conn, folder, by=by, note=note, now=now)
    return f"已记下：{by.strip()} 核对了 {count} 条隔离的记录，以后只提示新的。记录都还在，没有删除。"


def why_json(data: Path, key: str) -> list[dict[str, Any]]:
    """One entry for each machine that knows it, the highest first. Raises BadData."""
    found = []
    for folder in find_machines(data):
        paths = _paths(folder, key)
        if paths:
            found.append({"machine": folder.name, "dossiers": [asdict(path) for path in paths]})
    return found


def why_lines(data: Path, key: str) -> Iterator[str]:
    """Nothing where no machine knows it. Raises BadData."""
    names = names_in(data)
    for folder in find_machines(data):
        paths = _paths(folder, key)
        if paths:
            yield f"■ {join_of(folder).name}（{folder.name}）"
        for path in paths:
            owner = names.get(path.owner, path.owner) or "不明"
            yield f"  卷宗 {path.id}（{kind_zh(path.kind) if path.kind else '类别不明'}）：由 {owner} 持有"
            if path.waits_for:
                yield f"    {path.waits_for}"
            for record in path.records:
                yield "    " + _record_line(record, names)


def _paths(folder: Path, key: str) -> tuple[DossierPath, ...]:
    with reading(folder) as conn:
        return whereabouts(conn, join_of(folder), key)


def _record_line(r: RecordPath, names: dict[str, str]) -> str:
    held = {True: "有", False: "没有", None: "不明"}
    parent = "" if r.held_by_parent is None else f"，上级{held[r.held_by_parent]}"
    root = "" if r.held_by_root is None else f"，县中心{held[r.held_by_root]}"
    waits = f"；{r.waits_for}" if r.waits_for else ""
    by = names.get(r.origin, r.origin)
    return (
        f"{time_text(r.at_ms)} {record_zh(r.type)} 第{r.n}条 {by}#{r.seq} {names.get(r.actor, r.actor)}："
        f"{r.verdict_zh}{parent}{root}{waits}"
    )
