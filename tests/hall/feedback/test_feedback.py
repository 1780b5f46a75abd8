"""Rating and rectification against tables typed from domain.md 7.6: once, never edited, bad needs why."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from hall.feedback import commands as cmd
from hall.feedback import handlers, model, views
from hall.feedback.model import RatingAct, RatingState, RectificationState
from hall.journal.refusal import Refusal
from tests.hall.builders import DAY, Machine, fresh

RATING = """
REQUESTED SUBMIT SUBMITTED
REQUESTED TIME_OUT TIMEOUT
REQUESTED DECLINE DECLINED
TIMEOUT SUBMIT SUBMITTED
DECLINED SUBMIT SUBMITTED
TIMEOUT DEFAULT DEFAULTED
DECLINED DEFAULT DEFAULTED
"""
# an appeal that is upheld goes on to be mended: the line in 7.6 ends at UPHELD, a person does not
RECTIFICATION = """
OPEN VERIFYING
VERIFYING FIX_NOW
VERIFYING LEDGER
VERIFYING EXPLAINED
VERIFYING APPEALED
FIX_NOW REPLIED
LEDGER REPLIED
EXPLAINED REPLIED
REPLIED REVISITED
REVISITED CLOSED
APPEALED UPHELD
APPEALED REMOVED_FROM_SCORE
UPHELD FIX_NOW
UPHELD LEDGER
UPHELD EXPLAINED
"""
RATING_TABLE = {(s, a): t for s, a, t in (x.split() for x in RATING.strip().splitlines())}
MOVES = {tuple(x.split()) for x in RECTIFICATION.strip().splitlines()}


@pytest.mark.parametrize(("state", "act"), list(product(RatingState, RatingAct)))
def test_every_state_and_act_of_a_rating(state: RatingState, act: RatingAct) -> None:
    due = RATING_TABLE.get((state.name, act.name))
    if due is not None:
        assert model.advance_rating(state, act) is RatingState[due]
        return
    with pytest.raises(Refusal, match="不能再评"):
        model.advance_rating(state, act)


@pytest.mark.parametrize(("state", "to"), list(product(RectificationState, RectificationState)))
def test_every_move_of_a_rectification(state: RectificationState, to: RectificationState) -> None:
    if (state.name, to.name) in MOVES:
        model.advance_rectification(state, to)
        return
    with pytest.raises(Refusal, match="不能这样处理"):
        model.advance_rectification(state, to)


def ask(hall: Machine, **changes: object) -> str:
    base = cmd.RequestRating(
        fresh("c"), fresh("rating"), fresh("session"), 1, "申报", None, "A001", None, None, None, 1, "w1", DAY
    )
    command = replace(base, **changes)  # type: ignore[arg-type]
    hall.do(command, handlers.request_rating)
    return command.rating


def submit(hall: Machine, rating: str, level: int, *reasons: str, text: str = "") -> None:
    command = cmd.SubmitRating(
        fresh("c"), rating, level, reasons, text, "pad", False, fresh("rect"), date(2026, 3, 3)
    )
    hall.do(command, handlers.submit_rating)


def test_a_service_is_asked_once(hall: Machine) -> None:
    ask(hall, session="s1")
    with pytest.raises(Refusal, match="已经请求过"):
        ask(hall, session="s1")
    ask(hall, session="s1", service_no=2)


@pytest.mark.parametrize("level", [3, 4, 5])
def test_a_good_rating_opens_nothing(hall: Machine, level: int) -> None:
    rating = ask(hall)
    submit(hall, rating, level)
    assert hall.look(views.rating_by_id, rating).level == level
    assert hall.look(views.rectifications) == ()


@pytest.mark.parametrize("level", [1, 2])
def test_a_bad_rating_says_why_and_opens_a_rectification(hall: Machine, level: int) -> None:
    rating = ask(hall)
    with pytest.raises(Refusal, match="不满意的原因"):
        submit(hall, rating, level, text="  ")
    submit(hall, rating, level, f"{level}09")
    (row,) = hall.look(views.rectifications, rating)
    assert (row.state, row.verify_by, row.window) == (RectificationState.OPEN, date(2026, 3, 3), 1)


def test_words_alone_are_a_reason(hall: Machine) -> None:
    rating = ask(hall)
    submit(hall, rating, 1, text="等了很久")
    assert len(hall.look(views.rectifications, rating)) == 1


@pytest.mark.parametrize(
    ("level", "reasons", "text"),
    [
        (0, (), ""),
        (6, (), ""),
        (5, tuple(str(n) for n in range(500, 509)), ""),
        (5, (), "好" * 501),
        (5, ("109",), ""),
        (1, ("109", "109"), ""),
        (1, ("我叫示例甲",), ""),
    ],
)
def test_an_answer_outside_the_form_is_refused(
    hall: Machine, level: int, reasons: tuple[str, ...], text: str
) -> None:
    with pytest.raises(Refusal):
        submit(hall, ask(hall), level, *reasons, text=text)


def test_a_rating_is_never_edited(hall: Machine) -> None:
    rating = ask(hall)
    submit(hall, rating, 5)
    with pytest.raises(Refusal, match="不能再评"):
        submit(hall, rating, 1, "109")
    with pytest.raises(Refusal, match="不能再评"):
        hall.do(cmd.EndRating(fresh("c"), rating, True, "pad"), handlers.end_rating)
    assert hall.look(views.rating_by_id, rating).level == 5


@pytest.mark.parametrize("declined", [True, False])
def test_silence_is_no_opinion_and_may_be_broken_later(hall: Machine, declined: bool) -> None:
    rating = ask(hall)
    hall.do(cmd.EndRating(fresh("c"), rating, declined, "pad"), handlers.end_rating)
    row = hall.look(views.rating_by_id, rating)
    assert (row.state.name, row.level) == ("DECLINED" if declined else "TIMEOUT", None)
    assert hall.look(views.counts, DAY) == {}
    submit(hall, rating, 4)
    assert hall.look(views.counts, DAY) == {4: 1}


def test_a_rectification_goes_step_by_step_with_a_note(hall: Machine) -> None:
    rating = ask(hall)
    submit(hall, rating, 1, "109")
    (row,) = hall.look(views.rectifications, rating)

    def move(to: str, note: str = "已核实") -> None:
        hall.do(
            cmd.MoveRectification(fresh("c"), row.id, RectificationState[to], "z1", note),
            handlers.move_rectification,
        )

    with pytest.raises(Refusal, match="处理情况"):
        move("VERIFYING", " ")
    with pytest.raises(Refusal, match="不能这样处理"):
        move("CLOSED")
    for step in ("VERIFYING", "LEDGER", "REPLIED", "REVISITED", "CLOSED"):
        move(step)
    assert hall.look(views.rectifications)[0].state is RectificationState.CLOSED
