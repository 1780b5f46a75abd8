"""A rig per test: once with a centre on SQLite, once with one on PostgreSQL."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync.rig import Rig


@pytest.fixture(params=["sqlite", "postgresql"])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    databases = request.getfixturevalue("pg_databases") if request.param == "postgresql" else None
    with Rig(tmp_path, random.Random(7), databases=databases) as made:
        yield made
