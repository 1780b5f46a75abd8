"""A hall's only node is lost for good: closed at the centre, another host takes its place, its disk turns up later."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from hall.reference import load_reference
from server_app.machines.orders import Asked
from tests.hall_day.county import NODE_DESK, County, HallSite, Officer, county
from tests.hall_day.pc import Pc
from ui.resource_files import resource_path
from yichuang import bundles, lost_machines
from yichuang.failover.terminals import until

pytestmark = pytest.mark.system
WHY = "大厅节点主机烧毁，硬盘读不出"


def test_a_node_that_is_lost_for_good_and_found_again(tmp_path: Path) -> None:
    with county(tmp_path, changji=["counter1"]) as (site, held):
        hall = site.halls["changji"]
        lost = hall.node
        site.account(lost, "wang", NODE_DESK)
        site.start(site.centre, lost)
        window = _window(hall)
        # one at the window, one that a department of the hall works on, one that the centre has never heard of
        kept, worked_on = window.received(), window.sent_to(NODE_DESK)
        officer = Officer(lost, "wang").sign_in()
        officer.take(worked_on)
        until(lambda: site.heads(site.centre).get(worked_on) == site.heads(lost)[worked_on], "it is told")
        site.lines[lost.name].cut()
        unheard = window.sent_to(NODE_DESK)
        officer.take(unheard)
        officer.close()
        until(lambda: window.all_sent, "the node has it")
        written = set(window.written)
        site.kill(lost)
        offline = window.received()

        # IT closes it at the centre, and gives the hall another host
        told = lost_machines.ask(
            site.centre.folder, Asked(do="close", machine=lost.name, by="信息科李工", reason=WHY)
        )
        assert told.seized >= 1
        row = next(r for r in told.rows if r.node == lost.node_id)
        assert row.standing == "closed"
        window.close()
        site.end(site.centre)
        node = site.replace_node(hall)
        site.account(node, "wang", NODE_DESK)
        site.start(site.centre, node)
        window = _window(hall)
        held.callback(window.close)
        until(lambda: window.all_sent, "the new node has what the window wrote, ever")
        assert site.owners(kept) == [window.place.name]
        assert site.owners(offline) == [window.place.name]

        # the hall goes on with what its officers had in hand, also with what the centre had never heard of
        for case in (worked_on, unheard):
            until(lambda c=case: _owner(site, c) == node.node_id, "it comes to the hall's new node")  # type: ignore[misc]
        officer = Officer(node, "wang").sign_in()
        held.callback(officer.close)
        officer.offered(worked_on, "作出准予决定")
        officer.press("作出准予决定")
        until(lambda: window.state(worked_on) == "granted", "the window hears of it")
        window.take(kept)
        window.at.accept(kept)

        # the host is repaired and switched on: it is told, and works no more
        site.lines[lost.name].heal()
        site.start(lost)
        old = Officer(lost, "wang")
        held.callback(old.close)
        until(lambda: WHY in old.open("/board"), "its pages say why")
        site.end(lost)

        # what only its disk knows is brought by stick and judged at the centre
        stick = tmp_path / "stick"
        bundles.export(lost.folder, stick, datetime.now(UTC), everything=False)
        bundles.bring_in(site.centre.folder, stick, datetime.now(UTC))
        until(lambda: window.all_sent, "everything was told")
        written |= window.written
        site.until_told(written, but=[lost])
        held.close()
        site.prove_whole(written=written, but=[lost])


def _owner(site: County, case: str) -> str:
    """As the centre has it: the dead host's own disk may say what it likes."""
    return site.heads(site.centre).get(case, ("", 0))[0]


def _window(hall: HallSite) -> Pc:
    return Pc(hall.terminal("counter1"), load_reference(resource_path(), hall.code)).in_touch()
