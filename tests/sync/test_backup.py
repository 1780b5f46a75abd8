"""Backups of a machine that works, checked, kept few, and put back: into an empty folder or over the old one."""

import json
import os
import shutil
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hall.journal.reading import read_only
from hall.journal.refusal import NotSettled, Refusal
from hall.journal.store import Store
from sync.backup import Backup, BadBackup, Made, backups_in, faults_of, home_of, make_backup
from sync.folder_lock import FolderLock
from sync.join_file import write_join_file
from sync.machine_folder import BEGUN, JOURNAL, open_journal
from sync.restoring import STAGED, restore
from tests.yichuang.machines_on_disk import Keys, Place, issue, set_up

NIGHT = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)


@pytest.fixture
def node(tmp_path: Path) -> Place:
    place = set_up(tmp_path, "node", "node", Keys.fresh())
    work(place)
    return place


def work(place: Place, tickets: int = 1) -> None:
    journal = open_journal(place.join, place.folder)
    for _ in range(tickets):
        issue(journal.store)
    journal.close()


def made(place: Place, out: Path, *, nights: int = 0, keep: int = 14) -> Made:
    return make_backup(place.join, place.folder, out, keep=keep, now=NIGHT + timedelta(days=nights))


def newest(place: Place, out: Path) -> Backup:
    return backups_in(home_of(place.join, out))[0]


def tickets(store: Store) -> int:
    with store.read() as conn:
        return int(conn.exec_driver_sql("SELECT count(*) FROM ticket").scalar() or 0)


def test_a_running_machine_is_backed_up_and_the_backup_is_whole(node: Place, tmp_path: Path) -> None:
    out = tmp_path / "out"
    journal = open_journal(node.join, node.folder)
    node.blobs.put(b"a page")
    issue(journal.store)
    told = made(node, out)
    issue(journal.store)
    journal.close()
    assert (told.blobs, told.blobs_copied, told.spoilt) == (1, 1, ())
    backup = newest(node, out)
    assert list(faults_of(backup, node.join)) == []
    with read_only(backup.path / JOURNAL, bytes.fromhex(node.join.db_key))() as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM ticket").scalar() == 2


def test_a_backup_is_for_its_owner_only_and_holds_no_keys(node: Place, tmp_path: Path) -> None:
    out = tmp_path / "out"
    made(node, out)
    private = [node.join.db_key, node.join.sign_private, node.join.hall_private or "?"]
    for path in (*out.rglob("*"), home_of(node.join, out)):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode & 0o077 == 0 or path.name == "machine.lock", path
        if path.is_file():
            assert not any(key.encode() in path.read_bytes() for key in private)


def test_few_backups_are_kept_and_a_scan_lies_there_once(node: Place, tmp_path: Path) -> None:
    out = tmp_path / "out"
    digest = node.blobs.put(b"an old page")
    for night in range(3):
        told = made(node, out, nights=night, keep=2)
        assert told.blobs_copied == (1 if night == 0 else 0)
    assert [b.name for b in backups_in(home_of(node.join, out))] == ["20260305-020000", "20260304-020000"]
    assert newest(node, out).blobs.has(digest)
    node.blobs.remove(digest)
    for night in range(3, 5):
        made(node, out, nights=night, keep=2)
    assert not newest(node, out).blobs.has(digest), "no kept backup names it"


def test_a_spoilt_scan_is_told_and_not_copied(node: Place, tmp_path: Path) -> None:
    digest = node.blobs.put(b"a page")
    node.blobs.path(digest).write_bytes(b"rotten")
    told = made(node, tmp_path / "out")
    assert (told.spoilt, told.blobs) == ((digest,), 0)


@pytest.mark.parametrize("spoilt", ["journal.db", "manifest.json", "blobs.txt", "scan", "gone"])
def test_a_changed_or_incomplete_backup_restores_nothing(node: Place, tmp_path: Path, spoilt: str) -> None:
    out = tmp_path / "out"
    digest = node.blobs.put(b"a page")
    made(node, out)
    backup = newest(node, out)
    path = backup.blobs.path(digest) if spoilt == "scan" else backup.path / spoilt
    if spoilt == "gone":
        (backup.path / JOURNAL).unlink()
    else:
        raw = bytearray(path.read_bytes())
        raw[-3] ^= 1
        path.write_bytes(raw)
    before = (node.folder / JOURNAL).read_bytes()
    with pytest.raises(BadBackup, match="什么都没有改动"):
        restore(newest(node, out) if spoilt != "manifest.json" else backup, node.join, node.folder, now=NIGHT)
    assert (node.folder / JOURNAL).read_bytes() == before


