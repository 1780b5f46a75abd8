"""A visit through the presenters only: take in, capture, decide, dispatch, hand out, rate."""

from dataclasses import replace

import pytest

from counter_app.citizen_screen.presenter import CitizenPage
from counter_app.delivery.ports import Receiver, ResultRow
from counter_app.delivery.state import DeliveryStep
from counter_app.device_ports import PrintOutcome
from counter_app.keys import Action
from counter_app.take_in.ports import CaseStage, MaterialState, OriginalPlace, Presented, Source
from counter_app.take_in.state import Step
from counter_app.values import CaseId, DeliveryId, Signature
from counter_app.view_window import Presenters
from counter_app.visit.state import Page
from tests.counter_app.bench import Bench
from tests.counter_app.fakes import LONG_NAME
from tests.counter_app.visit_steps import CASE_NO, ID, RESULT, all_in_hand, check_all, serve, to_materials


def step_of(p: Presenters) -> Step:
    return p.slices.take_in.state.step


def test_steps_refuse_to_run_ahead_and_escape_loses_nothing(bench: Bench) -> None:
    p = serve(bench)
    take_in = p.slices.take_in
    take_in.type_item("xse")
    take_in.press_open_item()
    take_in.press_step(3)
    assert step_of(p) is Step.APPLICANT
    take_in.edit_applicant(replace(take_in.state.applicant, name=LONG_NAME, cert_no=ID, phone="13800001234"))
    take_in.press_main()
    assert step_of(p) is Step.SCENARIO
    p.visit.act(Action.BACK)
    assert step_of(p) is Step.APPLICANT
    assert take_in.state.applicant.name == LONG_NAME


def test_a_wrong_number_keeps_the_step_and_says_so_beside_the_field(bench: Bench) -> None:
    p = serve(bench)
    take_in = p.slices.take_in
    take_in.type_item("xse")
    take_in.press_open_item()
    take_in.edit_applicant(replace(take_in.state.applicant, name="张敏", cert_no="123", phone="13800001234"))
    take_in.press_main()
    assert take_in.state.step is Step.APPLICANT
    assert [note.field for note in take_in.state.notes] == ["cert_no"]
    assert bench.hall.cases["c1"].applicant.name == ""


def test_card_fills_the_applicant_then_the_agent_and_typing_over_it_is_typed(bench: Bench) -> None:
    p = serve(bench)
    take_in = p.slices.take_in
    take_in.type_item("xse")
    take_in.press_open_item()
    p.visit.act(Action.READ_CARD)
    assert (take_in.state.applicant.name, take_in.state.applicant.source) == (LONG_NAME, Source.CARD)
    take_in.edit_applicant(replace(take_in.state.applicant, name="别人"))
    assert take_in.state.applicant.source is Source.TYPED
    p.visit.act(Action.AGENT)
    p.visit.act(Action.READ_CARD)
    assert take_in.state.agent is not None
    assert take_in.state.agent.cert_no == ID
    assert take_in.state.applicant.name == "别人"


def test_no_card_in_time_is_a_notice(bench: Bench) -> None:
    p = serve(bench)
    bench.reader.card = None
    p.slices.take_in.type_item("xse")
    p.slices.take_in.press_open_item()
    p.visit.act(Action.READ_CARD)
    assert "没有读到卡" in p.slices.take_in.state.notice.text
    assert not p.slices.take_in.state.reading_card


def test_materials_by_state(bench: Bench) -> None:
    p = serve(bench)
    to_materials(p)
    materials = p.slices.materials
    materials.press_ok()
    told = materials.state.notice.text
    assert told == (
        "《父亲身份证》还没有拍摄，不能记为已核：按 F8 拍摄，原件留存按 K，转交部门按 S，电子证照按 3。"
    )
    materials.press_presented(Presented.ORIGINAL)
    materials.press_ok()
    assert "按 F8 拍摄" in materials.state.notice.text
    materials.press_original_place(OriginalPlace.KEPT)
    materials.press_ok()
    first = materials.state.materials[0]
    assert (first.state, first.original_place) == (MaterialState.CHECKED_OK, OriginalPlace.KEPT)
    assert materials.state.at == 1
    materials.press_tolerate()
    assert "不能容缺" in materials.state.notice.text
    materials.press_defect()
    materials.press_save_defect()
    assert materials.state.writing_defect
    materials.edit_defect("印章不清，请换发")
    materials.press_save_defect()
    assert materials.state.materials[1].defect == "印章不清，请换发"
    materials.press_tolerate()
    materials.press_waive()
    states = [m.state for m in materials.state.materials]
    assert states[2:] == [MaterialState.TOLERATED, MaterialState.WAIVED]


