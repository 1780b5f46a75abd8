"""What taking in needs from outside the slice: powers and working days."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from hall.calendar.model import WorkCalendar


@dataclass(frozen=True, slots=True)
class Grant:
    """The letter that covers an act, and the organ in whose name it is done."""

    letter: str
    in_name_of: str


class Authority(Protocol):
    """Judges powers by the business day, never by the PC's clock (design 11.10)."""

    def covers(self, *, window: int | None, item: str, department: str, power: str, day: date) -> Grant:
        """`power` is ACCEPT, HANDLE, ISSUE or SEAL. Raises Refusal with the reason (R19)."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything the handlers judge by."""

    authority: Authority
    calendar: WorkCalendar
