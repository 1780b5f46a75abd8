"""The queue's acts without widgets."""

import pytest

from counter_app.queue_panel.ports import TicketOutcome, TicketState
from counter_app.queue_panel.presenter import QueuePresenter
from tests.counter_app.fake_hall import FakeHall
from tests.counter_app.fakes import HeldRunner, InlineRunner, new_id
from ui.runner import Runner


@pytest.fixture
def hall() -> FakeHall:
    hall = FakeHall()
    for number in ("A018", "A019"):
        hall.add_ticket(number)
    return hall


def presenter_of(hall: FakeHall, runner: Runner | None = None) -> QueuePresenter:
    presenter = QueuePresenter(desk=hall, runner=runner or InlineRunner(), new_id=new_id)
    presenter.refresh()
    return presenter


def test_call_start_done_with_the_expected_outcome_first(hall: FakeHall) -> None:
    queue = presenter_of(hall)
    queue.press_call_next()
    queue.press_start()
    queue.expect_outcome(TicketOutcome.ACCEPTED)
    queue.press_done()
    assert queue.state.choice is not None
    assert queue.state.choice.chosen is not None
    assert queue.state.choice.chosen.text == "受理"
    queue.confirm_choice()
    assert hall.effects[-1] == ("done", "A018", TicketOutcome.ACCEPTED)
    assert queue.state.current is None


def test_second_press_while_busy_calls_nobody_else(hall: FakeHall) -> None:
    runner = HeldRunner()
    queue = presenter_of(hall, runner)
    runner.run()
    queue.press_call_next()
    queue.press_call_next()
    assert queue.state.busy
    runner.run()
    assert hall.effects == [("call", "A018")]


def test_start_typed_ahead_of_the_answer_is_not_lost(hall: FakeHall) -> None:
    runner = HeldRunner()
    queue = presenter_of(hall, runner)
    runner.run()
    queue.press_call_next()
    queue.press_start()
    runner.run()
    assert [e[0] for e in hall.effects] == ["call", "start"]
    assert queue.state.serving


def test_lost_answer_then_retry_calls_one_person(hall: FakeHall) -> None:
    queue = presenter_of(hall)
    hall.silent = 1
    queue.press_call_next()
    assert "重复按不会重复办理" in queue.state.notice.text
    queue.press_call_next()
    assert hall.effects == [("call", "A018")]
    assert queue.state.current is not None
    assert queue.state.current.number == "A018"


def test_hold_resume_miss_reactivate(hall: FakeHall) -> None:
    queue = presenter_of(hall)
    queue.press_call_next()
    queue.press_start()
    queue.press_hold()
    queue.place_choice(1)
    queue.confirm_choice()
    held = queue.state.board.held[0]
    assert held.note == "去缴费"
    queue.press_row(held.ticket_id)
    assert queue.state.current is not None
    assert queue.state.current.state is TicketState.CALLED
    queue.press_miss()
    queue.confirm_choice()
    missed = queue.state.board.missed[0]
    queue.press_row(missed.ticket_id)
    assert hall.effects[-1] == ("reactivate", "A018")


def test_escape_drops_the_question_and_changes_nothing(hall: FakeHall) -> None:
    queue = presenter_of(hall)
    queue.press_call_next()
    queue.press_miss()
    queue.drop_choice()
    assert queue.state.choice is None
    assert hall.effects == [("call", "A018")]


def test_transfer_offers_the_queues(hall: FakeHall) -> None:
    queue = presenter_of(hall)
    queue.press_call_next()
    queue.press_start()
    queue.press_transfer()
    queue.place_choice(1)
    queue.confirm_choice()
    assert hall.effects[-1] == ("transfer", "A018", "q3")


def test_cut_off_window_serves_the_slip_it_can_scan(hall: FakeHall) -> None:
    hall.tickets.clear()
    hall.cut_off = True
    queue = presenter_of(hall)
    started: list[object] = []
    queue.started.connect(started.append)
    queue.press_slip(" b031 ")
    assert queue.state.serving
    assert queue.state.current is not None
    assert queue.state.current.number == "B031"
    assert len(started) == 1


@pytest.mark.parametrize(
    ("press", "words"),
    [("press_recall", "F2"), ("press_start", "F2"), ("press_done", "F2"), ("press_hold", "F2")],
)
def test_keys_out_of_order_say_what_to_press(hall: FakeHall, press: str, words: str) -> None:
    queue = presenter_of(hall)
    getattr(queue, press)()
    assert words in queue.state.notice.text
    assert hall.effects == []


def test_nobody_waits_is_a_notice() -> None:
    queue = presenter_of(FakeHall())
    queue.press_call_next()
    assert queue.state.notice.text == "现在没有人等候。"
    assert not queue.state.busy
