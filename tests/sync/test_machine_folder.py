"""A machine's folder in bad condition: said at start, with nothing lost and nothing begun anew by itself."""

import json
import shutil
import threading
from pathlib import Path

import pytest

from hall.journal.condition import JournalDamaged, JournalGone, JournalUnreachable, KeyDoesNotFit
from hall.journal.engine import keyed
from hall.journal.machine import machine_dossier
from hall.journal.migrate import TrialData
from hall.journal.refusal import NotSettled, Refusal, StoreFault
from hall.journal.store import TooNew
from sync.closed_note import keep_closed
from sync.join_file import JoinFile
from sync.machine_folder import BEGUN, JOURNAL, begin_anew, open_journal
from sync.starting import refused
from tests.yichuang.machines_on_disk import Keys, Place, issue, set_up


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A node that has never run."""
    return set_up(tmp_path, "node", "node", Keys.fresh())


def run(place: Place, tickets: int = 1) -> str:
    """Start, issue tickets, end in good order; gives the incarnation."""
    journal = open_journal(place.join, place.folder)
    for _ in range(tickets):
        issue(journal.store)
    journal.close()
    return journal.store.identity.inc


def flip(path: Path, at: int = -2000) -> None:
    raw = bytearray(path.read_bytes())
    raw[at] ^= 1
    path.write_bytes(raw)


def files(place: Place) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in place.folder.iterdir() if p.is_file()}


def test_a_closed_machine_reads_and_writes_nothing_more(place: Place) -> None:
    run(place)
    keep_closed(place.folder, "another", "别的机器")
    run(place)
    keep_closed(place.folder, place.join.node_id, "这台电脑已停用")
    journal = open_journal(place.join, place.folder)
    with pytest.raises(StoreFault, match="这台电脑已停用"):
        issue(journal.store)
    with journal.store.read() as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM record").scalar()
    journal.close()


def test_a_machine_starts_for_the_first_time_and_again(place: Place) -> None:
    assert run(place) == run(place)
    assert len(json.loads((place.folder / BEGUN).read_text("utf-8"))["lives"]) == 1


@pytest.mark.parametrize("left", ["nothing", "an empty file", "only its log"])
def test_a_lost_journal_is_not_begun_anew(place: Place, left: str) -> None:
    run(place)
    path = place.folder / JOURNAL
    if left == "an empty file":
        path.write_bytes(b"")
    else:
        path.unlink()
    if left == "only its log":
        path.with_name(path.name + "-wal").write_bytes(b"what was committed last")
    before = files(place)
    with pytest.raises(JournalGone):
        open_journal(place.join, place.folder)
    assert files(place) == before, "whoever repairs it finds what was there"


def test_a_folder_that_was_emptied_but_for_the_join_file_is_a_loss_too(place: Place) -> None:
    run(place)
    for path in place.folder.iterdir():
        if path.is_file() and path.name != "machine.json":
            path.unlink()
    with pytest.raises(JournalGone):
        open_journal(place.join, place.folder)


def test_a_log_without_its_file_is_kept_also_before_the_first_start(place: Place) -> None:
    path = place.folder / JOURNAL
    path.write_bytes(b"")
    log = path.with_name(path.name + "-wal")
    log.write_bytes(b"what was committed last")
    with pytest.raises(JournalGone):
        open_journal(place.join, place.folder)
    assert log.read_bytes() == b"what was committed last"


def test_a_killed_programs_log_is_read_as_ever(place: Place, tmp_path: Path) -> None:
    journal = open_journal(place.join, place.folder)
    issue(journal.store)
    killed = Place(tmp_path / "killed", place.join)
    shutil.copytree(place.folder, killed.folder)
    journal.close()
    assert (killed.folder / f"{JOURNAL}-wal").stat().st_size > 0
    again = open_journal(killed.join, killed.folder)
    with again.store.read() as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM ticket").scalar() == 1
    again.close()


def test_a_folder_in_the_place_of_the_journal_is_told(place: Place) -> None:
    (place.folder / JOURNAL).mkdir()
    with pytest.raises(JournalUnreachable, match="文件夹"):
        open_journal(place.join, place.folder)


def test_one_flipped_byte_stops_the_start(place: Place) -> None:
    run(place)
    flip(place.folder / JOURNAL)
    with pytest.raises(JournalDamaged, match="不能再往里写"):
        open_journal(place.join, place.folder)


def test_a_long_journal_starts_at_once_and_stops_writing_when_the_damage_is_found(place: Place) -> None:
    run(place)
    flip(place.folder / JOURNAL)
    told, found = [], threading.Event()

    def damaged(fault: StoreFault) -> None:
        told.append(fault.text)
        found.set()

    journal = open_journal(place.join, place.folder, damaged=damaged, checked_at_start=0)
    assert found.wait(60)
    with pytest.raises(StoreFault, match="换一台机器"):
        issue(journal.store)
    with journal.store.read() as conn:
        assert conn.exec_driver_sql("SELECT node_id FROM machine").scalar() == place.join.node_id
    journal.close()
    assert len(told) == 1


def test_a_backup_that_was_put_back_begins_a_new_incarnation(place: Place, tmp_path: Path) -> None:
    inc = run(place)
    shutil.copytree(place.folder, tmp_path / "backup")
    run(place)
    shutil.rmtree(place.folder)
    shutil.copytree(tmp_path / "backup", place.folder)
    journal = open_journal(place.join, place.folder)
    assert (journal.store.identity.inc != inc, journal.store.identity.settled) == (True, False)
    journal.close()


def test_beginning_anew_waits_for_the_parent_and_keeps_what_was_left(place: Place) -> None:
    inc = run(place)
    flip(place.folder / JOURNAL)
    broken = (place.folder / JOURNAL).read_bytes()
    aside = begin_anew(place.join, place.folder, by="示例甲", reason="磁盘损坏，没有备份")
    assert aside is not None
    assert (aside / JOURNAL).read_bytes() == broken
    lives = json.loads((place.folder / BEGUN).read_text("utf-8"))["lives"]
    assert "示例甲" in lives[-1]["why"]
    journal = open_journal(place.join, place.folder)
    me = journal.store.identity
    assert (me.inc, me.settled, me.inc != inc) == (lives[-1]["inc"], False, True)
    with pytest.raises(NotSettled):
        issue(journal.store)
    with pytest.raises(NotSettled):
        journal.store.write(lambda ledger: machine_dossier(ledger, actor="w1"))
    journal.close()


@pytest.mark.parametrize(("by", "reason"), [("", "坏了"), ("示例甲", " ")])
def test_nobody_begins_anew_without_name_and_reason(place: Place, by: str, reason: str) -> None:
    run(place)
    (place.folder / JOURNAL).unlink()
    with pytest.raises(Refusal, match="理由"):
        begin_anew(place.join, place.folder, by=by, reason=reason)


def test_a_whole_journal_is_not_given_up(place: Place) -> None:
    with pytest.raises(Refusal, match="从未启动过"):
        begin_anew(place.join, place.folder, by="示例甲", reason="想试试")
    run(place)
    with pytest.raises(Refusal, match="完好"):
        begin_anew(place.join, place.folder, by="示例甲", reason="想试试")


def other_key(place: Place) -> JoinFile:
    """The machine's join file from before it was set up anew."""
    return place.join.model_copy(update={"db_key": bytes(range(32)).hex()})


