"""What time does to a case: one pure function from facts to legal effects, the same on every machine.

Nobody's clock or attention decides: deemed acceptance and lapse follow from the facts and the day asked
about; the owner of the dossier writes them down when it next acts. Law: 行政许可法 32(4), 42, 44, 45, 82.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

from hall.calendar.model import Due, WorkCalendar, days_of

LICENCE_TYPE: Final = "01"  # GB/T 39046 A.1: the licensing law's clocks bind this item type only
TELL_ONCE_DAYS: Final = 5  # 行政许可法 32(4)
DECIDE_DAYS: Final = 20  # 行政许可法 42(1)
DECIDE_JOINTLY_DAYS: Final = 45  # 行政许可法 42(2)
EXTEND_DAYS_MOST: Final = 10
EXTEND_JOINTLY_DAYS_MOST: Final = 15
SERVE_DAYS: Final = 10  # 行政许可法 44


class LimitUnit(Enum):
    """Unit of a limit, with the word that papers print."""

    WORKING_DAY = "工作日"
    CALENDAR_DAY = "日"


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit of an item. n = 0 means on the day itself (即办件)."""

    n: int
    unit: LimitUnit = LimitUnit.WORKING_DAY

    def __post_init__(self) -> None:
        if self.n < 0:
            raise ValueError("a limit cannot be negative")

    @property
    def text(self) -> str:
        if self.n == 0:
            return "当场办结"
        return f"{self.n}个{self.unit.value}" if self.unit is LimitUnit.WORKING_DAY else f"{self.n}日"


