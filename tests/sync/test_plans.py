"""How SQLite finds what is asked for batch by batch: along the journal, never by sorting all that is left of it."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine

from hall.journal.prepared import Prepared
from hall.journal.schema import metadata
from sync import rows
from tests.hall.journal.world import memory_engine


@pytest.fixture
def engine() -> Iterator[Engine]:
    made = memory_engine()
    metadata.create_all(made)
    yield made
    made.dispose()


@pytest.mark.parametrize(
    ("statement", "values"),
    [
        (rows.NEXT, {"after": 40_000, "mine": ["w1", "w2"], "most": 1000}),
        (rows.PAGE_OWN, {"after": 40_000, "mine": ["w1", "w2"], "most": 1000}),
        (rows.PAGE_ALL, {"after": 40_000, "most": 1000}),
    ],
)
def test_the_next_batch_is_read_along_the_journal(
    engine: Engine, statement: Prepared, values: dict[str, Any]
) -> None:
    with engine.connect() as conn:
        seen: list[str] = []
        driver = conn.connection.dbapi_connection
        assert driver is not None
        driver.set_trace_callback(seen.append)
        statement.all(conn, **values)
        driver.set_trace_callback(None)
        plan = str(conn.exec_driver_sql("EXPLAIN QUERY PLAN " + seen[-1]).all())
    assert "pos>?" in plan
    assert "TEMP B-TREE" not in plan
