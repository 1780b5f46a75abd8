"""A case from the window to the officer's decision and back to the person, over real stores and pages."""

import threading
from collections.abc import Sequence

import pytest

from hall.delivery import views as delivery
from hall.intake import commands as cmd
from hall.intake import receiving
from hall.intake import views as intake
from hall.intake.model import CaseState
from hall.journal.facts import OfferWithdrawn
from hall.journal.projection import Recorded
from hall.people.model import Role
from tests.hall.builders import COUNTY_DESK, Machine, fresh, item
from tests.server_app.site import Browser, Site


def dispatched(site: Site, desk: str = "示例局@node") -> str:
    case = site.window.draft(item=item(desk=desk))
    site.window.applicant(case)
    site.page_with_picture(case)
    site.window.check_all(case)
    site.window.receive(case)
    site.window.accept(case)
    site.window.dispatch(case, desk)
    site.settle()
    return case


def test_a_case_walks_from_the_window_over_the_node_desk_to_delivery(site: Site) -> None:
    case = dispatched(site)
    assert site.at(site.node, case).owner == "n1"
    reviewer = site.officer("wang", Role.REVIEWER)
    approver = site.officer("li", Role.APPROVER)
    assert site.at(site.node, case).case_no in reviewer.open("/desk")
    assert reviewer.act(case, "take") == 303
    assert "已接件" in reviewer.html
    assert not reviewer.offers(f"/desk/case/{case}/act/grant"), "a reviewer does not decide"
    assert approver.act(case, "grant", valid_to="2028-12-31") == 303
    row = site.at(site.node, case)
    assert row.state is CaseState.GRANTED
    assert "昌市审批决字〔2026〕第1号" in approver.open(f"/desk/case/{case}")
    with site.node.store.read() as conn:
        (result,) = delivery.deliveries_of_case(conn, case)
    site.settle()
    claim(site, result.id)
    site.window.arrive(result.id)
    site.settle()
    assert site.at(site.node, case).state is CaseState.RESULT_READY
    site.window.hand_over(result.id)
    site.settle()
    assert site.at(site.node, case).state is CaseState.DELIVERED
    assert site.at(site.centre, case).state is CaseState.DELIVERED


def claim(site: Site, dossier: str) -> None:
    """The window takes what rests at the node and keeps it, as its counter does."""
    site.claim(dossier)
    row = site.window.held(dossier)
    if row is not None and row.offered_to is not None:
        site.window.append(dossier, OfferWithdrawn("窗口正在办理"))


def test_the_centre_asks_the_hall_and_takes_in_the_officers_name(any_site: Site) -> None:
    site = any_site
    case = dispatched(site, COUNTY_DESK)
    assert site.at(site.centre, case).owner == "n1", "the node carries the offer on"
    officer = site.officer("zhao", Role.REVIEWER, Role.APPROVER, county=True)
    assert "在大厅，待接件" in officer.open("/desk")
    assert officer.act(case, "take") == 303
    assert "已向大厅要件，到达后自动接件" in officer.html
    assert not officer.offers(f"/desk/case/{case}/act/take"), "asked once is asked"
    site.settle()
    row = site.at(site.centre, case)
    assert (row.state, row.owner, row.officer) == (CaseState.REVIEWING, "c1", "officer-zhao")
    assert officer.act(case, "deny", deny_reason="场所不符合规定条件") == 303
    site.settle()
    assert site.at(site.node, case).owner == "n1", "decided, and back in the hall"
    assert site.at(site.node, case).state is CaseState.DENIED
    with site.node.store.read() as conn:
        (result,) = delivery.deliveries_of_case(conn, case)
    assert result.owner == "n1"
    assert result.decision_no == "昌市审批审决字〔2026〕第1号", "node and centre number apart"


def at_the_precheck(site: Site, *, county: bool) -> tuple[str, Browser]:
    """A received case before the officer who checks it first."""
    desk = COUNTY_DESK if county else "示例局@node"
    case = site.window.received(item=item(desk=desk), intake_mode="precheck_then_accept")
    site.window.do(cmd.AskPrecheck(fresh("c"), case, "w1"), receiving.ask_precheck)
    site.settle()
    officer = site.officer("sun", Role.REVIEWER, county=county)
    if county:
        assert officer.act(case, "take") == 303
        site.settle()
    return case, officer


