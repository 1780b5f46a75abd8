"""Hard days five to ten of design.md 11: machines that are off, lost, restored or cut off."""

from datetime import date, timedelta

import pytest

from hall.intake import commands as cmd
from hall.intake import receiving
from hall.intake import views as intake
from hall.intake.model import CaseState, CheckResult
from hall.journal.facts import OfferWithdrawn
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
    carry,
    exchange,
    fresh,
)
from tests.hall.journal.world import EVERYBODY, copy_of
from tests.hall_day.moving import Maker, late_of, move, owner_of

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
        standby.write(lambda ledger, d=dossier: ledger.seize(d, below=EVERYBODY, by="z1", reason="节点停机"))
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
    node.write(lambda ledger: ledger.seize(known, below=EVERYBODY, by="z1", reason="1号窗口主机报废"))
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
