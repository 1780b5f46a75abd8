"""When an abandoned session is asked about and wiped. Pure: time comes in as an argument."""

from dataclasses import dataclass
from math import ceil

ASK_S, WIPE_S = 45.0, 60.0
ELDERS_ASK_S, ELDERS_WIPE_S = 75.0, 105.0
MAX_FACTOR = 4


@dataclass(frozen=True, slots=True)
class IdleReading:
    """asking: the question is on the screen. seconds_left: whole seconds until the wipe."""

    asking: bool = False
    wipe: bool = False
    seconds_left: int = 0


class IdleClock:
    """Counts from the last touch: asks, then wipes.

    「我还需要时间」 doubles both limits for the rest of the session (at most four times the first ones) and
    may be pressed as often as wanted (WCAG 2.2.1).
    """

    def __init__(self) -> None:
        self._touched_s = 0.0
        self._factor = 1
        self._elders = False

    def start(self, now_s: float, *, elders: bool) -> None:
        """A session begins or its reading speed changes."""
        self._elders = elders
        self._touched_s = now_s

    def touch(self, now_s: float) -> None:
        """Somebody touched the screen."""
        self._touched_s = now_s

    def more_time(self, now_s: float) -> None:
        """The person asked for more time."""
        self._factor = min(self._factor * 2, MAX_FACTOR)
        self._touched_s = now_s

    def forget(self) -> None:
        """The session is over: limits are the first ones again."""
        self._factor = 1

    def read(self, now_s: float) -> IdleReading:
        """What is due at now_s (monotonic seconds)."""
        ask, wipe = (ELDERS_ASK_S, ELDERS_WIPE_S) if self._elders else (ASK_S, WIPE_S)
        idle = now_s - self._touched_s
        ask_at = ask * self._factor
        wipe_at = wipe * self._factor
        if idle >= wipe_at:
            return IdleReading(wipe=True)
        if idle >= ask_at:
            return IdleReading(asking=True, seconds_left=max(1, ceil(wipe_at - idle)))
        return IdleReading()
