"""Is this burst of keys a scanner? Pure; times come in."""

from dataclasses import dataclass, field

_LONGEST_GAP_S = 0.05
_SHORTEST_CODE = 6


@dataclass
class ScanDetector:
    """Collects characters that follow each other faster than hands type (50 ms)."""

    _burst: str = field(default="", init=False)
    _at: float = field(default=0.0, init=False)

    def feed(self, character: str, at_s: float) -> None:
        """One printable character at a monotonic time in seconds."""
        if at_s - self._at > _LONGEST_GAP_S:
            self._burst = ""
        self._burst += character
        self._at = at_s

    def finish(self, at_s: float) -> str:
        """Enter was pressed: the code, or "" when it was a person typing."""
        burst, self._burst = self._burst, ""
        fast = at_s - self._at <= _LONGEST_GAP_S
        return burst if fast and len(burst) >= _SHORTEST_CODE else ""
