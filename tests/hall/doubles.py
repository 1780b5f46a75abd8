"""A clock, letters and a calendar that work like the real ones and do as a test says."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from hall.calendar.model import CalendarLayer, WorkCalendar
from hall.intake.authority import Grant
from hall.journal.kernel import Clock
from hall.journal.refusal import Refusal

DAY = date(2026, 3, 2)
"""A Monday without holidays near."""


class HandClock:
    """A clock that a test sets; each look moves it on by a millisecond, so that ids and times differ."""

    def __init__(self, at: datetime | None = None) -> None:
        self.at = at or datetime(DAY.year, DAY.month, DAY.day, 2, 0, tzinfo=UTC)
        self._mono = 0

    def now(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at

    def mono_ms(self) -> int:
        self._mono += 1
        return self._mono

    def later(self, **much: float) -> None:
        self.at += timedelta(**much)

    def clock(self) -> Clock:
        return Clock(self.now, self.mono_ms, "b" * 32)


@dataclass
class Letters:
    """Powers by the day until which each is granted; a working double of the registered letters."""

    until: dict[str, date] = field(
        default_factory=lambda: dict.fromkeys(("ACCEPT", "HANDLE", "ISSUE", "SEAL"), date(2027, 12, 31))
    )

    def covers(self, *, window: int | None, item: str, department: str, power: str, day: date) -> Grant:
        if window is None:
            raise Refusal("no_power", "这个窗口不在本大厅的名录中，不能办理。")
        last = self.until.get(power)
        if last is None or day > last:
            raise Refusal("no_power", f"授权书示例1号已于{last}到期，不能行使{power}。")
        return Grant("letter-1", "示例市示例局")


def plain_calendar() -> WorkCalendar:
    return WorkCalendar(CalendarLayer("全国", covered_years=frozenset({2026})))
