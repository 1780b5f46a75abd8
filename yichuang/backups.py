"""What the backup commands do, in lines for the person who asked."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hall.assembly import event_types, projections
from hall.calendar.opening import china_time
from hall.journal.refusal import Refusal, StoreFault
from hall.journal.verify import verify_file
from sync.backup import Backup, backups_in, faults_of, home_of, make_backup
from sync.closed_note import closed_words
from sync.folder_lock import FolderLock
from sync.join_file import NAME, JoinFile, read_join_file, read_kept_join_file, write_join_file
from sync.machine_folder import JOURNAL
from sync.restoring import restore
from yichuang.machines import find_machines, join_of

KEYS_APART = "备份里没有密钥：machine.json 请另存一份，锁好。没有它，任何备份都打不开。"
ACCOUNTS = (
    "部门账号、密码和窗口 PIN 可能回到备份那天：请核对 officer list，备份以后停用、改过的重新停用、改一遍。"
)


class NoBackup(Refusal):
    """There is none of this machine, or not the one that was named."""

    def __init__(self, text: str) -> None:
        super().__init__("no_backup", text)


@dataclass(frozen=True, slots=True)
class Told:
    lines: tuple[str, ...]
    ok: bool


@contextmanager
def _said(what: str) -> Iterator[None]:
    """A disk that fails under a backup keeps no program from starting: it is said otherwise."""
    try:
        yield
    except StoreFault as exc:
        raise Refusal("fault", f"{what}{exc.text}") from exc
    except OSError as exc:
        full = exc.errno in (errno.ENOSPC, errno.EDQUOT)
        why = "磁盘已满" if full else f"{exc.strerror}"
        raise Refusal("disk", f"{what}{why}（{exc.filename or '磁盘'}）。业务数据没有受影响。") from exc


def make(data: Path, out: Path, keep: int, now: datetime) -> Told:
    """Raises BadData, Refusal, and what sync.starting has words for."""
    lines, ok = [], True
    for folder in find_machines(data):
        with _said("备份没有做成："):
            made = make_backup(join_of(folder), folder, out, keep=keep, now=now)
        lines.append(
            f"{join_of(folder).name}：{made.records} 条记录，{made.blobs} 份扫描件（新增 {made.blobs_copied}），"
            f"放在“{made.path}”" + (f"，清掉旧的 {made.dropped} 份。" if made.dropped else "。")
        )
        for digest in made.spoilt:
            ok = False
            lines.append(
                f"  扫描件 {digest[:12]} 在本机已损坏，没有备份：请通知信息科检查磁盘，从上级或旧备份补回。"
            )
    return Told((*lines, KEYS_APART), ok)


def check(data: Path, out: Path, at: str | None, *, deep: bool) -> Told:
    """Raises BadData, Refusal, and what sync.starting has words for."""
    lines: list[str] = []
    ok = True
    for folder in find_machines(data):
        join = join_of(folder)
        try:
            backup = _chosen(join, out, at)
        except NoBackup as exc:
            # the others are checked none the less
            lines, ok = [*lines, exc.text], False
            continue
        with _said("备份检查不了："):
            faults = list(faults_of(backup, join))
        if deep and not faults:
            key = bytes.fromhex(join.db_key)
            found = verify_file(backup.path / JOURNAL, key, event_types(), projections(), join.keys)
            faults = [f"{f.place}：{f.what}" for f in found]
        m = backup.manifest
        made = china_time(datetime.fromisoformat(m["made_at"]))
        told = f"{join.name}：备份 {backup.name}（{m['last_pos']} 条记录，做于 {made:%Y-%m-%d %H:%M}）"
        lines.append(told + ("不能用：" if faults else "完好，可以用来恢复。"))
        lines += [f"  {fault}" for fault in faults]
        ok = ok and not faults
    return Told(tuple(lines), ok)


def put_back(data: Path, out: Path, at: str | None, join_from: Path | None, now: datetime) -> list[str]:
    """Raises Refusal, FolderInUse, and what sync.starting has words for; then the old files are as they were."""
    data.mkdir(parents=True, exist_ok=True)
    if join_from is not None:
        given = read_kept_join_file(join_from)
        if (data / NAME).exists() and read_join_file(data) != given:
            raise Refusal(
                "two_keys", f"“{data}”里已有另一份 {NAME}，与 --join 的不同。请先核对哪一份是对的。"
            )
        write_join_file(data, given)
    join = read_join_file(data)
    backup = _chosen(join, out, at)
    closed = closed_words(data, join.node_id)
    with FolderLock(data, "恢复"), _said("没有恢复完，改正后请再执行一次："):
        done = restore(backup, join, data, now=now)
    waits = (
        "启动后它等下级机器都连上来报一遍，才发号、编办件号。"
        if join.parent is None
        else "启动后它先向上级取回备份以后上传过的内容，取回以前不发号、不编办件号、不动旧卷宗。"
    )
    aside = [] if done.moved_aside is None else [f"原来的文件没有删除，移到了“{done.moved_aside}”。"]
    return [
        f"“{join.name}”已恢复到 {backup.name}：{done.records} 条记录，补回扫描件 {done.blobs_copied} 份。",
        *aside,
        *(
            [f"注意：{closed}恢复以后它也不能办业务；要再用这台电脑，请按第 10 节重新接入。"]
            if closed
            else []
        ),
        waits,
        *([ACCOUNTS] if join.role != "terminal" or join.kind == "counter" else []),
        f"看它恢复正常没有：./run yichuang sync status --data {data}",
    ]


def _chosen(join: JoinFile, out: Path, at: str | None) -> Backup:
    """`out`: as given to `make`, or the machine's own folder in it."""
    found = backups_in(home_of(join, out)) or backups_in(out)
    if at is not None:
        found = [backup for backup in found if backup.name == at]
    if not found:
        which = f"名叫 {at} 的" if at else ""
        raise NoBackup(f"“{out}”里没有“{join.name}”（{join.node_id}）{which}完整备份。")
    return found[0]
