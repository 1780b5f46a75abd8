"""The ten hard days of design.md 11, on real stores, with records carried by hand."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from hall.delivery import handlers as delivering
from hall.delivery import views as delivery
from hall.delivery.model import DeliveryState
from hall.intake import commands as cmd
from hall.intake import packages, receiving
from hall.intake import views as intake
from hall.intake.events import DefectLine, PackageChild
from hall.intake.model import CaseState, CheckResult
from hall.journal import schema
from hall.journal.facts import DossierMoved, LateAdopted, LateRejected, OfferWithdrawn
from hall.journal.refusal import NotOwner, NotSettled, Refusal
from hall.journal.store import Store, Who
from hall.queueing import commands as queue_cmd
from hall.queueing import handlers as queueing
from hall.queueing import views as queue
from hall.queueing.model import Outcome, TicketState
from tests.hall.builders import (
    CERT,
    COUNTY_DESK,
    DAY,
    HandClock,
    Machine,
    carry,
    differences_after_rebuild,
    exchange,
    fresh,
    item,
    machine,
    quarantined,
    verdicts,
)
from tests.hall.journal.world import HallKeys, copy_of

Maker = Callable[..., Machine]


@pytest.fixture
def make() -> Iterator[Maker]:
    """make("pc-1") is a window's machine of the hall, make("node-1", "hall") its node."""
    keys, made = HallKeys(), []

    def one(node: str, role: str = "terminal", **more: object) -> Machine:
        m = machine(node, role, keys=keys, clock=HandClock(), **more)  # type: ignore[arg-type]
        made.append(m)
        return m

    yield one
    for m in made:
        assert quarantined(m) == []
        assert differences_after_rebuild(m) == []
        m.store.close()


def move(owner: Machine, to: Machine, *dossiers: str) -> None:
    """The owner answers a claim, and the answer arrives."""
    for dossier in dossiers:
        owner.append(dossier, DossierMoved(to.id, fresh("ask")))
    carry(owner, to)


def owner_of(m: Machine, dossier: str) -> str:
    row = m.held(dossier)
    assert row is not None
    return row.owner


def late_of(m: Machine, dossier: str) -> dict[str, str]:
    """Late records of a dossier by type: their ids."""
    t, late = schema.record.c, schema.late.c
    with m.store.read() as conn:
        rows = conn.execute(
            select(t.type, t.id).join(schema.late, late.id == t.id).where(late.dossier == dossier)
        )
        return {row.type.partition("/")[0]: row.id for row in rows}


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
    node.write(lambda ledger: ledger.seize(case, by="z1", reason="1号窗口主机损坏"))
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
    node.write(lambda ledger: ledger.seize(case, by="z1", reason="主机损坏"))
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
    package = fresh("package")
    opened = cmd.OpenPackage(
        fresh("c"), package, 2, 1, "开示例店", "示例1局", kids, (), "652301", 1, 7, DAY, "w1"
    )
    node.do(opened, packages.open_package)
    for kid in kids:
        node.received(case=kid.case, package=package, item=item(id=kid.item, department=kid.department))
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


# 5 ----------------------------------------------------------------------------------------------------


def test_a_village_with_one_pc_that_is_switched_off_at_night(make: Maker) -> None:
    """The village's PC is its own node; what waits rests at the centre, and the town may take it."""
    centre, village, town = make("centre-1", "county"), make("village-1", "hall"), make("town-1", "hall")
    case = village.corrected()
    carry(village, centre)
    move(village, centre, case)  # resting place for the night
    exchange(centre, town)
    # the PC is off; the citizen goes to the town instead
    errand = town.handed_in(town.case(case).case_no)
    carry(town, centre)
    move(centre, town, case)
    town.answer(errand)
    town.check_all(case)
    town.accept(case)
    exchange(centre, town, village)
    assert (owner_of(village, case), village.case(case).state) == (town.id, CaseState.ACCEPTED)
    with pytest.raises(NotOwner):
        village.dispatch(case)


# 6 ----------------------------------------------------------------------------------------------------


