"""Machines of one hall and its centre; at the end each is whole."""

from collections.abc import Callable, Iterator

import pytest

from tests.hall.builders import (
    HandClock,
    Machine,
    differences_after_rebuild,
    machine,
    quarantined,
)
from tests.hall.journal.world import HallKeys


@pytest.fixture
def make() -> Iterator[Callable[..., Machine]]:
    """make("pc-1") is a window's machine of the hall, make("node-1", "hall") its node."""
    keys, made = HallKeys(), []

    def one(node: str, role: str = "terminal", **more: object) -> Machine:
        m = machine(node, role, keys=keys, clock=HandClock(), **more)  # type: ignore[arg-type]
        made.append(m)
        return m

    yield one
    for m in made:
        assert quarantined(m) == []
        assert differences_after_rebuild(m) == []
        m.store.close()
