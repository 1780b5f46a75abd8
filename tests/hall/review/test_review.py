"""Dispatch, review, special procedures, extension, decision on a real store."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from hall.calendar.legal_time import legal_status
from hall.delivery import views as delivery
from hall.intake import views
from hall.intake.model import CaseState, CaseType
from hall.journal.refusal import Refusal
from hall.review import commands as cmd
from hall.review import handlers, model
from hall.review import views as review
from tests.hall.builders import COUNTY_DESK, DAY, DESK, Machine, fresh, item

LAW_45 = {"听证", "招标", "拍卖", "检验", "检测", "检疫", "鉴定", "专家评审"}
IMMEDIATE = item(case_type=CaseType.IMMEDIATE, item_type="20", promised_n=0)


def start(hall: Machine, case: str, **changes: object) -> None:
    base = cmd.StartSpecial(fresh("c"), case, "o1", "testing", "须送检", 10, DAY, None)
    hall.do(replace(base, **changes), handlers.start_special)  # type: ignore[arg-type]


def extend(hall: Machine, case: str, **changes: object) -> None:
    base = cmd.ExtendLimit(fresh("c"), case, "负责人示例", 10, "案情复杂", DAY, None)
    hall.ruled(replace(base, **changes), handlers.extend_limit)  # type: ignore[arg-type]


def test_an_offered_case_stays_until_the_desk_takes_it(hall: Machine) -> None:
    case = hall.accepted()
    hall.dispatch(case)
    assert (hall.case(case).state, hall.case(case).offered_to) == (CaseState.DISPATCHED, DESK)
    with pytest.raises(Refusal, match="别的部门"):
        hall.take(case, COUNTY_DESK)
    hall.take(case)
    row = hall.case(case)
    assert (row.state, row.officer, row.offered_to) == (CaseState.REVIEWING, "o1", None)


def test_a_dispatch_can_be_called_back_and_sent_elsewhere(hall: Machine) -> None:
    case = hall.accepted()
    hall.dispatch(case)
    with pytest.raises(Refusal, match="先撤回"):
        hall.dispatch(case, COUNTY_DESK)
    hall.do(cmd.RecallDispatch(fresh("c"), case, "w1", "派错"), handlers.recall_dispatch)
    assert hall.case(case).offered_to is None
    hall.dispatch(case, COUNTY_DESK)
    assert (hall.case(case).desk, hall.case(case).offered_to) == (COUNTY_DESK, COUNTY_DESK)
    hall.take(case, COUNTY_DESK)
    with pytest.raises(Refusal, match="已经接件"):
        hall.do(cmd.RecallDispatch(fresh("c"), case, "w1", "派错"), handlers.recall_dispatch)


def test_a_case_sent_back_goes_to_another_desk(hall: Machine) -> None:
    case = hall.reviewing()
    with pytest.raises(Refusal, match="写明理由"):
        hall.do(cmd.SendBack(fresh("c"), case, "o1", ""), handlers.send_back)
    hall.do(cmd.SendBack(fresh("c"), case, "o1", "不属本科室"), handlers.send_back)
    assert (hall.case(case).state, hall.case(case).offered_to) == (CaseState.DISPATCHED, "hall")
    with pytest.raises(Refusal, match="退回大厅"):
        hall.take(case)
    hall.dispatch(case, COUNTY_DESK)
    hall.take(case, COUNTY_DESK, "o2")
    assert hall.case(case).officer == "o2"


def test_the_closed_list_of_special_procedures() -> None:
    assert set(model.SPECIAL_KINDS.values()) == LAW_45


@pytest.mark.parametrize("kind", ["on_site", "technical_review", "现场踏勘", ""])
def test_other_procedures_do_not_stop_the_clock(hall: Machine, kind: str) -> None:
    case = hall.reviewing()
    with pytest.raises(Refusal, match="专家评审"):
        start(hall, case, kind=kind)


@pytest.mark.parametrize("changes", [{"reason": " "}, {"need_days": 0}, {"need_days": 366}])
def test_a_special_procedure_is_told_with_reason_and_length(
    hall: Machine, changes: dict[str, object]
) -> None:
    with pytest.raises(Refusal, match="书面告知"):
        start(hall, hall.reviewing(), **changes)


def test_the_clock_stands_still_during_a_special_procedure(hall: Machine) -> None:
    case = hall.reviewing()
    start(hall, case)
    assert hall.case(case).state is CaseState.SUSPENDED
    with pytest.raises(Refusal, match="特别程序中"):
        hall.decide(case)
    ended = DAY + timedelta(days=7)
    hall.do(cmd.EndSpecial(fresh("c"), case, "o1", "检测合格", ended), handlers.end_special)
    facts = hall.look(review.facts_of, hall.case(case))
    due = legal_status(facts, hall.rules.calendar, ended).due
    assert due is not None
    assert due.day == date(2026, 3, 23)  # ten working days and the five that stood still
    (row,) = hall.look(review.specials, case)
    assert (row.ended_on, row.result) == (ended, "检测合格")


def test_an_extension_is_granted_once_with_reason_and_within_the_law(hall: Machine) -> None:
    case = hall.reviewing()
    for changes in ({"reason": " "}, {"approver": ""}):
        with pytest.raises(Refusal, match="机关负责人"):
            extend(hall, case, **changes)
    for days, joint in ((11, False), (16, True), (0, False), (-3, True)):
        with pytest.raises(Refusal, match="1至1"):
            extend(hall, case, days=days, joint=joint)
    extend(hall, case, days=15, joint=True)
    assert hall.case(case).due == date(2026, 4, 6)
    with pytest.raises(Refusal, match="只能延长一次"):
        extend(hall, case, days=1)


def test_an_extension_after_a_special_procedure_counts_both(hall: Machine) -> None:
    case = hall.reviewing()
    start(hall, case)
    ended = DAY + timedelta(days=7)
    hall.do(cmd.EndSpecial(fresh("c"), case, "o1", "合格", ended), handlers.end_special)
    extend(hall, case, days=5, business_day=ended)
    facts = hall.look(review.facts_of, hall.case(case))
    due = legal_status(facts, hall.rules.calendar, ended).due
    assert due is not None
    assert hall.case(case).due == due.day == date(2026, 3, 30)


def test_a_matter_without_limit_needs_no_extension(hall: Machine) -> None:
    endless = item(item_type="20", statutory_n=None, promised_n=None)
    case = hall.reviewing(item=endless)
    with pytest.raises(Refusal, match="没有期限"):
        extend(hall, case)


def test_who_took_in_does_not_decide(hall: Machine) -> None:
    case = hall.reviewing()
    with pytest.raises(Refusal, match="收件人不能审批"):
        hall.decide(case, officer="w1")
    hall.decide(case, officer="o1")
    assert hall.case(case).state is CaseState.GRANTED


def test_a_denial_gives_reasons(hall: Machine) -> None:
    case = hall.reviewing()
    with pytest.raises(Refusal, match="说明理由"):
        hall.decide(case, granted=False, reason="")
    result = hall.decide(case, granted=False)
    row = hall.look(delivery.delivery_by_id, result)
    assert (hall.case(case).state, row.granted) == (CaseState.DENIED, False)


def test_the_same_clerk_may_decide_what_is_done_at_once_with_power_handle(hall: Machine) -> None:
    case = hall.accepted(item=IMMEDIATE)
    hall.letters.until["HANDLE"] = DAY - timedelta(days=1)
    with pytest.raises(Refusal, match="不能行使HANDLE"):
        hall.decide(case, officer="w1", window=1)
    hall.letters.until["HANDLE"] = DAY
    hall.decide(case, officer="w1", window=1)
    assert hall.case(case).state is CaseState.GRANTED


def test_a_window_does_not_decide_what_a_department_reviews(hall: Machine) -> None:
    with pytest.raises(Refusal, match="部门审批"):
        hall.decide(hall.accepted(), officer="w2", window=1)


def test_a_department_takes_before_it_decides(hall: Machine) -> None:
    with pytest.raises(Refusal, match="先接件"):
        hall.decide(hall.accepted())


def test_a_case_sent_up_is_closed_here(hall: Machine) -> None:
    case = hall.reviewing()
    hall.do(cmd.SendUp(fresh("c"), case, "o1", "自治区示例厅", DAY), handlers.send_up)
    row = hall.case(case)
    assert (row.state, row.closed_on) == (CaseState.SENT_UP, DAY)


def test_steps_are_kept_in_the_order_of_the_dossier_whatever_the_clocks_say(hall: Machine) -> None:
    case = hall.reviewing()
    hall.do(cmd.RecordStep(fresh("c"), case, "o1", "初审", "pass", "可"), handlers.record_step)
    hall.hand_clock.later(days=-30)
    hall.do(cmd.RecordStep(fresh("c"), case, "o2", "复核", "pass", "可"), handlers.record_step)
    kinds = [a.kind for a in hall.look(views.acts, case)]
    assert kinds == ["received", "accepted", "dispatched", "taken", "step", "step"]
    assert [a.detail["name"] for a in hall.look(views.acts, case)[-2:]] == ["初审", "复核"]


def test_steps_belong_to_a_review(hall: Machine) -> None:
    with pytest.raises(Refusal, match="不在审查中"):
        hall.do(cmd.RecordStep(fresh("c"), hall.accepted(), "o1", "初审", "pass", ""), handlers.record_step)


def test_a_decision_opens_its_result_and_offers_both(hall: Machine) -> None:
    case, result = hall.decided()
    assert hall.case(case).offered_to == hall.look(delivery.delivery_by_id, result).offered_to == "hall"
    assert hall.case(case).closed_on == DAY
