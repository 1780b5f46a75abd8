from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.calendar.loading import CalendarFileError, hall_layer, load_layer
from hall.calendar.model import DayEntry, DayKind
from tests.hall.calendar.calendars import RESOURCES, national, xinjiang


def test_every_day_of_2020_to_2026_agrees_with_the_published_notices() -> None:
    calendar = national()
    day = date(2020, 1, 1)
    while day <= date(2026, 12, 31):
        assert calendar.is_working_day(day) == chinese_calendar.is_workday(day), day
        assert not calendar.day(day).provisional
        day += timedelta(days=1)


def test_the_day_of_the_event_is_not_counted_and_holidays_are_named() -> None:
    # National Day 2025: 1 to 8 October off, 28 September and 11 October worked
    due = national().add_working_days(date(2025, 9, 30), 5)
    assert due.day == date(2025, 10, 14)
    assert "国庆节" in {d.name for d in due.skipped if d.kind is DayKind.HOLIDAY}
    assert date(2025, 10, 11) not in {d.day for d in due.skipped}
    assert date(2025, 10, 12) in {d.day for d in due.skipped}
    assert not due.provisional
    assert due.missing_layers == ()


def test_a_year_without_data_uses_weekends_and_says_so() -> None:
    due = national().add_working_days(date(2026, 12, 30), 5)
    assert due.day == date(2027, 1, 6)
    assert due.provisional
    assert due.missing_layers == ("国家",)


def test_xinjiang_has_days_of_its_own_in_2022_only() -> None:
    assert not xinjiang().is_working_day(date(2022, 7, 11))
    assert national().is_working_day(date(2022, 7, 11))
    assert xinjiang().day(date(2022, 5, 5)).name == "肉孜节"
    assert xinjiang().add_working_days(date(2022, 7, 8), 1).day == date(2022, 7, 14)
    later = xinjiang().add_working_days(date(2026, 3, 2), 5)
    assert later.missing_layers == ("新疆",)
    assert not later.provisional


def test_the_halls_own_layer_wins() -> None:
    moved = hall_layer(
        {
            date(2022, 7, 11): DayEntry(DayKind.MADE_UP, "搬迁补班"),
            date(2022, 7, 15): DayEntry(DayKind.HOLIDAY, "停电"),
        }
    )
    calendar = replace(xinjiang(), hall=moved)
    assert calendar.day(date(2022, 7, 11)).layer == "大厅"
    assert calendar.is_working_day(date(2022, 7, 11))
    assert calendar.add_working_days(date(2022, 7, 14), 1).day == date(2022, 7, 18)


def test_zero_days_is_the_day_itself_or_the_next_working_day() -> None:
    assert national().add_working_days(date(2026, 3, 2), 0).day == date(2026, 3, 2)
    assert national().add_working_days(date(2026, 3, 1), 0).day == date(2026, 3, 2)


def test_calendar_days_end_on_a_working_day() -> None:
    assert national().add_calendar_days(date(2026, 3, 2), 10).day == date(2026, 3, 12)
    assert national().add_calendar_days(date(2026, 3, 2), 5).day == date(2026, 3, 9)


@pytest.mark.parametrize("n", [-1, 5000])
def test_impossible_limits_are_refused(n: int) -> None:
    with pytest.raises(ValueError, match="limit"):
        national().add_working_days(date(2026, 3, 2), n)


@given(start=st.dates(date(2020, 1, 1), date(2026, 6, 1)), n=st.integers(1, 60))
def test_counting_there_and_back_agrees(start: date, n: int) -> None:
    calendar = xinjiang()
    due = calendar.add_working_days(start, n)
    assert calendar.is_working_day(due.day)
    assert calendar.working_days_between(start, due.day) == n
    passed = (due.day - start).days
    assert passed == n + len(due.skipped)


def test_a_missing_file_is_named() -> None:
    with pytest.raises(CalendarFileError, match="无法读取"):
        load_layer(RESOURCES / "none.json")


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ('[{"day": "2026-13-01", "kind": "holiday", "name": "错"}]', "“days”第1条"),
        ('[{"day": "2026-01-01", "kind": "feast", "name": "错"}]', "“kind”"),
        (
            '[{"day": "2026-01-01", "kind": "holiday", "name": "元旦"},'
            ' {"day": "2026-01-01", "kind": "holiday", "name": "元旦"}]',
            "第2条：2026-01-01 重复",
        ),
    ],
)
def test_a_wrong_entry_is_named(tmp_path: Path, days: str, said: str) -> None:
    path = tmp_path / "layer.json"
    path.write_text(f'{{"name": "试", "source": "试", "covered_years": [2026], "days": {days}}}', "utf-8")
    with pytest.raises(CalendarFileError, match=said):
        load_layer(path)
