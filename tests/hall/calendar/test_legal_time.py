from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.calendar.legal_time import (
    CaseFacts,
    ExtensionRefused,
    Limit,
    LimitUnit,
    Suspension,
    check_extension,
    legal_status,
)
from tests.hall.calendar.calendars import national

CALENDAR = national()
MONDAY = date(2026, 3, 2)  # no holiday until 清明节 (4 to 6 April 2026)
LICENCE = CaseFacts("01", MONDAY)
ACCEPTED = replace(LICENCE, answered=MONDAY, accepted=MONDAY)


def test_nobody_told_in_five_working_days_is_accepted_as_of_the_day_of_receipt() -> None:
    friday, sunday, monday = date(2026, 3, 6), date(2026, 3, 8), date(2026, 3, 9)
    assert legal_status(LICENCE, CALENDAR, friday).deemed_accepted_on is None
    assert legal_status(LICENCE, CALENDAR, monday).deemed_accepted_on is None
    tuesday = legal_status(LICENCE, CALENDAR, date(2026, 3, 10))
    assert tuesday.tell_by is not None
    assert tuesday.tell_by.day == monday
    assert tuesday.deemed_accepted_on == MONDAY
    assert tuesday.accepted_on == MONDAY
    assert tuesday.told_late
    assert tuesday.due is not None
    assert tuesday.due.day == CALENDAR.add_working_days(MONDAY, 20).day
    assert sunday < monday


def test_a_correction_in_time_keeps_the_clock_from_starting() -> None:
    told = replace(LICENCE, answered=date(2026, 3, 9))
    status = legal_status(told, CALENDAR, date(2026, 6, 1))
    assert status.deemed_accepted_on is None
    assert status.due is None
    assert not status.told_late


def test_a_late_correction_or_refusal_changes_nothing() -> None:
    late = replace(LICENCE, answered=date(2026, 3, 10))
    assert legal_status(late, CALENDAR, date(2026, 3, 10)).deemed_accepted_on == MONDAY


def test_a_late_written_acceptance_counts_from_receipt() -> None:
    late = replace(LICENCE, answered=date(2026, 3, 12), accepted=date(2026, 3, 12))
    assert legal_status(late, CALENDAR, date(2026, 3, 12)).accepted_on == MONDAY


def test_a_withdrawal_in_time_is_not_deemed_accepted() -> None:
    gone = replace(LICENCE, closed=date(2026, 3, 5))
    assert legal_status(gone, CALENDAR, date(2026, 6, 1)).deemed_accepted_on is None


@pytest.mark.parametrize("item_type", ["05", "07", "10", "20"])
def test_the_licensing_laws_clocks_bind_licences_only(item_type: str) -> None:
    status = legal_status(replace(LICENCE, item_type=item_type), CALENDAR, date(2027, 3, 1))
    assert status.tell_by is None
    assert status.deemed_accepted_on is None
    accepted = replace(ACCEPTED, item_type=item_type)
    assert legal_status(accepted, CALENDAR, MONDAY).due is None
    own = replace(accepted, promised=Limit(3))
    assert legal_status(own, CALENDAR, MONDAY).due == CALENDAR.add_working_days(MONDAY, 3)


def test_twenty_days_forty_five_jointly_and_extension() -> None:
    def due(facts: CaseFacts) -> date:
        found = legal_status(facts, CALENDAR, MONDAY).due
        assert found is not None
        return found.day

    assert due(ACCEPTED) == date(2026, 3, 30)
    assert due(replace(ACCEPTED, joint=True)) == CALENDAR.add_working_days(MONDAY, 45).day
    assert due(replace(ACCEPTED, extension_days=10)) == CALENDAR.add_working_days(MONDAY, 30).day
    assert due(replace(ACCEPTED, promised=Limit(5))) == date(2026, 3, 9)
    assert due(replace(ACCEPTED, promised=Limit(90))) == date(2026, 3, 30)
    assert due(replace(ACCEPTED, statutory=Limit(15, LimitUnit.CALENDAR_DAY))) == date(2026, 3, 17)
    assert due(replace(ACCEPTED, promised=Limit(0))) == MONDAY


@pytest.mark.parametrize(("days", "joint", "fine"), [(10, False, True), (11, False, False), (15, True, True)])
def test_extensions_are_limited_by_law(days: int, joint: bool, fine: bool) -> None:
    if fine:
        check_extension(days, joint=joint)
        return
    with pytest.raises(ExtensionRefused, match="10"):
        check_extension(days, joint=joint)


