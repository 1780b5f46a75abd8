"""Waiting for what another process does."""

import time
from collections.abc import Callable


def until(done: Callable[[], bool]) -> None:
    """Raises AssertionError after a minute."""
    deadline = time.monotonic() + 60
    while not done():
        assert time.monotonic() < deadline, "never came"
        time.sleep(0.02)
