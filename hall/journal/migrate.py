"""Bring a database to the tables of this program, losing nothing at whatever step the power goes.

A file is migrated on a copy: the old one stays as it is until the copy has been checked, and is then kept as
`<name>.before-<revision>`. On PostgreSQL everything is one transaction. Alembic is imported only when there
is something to do.
"""

import logging
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    MetaData,
    String,
    Table,
    create_engine,
    func,
    insert,
    inspect,
    select,
    table,
    text,
)
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from hall.journal.condition import JournalUnreachable
from hall.journal.engine import fault, keyed, sqlite_engine
from hall.journal.refusal import StoreFault

log = logging.getLogger(__name__)

version = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))
"""Alembic's own table: one row with the revision that the tables have."""

_MIGRATING = ".migrating"
_LOCK = ".opening"
_SIDE_FILES = ("", "-journal", "-wal", "-shm")
_IN_USE = "数据库正被另一个程序使用，不能升级。请关闭本机上其他的一窗程序后重新启动。"


class TooNew(StoreFault):
    """The database was written by a newer program."""

    def __init__(self) -> None:
        super().__init__("这个数据库由更新版本的程序写成，请先升级本机程序。")


class TrialData(StoreFault):
    """Its revision is this program's, its tables are not: written while the first revision was still being made."""

    def __init__(self, lacking: str) -> None:
        super().__init__(
            f"这份数据是更早的试用版写成的（没有“{lacking}”），本版程序不能用，数据没有改动。请通知信息科：把整个数据文件夹"
            "移到别处保管，再重新建立这台机器的数据。"
        )


class NotMigrated(StoreFault):
    """The migrated tables are not what they should be; the old ones are untouched."""


@dataclass(frozen=True, slots=True)
class History:
    """All revisions that a program knows."""

    folder: Path
    head: str
    """Four digits, counted up; so a newer program's revision shows itself."""


HISTORY = History(Path(__file__).with_name("migrations"), "0001")

Replay = Callable[[Connection], object]
"""Empties the tables that follow from the records and makes them anew, in the caller's transaction."""


def revision(conn: Connection) -> str | None:
    """What the database says about itself; None for one that says nothing."""
    if not inspect(conn).has_table(version.name):
        return None
    return conn.scalar(select(version.c.version_num))


def stamp(conn: Connection, history: History = HISTORY) -> None:
    """Note that tables made from the metadata are this program's."""
    version.create(conn, checkfirst=True)
    conn.execute(insert(version).values(version_num=history.head))


def is_current(conn: Connection, history: History = HISTORY) -> bool:
    """False for older tables and for none. Raises TooNew, and StoreFault for tables of an unknown origin."""
    at = revision(conn)
    if at is None:
        if inspect(conn).get_table_names():
            raise StoreFault("这个数据库没有版本标记，不是本程序正式版写成的，不能打开。请通知信息科。")
        return False
    if not (at.isdigit() and len(at) == len(history.head)) or at > history.head:
        raise TooNew
    return at == history.head


def check_tables(conn: Connection, expected: MetaData) -> None:
    """Every table and column that the program will ask for. Raises TrialData."""
    found = inspect(conn).get_multi_columns()
    columns = {name: {str(c["name"]) for c in there} for (_, name), there in found.items()}
    for name, wanted in sorted(expected.tables.items()):
        if name not in columns:
            raise TrialData(name)
        if lacking := sorted(set(wanted.columns.keys()) - columns[name]):
            raise TrialData(f"{name}.{lacking[0]}")


def open_file(path: Path, key: bytes, replay: Replay, history: History = HISTORY) -> Engine:
    """An engine over the file, which is made or migrated first where needed. `key` is 32 raw bytes.

    Raises StoreFault (TooNew, NotMigrated); the file is then as it was.
    """
    try:
        with _alone(path):
            if not _file_is_current(path, key, history):
                _migrate_file(path, key, replay, history)
            return sqlite_engine(path, key)
    except (SQLAlchemyError, sqlcipher.Error) as exc:
        raise StoreFault(_IN_USE) if "locked" in str(exc) else fault(exc) from exc
    except OSError as exc:
        raise StoreFault(
            f"升级数据库时磁盘出错（{exc.strerror}），原数据库没有改动。请通知信息科检查磁盘。"
        ) from exc


def open_server(engine: Engine, lock: int, replay: Replay, history: History = HISTORY) -> None:
    """Bring a PostgreSQL database to the head in one transaction, under the advisory lock of the writers.

    Raises StoreFault (TooNew, NotMigrated); the database is then as it was.
    """
    try:
        with engine.begin() as conn:
            conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})
            before = migrate(conn, replay, history)
    except OperationalError as exc:
        raise JournalUnreachable(
            "连不上 PostgreSQL 数据库，请信息科检查它是否在运行、database_url 是否写对。"
        ) from exc
    except SQLAlchemyError as exc:
        raise fault(exc) from exc
    if before != history.head:
        log.info("journal migrated from %s to %s", before or "nothing", history.head)


def migrate(conn: Connection, replay: Replay, history: History = HISTORY) -> str | None:
    """Bring the tables to the head inside the caller's transaction. Gives the revision they had.

    Raises TooNew, NotMigrated.
    """
    if is_current(conn, history):
        return history.head
    before = revision(conn)
    counts = _row_counts(conn)
    remade = _upgrade(conn, before, history)
    if remade:
        replay(conn)
    _check(conn, counts, remade, history)
    return before


