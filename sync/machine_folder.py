"""A machine's folder as its program opens it: the journal that belongs here, whole, and as new as it was.

The program has taken the folder's lock (sync.folder_lock) before it comes here. A first start is told from a
loss by `journal.begun`, which says that this machine has had a journal; a backup that was put back by the marker
beside the folder (sync.marker). Decision 0017.
"""

import json
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import ArgumentError

from hall.assembly import event_types, projections
from hall.journal import condition
from hall.journal.condition import CHECKED_AT_START, JournalDamaged, JournalGone, KeyDoesNotFit
from hall.journal.engine import Undecipherable
from hall.journal.kernel import Clock, utc_now
from hall.journal.refusal import Refusal, StoreFault
from hall.journal.store import Store, TooNew
from sync.closed_note import closed_words
from sync.join_file import BadJoinFile, JoinFile
from sync.marker import Marker, this_computer, write_whole

log = logging.getLogger(__name__)

JOURNAL = "journal.db"
BEGUN = "journal.begun"
STOPPED = (
    "本机已停止写入：请换一台机器办理，通知信息科，不要删除任何文件。"
    "以前已经上传到大厅或县中心的内容，那里都有，没有丢。"
)
_NOT_ANEW = "没有从头开始，什么都没有改动。"
_SIDE_FILES = ("", "-journal", "-wal", "-shm", "-reviewed")

Found = Callable[[StoreFault], None]


@dataclass(frozen=True, slots=True)
class Journal:
    """The open journal of one machine, and its marker, which the sync child keeps up to date."""

    store: Store
    marker: Marker

    def close(self) -> None:
        try:
            self.marker.note(self.store)
        except StoreFault as exc:
            log.error("the marker was not brought up to date: %s", exc.text)
        self.store.close()


def open_journal(
    join: JoinFile,
    folder: Path,
    *,
    clock: Clock | None = None,
    damaged: Found = lambda _: None,
    checked_at_start: int = CHECKED_AT_START,
) -> Journal:
    """Open, make or migrate it. `damaged` is told from a thread of its own, when writing has already stopped.

    A file of up to `checked_at_start` bytes is read through before anything is written; a longer one soon after.
    Raises StoreFault (JournalGone, JournalUnreachable, JournalDamaged and what Store raises), OSError, BadJoinFile.
    """
    path = folder / JOURNAL
    begun = has_begun(join, folder)
    if join.database_url is None:
        condition.look_at_file(path, begun=begun)
    try:
        store = _open(join, path, begun, clock)
    except Undecipherable as exc:
        raise _told_apart(path, bytes.fromhex(join.db_key)) from exc
    try:
        if join.database_url is None:
            _check(store, path, bytes.fromhex(join.db_key), damaged, checked_at_start)
        marker = _marker(folder)
        marker.at_start(store)
        if not begun:
            _note_life(store, folder, "首次启动，或升级后首次启动")
        if words := closed_words(folder, join.node_id):
            store.stop_writing(StoreFault(words))
    except BaseException:
        store.close()
        raise
    return Journal(store, marker)


def has_begun(join: JoinFile, folder: Path) -> bool:
    """Whether this machine (not one that had the folder before) has had a journal.

    A note that cannot be read counts: somebody wrote it. Raises StoreFault where the disk does not answer.
    """
    try:
        kept = json.loads((folder / BEGUN).read_text("utf-8"))
        return bool(kept["node"] == join.node_id)
    except FileNotFoundError:
        # the folder may have been emptied and the join file put back
        return _marker(folder).names(join.node_id)
    except OSError as exc:
        raise StoreFault(f"{BEGUN} 读不出来（{exc.strerror}）。") from exc
    except (ValueError, KeyError, TypeError):
        return True


def begin_anew(
    join: JoinFile, folder: Path, *, by: str, reason: str, clock: Clock | None = None
) -> Path | None:
    """Give up a journal that is gone or proven damaged, on a named person's word, and begin a new incarnation.

    What is left of the old one is moved aside, never deleted: its folder is given, None where nothing was left.
    The new one owns nothing old and numbers nothing until the parent has given back what had reached it.
    The caller holds the folder's lock. Raises Refusal, StoreFault, OSError.
    """
    if not by.strip() or not reason.strip():
        raise Refusal("reason_missing", "从头开始必须写明决定人和理由。")
    if join.database_url is not None:
        raise Refusal("not_a_file", "本机的业务数据在 PostgreSQL 里，请用数据库的备份恢复。")
    path = folder / JOURNAL
    left = [beside for end in _SIDE_FILES if (beside := folder / (JOURNAL + end)).exists()]
    if not left and not has_begun(join, folder):
        raise Refusal("never_begun", "本机从未启动过，不需要从头开始，直接启动即可。")
    _refuse_unless_lost(join, path)
    aside = move_aside(folder, utc_now())
    begin_new_life(join, folder, path, f"从头开始：{reason.strip()}（{by.strip()}）", clock=clock)
    return aside


