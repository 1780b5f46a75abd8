"""What the demo says while it runs, and the steps that summary.json lists."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TextIO


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was to happen."""

    name: str
    at_s: float
    ok: bool


class Transcript:
    """Prints lines as they happen. Thread-safe: several clerks speak."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._start = time.monotonic()
        self._lock = threading.Lock()
        self.steps: list[Step] = []

    def say(self, who: str, text: str) -> None:
        with self._lock:
            self._out.write(f"{self.elapsed():6.1f} s  {who:<8}{text}\n")
            self._out.flush()

    def title(self, text: str) -> None:
        with self._lock:
            self._out.write(f"\n{text}\n")
            self._out.flush()

    def elapsed(self) -> float:
        return time.monotonic() - self._start

    @contextmanager
    def step(self, who: str, name: str) -> Iterator[None]:
        """Counts as done only when the block ends without an exception, which goes on upwards."""
        try:
            yield
        except BaseException as exc:
            self.steps.append(Step(name, round(self.elapsed(), 1), False))
            self.say(who, f"✗ {name}：{exc}")
            raise
        self.steps.append(Step(name, round(self.elapsed(), 1), True))
        self.say(who, f"✓ {name}")
