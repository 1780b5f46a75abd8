"""When the hall is open: two seasons a year, several stretches a day, overtime days, and the business day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from typing import Final

from hall.calendar.model import WorkCalendar

# China keeps one time without summer time: a fixed offset needs no time-zone files on the hall's machines
CHINA_TIME: Final = timezone(timedelta(hours=8), "Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class TimeRange:
    """Open from `start` (included) to `end` (not included) on one day. Raises ValueError when it is empty."""

    start: time
    end: time

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError("an opening stretch must end after it starts")

    @property
    def text(self) -> str:
        return f"{self.start:%H:%M}—{self.end:%H:%M}"


@dataclass(frozen=True, slots=True)
class Season:
    """Hours that hold from (month, day) until the next season's start."""

    name: str
    from_month: int
    from_day: int
    ranges: tuple[TimeRange, ...]


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """Seasons in any order (at least one), and days with hours of their own (overtime, closed early)."""

    seasons: tuple[Season, ...]
    special_days: Mapping[date, tuple[TimeRange, ...]] = field(default_factory=dict)
    ticket_stop_minutes: int = 0

    def season_of(self, day: date) -> Season:
        """The season that holds on `day`; before the year's first start, last year's last season goes on."""
        ordered = sorted(self.seasons, key=lambda s: (s.from_month, s.from_day))
        started = [s for s in ordered if (s.from_month, s.from_day) <= (day.month, day.day)]
        return started[-1] if started else ordered[-1]

    def on(self, day: date, calendar: WorkCalendar) -> tuple[TimeRange, ...]:
        """Open stretches of `day`, in order; empty on a day that is not worked and has no hours of its
        own.
        """
        special = self.special_days.get(day)
        if special is not None:
            return special
        return self.season_of(day).ranges if calendar.is_working_day(day) else ()

    def is_open(self, at: datetime, calendar: WorkCalendar) -> bool:
        """`at` must carry its time zone."""
        local = china_time(at)
        return any(r.start <= local.time() < r.end for r in self.on(local.date(), calendar))

    def closing(self, day: date, calendar: WorkCalendar) -> datetime | None:
        """When the last stretch of `day` ends; None when the hall stays closed."""
        ranges = self.on(day, calendar)
        return datetime.combine(day, ranges[-1].end, CHINA_TIME) if ranges else None

    def takes_tickets(self, at: datetime, wait: timedelta, calendar: WorkCalendar) -> bool:
        """May a ticket still be issued? Not once closing is near and the expected wait would pass it.

        Before opening and in the midday break tickets are issued; after closing they are not.
        """
        local = china_time(at)
        closing = self.closing(local.date(), calendar)
        if closing is None or local >= closing:
            return False
        near = local >= closing - timedelta(minutes=self.ticket_stop_minutes)
        return not (near and local + wait > closing)


def china_time(at: datetime) -> datetime:
    """`at` in China time. Raises ValueError for a time without a zone: guessing one has cost others a day."""
    if at.tzinfo is None:
        raise ValueError("the time carries no time zone")
    return at.astimezone(CHINA_TIME)


def business_day(at: datetime) -> date:
    """The day in China on which `at` falls: ticket series and papers are numbered by it."""
    return china_time(at).date()


@dataclass(frozen=True, slots=True)
class DayZero:
    """Both dates of a filing: when it really came, and the day from which limits are counted."""

    real: date
    counted: date

    @property
    def differs(self) -> bool:
        return self.real != self.counted


def filing_day(
    at: datetime, hours: OpeningHours, calendar: WorkCalendar, *, after_hours_next_workday: bool = True
) -> DayZero:
    """Day 0 of a filing made at `at` (kiosk and 24h area file at night too).

    With the setting on, what comes after the last stretch or on a closed day counts as of the next working
    day; what comes before opening or in the midday break counts as of the same day.
    """
    local = china_time(at)
    real = local.date()
    closing = hours.closing(real, calendar)
    in_time = closing is not None and local < closing
    if in_time or not after_hours_next_workday:
        return DayZero(real, real)
    return DayZero(real, calendar.next_working_day(real).day)
