"""What a press that confirms does for good on each page, and what Enter, F10 and Ctrl+I act on there. No widgets."""

from collections.abc import Callable, Hashable

from counter_app.delivery.state import DeliveryStep
from counter_app.outcome.state import OutcomeState
from counter_app.take_in.state import Step, TakeInState
from counter_app.visit.next_steps import goes_to_desk
from counter_app.visit.slices import Slices
from counter_app.visit.state import Page


def commits(page: Page, s: Slices) -> Hashable:
    """Names what a confirming press would do for good; None where it only goes on or looks something up."""
    asking = s.queue.state.asking
    act: Hashable = None
    match page:
        case Page.TAKE_IN:
            act = _commits_in_take_in(s.take_in.state, s.outcome.state)
        case Page.DISPATCH:
            act = s.dispatch.state.case.case_id if s.dispatch.state.case is not None else None
        case Page.CORRECTIONS:
            errand = s.corrections.state.errand
            act = errand.errand_id if errand is not None and s.corrections.state.receipt is None else None
        case Page.STAND_IN:
            act = s.stand_in.state.board.other if s.stand_in.state.may_order else None
        case Page.LOST_CASE:
            act = (s.lost_case.state.way, s.lost_case.state.forms)
        case Page.DELIVERY:
            d = s.delivery.state
            if d.step is DeliveryStep.SIGN and d.result is not None:
                act = (d.result.delivery_id, d.signed_by, d.proof is not None)
    return None if act is None and asking is None else (page, act, asking)


def _commits_in_take_in(take_in: TakeInState, outcome: OutcomeState) -> Hashable:
    case = take_in.case
    if case is None or take_in.step < Step.REVIEW:
        return None
    if take_in.step is Step.OUTCOME and goes_to_desk(case.stage, outcome):
        return None
    return (take_in.step, case.case_id, case.stage)


def entered(page: Page, s: Slices) -> Callable[[], object] | None:
    """What Enter or a click on a line confirms; None where lists and fields take it themselves."""
    if s.find.state.open:
        return s.find.press_choose
    if s.queue.state.choice is not None:
        return s.queue.confirm_choice
    if page is Page.TAKE_IN:
        reviewing = s.take_in.state.step is Step.REVIEW and not s.materials.state.unsaved
        return s.outcome.press_receive if reviewing else None
    presses = {
        Page.DISPATCH: s.dispatch.press_main, Page.DELIVERY: s.delivery.press_main,
        Page.STAND_IN: s.stand_in.press_main, Page.LOST_CASE: s.lost_case.press_main,
    }  # fmt: skip
    return presses.get(page)


def printed(page: Page, s: Slices) -> Callable[[], object]:
    """What F10 prints."""
    presses = {Page.CORRECTIONS: s.corrections.press_print, Page.DELIVERY: s.delivery.press_print}
    return presses.get(page, s.outcome.press_print)


def card_read(page: Page, s: Slices) -> Callable[[], object]:
    """Whose card Ctrl+I reads; nobody's where none is asked for."""
    presses = {Page.TAKE_IN: s.take_in.press_read_card, Page.DELIVERY: s.delivery.press_read_card}
    return presses.get(page, lambda: None)
