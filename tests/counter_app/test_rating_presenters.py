"""The visit's last page: how a citizen rates, and what stays of the person afterwards."""

from counter_app.citizen_screen.presenter import CitizenPage
from counter_app.keys import Action
from counter_app.rating.presenter import RatingStage
from counter_app.visit.state import Page
from tests.counter_app.bench import Bench
from tests.counter_app.fakes import LONG_NAME
from tests.counter_app.visit_steps import ID, serve, to_materials


def test_pad_rating_is_recorded_and_the_clerk_does_not_learn_it(bench: Bench) -> None:
    bench.pad.present = True
    bench.pad.level = 4
    p = serve(bench)
    p.visit.act(Action.RATE)
    _request, answer = bench.hall.ratings[0]
    assert answer is not None
    assert answer.level == 4
    assert p.slices.rating.state.stage is RatingStage.RATED
    assert "4" not in repr(p.slices.rating.state)
    p.visit.act(Action.RATE)
    assert len(bench.hall.ratings) == 1


def test_bad_rating_needs_a_reason_on_the_screen(bench: Bench) -> None:
    bench.pad.present = True
    bench.pad.level = 1
    p = serve(bench)
    p.visit.act(Action.RATE)
    citizen = p.slices.citizen
    assert citizen.state.page is CitizenPage.RATE
    citizen.press_rating(1, (), False)
    assert bench.hall.ratings == []
    assert citizen.state.hint
    citizen.press_rating(1, (111,), True)
    answer = bench.hall.ratings[0][1]
    assert answer is not None
    assert (answer.level, answer.reasons, answer.anonymous) == (1, (111,), True)


def test_silence_is_not_rated(bench: Bench) -> None:
    p = serve(bench)
    p.visit.act(Action.RATE)
    bench.clock.now += 61
    p.slices.rating.tick()
    assert bench.hall.ratings == [("rate-t-A018", None)]
    assert p.slices.rating.state.stage is RatingStage.NOT_RATED
    assert p.slices.citizen.state.page is CitizenPage.THANKS


def test_silent_pad_hands_the_question_to_the_screen(bench: Bench) -> None:
    bench.pad.present = True
    bench.pad.trouble = "评价器没有应答。"
    p = serve(bench)
    p.visit.act(Action.RATE)
    assert p.slices.citizen.state.page is CitizenPage.RATE
    assert "已改到群众屏幕" in p.slices.rating.state.notice.text


def test_when_the_visit_ends_nothing_of_the_person_stays(bench: Bench) -> None:
    p = serve(bench)
    to_materials(p)
    p.visit.act(Action.DONE)
    p.slices.queue.place_choice(1)
    p.visit.enter()
    p.visit.enter()
    s = p.slices
    shown = repr((s.take_in.state, s.materials.state, s.outcome.state, s.citizen.state, s.delivery.state))
    assert LONG_NAME not in shown
    assert ID not in shown
    assert p.visit.state.page is Page.HOME


def test_citizen_says_that_something_is_wrong(bench: Bench) -> None:
    p = serve(bench)
    to_materials(p)
    p.visit.act(Action.CITIZEN_SIGN)
    assert p.slices.citizen.state.page is CitizenPage.CONFIRM
    p.slices.citizen.press_wrong()
    assert "有误" in p.slices.take_in.state.notice.text


def test_window_without_pad_and_screen_says_how_to_rate(bench: Bench) -> None:
    p = serve(bench)
    p.slices.rating._has_screen = False
    p.visit.act(Action.RATE)
    assert "扫码" in p.slices.rating.state.notice.text
    assert bench.hall.ratings == []
