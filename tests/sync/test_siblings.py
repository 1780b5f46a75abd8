"""What a machine and its parent have both lost, another machine below that had read it gives back."""

from datetime import date

import pytest
from sqlalchemy import delete, select

from hall.journal import schema
from hall.journal.machine import machine_dossier
from hall.queueing.events import DayOpened
from sync.core import Lane
from sync.lane import COMPARE_S
from sync.message import Answer, Request
from sync.wire import Receipt
from tests.hall.journal.flow import notes
from tests.sync.rig import CENTRE, NODE, Machine, Rig, copy_of

r = schema.receipt.c


@pytest.fixture
def sibling(rig: Rig) -> Rig:
    """w2 alone has the second note of w1; w1 and the node are put back to the first."""
    rig.open("w1", "d", "一")
    rig.open("w2", "e", "甲")
    rig.run()
    node, window = rig.backup(NODE), rig.backup("w1")
    rig[CENTRE].cut = True
    rig.note("w1", "d", "二")
    rig.run()
    assert notes(rig["w2"].store, "d") == ["一", "二"]
    for name, backup in ((NODE, node), ("w1", window)):
        rig.restart(name, copy_of(backup))
        rig[name].store.renew_incarnation()
    return rig


@pytest.mark.parametrize("centre_is_away", [False, True])
def test_a_record_that_only_another_window_has_comes_back(sibling: Rig, *, centre_is_away: bool) -> None:
    sibling[CENTRE].cut = centre_is_away
    sibling.run(30, seconds=31.0)
    for name in (NODE, "w2") if centre_is_away else (CENTRE, NODE, "w1", "w2"):
        assert notes(sibling[name].store, "d") == ["一", "二"], name
    assert sibling[NODE].store.identity.settled is not centre_is_away


def test_a_restored_node_waits_for_what_its_windows_have_of_each_other(sibling: Rig) -> None:
    """Until then it would let its windows go on from an older state."""
    sibling[CENTRE].cut, sibling["w2"].cut = False, True
    sibling.run(10, seconds=31.0)
    assert not sibling[NODE].store.identity.settled
    assert not sibling["w1"].store.identity.settled
    sibling["w2"].cut = False
    sibling.run(30, seconds=31.0)
    assert sibling[NODE].store.identity.settled
    assert sibling["w1"].store.identity.settled


def words_of(rig: Rig, name: str, origin: str) -> list[Receipt]:
    with rig[name].store.read() as conn:
        found = conn.scalars(select(r.signed).where(r.origin == origin)).all()
    return [Receipt.model_validate_json(bytes(raw)) for raw in found]


def test_what_the_root_has_nobody_keeps_words_of(rig: Rig) -> None:
    rig[CENTRE].cut = True
    rig.open("w1", "d", "一")
    rig.open("w2", "e", "甲")
    rig.run()
    assert [word.statement.by for word in words_of(rig, "w2", "w1")] == [NODE]
    rig[CENTRE].cut = False
    rig.run(8, seconds=COMPARE_S / 4)
    assert words_of(rig, "w2", "w1") == []
    assert words_of(rig, "w2", "w2") != []


def test_what_a_former_life_had_sent_does_not_come_in_after_the_new_one_has_asked(rig: Rig) -> None:
    rig.open("w1", "d", "一")
    rig.run()
    window = rig.backup("w1")
    rig.note("w1", "d", "二")
    core, parent = rig["w1"].core, rig[NODE].parent
    assert core is not None
    assert parent is not None
    under_way = core.next_request(Lane.FACTS, rig.now)
    assert under_way is not None
    assert under_way.path == "/v1/push"
    rig.restart("w1", copy_of(window))
    rig["w1"].store.renew_incarnation()
    rig.run()
    rig.note("w1", "d", "三")
    assert rig.serve(parent, under_way).status == 401
    rig.run()
    for name in (CENTRE, NODE, "w1", "w2"):
        assert notes(rig[name].store, "d") == ["一", "三"], name


def test_a_restored_node_does_not_wait_for_a_machine_that_never_comes_back(sibling: Rig) -> None:
    sibling[CENTRE].cut, sibling["w2"].cut = False, True
    sibling.run(10, seconds=31.0)
    parent = sibling[NODE].parent
    assert parent is not None
    assert parent.unheard() == {"w2"}
    parent.greeter.do_not_wait("w2")
    sibling.run(10, seconds=31.0)
    assert sibling[NODE].store.identity.settled


def test_a_restored_node_does_not_settle_while_what_is_given_back_is_lost_on_the_way(sibling: Rig) -> None:
    sibling[CENTRE].cut = False
    carry = sibling._carry
    lost: list[str] = []

    def lossy(above: Machine, request: Request, fault: str) -> Answer | None:
        if request.path == "/v1/returns":
            lost.append(request.path)
            return None
        return carry(above, request, fault)

    sibling._carry = lossy  # type: ignore[method-assign]
    for _ in range(4):
        # each round is as good as new: nothing else changes meanwhile
        sibling.run(10, seconds=31.0)
    assert len(lost) > 3
    assert not sibling[NODE].store.identity.settled
    sibling._carry = carry  # type: ignore[method-assign]
    sibling.run(30, seconds=31.0)
    assert sibling[NODE].store.identity.settled
    assert notes(sibling[NODE].store, "d") == ["一", "二"]


def test_a_restored_node_settles_though_a_window_has_no_word_for_what_it_has(sibling: Rig) -> None:
    """It cannot be believed; waiting for it would never end."""
    sibling[CENTRE].cut = False
    with sibling["w2"].engine.begin() as conn:
        conn.execute(delete(schema.receipt).where(r.origin == "w1"))
    sibling.run(30, seconds=31.0)
    assert sibling[NODE].store.identity.settled
    assert notes(sibling[NODE].store, "d") == ["一"]


def test_a_centre_settles_when_the_last_hall_that_it_waits_for_is_given_up(rig: Rig) -> None:
    """Nobody is left whose push would make it look."""
    rig.open("w1", "d", "一")
    rig.run()
    rig.restart(CENTRE, rig.backup(CENTRE))
    rig[CENTRE].store.renew_incarnation()
    rig[NODE].cut = True
    rig.run(10, seconds=31.0)
    parent = rig[CENTRE].parent
    assert parent is not None
    assert not rig[CENTRE].store.identity.settled
    parent.greeter.do_not_wait(NODE)
    assert rig[CENTRE].store.identity.settled


def test_what_was_refused_is_refused_when_it_comes_back(sibling: Rig) -> None:
    """The node had put it aside and signed that place of the chain, too."""
    sibling[CENTRE].cut, sibling["w1"].cut, sibling["w2"].cut = False, False, False
    sibling.run(30, seconds=31.0)
    node, window = sibling.backup(NODE), sibling.backup("w1")
    sibling[CENTRE].cut = True
    sibling["w1"].store.write(
        lambda ledger: ledger.append(
            machine_dossier(ledger, actor="w1"), DayOpened(date(2099, 1, 1), 2**31), actor="w1"
        )
    )
    sibling.run()
    assert "may_not_open_day" in sibling.codes(NODE)
    for name, backup in ((NODE, node), ("w1", window)):
        sibling.restart(name, copy_of(backup))
        sibling[name].store.renew_incarnation()
    sibling.run(30, seconds=31.0)
    assert "may_not_open_day" in sibling.codes(NODE)
    with sibling[NODE].store.read() as conn:
        t = schema.record.c
        assert list(conn.scalars(select(t.verdict).where(t.type == DayOpened.TYPE))) in ([], ["quarantined"])
