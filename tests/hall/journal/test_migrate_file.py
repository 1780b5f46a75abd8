"""A file of an older release is migrated on a copy; whatever happens on the way, nothing is lost."""

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from hall.assembly import event_types, projections
from hall.journal import migrate, schema
from hall.journal import store as journal_store
from hall.journal.engine import keyed, sqlite_engine
from hall.journal.migrate import NotMigrated, TooNew
from hall.journal.refusal import StoreFault
from hall.journal.store import Store
from tests.data import make_release
from tests.hall.journal.next_release import migrate_to, next_history, released, replay, state


class PowerCut(BaseException):
    """Not an Exception: nothing in the program may catch it."""


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("journal.db*")} - {"journal.db.opening"}


def open_today(path: Path, release: make_release.Release) -> Store:
    return Store.sqlite(path, release.key, make_release.WHO, event_types(), projections(), release.keys)


def same_rows(path: Path, release: make_release.Release) -> bool:
    return state(path, release.key)[1:] == (release.rows, release.records)


def test_an_older_file_is_migrated_and_the_old_one_is_kept(tmp_path: Path) -> None:
    path, release = released(tmp_path)
    migrate_to(path, release, next_history(tmp_path))
    assert names(tmp_path) == {"journal.db", "journal.db.before-0001"}
    assert state(path, release.key) == ("0002", release.rows, release.records)
    assert state(tmp_path / "journal.db.before-0001", release.key) == ("0001", release.rows, release.records)
    engine = sqlite_engine(path, release.key)
    with engine.connect() as conn:
        assert conn.scalar(text("SELECT DISTINCT weight FROM record")) == 7
        assert conn.scalar(text("PRAGMA journal_mode")) == "wal"
    engine.dispose()


def test_what_lay_in_the_log_of_a_crashed_program_is_migrated_too(tmp_path: Path) -> None:
    path, release = released(tmp_path)
    live = keyed(path, release.key, "journal_mode=WAL", "wal_autocheckpoint=0")
    live.execute("UPDATE account SET name = '改过的名字'")
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    for name in ("journal.db", "journal.db-wal"):
        shutil.copyfile(tmp_path / name, crashed / name)
    live.close()
    path = crashed / "journal.db"
    assert (crashed / "journal.db-wal").stat().st_size > 0
    migrate_to(path, release, next_history(tmp_path))
    engine = sqlite_engine(path, release.key)
    with engine.connect() as conn:
        assert conn.scalar(text("SELECT name FROM account")) == "改过的名字"
    engine.dispose()
    assert names(crashed) == {"journal.db", "journal.db.before-0001"}


def test_a_file_of_a_newer_program_is_refused_and_stays_as_it_is(tmp_path: Path) -> None:
    path, release = released(tmp_path)
    migrate_to(path, release, next_history(tmp_path))
    with pytest.raises(TooNew, match="更新版本的程序写成，请先升级本机程序"):
        open_today(path, release)
    assert state(path, release.key) == ("0002", release.rows, release.records)
    assert names(tmp_path) == {"journal.db", "journal.db.before-0001"}


@pytest.mark.parametrize("mark", ["9999", "0001a", "ab12cd34", "10000"])
def test_an_unknown_revision_is_taken_for_a_newer_programs(tmp_path: Path, mark: str) -> None:
    path, release = released(tmp_path)
    conn = keyed(path, release.key)
    conn.execute("UPDATE alembic_version SET version_num = ?", (mark,))
    conn.close()
    with pytest.raises(TooNew):
        open_today(path, release)


def test_a_file_without_a_mark_is_refused(tmp_path: Path) -> None:
    path, release = released(tmp_path)
    conn = keyed(path, release.key)
    conn.execute("DROP TABLE alembic_version")
    conn.close()
    with pytest.raises(StoreFault, match="没有版本标记"):
        open_today(path, release)
    assert names(tmp_path) == {"journal.db"}


def test_a_wrong_key_is_told_and_touches_nothing(tmp_path: Path) -> None:
    path, release = released(tmp_path)
    before = path.read_bytes()
    for key in (bytes(32), bytes.fromhex(release.db_key)[::-1]):
        with pytest.raises(StoreFault, match="数据库文件损坏或密钥不对"):
            migrate.open_file(path, key, replay(release), next_history(tmp_path / key.hex()))
    with pytest.raises(StoreFault, match="密钥长度不对"):
        migrate.open_file(path, b"short", replay(release))
    assert path.read_bytes() == before
    assert names(tmp_path) == {"journal.db"}


