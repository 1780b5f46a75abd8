"""A machine's journal on the simulated disk: the product's Ledger in transactions that may end at any moment."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Any, ClassVar, TypeVar

from sqlalchemy import Connection

from hall.journal import rows
from hall.journal.kernel import Identity, Kernel
from hall.journal.ledger import Ledger
from hall.journal.marking import blob
from hall.journal.projection import Projections, Recorded
from hall.journal.refusal import NotWritten
from yichuang.simulate.disk import Broken, SimDisk

T = TypeVar("T")


class Died(BaseException):
    """The process is gone, whatever it was doing. Not an Exception: no code of the product catches it."""


@dataclass(frozen=True, slots=True)
class Said:
    """What people write in a simulated dossier."""

    TYPE: ClassVar[str] = "sim.said/1"
    words: str
    scan: str | None = blob(None)


@dataclass(frozen=True, slots=True)
class SaidNewly:
    """The same of a newer program: older ones keep and relay it without understanding."""

    TYPE: ClassVar[str] = "sim.said_newly/1"
    words: str


class SimProjections(Projections):
    """One table: what was said."""

    def __init__(self) -> None:
        super().__init__((), ())

    def apply(self, conn: Connection, env: Any, event: Any) -> None:
        if isinstance(event, Said | SaidNewly):
            disk = _disk(conn)
            if env.id in disk.tables.notes:
                raise Broken("projected twice")
            disk.put(disk.tables.notes, env.id, (env.dossier, event.words))

    def forget(self, conn: Connection, dossier: str) -> None:
        disk = _disk(conn)
        for key in [k for k, v in disk.tables.notes.items() if v[0] == dossier]:
            disk.drop(disk.tables.notes, key)


def _disk(conn: Connection) -> SimDisk:
    assert isinstance(conn, SimDisk)
    return conn


class SimJournal:
    """Implements hall.journal.port.JournalPort."""

    def __init__(
        self,
        disk: SimDisk,
        kernel: Kernel,
        *,
        moment: Callable[[], None],
        written: Callable[[Sequence[Recorded]], None],
        new_inc: Callable[[], str],
        full: bool,
    ) -> None:
        """`moment` is called wherever the process may die, and raises Died when it does. `written` hears of what is on
        the disk, also when nobody lives to acknowledge it. `full`: a commit is synced before it is acknowledged.
        """
        self.disk = disk
        self._open = nullcontext(disk)
        self._kernel = kernel
        self._moment = moment
        self._written = written
        self._new_inc = new_inc
        self._full = full
        self._listeners: list[Callable[[Sequence[Recorded]], None]] = []
        self.full_disk = False

    @property
    def identity(self) -> Identity:
        return self._kernel.identity

    @property
    def kernel(self) -> Kernel:
        return self._kernel

    def read(self) -> AbstractContextManager[Connection]:
        self._moment()
        return self._open

    def submit(self, work: Callable[[Ledger], T], command_id: str | None = None) -> "Future[T]":
        future: Future[T] = Future()
        try:
            future.set_result(self._commit(work, command_id))
        except Exception as exc:
            future.set_exception(exc)
        return future

    def write(self, work: Callable[[Ledger], T]) -> T:
        return self._commit(work, None)

    def once(self, command_id: str, work: Callable[[Ledger], object]) -> bool:
        """As Store.handle: the same command twice has one effect. False when it was done before."""

        def guarded(ledger: Ledger) -> bool:
            if ledger.done_before(command_id) is not None:
                return False
            work(ledger)
            return True

        return self._commit(guarded, command_id)

    def subscribe(self, listener: Callable[[Sequence[Recorded]], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def renew_incarnation(self, *, suspect: bool = False) -> Identity:
        return self._become(replace(self.identity, inc=self._new_inc(), settled=False, suspect=suspect))

    def settle(self) -> Identity:
        return self._become(replace(self.identity, settled=True, suspect=False))

    def _become(self, identity: Identity) -> Identity:
        def work(ledger: Ledger) -> None:
            me = {"inc": identity.inc, "settled": identity.settled, "suspect": identity.suspect}
            rows.SET_IDENTITY.run(ledger.conn, **me)

        self._commit(work, None)
        self._kernel = replace(self._kernel, identity=identity)
        return identity

    def _commit(self, work: Callable[[Ledger], T], command_id: str | None) -> T:
        self._moment()
        if self.full_disk:
            raise NotWritten("磁盘已满。")
        mark = self.disk.mark()
        ledger = Ledger(self.disk, self._kernel, command_id)
        try:
            result = work(ledger)
        except BaseException:
            self.disk.back_to(mark)
            raise
        if self._full:
            self.disk.sync()
        self._written(ledger.recorded)
        # from here on it counts, though whoever asked may never hear of it
        self._moment()
        if ledger.recorded:
            for listener in tuple(self._listeners):
                listener(ledger.recorded)
        return result
