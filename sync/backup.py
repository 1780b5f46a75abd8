"""Backups of one machine: the running journal copied page by page, its scans, and a signed list of both.

    OUT/<node_id>/<day-time>/   journal.db, notes, blobs.txt, manifest.json, manifest.sig
    OUT/<node_id>/blobs/        every scan once, shared by all backups of the machine

The keys (machine.json) are not in it: who finds the backup cannot read it, and who restores must have them.
"""

import base64
import contextlib
import hashlib
import hmac
import json
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, select

from hall.calendar.opening import china_time
from hall.journal import schema
from hall.journal.blobs import BlobStore
from hall.journal.engine import fault, keyed
from hall.journal.reading import read_only
from hall.journal.refusal import Refusal, StoreFault
from hall.journal.rows import LAST_POS
from sync import signing
from sync.folder_lock import FolderLock
from sync.join_file import JoinFile
from sync.machine_folder import BEGUN, JOURNAL

MANIFEST, SIGNATURE, BLOBS_LIST = "manifest.json", "manifest.sig", "blobs.txt"
NOTES = (BEGUN, "pins.json", "pin_tries.json")
"""Small files of a machine that a restore brings back where they are missing."""
_NAME = re.compile(r"\d{8}-\d{6}")
_PIECE = 1024 * 1024


class BadBackup(Refusal):
    """The backup is another machine's, incomplete or changed. Nothing was restored from it."""

    def __init__(self, text: str) -> None:
        super().__init__("bad_backup", text)


@dataclass(frozen=True, slots=True)
class Made:
    """What one backup holds."""

    path: Path
    records: int
    blobs: int
    blobs_copied: int
    spoilt: tuple[str, ...]
    """Scans whose file on the machine is not what its name says: not copied."""
    dropped: int
    """Older backups that made room."""


@dataclass(frozen=True, slots=True)
class Backup:
    """One complete backup, as its manifest tells."""

    path: Path
    manifest: dict[str, Any]

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def blobs(self) -> BlobStore:
        return BlobStore(self.path.parent / "blobs")

    def digests(self) -> list[str]:
        return (self.path / BLOBS_LIST).read_text("ascii").split()


def make_backup(join: JoinFile, folder: Path, out: Path, *, keep: int, now: datetime) -> Made:
    """Safe beside a running program; a backup that was cut off is no backup and is cleared away by the next.

    Raises Refusal, StoreFault, FolderInUse, OSError.
    """
    if join.database_url is not None:
        raise Refusal(
            "not_a_file",
            "本机的业务数据在 PostgreSQL 里：请用 pg_dump 备份数据库，再把数据文件夹里的 blobs 复制走。",
        )
    if not (folder / JOURNAL).is_file():
        raise Refusal("never_begun", f"“{folder}”里没有业务数据 {JOURNAL}，没有什么可备份。")
    home = home_of(join, out)
    if home.resolve().is_relative_to(folder.resolve()):
        raise Refusal(
            "inside", "备份不能放在数据文件夹里面：磁盘坏了会一起丢。请放到另一块磁盘或另一台设备。"
        )
    private_folder(home)
    with FolderLock(home, "备份"):
        for left in home.glob("*.part"):
            shutil.rmtree(left)
        part = home / f"{china_time(now):%Y%m%d-%H%M%S}.part"
        private_folder(part)
        _copy_journal(join, folder / JOURNAL, part / JOURNAL)
        for name in _notes(folder):
            private_folder((part / name).parent)
            _copy(folder / name, part / name)
        # after the journal: whatever it names was on the disk before the record was
        total, copied, spoilt = _copy_blobs(BlobStore(folder / "blobs"), BlobStore(home / "blobs"), part)
        records = _seal(join, part, now, spoilt)
        done = part.with_suffix("")
        os.replace(part, done)
        return Made(done, records, total, copied, spoilt, _drop_old(home, keep))


def home_of(join: JoinFile, out: Path) -> Path:
    """Where the backups of this machine lie."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", join.node_id):
        raise Refusal("name", "本机的 node_id 不能作文件夹的名称，请信息科检查 machine.json。")
    return out / join.node_id


def backups_in(home: Path) -> list[Backup]:
    """Complete ones, newest first. One without a readable manifest is left out."""
    found = []
    for path in sorted(home.glob("*-*"), reverse=True) if home.is_dir() else []:
        if _NAME.fullmatch(path.name):
            with contextlib.suppress(OSError, ValueError):
                found.append(Backup(path, json.loads((path / MANIFEST).read_text("utf-8"))))
    return found


def faults_of(backup: Backup, join: JoinFile) -> Iterator[str]:
    """Everything that would keep a restore from being whole; reads all of it."""
    raw = (backup.path / MANIFEST).read_bytes()
    try:
        signature = base64.b64decode((backup.path / SIGNATURE).read_text("ascii"))
        signing.verify_bytes(bytes.fromhex(join.sign_public), signature, raw)
    except (OSError, ValueError, signing.BadSignature):
        whose = backup.manifest.get("node_id")
        if whose != join.node_id:
            yield f"这份备份是“{backup.manifest.get('name')}”的，不是“{join.name}”的"
        else:
            yield "清单的签名不对：备份被改动过，或接入文件 machine.json 换过密钥"
        return
    if backup.manifest["key_check"] != _key_check(join):
        yield "接入文件 machine.json 里的数据库密钥与备份时的不同，打不开这份备份"
        return
    for name, told in sorted(backup.manifest["files"].items()):
        try:
            if digest_of(backup.path / name) != told["sha256"]:
                yield f"文件 {name} 被改动过，或没有写完"
        except OSError:
            yield f"文件 {name} 缺失或读不出来"
            if name == BLOBS_LIST:
                return
    yield from (f"扫描件 {d[:12]} 缺失或损坏" for d in backup.digests() if not backup.blobs.sound(d))


def digest_of(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def private_folder(path: Path) -> None:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


# -- making -----------------------------------------------------------------------------------------------


def _copy_journal(join: JoinFile, source: Path, target: Path) -> None:
    """One moment of the journal, as SQLite's online backup gives it while others write. Raises StoreFault."""
    key = bytes.fromhex(join.db_key)
    target.touch(mode=0o600)
    try:
        with contextlib.closing(keyed(source, key)) as old, contextlib.closing(keyed(target, key)) as new:
            old.backup(new)
            # a single file: no log beside it that could be forgotten
            new.execute("PRAGMA journal_mode=DELETE").fetchall()
    except sqlcipher.Error as exc:
        raise StoreFault("备份没有做成：" + fault(exc).text) from exc
    _flush(target)