def test_an_old_join_file_is_told_from_a_spoiled_journal(place: Place) -> None:
    run(place)
    with pytest.raises(KeyDoesNotFit) as refused_key:
        open_journal(other_key(place), place.folder)
    told = refused(refused_key.value).text
    assert "先核对接入文件 machine.json 是不是这台电脑的" in told
    assert "从头开始" not in told
    flip(place.folder / JOURNAL, 100)
    with pytest.raises(JournalDamaged, match="第 1 页"):
        open_journal(place.join, place.folder)


def test_a_journal_whose_key_is_not_at_hand_is_not_given_up(place: Place) -> None:
    run(place)
    before = (place.folder / JOURNAL).read_bytes()
    with pytest.raises(Refusal, match=r"先核对接入文件 machine\.json"):
        begin_anew(other_key(place), place.folder, by="示例甲", reason="打不开")
    assert (place.folder / JOURNAL).read_bytes() == before
    assert not list(place.folder.glob("*.given-up-*"))


@pytest.mark.parametrize("at", [100, -2000])
def test_a_journal_with_bad_pages_beside_good_ones_may_be_given_up(place: Place, at: int) -> None:
    run(place)
    flip(place.folder / JOURNAL, at)
    aside = begin_anew(place.join, place.folder, by="示例甲", reason="磁盘损坏，没有备份")
    assert aside is not None


def test_a_journal_that_another_program_holds_is_not_given_up(place: Place) -> None:
    run(place)
    path = place.folder / JOURNAL
    other = keyed(path, bytes.fromhex(place.join.db_key), "locking_mode=EXCLUSIVE")
    try:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Refusal, match="什么都没有改动"):
            begin_anew(place.join, place.folder, by="示例甲", reason="打不开")
    finally:
        other.close()
    assert not list(place.folder.glob("*.given-up-*"))
    assert run(place)


def test_a_journal_that_the_disk_does_not_give_is_not_given_up(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(place)
    monkeypatch.setattr("hall.journal.condition.keyed", FailingDisk)
    with pytest.raises(Refusal, match="检查磁盘"):
        begin_anew(place.join, place.folder, by="示例甲", reason="打不开")
    assert (place.folder / JOURNAL).stat().st_size > 0


class FailingDisk:
    """SQLCipher over a disk with a sector that cannot be read, as it tells it."""

    def __init__(self, *_: object) -> None:
        self._said: list[tuple[str]] = []

    def execute(self, sql: str) -> "FailingDisk":
        page = "error reading 4096 bytes from file page 2 at offset 4096"
        self._said = [(page,)] if "integrity" in sql else []
        return self

    def fetchall(self) -> list[tuple[str]]:
        return self._said

    def close(self) -> None: ...


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        ("DROP TABLE slip_begun", "slip_begun"),
        ("ALTER TABLE ticket DROP COLUMN matter", r"ticket\.matter"),
    ],
)
def test_a_journal_of_the_trial_is_refused_in_words(place: Place, spoil: str, named: str) -> None:
    run(place)
    conn = keyed(place.folder / JOURNAL, bytes.fromhex(place.join.db_key))
    conn.execute(spoil)
    conn.close()
    with pytest.raises(TrialData, match=f"更早的试用版写成的（没有“{named}”）"):
        open_journal(place.join, place.folder)


def test_a_journal_of_a_newer_program_is_not_given_up(place: Place) -> None:
    journal = open_journal(place.join, place.folder)
    journal.store.write(
        lambda ledger: ledger.conn.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    )
    journal.close()
    with pytest.raises(TooNew):
        begin_anew(place.join, place.folder, by="示例甲", reason="打不开")
    assert (place.folder / JOURNAL).stat().st_size > 0


def test_a_folder_that_is_given_to_another_machine_is_a_first_start(place: Place, tmp_path: Path) -> None:
    run(place)
    for path in place.folder.glob(f"{JOURNAL}*"):
        path.unlink()
    other = set_up(tmp_path, "node", "node", Keys.fresh())
    journal = open_journal(other.join, other.folder)
    assert journal.store.identity.settled
    journal.close()
