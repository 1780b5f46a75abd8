"""Powers act by act (R19), by the node's day; and the department's look before acceptance (乌审旗)."""

from datetime import timedelta

import pytest

from hall.intake import commands as cmd
from hall.intake import receiving
from hall.intake.model import AcceptMode, CaseState
from hall.journal.refusal import Refusal
from hall.queueing import commands as queue_cmd
from hall.queueing import handlers as queueing
from hall.queueing import views as queue
from tests.hall.builders import DAY, Machine, fresh, item
from tests.hall.intake.test_taking_in import LAST_TO_TELL, refuse

# -- powers, act by act (R19) --------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["receive", "accept", "correct", "refuse"])
def test_an_expired_letter_refuses_every_act_of_taking_in(hall: Machine, act: str) -> None:
    if act == "receive":
        case = hall.draft()
        hall.applicant(case)
        hall.present(case, "m1")
    else:
        case = hall.received()
    before = hall.case(case)
    hall.letters.until["ACCEPT"] = DAY - timedelta(days=1)
    does = {
        "receive": hall.receive, "accept": hall.accept, "correct": hall.correct,
        "refuse": lambda c: refuse(hall, c),
    }[act]  # fmt: skip
    with pytest.raises(Refusal, match="到期，不能行使ACCEPT") as refused:
        does(case)
    assert refused.value.code == "no_power"
    assert hall.case(case) == before
    hall.letters.until["ACCEPT"] = DAY
    does(case)
    assert hall.case(case).state is not before.state


def test_the_departments_own_officer_needs_no_letter(hall: Machine) -> None:
    case = hall.received()
    hall.letters.until.clear()
    hall.correct(case, as_department=True, window=None)
    assert hall.case(case).state is CaseState.CORRECTION


def test_powers_are_judged_by_the_nodes_day_not_by_a_clock(hall: Machine) -> None:
    hall.do(queue_cmd.OpenDay(fresh("c"), DAY, 1, "node"), queueing.open_day)
    hall.letters.until["ACCEPT"] = DAY
    hall.hand_clock.later(days=500)
    case = hall.draft()
    hall.applicant(case)
    hall.check_all(case)
    today = hall.look(queue.business_day)
    hall.receive(case, business_day=today, counted_from=today)
    hall.accept(case, business_day=today)
    assert (hall.case(case).state, hall.case(case).accepted_on) == (CaseState.ACCEPTED, DAY)


# -- 乌审旗: the department looks first ----------------------------------------------------------------


def test_precheck_comes_before_acceptance_where_the_hall_says_so(hall: Machine) -> None:
    case = hall.received(intake_mode="precheck_then_accept")
    with pytest.raises(Refusal, match="部门初审通过后"):
        hall.accept(case)
    hall.do(cmd.AskPrecheck(fresh("c"), case, "w1"), receiving.ask_precheck)
    assert (hall.case(case).state, hall.case(case).offered_to) == (CaseState.PRECHECK, item().desk)
    with pytest.raises(Refusal, match="部门初审通过后"):
        hall.accept(case)
    hall.do(cmd.PassPrecheck(fresh("c"), case, "o1", "材料齐全"), receiving.pass_precheck)
    hall.accept(case)
    assert hall.case(case).state is CaseState.ACCEPTED


def test_precheck_can_end_in_a_correction_and_is_asked_again(hall: Machine) -> None:
    case = hall.received(intake_mode="precheck_then_accept")
    hall.do(cmd.AskPrecheck(fresh("c"), case, "w1"), receiving.ask_precheck)
    hall.correct(case, as_department=True, window=None, staff="o1")
    hall.answer(hall.handed_in(hall.case(case).case_no))
    with pytest.raises(Refusal, match="部门初审通过后"):
        hall.accept(case)


def test_a_pending_precheck_does_not_stop_the_law(hall: Machine) -> None:
    case = hall.received(intake_mode="precheck_then_accept")
    hall.do(cmd.AskPrecheck(fresh("c"), case, "w1"), receiving.ask_precheck)
    hall.accept(case, business_day=LAST_TO_TELL + timedelta(days=1))
    assert hall.case(case).accept_mode is AcceptMode.DEEMED


def test_other_halls_have_no_precheck(hall: Machine) -> None:
    with pytest.raises(Refusal, match="不经部门初审"):
        hall.do(cmd.AskPrecheck(fresh("c"), hall.received(), "w1"), receiving.ask_precheck)
