"""A journal's database opened for looking only, whether its program runs or not. Writes nothing, also not beside it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

Reader = Callable[[], AbstractContextManager[Connection]]


def read_only(path: Path, key: bytes) -> Reader:
    """An encrypted file. Using what it gives raises DBAPIError for another key or a damaged file."""
    # a file in WAL mode without its log can be read only when SQLite may trust that nobody writes
    log = path.with_name(path.name + "-wal")
    mode = "mode=ro" if log.exists() else "immutable=1"

    def connect() -> Any:
        conn = sqlcipher.connect(
            f"{path.absolute().as_uri()}?{mode}", uri=True, check_same_thread=False, isolation_level=None
        )
        conn.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        conn.execute("PRAGMA query_only = ON")
        conn.execute("PRAGMA cipher_log_level = NONE")  # what it finds is in our findings
        return conn

    engine = create_engine(
        "sqlite://", creator=connect, module=sqlcipher, poolclass=NullPool, hide_parameters=True
    )

    @contextmanager
    def read() -> Iterator[Connection]:
        with engine.connect() as conn:
            yield conn

    return read


def server_reader(url: str) -> Reader:
    """A PostgreSQL database. Using what it gives raises DBAPIError where it does not answer."""
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True)

    @contextmanager
    def read() -> Iterator[Connection]:
        with engine.connect() as conn:
            conn.exec_driver_sql("SET TRANSACTION READ ONLY")
            yield conn

    return read
