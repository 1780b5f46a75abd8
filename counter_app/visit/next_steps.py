"""What to do next, in words, from the states of the slices. No widgets."""

from dataclasses import replace

from counter_app.capture.presenter import CaptureState
from counter_app.corrections.presenter import CorrectionsState
from counter_app.delivery.documents import missing
from counter_app.delivery.state import DeliveryState, DeliveryStep
from counter_app.dispatch.presenter import DispatchState
from counter_app.keys import Action
from counter_app.lost_case.presenter import Way
from counter_app.outcome.ports import Act
from counter_app.outcome.state import OutcomeState
from counter_app.queue_panel.ports import TicketState
from counter_app.queue_panel.presenter import QueueState
from counter_app.stand_in.presenter import StandInState
from counter_app.take_in.ports import CaseStage
from counter_app.take_in.state import Lacking, Step, TakeInState, lacking_of, unanswered
from counter_app.values import PrintMark
from counter_app.visit.enlarging import subject_on
from counter_app.visit.slices import Slices
from counter_app.visit.state import KeyHint, NextStep, Page

_ACT_VERBS = {
    Act.RECEIVE: "收件并打印收件凭证",
    Act.ACCEPT: "受理并打印通知书",
    Act.ACCEPT_TOLERANT: "容缺受理并打印",
    Act.CORRECT: "出具一次性告知书",
    Act.NOT_ACCEPT: "出具不予受理决定书",
    Act.UNNEEDED: "出具不受理告知书",
    Act.GRANT: "准予并打印决定书",
    Act.DENY: "不予许可并打印决定书",
}

_BROUGHT = KeyHint(Action.CORRECTIONS, "来交补正材料", leads=True)
_SIGN_VERBS = {
    ("", False): "打印送达回证，请领取人签字",
    ("", True): "再打送达回证",
    ("paper", True): "回证已签字，完成交付",
    ("hand", True): "手写回证已签字，完成交付",
    ("screen", False): "交付并打印送达回证",
    ("screen", True): "已在屏幕签字，完成交付",
}
"""By where the receiver signed, and whether the proof is made already."""

_WRITING = NextStep(
    hints=(KeyHint(Action.SAVE, "保存不符", leads=True), KeyHint(Action.BACK, "取消")),
)
"""A reason is being typed: nothing else is offered until it is saved or given up."""
_NOT_OUT = (PrintMark.NOT_PRINTED, PrintMark.UNSURE)
_OF_PAGES = (Action.PRINT, Action.CAPTURE)
"""What else is done with the pages that can be looked at."""


def next_step(page: Page, s: Slices) -> NextStep:
    """The right column of a page."""
    if page is Page.TAKE_IN and s.materials.state.unsaved:
        return _WRITING
    step = _step(page, s)
    if subject_on(page, s) is None:
        return step
    beside = [n for n, hint in enumerate(step.hints, 1) if hint.action in _OF_PAGES]
    at = beside[-1] if beside else len(step.hints)
    look = KeyHint(Action.ENLARGE, "放大查看")
    return replace(step, hints=(*step.hints[:at], look, *step.hints[at:]))


def _step(page: Page, s: Slices) -> NextStep:
    match page:
        case Page.TAKE_IN:
            return in_take_in(s.take_in.state, s.outcome.state, corrects=_corrects(s.queue.state))
        case Page.CAPTURE:
            return in_capture(s.capture.state)
        case Page.DISPATCH:
            return in_dispatch(s.dispatch.state)
        case Page.CORRECTIONS:
            return in_corrections(s.corrections.state, serving=s.queue.state.serving)
        case Page.DELIVERY:
            return in_delivery(s.delivery.state, serving=s.queue.state.serving)
        case Page.EXCHANGE:
            return NextStep(main="重新查看")
        case Page.STAND_IN:
            return in_stand_in(s.stand_in.state)
        case Page.LOST_CASE:
            return NextStep("标为补录" if s.lost_case.state.way is Way.REENTER else "收回到大厅节点")
        case Page.HELP:
            return NextStep(main="回到刚才的页面")
    return at_home(s.queue.state)


