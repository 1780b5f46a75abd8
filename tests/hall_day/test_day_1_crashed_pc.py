"""Hard day 1: a correction is brought to another window while the first PC is off, or dead with the case in it."""

from pathlib import Path

import pytest

from hall.handouts import errand_receipt
from hall.intake import views as intake
from hall.people.model import Role
from hall.reference import load_reference
from sync.child import OwnedElsewhere
from tests.hall_day.county import Officer, county
from tests.hall_day.pc import Pc
from tests.hall_day.pc_process import SCRIPT, Told
from ui.resource_files import resource_path
from yichuang.failover.terminals import until

pytestmark = pytest.mark.system


def test_a_correction_at_another_window_and_a_case_in_a_dead_pc(tmp_path: Path) -> None:
    ref = load_reference(resource_path(), "changji")
    with county(tmp_path, changji=["counter1", "counter2"]) as (site, held):
        hall = site.halls["changji"]
        dead, node = hall.terminal("counter1"), hall.node
        site.account(node, "zhuren", roles=frozenset({Role.HALL_MANAGER}))
        site.start(site.centre, node)
        other = Pc(hall.terminal("counter2"), ref).in_touch()
        held.callback(other.close)
        first = Told(site.run(dead, SCRIPT))
        first.do("in_touch")
        # one case waits for the citizen and lies at the node, another one is on the table when the PC dies
        waiting, table = first.do("corrected"), first.do("received")
        until(lambda: site.owners(waiting) == [node.name], "no terminal keeps a waiting case")
        until(lambda: other.state(table) == "received", "the hall knows of the case on the table")
        # what it writes last nobody hears
        site.lines[dead.name].cut()
        first.do("finds_defect", table, "m2", "合同缺页")
        first.do("phone", table, "13899990002")
        site.kill(dead)

        errand = other.brings_page(other.no(waiting))
        with other.store.read() as conn:
            row = intake.errand_by_id(conn, errand)
            receipt = errand_receipt(conn, ref, row, intake.case_by_no(conn, row.case_no))
        assert receipt.errand == "补正材料"
        until(lambda: other.state(waiting) == "received", "taken in, whatever the first PC does")
        other.take(waiting)
        other.at.check_all(waiting)
        other.at.accept(waiting)
        other.at.dispatch(waiting)

        # the other case: nobody can have it, but the citizen leaves with a receipt
        slip = other.brings_page(other.no(table), "supplement")
        with pytest.raises(OwnedElsewhere):
            other.take(table)
        assert site.owners(table) == [dead.name]
        manager = Officer(node, "zhuren").sign_in()
        held.callback(manager.close)
        page = manager.open(f"/machines/{dead.node_id}")
        assert other.no(table) in page, "what lies with the dead PC"
        manager.press("收回到", reason="1号窗口主机损坏")
        until(lambda: other.at.case(table).owner == node.node_id, "the window hears of it")
        until(lambda: not other.look_open_errands(table), "what the citizen brought is taken in")
        with other.store.read() as conn:
            assert intake.errand_by_id(conn, slip).granted is True

        # the PC is back: it learns that it lost the case, and what it had written comes late
        site.lines[dead.name].heal()
        again = Told(site.run(dead, SCRIPT))
        again.do("in_touch")
        until(lambda: manager.open("/machines/late").count("采纳，使它生效") == 2, "two records to judge")
        assert other.at.case(table).phone != "13899990002"
        until(lambda: site.owners(table) == [node.name], "the old PC knows that it lost the case")
        page = manager.press("不采纳", reason="合同已当场补齐")
        assert page.index("核材料") > page.index("登记申请人"), "of the two the first is judged"
        manager.press("采纳，使它生效", reason="申请人当面确认了电话")
        until(lambda: other.at.case(table).phone == "13899990002", "adopted, it counts")
        assert "采纳，使它生效" not in manager.open("/machines/late")
        other.take(table)
        other.at.check_all(table)
        other.at.accept(table)
        with other.store.read() as conn:
            assert {m.defect for m in intake.materials(conn, table)} == {None}
        other.at.dispatch(table)
        until(lambda: other.all_sent, "everything was told")
        written = first.written | other.written
        site.until_told(written)
        held.close()
        site.prove_whole(written=written)
