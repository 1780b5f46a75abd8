"""What an enrolled child may not write, however well it signs."""

from dataclasses import replace
from datetime import date

from hall.journal.ledger import Ledger
from hall.journal.machine import machine_dossier
from hall.queueing.events import DayOpened
from tests.hall.journal.world import EVERYBODY
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
