"""The working-day calendar of a hall: a national layer, a region's layer and the hall's own, the later wins.

Dates are days in China (UTC+8, no summer time). Nothing here reads a file or a clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from typing import Final

# a limit is at most 45 + 15 working days and suspensions of months; past this something is wrong with the
# input
_LONGEST_WALK_DAYS: Final = 3660


class DayKind(Enum):
    """What a day is. WORKDAY and MADE_UP are worked, the others are not."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MADE_UP = "made_up"

    @property
    def is_worked(self) -> bool:
        return self in (DayKind.WORKDAY, DayKind.MADE_UP)

    @property
    def text(self) -> str:
        return _KIND_TEXTS[self]


_KIND_TEXTS: Final[Mapping[DayKind, str]] = {
    DayKind.WORKDAY: "工作日",
    DayKind.WEEKEND: "周末",
    DayKind.HOLIDAY: "节假日",
    DayKind.MADE_UP: "调休上班",
}


@dataclass(frozen=True, slots=True)
class DayEntry:
    """One day that a notice sets apart from the weekend rule."""

    kind: DayKind
    name: str


@dataclass(frozen=True, slots=True)
class CalendarLayer:
    """Entries of one publisher. `covered_years`: years whose notice is imported (an empty year may be
    covered).
    """

    name: str
    entries: Mapping[date, DayEntry] = field(default_factory=dict)
    covered_years: frozenset[int] = frozenset()
    source: str = ""


@dataclass(frozen=True, slots=True)
class DayInfo:
    """A day as the whole calendar sees it. `provisional`: the national holidays of its year are not
    imported.
    """

    day: date
    kind: DayKind
    name: str
    layer: str
    provisional: bool


@dataclass(frozen=True, slots=True)
class Due:
    """Result of counting: the last day of the limit and why it is that day.

    `skipped`: days passed over because nobody works on them or the clock stood still.
    `provisional`: some day counted lies in a year without national holidays (weekend rule used).
    `missing_layers`: layers (region too) without a notice for a year that was touched; to be shown, not
    fatal.
    """

    day: date
    skipped: tuple[DayInfo, ...] = ()
    provisional: bool = False
    missing_layers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """National layer, then the region's, then the hall's; the last entry for a day is the one that holds."""

    national: CalendarLayer
    region: CalendarLayer | None = None
    hall: CalendarLayer | None = None

    def day(self, day: date) -> DayInfo:
        """What `day` is, by the last layer that says something, else by the weekend rule."""
        provisional = day.year not in self.national.covered_years
        for layer in (self.hall, self.region, self.national):
            entry = layer.entries.get(day) if layer is not None else None
            if layer is not None and entry is not None:
                return DayInfo(day, entry.kind, entry.name, layer.name, provisional)
        kind = DayKind.WEEKEND if day.weekday() >= 5 else DayKind.WORKDAY
        return DayInfo(day, kind, kind.text, "", provisional)

    def is_working_day(self, day: date) -> bool:
        return self.day(day).kind.is_worked

    def missing_layers(self, years: frozenset[int]) -> tuple[str, ...]:
        """Names of the national and regional layers that lack one of `years`."""
        layers = [layer for layer in (self.national, self.region) if layer is not None]
        return tuple(layer.name for layer in layers if not years <= layer.covered_years)

    def add_working_days(self, start: date, n: int, stopped: frozenset[date] = frozenset()) -> Due:
        """The n-th working day after `start` (the day of the event itself is not counted).

        Days in `stopped` (a suspended clock) are passed over. n = 0 gives `start`, or the next working day
        when nobody works on `start`. Raises ValueError for n < 0 or when the walk would pass ten years.
        """
        if n < 0:
            raise ValueError("a limit cannot be negative")
        skipped: list[DayInfo] = []
        day, left, provisional = start, n, False
        if n == 0:
            day, left = start - timedelta(days=1), 1
        while left:
            day += timedelta(days=1)
            if (day - start).days > _LONGEST_WALK_DAYS:
                raise ValueError("the limit lies more than ten years ahead")
            info = self.day(day)
            provisional = provisional or info.provisional
            if info.kind.is_worked and day not in stopped:
                left -= 1
            else:
                skipped.append(info)
        return Due(day, tuple(skipped), provisional, self.missing_layers(_years(start, day)))

    def add_calendar_days(self, start: date, n: int, stopped: frozenset[date] = frozenset()) -> Due:
        """The n-th day after `start`, moved on to a working day when it is none (民法典 203)."""
        if n < 0:
            raise ValueError("a limit cannot be negative")
        day, left, skipped = start, n, []
        while left:
            day += timedelta(days=1)
            if (day - start).days > _LONGEST_WALK_DAYS:
                raise ValueError("the limit lies more than ten years ahead")
            if day in stopped:
                skipped.append(self.day(day))
            else:
                left -= 1
        end = self.add_working_days(day, 0, stopped)
        return Due(
            end.day,
            (*skipped, *end.skipped),
            end.provisional,
            self.missing_layers(_years(start, end.day)),
        )

    def working_days_between(self, after: date, until: date) -> int:
        """Working days in (after, until]; 0 when `until` is not later."""
        return sum(1 for day in days_of(after + timedelta(days=1), until) if self.is_working_day(day))

    def next_working_day(self, after: date) -> Due:
        """The first working day later than `after`."""
        return self.add_working_days(after, 1)


def days_of(first: date, last: date) -> Iterator[date]:
    """Every day from `first` to `last`, both included; nothing when `last` is earlier."""
    day = first
    while day <= last:
        yield day
        day += timedelta(days=1)


def _years(first: date, last: date) -> frozenset[int]:
    return frozenset(range(first.year, last.year + 1))