def test_one_notice_lists_every_defect(bench: Bench) -> None:
    p = serve(bench)
    to_materials(p)
    materials = p.slices.materials
    materials.press_defect()
    materials.edit_defect("缺背面")
    materials.press_save_defect()
    p.slices.take_in.press_main()
    p.visit.act(Action.MAIN)
    assert p.slices.take_in.state.step is Step.OUTCOME
    p.visit.act(Action.NOTICE)
    p.visit.act(Action.MAIN)
    defects = next(e[1] for e in bench.hall.effects if e[0] == "correct")
    listed = [(d.material, d.text) for d in defects]  # type: ignore[attr-defined]
    assert listed[0] == ("父亲身份证", "缺背面")
    assert {name for name, _ in listed} == {"父亲身份证", "出生医学证明（副页）", "预防接种证", "结婚证"}


def test_no_power_no_acceptance(bench: Bench) -> None:
    bench.hall.accept_power = False
    p = serve(bench)
    to_materials(p)
    check_all(p)
    p.visit.act(Action.MAIN)
    p.visit.act(Action.MAIN)
    p.slices.outcome.select(0)
    p.visit.act(Action.MAIN)
    assert "没有公安局的受理授权" in p.slices.outcome.state.notice.text
    assert bench.hall.cases["c1"].stage is CaseStage.RECEIVED


def test_accept_prints_then_dispatch_offers(bench: Bench) -> None:
    p = serve(bench)
    to_materials(p)
    check_all(p)
    for _ in range(3):
        p.visit.act(Action.MAIN)
    assert bench.hall.cases["c1"].stage is CaseStage.ACCEPTED
    assert bench.printer.printed == ["c1-0", "c1-1"]
    p.visit.act(Action.MAIN)
    assert p.visit.state.page is Page.DISPATCH
    p.visit.act(Action.MAIN)
    assert bench.hall.offered[0].desk == "公安局户政席位"
    p.slices.dispatch.press_withdraw(bench.hall.offered[0].case_id)
    assert bench.hall.offered == []


def test_paper_that_did_not_print_is_kept_and_f10_prints_it(bench: Bench) -> None:
    p = serve(bench)
    to_materials(p)
    check_all(p)
    p.visit.act(Action.MAIN)
    bench.printer.trouble = "打印机没有纸了。"
    p.visit.act(Action.MAIN)
    notice = p.slices.outcome.state.notice.text
    assert "已生成并保存" in notice
    assert "打印机没有纸了" in notice
    bench.printer.trouble = ""
    bench.printer.outcome = PrintOutcome.SENT
    p.visit.act(Action.PRINT)
    assert "看一下出纸口" in p.slices.outcome.state.notice.text
    assert bench.printer.printed == ["c1-0"]


def test_second_case_knows_the_citizen(bench: Bench) -> None:
    p = serve(bench)
    to_materials(p)
    p.visit.act(Action.NEW_CASE)
    p.slices.take_in.type_item("gtg")
    p.slices.take_in.press_open_item()
    assert p.slices.take_in.state.applicant.name == LONG_NAME
    p.visit.act(Action.NEXT_CASE)
    assert p.slices.take_in.state.step is Step.MATERIALS


