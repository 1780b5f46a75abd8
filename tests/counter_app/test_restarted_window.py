"""A window that is started again while it serves somebody: the visit goes on, with its cases and its rating."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

from counter_app.backend.rating_desk import Ratings
from counter_app.keys import Action
from counter_app.queue_panel.ports import TicketState
from counter_app.queue_panel.presenter import Asking
from counter_app.rating.ports import RatingAnswer, RatingAsked, RatingBefore
from counter_app.rating.presenter import RatingStage
from counter_app.start import rating_levels
from counter_app.take_in.ports import CaseStage
from counter_app.take_in.state import Step
from counter_app.values import Refused, TicketId
from counter_app.view_window import Presenters
from counter_app.visit.state import Page
from tests.counter_app.bench import Bench, make_bench
from tests.counter_app.desk_rig import Rig, make_rig
from tests.counter_app.fake_hall import FakeHall
from tests.counter_app.fakes import HeldRunner, new_id
from tests.counter_app.sample_hall import RATING_LEVELS
from tests.counter_app.visit_steps import serve, to_materials
from ui.runner import Runner

Restart = Callable[..., Bench]


@pytest.fixture
def restarted(qtbot: QtBot) -> Iterator[Restart]:
    """A new window over a hall that has already worked; nobody has signed in yet."""
    made: list[Bench] = []

    def start(hall: FakeHall, runner: Runner | None = None) -> Bench:
        made.append(make_bench(runner, hall=hall))
        return made[-1]

    yield start
    for bench in made:
        bench.window.close()
        for window in (bench.window, bench.window.citizen):
            if window is not None:
                window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def sign_in(bench: Bench) -> Presenters:
    p = bench.window.presenters
    p.sign_in.press_sign_in("0012", "246810")
    p.sign_in.press_open()
    return p


def served_hall() -> FakeHall:
    hall = FakeHall()
    hall.add_ticket("A018", state=TicketState.SERVING)
    return hall


def test_the_citizen_at_the_window_can_be_rated(restarted: Restart) -> None:
    bench = restarted(served_hall())
    p = sign_in(bench)
    assert p.visit.ticket_id() == "t-A018"
    assert p.visit.state.page is Page.TAKE_IN
    p.visit.act(Action.RATE)
    assert p.slices.rating.state.stage is RatingStage.ASKING
    p.slices.citizen.press_rating(5, (), False)
    assert [request for request, _ in bench.hall.ratings] == ["rate-t-A018"]


def test_a_ticket_that_is_only_called_waits_for_f5(restarted: Restart) -> None:
    hall = FakeHall()
    hall.add_ticket("A018", state=TicketState.CALLED)
    p = sign_in(restarted(hall))
    assert p.visit.ticket_id() is None
    p.visit.act(Action.START)
    assert p.visit.ticket_id() == "t-A018"


def test_after_the_visit_nobody_is_taken_up(restarted: Restart) -> None:
    p = sign_in(restarted(served_hall()))
    p.visit.act(Action.DONE)
    p.visit.enter()
    p.slices.queue.refresh()
    assert p.visit.ticket_id() is None
    assert p.visit.state.page is Page.HOME


def test_the_open_draft_comes_back_by_itself_and_f12_asks(bench: Bench, restarted: Restart) -> None:
    to_materials(serve(bench))
    p = sign_in(restarted(bench.hall))
    case = p.slices.take_in.state.case
    assert case is not None
    assert case.stage is CaseStage.DRAFT
    assert p.slices.take_in.state.step is Step.MATERIALS
    p.visit.act(Action.DONE)
    assert p.slices.queue.state.asking is Asking.LEAVE
    assert len(bench.hall.cases) == 1


@pytest.mark.parametrize("silent", [False, True])
@pytest.mark.parametrize("key", [Action.DONE, Action.TRANSFER])
def test_f12_before_the_cases_are_read_asks_the_journal(
    bench: Bench, restarted: Restart, key: Action, silent: bool
) -> None:
    """`silent`: the first reading of the cases failed, and no tab is open."""
    to_materials(serve(bench))
    runner = HeldRunner()
    p = restarted(bench.hall, runner).window.presenters
    p.sign_in.press_sign_in("0012", "246810")
    runner.run()
    p.sign_in.press_open()
    while p.visit.ticket_id() is None:
        runner.jobs.pop(0)()
    if silent:
        read, bench.hall.cases_of = bench.hall.cases_of, unread  # type: ignore[method-assign]
        runner.run()
        bench.hall.cases_of = read  # type: ignore[method-assign]
    p.visit.act(key)
    runner.run()
    choice = p.slices.queue.state.choice
    assert choice is not None
    assert "还没有收件" in choice.title
    assert len(p.slices.take_in.state.cases) == 1


def unread(_ticket: TicketId) -> tuple[()]:
    raise OSError


def test_a_rating_asked_before_is_asked_again(restarted: Restart) -> None:
    hall = served_hall()
    hall.asked_before = RatingBefore(waiting=RatingAsked("r-before", RATING_LEVELS))
    p = sign_in(restarted(hall))
    assert p.slices.rating.state.stage is RatingStage.ASKING
    p.slices.citizen.press_rating(5, (), False)
    assert [request for request, _ in hall.ratings] == ["r-before"]


@pytest.mark.parametrize(("rated", "stage"), [(True, RatingStage.RATED), (False, RatingStage.NOT_RATED)])
def test_a_rating_that_was_over_before_stays_over(
    restarted: Restart, rated: bool, stage: RatingStage
) -> None:
    hall = served_hall()
    hall.asked_before = RatingBefore(rated=rated)
    p = sign_in(restarted(hall))
    assert p.slices.rating.state.stage is stage
    p.visit.act(Action.RATE)
    assert hall.ratings == []
    assert "每次服务只请一次" in p.slices.rating.state.notice.text


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = make_rig(tmp_path)
    yield made
    made.close()


def test_the_journal_tells_what_the_rating_had_come_to(rig: Rig) -> None:
    ticket = TicketId(rig.pc.serving())
    ratings = Ratings(rig.bench, rating_levels())
    assert ratings.rating_before(ticket) == RatingBefore()
    asked = ratings.ask_rating(new_id(), ticket)
    assert ratings.rating_before(ticket) == RatingBefore(waiting=asked)
    assert ratings.ask_rating(new_id(), ticket) == asked
    ratings.record_rating(new_id(), asked.request_id, RatingAnswer(5))
    assert ratings.rating_before(ticket) == RatingBefore(rated=True)
    with pytest.raises(Refused, match="每次服务只请一次"):
        ratings.ask_rating(new_id(), ticket)
