"""Runners for tests: one that runs at once, one that waits until told."""

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class InlineRunner:
    """Runs at once, on the test's thread."""

    def submit(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
    ) -> None:
        try:
            result = work()
        except Exception as error:
            failed(error)
        else:
            done(result)


class HeldRunner:
    """Keeps jobs until `release`, so that a test can look at the busy state."""

    def __init__(self) -> None:
        self._jobs: list[Callable[[], None]] = []

    def submit(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
    ) -> None:
        self._jobs.append(lambda: InlineRunner().submit(work, done, failed))

    def __len__(self) -> int:
        return len(self._jobs)

    def release(self) -> None:
        """Run what has been submitted so far, in order."""
        jobs, self._jobs = self._jobs, []
        for job in jobs:
            job()
