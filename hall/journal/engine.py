"""How the journal's database is opened: the driver, its settings, and its faults in words for staff."""

from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.pool import QueuePool

from hall.journal.refusal import StoreFault

MIN_SQLITE = (3, 51, 3)
PROGRAM_LIMIT = "54"
"""Class of PostgreSQL's codes: an index entry that is too long, for one."""


class Undecipherable(StoreFault):
    """The file's first page cannot be read with this key: another key, or a damaged page."""


class ReadOnly(StoreFault):
    """The file was opened while nothing could be written on its disk."""


class Unsure(StoreFault):
    """Perhaps it was written, perhaps not: the same command again has one effect."""


def keyed(path: Path, key: bytes, *pragmas: str) -> Any:
    """A bare connection to one encrypted file; says no BEGIN by itself. Raises the driver's errors."""
    conn = sqlcipher.connect(str(path), timeout=5.0, check_same_thread=False, isolation_level=None)
    try:
        conn.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        for pragma in pragmas:
            conn.execute(f"PRAGMA {pragma}")
    except BaseException:
        conn.close()
        raise
    return conn


def sqlite_engine(path: Path, key: bytes) -> Engine:
    """An engine over one encrypted file: WAL, FULL, foreign keys, no deferred BEGIN."""
    if sqlcipher.sqlite_version_info < MIN_SQLITE:
        raise StoreFault(f"SQLite {sqlcipher.sqlite_version} 过旧，需要 3.51.3 以上。")
    if len(key) != 32:
        raise StoreFault("数据库密钥长度不对。")

    def connect() -> Any:
        return keyed(
            path,
            key,
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=5000",
            "trusted_schema=OFF",
            "journal_size_limit=67108864",
            "temp_store=MEMORY",
        )

    engine = create_engine(
        "sqlite://",
        creator=connect,
        module=sqlcipher,
        poolclass=QueuePool,
        pool_size=6,
        max_overflow=10,
        hide_parameters=True,
    )

    @event.listens_for(engine, "begin")
    def _no_begin(_: Connection) -> None:
        """The driver opens no transaction by itself; the writer says BEGIN IMMEDIATE."""

    return engine


def broke_a_rule(exc: DBAPIError) -> bool:
    """Whether a statement failed by what it wanted to write, and would fail again; else by the disk or the line."""
    if isinstance(exc, IntegrityError | DataError):
        return True
    return str(getattr(exc.orig, "sqlstate", None) or "").startswith(PROGRAM_LIMIT)


def fault(exc: Exception, *, committing: bool = False) -> StoreFault:
    """What staff are told about an error of SQLAlchemy or of the driver. `committing`: the commit was asked for."""
    exc = _first(exc)
    message = str(exc.orig) if isinstance(exc, DBAPIError) else str(exc)
    if "full" in message:
        return StoreFault("磁盘已满，刚才的操作没有保存。请通知信息科清理磁盘，已保存的内容不受影响。")
    if "readonly" in message or "read-only" in message:
        return ReadOnly("磁盘为只读，刚才的操作没有保存。请通知信息科检查磁盘。")
    if "not a database" in message or "hmac" in message.lower():
        return Undecipherable(
            "数据库文件损坏或密钥不对，无法打开。请通知信息科先核对接入文件 machine.json 是不是这台电脑的。"
        )
    if "malformed" in message:
        return StoreFault("数据库文件损坏，无法打开。请通知信息科从备份或大厅节点恢复。")
    if "unable to open" in message:
        return StoreFault("磁盘已满、为只读或有故障，刚才的操作没有保存。请通知信息科检查磁盘。")
    if "disk I/O" in message and committing:
        # also a flush that failed: the log may hold the whole commit, and a restart would find it
        return Unsure("磁盘读写出错，不能确定刚才的操作有没有保存，请核对。请通知信息科检查磁盘。")
    if "disk I/O" in message:
        return StoreFault("磁盘读写出错，刚才的操作没有保存。请通知信息科检查磁盘。")
    return StoreFault("数据库暂时不可用，刚才的操作没有保存，请稍后重试。")


def _first(exc: Exception) -> Exception:
    """SQLite undoes the whole transaction on a full disk: going back to the savepoint then fails as well."""
    earlier: BaseException | None = exc
    while earlier is not None:
        exc = earlier if isinstance(earlier, DBAPIError) else exc
        earlier = earlier.__context__
    return exc