def test_the_backup_of_another_machine_is_refused(node: Place, tmp_path: Path) -> None:
    out = tmp_path / "out"
    made(node, out)
    other = set_up(tmp_path, "other", "node", Keys.fresh())
    key = other.join.model_copy(update={"sign_public": "ab" * 32})
    with pytest.raises(BadBackup, match="不是“other”的"):
        restore(newest(node, out), key, other.folder, now=NIGHT)
    changed = node.join.model_copy(update={"db_key": "cd" * 32})
    with pytest.raises(BadBackup, match="密钥"):
        restore(newest(node, out), changed, node.folder, now=NIGHT)


@pytest.mark.parametrize("where", ["empty", "old"])
def test_a_restored_machine_begins_a_new_life_that_owns_nothing_yet(
    node: Place, tmp_path: Path, where: str
) -> None:
    out = tmp_path / "out"
    digest = node.blobs.put(b"a page")
    made(node, out)
    work(node, 2)
    at = node
    if where == "empty":
        at = Place(tmp_path / "new-pc", node.join)
        write_join_file(at.folder, node.join)
    inc = json.loads((newest(node, out).path / "manifest.json").read_text("utf-8"))["inc"]
    if where == "old":
        (at.folder / f"{JOURNAL}-reviewed").write_text("[]", "utf-8")
    done = restore(newest(node, out), at.join, at.folder, now=NIGHT)
    assert not (at.folder / f"{JOURNAL}-reviewed").exists(), "it spoke of the journal that was moved aside"
    assert (done.moved_aside is None) == (where == "empty")
    assert not (at.folder / STAGED).exists()
    lives = json.loads((at.folder / BEGUN).read_text("utf-8"))["lives"]
    assert "从备份 20260303-020000 恢复" in lives[-1]["why"]
    assert len(lives) == 2, "the first life is known in an empty folder too"
    assert at.blobs.sound(digest)
    journal = open_journal(at.join, at.folder)
    me = journal.store.identity
    assert (me.settled, me.inc != inc, tickets(journal.store)) == (False, True, 1)
    with pytest.raises(NotSettled):
        issue(journal.store)
    journal.close()


def test_a_restore_that_was_cut_off_is_done_by_the_next(
    node: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    made(node, out)
    real = os.replace

    def cut(source: Path, target: Path) -> None:
        if Path(source).parent.name == STAGED:
            raise OSError("power")
        real(source, target)

    backup = newest(node, out)
    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", cut)
        with pytest.raises(OSError, match="power"):
            restore(backup, node.join, node.folder, now=NIGHT)
    assert not (node.folder / JOURNAL).exists()
    restore(newest(node, out), node.join, node.folder, now=NIGHT + timedelta(seconds=1))
    journal = open_journal(node.join, node.folder)
    assert not journal.store.identity.settled
    journal.close()


def test_what_cannot_be_backed_up_is_said(node: Place, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="另一块磁盘"):
        made(node, node.folder / "backups")
    pg = Place(node.folder, node.join.model_copy(update={"database_url": "postgresql://x/y"}))
    with pytest.raises(Refusal, match="pg_dump"):
        made(pg, tmp_path / "out")
    never = set_up(tmp_path, "never", "node", Keys.fresh())
    with pytest.raises(Refusal, match="没有什么可备份"):
        made(never, tmp_path / "out")


def test_what_a_cut_off_backup_left_is_cleared_away(node: Place, tmp_path: Path) -> None:
    out = tmp_path / "out"
    left = home_of(node.join, out) / "20260101-020000.part"
    left.mkdir(parents=True)
    (left / JOURNAL).write_bytes(b"half")
    made(node, out)
    assert not left.exists()
    assert len(backups_in(home_of(node.join, out))) == 1


def test_no_room_is_said_before_anything_changes(
    node: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    made(node, out)
    usage = shutil.disk_usage(out)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: type(usage)(usage.total, usage.total, 0))
    with FolderLock(node.folder, "恢复"), pytest.raises(Refusal, match="先清理磁盘"):
        restore(newest(node, out), node.join, node.folder, now=NIGHT)
