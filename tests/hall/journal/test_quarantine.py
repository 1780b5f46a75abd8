"""What is put aside is kept once, and one peer cannot fill the disk with it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from hall.journal import quarantine, schema
from hall.journal.prepared import Prepared
from hall.journal.quarantine import FULL, Quarantine
from hall.journal.rows import PARKED
from hall.journal.store import Store, Who
from tests.hall.journal.flow import quarantined
from tests.hall.journal.world import HallKeys, memory_store


@pytest.fixture
def store() -> Iterator[Store]:
    made = memory_store(Who("n1", "hall", "h"), HallKeys())
    yield made
    made.close()


def test_the_same_bytes_are_kept_once_for_one_reason(store: Store) -> None:
    for _ in range(2):
        store.write(
            lambda ledger: [Quarantine(ledger.conn).park("w1", code, b"x") for code in ("forked", "lost")]
        )
    assert quarantined(store) == ["forked", "lost"]
    with store.read() as conn:
        assert Quarantine(conn).holds(quarantine.canonical.digest(b"x"), ("chain_broken", "lost"))
        assert not Quarantine(conn).holds(quarantine.canonical.digest(b"x"), ("chain_broken",))


def test_one_peer_fills_it_up_to_a_bound_and_is_named(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quarantine, "MOST_OF_ONE", 3)
    for n in range(9):
        store.write(lambda ledger, n=n: Quarantine(ledger.conn).park("w1", "forked", b"%d" % n))  # type: ignore[misc]
    store.write(lambda ledger: Quarantine(ledger.conn).park("w2", "forked", b"other"))
    assert quarantined(store) == ["forked"] * 3 + [FULL, "forked"]
    with store.read() as conn:
        [raw] = conn.scalars(select(schema.quarantine.c.raw).where(schema.quarantine.c.code == FULL))
    assert bytes(raw) == b"w1"


def test_many_bad_records_search_it_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Prepared] = []
    true = PARKED.all
    monkeypatch.setattr(PARKED, "all", lambda conn: asked.append(PARKED) or true(conn))
    store.write(lambda ledger: [ledger.admit(b"no record %d" % n, "w1") for n in range(50)])
    assert len(quarantined(store)) == 50
    assert len(asked) == 1