def test_a_special_procedure_stops_the_clock() -> None:
    stopped = replace(
        ACCEPTED, promised=Limit(5), suspensions=(Suspension(date(2026, 3, 4), date(2026, 3, 11)),)
    )
    status = legal_status(stopped, CALENDAR, date(2026, 3, 12))
    assert status.due is not None
    assert status.due.day == date(2026, 3, 16)  # 3, 4, then 12, 13, 16 March
    assert status.suspended_days == 5
    assert not status.suspended
    assert not status.overdue


def test_while_a_procedure_runs_nothing_gets_overdue() -> None:
    running = replace(ACCEPTED, promised=Limit(5), suspensions=(Suspension(date(2026, 3, 4)),))
    status = legal_status(running, CALENDAR, date(2026, 9, 1))
    assert status.suspended
    assert not status.overdue


def test_overlapping_procedures_are_counted_once() -> None:
    one = replace(ACCEPTED, suspensions=(Suspension(date(2026, 3, 4), date(2026, 3, 13)),))
    two = replace(
        ACCEPTED,
        suspensions=(
            Suspension(date(2026, 3, 4), date(2026, 3, 11)),
            Suspension(date(2026, 3, 9), date(2026, 3, 13)),
        ),
    )
    first, second = (legal_status(f, CALENDAR, date(2026, 3, 20)).due for f in (one, two))
    assert first == second


def test_overdue_is_counted_in_working_days_and_stops_at_the_decision() -> None:
    open_case = replace(ACCEPTED, promised=Limit(5))
    assert not legal_status(open_case, CALENDAR, date(2026, 3, 9)).overdue
    assert legal_status(open_case, CALENDAR, date(2026, 3, 16)).overdue_days == 5
    decided = replace(open_case, decided=date(2026, 3, 10))
    assert legal_status(decided, CALENDAR, date(2026, 9, 1)).overdue_days == 1


def test_the_licence_is_served_within_ten_working_days() -> None:
    decided = replace(ACCEPTED, decided=date(2026, 3, 9))
    status = legal_status(decided, CALENDAR, date(2026, 3, 23))
    assert status.serve_by is not None
    assert status.serve_by.day == date(2026, 3, 23)
    assert not status.serve_overdue
    assert legal_status(decided, CALENDAR, date(2026, 3, 24)).serve_overdue
    served = replace(decided, served=date(2026, 3, 20))
    assert not legal_status(served, CALENDAR, date(2026, 9, 1)).serve_overdue


def test_a_night_filing_counts_from_the_next_day_but_the_first_clock_from_the_real_one() -> None:
    saturday = date(2026, 3, 7)
    facts = CaseFacts("01", saturday, counted_from=date(2026, 3, 9), answered=saturday, accepted=saturday)
    status = legal_status(facts, CALENDAR, saturday)
    assert status.accepted_on == date(2026, 3, 9)
    assert status.tell_by is not None
    assert status.tell_by.day == date(2026, 3, 13)


def test_limits_into_a_year_without_holidays_are_provisional() -> None:
    late = replace(
        ACCEPTED, received=date(2026, 12, 21), answered=date(2026, 12, 21), accepted=date(2026, 12, 21)
    )
    assert legal_status(late, CALENDAR, date(2026, 12, 21)).provisional
    assert not legal_status(ACCEPTED, CALENDAR, MONDAY).provisional


@given(
    offset=st.integers(0, 90),
    told=st.one_of(st.none(), st.integers(0, 30)),
    start=st.integers(0, 20),
    length=st.integers(0, 20),
)
def test_effects_once_come_never_go_back(offset: int, told: int | None, start: int, length: int) -> None:
    """Deemed acceptance on a day still holds on every later day, with the same date."""
    begin = MONDAY + timedelta(days=start)
    facts = replace(
        LICENCE,
        answered=None if told is None else MONDAY + timedelta(days=told),
        suspensions=(Suspension(begin, begin + timedelta(days=length)),),
    )
    today = MONDAY + timedelta(days=offset)
    now = legal_status(facts, CALENDAR, today)
    later = legal_status(facts, CALENDAR, today + timedelta(days=40))
    if now.deemed_accepted_on is not None:
        assert later.deemed_accepted_on == now.deemed_accepted_on
        assert later.due == now.due
