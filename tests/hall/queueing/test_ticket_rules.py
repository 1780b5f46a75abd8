"""The ticket's machine, whole, against a table typed from domain.md 7.1; recall, miss, R26 and R27."""

import re
from collections.abc import Callable
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.journal.refusal import Refusal
from hall.queueing import model
from hall.queueing.model import Priority, TicketAct, TicketState, WaitingTicket, advance, rank

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


waiting_tickets = st.lists(
    st.builds(
        WaitingTicket,
        dossier=st.uuids().map(str),
        queue=st.sampled_from(("q1", "q2", "q3")),
        priority=st.sampled_from(Priority),
        on_top=st.booleans(),
        forwarded=st.booleans(),
        appointment_due=st.booleans(),
        since_ms=st.integers(0, 5),
        seq=st.integers(1, 10_000),
    ),
    unique_by=lambda t: t.seq,
    max_size=12,
)


def class_of(t: WaitingTicket) -> int:
    """R27 as people read it: priority, put on top by hand, forwarded, appointment due, ordinary."""
    marks = (t.priority is not Priority.NONE, t.on_top, t.forwarded, t.appointment_due, True)
    return marks.index(True)


@given(waiting_tickets, st.sets(st.sampled_from(("q1", "q2", "q3"))).map(tuple))
def test_the_line_is_a_total_order_with_prior_queues_first(
    line: list[WaitingTicket], prior: tuple[str, ...]
) -> None:
    keys = [rank(t, prior) for t in line]
    assert len(set(keys)) == len(keys)
    ordered = sorted(line, key=lambda t: rank(t, prior))
    for first, second in pairwise(ordered):
        assert (first.queue in prior) >= (second.queue in prior)
        if (first.queue in prior) != (second.queue in prior):
            continue
        assert class_of(first) <= class_of(second)
        if class_of(first) == class_of(second):
            assert (first.since_ms, first.seq) < (second.since_ms, second.seq)


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
