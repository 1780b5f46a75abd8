"""Taking in on a real store: the exact list, receipt, acceptance, the law's clock, powers, refusals."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from hall.identity.identity_paper import IdentityPaper
from hall.intake import commands as cmd
from hall.intake import drafting, receiving, views
from hall.intake.events import Answer
from hall.intake.model import AcceptMode, CaseState, CheckResult, MaterialState
from hall.journal.refusal import Refusal
from tests.hall.builders import DAY, FORM, MATERIALS, Machine, fresh, item, needed, page

LAST_TO_TELL = DAY + timedelta(days=7)
"""Five working days after a Monday: the next Monday."""


def material(m: Machine, case: str, name: str) -> views.MaterialRow:
    found: views.MaterialRow = next(x for x in m.look(views.materials, case, all_=True) if x.id == name)
    return found


def test_case_numbers_run_on_and_carry_a_check_digit(hall: Machine) -> None:
    first, second = hall.case(hall.draft()), hall.case(hall.draft())
    assert first.case_no[:-5] == second.case_no[:-5] == "65230101" + "20260302" + "007"
    assert (first.case_no[-5:-1], second.case_no[-5:-1]) == ("0001", "0002")


def test_a_device_that_has_used_up_its_numbers_says_so(hall: Machine) -> None:
    with pytest.raises(Refusal, match="代码须为"):
        hall.draft(device_no=1234)


def test_an_applicant_has_a_name_and_a_certificate(hall: Machine) -> None:
    case = hall.draft()
    for changes in ({"name": " "}, {"cert_no": ""}):
        with pytest.raises(Refusal, match="姓名"):
            hall.applicant(case, **changes)
    with pytest.raises(Refusal, match="最多 100 个字"):
        hall.applicant(case, name="名" * 501)
    with pytest.raises(Refusal, match="授权委托书"):
        hall.applicant(case, agent_name="代办·示例乙")
    hall.applicant(case, agent_name="代办·示例乙", mandate=True)
    assert hall.case(case).agent_name == "代办·示例乙"


def test_other_answers_give_another_list_and_keep_what_was_captured(hall: Machine) -> None:
    case = hall.draft()
    hall.present(case, "m2")
    other = (FORM, needed("m9", "委托书"))
    answer = cmd.AnswerScenario(fresh("c"), case, (Answer("how", "agent"),), other, "w1")
    hall.do(answer, drafting.answer_scenario)
    assert [m.id for m in hall.look(views.materials, case)] == ["m1", "m9"]
    assert material(hall, case, "m2").state is MaterialState.PRESENTED
    back = cmd.AnswerScenario(fresh("c"), case, (Answer("how", "self"),), MATERIALS, "w1")
    hall.do(back, drafting.answer_scenario)
    assert [(m.id, m.state.name) for m in hall.look(views.materials, case)] == [
        ("m1", "REQUIRED"), ("m2", "PRESENTED"), ("m3", "REQUIRED"),
    ]  # fmt: skip


def test_answers_are_fixed_once_received(hall: Machine) -> None:
    case = hall.received()
    with pytest.raises(Refusal, match="不能再改"):
        hall.do(cmd.AnswerScenario(fresh("c"), case, (), MATERIALS, "w1"), drafting.answer_scenario)


def test_forms_and_counts_are_checked(hall: Machine) -> None:
    case = hall.draft(materials=(replace(FORM, electronic_ok=False),))
    for form, copies, words in (
        ("fax", 1, "原件"),
        ("electronic", 1, "不是电子证照"),
        ("copy", 100, "0至99"),
    ):
        with pytest.raises(Refusal, match=words):
            hall.do(
                cmd.PresentMaterial(fresh("c"), case, "m1", form, copies, "kept", "w1"),
                drafting.present_material,
            )
    with pytest.raises(Refusal, match="没有这份材料"):
        hall.present(case, "m99")


@pytest.mark.parametrize(
    ("kind", "refused", "taken"),
    [
        (IdentityPaper.CARD, ("kept", "sent_on"), ()),
        (IdentityPaper.BOOK, ("kept",), ("sent_on",)),
        (None, ("kept",), ("sent_on",)),
    ],
)
def test_an_identity_paper_stays_with_the_person(
    hall: Machine, kind: IdentityPaper | None, refused: tuple[str, ...], taken: tuple[str, ...]
) -> None:
    case = hall.draft(materials=(replace(FORM, name="申请人证件", identity=True, identity_paper=kind),))
    for place in refused:
        with pytest.raises(Refusal, match=r"《申请人证件》是身份证件，不得扣留.*复印件"):
            hall.present(case, "m1", place=place)
    assert material(hall, case, "m1").state is MaterialState.REQUIRED
    for form, place in (*(("original", place) for place in ("returned", *taken)), ("copy", "none")):
        hall.present(case, "m1", form, place)
    hall.do(cmd.AttachPage(fresh("c"), case, "m1", page("p1"), "w1"), drafting.attach_page)
    assert material(hall, case, "m1").form == "copy"


def test_pages_are_added_ordered_and_removed(hall: Machine) -> None:
    case = hall.draft()
    for name in ("p1", "p2", "p3"):
        hall.do(cmd.AttachPage(fresh("c"), case, "m1", page(name), "w1"), drafting.attach_page)
    order = cmd.OrderPages(fresh("c"), case, "m1", ("p3", "p1", "p2"), "w1")
    hall.do(order, drafting.order_pages)
    hall.do(cmd.RemovePage(fresh("c"), case, "m1", "p1", "w1"), drafting.remove_page)
    assert [p.page for p in material(hall, case, "m1").pages] == ["p3", "p2"]
    assert material(hall, case, "m1").state is MaterialState.PRESENTED
    with pytest.raises(Refusal, match="重新排序"):
        hall.do(replace(order, command_id=fresh("c")), drafting.order_pages)
    with pytest.raises(Refusal, match="没有这一页"):
        hall.do(cmd.RemovePage(fresh("c"), case, "m1", "p9", "w1"), drafting.remove_page)
    for again in ("p1", "p2"):
        with pytest.raises(Refusal, match="已经加入"):
            hall.do(cmd.AttachPage(fresh("c"), case, "m1", page(again), "w1"), drafting.attach_page)
    broken = replace(page("p4"), image="../../etc/passwd")
    with pytest.raises(Refusal, match="重拍"):
        hall.do(cmd.AttachPage(fresh("c"), case, "m1", broken, "w1"), drafting.attach_page)


def test_nothing_is_right_that_nobody_else_can_look_at(hall: Machine) -> None:
    case = hall.draft()
    hall.present(case, "m1", place="returned")
    with pytest.raises(Refusal, match="还没有拍摄"):
        hall.check(case, "m1", CheckResult.OK)
    hall.do(cmd.AttachPage(fresh("c"), case, "m1", page("p1"), "w1"), drafting.attach_page)
    hall.check(case, "m1", CheckResult.OK)
    hall.present(case, "m2", place="kept")
    hall.check(case, "m2", CheckResult.OK)
    hall.present(case, "m3", "electronic", place="none")
    hall.check(case, "m3", CheckResult.OK)
    assert {m.state for m in hall.look(views.materials, case)} == {MaterialState.CHECKED_OK}


def test_without_its_last_page_a_material_waits_for_its_check_again(hall: Machine) -> None:
    case = hall.draft()
    for name in ("p1", "p2"):
        hall.do(cmd.AttachPage(fresh("c"), case, "m1", page(name), "w1"), drafting.attach_page)
    hall.check(case, "m1", CheckResult.OK)
    hall.do(cmd.RemovePage(fresh("c"), case, "m1", "p1", "w1"), drafting.remove_page)
    assert material(hall, case, "m1").state is MaterialState.CHECKED_OK
    hall.do(cmd.RemovePage(fresh("c"), case, "m1", "p2", "w1"), drafting.remove_page)
    assert material(hall, case, "m1").state is MaterialState.PRESENTED


def test_nothing_is_received_without_person_and_paper(hall: Machine) -> None:
    case = hall.draft()
    with pytest.raises(Refusal, match="填写申请人"):
        hall.receive(case)
    hall.applicant(case)
    with pytest.raises(Refusal, match="没有收到任何材料"):
        hall.receive(case)
    hall.present(case, "m1")
    hall.receive(case)
    assert hall.case(case).state is CaseState.RECEIVED


def test_acceptance_needs_every_necessary_material(hall: Machine) -> None:
    case = hall.draft()
    hall.applicant(case)
    hall.present(case, "m1")
    hall.check(case, "m1", CheckResult.OK)
    hall.receive(case)
    with pytest.raises(Refusal, match="还差：场所证明、营业执照"):
        hall.accept(case)
    hall.check(case, "m3", CheckResult.WAIVED)
    hall.present(case, "m2")
    with pytest.raises(Refusal, match="还差：场所证明"):
        hall.accept(case)
    hall.check(case, "m2", CheckResult.OK)
    hall.accept(case)
    row = hall.case(case)
    assert (row.state, row.accept_mode, row.due, row.statutory_due) == (
        CaseState.ACCEPTED, AcceptMode.NORMAL, date(2026, 3, 16), date(2026, 3, 30),
    )  # fmt: skip


def test_an_unnecessary_material_may_be_missing(hall: Machine) -> None:
    case = hall.draft(materials=(FORM, needed("m7", "照片", necessary=False)))
    hall.applicant(case)
    hall.present(case, "m1")
    hall.check(case, "m1", CheckResult.OK)
    hall.receive(case)
    hall.accept(case)
    assert hall.case(case).state is CaseState.ACCEPTED


def tolerated(hall: Machine) -> str:
    """A case whose lease is missing and may come later."""
    case = hall.draft()
    hall.applicant(case)
    for name in ("m1", "m3"):
        hall.present(case, name)
        hall.check(case, name, CheckResult.OK)
    hall.check(case, "m2", CheckResult.TOLERATED)
    hall.receive(case)
    return case


def test_tolerance_is_for_listed_minor_materials_only(hall: Machine) -> None:
    case = tolerated(hall)
    with pytest.raises(Refusal, match="主要材料"):
        hall.check(case, "m1", CheckResult.TOLERATED)
    with pytest.raises(Refusal, match="还差：场所证明"):
        hall.accept(case)
    hall.accept(case, AcceptMode.TOLERANT)
    assert hall.case(case).accept_mode is AcceptMode.TOLERANT


def test_an_owed_material_is_supplied_after_acceptance(hall: Machine) -> None:
    case = tolerated(hall)
    hall.accept(case, AcceptMode.TOLERANT)
    with pytest.raises(Refusal, match="下一环节"):
        hall.present(case, "m1")
    hall.present(case, "m2")
    assert material(hall, case, "m2").state is MaterialState.SUPPLIED
    with pytest.raises(Refusal, match="补交"):
        hall.check(case, "m2", CheckResult.DEFECTIVE, "看不清")
    hall.check(case, "m2", CheckResult.OK)
    assert material(hall, case, "m2").state is MaterialState.CHECKED_OK


def test_an_owed_material_can_come_by_errand_at_any_window(hall: Machine) -> None:
    case = tolerated(hall)
    hall.accept(case, AcceptMode.TOLERANT)
    hall.dispatch(case)
    hall.take(case)
    hall.answer(hall.handed_in(hall.case(case).case_no, "supplement"))
    row = material(hall, case, "m2")
    assert (row.state, len(row.pages)) == (MaterialState.SUPPLIED, 1)


def test_lapse_of_tolerance_ends_the_case_only_after_its_day(hall: Machine) -> None:
    case = tolerated(hall)
    hall.accept(case, AcceptMode.TOLERANT)
    due = hall.case(case).due
    assert due is not None
    stop = cmd.TerminateCase(fresh("c"), case, "容缺材料逾期未补", "w1", due)
    with pytest.raises(Refusal, match="3月16日"):
        hall.do(stop, receiving.terminate_case)
    hall.do(replace(stop, command_id=fresh("c"), business_day=due + timedelta(days=1)),
            receiving.terminate_case)  # fmt: skip
    assert hall.case(case).state is CaseState.TERMINATED


def test_a_complete_accepted_case_cannot_be_terminated(hall: Machine) -> None:
    case = hall.accepted()
    stop = cmd.TerminateCase(fresh("c"), case, "不办了", "w1", DAY + timedelta(days=300))
    with pytest.raises(Refusal, match="没有逾期未补"):
        hall.do(stop, receiving.terminate_case)


def test_on_the_fifth_working_day_a_correction_is_still_in_time(hall: Machine) -> None:
    case = hall.received()
    hall.correct(case, business_day=LAST_TO_TELL)
    row = hall.case(case)
    assert (row.state, row.rounds, row.return_by) == (CaseState.CORRECTION, 1, date(2026, 3, 30))


def test_after_five_working_days_the_case_is_deemed_accepted(hall: Machine) -> None:
    case = hall.received()
    late = LAST_TO_TELL + timedelta(days=1)
    with pytest.raises(Refusal, match="即为受理") as refused:
        hall.correct(case, business_day=late)
    assert refused.value.code == "deemed"
    with pytest.raises(Refusal, match="即为受理"):
        refuse(hall, case, business_day=late)
    hall.accept(case, business_day=late)
    row = hall.case(case)
    assert (row.accept_mode, row.accepted_on, row.due) == (AcceptMode.DEEMED, DAY, date(2026, 3, 16))


def test_deemed_acceptance_asks_for_no_material(hall: Machine) -> None:
    case = hall.draft()
    hall.applicant(case)
    hall.present(case, "m1")
    hall.receive(case)
    hall.accept(case, business_day=LAST_TO_TELL + timedelta(days=1))
    assert hall.case(case).accept_mode is AcceptMode.DEEMED


def test_nobody_may_claim_deemed_acceptance_early(hall: Machine) -> None:
    with pytest.raises(Refusal, match="告知期限内"):
        hall.accept(hall.received(), AcceptMode.DEEMED)


def test_the_five_days_bind_licences_only(hall: Machine) -> None:
    case = hall.received(item=item(item_type="20"))
    hall.correct(case, business_day=DAY + timedelta(days=60))
    assert hall.case(case).state is CaseState.CORRECTION


def test_a_night_filing_counts_its_limit_from_the_next_day_and_the_telling_from_the_real_one(
    hall: Machine,
) -> None:
    case = hall.draft()
    hall.applicant(case)
    hall.check_all(case)
    hall.receive(case, counted_from=DAY + timedelta(days=1))
    hall.accept(case)
    row = hall.case(case)
    assert (row.received_on, row.counted_from, row.due) == (DAY, DAY + timedelta(days=1), date(2026, 3, 17))


def refuse(hall: Machine, case: str, **changes: object) -> None:
    base = cmd.RefuseCase(
        fresh("c"), case, False, "不属于本机关职权范围", "示例市交通运输局", 1, "w1", DAY, None
    )
    hall.ruled(replace(base, **changes), receiving.refuse_case)  # type: ignore[arg-type]


def test_a_refusal_gives_reason_and_organ(hall: Machine) -> None:
    case = hall.received()
    with pytest.raises(Refusal, match="写明理由"):
        refuse(hall, case, reason=" ")
    with pytest.raises(Refusal, match="哪个机关"):
        refuse(hall, case, competent_organ=None)
    refuse(hall, case)
    assert (hall.case(case).state, hall.case(case).closed_on) == (CaseState.NOT_ACCEPTED, DAY)
    other = hall.received()
    refuse(hall, other, unneeded=True, competent_organ=None)
    assert hall.case(other).state is CaseState.REFUSED_UNNEEDED


def test_a_correction_names_every_defect_in_words(hall: Machine) -> None:
    case = hall.received()
    for defects in ((), (views.DefectLine("m1", " "),)):
        with pytest.raises(Refusal, match="逐项"):
            hall.correct(case, defects=defects)


def test_a_second_round_needs_a_supervisor_and_a_reason(hall: Machine) -> None:
    case = hall.corrected()
    hall.answer(hall.handed_in(hall.case(case).case_no))
    for changes in ({}, {"supervisor": "z1"}, {"supervisor": "z1", "supervisor_reason": " "}):
        with pytest.raises(Refusal, match="只能告知一次"):
            hall.correct(case, **changes)
    hall.correct(case, supervisor="z1", supervisor_reason="申请人另换了场所")
    assert hall.case(case).rounds == 2


def test_a_correction_in_time_stops_the_lapse_for_good(hall: Machine) -> None:
    case = hall.corrected()
    hall.answer(hall.handed_in(hall.case(case).case_no))
    hall.check_all(case)
    hall.accept(case, business_day=DAY + timedelta(days=30))
    assert hall.case(case).accept_mode is AcceptMode.NORMAL


def test_a_correction_that_is_not_returned_ends_the_case_after_its_day(hall: Machine) -> None:
    case = hall.corrected()
    last = hall.case(case).return_by
    assert last is not None
    stop = cmd.TerminateCase(fresh("c"), case, "补正不来", "w1", last)
    with pytest.raises(Refusal, match="期限内不能终止"):
        hall.do(stop, receiving.terminate_case)
    hall.do(
        replace(stop, command_id=fresh("c"), business_day=last + timedelta(days=1)), receiving.terminate_case
    )
    assert hall.case(case).state is CaseState.TERMINATED


def test_voiding_needs_a_supervisor_and_a_reason(hall: Machine) -> None:
    case = hall.accepted()
    hall.dispatch(case)
    for supervisor, reason in (("", "录错"), ("z1", " ")):
        with pytest.raises(Refusal, match="主管"):
            hall.do(cmd.VoidCase(fresh("c"), case, supervisor, reason), receiving.void_case)
    hall.do(cmd.VoidCase(fresh("c"), case, "z1", "录错事项"), receiving.void_case)
    assert (hall.case(case).state, hall.case(case).offered_to) == (CaseState.VOIDED, None)


def test_withdrawing_takes_the_offer_back(hall: Machine) -> None:
    case = hall.accepted()
    hall.dispatch(case)
    hall.do(cmd.WithdrawCase(fresh("c"), case, None, "本人申请", "w1", DAY), receiving.withdraw_case)
    row = hall.case(case)
    assert (row.state, row.offered_to, row.closed_on) == (CaseState.WITHDRAWN, None, DAY)
