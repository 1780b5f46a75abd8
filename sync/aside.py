"""How a parent does what blocks, so that the protocol itself holds no thread and no event loop."""

import asyncio
from collections.abc import Callable
from typing import Protocol, TypeVar

from hall.journal.ledger import Ledger
from hall.journal.port import JournalPort

T = TypeVar("T")


class Aside(Protocol):
    """Each call is a place where the process may die, and where others speak meanwhile."""

    async def run(self, fn: Callable[[], T]) -> T:
        """What reads tables or files."""

    async def commit(self, store: JournalPort, work: Callable[[Ledger], T]) -> T:
        """What writes: returns when it is on the disk. Raises what `work` raised, and StoreFault."""


class Threads:
    """The service's: reads on worker threads, writes on the store's."""

    async def run(self, fn: Callable[[], T]) -> T:
        return await asyncio.to_thread(fn)

    async def commit(self, store: JournalPort, work: Callable[[Ledger], T]) -> T:
        return await asyncio.wrap_future(store.submit(work))
