"""Is this machine's clock plainly wrong? Nothing between machines works by it, but people read it on screens."""

import threading
import time
from collections.abc import Callable
from datetime import datetime

from sync.uplink import Uplink

CLOCKS_APART_S = 180
ASK_EVERY_S = 30.0


def apart_text(now: datetime, node_ms: int | None) -> str:
    """「快 4 分钟」, 「慢 9 小时」 against the node; empty while they agree, or where the node does not tell."""
    if node_ms is None:
        return ""
    ahead_s = now.timestamp() - node_ms / 1000
    if abs(ahead_s) <= CLOCKS_APART_S:
        return ""
    return f"{'快' if ahead_s > 0 else '慢'} {_span(abs(ahead_s))}"


class ClockWatch:
    """Asks the node for its time now and then; in between, and while it is away, the last answer holds. Any thread."""

    def __init__(
        self, up: Uplink, now: Callable[[], datetime], now_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._up = up
        self._now = now
        self._now_s = now_s
        self._lock = threading.Lock()
        self._next_s = float("-inf")
        self._apart = ""

    def apart(self) -> str:
        """As apart_text. Blocks for a second at most, once in ASK_EVERY_S."""
        with self._lock:
            if self._now_s() < self._next_s or not self._up.up():
                return self._apart
            self._next_s = self._now_s() + ASK_EVERY_S
            node_ms = self._up.link().node_ms
            if node_ms is not None:
                self._apart = apart_text(self._now(), node_ms)
            return self._apart


def _span(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 120:
        return f"{minutes} 分钟"
    hours = round(minutes / 60)
    return f"{hours} 小时" if hours < 48 else f"{round(hours / 24)} 天"
