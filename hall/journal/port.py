"""What sync needs of a journal: the Store on a database, or the simulator's on a disk of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

from sqlalchemy import Connection

from hall.journal.kernel import Identity, Kernel
from hall.journal.ledger import Ledger
from hall.journal.projection import Recorded

T = TypeVar("T")


class JournalPort(Protocol):
    """As hall.journal.store.Store, whose words count."""

    @property
    def identity(self) -> Identity: ...

    @property
    def kernel(self) -> Kernel: ...

    def read(self) -> AbstractContextManager[Connection]: ...

    def submit(self, work: Callable[[Ledger], T], command_id: str | None = None) -> "Future[T]": ...

    def write(self, work: Callable[[Ledger], T]) -> T: ...

    def subscribe(self, listener: Callable[[Sequence[Recorded]], None]) -> Callable[[], None]: ...

    def renew_incarnation(self, *, suspect: bool = False) -> Identity: ...

    def settle(self) -> Identity: ...
