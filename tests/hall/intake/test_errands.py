"""What a citizen hands in never needs the case: errands, their answers, and what they block."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hall.delivery import views as delivery
from hall.delivery.model import DeliveryState
from hall.intake import commands as cmd
from hall.intake import errands, views
from hall.intake.model import CaseState, MaterialState
from hall.journal.refusal import NotOwner, Refusal
from hall.review import commands as review_cmd
from hall.review import handlers as review
from tests.hall.builders import DAY, Machine, carry, fresh, machine, page


def test_a_returned_correction_reopens_the_case_with_its_papers(hall: Machine) -> None:
    case = hall.corrected()
    errand = hall.handed_in(hall.case(case).case_no)
    hall.answer(errand)
    lease = next(m for m in hall.look(views.materials, case) if m.id == "m2")
    assert (hall.case(case).state, lease.state, len(lease.pages)) == (
        CaseState.RECEIVED, MaterialState.PRESENTED, 1,
    )  # fmt: skip
    row = hall.look(views.errand_by_id, errand)
    assert (row.state, row.granted, row.case) == ("answered", True, case)


def test_an_errand_is_answered_once(hall: Machine) -> None:
    case = hall.corrected()
    errand = hall.handed_in(hall.case(case).case_no)
    hall.answer(errand)
    with pytest.raises(Refusal, match="已经答复"):
        hall.answer(errand)


def test_an_open_errand_cannot_be_answered(hall: Machine) -> None:
    errand = hall.errand(hall.case(hall.corrected()).case_no)
    with pytest.raises(Refusal, match="没有交齐"):
        hall.answer(errand)


def test_only_a_known_errand_is_opened(hall: Machine) -> None:
    with pytest.raises(Refusal, match="请选择要办的事"):
        hall.errand("x", "gift")
    with pytest.raises(Refusal, match="不需要补正"):
        hall.errand(hall.case(hall.received()).case_no)


def test_nothing_to_hand_in_is_said(hall: Machine) -> None:
    no = hall.case(hall.corrected()).case_no
    with pytest.raises(Refusal, match="没有拍摄"):
        hall.hand_in(hall.errand(no))
    with pytest.raises(Refusal, match="撤回的原因"):
        hall.hand_in(hall.errand(no, "withdrawal"))


def test_pages_of_an_errand_are_as_strict_as_those_of_a_case(hall: Machine) -> None:
    errand = hall.errand(hall.case(hall.corrected()).case_no)
    for name in ("p1", "p2"):
        add = cmd.AttachErrandPage(fresh("c"), errand, "m2", page(name), "w1")
        hall.do(add, errands.attach_errand_page)
    with pytest.raises(Refusal, match="已经加入"):
        hall.do(replace(add, command_id=fresh("c")), errands.attach_errand_page)
    broken = replace(add, command_id=fresh("c"), page=replace(page("p3"), plain_sha256="?"))
    with pytest.raises(Refusal, match="重拍"):
        hall.do(broken, errands.attach_errand_page)
    order = cmd.OrderErrandPages(fresh("c"), errand, "m2", ("p2", "p1"), "w1")
    hall.do(order, errands.order_errand_pages)
    hall.do(cmd.RemoveErrandPage(fresh("c"), errand, "m2", "p2", "w1"), errands.remove_errand_page)
    assert [p.page for p in hall.look(views.pages_of, errand)] == ["p1"]
    with pytest.raises(Refusal, match="重新排序"):
        hall.do(replace(order, command_id=fresh("c")), errands.order_errand_pages)
    hall.hand_in(errand)
    with pytest.raises(Refusal, match="不能再改"):
        hall.do(replace(add, command_id=fresh("c")), errands.attach_errand_page)


@pytest.mark.parametrize("dispatched", [True, False])
def test_a_granted_withdrawal_ends_the_case(hall: Machine, dispatched: bool) -> None:
    case = hall.accepted()
    if dispatched:
        hall.dispatch(case)
    hall.answer(hall.handed_in(hall.case(case).case_no, "withdrawal"))
    assert (hall.case(case).state, hall.case(case).offered_to) == (CaseState.WITHDRAWN, None)


def test_a_refused_withdrawal_says_why_and_leaves_the_case(hall: Machine) -> None:
    case = hall.reviewing()
    errand = hall.handed_in(hall.case(case).case_no, "withdrawal")
    with pytest.raises(Refusal, match="写明理由"):
        hall.answer(errand, granted=False, why=" ")
    hall.answer(errand, granted=False, why="决定已于当日作出，尚未送达")
    assert hall.case(case).state is CaseState.REVIEWING
    assert hall.look(views.errand_by_id, errand).why == "决定已于当日作出，尚未送达"


def test_after_the_decision_a_withdrawal_can_only_be_refused(hall: Machine) -> None:
    case, _ = hall.decided()
    errand = hall.handed_in(hall.case(case).case_no, "withdrawal")
    with pytest.raises(Refusal, match="准予，不能撤回"):
        hall.answer(errand)
    hall.answer(errand, granted=False, why="已决定")


def test_an_open_errand_blocks_decision_and_every_way_out(hall: Machine) -> None:
    from hall.delivery import commands as out
    from hall.delivery import handlers

    case = hall.reviewing()
    no = hall.case(case).case_no
    errand = hall.handed_in(no, "withdrawal")
    with pytest.raises(Refusal, match="尚未答复"):
        hall.decide(case)
    hall.answer(errand, granted=False, why="材料已审完")
    result = hall.decide(case)
    hall.arrive(result)
    late = hall.handed_in(no, "withdrawal")
    ways = (
        lambda: hall.hand_over(result),
        lambda: hall.do(out.PutInLocker(fresh("c"), result, "L1", 3, "w1"), handlers.put_in_locker),
        lambda: hall.do(out.PackResult(fresh("c"), result, "w1"), handlers.pack_result),
        lambda: hall.do(out.PublishLicence(fresh("c"), result, "e-1", "w1"), handlers.publish_licence),
    )
    for way in ways:
        with pytest.raises(Refusal) as refused:
            way()
        assert refused.value.code == "errand_open"
    hall.answer(late, granted=False, why="已决定")
    hall.hand_over(result)
    assert hall.look(delivery.delivery_by_id, result).state is DeliveryState.HANDED_OVER


@pytest.mark.parametrize("kind", ["lost_slip", "authorisation"])
def test_other_errands_change_nothing_in_the_case(hall: Machine, kind: str) -> None:
    case = hall.accepted()
    errand = hall.errand(hall.case(case).case_no, kind)
    hall.hand_in(errand)
    hall.answer(errand)
    assert hall.case(case).state is CaseState.ACCEPTED
    assert [a.kind for a in hall.look(views.acts, case)][-1] == "errand_answered"


def test_a_window_opens_an_errand_for_a_case_it_has_never_heard_of(hall: Machine) -> None:
    case = hall.corrected()
    pc = machine("pc-2", clock=hall.hand_clock)
    errand = pc.handed_in(hall.case(case).case_no)
    assert pc.look(views.errand_by_id, errand).case is None
    assert pc.held(errand).offered_to == "hall"  # type: ignore[union-attr]
    carry(pc, hall)
    with pytest.raises(NotOwner):
        hall.answer(errand)
    pc.store.close()


def test_an_extension_or_step_does_not_close_an_errand(hall: Machine) -> None:
    case = hall.reviewing()
    errand = hall.handed_in(hall.case(case).case_no, "withdrawal")
    step = review_cmd.RecordStep(fresh("c"), case, "o1", "初审", "pass", "材料齐全")
    hall.do(step, review.record_step)
    assert [e.id for e in hall.look(views.open_errands, hall.case(case).case_no)] == [errand]
    assert [e.id for e, _ in hall.look(views.errands_to_take, hall.id)] == [errand]


def test_the_day_of_a_receipt_is_the_business_day(hall: Machine) -> None:
    hall.day = DAY + timedelta(days=1)
    case = hall.corrected(business_day=DAY)
    errand = hall.handed_in(hall.case(case).case_no)
    assert hall.look(views.errand_by_id, errand).handed_in_on == DAY + timedelta(days=1)
