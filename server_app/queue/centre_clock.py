"""The centre's time as its signed hello told it, carried on by the steady clock: this machine's may be wrong."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from sync.child import Child


class CentreClock:
    """Any thread; asks nobody."""

    def __init__(self, line: Callable[[], Child | None], now_s: Callable[[], float] = time.monotonic) -> None:
        """`now_s`: the clock that the line is run by."""
        self._line = line
        self._now_s = now_s

    def now(self) -> datetime | None:
        """None while the centre has not told it."""
        line = self._line()
        told = line.told if line is not None and line.running else None
        if told is None:
            return None
        time_ms, at_s = told
        return datetime.fromtimestamp(time_ms / 1000 + self._now_s() - at_s, UTC)

    def coming(self) -> bool:
        """The line is just being opened and nothing has failed yet: the centre may tell it in a moment."""
        line = self._line()
        if line is None or not line.running:
            return False
        return line.told is None and line.core.link.fares()[3] is None
