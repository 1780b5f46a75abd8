"""Milliseconds of many runs of one thing, and running many things at once."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """At least one run."""

    ms: tuple[float, ...]

    def at(self, part: float) -> float:
        """The value that `part` (0..1) of the runs did not exceed (nearest rank), to a hundredth of a ms."""
        ordered = sorted(self.ms)
        return round(ordered[min(len(ordered) - 1, int(part * len(ordered)))], 2)

    @property
    def per_s(self) -> int:
        """How many runs one after another fit into a second."""
        return round(len(self.ms) / (sum(self.ms) / 1000))


def at_once(works: Sequence[Callable[[], None]]) -> None:
    """All at once, each on its own thread; the first exception goes up."""
    faults: list[BaseException] = []

    def guarded(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as exc:
            faults.append(exc)

    threads = [
        threading.Thread(target=guarded, args=(work,), name=f"bench-{n}") for n, work in enumerate(works)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