@pytest.mark.parametrize("county", [False, True])
def test_pre_check_before_acceptance(site: Site, county: bool) -> None:
    case, officer = at_the_precheck(site, county=county)
    assert officer.act(case, "precheck_pass", precheck_note="材料齐全") == 303
    site.settle()
    row = site.at(site.node, case)
    assert (row.state, row.prechecked, row.owner) == (CaseState.RECEIVED, True, "n1")
    claim(site, case)
    site.window.accept(case)
    site.settle()
    assert site.at(site.node, case).state is CaseState.ACCEPTED


@pytest.mark.parametrize("county", [False, True])
def test_a_correction_brought_to_the_window_reaches_the_case(site: Site, county: bool) -> None:
    case, officer = at_the_precheck(site, county=county)
    assert officer.act(case, "correct", **{"defect-m2": "场所证明已过期，请换新的"}) == 303
    site.settle()
    row = site.at(site.node, case)
    assert (row.state, row.owner) == (CaseState.CORRECTION, "n1"), "rests in the hall"
    errand = site.window.handed_in(row.case_no)
    site.settle()
    row = site.at(site.node, case)
    assert row.state is CaseState.RECEIVED, "granted automatically"
    with site.node.store.read() as conn:
        answered = intake.errand_by_id(conn, errand)
        pages = intake.pages_of(conn, case)
    assert answered is not None
    assert answered.state == "answered"
    assert [p.material for p in pages] == ["m2"]


def test_a_withdrawal_in_review_waits_for_the_officer_also_at_the_centre(any_site: Site) -> None:
    site = any_site
    case = dispatched(site, COUNTY_DESK)
    officer = site.officer("zhao", Role.REVIEWER, Role.APPROVER, county=True)
    officer.act(case, "take")
    site.settle()
    errand = site.window.handed_in(site.at(site.node, case).case_no, "withdrawal")
    site.settle()
    assert "家中有事" in officer.open(f"/desk/case/{case}")
    assert site.at(site.centre, case).state is CaseState.REVIEWING, "left to a person"
    assert officer.act(case, "grant") == 409
    assert "来件" in officer.html
    action = f"/desk/case/{case}/act/answer_yes"
    officer.open(f"/desk/case/{case}")
    assert officer.send(action) == 303
    site.settle()
    assert site.at(site.node, case).state is CaseState.WITHDRAWN
    assert site.at(site.node, case).owner == "n1"
    row = site.window.held(errand)
    assert row is not None
    assert row.owner == "c1"


def test_a_withdrawal_before_acceptance_is_granted_at_once(site: Site) -> None:
    case = site.window.received()
    site.window.write(lambda ledger: receiving.give_back(ledger, case, "w1"))
    site.settle()
    site.window.handed_in(site.at(site.node, case).case_no, "withdrawal")
    site.settle()
    assert site.at(site.node, case).state is CaseState.WITHDRAWN


def test_the_reactor_acts_by_itself_after_a_commit(site: Site) -> None:
    case = site.window.received()
    site.window.write(lambda ledger: receiving.give_back(ledger, case, "w1"))
    site.settle()
    case_no = site.at(site.node, case).case_no
    done = threading.Event()

    def seen(recorded: Sequence[Recorded]) -> None:
        if any(r.env.type == "case.withdrawn" for r in recorded):
            done.set()

    stop = site.node.store.subscribe(seen)
    site.node.reactor.start()
    errand = Machine(
        site.node.store, site.window.engine, site.window.letters, site.window.rules, site.clock
    ).handed_in(case_no, "withdrawal")
    assert done.wait(30), "woken by the commit, not by the minute"
    stop()
    with site.node.store.read() as conn:
        found = intake.errand_by_id(conn, errand)
    assert found is not None
    assert found.granted is True
