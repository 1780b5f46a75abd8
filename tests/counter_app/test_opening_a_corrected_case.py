"""After corrected papers were taken in, the next thing is to check them and to accept the case: F9 opens it."""

from dataclasses import replace

import pytest

from counter_app.corrections.ports import ErrandKind
from counter_app.corrections.presenter import CorrectionsPresenter
from counter_app.keys import Action
from counter_app.take_in.ports import CaseStage, MaterialState
from counter_app.take_in.state import Step
from counter_app.values import CaseId
from counter_app.visit.state import Page
from tests.counter_app.bench import Bench
from tests.counter_app.visit_steps import serve, to_materials


def with_case(bench: Bench, stage: CaseStage) -> str:
    """A case of an earlier visit, whose number the citizen brings."""
    p = serve(bench)
    to_materials(p)
    case = bench.hall.cases[CaseId("c1")]
    first, *rest = case.materials
    waiting = replace(first, state=MaterialState.PRESENTED)
    bench.hall.cases[CaseId("c1")] = replace(case, stage=stage, materials=(waiting, *rest))
    p.visit._cases.replace_all(())
    return case.case_no


def bring(bench: Bench, case_no: str, kind: ErrandKind = ErrandKind.CORRECTION) -> CorrectionsPresenter:
    p = bench.window.presenters
    p.visit.act(Action.CORRECTIONS)
    corrections = p.slices.corrections
    corrections.edit_code(case_no)
    corrections.choose_kind(kind)
    p.visit.act(Action.MAIN)
    p.visit.act(Action.MAIN)
    if kind is ErrandKind.CORRECTION:
        p.visit.act(Action.CAPTURE)
        p.visit.act(Action.CAPTURE)
        p.visit.act(Action.MAIN)
    p.visit.act(Action.MAIN)
    assert corrections.state.receipt is not None
    return corrections


def test_f9_opens_the_case_on_what_waits_for_its_check(bench: Bench) -> None:
    bring(bench, with_case(bench, CaseStage.RECEIVED))
    p = bench.window.presenters
    assert "按 F9 现在就办" in p.slices.corrections.state.notice.text
    step = p.visit.state.next_step
    assert step.main == "打开本件，核对并受理"
    assert [hint.text for hint in step.hints][:2] == ["收下一份来件", "结束本号"]
    p.visit.act(Action.MAIN)
    assert p.visit.state.page is Page.TAKE_IN
    assert p.slices.take_in.state.step is Step.MATERIALS
    assert p.visit.state.next_step.unchecked


def test_before_the_hall_has_joined_it_the_same_press_waits(bench: Bench) -> None:
    corrections = bring(bench, with_case(bench, CaseStage.CORRECTION))
    p = bench.window.presenters
    p.visit.act(Action.MAIN)
    assert p.visit.state.page is Page.CORRECTIONS
    assert "再按 F9" in corrections.state.notice.text
    assert corrections.state.receipt is not None
    case = bench.hall.cases[CaseId("c1")]
    bench.hall.cases[CaseId("c1")] = replace(case, stage=CaseStage.RECEIVED)
    p.visit.act(Action.MAIN)
    assert p.visit.state.page is Page.TAKE_IN


def test_the_next_errand_is_a_key_away(bench: Bench) -> None:
    corrections = bring(bench, with_case(bench, CaseStage.RECEIVED))
    bench.window.presenters.visit.act(Action.CORRECTIONS)
    assert (corrections.state.receipt, corrections.state.code) == (None, "")


@pytest.mark.parametrize("kind", [ErrandKind.WITHDRAWAL, ErrandKind.LOST_SLIP])
def test_what_asks_for_no_check_goes_on_as_before(bench: Bench, kind: ErrandKind) -> None:
    corrections = bring(bench, with_case(bench, CaseStage.RECEIVED), kind)
    assert bench.window.presenters.visit.state.next_step.main == "继续收件"
    assert corrections.state.notice.text.endswith("材料已转给承办单位，群众可以走了。")
