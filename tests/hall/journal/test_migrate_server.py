"""PostgreSQL: the journal works there, and a migration is one transaction under the writers' lock."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from hall.assembly import event_types, projections
from hall.journal import migrate
from hall.journal.migrate import NotMigrated, TooNew
from hall.journal.preparing import replaying
from hall.journal.store import PG_LOCK, Store
from hall.journal.verify import verify
from tests.data import make_release
from tests.data.make_release import record_digest, row_counts
from tests.hall.builders import HandClock
from tests.hall.journal.next_release import next_history
from tests.hall.journal.world import HallKeys

pytestmark = pytest.mark.xdist_group("postgresql")
WHO = make_release.WHO


def open_today(url: str, keys: HallKeys, clock: HandClock | None = None) -> Store:
    clock = clock or HandClock()
    return Store.postgresql(url, WHO, event_types(), projections(), keys.ring("hall"), clock.clock())


def lived_in(url: str, keys: HallKeys) -> None:
    clock = HandClock()
    store = open_today(url, keys, clock)
    try:
        make_release.live(store, keys, clock)
    finally:
        store.close()


def state(engine: Engine) -> tuple[str | None, dict[str, int], str]:
    with engine.connect() as conn:
        return migrate.revision(conn), row_counts(conn), record_digest(conn)


@pytest.fixture
def engine(pg_url: str) -> Iterator[Engine]:
    made = create_engine(pg_url)
    yield made
    made.dispose()


def test_a_whole_day_on_a_server_is_migrated_in_one_transaction(
    pg_url: str, engine: Engine, keys: HallKeys, tmp_path: Path
) -> None:
    lived_in(pg_url, keys)
    store = open_today(pg_url, keys)
    assert verify(store) == []
    store.close()
    revision, rows, records = state(engine)
    assert revision == migrate.HISTORY.head
    replay = replaying(WHO, event_types(), projections(), keys.ring("hall"), HandClock().clock())

    loses = next_history(tmp_path / "loses", "DELETE FROM page")
    with pytest.raises(NotMigrated, match="page"):
        migrate.open_server(engine, PG_LOCK, replay, loses)
    assert state(engine) == (revision, rows, records)

    remakes = next_history(tmp_path / "remakes", "DELETE FROM ticket", remade=("ticket",))
    migrate.open_server(engine, PG_LOCK, replay, remakes)
    assert state(engine) == ("0002", rows, records)
    with engine.connect() as conn:
        assert conn.scalar(text("SELECT DISTINCT weight FROM record")) == 7

    with pytest.raises(TooNew):
        open_today(pg_url, keys)
    assert state(engine) == ("0002", rows, records)


def test_a_migration_waits_for_a_writer(engine: Engine) -> None:
    """Two services that start at once, or a writer at work: one after the other."""
    with engine.connect() as writer:
        writer.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": PG_LOCK})
        late = threading.Thread(target=migrate.open_server, args=(engine, PG_LOCK, lambda _: None))
        late.start()
        waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        deadline = time.monotonic() + 60
        while not writer.scalar(waiting):
            assert late.is_alive()
            assert time.monotonic() < deadline
        assert migrate.revision(writer) is None
        writer.rollback()
    late.join()
    assert state(engine)[0] == migrate.HISTORY.head