def begin_new_life(
    join: JoinFile, folder: Path, journal: Path, why: str, *, clock: Clock | None = None
) -> None:
    """A new incarnation of the machine of `folder` on `journal`, which may still lie beside its place.

    It is not settled: numbers and dossiers of the earlier life are not known to it yet. Raises StoreFault, OSError.
    """
    store = _open(join, journal, False, clock)
    try:
        store.renew_incarnation()
        _marker(folder).note(store)
        _note_life(store, folder, why)
    finally:
        store.close()


def _open(join: JoinFile, path: Path, begun: bool, clock: Clock | None) -> Store:
    who = replace(join.who, begun=begun)
    if join.database_url is not None:
        try:
            return Store.postgresql(
                join.database_url, who, event_types(), projections(), join.keys, clock=clock
            )
        except ArgumentError as exc:
            raise BadJoinFile("接入文件 machine.json 中“database_url”有误，请信息科检查。") from exc
    key = bytes.fromhex(join.db_key)
    return Store.sqlite(path, key, who, event_types(), projections(), join.keys, clock=clock)


def marker_path(folder: Path) -> Path:
    """Beside the folder, so that no backup of it takes the marker along."""
    whole = folder.resolve()
    return whole.with_name(f"{whole.name}.marker")


def _marker(folder: Path) -> Marker:
    return Marker(marker_path(folder), this_computer())


def _check(store: Store, path: Path, key: bytes, damaged: Found, checked_at_start: int) -> None:
    if path.stat().st_size <= checked_at_start:
        if pages := condition.damaged_pages(path, key):
            raise JournalDamaged(path.name, pages)
        return

    def look() -> None:
        try:
            pages = condition.damaged_pages(path, key)
            if pages:
                # a checkpoint may have been writing one of them: look again while nothing is written
                pages = store.write(lambda _: condition.damaged_pages(path, key, fold=False))
        except StoreFault as exc:
            log.error("the journal could not be checked: %s", exc.text)
            return
        if pages:
            fault = StoreFault(JournalDamaged(path.name, pages).text + STOPPED)
            log.critical("%s", fault.text)
            store.stop_writing(fault)
            damaged(fault)

    # not waited for at the end: reading a large file through cannot be broken off, and it changes nothing
    threading.Thread(target=look, name="journal-check", daemon=True).start()


def _told_apart(path: Path, key: bytes) -> StoreFault:
    """Why the first page cannot be read: a wrong key spoils all pages alike, damage leaves some good."""
    pages = condition.look_at_pages(path, key, fold=False)
    return KeyDoesNotFit(path.name) if pages.none_good else JournalDamaged(path.name, pages.damaged)


def _refuse_unless_lost(join: JoinFile, path: Path) -> None:
    """Only what is gone, or has bad pages beside good ones, may be given up. Raises Refusal, TooNew.

    A key that fits no page is the wrong key; a file that cannot be looked at just now may well be whole.
    """
    key = bytes.fromhex(join.db_key)
    try:
        condition.look_at_file(path, begun=True)
        try:
            _open(join, path, True, None).close()
            pages = condition.look_at_pages(path, key, fold=True)
        except Undecipherable:
            pages = condition.look_at_pages(path, key, fold=False)
    except TooNew:
        raise
    except JournalGone:
        return
    except StoreFault as exc:
        raise Refusal(
            "journal_unclear", f"{_NOT_ANEW}现在看不清业务数据文件 {JOURNAL} 是不是好的。{exc.text}"
        ) from exc
    if not pages.damaged:
        raise Refusal("journal_whole", f"业务数据文件 {JOURNAL} 完好，不能丢开它从头开始。请直接启动。")
    if pages.unread:
        raise Refusal(
            "journal_unread", f"{_NOT_ANEW}磁盘读不出业务数据文件 {JOURNAL} 的一部分，请通知信息科检查磁盘。"
        )
    if pages.none_good:
        raise Refusal("key_does_not_fit", _NOT_ANEW + KeyDoesNotFit(JOURNAL).text)


def move_aside(folder: Path, now: datetime) -> Path | None:
    """What is left of a journal, as it is; None where nothing was left."""
    left = [folder / (JOURNAL + end) for end in _SIDE_FILES if (folder / (JOURNAL + end)).exists()]
    if not left:
        return None
    aside = folder / f"{JOURNAL}.given-up-{now:%Y%m%d-%H%M%S}"
    aside.mkdir()
    # the log first: beside an empty file it would be taken for the new one's
    for path in sorted(left, key=lambda p: p.name, reverse=True):
        path.replace(aside / path.name)
    return aside


def _note_life(store: Store, folder: Path, why: str) -> None:
    """Each life of this machine's journal, with why it began."""
    path = folder / BEGUN
    try:
        kept = json.loads(path.read_text("utf-8"))
        lives = list(kept["lives"]) if kept["node"] == store.identity.node_id else []
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        lives = []
    lives.append({"inc": store.identity.inc, "at": store.now().isoformat(timespec="seconds"), "why": why})
    text = json.dumps({"node": store.identity.node_id, "lives": lives}, ensure_ascii=False, indent=1)
    write_whole(path, text + "\n")


__all__ = [
    "BEGUN", "JOURNAL", "Journal", "JournalGone", "begin_anew", "begin_new_life", "has_begun", "marker_path",
    "move_aside", "open_journal",
]  # fmt: skip
