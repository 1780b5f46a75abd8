from datetime import UTC, date, datetime, time, timedelta

import pytest

from hall.calendar.opening import (
    CHINA_TIME,
    OpeningHours,
    Season,
    TimeRange,
    business_day,
    filing_day,
)
from tests.hall.calendar.calendars import national

MORNING = TimeRange(time(10), time(14))
SUMMER = Season("夏季", 5, 1, (MORNING, TimeRange(time(16), time(20))))
WINTER = Season("冬季", 10, 1, (MORNING, TimeRange(time(15, 30), time(19, 30))))
HOURS = OpeningHours((SUMMER, WINTER), ticket_stop_minutes=30)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), CHINA_TIME)


MONDAY = date(2026, 3, 2)
SUNDAY = date(2026, 3, 1)


def test_two_seasons_and_the_turn_of_the_year() -> None:
    assert HOURS.season_of(date(2026, 4, 30)).name == "冬季"
    assert HOURS.season_of(date(2026, 5, 1)).name == "夏季"
    assert HOURS.season_of(date(2026, 10, 1)).name == "冬季"


def test_open_stretches_end_before_their_end() -> None:
    calendar = national()
    assert HOURS.is_open(at(MONDAY, 10), calendar)
    assert not HOURS.is_open(at(MONDAY, 14), calendar)
    assert HOURS.is_open(at(MONDAY, 15, 30), calendar)
    assert not HOURS.is_open(at(date(2026, 5, 6), 15, 30), calendar)
    assert not HOURS.is_open(at(SUNDAY, 11), calendar)


def test_overtime_days_have_hours_of_their_own() -> None:
    hours = OpeningHours((WINTER,), {SUNDAY: (MORNING,)})
    assert hours.is_open(at(SUNDAY, 11), national())
    assert not hours.is_open(at(SUNDAY, 16), national())


def test_the_business_day_is_chinas() -> None:
    assert business_day(datetime(2026, 3, 1, 16, 0, tzinfo=UTC)) == MONDAY
    assert business_day(datetime(2026, 3, 1, 15, 59, tzinfo=UTC)) == SUNDAY
    with pytest.raises(ValueError, match="time zone"):
        business_day(datetime(2026, 3, 1, 16, 0))


def test_a_filing_at_night_counts_from_the_next_working_day_and_keeps_its_own_date() -> None:
    calendar = national()
    night = filing_day(at(date(2026, 3, 6), 23), HOURS, calendar)
    assert (night.real, night.counted) == (date(2026, 3, 6), date(2026, 3, 9))
    assert night.differs
    assert filing_day(at(SUNDAY, 11), HOURS, calendar).counted == MONDAY
    assert not filing_day(at(MONDAY, 8), HOURS, calendar).differs
    assert not filing_day(at(MONDAY, 15), HOURS, calendar).differs
    off = filing_day(at(date(2026, 3, 6), 23), HOURS, calendar, after_hours_next_workday=False)
    assert not off.differs


def test_tickets_stop_near_closing_when_the_wait_would_pass_it() -> None:
    calendar = national()
    assert HOURS.takes_tickets(at(MONDAY, 9), timedelta(hours=3), calendar)
    assert HOURS.takes_tickets(at(MONDAY, 18, 50), timedelta(hours=2), calendar)
    assert not HOURS.takes_tickets(at(MONDAY, 19, 10), timedelta(minutes=25), calendar)
    assert HOURS.takes_tickets(at(MONDAY, 19, 10), timedelta(minutes=10), calendar)
    assert not HOURS.takes_tickets(at(MONDAY, 19, 30), timedelta(), calendar)
    assert not HOURS.takes_tickets(at(SUNDAY, 11), timedelta(), calendar)


def test_an_empty_stretch_is_refused() -> None:
    with pytest.raises(ValueError, match="end after"):
        TimeRange(time(14), time(14))