def test_a_first_start_makes_all_tables_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, release = tmp_path / "journal.db", make_release.read_release("0.1.0")
    with monkeypatch.context() as patch:
        cut(patch, journal_store, "identity_in", after=True)
        with pytest.raises(PowerCut):
            open_today(path, release)
    conn = keyed(path, release.key)
    assert conn.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    conn.close()
    open_today(path, release).close()
    revision, rows, _ = state(path, release.key)
    assert revision == migrate.HISTORY.head
    assert rows.keys() == {"alembic_version", *schema.metadata.tables}


def test_a_new_file_is_made_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "journal.db"
    with monkeypatch.context() as patch:
        cut(patch, migrate, "_upgrade", after=True)
        with pytest.raises(PowerCut):
            migrate.open_file(path, bytes(32), lambda _: None)
    migrate.open_file(path, bytes(32), lambda _: None).dispose()
    assert names(tmp_path) == {"journal.db"}
    revision, rows, _ = state(path, bytes(32))
    assert revision == migrate.HISTORY.head
    assert set(rows.values()) == {0, 1}


# -- the power goes -----------------------------------------------------------------------------------


def cut(patch: pytest.MonkeyPatch, owner: Any, name: str, *, after: bool) -> None:
    real = getattr(owner, name)

    def step(*args: Any, **named: Any) -> Any:
        if after:
            real(*args, **named)
        raise PowerCut(name)

    patch.setattr(owner, name, step)


STEPS: list[tuple[Any, str]] = [
    (migrate, "_copy"),
    (migrate, "_upgrade"),
    (migrate, "_check"),
    (migrate, "_migrate_copy"),
    (migrate.os, "link"),
    (migrate, "_keep"),
    (migrate.os, "replace"),
    (migrate, "_swap"),
    (migrate, "_to_disk"),
    (migrate.os, "fsync"),
]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("owner", "name"), STEPS, ids=[name for _, name in STEPS])
def test_a_power_cut_at_any_step_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, after: bool
) -> None:
    path, release = released(tmp_path)
    history = next_history(tmp_path)
    with monkeypatch.context() as patch:
        cut(patch, owner, name, after=after)
        with pytest.raises(PowerCut):
            migrate_to(path, release, history)
    revision, rows, records = state(path, release.key)
    assert revision in ("0001", "0002")
    assert (rows, records) == (release.rows, release.records)
    migrate_to(path, release, history)
    assert state(path, release.key) == ("0002", release.rows, release.records)
    assert names(tmp_path) == {"journal.db", "journal.db.before-0001"}
    assert state(tmp_path / "journal.db.before-0001", release.key)[0] == "0001"


def test_a_cut_between_the_two_names_of_the_swap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second replace is the swap itself: before it the old file has two names, and none is missing."""
    path, release = released(tmp_path)
    history = next_history(tmp_path)
    real = os.replace

    def replace(source: Path, target: Path) -> None:
        if target == path:
            raise PowerCut
        real(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(migrate.os, "replace", replace)
        with pytest.raises(PowerCut):
            migrate_to(path, release, history)
    assert names(tmp_path) == {"journal.db", "journal.db.before-0001", "journal.db.migrating"}
    # the old program is started once more and writes: that must not be lost either
    store = open_today(path, release)
    store.write(lambda ledger: ledger.conn.execute(text("UPDATE account SET name = '后来'")) and None)
    store.close()
    migrate_to(path, release, history)
    for file in (path, tmp_path / "journal.db.before-0001"):
        conn = keyed(file, release.key)
        assert conn.execute("SELECT name FROM account").fetchone() == ("后来",)
        conn.close()
    assert names(tmp_path) == {"journal.db", "journal.db.before-0001"}


KILLED = """
import os, sys
from pathlib import Path
from hall.journal import migrate, schema
from hall.journal import store as journal_store
from hall.journal.migrate import History
from tests.data.make_release import read_release

name, release = sys.argv[1], read_release("0.1.0")
if name == "upgrade":
    real = migrate._upgrade
    migrate._upgrade = lambda *args: (real(*args), os._exit(9))
else:
    migrate.os.replace = lambda *args: os._exit(9)
