"""Machines of one invented hall, closed after each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hall.journal.store import Store, Who
from tests.hall.journal.world import HallKeys, Opener, file_store


@pytest.fixture
def keys() -> HallKeys:
    return HallKeys()


@pytest.fixture
def open_store(tmp_path: Path, keys: HallKeys) -> Iterator[Opener]:
    """open_store(node, role, reads=…) gives a store on a file of its own."""
    opened: list[Store] = []

    def make(node: str, role: str = "terminal", *, reads: bool = True) -> Store:
        store = file_store(tmp_path / f"{node}.db", Who(node, role, "H1"), keys, reads=reads)
        opened.append(store)
        return store

    yield make
    for store in opened:
        store.close()
