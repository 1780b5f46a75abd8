"""Milliseconds of many runs of one thing."""

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
