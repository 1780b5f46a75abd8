"""Hard day 4: a package of three departments, in hall and county; one correction round, closed once by the lead."""

from dataclasses import replace
from pathlib import Path

import pytest

from hall.intake import commands as cmd
from hall.intake import packages, receiving
from hall.intake import views as intake
from hall.intake.package_events import PackageChild
from hall.journal.facts import DossierOffered
from hall.reference import load_reference
from tests.hall.builders import fresh, item
from tests.hall.package_builder import opening
from tests.hall_day.county import Officer, county
from tests.hall_day.pc import Pc
from ui.resource_files import resource_path
from yichuang.failover.terminals import until

pytestmark = pytest.mark.system

DESKS = {"示例局": "示例局@node", "示例二局": "示例二局@county", "示例三局": "示例三局@county"}


def prechecked_package(pc: Pc) -> tuple[str, tuple[str, ...]]:
    """Received and laid before each department; the package itself goes to the hall, as at 完成."""
    kids = tuple(PackageChild(f"x-{n}", f"示例事项{n}", fresh("case"), d) for n, d in enumerate(DESKS, 1))
    items = [item(id=k.item, name=k.name, department=k.department, desk=DESKS[k.department]) for k in kids]
    command = opening(kids, items)
    cases = tuple(
        replace(one, device_no=pc.join.device_no, business_day=pc.at.day, intake_mode="precheck_then_accept")
        for one in command.cases
    )
    pc.at.do(
        replace(command, cases=cases, device_no=pc.join.device_no, business_day=pc.at.day),
        packages.open_package,
    )
    for kid in kids:
        pc.at.applicant(kid.case)
        pc.at.check_all(kid.case)
    kept = tuple(k.case for k in kids)
    received = cmd.ReceivePackage(fresh("c"), command.package, kept, (), 1, "w1", pc.at.day, pc.at.day)
    pc.at.ruled(received, packages.receive_package)
    for case in kept:
        pc.at.do(cmd.AskPrecheck(fresh("c"), case, "w1"), receiving.ask_precheck)
    pc.at.append(command.package, DossierOffered("hall"))
    return command.package, kept


def test_three_departments_one_round_and_what_came_too_late(tmp_path: Path) -> None:
    with county(tmp_path, changji=["counter1"]) as (site, held):
        hall = site.halls["changji"]
        site.account(hall.node, "lead", DESKS["示例局"])
        for login, department in (("second", "示例二局"), ("third", "示例三局")):
            site.account(site.centre, login, DESKS[department])
        site.start(site.centre, hall.node)
        pc = Pc(hall.terminal("counter1"), load_reference(resource_path(), "changji")).in_touch()
        held.callback(pc.close)
        lead = Officer(hall.node, "lead").sign_in()
        second, third = (Officer(site.centre, login).sign_in() for login in ("second", "third"))
        for officer in (lead, second, third):
            held.callback(officer.close)
        package, (a, b, c) = prechecked_package(pc)
        until(lambda: site.owners(package) == [hall.node.name], "the package lies at the lead's")
        for officer, case in ((second, b), (third, c)):
            officer.offered(case, "接件")
            officer.press("接件")
            officer.offered(case, "提交本部门意见")
        lead.offered(a, "提交本部门意见")
        assert "作出补正告知" not in lead.case(a), "nobody sends a notice of his own"
        lead.press("提交本部门意见", defect__m2="合同缺页")
        second.case(b)
        second.press("提交本部门意见", defect__m2="门头图不清")
        until(lambda: filed(pc, package) == [True, True, False], "both are filed in the package")

        # the line is cut; the lead closes the round, and the third department cannot know
        site.lines[hall.node.name].cut()
        lead.case(a)
        assert "合并告知" in lead.press("结束本轮，合并告知")
        third.case(c)
        assert "意见已提交" in third.press("提交本部门意见", defect__m2="迟来的意见")
        site.lines[hall.node.name].heal()
        second.offered(b, "作出补正告知")
        second.press("作出补正告知", defect__m2="门头图不清")
        lead.offered(a, "作出补正告知")
        lead.press("作出补正告知", defect__m2="合同缺页")
        third.offered(c, "作出补正告知")
        assert "当时没有提出意见" in third.press("作出补正告知", defect__m2="迟来的意见")
        third.case(c)
        third.press("初审通过，交回大厅受理")
        until(lambda: [pc.state(case) for case in (a, b)] == ["correction"] * 2, "both wait for the citizen")
        until(lambda: pc.state(c) == "received", "and the third goes on")
        assert filed(pc, package) == [True, True, False], "what came too late is no part of the round"
        with pc.store.read() as conn:
            assert intake.package_by_id(conn, package).round_closed_on == pc.at.day
        # one visit brings both
        for case in (a, b):
            until(lambda x=case: pc.at.case(x).owner == hall.node.node_id, "it rests in the hall")  # type: ignore[misc]
            pc.brings_page(pc.no(case))
            until(lambda x=case: pc.state(x) == "received", "taken in")  # type: ignore[misc]
        until(lambda: pc.all_sent, "everything was told")
        written = set(pc.written)
        site.until_told(written)
        held.close()
        site.prove_whole(written=written)


def filed(pc: Pc, package: str) -> list[bool]:
    with pc.store.read() as conn:
        row = intake.package_by_id(conn, package)
    return [] if row is None else [child.filed for child in row.children]
