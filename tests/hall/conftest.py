"""One machine that is a whole hall: the smallest place where every act can be done."""

from collections.abc import Iterator

import pytest

from tests.hall.builders import Machine, machine


@pytest.fixture
def hall() -> Iterator[Machine]:
    """A hall node that also works as a window."""
    one = machine("node-1", "hall")
    yield one
    one.store.close()