def test_errand_for_a_case_that_lies_elsewhere(bench: Bench) -> None:
    p = serve(bench)
    p.visit.scanned(CASE_NO)
    corrections = p.slices.corrections
    assert p.visit.state.page is Page.CORRECTIONS
    assert corrections.state.found is not None
    p.visit.act(Action.MAIN)
    p.visit.act(Action.MAIN)
    assert "还没有拍材料" in corrections.state.notice.text
    p.visit.act(Action.CAPTURE)
    p.visit.act(Action.CAPTURE)
    p.visit.act(Action.BACK)
    assert p.visit.state.page is Page.CORRECTIONS
    p.visit.act(Action.MAIN)
    assert corrections.state.receipt is not None
    assert bench.printer.printed == [f"r-e-{CASE_NO}"]


def test_unknown_code_can_still_be_taken_in(bench: Bench) -> None:
    p = serve(bench)
    p.visit.scanned("999999")
    assert "仍可凭编号收下" in p.slices.corrections.state.notice.text
    p.visit.act(Action.MAIN)
    assert p.slices.corrections.state.errand is not None


def test_a_result_that_comes_while_the_list_is_open_is_shown_and_the_chosen_line_stays(bench: Bench) -> None:
    p = serve(bench)
    bench.hall.results_list = (replace(RESULT, delivery_id=DeliveryId("d0")), RESULT)
    p.visit.act(Action.DELIVERY)
    delivery = p.slices.delivery
    delivery.move(1)
    late = replace(RESULT, delivery_id=DeliveryId("late"))
    bench.hall.results_list = (late, *bench.hall.results_list)
    p.visit.refresh_case(CaseId("decided-elsewhere"))
    assert late in delivery.state.results
    assert delivery.state.result == RESULT


def test_a_line_chosen_while_the_list_is_read_again_stays_chosen(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    p = serve(bench)
    bench.hall.results_list = (replace(RESULT, delivery_id=DeliveryId("d0")), RESULT)
    p.visit.act(Action.DELIVERY)
    delivery = p.slices.delivery
    read = bench.hall.results

    def slowly(text: str) -> tuple[ResultRow, ...]:
        delivery.move(1)  # the clerk's arrow key, before the answer is there
        return read(text)

    monkeypatch.setattr(bench.hall, "results", slowly)
    delivery.refresh()
    assert delivery.state.result == RESULT


def test_result_goes_to_whom_it_belongs_with_a_signature(bench: Bench) -> None:
    bench.hall.results_list = (
        replace(RESULT, delivery_id=DeliveryId("d0"), blocked="有撤回申请没有答复。"),
        RESULT,
    )
    p = serve(bench)
    p.visit.act(Action.DELIVERY)
    delivery = p.slices.delivery
    p.visit.act(Action.MAIN)
    assert "撤回申请" in delivery.state.notice.text
    delivery.move(1)
    p.visit.act(Action.MAIN)
    all_in_hand(p)
    delivery.edit_receiver(Receiver("别人", ID, Source.TYPED))
    p.visit.act(Action.MAIN)
    assert delivery.state.step is DeliveryStep.IDENTITY
    p.visit.act(Action.READ_CARD)
    p.visit.act(Action.MAIN)
    p.visit.act(Action.CITIZEN_SIGN)
    assert p.slices.citizen.state.page is CitizenPage.SIGN
    p.visit.act(Action.MAIN)
    assert bench.hall.handed == []
    p.slices.citizen.press_signed(Signature(b"ink", (((0.0, 0.0, 0), (1.0, 1.0, 9)),)))
    p.visit.act(Action.MAIN)
    assert bench.hall.handed[0][2] is not None
    assert ID not in repr(delivery.state)
    assert bench.printer.printed == ["p-d1"]


def test_only_what_is_a_licence_is_taken_as_one(bench: Bench) -> None:
    p = serve(bench)
    to_materials(p)
    materials = p.slices.materials
    materials.select(1)
    materials.press_presented(Presented.ELECTRONIC)
    assert materials.state.notice.text == (
        "《出生医学证明（副页）》不是电子证照，只能收纸质的：原件按 1，复印件按 2。"
    )
    assert materials.state.materials[1].presented is None
    materials.select(0)
    materials.press_presented(Presented.ELECTRONIC)
    assert materials.state.materials[0].presented is Presented.ELECTRONIC
