"""The desk's page names people, never machines' ids, and takes dates as they are written here."""

import re

import pytest

from hall.catalogue.loading import load_profile, resources_dir
from hall.intake import commands as cmd
from hall.intake import packages
from hall.intake import views as intake
from hall.intake.events import Answer
from hall.intake.model import CaseState, CheckResult
from hall.intake.package_events import PackageChild
from hall.people.loading import load_people
from hall.people.model import Role
from tests.hall.builders import COUNTY_DESK, DAY, fresh, item
from tests.hall.package_builder import drafted_package
from tests.server_app.site import Site
from tests.server_app.test_desk_walk import dispatched


@pytest.mark.parametrize("county", [False, True])
def test_the_log_of_a_case_names_the_clerk_at_node_and_centre(site: Site, county: bool) -> None:
    resources = resources_dir()
    people = load_people(resources, load_profile(resources / "halls" / "changji.json"))
    clerk = people.staff[96]
    site.window.staff = clerk.id
    case = dispatched(site, COUNTY_DESK if county else "示例局@node")
    officer = site.officer("wang", Role.REVIEWER, Role.APPROVER, county=county)
    assert officer.act(case, "take") == 303
    site.settle()
    html = officer.open(f"/desk/case/{case}")
    assert clerk.name in html
    with site.node.store.read() as conn:
        actors = {a.actor for a in intake.acts(conn, case)}
    assert clerk.id in actors
    assert [actor for actor in actors if f">{actor}<" in html] == []


def test_somebody_unknown_is_no_id_either(site: Site) -> None:
    site.window.staff = "w1"
    case = dispatched(site)
    html = site.officer("wang", Role.REVIEWER).open(f"/desk/case/{case}")
    assert "工作人员（姓名未登记）" in html
    assert ">w1<" not in html


def test_a_child_that_its_package_did_not_need_says_for_what_answer(site: Site) -> None:
    pc, cases = site.window, (fresh("case"), fresh("case"))
    kids = tuple(PackageChild(f"x-{n}", f"示例{n}", case, "示例局") for n, case in enumerate(cases))
    package = drafted_package(pc, kids)
    for case in cases:
        pc.applicant(case)
        pc.check_all(case)
    out = (cmd.LeftOut(cases[1], (Answer("live", "rent"),), "住在哪里？租房"),)
    received = cmd.ReceivePackage(fresh("c"), package, cases[:1], out, 1, "w1", DAY, DAY)
    pc.ruled(received, packages.receive_package)
    site.settle()
    assert site.at(site.node, cases[1]).state is CaseState.VOIDED
    html = site.officer("wang", Role.REVIEWER).open(f"/desk/case/{cases[1]}")
    assert "按情形不办" in html
    assert "住在哪里？租房" in html
    assert "left_out" not in html


@pytest.mark.parametrize("typed", ["12/31/2028", "20281231", "2028-W01-1", "2028-02-30"])
def test_a_date_is_year_month_day_or_refused_in_words(site: Site, typed: str) -> None:
    case = dispatched(site)
    officer = site.officer("li", Role.REVIEWER, Role.APPROVER)
    officer.act(case, "take")
    html = officer.open(f"/desk/case/{case}")
    assert 'type="date"' not in html
    assert 'placeholder="年-月-日，如 2028-12-31"' in html
    assert officer.act(case, "grant", valid_to=typed) == 409
    assert "日期应写成 年-月-日，如 2028-12-31" in officer.html
    assert site.at(site.node, case).state is CaseState.REVIEWING


def test_words_of_a_form_hold_nothing_invisible_and_their_limit(site: Site) -> None:
    case = dispatched(site)
    officer = site.officer("li", Role.REVIEWER, Role.APPROVER)
    officer.act(case, "take")
    assert officer.act(case, "deny", deny_reason="\u202e\u200b") == 409
    assert officer.act(case, "deny", deny_reason="理" * 2001) == 409
    assert officer.act(case, "step", opinion="场所\u202e不符") == 303
    assert "场所不符" in officer.open(f"/desk/case/{case}")


def test_a_material_without_a_scan_says_where_it_lies_and_warns_who_grants(site: Site) -> None:
    case = dispatched(site)
    officer = site.officer("li", Role.REVIEWER, Role.APPROVER)
    officer.act(case, "take")
    html = officer.open(f"/desk/case/{case}")
    with site.node.store.read() as conn:
        bare = [m.facts.name for m in intake.materials(conn, case) if not m.pages]
    assert bare
    assert html.count("原件留1号窗口，未拍摄") == len(bare)
    assert f"{len(bare)} 份材料没有扫描件：{'、'.join(bare)}" in html


@pytest.mark.parametrize("county", [False, True])
def test_the_page_names_the_hall_once_and_writes_dates_one_way(site: Site, county: bool) -> None:
    case = dispatched(site, COUNTY_DESK if county else "示例局@node")
    officer = site.officer("li", Role.REVIEWER, Role.APPROVER, county=county)
    officer.act(case, "take")
    site.settle()
    html = officer.open(f"/desk/case/{case}")
    hall = load_profile(resources_dir() / "halls" / "changji.json").name
    assert f">{hall}</a>" in html
    assert "县级政务服务中心" not in html
    assert html.count("部门办理") == 1
    assert "示例编码" in html
    assert "事项编码" not in html
    assert set(re.findall(r"20\d\d-\d\d-\d\d", html)) == {"2028-12-31"}, "only the example of what to type"


def test_an_electronic_licence_sends_nobody_to_look_for_its_paper(site: Site) -> None:
    case = site.window.draft(item=item(desk="示例局@node"))
    site.window.applicant(case)
    site.window.check_all(case)
    rows = site.window.look(intake.materials, case)
    licence = next(m for m in rows if m.facts.electronic_ok and not m.pages)
    site.window.present(case, licence.id, "electronic", "none")
    site.window.check(case, licence.id, CheckResult.OK)
    site.window.receive(case)
    site.window.accept(case)
    site.window.dispatch(case, "示例局@node")
    site.settle()
    officer = site.officer("li", Role.REVIEWER, Role.APPROVER)
    officer.act(case, "take")
    html = officer.open(f"/desk/case/{case}")
    assert f"{licence.facts.name}：电子证照，没有纸质原件" in html
    to_look_at = html.partition("份材料没有扫描件：")[2].partition("。请先看原件")[0]
    assert licence.facts.name not in to_look_at