migrate.open_file(Path(sys.argv[2]), release.key, lambda conn: None, History(Path(sys.argv[3]), "0002"))
"""


@pytest.mark.parametrize("where", ["upgrade", "replace"])
def test_a_killed_program_loses_nothing(tmp_path: Path, where: str) -> None:
    path, release = released(tmp_path)
    history, root = next_history(tmp_path), Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", KILLED, where, str(path), str(history.folder)],
        cwd=root, env={**os.environ, "PYTHONPATH": str(root)},
    )  # fmt: skip
    assert done.returncode == 9
    assert "journal.db.migrating" in names(tmp_path)
    assert state(path, release.key) == ("0001", release.rows, release.records)
    migrate_to(path, release, history)
    assert state(path, release.key) == ("0002", release.rows, release.records)
    assert names(tmp_path) == {"journal.db", "journal.db.before-0001"}


def test_half_a_copy_that_was_left_behind_is_no_hindrance(tmp_path: Path) -> None:
    path, release = released(tmp_path)
    whole = path.read_bytes()
    for end in ("", "-journal", "-wal"):
        (tmp_path / f"journal.db.migrating{end}").write_bytes(whole[5_000:50_000])
    migrate_to(path, release, next_history(tmp_path))
    assert state(path, release.key) == ("0002", release.rows, release.records)
    assert names(tmp_path) == {"journal.db", "journal.db.before-0001"}


# -- what a migration may not do ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sentence",
    [
        "DELETE FROM record WHERE pos = 3",
        "DROP TABLE account",
        "INSERT INTO watermark VALUES ('a', 'b', 1, 1)",
    ],
)
def test_rows_that_vanish_or_appear_stop_the_migration(tmp_path: Path, sentence: str) -> None:
    path, release = released(tmp_path)
    before = path.read_bytes()
    with pytest.raises(NotMigrated, match=r"行数不对.*原数据库没有改动"):
        migrate_to(path, release, next_history(tmp_path, sentence))
    assert state(path, release.key) == ("0001", release.rows, release.records)
    assert len(path.read_bytes()) == len(before)
    assert "journal.db.before-0001" not in names(tmp_path)
    open_today(path, release).close()


def test_a_row_that_points_to_nothing_stops_the_migration(tmp_path: Path) -> None:
    path, release = released(tmp_path)
    dangling = (
        "CREATE TABLE child (id TEXT PRIMARY KEY, of TEXT REFERENCES machine (one))",
        "INSERT INTO child VALUES ('a', 77)",
    )
    with pytest.raises(NotMigrated, match="foreign_key_check"):
        migrate_to(path, release, next_history(tmp_path, *dangling))
    assert state(path, release.key)[0] == "0001"


def test_tables_thrown_away_are_made_again_from_the_records(tmp_path: Path) -> None:
    path, release = released(tmp_path)
    old = keyed(path, release.key)
    tickets = sorted(old.execute("SELECT * FROM ticket").fetchall(), key=repr)
    old.close()
    migrate_to(path, release, next_history(tmp_path, "DELETE FROM ticket", remade=("ticket",)))
    assert same_rows(path, release)
    new = keyed(path, release.key)
    assert sorted(new.execute("SELECT * FROM ticket").fetchall(), key=repr) == tickets
    new.close()


def test_another_program_that_has_the_file_open_stops_the_migration(tmp_path: Path) -> None:
    path, release = released(tmp_path)
    other = keyed(path, release.key, "journal_mode=WAL")
    other.execute("SELECT count(*) FROM record").fetchone()
    with pytest.raises(StoreFault, match="另一个程序使用"):
        migrate_to(path, release, next_history(tmp_path))
    assert "journal.db.migrating" not in names(tmp_path), "nothing was copied behind its back"
    other.execute("UPDATE account SET name = '还在写'")
    other.close()
    assert state(path, release.key)[0] == "0001"


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, release = released(tmp_path)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(migrate.os, "replace", full)
        with pytest.raises(StoreFault, match="原数据库没有改动"):
            migrate_to(path, release, next_history(tmp_path))
    assert state(path, release.key) == ("0001", release.rows, release.records)


def test_a_disk_without_links_keeps_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, release = released(tmp_path)

    def no_links(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(migrate.os, "link", no_links)
    migrate_to(path, release, next_history(tmp_path))
    assert state(tmp_path / "journal.db.before-0001", release.key) == ("0001", release.rows, release.records)


def test_a_folder_name_with_a_percent_sign(tmp_path: Path) -> None:
    folder = tmp_path / "100%(x)s"
    folder.mkdir()
    path, release = released(folder)
    migrate_to(path, release, next_history(folder))
    assert state(path, release.key)[0] == "0002"
