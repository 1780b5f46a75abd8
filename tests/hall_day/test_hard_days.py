"""The first four hard days of design.md 11, on real stores, with records carried by hand."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hall.delivery import handlers as delivering
from hall.delivery import views as delivery
from hall.delivery.model import DeliveryState
from hall.intake import commands as cmd
from hall.intake import packages
from hall.intake import views as intake
from hall.intake.events import DefectLine
from hall.intake.model import CaseState, CheckResult
from hall.intake.package_events import PackageChild
from hall.journal.facts import LateAdopted, LateRejected
from hall.journal.refusal import NotOwner, Refusal
from hall.queueing import commands as queue_cmd
from hall.queueing import handlers as queueing
from hall.queueing import views as queue
from hall.queueing.model import Outcome, TicketState
from tests.hall.builders import (
    COUNTY_DESK,
    DAY,
    Machine,
    carry,
    exchange,
    fresh,
    item,
    verdicts,
)
from tests.hall.journal.world import EVERYBODY
from tests.hall.package_builder import received_package
from tests.hall_day.moving import Maker, late_of, move, owner_of

# 1 ----------------------------------------------------------------------------------------------------


def test_a_correction_brought_to_another_window_with_the_first_pc_off(make: Maker) -> None:
    node, first, other = make("node-1", "hall"), make("pc-1"), make("pc-2")
    case = first.corrected()
    assert first.case(case).offered_to == "hall"  # no terminal keeps a waiting case
    carry(first, node)
    move(first, node, case)
    exchange(node, other)
    errand = other.handed_in(other.case(case).case_no)
    carry(other, node)
    move(other, node, errand)
    node.answer(errand)
    assert node.case(case).state is CaseState.RECEIVED


def test_a_crashed_pc_is_seized_and_its_late_facts_are_judged_one_by_one(make: Maker) -> None:
    node, pc, other = make("node-1", "hall"), make("pc-1"), make("pc-2")
    case = pc.received()
    exchange(node, pc, other)
    no = pc.case(case).case_no
    # written on the PC before it died; nobody has heard it
    pc.check(case, "m2", CheckResult.DEFECTIVE, "缺页")
    pc.applicant(case, phone="13899990002")
    errand = other.handed_in(no, "lost_slip")
    carry(other, node)
    node.write(lambda ledger: ledger.seize(case, below=EVERYBODY, by="z1", reason="1号窗口主机损坏"))
    move(other, node, errand)
    node.answer(errand)
    with pytest.raises(NotOwner):
        other.check(case, "m1", CheckResult.OK)
    # the PC is back: it learns that it lost the case, and its words come late
    carry(pc, node)
    late = late_of(node, case)
    assert set(late) == {"material.checked", "case.applicant_set"}
    assert node.case(case).phone != "13899990002"
    node.append(case, LateAdopted(late["case.applicant_set"]))
    node.append(case, LateRejected(late["material.checked"], "合同已当场补齐"))
    assert node.case(case).phone == "13899990002"
    assert next(m for m in node.look(intake.materials, case) if m.id == "m2").defect is None
    carry(node, pc)
    assert owner_of(pc, case) == node.id
    assert pc.case(case).phone == "13899990002"
    with pytest.raises(NotOwner):
        pc.accept(case)
    assert dict(verdicts(node, case))["material.checked/1"] != "quarantined"


def test_a_paper_already_served_by_the_lost_pc_can_be_adopted(make: Maker) -> None:
    node, pc = make("node-1", "hall"), make("pc-1")
    case = pc.received()
    carry(pc, node)
    pc.accept(case, document_no="示市示例受字〔2026〕第7号")
    node.write(lambda ledger: ledger.seize(case, below=EVERYBODY, by="z1", reason="主机损坏"))
    carry(pc, node)
    assert node.case(case).state is CaseState.RECEIVED
    node.append(case, LateAdopted(late_of(node, case)["case.accepted"]))
    assert (node.case(case).state, node.case(case).accepted_on) == (CaseState.ACCEPTED, DAY)
    assert [a.document_no for a in node.look(intake.acts, case) if a.kind == "accepted"] == [
        "示市示例受字〔2026〕第7号"
    ]


# 2 ----------------------------------------------------------------------------------------------------


def test_the_node_dies_while_a_case_is_out(make: Maker) -> None:
    node, pc, standby = make("node-1", "hall"), make("pc-1"), make("node-2", "hall")
    carry(node, standby)
    ticket = node.ticket()
    node.call_next(pc.id)
    carry(node, pc)  # the last thing the node said
    pc.do(queue_cmd.StartService(fresh("c"), ticket, "w1", fresh("s")), queueing.start_service)
    case = pc.accepted()
    pc.dispatch(case)
    pc.do(queue_cmd.FinishTicket(fresh("c"), ticket, "w1", Outcome.ACCEPTED), queueing.finish)
    # the standby has heard nothing of this; before it gives numbers it collects the terminals' tails
    carry(pc, standby)
    assert owner_of(standby, ticket) == pc.id
    assert standby.look(queue.ticket_by_id, ticket).state is TicketState.DONE
    assert standby.case(case).state is CaseState.DISPATCHED
    seen = standby.look(queue.last_seq, "A", DAY)
    following = standby.ticket()
    assert standby.look(queue.ticket_by_id, following).seq == seen + 1


# 3 ----------------------------------------------------------------------------------------------------


def test_decided_while_the_hall_was_away_and_the_applicant_withdrew(make: Maker) -> None:
    centre, node, pc = make("centre-1", "county"), make("node-1", "hall"), make("pc-1")
    case = node.accepted(item=item(desk=COUNTY_DESK))
    node.dispatch(case, COUNTY_DESK)
    carry(node, centre)
    move(node, centre, case)
    carry(node, pc)
    centre.take(case, COUNTY_DESK)
    # three days without a line: the department decides, the applicant comes to a window
    centre.hand_clock.later(days=3)
    result = centre.decide(case, business_day=DAY + timedelta(days=2))
    errand = pc.handed_in(pc.case(case).case_no, "withdrawal")
    assert pc.look(intake.errand_by_id, errand).handed_in_on == DAY
    exchange(centre, node, pc)
    # the result comes to the hall, but nothing leaves it while the errand is open
    move(centre, node, result)
    node.arrive(result)
    with pytest.raises(Refusal, match="尚未答复"):
        node.hand_over(result)
    move(pc, centre, errand)
    with pytest.raises(Refusal, match="不能撤回"):
        centre.answer(errand)
    centre.answer(errand, granted=False, why="决定已作出，尚未送达")
    exchange(centre, node)
    node.hand_over(result)
    assert node.look(delivery.delivery_by_id, result).state is DeliveryState.HANDED_OVER
    move(centre, node, case)
    node.write(delivering.settle)
    exchange(centre, node)
    assert centre.case(case).state is CaseState.DELIVERED


def test_a_withdrawal_that_comes_first_ends_the_case(make: Maker) -> None:
    centre, node, pc = make("centre-1", "county"), make("node-1", "hall"), make("pc-1")
    case = node.accepted(item=item(desk=COUNTY_DESK))
    node.dispatch(case, COUNTY_DESK)
    carry(node, centre)
    move(node, centre, case)
    centre.take(case, COUNTY_DESK)
    carry(centre, pc)
    errand = pc.handed_in(pc.case(case).case_no, "withdrawal")
    carry(pc, centre)
    with pytest.raises(Refusal, match="尚未答复"):
        centre.decide(case)
    move(pc, centre, errand)
    centre.answer(errand)
    assert centre.case(case).state is CaseState.WITHDRAWN


# 4 ----------------------------------------------------------------------------------------------------


def test_a_package_of_several_departments_corrects_once(make: Maker) -> None:
    node, centre = make("node-1", "hall"), make("centre-1", "county")
    kids = tuple(PackageChild(f"x-0{n}", f"示例事项{n}", fresh("case"), f"示例{n}局") for n in (1, 2, 3))
    package = received_package(node, kids, [item(id=k.item, department=k.department) for k in kids])
    carry(node, centre)
    # two children and their desks are at the centre; the lead stays at the node
    move(node, centre, kids[1].case, kids[2].case)

    def file(m: Machine, kid: PackageChild, *texts: str) -> None:
        defects = tuple(DefectLine("m2", t) for t in texts)
        filed = cmd.FilePackageDefects(fresh("c"), package, kid.case, kid.department, defects, "o1")
        m.do(filed, packages.file_defects)

    with pytest.raises(NotOwner):
        file(centre, kids[1], "门头图不清")  # the package lies at the lead's desk
    file(node, kids[0], "合同缺页")
    file(node, kids[1], "门头图不清")
    close = cmd.ClosePackageRound(fresh("c"), package, "o1", None, DAY + timedelta(days=3))
    node.do(close, packages.close_round)
    with pytest.raises(Refusal, match="不能再提"):
        file(node, kids[2], "迟来的意见")
    carry(node, centre)
    centre.correct(kids[1].case, as_department=True, window=None, staff="o2")
    with pytest.raises(Refusal, match="当时没有提出"):
        centre.correct(kids[2].case, as_department=True, window=None, staff="o3")
    exchange(node, centre)
    states = [k.state for k in node.look(intake.package_by_id, package).children]
    assert states == [CaseState.RECEIVED, CaseState.CORRECTION, CaseState.RECEIVED]
    again = replace(close, command_id=fresh("c"))
    with pytest.raises(Refusal, match="已经告知过"):
        node.do(again, packages.close_round)
