"""The order in which calls are said. Pure: no sound, no thread, time comes in."""

from dataclasses import dataclass, replace

MERGE_S = 3.0
MAX_WAITING = 50


@dataclass(frozen=True, slots=True)
class Call:
    """One thing to say. A higher `priority` is said earlier; equal ones in the order they came."""

    ticket_no: str
    window: int
    priority: int = 0


class CallQueue:
    """Calls that wait to be said.

    Invariants: a ticket waits at most once (a newer call to another window replaces the older, which would
    send the citizen wrong); the same call within MERGE_S of the last one is one call; at most MAX_WAITING
    wait, the oldest of the least urgent are given up first.
    """

    def __init__(self) -> None:
        self._waiting: list[Call] = []
        self._asked_at: dict[tuple[str, int], float] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def push(self, call: Call, now_s: float) -> bool:
        """False when it was merged into the same call. `now_s` is a monotonic time."""
        key = (call.ticket_no, call.window)
        self._asked_at = {k: at for k, at in self._asked_at.items() if now_s - at < MERGE_S}
        merged = key in self._asked_at
        self._asked_at[key] = now_s
        for i, waiting in enumerate(self._waiting):
            if (waiting.ticket_no, waiting.window) == key:
                self._waiting[i] = replace(waiting, priority=max(waiting.priority, call.priority))
                return False
        if merged:
            return False
        self._waiting = [waiting for waiting in self._waiting if waiting.ticket_no != call.ticket_no]
        self._waiting.append(call)
        if len(self._waiting) > MAX_WAITING:
            self._waiting.remove(min(self._waiting, key=lambda waiting: waiting.priority))
        return True

    def pop(self) -> Call | None:
        """The next to be said."""
        if not self._waiting:
            return None
        call = max(self._waiting, key=lambda waiting: waiting.priority)  # the first of equals
        self._waiting.remove(call)
        return call
