"""The press that opened a step never passes it too: the step must have been seen first. No Qt.

Two quick F9 once took a case in without its review (docs/decisions/0019). Only the same key is held back, and only
until the step has stood on the screen for LEAST_S: another key (F12, then Enter) acts at once.
"""

from collections.abc import Callable, Hashable

LEAST_S = 0.6
"""A double press of a tired hand is over by then; a clerk who glances at the page has not begun to wait."""


class StepGuard:
    """One for the window. `clock` in monotonic seconds."""

    def __init__(self, *, clock: Callable[[], float], least_s: float = LEAST_S) -> None:
        self._clock = clock
        self._least_s = least_s
        self._step: Hashable = None
        self._last_key = ""
        self._opener = ""
        self._seen_at: float | None = None

    def stand(self, step: Hashable) -> None:
        """What the next confirming press would do; None: nothing that lasts."""
        if step != self._step:
            self._step, self._opener, self._seen_at = step, self._last_key, None

    def painted(self) -> None:
        """The step that stands now is on the screen."""
        if self._seen_at is None:
            self._seen_at = self._clock()

    def lets(self, key: str) -> bool:
        """May this press of a confirming key act? False: it opened this step a moment ago."""
        if self._step is not None and key == self._opener:
            if self._seen_at is None or self._clock() - self._seen_at < self._least_s:
                return False
        self._last_key = key
        return True
