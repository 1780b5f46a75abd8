"""The ticket's machine, whole, against a table typed from domain.md 7.1; recall, miss and R26."""

import re
from collections.abc import Callable
from itertools import product

import pytest

from hall.journal.refusal import Refusal
from hall.queueing import model
from hall.queueing.model import TicketAct, TicketState, advance

# domain.md 7.1, line by line; the last four are the slip rule of design.md 1
DUE = """
BOOKED CHECK_IN WAITING
BOOKED EXPIRE EXPIRED
WAITING CALL CALLED
WAITING CANCEL CANCELLED
CALLED RECALL CALLED
CALLED START SERVING
CALLED MISS MISSED
MISSED REACTIVATE WAITING
MISSED EXPIRE EXPIRED
SERVING HOLD HELD
HELD RESUME CALLED
SERVING TRANSFER TRANSFERRED
TRANSFERRED REQUEUE WAITING
SERVING DONE DONE
WAITING EXPIRE EXPIRED
CALLED EXPIRE EXPIRED
SERVING EXPIRE EXPIRED
HELD EXPIRE EXPIRED
TRANSFERRED EXPIRE EXPIRED
BOOKED VOID EXPIRED
WAITING VOID EXPIRED
CALLED VOID EXPIRED
SERVING VOID EXPIRED
HELD VOID EXPIRED
MISSED VOID EXPIRED
TRANSFERRED VOID EXPIRED
WAITING SERVED_BY_SLIP DONE
CALLED SERVED_BY_SLIP DONE
MISSED SERVED_BY_SLIP DONE
HELD SERVED_BY_SLIP DONE
"""
TABLE = {(s, a): t for s, a, t in (line.split() for line in DUE.strip().splitlines())}


@pytest.mark.parametrize(("state", "act"), list(product(TicketState, TicketAct)))
def test_every_state_and_act(state: TicketState, act: TicketAct) -> None:
    due = TABLE.get((state.name, act.name))
    if due is not None:
        assert advance(state, act) is TicketState[due]
        return
    with pytest.raises(Refusal) as refused:
        advance(state, act)
    assert refused.value.code == "ticket_state"
    assert re.fullmatch(r"号票[一-鿿]+，不能[一-鿿]+。", refused.value.text)


def test_a_third_call_is_the_last() -> None:
    model.may_recall(2)
    with pytest.raises(Refusal, match="三次"):
        model.may_recall(3)


def test_a_number_is_missed_after_three_calls_or_with_a_reason() -> None:
    model.may_miss(3, "")
    model.may_miss(1, "本人要求")
    with pytest.raises(Refusal, match="原因"):
        model.may_miss(2, "  ")


@pytest.mark.parametrize(
    ("ago_min", "after", "already", "code"),
    [
        (29, 9, False, None),
        (300, 2, False, None),
        (31, 3, False, "reactivate_late"),
        (1, 0, True, "reactivated_before"),
    ],
)
def test_back_in_line_once_within_half_an_hour_or_three_numbers(
    ago_min: int, after: int, already: bool, code: str | None
) -> None:
    def ask() -> None:
        model.may_reactivate(missed_ago_ms=ago_min * 60_000, missed_after=after, already=already)

    if code is None:
        ask()
        return
    with pytest.raises(Refusal) as refused:
        ask()
    assert refused.value.code == code


def test_numbers_grow_a_digit_after_999() -> None:
    assert [model.ticket_number("F", n) for n in (12, 999, 1000)] == ["F012", "F999", "F1000"]


@pytest.mark.parametrize("typed", [str.lower, str.upper, str.swapcase, str])
def test_a_scanner_with_caps_lock_reads_the_same_slip(typed: Callable[[str], str]) -> None:
    code = model.slip_code("312237a8-061b-4b00-8096-66acbe402ec6-own", "V001")
    assert model.read_slip_code(typed(code)) == ("312237a8-061b-4b00-8096-66acbe402ec6-own", "V001")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "V001",
        "YC1:T:",
        "YC1:T::V001",
        "YC1:T:a b:V001",
        "YC1:T:ab:V001\n",
        "YC2:T:ab:V001",
        "YC1:T:ab:" + "9" * 200,
    ],
)
def test_other_texts_are_no_slip(text: str) -> None:
    assert model.read_slip_code(text) is None
