"""What happened to a case from dispatch to decision; in the case's own dossier."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from hall.journal.marking import personal


@dataclass(frozen=True, slots=True)
class CaseDispatched:
    TYPE: ClassVar[str] = "case.dispatched/1"
    desk: str
    department: str


@dataclass(frozen=True, slots=True)
class CaseTaken:
    TYPE: ClassVar[str] = "case.taken/1"
    desk: str
    officer: str


@dataclass(frozen=True, slots=True)
class CaseSentBack:
    """Wrong desk: back to be dispatched again."""

    TYPE: ClassVar[str] = "case.sent_back/1"
    officer: str
    reason: str


@dataclass(frozen=True, slots=True)
class StepRecorded:
    TYPE: ClassVar[str] = "case.step_recorded/1"
    name: str
    officer: str
    action: str
    """"pass", "return", "other"."""
    opinion: str | None = personal()


@dataclass(frozen=True, slots=True)
class SpecialStarted:
    """A procedure of 许可法 45; its days are not counted and the applicant is told in writing."""

    TYPE: ClassVar[str] = "case.special_started/1"
    kind: str
    reason: str
    need_days: int
    on: date
    officer: str
    document_no: str | None


@dataclass(frozen=True, slots=True)
class SpecialEnded:
    TYPE: ClassVar[str] = "case.special_ended/1"
    on: date
    officer: str
    result: str


@dataclass(frozen=True, slots=True)
class LimitExtended:
    TYPE: ClassVar[str] = "case.limit_extended/1"
    days: int
    reason: str
    approver: str
    due: date
    document_no: str | None


@dataclass(frozen=True, slots=True)
class CaseSentUp:
    TYPE: ClassVar[str] = "case.sent_up/1"
    to: str
    on: date
    officer: str


@dataclass(frozen=True, slots=True)
class CaseDecided:
    TYPE: ClassVar[str] = "case.decided/1"
    granted: bool
    on: date
    officer: str
    in_name_of: str
    document_no: str | None
    result_name: str
    valid_to: date | None
    at_window: bool
    """即办: decided at the window with power HANDLE."""
    reason: str | None = personal()


REVIEW_EVENTS = (
    CaseDispatched, CaseTaken, CaseSentBack, StepRecorded, SpecialStarted, SpecialEnded, LimitExtended,
    CaseSentUp, CaseDecided,
)  # fmt: skip