def at_home(queue: QueueState) -> NextStep:
    """Nobody is served: call, or start."""
    current = queue.current
    if current is None:
        # only the node knows who is next; a slip in hand needs nobody
        cut_off = queue.board.cut_off
        slip = KeyHint(Action.SLIP, "凭号票办理", leads=True)
        return NextStep(
            hints=(
                slip if cut_off else KeyHint(Action.CALL_NEXT, "呼叫下一位"),
                KeyHint(Action.DELIVERY, "出件"),
                KeyHint(Action.CORRECTIONS, "收补正材料"),
                KeyHint(Action.DISPATCH, "派件情况"),
            )
        )
    if current.state is TicketState.CALLED:
        return NextStep(
            hints=(
                KeyHint(Action.START, f"{current.number} 来了，开始办理"),
                KeyHint(Action.RECALL, f"重呼（已呼 {current.calls} 次）"),
                KeyHint(Action.MISS, "过号"),
            )
        )
    others = (
        KeyHint(Action.DELIVERY, "出件"),
        KeyHint(Action.RATE, "请群众评价"),
        KeyHint(Action.DONE, "结束本号"),
    )
    if current.corrects:
        return NextStep(hints=(_BROUGHT, KeyHint(Action.NEW_CASE, "办一件"), *others))
    hints = (KeyHint(Action.NEW_CASE, "办一件"), KeyHint(Action.CORRECTIONS, "收补正材料"), *others)
    return NextStep(hints=hints)


def _corrects(queue: QueueState) -> bool:
    return queue.serving and queue.current is not None and queue.current.corrects


def in_take_in(take_in: TakeInState, outcome: OutcomeState, *, corrects: bool = False) -> NextStep:
    """The five steps. `corrects`: the number was taken to bring papers for an earlier case."""
    case = take_in.case
    if take_in.step is Step.ITEM and case is None and corrects:
        return NextStep(hints=(_BROUGHT,))
    if take_in.step is Step.ITEM:
        return NextStep(main="选定事项" if take_in.items else "")
    if case is None:
        return NextStep()
    lacking = lacking_of(case.materials)
    if take_in.step is Step.APPLICANT:
        hints = (KeyHint(Action.READ_CARD, "读身份证"), KeyHint(Action.AGENT, "由代理人办理"))
        return NextStep(main="保存申请人并继续", deadline=case.due_text, hints=hints)
    if take_in.step is Step.SCENARIO:
        open_question = unanswered(case) is not None
        return NextStep(main="" if open_question else "看材料清单", deadline=case.due_text)
    if take_in.step is Step.MATERIALS:
        hints = (KeyHint(Action.CAPTURE, "拍摄"), KeyHint(Action.NEW_CASE, "再办一件"))
        main = "去确认收件" if case.stage is CaseStage.DRAFT else "去确认材料"
        return _with(main, lacking, case.due_text, hints)
    if take_in.step is Step.REVIEW:
        verb = _ACT_VERBS[Act.RECEIVE] if case.stage is CaseStage.DRAFT else "看办理结果"
        return _with(verb, lacking, case.due_text, (KeyHint(Action.CITIZEN_SIGN, "请群众确认"),))
    return _in_outcome(outcome, case.stage, lacking, case.due_text)


def _with(main: str, lacking: Lacking, due: str, hints: tuple[KeyHint, ...]) -> NextStep:
    return NextStep(
        main, lacking.missing, lacking.tolerable, due, hints, lacking.unchecked, lacking.defective
    )


def goes_to_desk(stage: CaseStage, outcome: OutcomeState) -> bool:
    """Does F9 send the case on: to its pre-check, or accepted where this window may not decide it?

    Before the pre-check comes a notice that has something to list, or a refusal whose reason was written.
    """
    if stage is CaseStage.ACCEPTED:
        return not any(c.act is Act.GRANT and not c.refusal for c in outcome.acts)
    act = outcome.act
    if stage is not CaseStage.TO_PRECHECK or act is None or act.refusal:
        return stage is CaseStage.TO_PRECHECK
    return not (outcome.defects if act.act is Act.CORRECT else outcome.text.strip())


def _in_outcome(outcome: OutcomeState, stage: CaseStage, lacking: Lacking, due: str) -> NextStep:
    if stage is CaseStage.TO_PRECHECK and goes_to_desk(stage, outcome):
        hints = (KeyHint(Action.NOTICE, "一次性告知"), *_print(outcome))
        return _with("送部门初审", lacking, due, hints)
    if stage in (CaseStage.RECEIVED, CaseStage.TO_PRECHECK):
        act = outcome.act
        main = _ACT_VERBS[act.act] if act is not None and not act.refusal else ""
        hints = (KeyHint(Action.NOTICE, "一次性告知"), *_print(outcome))
        return _with(main, lacking, due, hints)
    after, by_hand = _after_the_act(outcome), _by_hand(outcome)
    if stage is CaseStage.ACCEPTED:
        main, to_desk = "选席位派件", "派件"
        if not goes_to_desk(stage, outcome):
            act, to_desk = outcome.act, "改派部门"
            main = _ACT_VERBS[act.act] if act is not None and not act.refusal else ""
        hints = (KeyHint(Action.DISPATCH, to_desk), *after)
        return NextStep(main, deadline=due, hints=hints, by_hand=by_hand)
    step = _with("", lacking if stage is CaseStage.CORRECTION else Lacking(), due, after)
    return replace(step, by_hand=by_hand)


