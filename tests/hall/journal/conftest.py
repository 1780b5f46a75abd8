"""Machines of one invented hall, closed after each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine

from hall.journal.store import Store, Who, sqlite_engine
from tests.hall.journal.world import KEY, HallKeys, Opener, store_over


@pytest.fixture
def keys() -> HallKeys:
    return HallKeys()


@pytest.fixture(params=["sqlite", "postgresql"])
def open_store(request: pytest.FixtureRequest, tmp_path: Path, keys: HallKeys) -> Iterator[Opener]:
    """open_store(node, role, reads=…) gives a store on a file, or a database, of its own."""
    databases = request.getfixturevalue("pg_databases") if request.param == "postgresql" else None
    engines: dict[str, Engine] = {}
    opened: list[Store] = []

    def engine(node: str) -> Engine:
        if databases is None:
            return sqlite_engine(tmp_path / f"{node}.db", KEY)
        if node not in engines:
            engines[node] = create_engine(databases.new())
        return engines[node]

    def make(node: str, role: str = "terminal", *, reads: bool = True) -> Store:
        store = store_over(engine(node), Who(node, role, "H1"), keys, reads=reads)
        opened.append(store)
        return store

    yield make
    for store in opened:
        store.close()
