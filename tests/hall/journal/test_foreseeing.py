"""What a command would make is seen, and nothing of it is kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from hall.journal.ledger import Ledger
from hall.journal.refusal import Refusal, UnknownDossier
from hall.journal.store import Store, Who
from tests.hall.journal.flow import carry
from tests.hall.journal.world import HallKeys, WriteNote, file_store, handle_note, note, total

HERE = Who("pc-1", "terminal", "H1")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = file_store(tmp_path / "journal.db", HERE, HallKeys())
    made.write(lambda ledger: ledger.open("d1", "case", scope="case", actor="w1"))
    yield made
    made.close()


def words(conn: Connection) -> list[str]:
    return list(conn.scalars(select(note.c.words).order_by(note.c.words)))


def files(folder: Path) -> dict[str, bytes]:
    return {f.name: f.read_bytes() for f in folder.iterdir() if not f.name.endswith("-shm")}


def test_it_is_seen_and_not_kept(store: Store, tmp_path: Path) -> None:
    told: list[object] = []
    store.subscribe(told.append)
    before = files(tmp_path)
    command = WriteNote("c1", "d1", "一")
    for _ in range(20):
        assert store.foresee(command, handle_note, words) == ["一"]
    assert files(tmp_path) == before, "not even the same pages are written again"
    assert told == []
    with store.read() as conn:
        assert words(conn) == []
    (record,) = store.handle(command, handle_note).records
    assert (record.env.seq, record.env.n) == (2, 2), "the first after the opening"


def test_what_was_done_before_is_looked_at_as_it_is(store: Store) -> None:
    command = WriteNote("c1", "d1", "一")
    store.handle(command, handle_note)
    assert store.foresee(command, handle_note, words) == ["一"]
    assert store.foresee(WriteNote("c2", "d1", "二"), handle_note, words) == ["一", "二"]
    with store.read() as conn:
        assert conn.scalar(select(total.c.notes)) == 1


def test_it_raises_what_the_command_would(store: Store) -> None:
    with pytest.raises(UnknownDossier):
        store.foresee(WriteNote("c1", "d9", "一"), handle_note, words)

    def refuse(_ledger: Ledger, _command: WriteNote) -> None:
        raise Refusal("no", "不行。")

    with pytest.raises(Refusal, match="不行"):
        store.foresee(WriteNote("c1", "d1", "一"), refuse, words)


def test_what_the_other_node_of_the_hall_did_is_done(tmp_path: Path) -> None:
    keys, command = HallKeys(), WriteNote("c1", "d1", "一")
    before = file_store(tmp_path / "n1.db", Who("n1", "hall", "H1"), keys)
    before.write(lambda ledger: ledger.open("d1", "case", scope="case", actor="n1"))
    before.handle(command, handle_note)
    after = file_store(tmp_path / "n2.db", Who("n2", "hall", "H1", peer="n1"), keys)
    carry(before, after)
    assert after.handle(command, handle_note).replayed, "who was not answered asks the one that serves now"
    for store in (before, after):
        store.close()
