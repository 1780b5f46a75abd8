"""Putting a backup back: checked whole first, the old journal moved aside, a new life that owns nothing until its
parent has told it (guide sync, rule 1; at the centre: until all its children have spoken).
"""

import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hall.journal.blobs import BlobStore
from hall.journal.refusal import Refusal
from sync.backup import NOTES, Backup, BadBackup, copy_blob, digest_of, faults_of, private_folder
from sync.join_file import JoinFile
from sync.machine_folder import JOURNAL, begin_new_life, move_aside

STAGED = "restoring"
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done."""

    records: int
    blobs_copied: int
    moved_aside: Path | None


def restore(backup: Backup, join: JoinFile, folder: Path, *, now: datetime) -> Restored:
    """The caller holds the folder's lock. Cut off anywhere, it can be run again; the old files are never deleted.

    Raises BadBackup, Refusal, StoreFault, OSError; before the journal changes place nothing is changed.
    """
    if join.database_url is not None:
        raise Refusal("not_a_file", "本机的业务数据在 PostgreSQL 里，请用数据库自己的备份恢复。")
    wrong = list(faults_of(backup, join))
    if wrong:
        more = f"；等 {len(wrong)} 处" if len(wrong) > _NAMED else ""
        raise BadBackup(f"没有恢复，什么都没有改动。{'；'.join(wrong[:_NAMED])}{more}。请用另一份备份。")
    blobs = BlobStore(folder / "blobs")
    missing = [digest for digest in backup.digests() if not blobs.has(digest)]
    _need_room(backup, folder, missing)
    staged = folder / STAGED
    if staged.exists():
        shutil.rmtree(staged)
    private_folder(staged)
    shutil.copyfile(backup.path / JOURNAL, staged / JOURNAL)
    if digest_of(staged / JOURNAL) != backup.manifest["files"][JOURNAL]["sha256"]:
        raise BadBackup("没有恢复，什么都没有改动：复制到本机的文件与备份不同，请检查本机的磁盘。")
    for digest in missing:
        if not copy_blob(backup.blobs, blobs, digest):
            raise BadBackup(f"没有恢复：扫描件 {digest[:12]} 复制后不符，请检查磁盘。")
    _bring_notes(backup, folder)
    # the new life begins before the file has its place: whatever happens, no old life ever goes on from it
    begin_new_life(join, folder, staged / JOURNAL, f"从备份 {backup.name} 恢复")
    aside = move_aside(folder, now)
    for path in staged.iterdir():
        os.replace(path, folder / path.name)
    staged.rmdir()
    return Restored(int(backup.manifest["last_pos"]), len(missing), aside)


def _need_room(backup: Backup, folder: Path, missing: list[str]) -> None:
    needed = sum(backup.blobs.size(digest) for digest in missing) + (backup.path / JOURNAL).stat().st_size
    free = shutil.disk_usage(folder).free
    if free < needed * 11 // 10:
        raise Refusal(
            "no_room",
            f"没有恢复，什么都没有改动：需要 {needed >> 20} MB，本机磁盘只剩 {free >> 20} MB。请先清理磁盘。",
        )


def _bring_notes(backup: Backup, folder: Path) -> None:
    """What the folder still has is newer."""
    for name in backup.manifest["files"]:
        target = folder / name
        if (name in NOTES or name.startswith("tray/")) and not target.exists():
            private_folder(target.parent)
            shutil.copyfile(backup.path / name, target)
            target.chmod(0o600)
