"""PIN, window, lock."""

import pytest

from counter_app.sign_in.presenter import SignInPresenter, Stage
from tests.counter_app.fake_hall import FakeHall
from tests.counter_app.fakes import Clock, InlineRunner, new_id


@pytest.fixture
def hall() -> FakeHall:
    return FakeHall()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sign_in(hall: FakeHall, clock: Clock) -> SignInPresenter:
    return SignInPresenter(desk=hall, runner=InlineRunner(), new_id=new_id, clock=clock, lock_after_s=300.0)


def opened(sign_in: SignInPresenter) -> SignInPresenter:
    sign_in.press_sign_in("0012", "246810")
    sign_in.press_open()
    return sign_in


def test_wrong_pin_is_a_notice_and_the_pin_is_nowhere_in_the_state(sign_in: SignInPresenter) -> None:
    sign_in.press_sign_in("0012", "987654")
    assert "PIN 不对" in sign_in.state.notice.text
    assert "987654" not in repr(sign_in.state)


def test_window_without_certificate_is_refused(sign_in: SignInPresenter) -> None:
    sign_in.press_sign_in("0012", "246810")
    sign_in.place_choice(1)
    sign_in.press_open()
    assert "考核合格证" in sign_in.state.notice.text
    assert sign_in.state.stage is Stage.WINDOW


def test_five_minutes_of_silence_lock_and_activity_postpones(
    sign_in: SignInPresenter, clock: Clock, hall: FakeHall
) -> None:
    opened(sign_in)
    clock.now += 299
    sign_in.activity()
    clock.now += 299
    sign_in.tick()
    assert sign_in.state.stage is Stage.OPEN
    clock.now += 1
    sign_in.tick()
    assert sign_in.state.stage is Stage.LOCKED
    assert hall.locked


def test_lock_covers_before_the_hall_answers_and_a_wrong_pin_keeps_it(
    sign_in: SignInPresenter, hall: FakeHall
) -> None:
    opened(sign_in)
    sign_in.press_lock()
    sign_in.press_unlock("1")
    assert sign_in.state.stage is Stage.LOCKED
    sign_in.press_unlock("246810")
    assert sign_in.state.stage is Stage.OPEN
    assert sign_in.state.session is not None
    assert not hall.locked
