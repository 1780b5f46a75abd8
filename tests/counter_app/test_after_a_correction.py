"""What a correction has brought is looked at, and only then the case is accepted."""

from dataclasses import replace

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from counter_app.keys import Action
from counter_app.outcome.ports import Act
from counter_app.take_in.ports import CaseStage, MaterialState, Verdict
from counter_app.take_in.state import Step, first_step, waits_for_check
from counter_app.values import CaseId
from counter_app.visit.state import KeyHint, Page
from tests.counter_app.bench import Bench
from tests.counter_app.visit_steps import CASE_NO, check_all, serve, to_materials


def brought_back(bench: Bench) -> None:
    """The case is taken in; one material came with a correction."""
    p = serve(bench)
    to_materials(p)
    check_all(p)
    p.slices.outcome.press_receive()
    case = bench.hall.cases[CaseId("c1")]
    first, *rest = case.materials
    waiting = replace(first, state=MaterialState.PRESENTED)
    bench.hall.cases[CaseId("c1")] = replace(case, materials=(waiting, *rest))
    p.visit.refresh_case(CaseId("c1"))


def test_a_number_for_corrections_leads_to_them(bench: Bench) -> None:
    brought = KeyHint(Action.CORRECTIONS, "来交补正材料", leads=True)
    bench.hall.add_ticket("M002", "交补正材料", corrects=True)
    p = bench.window.presenters
    p.visit.act(Action.CALL_NEXT)
    assert brought not in p.visit.state.next_step.hints
    p.visit.act(Action.START)
    for page in (Page.TAKE_IN, Page.HOME):
        assert p.visit.state.page is page
        assert p.visit.state.next_step.hints[0] == brought
        assert p.visit.state.next_step.main == ""
        assert not p.visit.state.queue_leads
        p.visit.act(Action.CORRECTIONS)
        assert brought not in p.visit.state.next_step.hints
        p.visit.act(Action.BACK)
    p.visit.act(Action.DONE)
    p.slices.queue.confirm_choice()
    serve(bench)
    assert brought not in p.visit.state.next_step.hints


def test_who_still_has_to_correct_is_not_filed_again_unseen(bench: Bench, qtbot: QtBot) -> None:
    sign_in = bench.window.presenters.sign_in
    sign_in.press_sign_in("0012", "246810")
    sign_in.press_open()
    bench.window.show()
    p = serve(bench)
    to_materials(p)

    def said() -> str:
        labels = bench.window.findChildren(QLabel)
        return " ".join(x.text() for x in labels if x.isVisible() and "补正中" in x.text())

    assert said() == ""
    case = replace(bench.hall.cases[CaseId("c1")], to_correct=CASE_NO)
    bench.hall.cases[CaseId("c1")] = case
    p.visit.refresh_case(CaseId("c1"))
    assert said() == f"此人有一件补正中，交材料请按 Ctrl+B（{CASE_NO}）"
    p.visit.act(Action.CORRECTIONS)
    assert p.slices.corrections.state.code == CASE_NO
    p.visit.leave()
    p.visit.act(Action.CORRECTIONS)
    assert p.slices.corrections.state.code == "", "it goes with the person"


def test_it_opens_on_its_materials(bench: Bench) -> None:
    brought_back(bench)
    case = bench.hall.cases[CaseId("c1")]
    assert case.stage is CaseStage.RECEIVED
    assert waits_for_check(case)
    assert first_step(case) is Step.MATERIALS
    settled = replace(case, materials=case.materials[1:])
    assert first_step(settled) is Step.OUTCOME


def test_it_can_be_checked_and_then_no_more(bench: Bench) -> None:
    brought_back(bench)
    materials = bench.window.presenters.slices.materials
    assert materials.state.editable
    materials.select(0)
    materials._check(Verdict.OK, "")
    assert not materials.state.editable


def test_a_decision_that_only_stood_first_gives_way(bench: Bench) -> None:
    brought_back(bench)
    p = bench.window.presenters
    p.slices.take_in.go(Step.OUTCOME)
    outcome = p.slices.outcome
    assert outcome.state.act is not None
    assert outcome.state.act.act is not Act.ACCEPT
    p.slices.materials.select(0)
    p.slices.materials._check(Verdict.OK, "")
    assert outcome.state.act is not None
    assert outcome.state.act.act is Act.ACCEPT


def test_a_decision_that_was_picked_stays(bench: Bench) -> None:
    brought_back(bench)
    p = bench.window.presenters
    outcome = p.slices.outcome
    p.visit.act(Action.NOTICE)
    picked = outcome.state.act
    p.slices.materials.select(0)
    p.slices.materials._check(Verdict.OK, "")
    assert picked is not None
    assert outcome.state.act is not None
    assert outcome.state.act.act is picked.act
