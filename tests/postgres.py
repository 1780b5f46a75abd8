"""A PostgreSQL for tests: the one in TEST_PG_URL, else a private cluster of this machine's own installation.

The cluster listens on loopback only, with a password of its own, and is gone after the run.
"""

import os
import secrets
from collections.abc import Iterator

import pytest
from sqlalchemy import URL, create_engine, make_url, text

from yichuang.private_postgres import private_cluster, programs


@pytest.fixture(scope="session")
def pg_server() -> Iterator[URL]:
    """A server on which a test may make databases."""
    given = os.environ.get("TEST_PG_URL")
    if given:
        yield make_url(given)
        return
    found = programs()
    if found is None:
        pytest.skip("no PostgreSQL on this machine and no TEST_PG_URL")
    with private_cluster(found, durable=False) as url:
        yield url


@pytest.fixture
def pg_url(pg_server: URL) -> Iterator[str]:
    """An empty database of the test's own, dropped after it."""
    name = f"yichuang_test_{secrets.token_hex(8)}"
    admin = create_engine(pg_server, isolation_level="AUTOCOMMIT")
    try:
        with admin.connect() as conn:
            conn.execute(text(f'CREATE DATABASE "{name}"'))
        try:
            yield pg_server.set(database=name).render_as_string(hide_password=False)
        finally:
            with admin.connect() as conn:
                conn.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    finally:
        admin.dispose()
