"""Hard day 7: one citizen brings the same matter to two halls; the centre raises it, and a person closes one."""

from pathlib import Path

import pytest

from hall.intake import views as intake
from hall.reference import load_reference
from tests.hall_day.county import NODE_DESK, Officer, county
from tests.hall_day.pc import Pc
from ui.resource_files import resource_path
from yichuang.failover.terminals import until

pytestmark = pytest.mark.system


def test_two_halls_take_the_same_matter_in_and_a_person_closes_one(tmp_path: Path) -> None:
    with county(tmp_path, changji=["counter1"], heshuo=["counter1"]) as (site, held):
        here, there = site.halls["changji"], site.halls["heshuo"]
        for hall in (here, there):
            site.account(hall.node, "wang", NODE_DESK)
        site.start(site.centre, here.node, there.node)
        first, second = (
            Pc(hall.terminal("counter1"), load_reference(resource_path(), hall.code)).in_touch()
            for hall in (here, there)
        )
        for pc in (first, second):
            held.callback(pc.close)
        # neither hall has a line to the centre: nothing could lock, and nothing does
        for hall in (here, there):
            site.lines[hall.node.name].cut()
        kept, doubled = first.sent_to(NODE_DESK), second.sent_to(NODE_DESK)
        other = second.sent_to(NODE_DESK, id="x-02", name="另一事项")
        assert first.no(kept)[:6] == "652301"
        assert second.no(doubled)[:6] != "652301"
        officers = [Officer(hall.node, "wang").sign_in() for hall in (here, there)]
        for officer in officers:
            held.callback(officer.close)
        for officer, case in zip(officers, (kept, doubled), strict=True):
            officer.take(case)

        site.lines[here.node.name].heal()
        site.lines[there.node.name].heal()
        until(lambda: "疑似重复申请" in officers[1].case(doubled), "the later one's officer is told")
        page = officers[1].case(doubled)
        assert first.no(kept) in page, "of which other case"
        assert "疑似重复申请" not in officers[0].case(kept), "the earlier one goes on"
        officers[1].offered(doubled, "确属重复，本件不再办理")
        assert site.owners(doubled) == [there.node.name], "nobody took the case for it"
        officers[1].press("确属重复，本件不再办理")
        until(lambda: second.state(doubled) == "withdrawn", "the second is closed")
        assert first.state(kept) == "reviewing"
        until(
            lambda: not intake_open(second, other),
            "a different matter of the same person is nobody's business",
        )
        for pc in (first, second):
            until(lambda p=pc: p.all_sent, "everything was told")  # type: ignore[misc]
        written = first.written | second.written
        with first.store.read() as conn:
            assert intake.case_by_id(conn, doubled) is None, "a hall sees no case of another hall"
        until(
            lambda: site.heads(site.centre)[doubled] == site.heads(there.node)[doubled],
            "the centre has heard",
        )
        site.until_told(written)
        held.close()
        site.prove_whole(written=written)


def intake_open(pc: Pc, case: str) -> bool:
    with pc.store.read() as conn:
        return bool(intake.errands_of(conn, pc.no(case)))
