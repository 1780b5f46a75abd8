"""A PostgreSQL for tests: the one in TEST_PG_URL, else a private cluster of this machine's own installation.

The cluster listens on loopback only, with a password of its own, and is gone after the run.
"""

import os
import secrets
from collections.abc import Iterator

import pytest
from sqlalchemy import URL, Engine, create_engine, make_url, text

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


class Databases:
    """Databases of one test's own on one server, dropped after it."""

    def __init__(self, server: URL) -> None:
        self._server = server
        self._admin = create_engine(server, isolation_level="AUTOCOMMIT")
        self._names: list[str] = []

    def new(self, template: str | None = None) -> URL:
        """An empty one, or a copy of another that nobody uses just now."""
        name = f"yichuang_test_{secrets.token_hex(8)}"
        words = f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else "")
        with self._admin.connect() as conn:
            conn.execute(text(words))
        self._names.append(name)
        return self._server.set(database=name)

    def copy(self, engine: Engine) -> Engine:
        """What a backup taken now holds."""
        engine.dispose()
        return create_engine(self.new(engine.url.database))

    def close(self) -> None:
        try:
            with self._admin.connect() as conn:
                for name in self._names:
                    conn.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        finally:
            self._admin.dispose()


@pytest.fixture
def pg_databases(pg_server: URL) -> Iterator[Databases]:
    made = Databases(pg_server)
    yield made
    made.close()


@pytest.fixture
def pg_url(pg_databases: Databases) -> str:
    """An empty database of the test's own, dropped after it."""
    return pg_databases.new().render_as_string(hide_password=False)
