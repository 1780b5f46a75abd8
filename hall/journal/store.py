"""The journal's database: one writer thread, readers opened per query, full durability.

SQLite comes from the sqlcipher3 wheel (encrypted at rest, and free of the WAL-reset bug that SQLite
3.7.0-3.51.2 has); PostgreSQL is for the county centre.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from hall.journal import migrate, rows
from hall.journal.codec import EventTypes
from hall.journal.engine import ReadOnly, Unsure, broke_a_rule, fault, sqlite_engine
from hall.journal.ids import new_incarnation
from hall.journal.kernel import Clock, Identity, Kernel, utc_now
from hall.journal.ledger import Ledger
from hall.journal.migrate import TooNew
from hall.journal.preparing import Who, identity_in, make_tables, replaying
from hall.journal.projection import Projections, Recorded
from hall.journal.refusal import NotWritten, StoreFault
from hall.journal.sealing import KeyRing
from hall.journal.typed_text import checked
from hall.journal.works import GROUP, Job, Works

__all__ = ["GROUP", "Command", "Outcome", "Store", "TooNew", "Who", "sqlite_engine", "system_clock"]

log = logging.getLogger(__name__)

T = TypeVar("T")

PG_LOCK = 0x59_49_43_48
"""Advisory lock that serialises journal writers on PostgreSQL, so positions follow commits."""


class Command(Protocol):
    """An imperative frozen dataclass with a caller-chosen id."""

    @property
    def command_id(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command recorded. The same command id again gives the same records and `replayed`."""

    records: tuple[Recorded, ...]
    replayed: bool


Listener = Callable[[Sequence[Recorded]], None]