@dataclass(frozen=True, slots=True)
class Suspension:
    """A special procedure (许可法 45). Days after `start` up to and including `end` are not counted.

    `end` is None while it runs.
    """

    start: date
    end: date | None = None


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What has happened to a case, as dates in China. Facts only; nothing computed.

    `received` is the real day of receipt, `counted_from` the day 0 of an after-hours filing when it is later.
    `answered` is the first of correction notice, acceptance, non-acceptance; `accepted` the written
    acceptance.
    `closed` is the day of any end (decision, withdrawal, termination); `decided` only of a decision.
    """

    item_type: str
    received: date
    answered: date | None = None
    accepted: date | None = None
    suspensions: tuple[Suspension, ...] = ()
    extension_days: int = 0
    joint: bool = False
    statutory: Limit | None = None
    promised: Limit | None = None
    counted_from: date | None = None
    decided: date | None = None
    closed: date | None = None
    served: date | None = None


@dataclass(frozen=True, slots=True)
class LegalStatus:
    """Legal effects on the day asked about. None where a clock does not run (yet).

    `tell_by`: last day to tell all defects; `deemed_accepted_on`: the day of receipt, when nobody told in
    time.
    `due`: last day to decide by the promise (or the statute when nothing is promised); `statutory_due` by
    law.
    `suspended_days`: working days the clock stood still. `provisional`: see Due.
    """

    tell_by: Due | None
    deemed_accepted_on: date | None
    accepted_on: date | None
    due: Due | None
    statutory_due: Due | None
    serve_by: Due | None
    suspended: bool
    suspended_days: int
    told_late: bool
    overdue: bool
    overdue_days: int
    serve_overdue: bool
    provisional: bool


class ExtensionRefused(ValueError):
    """The extension is longer than the law lets anybody grant."""


def check_extension(days: int, *, joint: bool) -> None:
    """Raises ExtensionRefused for more than 10 (joint: 15) working days (许可法 42) or less than 1."""
    most = EXTEND_JOINTLY_DAYS_MOST if joint else EXTEND_DAYS_MOST
    if not 1 <= days <= most:
        raise ExtensionRefused(f"延长期限应为1至{most}个工作日")


def legal_status(facts: CaseFacts, calendar: WorkCalendar, today: date) -> LegalStatus:
    """Legal effects of time on `today`. Pure; raises ValueError for limits that cannot be."""
    licence = facts.item_type == LICENCE_TYPE
    tell_by = calendar.add_working_days(facts.received, TELL_ONCE_DAYS) if licence else None
    deemed_on = _deemed_accepted_on(facts, tell_by, today)
    accepted_on = deemed_on or _counted_acceptance(facts)
    stopped = _stopped_days(facts.suspensions, today)
    due, statutory_due = _decision_limits(facts, calendar, accepted_on, stopped)
    end = facts.decided or facts.closed
    overdue_days = _overdue_days(facts, calendar, due, end or today)
    serve_by = calendar.add_working_days(facts.decided, SERVE_DAYS) if licence and facts.decided else None
    parts = [d for d in (tell_by if accepted_on is None else None, due, statutory_due, serve_by) if d]
    return LegalStatus(
        tell_by=tell_by,
        deemed_accepted_on=deemed_on,
        accepted_on=accepted_on,
        due=due,
        statutory_due=statutory_due,
        serve_by=serve_by,
        suspended=end is None and any(s.start <= today and s.end is None for s in facts.suspensions),
        suspended_days=_counted_stops(calendar, stopped, accepted_on, end or today),
        told_late=tell_by is not None and (facts.answered or facts.closed or today) > tell_by.day,
        overdue=overdue_days > 0,
        overdue_days=overdue_days,
        serve_overdue=serve_by is not None and (facts.served or today) > serve_by.day,
        provisional=any(d.provisional for d in parts),
    )


def _deemed_accepted_on(facts: CaseFacts, tell_by: Due | None, today: date) -> date | None:
    """许可法 32(4): not told within five working days is accepted as of the day of receipt, whatever came
    later.
    """
    if tell_by is None:
        return None
    first_act = min((d for d in (facts.answered, facts.accepted, facts.closed) if d), default=today)
    return facts.received if first_act > tell_by.day else None


def _counted_acceptance(facts: CaseFacts) -> date | None:
    if facts.accepted is None:
        return None
    return max(facts.accepted, facts.counted_from) if facts.counted_from else facts.accepted


def _stopped_days(suspensions: tuple[Suspension, ...], today: date) -> frozenset[date]:
    """Every day on which some procedure ran; the day it started still counts as worked on."""
    return frozenset(day for s in suspensions for day in days_of(s.start, s.end or today) if day != s.start)


def _decision_limits(
    facts: CaseFacts, calendar: WorkCalendar, accepted_on: date | None, stopped: frozenset[date]
) -> tuple[Due | None, Due | None]:
    if accepted_on is None:
        return None, None
    statutory = facts.statutory
    if statutory is None and facts.item_type == LICENCE_TYPE:
        statutory = Limit(DECIDE_JOINTLY_DAYS if facts.joint else DECIDE_DAYS)
    by_law = _run(facts, calendar, accepted_on, statutory, stopped)
    promised = _run(facts, calendar, accepted_on, facts.promised, stopped)
    if by_law is not None and promised is not None and by_law.day < promised.day:
        promised = by_law  # R15: a promise can never be later than the law
    return promised or by_law, by_law


def _run(
    facts: CaseFacts, calendar: WorkCalendar, start: date, limit: Limit | None, stopped: frozenset[date]
) -> Due | None:
    if limit is None:
        return None
    if limit.unit is LimitUnit.WORKING_DAY:
        return calendar.add_working_days(start, limit.n + facts.extension_days, stopped)
    due = calendar.add_calendar_days(start, limit.n, stopped)
    return calendar.add_working_days(due.day, facts.extension_days, stopped) if facts.extension_days else due


def _overdue_days(facts: CaseFacts, calendar: WorkCalendar, due: Due | None, day: date) -> int:
    """Working days past the limit on `day` (or on the day it was closed)."""
    if due is None or day <= due.day:
        return 0
    return max(1, calendar.working_days_between(due.day, day))


def _counted_stops(
    calendar: WorkCalendar, stopped: frozenset[date], accepted_on: date | None, until: date
) -> int:
    if accepted_on is None:
        return 0
    return sum(1 for d in stopped if accepted_on < d <= until and calendar.is_working_day(d))
