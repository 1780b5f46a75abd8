"""Which business day a node opens when its own clock cannot be trusted."""

from datetime import date, timedelta

import pytest

from hall.queueing import views as queue
from server_app.queue.business_day import BusinessDay, Doubt, day_to_open
from tests.hall.builders import DAY, machine

NEXT = DAY + timedelta(days=1)
YEAR = DAY + timedelta(days=366)
DEAD = date(2000, 1, 1)
"""What a PC shows whose battery has run down."""


@pytest.mark.parametrize(
    ("last", "own", "told", "opened"),
    [
        (None, DAY, None, DAY),
        (None, DEAD, DAY, DAY),
        (DAY, NEXT, None, NEXT),
        (DAY, NEXT, NEXT, NEXT),
        (DAY, YEAR, NEXT, NEXT),
        (DAY, DEAD, NEXT, NEXT),
        (DAY, YEAR, DAY, DAY),
        (DAY, YEAR, None, None),
        (DAY, DEAD, None, DAY),
        # the centre's clock is the wrong one
        (DAY, NEXT, YEAR, NEXT),
        (DAY, NEXT, DEAD, NEXT),
        # shut for long, and two clocks agree
        (DAY, YEAR, YEAR, YEAR),
        (YEAR, DAY, DAY, YEAR),
    ],
)
def test_the_day_that_two_of_three_agree_on(
    last: date | None, own: date, told: date | None, opened: date | None
) -> None:
    assert day_to_open(last, own, told) == opened


def test_a_clock_that_is_a_year_ahead_opens_nothing_until_a_person_says_so() -> None:
    node = machine("node-1", "hall")
    day = BusinessDay(node.store, lambda: 1)
    assert day.today() == DAY
    node.hand_clock.later(days=366)
    again = BusinessDay(node.store, lambda: 1)
    assert again.today() == DAY
    assert again.doubt() == Doubt(YEAR, None, DAY, certain=False)
    # the hall had really been shut for a year: the person raises the epoch in the join file
    ordered = BusinessDay(node.store, lambda: 2)
    assert ordered.today() == YEAR
    assert node.look(queue.business_day) == YEAR
    assert ordered.doubt() is None
    node.store.close()


def test_the_next_day_is_opened_by_the_centres_date_while_the_own_clock_stands_still() -> None:
    node = machine("node-1", "hall")
    told = [None]
    day = BusinessDay(node.store, lambda: 1, told=lambda: told[0])
    assert day.today() == DAY
    node.hand_clock.later(days=-9000)
    assert day.today() == DAY
    told[0] = node.hand_clock.now() + timedelta(days=9001)
    assert day.today() == NEXT
    assert day.known() == NEXT
    assert day.doubt() == Doubt(node.hand_clock.now().date(), NEXT, NEXT, certain=True)
    node.store.close()