def _file_is_current(path: Path, key: bytes, history: History) -> bool:
    engine = sqlite_engine(path, key)
    try:
        with engine.connect() as conn:
            return is_current(conn, history)
    finally:
        engine.dispose()


def _migrate_file(path: Path, key: bytes, replay: Replay, history: History) -> None:
    copy = path.with_name(path.name + _MIGRATING)
    for end in _SIDE_FILES:
        copy.with_name(copy.name + end).unlink(missing_ok=True)
    _copy(path, key, copy)
    before = _migrate_copy(copy, key, replay, history)
    if before is not None:
        _keep(path, path.with_name(f"{path.name}.before-{before}"))
    _swap(copy, path)
    log.info("journal migrated from %s to %s", before or "nothing", history.head)


def _copy(path: Path, key: bytes, copy: Path) -> None:
    """Fold the write-ahead log into the old file, then copy it page by page. Nobody else may have it open."""
    # the change of mode fails where another connection exists, and leaves one file without a log beside it
    old = keyed(path, key, "busy_timeout=500", "locking_mode=EXCLUSIVE", "journal_mode=DELETE")
    try:
        new = keyed(copy, key, "synchronous=FULL")
        try:
            old.backup(new)
        finally:
            new.close()
    finally:
        old.close()


def _migrate_copy(copy: Path, key: bytes, replay: Replay, history: History) -> str | None:
    # Alembic drops tables that it has copied: with foreign keys on, rows that point to them would go too
    conn = keyed(copy, key, "synchronous=FULL", "foreign_keys=OFF", "temp_store=MEMORY")
    engine = create_engine(
        "sqlite://", creator=lambda: conn, module=sqlcipher, poolclass=StaticPool, hide_parameters=True
    )
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            before = migrate(connection, replay, history)
            connection.commit()
            for check in ("quick_check", "cipher_integrity_check", "foreign_key_check"):
                found = [str(row[0]) for row in connection.exec_driver_sql(f"PRAGMA {check}")]
                if found not in ([], ["ok"]):
                    raise NotMigrated(
                        f"升级后的数据库没有通过检查（{check}），原数据库没有改动。请通知信息科。"
                    )
    finally:
        engine.dispose()
        conn.close()
    return before


def _keep(path: Path, kept: Path) -> None:
    """A second name for the old file; one a revision, the newest."""
    fresh = kept.with_name(kept.name + "-new")
    fresh.unlink(missing_ok=True)
    try:
        os.link(path, fresh)
    except OSError:
        # FAT and some network disks know no links
        shutil.copyfile(path, fresh)
        _to_disk(fresh)
    os.replace(fresh, kept)
    # two names of one file: the rename did nothing
    fresh.unlink(missing_ok=True)


def _swap(copy: Path, path: Path) -> None:
    """From one moment to the next the name stands for the new file; it never stands for none."""
    left = path.with_name(path.name + "-wal")
    if left.exists():
        raise StoreFault(_IN_USE)
    os.replace(copy, path)
    _to_disk(path.parent)


def _to_disk(path: Path) -> None:
    if path.is_dir() and os.name == "nt":
        return  # Windows cannot open a folder, and writes the name with the rename
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """One program at a time opens this file; the lock goes with the process. Its empty file stays.

    A second program that read the old file's revision meanwhile would, on closing it, delete the new file's log.
    """
    lock: Any = sqlcipher.connect(str(path.with_name(path.name + _LOCK)), isolation_level=None)
    try:
        lock.execute("BEGIN EXCLUSIVE")
        yield
        lock.execute("ROLLBACK")
    finally:
        lock.close()


def _row_counts(conn: Connection) -> dict[str, int]:
    names = sorted(set(inspect(conn).get_table_names()) - {version.name})
    return {name: conn.scalar(select(func.count()).select_from(table(name))) or 0 for name in names}


def _check(conn: Connection, counts: dict[str, int], remade: frozenset[str], history: History) -> None:
    """Every table has the rows it had. Only those that a revision names in REMADE may differ."""
    if revision(conn) != history.head:
        raise NotMigrated("升级没有到达本程序的版本，原数据库没有改动。请通知信息科。")
    now = _row_counts(conn)
    for name, rows in counts.items():
        # making tables anew may find another record that cannot be read, and keeps it
        grown = name == "quarantine" and bool(remade) and now.get(name, 0) >= rows
        if name not in remade and now.get(name, 0) != rows and not grown:
            raise NotMigrated(
                f"升级后表 {name} 的行数不对（原 {rows}，现 {now.get(name, 0)}），原数据库没有改动。请通知信息科。"
            )


def _upgrade(conn: Connection, before: str | None, history: History) -> frozenset[str]:
    """Run the revisions; gives the tables that are to be made anew from the records."""
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config(attributes={"connection": conn})
    config.set_main_option("script_location", str(history.folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    command.upgrade(config, history.head)
    if before is None:
        return frozenset()
    done = ScriptDirectory.from_config(config).iterate_revisions(history.head, before)
    return frozenset(name for script in done for name in getattr(script.module, "REMADE", ()))