def _notes(folder: Path) -> list[str]:
    tray = folder / "tray"
    pages = [f"tray/{path.name}" for path in tray.iterdir() if path.is_file()] if tray.is_dir() else []
    return [name for name in (*NOTES, *pages) if (folder / name).is_file()]


def _copy(source: Path, target: Path) -> None:
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(source, "rb") as read, os.fdopen(handle, "wb") as write:
        shutil.copyfileobj(read, write, _PIECE)
        write.flush()
        os.fsync(write.fileno())


def copy_blob(source: BlobStore, target: BlobStore, digest: str) -> bool:
    """False, and nothing kept, when it is not what its name says. Raises OSError."""
    to = target.path(digest)
    private_folder(to.parent)
    aside = to.with_name(digest + ".part")
    _copy(source.path(digest), aside)
    if digest_of(aside) != digest:
        aside.unlink()
        return False
    os.replace(aside, to)
    return True


def _copy_blobs(source: BlobStore, target: BlobStore, part: Path) -> tuple[int, int, tuple[str, ...]]:
    """(in this backup, newly copied, spoilt)"""
    kept, copied, spoilt = [], 0, []
    for digest in sorted(source.digests()):
        if not target.has(digest):
            if not copy_blob(source, target, digest):
                spoilt.append(digest)
                continue
            copied += 1
        kept.append(digest)
    _write(part / BLOBS_LIST, "".join(f"{digest}\n" for digest in kept).encode())
    return len(kept), copied, tuple(spoilt)


def _seal(join: JoinFile, part: Path, now: datetime, spoilt: tuple[str, ...]) -> int:
    """The signed list, written last. Gives how many records the copy holds."""
    with read_only(part / JOURNAL, bytes.fromhex(join.db_key))() as conn:
        inc, seq, last = _how_far(conn)
    names = sorted(str(p.relative_to(part).as_posix()) for p in part.rglob("*") if p.is_file())
    manifest = {
        "v": 1, "node_id": join.node_id, "name": join.name, "role": join.role, "kind": join.kind,
        "hall": join.hall, "made_at": now.isoformat(timespec="seconds"), "inc": inc, "own_seq": seq,
        "last_pos": last, "key_check": _key_check(join), "spoilt": list(spoilt),
        "files": {
            name: {"sha256": digest_of(part / name), "bytes": (part / name).stat().st_size} for name in names
        },
    }  # fmt: skip
    raw = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()
    signature = signing.sign_bytes(bytes.fromhex(join.sign_private), raw)
    _write(part / SIGNATURE, base64.b64encode(signature))
    _write(part / MANIFEST, raw)
    return last


def _how_far(conn: Connection) -> tuple[str, int, int]:
    me = conn.execute(select(schema.machine)).mappings().one()
    c = schema.chain_head.c
    seq = conn.scalar(select(c.seq).where(c.origin == me["node_id"], c.inc == me["inc"])) or 0
    return me["inc"], seq, LAST_POS.scalar(conn) or 0


def _key_check(join: JoinFile) -> str:
    """Tells whether a key is the right one, and nothing of the key."""
    text = f"yichuang backup\n{join.node_id}".encode()
    return hmac.new(bytes.fromhex(join.db_key), text, hashlib.sha256).hexdigest()[:32]


def _drop_old(home: Path, keep: int) -> int:
    """The newest `keep` stay, and of the scans those that one of them names."""
    old = backups_in(home)[max(1, keep) :]
    for backup in old:
        shutil.rmtree(backup.path)
    if not old:
        return 0
    try:
        named = {digest for backup in backups_in(home) for digest in backup.digests()}
    except OSError:
        # a list that cannot be read may name any of them
        return len(old)
    blobs = BlobStore(home / "blobs")
    for digest in [d for d in blobs.digests() if d not in named]:
        blobs.remove(digest)
    return len(old)


def _write(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _flush(path: Path) -> None:
    with open(path, "r+b") as file:
        os.fsync(file.fileno())
