"""What an enrolled child may not write, however well it signs."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from hall.journal.closing import Order, close_origin
from hall.journal.envelope import hash_of
from hall.journal.facts import (
    DossierErased,
    LateAdopted,
    MachineConfirmed,
    OriginClosed,
    TailAdopted,
    TailRejected,
)
from hall.journal.ledger import Ledger
from hall.journal.machine import machine_dossier
from hall.journal.refusal import Refusal
from hall.journal.schema import dossier_key, record
from hall.queueing.events import DayOpened, SeriesVoided
from sync import forks
from tests.hall.journal.world import EVERYBODY, NoteWritten
from tests.hall.journal.world import total as notes_in
from tests.sync.hostile import Hostile
from tests.sync.rig import CENTRE, NODE, Rig


def open_day(rig: Rig, node: str) -> None:
    def work(ledger: Ledger) -> None:
        ledger.append(machine_dossier(ledger, actor=node), DayOpened(date(2099, 1, 1), 2**31), actor=node)

    rig[node].store.write(work)


def test_a_terminal_does_not_open_the_business_day(rig: Rig) -> None:
    open_day(rig, "w1")
    rig.open("w1", "d1", "照常")
    rig.run()
    assert rig.codes(NODE) == rig.codes(CENTRE) == ["may_not_open_day"]
    assert rig.owner(CENTRE, "d1") == "w1", "nothing behind it waits"


def test_the_hall_node_opens_the_business_day(rig: Rig) -> None:
    open_day(rig, NODE)
    rig.run()
    assert rig.ids(NODE) <= rig.ids(CENTRE)
    assert rig.codes(CENTRE) == []


@pytest.mark.parametrize(
    "word",
    [
        OriginClosed("w2", "2号窗", (), "w1", "某人", "想要"),
        TailAdopted("w2", "d1", "w1", "想要"),
        TailRejected("w2", "d1", "w1", "想要"),
        MachineConfirmed("w2", "abc", "w1", "某人", "想要"),
        SeriesVoided("V", date(2026, 3, 2), 0, "自助机"),
    ],
)
def test_a_window_does_not_judge_machines(rig: Rig, word: Any) -> None:
    rig.open("w2", "d1", "一")
    rig.run()
    rig["w1"].store.write(lambda ledger: ledger.append(machine_dossier(ledger, actor="w1"), word, actor="w1"))
    rig.open("w1", "d2", "照常")
    rig.run()
    assert rig.codes(NODE) == rig.codes(CENTRE) == ["may_not_judge_machines"]
    assert rig.owner(CENTRE, "d1") == "w2"
    assert rig.owner(CENTRE, "d2") == "w1", "nothing behind it waits"


def test_a_hall_does_not_close_the_machine_of_another_hall(rig: Rig) -> None:
    rig.open("w2", "d1", "一")
    rig.run()
    hall = rig.children[CENTRE][NODE]
    rig.children[CENTRE][NODE] = replace(hall, subtree=hall.subtree - {"w2"})
    closing = OriginClosed("w2", "2号窗", (), "n1", "某人", "想要")
    rig[NODE].store.write(
        lambda ledger: ledger.append(machine_dossier(ledger, actor="n1"), closing, actor="n1")
    )
    rig.run()
    assert rig.owner(CENTRE, "d1") == "w2"
    assert rig.codes(CENTRE) == ["may_not_judge_machines"]


def test_a_hall_does_not_seize_the_dossier_of_another_hall(rig: Rig) -> None:
    rig.open("w2", "d1", "一")
    rig.run()
    # from now on the window belongs to another hall
    hall = rig.children[CENTRE][NODE]
    rig.children[CENTRE][NODE] = replace(hall, subtree=hall.subtree - {"w2"})
    rig[NODE].store.write(lambda ledger: ledger.seize("d1", below=EVERYBODY, by="某人", reason="想要"))
    rig.run()
    assert rig.owner(CENTRE, "d1") == "w2"
    assert rig.codes(CENTRE) == ["may_not_seize"]


def test_a_node_does_not_close_the_other_node_before_the_centre_has(rig: Rig) -> None:
    """Two that close each other would count otherwise for each who hears of it in another order."""
    rig.open("w2", "d1", "一")
    rig.run()
    hall = rig.children[CENTRE][NODE]
    rig.children[CENTRE][NODE] = replace(hall, nodes=frozenset({"w2"}))
    closing = OriginClosed("w2", "备用节点", (), "n1", "某人", "想要")

    def close(ledger: Ledger) -> None:
        ledger.append(machine_dossier(ledger, actor="n1"), closing, actor="n1")

    rig[NODE].store.write(close)
    rig.run()
    assert rig.owner(CENTRE, "d1") == "w2"
    assert rig.codes(CENTRE) == ["may_not_close_nodes"]
    rig[CENTRE].store.write(
        lambda ledger: close_origin(ledger, "w2", "备用节点", Order("m", "某人", "烧了"), below=EVERYBODY)
    )
    rig[NODE].store.write(close)
    rig.run()
    assert rig.codes(CENTRE) == ["may_not_close_nodes"]


@pytest.mark.parametrize("whose", ["w2", "w1"])
def test_an_owner_adopts_nothing_of_another_dossier(rig: Rig, whose: str) -> None:
    rig.open(whose, "d2", "一")
    rig.run()
    [name] = [r for r in written(rig, "d2") if r.endswith("note/1")]
    evil = Hostile(rig, "w1")
    evil.write("d1", 1, "dossier.opened/1", {"kind": "case"})
    evil.write("d1", 2, LateAdopted.TYPE, {"record": name.split()[0]})
    evil.push()
    rig.run()
    for machine in (NODE, CENTRE):
        assert total(rig, machine, "d2") == 1
        assert rig.codes(machine) == []


def test_what_was_adopted_counts_once(rig: Rig) -> None:
    rig.open("w1", "d1", "一")
    rig.run()
    rig["w1"].cut = True
    rig.note("w1", "d1", "二")
    rig[NODE].store.write(lambda ledger: ledger.seize("d1", below=EVERYBODY, by="科长", reason="人不在"))
    rig["w1"].cut = False
    rig.run()
    [late] = [name for name, verdict in rig.verdicts(NODE).items() if verdict == "late"]
    for _ in range(2):
        rig[NODE].store.write(lambda ledger: ledger.append("d1", LateAdopted(late), actor="科长"))
    rig.run()
    for machine in (NODE, CENTRE):
        assert total(rig, machine, "d1") == 2
        assert rig.codes(machine) == []


def written(rig: Rig, dossier: str) -> list[str]:
    with rig[NODE].store.read() as conn:
        found = conn.execute(select(record.c.id, record.c.type).where(record.c.dossier == dossier))
        return [f"{row.id} {row.type}" for row in found]


def total(rig: Rig, machine: str, dossier: str) -> int | None:
    with rig[machine].store.read() as conn:
        return conn.scalar(select(notes_in.c.notes).where(notes_in.c.dossier == dossier))


def test_a_command_is_done_by_whom_it_was_given_to(rig: Rig) -> None:
    rig.run()
    evil = Hostile(rig, "w1")
    evil.write("d1", 1, "dossier.opened/1", {"kind": "case"}, causes=["cmd:day-1"])
    evil.push()
    rig.open(NODE, "d2")

    def once(ledger: Ledger) -> bool:
        if ledger.done_before("day-1") is not None:
            return False
        ledger.append("d2", NoteWritten("一"), actor="n1")
        return True

    assert [rig[NODE].store.submit(once, "day-1").result() for _ in range(2)] == [True, False]


def test_a_fork_is_told_whatever_others_call_their_causes(rig: Rig) -> None:
    rig.run()
    evil = Hostile(rig, "w1")
    evil.write("d1", 1, "dossier.opened/1", {"kind": "case"})
    evil.push()
    twin = Hostile(rig, "w1", evil.prev, evil.seq)
    twin.write("d1", 2, NoteWritten.TYPE, {"words": "二"})
    h = hash_of(twin.pending[0].encode()).hex()
    evil.write("d1", 2, NoteWritten.TYPE, {"words": "一"}, causes=[f"cmd:fork-{h}"])
    evil.push()
    assert twin.push() == ["forked"]
    assert [forks.Forks(rig[NODE].store).tell() for _ in range(2)] == [1, 0]


def test_a_window_erases_nothing(rig: Rig) -> None:
    rig.open("w1", "d2", "自己的")
    rig.run()
    with pytest.raises(Refusal, match="只有大厅节点或县中心"):
        rig["w1"].store.write(lambda ledger: ledger.erase("d2", by="某人", reason="想要"))
    rig.append("w1", "d2", DossierErased("某人", "想要"))
    rig.open("w1", "d3", "照常")
    rig.run()
    for machine in (NODE, CENTRE):
        assert rig.codes(machine) == ["may_not_erase"]
        assert readable(rig, machine, "d2")
        assert rig.owner(machine, "d3") == "w1"


def test_the_node_erases_what_lies_there(rig: Rig) -> None:
    rig.open(NODE, "d1", "一")
    rig.run()
    rig[NODE].store.write(lambda ledger: ledger.erase("d1", by="主任", reason="期满"))
    rig.run()
    assert [readable(rig, machine, "d1") for machine in (NODE, CENTRE, "w1")] == [False] * 3


def readable(rig: Rig, machine: str, dossier: str) -> bool:
    with rig[machine].store.read() as conn:
        return conn.scalar(select(dossier_key.c.data_key).where(dossier_key.c.dossier == dossier)) is not None


@pytest.mark.parametrize(
    "name", ["machine-w2", "kept-w2", "closings-w2", "series-w2", "reading-n1", "machine-w1x"]
)
def test_nobody_opens_a_dossier_under_the_name_of_another(rig: Rig, name: str) -> None:
    rig.run()
    evil = Hostile(rig, "w1")
    evil.write(name, 1, "dossier.opened/1", {"kind": "machine"}, scope="machine")
    evil.write("d1", 1, "dossier.opened/1", {"kind": "case"})
    assert evil.push() == ["quarantined", "accepted"]
    rig["w2"].store.write(
        lambda ledger: ledger.append(machine_dossier(ledger, actor="w2"), NoteWritten("打印"), actor="w2")
    )
    rig.run()
    for machine in (NODE, CENTRE):
        assert rig.owner(machine, "machine-w2") == "w2"
        assert rig.codes(machine) == ["name_of_another"]


@pytest.mark.parametrize("draw", range(4))
def test_nobody_opens_what_another_has_opened(rig: Rig, draw: int) -> None:
    rig.open("w2", "d2", "一")
    rig.run()
    evil = Hostile(rig, "w1")
    # of two first records the one with the lower hash would count
    evil.write("d2", 1, "dossier.opened/1", {"kind": "case"}, mono=draw)
    assert evil.push() == ["quarantined"]
    rig.run()
    for machine in (NODE, CENTRE, "w2"):
        assert rig.owner(machine, "d2") == "w2"
    assert rig.codes(NODE) == rig.codes(CENTRE) == ["opened_elsewhere"]
