"""Calls for staff from kiosks: shown on the live board until somebody has gone there.

In memory on purpose: a call for help is of the minute, and one from before a restart is not. A kiosk tells
its citizen that staff know only when a board was looked at within the last minute.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

KEPT = 200
LOOKED_WITHIN_S = 60.0


@dataclass(frozen=True, slots=True)
class Alert:
    """`id`: of the kiosk's choice, the same twice is one call. `at_ms`: UTC, as the node heard it."""

    id: str
    device: str
    kind: str
    page: str
    number: str
    at_ms: int


class AlertBook:
    """Any thread."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._lock = threading.Lock()
        self._open: dict[str, Alert] = {}
        self._known: dict[str, None] = {}
        self._looked_s: float | None = None

    def add(self, alert: Alert) -> bool:
        """True when staff see it: some board shows these calls now."""
        with self._lock:
            if alert.id not in self._known:
                self._known[alert.id] = None
                self._open[alert.id] = alert
            for book in (self._open, self._known):
                while len(book) > KEPT:
                    del book[next(iter(book))]
            return self._looked_s is not None and self._now_s() - self._looked_s <= LOOKED_WITHIN_S

    def look(self) -> tuple[Alert, ...]:
        """What a board shows, oldest first; each look counts as staff being there."""
        with self._lock:
            self._looked_s = self._now_s()
            return tuple(self._open.values())

    def gone_to(self, alert_id: str) -> bool:
        """Somebody has gone there. False when the call is not open."""
        with self._lock:
            return self._open.pop(alert_id, None) is not None
