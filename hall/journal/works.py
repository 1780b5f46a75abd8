"""What waits for the writer: short works, for which somebody stands at a window, and long ones, which make way."""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from hall.journal.ledger import Ledger

T = TypeVar("T")

GROUP = 64
"""Most short works that share one commit."""


@dataclass(frozen=True, slots=True)
class Long(Generic[T]):
    """Marks a work that takes long: it waits for short ones, and ends early when `ledger.waited_for()` says so."""

    work: Callable[[Ledger], T]

    def __call__(self, ledger: Ledger) -> T:
        return self.work(ledger)


class Job(NamedTuple):
    """One work, and who hears of it."""

    work: Callable[[Ledger], Any]
    command_id: str | None
    future: "Future[Any]"


class Works:
    """Any thread puts, the writer takes. Short works in their order, then one long one, and so on in turn."""

    def __init__(self) -> None:
        self._short: deque[Job] = deque()
        self._long: deque[Job] = deque()
        self._changed = threading.Condition()
        self._ended = False
        self._long_is_next = False

    def put(self, job: Job) -> None:
        with self._changed:
            (self._long if isinstance(job.work, Long) else self._short).append(job)
            self._changed.notify()

    def end(self) -> None:
        """What is there is still taken."""
        with self._changed:
            self._ended = True
            self._changed.notify()

    def take(self) -> list[Job]:
        """Blocks for the works of the next commit; none at the end."""
        with self._changed:
            while not (self._short or self._long or self._ended):
                self._changed.wait()
            if self._long and (self._long_is_next or not self._short):
                self._long_is_next = False
                return [self._long.popleft()]
            # a hall that calls without end must not keep a push out for ever
            self._long_is_next = True
            return [self._short.popleft() for _ in range(min(GROUP, len(self._short)))]

    def short_waits(self) -> bool:
        return bool(self._short)