class Store:
    """Thread-safe. `handle` and `write` block until the commit is on the disk; `submit` gives a Future.

    Programs open one by `sqlite` or `postgresql`, which migrate. An engine given directly has this program's
    tables, or none yet: then the tables of the imported rooms are made.
    """

    def __init__(
        self,
        engine: Engine,
        who: Who,
        types: EventTypes,
        projections: Projections,
        keys: KeyRing,
        clock: Clock | None = None,
    ) -> None:
        self._engine = engine
        self._is_pg = engine.dialect.name == "postgresql"
        clock = clock or system_clock()
        try:
            with engine.begin() as conn:
                # all tables and this machine's name for itself, or nothing
                self._begin(conn)
                make_tables(conn)
                identity = identity_in(conn, who)
        except DBAPIError as exc:
            raise fault(exc) from exc
        self._kernel = Kernel(identity, clock, types, projections, keys, peer=who.peer)
        self._works = Works()
        self._listeners: list[Listener] = []
        self._closing = threading.Lock()
        self._closed = False
        self._no_writing: NotWritten | None = None
        self._writer = threading.Thread(target=self._run, name=f"journal-{who.node_id[:8]}", daemon=True)
        self._writer.start()

    @classmethod
    def sqlite(
        cls,
        path: Path,
        key: bytes,
        who: Who,
        types: EventTypes,
        projections: Projections,
        keys: KeyRing,
        clock: Clock | None = None,
    ) -> "Store":
        """Open, make or migrate an encrypted file. `key` is 32 raw bytes. Raises StoreFault, TooNew."""
        clock = clock or system_clock()
        if path.exists():
            engine = migrate.open_file(path, key, replaying(who, types, projections, keys, clock))
        else:
            # tables of the metadata equal the migrated ones (tested), and need no Alembic: 0.4 s of a first start
            engine = sqlite_engine(path, key)
        return cls._over(engine, who, types, projections, keys, clock)

    @classmethod
    def postgresql(
        cls,
        url: str,
        who: Who,
        types: EventTypes,
        projections: Projections,
        keys: KeyRing,
        clock: Clock | None = None,
    ) -> "Store":
        """Open, make or migrate a PostgreSQL database. Raises StoreFault, TooNew."""
        clock = clock or system_clock()
        engine = create_engine(url, pool_pre_ping=True, hide_parameters=True)
        try:
            migrate.open_server(engine, PG_LOCK, replaying(who, types, projections, keys, clock))
        except BaseException:
            engine.dispose()
            raise
        return cls._over(engine, who, types, projections, keys, clock)

    @classmethod
    def _over(cls, engine: Engine, *rest: Any) -> "Store":
        try:
            return cls(engine, *rest)
        except BaseException:
            engine.dispose()
            raise

    @property
    def identity(self) -> Identity:
        return self._kernel.identity

    @property
    def kernel(self) -> Kernel:
        return self._kernel

    def now(self) -> Any:
        return self._kernel.clock.now()

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` on the writer thread after each commit that recorded something."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def renew_incarnation(self, *, suspect: bool = False) -> Identity:
        """Begin a new chain after a restore; owns nothing old until settled. `suspect`: by a person only."""
        fresh = replace(self.identity, inc=new_incarnation(), settled=False, suspect=suspect)
        return self._become(fresh)

    def settle(self) -> Identity:
        """The parent has given back all that this machine had written before."""
        return self._become(replace(self.identity, settled=True, suspect=False))

    def _become(self, identity: Identity) -> Identity:
        before = self._kernel

        def work(ledger: Ledger) -> None:
            rows.SET_IDENTITY.run(
                ledger.conn, inc=identity.inc, settled=identity.settled, suspect=identity.suspect
            )
            # works behind this one in the same commit already write under the new name
            self._kernel = replace(before, identity=identity)

        try:
            self.write(work)
        except StoreFault:
            self._kernel = before
            raise
        return identity

    def stop_writing(self, why: StoreFault) -> None:
        """From now on every write is refused with `why`; reading goes on. For a file that is found damaged."""
        with self._closing:
            self._no_writing = NotWritten(why.text)

    def submit(self, work: Callable[[Ledger], T], command_id: str | None = None) -> "Future[T]":
        """Run `work` in the next transaction, `Long` ones in turn. Its exceptions undo only its own writes."""
        future: Future[T] = Future()
        with self._closing:
            if self._closed:
                future.set_exception(NotWritten("数据库已关闭。"))
            elif self._no_writing is not None:
                future.set_exception(self._no_writing)
            else:
                self._works.put(Job(work, command_id, future))
        return future

    def write(self, work: Callable[[Ledger], T]) -> T:
        return self.submit(work).result()

    def submit_command(self, command: Command, handler: Callable[[Ledger, Any], object]) -> "Future[Outcome]":
        def work(ledger: Ledger) -> Outcome:
            before = ledger.done_before(command.command_id)
            if before is not None:
                return Outcome(before, replayed=True)
            handler(ledger, checked(command))
            return Outcome(tuple(ledger.recorded), replayed=False)

        return self.submit(work, command.command_id)

    def handle(self, command: Command, handler: Callable[[Ledger, Any], object]) -> Outcome:
        """Run a command once, its typed texts checked: the same id twice has one effect.

        Raises Refusal, StoreFault.
        """
        return self.submit_command(command, handler).result()

    def rehearse(self, command: Command, handler: Callable[[Ledger, Any], object]) -> bool:
        """Run a command and keep nothing of it. False: it was done before, and nothing was run.

        Raises what `handle` would.
        """

        def work(ledger: Ledger) -> bool:
            if ledger.done_before(command.command_id) is not None:
                return False
            handler(ledger, checked(command))
            raise _Rehearsed

        try:
            return self.submit(work, command.command_id).result()
        except _Rehearsed:
            return True

    def foresee(
        self, command: Command, handler: Callable[[Ledger, Any], object], look: Callable[[Connection], T]
    ) -> T:
        """What `look` sees where the command were done, and nothing is kept. Done before: what it has made of it.

        `look` runs on the writer thread and only queries: what takes long is done with what it returns. Raises
        what `handle` would.
        """
        seen: list[T] = []

        def work(ledger: Ledger) -> None:
            if ledger.done_before(command.command_id) is None:
                handler(ledger, checked(command))
            seen.append(look(ledger.conn))
            raise _Rehearsed

        try:
            self.submit(work, command.command_id).result()
        except _Rehearsed:
            pass
        return seen[0]

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for queries only, on the calling thread. Raises StoreFault."""
        try:
            with self._engine.connect() as conn:
                yield conn
                conn.rollback()
        except DBAPIError as exc:
            raise fault(exc) from exc

    def close(self) -> None:
        with self._closing:
            if self._closed:
                return
            self._closed = True
            self._works.end()
        self._writer.join()
        self._engine.dispose()

    # -- writer thread --------------------------------------------------------------------------------

    def _run(self) -> None:
        while batch := self._works.take():
            self._commit(batch)

    def _commit(self, batch: Sequence[Job]) -> None:
        done: list[tuple[Future[Any], Any, BaseException | None]] = []
        recorded: list[Recorded] = []
        asked_to_keep = False
        try:
            with self._engine.connect() as conn:
                self._begin(conn)
                for work, command_id, future in batch:
                    if not future.set_running_or_notify_cancel():
                        continue
                    ledger = Ledger(conn, self._kernel, command_id, self._works.short_waits)
                    try:
                        with conn.begin_nested():
                            result = work(ledger)
                    except DBAPIError as exc:
                        if not broke_a_rule(exc):
                            raise
                        # this work did, and not the disk or the line; the savepoint has undone it
                        done.append((future, None, exc))
                    except Exception as exc:
                        done.append((future, None, exc))
                    else:
                        done.append((future, result, None))
                        recorded.extend(ledger.recorded)
                if any(error is None for _, _, error in done):
                    asked_to_keep = True
                    conn.commit()
                else:
                    # a commit would flush pages that the savepoints have only put back
                    conn.rollback()
        except SQLAlchemyError as exc:
            found = told = fault(exc, committing=asked_to_keep)
            if not (isinstance(found, Unsure) or (self._is_pg and asked_to_keep)):
                # a database behind a line can keep what it does not answer
                told = NotWritten(found.text)
            log.error("journal write failed: %s", type(exc).__name__)
            if isinstance(found, ReadOnly):
                # what was opened while the disk was read-only stays so: the next try opens the file anew
                self._engine.dispose()
            for _, _, future in batch:
                if not future.done():
                    future.set_exception(told)
            return
        for future, result, error in done:
            if error is not None:
                future.set_exception(error)
            else:
                future.set_result(result)
        if recorded:
            for listener in tuple(self._listeners):
                try:
                    listener(recorded)
                except Exception:
                    # the commit stands; a screen that fails must not stop the journal
                    log.exception("a listener of the journal failed")

    def _begin(self, conn: Connection) -> None:
        if self._is_pg:
            conn.execute(text(f"SELECT pg_advisory_xact_lock({PG_LOCK})"))
        else:
            conn.exec_driver_sql("BEGIN IMMEDIATE")


class _Rehearsed(Exception):
    """Ends a rehearsal: the writer undoes what raised."""


def system_clock() -> Clock:
    return Clock(utc_now, lambda: time.monotonic_ns() // 1_000_000, new_incarnation())