def test_a_filing_at_night_with_the_node_off(make: Maker) -> None:
    node, kiosk = make("node-1", "hall"), make("kiosk-1", reads=False)
    night = node.corrected()
    carry(node, kiosk)
    no = kiosk.case(night).case_no
    errand = kiosk.handed_in(no)
    assert kiosk.held(errand).offered_to == "hall"  # type: ignore[union-attr]
    assert kiosk.case(night).applicant_name is None
    # the morning: the node hears it and takes it; the day written is that of the citizen's receipt
    node.hand_clock.later(hours=12)
    carry(kiosk, node)
    assert owner_of(node, errand) == kiosk.id
    move(kiosk, node, errand)
    node.day = DAY + timedelta(days=1)
    node.answer(errand)
    row = node.look(intake.errand_by_id, errand)
    assert (row.handed_in_on, row.state) == (DAY, "answered")
    assert node.case(night).state is CaseState.RECEIVED


def test_numbers_of_a_cut_off_kiosk_go_into_the_line_when_it_is_heard(make: Maker) -> None:
    node, kiosk, pc = make("node-1", "hall"), make("kiosk-1"), make("pc-1")
    at_node = node.ticket()
    own = [kiosk.ticket(series="K", away=True) for _ in range(2)]
    assert [kiosk.look(queue.ticket_by_id, t).number for t in own] == ["K001", "K002"]
    carry(kiosk, node)
    # known, but not the node's yet: it calls only what it has taken
    first = node.call_next(pc.id)
    assert first.records[0].env.dossier == at_node
    with pytest.raises(queueing.NobodyWaiting):
        node.call_next(pc.id)
    move(kiosk, node, *own)
    called = [node.call_next(pc.id).records[0].env.dossier for _ in own]
    assert called == own
    assert {node.look(queue.ticket_by_id, t).number for t in (at_node, *own)} == {"A001", "K001", "K002"}


def test_served_by_the_slip_wins_over_called(make: Maker) -> None:
    node, cut_off, pc = make("node-1", "hall"), make("pc-9"), make("pc-1")
    ticket = node.ticket()
    visit = cut_off.serve_slip(ticket)
    cut_off.do(queue_cmd.FinishVisit(fresh("c"), visit, "w9", Outcome.ACCEPTED), queueing.finish_visit)
    node.call_next(pc.id)  # the node has not heard: another window calls the number, nobody comes
    carry(node, pc)
    pc.do(queue_cmd.MissTicket(fresh("c"), ticket, "w1", "无人应答"), queueing.miss)
    exchange(node, cut_off, pc)
    assert node.write(queueing.settle) == 0  # the ticket lies at the calling window still
    move(pc, node, ticket)
    assert node.write(queueing.settle) == 1
    exchange(node, cut_off, pc)
    for m in (node, cut_off, pc):
        assert m.look(queue.ticket_by_id, ticket).state is TicketState.DONE
    with pytest.raises(Refusal, match="重新取号"):
        cut_off.serve_slip(ticket)


# 7 ----------------------------------------------------------------------------------------------------


def test_one_citizen_in_two_halls_has_two_dossiers(make: Maker) -> None:
    """Nothing locks; the centre sees both by the certificate, and a person ends one."""
    centre, here, there = make("centre-1", "county"), make("node-1", "hall"), make("node-2", "hall")
    first, second = here.accepted(hall_no=1), there.accepted(hall_no=2)
    exchange(centre, here, there)
    both = centre.look(intake.cases_of_cert, CERT)
    assert {c.id for c in both} == {first, second}
    assert len({c.case_no for c in both}) == 2
    there.do(cmd.WithdrawCase(fresh("c"), second, None, "重复申请", "w1", DAY), receiving.withdraw_case)
    exchange(centre, here, there)
    assert (centre.case(first).state, centre.case(second).state) == (CaseState.ACCEPTED, CaseState.WITHDRAWN)


# 8 ----------------------------------------------------------------------------------------------------