def _after_the_act(outcome: OutcomeState) -> tuple[KeyHint, ...]:
    """What ends the visit, in its order; printing comes first only while a paper is not out."""
    ending = (
        KeyHint(Action.RATE, "请群众评价"),
        KeyHint(Action.DONE, "结束本号"),
        KeyHint(Action.NEW_CASE, "再办一件"),
    )
    out = not any(paper.mark in _NOT_OUT for paper in outcome.papers)
    return (*ending, *_print(outcome)) if out else (*_print(outcome), *ending)


def _print(outcome: OutcomeState) -> tuple[KeyHint, ...]:
    """F10, by what it would do."""
    out = not any(paper.mark in _NOT_OUT for paper in outcome.papers)
    return (KeyHint(Action.PRINT, "再打一份" if out else "打印"),) if outcome.papers else ()


def _by_hand(outcome: OutcomeState) -> str:
    """Seal and signature: what only hands can do, once the newest paper is out."""
    newest = outcome.papers[-1] if outcome.papers else None
    if newest is None or newest.mark in _NOT_OUT or newest.paper_id in outcome.printing:
        return ""
    return newest.seal_text


def in_capture(capture: CaptureState) -> NextStep:
    """The camera page."""
    done = tuple(slot.name for slot in capture.slots if slot.open)
    return NextStep(main="拍好了，回清单", missing=done)


def in_dispatch(dispatch: DispatchState) -> NextStep:
    desk = dispatch.desk
    return NextStep(main=f"派往{desk.name}" if dispatch.case is not None and desk is not None else "")


def in_stand_in(state: StandInState) -> NextStep:
    if not state.may_order:
        return NextStep(hints=(KeyHint(Action.BACK, "返回"),))
    if state.calm:
        return NextStep(hints=(KeyHint(Action.BACK, "返回"), KeyHint(Action.MAIN, "检修换机：启用备用节点")))
    return NextStep(main="换回大厅节点" if state.board.at_standby else "启用备用节点")


def in_corrections(state: CorrectionsState, *, serving: bool) -> NextStep:
    """`serving`: a number is being served, which can be ended; papers are also brought between two."""
    if state.receipt is not None:
        owed = any(paper.paper_id == state.receipt.paper_id for paper in state.owed)
        printing = (KeyHint(Action.PRINT, "打印凭证" if owed else "再打凭证"),)
        main = "打开本件，核对并受理" if state.to_check else "继续收件"
        more = (KeyHint(Action.CORRECTIONS, "收下一份来件"),) if state.to_check else ()
        after = (*more, *_end(serving))
        return NextStep(main, hints=(*printing, *after) if owed else (*after, *printing))
    if state.errand is not None:
        waiting = tuple(row.name for row in state.errand.materials if row.defect and not row.pages)
        return NextStep("收下并打印凭证", waiting, hints=(KeyHint(Action.CAPTURE, "拍摄"),))
    owed_ones = (KeyHint(Action.PRINT, "补打凭证"),) if state.owed else ()
    return NextStep("打开收件" if state.found is not None else "查找", hints=owed_ones)


def in_delivery(state: DeliveryState, *, serving: bool) -> NextStep:
    """`serving` as in in_corrections."""
    match state.step:
        case DeliveryStep.CHOOSE:
            return NextStep("选定，核对原件" if state.results else "")
        case DeliveryStep.DOCUMENTS:
            prints = (KeyHint(Action.PRINT, "打印决定书"),) if state.printable is not None else ()
            waiting = tuple(d.title for d in missing(state.documents))
            return NextStep("原件都在手，核对身份", waiting, hints=prints)
        case DeliveryStep.IDENTITY:
            return NextStep("核对身份", hints=(KeyHint(Action.READ_CARD, "读身份证"),))
        case DeliveryStep.SIGN:
            again = (KeyHint(Action.PRINT, "再打回证"),) if state.proof is not None else ()
            verb = _SIGN_VERBS[state.signed_by, state.proof is not None]
            return NextStep(verb, hints=(*again, KeyHint(Action.CITIZEN_SIGN, "请群众签字")))
        case _:
            return NextStep("下一个结果", hints=(KeyHint(Action.PRINT, "再打回证"), *_end(serving)))


def _end(serving: bool) -> tuple[KeyHint, ...]:
    return (KeyHint(Action.DONE, "结束本号"),) if serving else ()
