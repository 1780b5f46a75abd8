"""The case's machine, whole, against a table typed from domain.md 7.2, and the rules of materials (7.4)."""

import re
from itertools import product

import pytest

from hall.intake import model
from hall.intake.model import CaseAct, CaseState, CheckResult, MaterialState, advance
from hall.journal.refusal import Refusal

# domain.md 7.2, line by line, and LEAVE_OUT of decision 0018
DUE = """
DRAFT RECEIVE RECEIVED
RECEIVED ASK_PRECHECK PRECHECK
PRECHECK PRECHECK_OK RECEIVED
PRECHECK CORRECT CORRECTION
PRECHECK NOT_ACCEPT NOT_ACCEPTED
RECEIVED CORRECT CORRECTION
CORRECTION RETURN_MATERIALS RECEIVED
CORRECTION TERMINATE TERMINATED
RECEIVED ACCEPT ACCEPTED
PRECHECK ACCEPT ACCEPTED
RECEIVED NOT_ACCEPT NOT_ACCEPTED
RECEIVED REFUSE_UNNEEDED REFUSED_UNNEEDED
RECEIVED FORWARD FORWARDED
ACCEPTED DISPATCH DISPATCHED
DISPATCHED TAKE REVIEWING
ACCEPTED GRANT GRANTED
ACCEPTED DENY DENIED
REVIEWING SUSPEND SUSPENDED
SUSPENDED RESUME REVIEWING
REVIEWING EXTEND REVIEWING
REVIEWING SEND_BACK DISPATCHED
DISPATCHED DISPATCH DISPATCHED
REVIEWING SEND_UP SENT_UP
REVIEWING GRANT GRANTED
REVIEWING DENY DENIED
GRANTED RESULT_READY RESULT_READY
DENIED RESULT_READY RESULT_READY
RESULT_READY DELIVER DELIVERED
RECEIVED WITHDRAW WITHDRAWN
PRECHECK WITHDRAW WITHDRAWN
CORRECTION WITHDRAW WITHDRAWN
ACCEPTED WITHDRAW WITHDRAWN
DISPATCHED WITHDRAW WITHDRAWN
REVIEWING WITHDRAW WITHDRAWN
SUSPENDED WITHDRAW WITHDRAWN
ACCEPTED TERMINATE TERMINATED
DRAFT VOID VOIDED
RECEIVED VOID VOIDED
PRECHECK VOID VOIDED
CORRECTION VOID VOIDED
ACCEPTED VOID VOIDED
DISPATCHED VOID VOIDED
REVIEWING VOID VOIDED
SUSPENDED VOID VOIDED
DRAFT LEAVE_OUT VOIDED
REFUSED_UNNEEDED ARCHIVE ARCHIVED
NOT_ACCEPTED ARCHIVE ARCHIVED
DELIVERED ARCHIVE ARCHIVED
WITHDRAWN ARCHIVE ARCHIVED
TERMINATED ARCHIVE ARCHIVED
VOIDED ARCHIVE ARCHIVED
SENT_UP ARCHIVE ARCHIVED
FORWARDED ARCHIVE ARCHIVED
"""
TABLE = {(s, a): t for s, a, t in (line.split() for line in DUE.strip().splitlines())}


@pytest.mark.parametrize(("state", "act"), list(product(CaseState, CaseAct)))
def test_every_state_and_act(state: CaseState, act: CaseAct) -> None:
    due = TABLE.get((state.name, act.name))
    if due is not None:
        assert advance(state, act) is CaseState[due]
        return
    with pytest.raises(Refusal) as refused:
        advance(state, act)
    assert refused.value.code == "case_state"
    assert re.fullmatch(r"办件[一-鿿]+，不能[一-鿿]+。", refused.value.text)


@pytest.mark.parametrize(
    ("state", "after"),
    [
        ("REQUIRED", "PRESENTED"),
        ("PRESENTED", "PRESENTED"),
        ("DEFECTIVE", "CORRECTED"),
        ("TOLERATED", "SUPPLIED"),
        ("CHECKED_OK", "PRESENTED"),
        ("WAIVED", "PRESENTED"),
    ],
)
def test_what_is_handed_in(state: str, after: str) -> None:
    assert model.may_present(MaterialState[state]) is MaterialState[after]


def test_a_lapsed_material_is_not_taken_any_more() -> None:
    with pytest.raises(Refusal, match="逾期"):
        model.may_present(MaterialState.LAPSED)


@pytest.mark.parametrize(
    ("form", "place", "pages", "traced"),
    [
        (None, None, 0, False),
        ("original", "returned", 0, False),
        ("original", "returned", 1, True),
        ("original", "kept", 0, True),
        ("original", "sent_on", 0, True),
        ("copy", "kept", 0, False),
        ("copy", "none", 2, True),
        ("electronic", "none", 0, True),
    ],
)
def test_what_can_be_seen_by_who_was_not_there(
    form: str | None, place: str | None, pages: int, traced: bool
) -> None:
    assert model.leaves_a_trace(form, place, pages) is traced


@pytest.mark.parametrize(("presented", "traced"), [(True, True), (True, False), (False, False)])
@pytest.mark.parametrize("short", [True, False])
@pytest.mark.parametrize("tolerable", [True, False])
@pytest.mark.parametrize("waivable", [True, False])
@pytest.mark.parametrize("defect", ["", "缺签字"])
@pytest.mark.parametrize("result", list(CheckResult))
def test_a_check_is_open_only_to_the_material_it_fits(
    result: CheckResult,
    presented: bool,
    traced: bool,
    short: bool,
    tolerable: bool,
    waivable: bool,
    defect: str,
) -> None:
    fits = {
        CheckResult.OK: presented and traced and not short,
        CheckResult.DEFECTIVE: bool(defect),
        CheckResult.TOLERATED: tolerable,
        CheckResult.WAIVED: waivable,
    }[result]

    def check() -> MaterialState:
        return model.may_check(
            result,
            presented=presented,
            traced=traced,
            short=short,
            tolerable=tolerable,
            waivable=waivable,
            defect=defect,
        )

    if fits:
        assert check().name == {"OK": "CHECKED_OK"}.get(result.name, result.name)
    else:
        with pytest.raises(Refusal) as refused:
            check()
        assert re.search("[一-鿿]", refused.value.text)