def test_the_old_node_comes_back(make: Maker) -> None:
    old, standby, pc = make("node-1", "hall"), make("node-2", "hall"), make("pc-1")
    ticket, case = old.ticket(), old.received()
    exchange(old, standby)
    old.check(case, "m1", CheckResult.DEFECTIVE, "缺签字")  # its tail: nobody has heard it
    for dossier in (ticket, case):
        standby.write(lambda ledger, d=dossier: ledger.seize(d, by="z1", reason="节点停机"))
    standby.call_next(pc.id)
    carry(standby, pc)
    # back: it hears the higher token before it serves one claim
    carry(standby, old)
    with pytest.raises(queueing.NobodyWaiting):
        old.call_next(pc.id)
    with pytest.raises(NotOwner):
        old.accept(case)
    # and hands over its tail, which the standby judges
    carry(old, standby)
    assert set(late_of(standby, case)) == {"material.checked"}
    assert standby.look(queue.ticket_by_id, ticket).state is TicketState.CALLED
    exchange(old, standby, pc)
    assert {owner_of(m, case) for m in (old, standby, pc)} == {standby.id}


def test_a_node_restored_from_a_backup_owns_nothing_until_it_is_told(make: Maker) -> None:
    node, centre = make("node-1", "hall"), make("centre-1", "county")
    case = node.accepted()
    node.ticket()
    backup = copy_of(node.engine)
    # after the backup: the case went to the centre and another number was given
    node.dispatch(case, COUNTY_DESK)
    carry(node, centre)
    move(node, centre, case)
    node.ticket()
    carry(node, centre)
    node.store.close()
    node.store = Store(
        backup, Who("node-1", "hall", "H1"),
        node.store.kernel.types, node.store.kernel.projections, node.store.kernel.keys,
        node.store.kernel.clock,
    )  # fmt: skip
    node.engine, node.heard = backup, {}
    node.store.renew_incarnation()
    for act in (
        lambda: node.dispatch(case),
        node.ticket,
        node.draft,
        lambda: node.append(case, OfferWithdrawn("x")),
    ):
        with pytest.raises(NotSettled):
            act()
    carry(centre, node)
    node.store.settle()
    assert node.look(queue.ticket_by_id, node.ticket()).number == "A003"
    with pytest.raises(NotOwner):
        node.dispatch(case)


# 9 ----------------------------------------------------------------------------------------------------


def test_a_terminal_lost_for_good(make: Maker) -> None:
    node, lost, other = make("node-1", "hall"), make("pc-1"), make("pc-2")
    known = lost.accepted()
    carry(lost, node)
    never_heard = lost.received()
    receipt = lost.case(never_heard).case_no  # what the citizen holds in hand
    node.write(lambda ledger: ledger.seize(known, by="z1", reason="1号窗口主机报废"))
    node.dispatch(known)
    # 补录 from the citizen's papers, at another window: a case of its own number
    again = other.received(device_no=8)
    carry(other, node)
    assert node.look(intake.case_by_no, receipt) is None
    assert node.case(again).case_no != receipt
    # the errand opened by the old receipt waits for a case that nobody has, and says so
    errand = node.handed_in(receipt, "lost_slip")
    with pytest.raises(Refusal, match="没有这份来件对应的办件"):
        node.answer(errand)
    assert node.case(known).state is CaseState.DISPATCHED


# 10 ---------------------------------------------------------------------------------------------------


def test_powers_that_end_while_offline_are_judged_by_the_nodes_day(make: Maker) -> None:
    node, pc = make("node-1", "hall"), make("pc-1")
    node.do(queue_cmd.OpenDay(fresh("c"), DAY, 1, "node"), queueing.open_day)
    carry(node, pc)
    pc.letters.until["ACCEPT"] = DAY
    # the PC's clock runs a year ahead: the letter still covers the day that the node opened
    pc.hand_clock.later(days=365)
    today = pc.look(queue.business_day)
    assert today == DAY
    case = pc.draft()
    pc.applicant(case)
    pc.check_all(case)
    pc.receive(case, business_day=today)
    pc.accept(case, business_day=today)
    assert pc.case(case).accepted_on == DAY
    # the next day is opened; the PC's clock is wrong the other way now, and the letter has ended
    node.do(queue_cmd.OpenDay(fresh("c"), DAY + timedelta(days=1), 1, "node"), queueing.open_day)
    carry(node, pc)
    pc.hand_clock.later(days=-800)
    today = pc.look(queue.business_day)
    assert today == date(2026, 3, 3)
    late = pc.draft()
    pc.applicant(late)
    pc.present(late, "m1")
    with pytest.raises(Refusal, match="到期，不能行使ACCEPT"):
        pc.receive(late, business_day=today)
