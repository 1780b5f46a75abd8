"""A database that is older than its machine, or comes from another, begins a new chain."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hall.journal.store import Store, Who
from sync.marker import Marker
from tests.hall.journal.flow import append, open_dossier
from tests.hall.journal.world import HallKeys, NoteWritten, copy_of, memory_engine, memory_store

KEYS, WHO = HallKeys(), Who("w1", "terminal", "H1")


@pytest.fixture
def stores() -> Iterator[tuple[Store, Store]]:
    """A store with two records more than the backup beside it."""
    engine = memory_engine()
    live = memory_store(WHO, KEYS, engine)
    open_dossier(live, "d1", "一")
    backup = memory_store(WHO, KEYS, copy_of(engine))
    append(live, "d1", NoteWritten("二"))
    yield live, backup
    live.close()
    backup.close()


def test_the_same_machine_goes_on(stores: tuple[Store, Store], tmp_path: Path) -> None:
    live, _ = stores
    inc = live.identity.inc
    assert not Marker(tmp_path / "m", "pc-1").at_start(live)
    assert not Marker(tmp_path / "m", "pc-1").at_start(live)
    assert (live.identity.inc, live.identity.settled) == (inc, True)


def test_a_restored_backup_is_seen(stores: tuple[Store, Store], tmp_path: Path) -> None:
    live, backup = stores
    Marker(tmp_path / "m", "pc-1").note(live)
    assert Marker(tmp_path / "m", "pc-1").at_start(backup)
    assert backup.identity.inc != live.identity.inc
    assert not backup.identity.settled
    assert not Marker(tmp_path / "m", "pc-1").at_start(backup)


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"inc": 1, "seq": "x", "machine": 2}'])
def test_a_spoiled_marker_counts_as_a_restore(stores: tuple[Store, Store], tmp_path: Path, text: str) -> None:
    (tmp_path / "m").write_text(text)
    assert Marker(tmp_path / "m", "pc-1").at_start(stores[0])


def test_a_number_of_the_computer_that_was_not_read_once_is_no_other_computer(
    stores: tuple[Store, Store], tmp_path: Path
) -> None:
    live, _ = stores
    for read in ("", "pc-1", "", "pc-1"):
        assert not Marker(tmp_path / "m", read).at_start(live)
    assert not Marker(tmp_path / "m", "").at_start(live)
    assert Marker(tmp_path / "m", "pc-2").at_start(live), "what was known before is not forgotten"


def test_an_image_on_another_pc_is_seen(stores: tuple[Store, Store], tmp_path: Path) -> None:
    Marker(tmp_path / "m", "pc-1").note(stores[0])
    assert Marker(tmp_path / "m", "pc-2").at_start(stores[0])
