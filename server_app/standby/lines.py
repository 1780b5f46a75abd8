"""The one line that a node keeps upwards: to the centre while it serves, to the other node while it stands by."""

import threading
from collections.abc import Callable, Mapping

from sync.child import Child


class Lines:
    """`to` and `stop` on any thread. `current` may be stopped a moment later: its calls then say that it is away."""

    def __init__(self, make: Mapping[str, Callable[[], Child]]) -> None:
        """`make`: how to build the line by where it goes, not yet started: "centre", "peer"."""
        self._make = make
        self._lock = threading.Lock()
        self._ended = False
        self._where = ""
        self.current: Child | None = None

    def prepare(self, where: str) -> None:
        """Build it without starting: what asks it before the start is told that it connects."""
        if where in self._make:
            self.current = self._make[where]()

    def to(self, where: str) -> None:
        """ "" for nowhere. Blocks until the former line has ended. Nothing happens when it goes there already."""
        with self._lock:
            if self._where == where or self._ended:
                return
            if self._where and self.current is not None:
                self.current.stop()
                self.current = None
            self._where = where
            if where in self._make:
                self.current = self.current or self._make[where]()
                self.current.start()

    def stop(self) -> None:
        with self._lock:
            self._ended = True
            if self.current is not None:
                self.current.stop()

    def wake(self) -> None:
        line = self.current
        if line is not None:
            line.wake()
