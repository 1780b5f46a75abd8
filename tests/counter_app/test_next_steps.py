"""What F9 does in a hall where the department looks first (乌审旗)."""

from dataclasses import replace
from uuid import uuid4

import pytest

from counter_app.outcome.ports import Act, ActChoice, Defect
from counter_app.outcome.state import OutcomeState
from counter_app.take_in.ports import CaseStage
from counter_app.values import TicketId
from counter_app.visit.mirror import filing_of
from counter_app.visit.next_steps import goes_to_desk
from tests.counter_app.fake_hall import FakeHall
from tests.counter_app.sample_hall import ITEMS

CORRECT = ActChoice(Act.CORRECT, "一次性告知补正", "补正告知书")
NOT_ACCEPT = ActChoice(Act.NOT_ACCEPT, "不予受理", "不予受理决定书", needs_text=True)
GRANT = ActChoice(Act.GRANT, "当场准予", "准予决定书")
LACKING = (Defect("申请书", "未提交"),)


@pytest.mark.parametrize(
    ("outcome", "to_desk"),
    [
        (OutcomeState(), True),
        (OutcomeState(acts=(CORRECT,)), True),
        (OutcomeState(acts=(CORRECT,), defects=LACKING), False),
        (OutcomeState(acts=(replace(CORRECT, refusal="只能告知一次"),), defects=LACKING), True),
        (OutcomeState(acts=(NOT_ACCEPT,)), True),
        (OutcomeState(acts=(NOT_ACCEPT,), text="不属于本机关职权范围"), False),
    ],
)
def test_before_the_precheck(outcome: OutcomeState, to_desk: bool) -> None:
    assert goes_to_desk(CaseStage.TO_PRECHECK, outcome) is to_desk


def test_accepted_goes_on_unless_this_window_may_decide() -> None:
    assert goes_to_desk(CaseStage.ACCEPTED, OutcomeState())
    assert goes_to_desk(CaseStage.ACCEPTED, OutcomeState(acts=(replace(GRANT, refusal="没有办理权"),)))
    assert not goes_to_desk(CaseStage.ACCEPTED, OutcomeState(acts=(GRANT,)))
    assert not goes_to_desk(CaseStage.RECEIVED, OutcomeState())


@pytest.mark.parametrize("stage", list(CaseStage))
def test_the_citizen_screen_has_words_for_every_stage(stage: CaseStage) -> None:
    case = FakeHall().open_case(uuid4(), TicketId("t1"), ITEMS[0].item_id)
    assert filing_of(replace(case, stage=stage)).step_text
