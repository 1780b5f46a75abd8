"""At the parent's door: a closed machine is told so and writes no more; a suspect one goes on when a person says so."""

from dataclasses import replace

from hall.journal import closing
from hall.journal.closing import Order
from sync.access import CLOSED
from sync.core import Lane
from sync.greeting import HEARTBEAT_S
from tests.sync.rig import CENTRE, NODE, Rig

WORDS = "这台电脑（1号窗口）已于 3月2日停用：主机烧毁。"


def close(rig: Rig, node: str) -> None:
    children = rig.children[NODE]
    children[node] = replace(children[node], revoked=True, closed=WORDS)


def test_a_closed_machine_hears_why_on_every_lane(rig: Rig) -> None:
    rig.open("w1", "d1", "一")
    rig.run()
    close(rig, "w1")
    rig.note("w1", "d1", "二")
    rig.run()
    core, node = rig["w1"].core, rig[NODE].parent
    assert core is not None
    assert node is not None
    assert core.link.closed == WORDS
    assert core.state().problem_zh == WORDS
    assert core.state().waiting_facts == 1
    assert "w1" not in node.unheard()
    for path in ("/v1/hello", "/v1/push", "/v1/claims"):
        answer = rig.serve(node, core.link.request("POST", path, {"content-type": "application/json"}, b"{}"))
        assert (answer.status, CLOSED.encode() in answer.body) == (403, True), path


def test_it_asks_again_now_and_then_and_is_not_in_a_hurry(rig: Rig) -> None:
    rig.run()
    close(rig, "w1")
    rig.run()
    core = rig["w1"].core
    assert core is not None
    assert core.next_request(Lane.FACTS, rig.now) is None
    assert 0 < core.due(Lane.FACTS, rig.now) <= 60


def test_a_suspect_machine_settles_when_a_person_confirms_it(rig: Rig) -> None:
    rig.open("w1", "d1", "一")
    rig.run()
    rig["w1"].store.renew_incarnation(suspect=True)
    rig.run()
    me = rig["w1"].store.identity
    assert (me.suspect, me.settled) == (True, False)
    parent = rig[NODE].parent
    assert parent is not None
    assert parent.greeter.spoke_last("w1") == me.inc
    # another life than the one that speaks now
    parent.greeter.confirm("w1", "f" * 32)
    rig.now += HEARTBEAT_S
    rig.run()
    assert rig["w1"].store.identity.suspect
    parent.greeter.confirm("w1", me.inc)
    rig.now += HEARTBEAT_S
    rig.run()
    now = rig["w1"].store.identity
    assert (now.inc, now.suspect, now.settled) == (me.inc, False, True)
    rig.note("w1", "d1", "二")
    rig.run()
    assert rig.codes(NODE) == []


def test_a_node_from_a_backup_learns_again_whom_it_has_closed(rig: Rig) -> None:
    rig.open("w1", "d1", "一")
    rig.run()
    before = rig.backup(NODE)
    order = Order("z1", "王主任", "主机烧毁")
    rig[NODE].store.write(
        lambda ledger: closing.close_origin(ledger, "w1", "1号窗口", order, below=frozenset({"w1", "w2"}))
    )
    rig["w1"].cut = True
    rig.run()
    rig.note("w1", "d1", "二")
    rig.restart(NODE, before)
    assert closed_at(rig, NODE) == []
    # what it hears before somebody tells it is late like the rest
    rig["w1"].cut, rig["w2"].cut, rig[CENTRE].cut = False, True, True
    rig.now += HEARTBEAT_S
    rig.run()
    rig["w2"].cut = rig[CENTRE].cut = False
    rig.now += HEARTBEAT_S
    rig.run()
    for node in (NODE, CENTRE, "w2"):
        assert closed_at(rig, node) == ["w1"], node
    assert "late" in rig.verdicts(NODE).values()
    assert (
        rig.verdicts(NODE).items() >= {k: v for k, v in rig.verdicts(CENTRE).items() if v == "late"}.items()
    )


def closed_at(rig: Rig, node: str) -> list[str]:
    with rig[node].store.read() as conn:
        return [each.machine for each in closing.closed(conn)]
