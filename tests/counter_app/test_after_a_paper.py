"""What the right column says once a paper is out: hands first, then the end of the visit; printing again is last."""

from dataclasses import replace
from pathlib import Path

import pytest

from counter_app.backend.queue_desk import Queueing
from counter_app.keys import Action
from counter_app.outcome.state import OutcomeState
from counter_app.queue_panel.presenter import QueuePresenter
from counter_app.sign_in.view import LockView, SignInView
from counter_app.take_in.ports import CaseStage
from counter_app.take_in.state import Step, TakeInState
from counter_app.values import CaseId, PaperId, PaperRow, PrintMark
from counter_app.visit.next_steps import in_take_in
from counter_app.visit.state import NextStep
from hall.journal.refusal import Refusal
from hall.queueing.handlers import NobodyWaiting
from tests.counter_app.bench import Bench
from tests.counter_app.desk_rig import make_rig
from tests.counter_app.fakes import InlineRunner, new_id
from tests.counter_app.visit_steps import check_all, serve, to_materials
from ui.labels import WrapLabel
from ui.notice import Notice
from ui.tokens import Tone, counter_theme

SEAL = "一式两份，每份都到盖章处加盖行政审批专用章，存档联请申请人签字后留下。"
NOTICE = PaperRow(PaperId("p1"), "补正告知书", "第1号", 1, SEAL)


def after(bench: Bench, *papers: PaperRow, printing: tuple[PaperId, ...] = ()) -> NextStep:
    """The right column of a case in correction with these papers."""
    p = serve(bench)
    to_materials(p)
    case = replace(bench.hall.cases[CaseId("c1")], stage=CaseStage.CORRECTION)
    take_in = TakeInState(step=Step.OUTCOME, cases=(case,))
    return in_take_in(take_in, OutcomeState(case=case, papers=papers, printing=printing))


def test_seal_and_sign_then_rate_then_end_and_print_again_last(bench: Bench) -> None:
    step = after(bench, NOTICE)
    assert step.by_hand == SEAL
    assert [hint.action for hint in step.hints] == [
        Action.RATE, Action.DONE, Action.NEW_CASE, Action.PRINT
    ]  # fmt: skip
    assert step.hints[-1].text == "再打一份"


@pytest.mark.parametrize("mark", [PrintMark.NOT_PRINTED, PrintMark.UNSURE])
def test_a_paper_that_is_not_out_is_printed_first(bench: Bench, mark: PrintMark) -> None:
    step = after(bench, replace(NOTICE, mark=mark))
    assert step.by_hand == ""
    assert (step.hints[0].action, step.hints[0].text) == (Action.PRINT, "打印")


def test_nothing_is_sealed_while_it_prints(bench: Bench) -> None:
    assert after(bench, NOTICE, printing=(NOTICE.paper_id,)).by_hand == ""
    assert Action.PRINT not in [hint.action for hint in after(bench).hints]


def test_what_hands_do_stands_in_the_column(bench: Bench) -> None:
    view = bench.window.desk.next
    view.show_step(NextStep(by_hand=SEAL))
    labels = [w for w in view.findChildren(WrapLabel) if w.accessibleName() == "手上的事"]
    assert [w.text() for w in labels] == [f"先做：{SEAL}"]
    view.show_step(NextStep())
    assert labels[0].isHidden()


def test_the_key_at_the_list_names_what_the_next_page_does(bench: Bench) -> None:
    p = serve(bench)
    to_materials(p)
    check_all(p)
    assert p.visit.state.next_step.main == "去确认收件"
    received = replace(bench.hall.cases[CaseId("c1")], stage=CaseStage.RECEIVED)
    assert (
        in_take_in(TakeInState(step=Step.MATERIALS, cases=(received,)), OutcomeState()).main == "去确认材料"
    )


def test_nobody_waits_is_no_warning(bench: Bench) -> None:
    queue = bench.window.presenters.slices.queue
    queue.press_call_next()
    assert queue.state.notice.text
    assert queue.state.notice.tone is Tone.PLAIN


def test_lock_and_sign_in_tell_how_long_a_lock_lasts_and_who_ends_it(bench: Bench) -> None:
    for view in (LockView(), SignInView(counter_theme().palette, "大厅")):
        said = [w.text() for w in view.findChildren(WrapLabel) if w.accessibleName() == "PIN 锁定说明"]
        assert said == [
            "PIN 连续输错 5 次，该工号在本机锁 15 分钟，到时自动解开；信息科重设 PIN 可提前解锁。"
        ]
        view.deleteLater()


def test_the_nodes_word_that_nobody_waits_stays_plain(tmp_path: Path) -> None:
    rig = make_rig(tmp_path)

    def nobody() -> str:
        raise Refusal(NobodyWaiting.CODE, "现在没有人在等候。")

    rig.line.answers.append(nobody)
    queue = QueuePresenter(desk=Queueing(rig.bench), runner=InlineRunner(), new_id=new_id)
    queue.press_call_next()
    assert queue.state.notice == Notice("现在没有人在等候。", Tone.PLAIN)
    rig.close()
