"""To which node a terminal's line goes: by its journal after a restart, by what the other one says meanwhile."""

from pathlib import Path

import pytest

from hall.journal.machine import machine_dossier
from hall.queueing.events import DayOpened
from sync.home import Home, calls_us
from sync.join_file import BadJoinFile, JoinFile, Parent
from sync.machine_folder import Journal, open_journal
from sync.signing import new_signing_key
from sync.wire import ModeAnswer
from tests.hall.builders import DAY, carry, machine
from tests.hall.journal.world import HallKeys

NODE, STANDBY, PC = "n1", "n2", "pc1"


def told(node: str, mode: str, epoch: int) -> ModeAnswer:
    return ModeAnswer.model_validate(
        {
            "node": node, "mode": mode, "epoch": epoch, "serves": "", "nonce": "n", "copy_ms": None, "heard": 0,
            "expected": 0,
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "opened", "goes"),
    [
        (None, (1, NODE), False),
        (told(STANDBY, "standby", 1), (1, NODE), False),
        (told(STANDBY, "promoting", 2), (1, NODE), True),
        (told(STANDBY, "serving", 2), (1, NODE), True),
        (told(NODE, "serving", 1), (2, STANDBY), False),
        (told(NODE, "waiting", 1), (1, NODE), False),
        (told(NODE, "serving", 1), (1, NODE), True),
        (told(STANDBY, "serving", 1), (1, NODE), False),
    ],
)
def test_the_line_goes_to_who_serves_the_higher_epoch(
    answer: ModeAnswer | None, opened: tuple[int, str], goes: bool
) -> None:
    assert calls_us(answer, opened) is goes


def parent(node: str) -> Parent:
    return Parent(node_id=node, url="http://127.0.0.1:9", public=new_signing_key()[1].hex())


def joined(*, standby: bool = True, above: bool = True) -> JoinFile:
    keys, (private, public) = HallKeys(), new_signing_key()
    return JoinFile(
        node_id=PC, name="pc", role="terminal", kind="counter", hall="changji", device_no=1, db_key="ab" * 32,
        sign_private=private.hex(), sign_public=public.hex(), hall_public=keys.hall[1].hex(),
        hall_private=keys.hall[0].hex(), centre_public=keys.centre[1].hex(),
        parent=parent(NODE) if above else None, standby=parent(STANDBY) if standby else None,
    )  # fmt: skip


def opened_by(journal: Journal, node: str, epoch: int) -> None:
    """As the feed of that node brings it."""
    there = machine(node, "hall")
    there.write(
        lambda ledger: ledger.append(
            machine_dossier(ledger, actor="hall"), DayOpened(DAY, epoch), actor="hall"
        )
    )
    carry(there, type(there)(journal.store, there.engine, there.letters, there.rules, there.hand_clock))
    there.store.close()


@pytest.mark.parametrize(
    ("epochs", "goes"), [([], NODE), ([(NODE, 1)], NODE), ([(NODE, 1), (STANDBY, 2)], STANDBY)]
)
def test_after_a_restart_it_goes_where_the_journal_says(
    tmp_path: Path, epochs: list[tuple[str, int]], goes: str
) -> None:
    join = joined()
    journal = open_journal(join, tmp_path)
    for node, epoch in epochs:
        opened_by(journal, node, epoch)
    home = Home(journal, join, tmp_path, scope="hall")
    try:
        assert home.parent_id == goes
        pair = home.pair()
        assert pair is not None
        assert pair.at_standby is (goes == STANDBY)
        assert not pair.moving
    finally:
        home.stop()
        journal.close()


def test_a_hall_with_one_node_has_no_pair(tmp_path: Path) -> None:
    join = joined(standby=False)
    journal = open_journal(join, tmp_path)
    home = Home(journal, join, tmp_path, scope="hall")
    try:
        assert home.pair() is None
        assert home.ask_other() is None
    finally:
        home.stop()
        journal.close()


def test_a_terminal_without_a_node_is_told(tmp_path: Path) -> None:
    join = joined(above=False)
    journal = open_journal(join, tmp_path)
    try:
        with pytest.raises(BadJoinFile, match="没有大厅节点"):
            Home(journal, join, tmp_path, scope="hall")
    finally:
        journal.close()
