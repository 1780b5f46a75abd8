"""Invented events and machines for tests of the journal and of sync."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    Table,
    Text,
    create_engine,
    insert,
    update,
)
from sqlalchemy.pool import StaticPool

from hall.journal.codec import EventTypes
from hall.journal.envelope import Envelope
from hall.journal.facts import KERNEL_EVENTS
from hall.journal.kernel import Clock
from hall.journal.ledger import Ledger
from hall.journal.marking import blob, personal
from hall.journal.projection import Projections
from hall.journal.schema import metadata
from hall.journal.sealing import KeyRing, new_key_pair
from hall.journal.store import Store, Who, sqlite_engine
from hall.journal.works import Job

T = TypeVar("T")

KEY = bytes(range(32))
_tables = MetaData()

note = Table(
    "test_note", _tables,
    Column("record", Text, primary_key=True), Column("dossier", Text, nullable=False),
    Column("words", Text, nullable=False, unique=True), Column("name", Text),
)  # fmt: skip
total = Table(
    "test_total", _tables,
    Column("dossier", Text, primary_key=True), Column("notes", Integer, nullable=False),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NoteWritten:
    TYPE: ClassVar[str] = "test.note/1"
    words: str
    scan: str | None = blob(None)
    name: str | None = personal()


@dataclass(frozen=True, slots=True)
class WriteNote:
    command_id: str
    dossier: str
    words: str


def handle_note(ledger: Ledger, c: WriteNote) -> None:
    ledger.append(c.dossier, NoteWritten(c.words), actor="w1")


def _project(conn: Connection, env: Envelope, event: Any) -> None:
    conn.execute(insert(note).values(record=env.id, dossier=env.dossier, words=event.words, name=event.name))
    done = conn.execute(update(total).where(total.c.dossier == env.dossier).values(notes=total.c.notes + 1))
    if not done.rowcount:
        conn.execute(insert(total).values(dossier=env.dossier, notes=1))


class _Everybody(frozenset[str]):
    def __contains__(self, _: object) -> bool:
        return True


EVERYBODY = _Everybody()
"""A subtree for who seizes where it does not matter."""


def types() -> EventTypes:
    return EventTypes((*KERNEL_EVENTS, NoteWritten))


def projections() -> Projections:
    return Projections((note, total), ((NoteWritten, _project),))


def fixed_clock(step_ms: int = 1) -> Clock:
    """Starts on an invented morning; each look moves it on by one step."""
    state = {"ms": 0}

    def tick() -> int:
        state["ms"] += step_ms
        return state["ms"]

    morning = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    return Clock(lambda: morning + timedelta(milliseconds=tick()), tick, "b" * 32)


@dataclass
class HallKeys:
    """Key pairs of one hall and its centre."""

    hall: tuple[bytes, bytes] = field(default_factory=new_key_pair)
    centre: tuple[bytes, bytes] = field(default_factory=new_key_pair)

    def ring(self, role: str, *, reads: bool = True) -> KeyRing:
        return KeyRing(
            hall_public=self.hall[1],
            centre_public=self.centre[1],
            hall_private=self.hall[0] if reads and role != "county" else None,
            centre_private=self.centre[0] if reads and role == "county" else None,
        )


def file_store(path: Path, who: Who, keys: HallKeys, *, reads: bool = True) -> Store:
    return store_over(sqlite_engine(path, KEY), who, keys, reads=reads)


def memory_engine() -> Engine:
    """One connection for writer and readers: only for tests that do one thing at a time."""
    conn = sqlcipher.connect(":memory:", check_same_thread=False, isolation_level=None)
    conn.execute("PRAGMA foreign_keys=ON")
    return create_engine(
        "sqlite://", creator=lambda: conn, module=sqlcipher, poolclass=StaticPool,
        execution_options={"compiled_cache": _statements()},
    )  # fmt: skip


@lru_cache
def _statements() -> dict[Any, Any]:
    """Statements compiled once for all memory files."""
    return {}


class InlineStore(Store):
    """Commits on the calling thread: in a test that does one thing at a time, threads only cost time."""

    def submit(self, work: Callable[[Ledger], T], command_id: str | None = None) -> "Future[T]":
        future: Future[T] = Future()
        self._commit([Job(work, command_id, future)])
        return future


def memory_store(who: Who, keys: HallKeys, engine: Engine | None = None, *, made: bool = False) -> Store:
    """`made`: the engine has its tables already."""
    if made and engine is not None:
        return InlineStore(engine, who, types(), projections(), keys.ring(who.role), fixed_clock())
    fresh = engine or memory_engine()
    make_tables(fresh)
    return InlineStore(fresh, who, types(), projections(), keys.ring(who.role), fixed_clock())


def copy_of(engine: Engine) -> Engine:
    """What a backup taken now holds."""
    copy = memory_engine()
    with engine.connect() as old, copy.connect() as new:
        source: Any = old.connection.dbapi_connection
        source.backup(new.connection.dbapi_connection)
    return copy


def make_tables(engine: Engine) -> None:
    with engine.begin() as conn:
        metadata.create_all(conn)
        _tables.create_all(conn)


def store_over(engine: Engine, who: Who, keys: HallKeys, *, reads: bool = True) -> Store:
    make_tables(engine)
    return Store(engine, who, types(), projections(), keys.ring(who.role, reads=reads), fixed_clock())


Opener = Callable[..., Store]
