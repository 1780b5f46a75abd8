"""What windows and departments ask of a case in review."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from hall.journal.typed_text import NOTE, OPINION, SHORT


@dataclass(frozen=True, slots=True)
class DispatchCase:
    command_id: str
    case: str
    desk: str
    department: str
    staff: str


@dataclass(frozen=True, slots=True)
class RecallDispatch:
    """The giver keeps it after all, as long as the desk has not taken it."""

    command_id: str
    case: str
    staff: str
    why: Annotated[str, NOTE]


@dataclass(frozen=True, slots=True)
class TakeCase:
    command_id: str
    case: str
    desk: str
    officer: str


@dataclass(frozen=True, slots=True)
class SendBack:
    command_id: str
    case: str
    officer: str
    reason: Annotated[str, OPINION]


@dataclass(frozen=True, slots=True)
class RecordStep:
    command_id: str
    case: str
    officer: str
    name: str
    action: str
    opinion: Annotated[str, OPINION]


@dataclass(frozen=True, slots=True)
class StartSpecial:
    command_id: str
    case: str
    officer: str
    kind: str
    reason: Annotated[str, OPINION]
    need_days: int
    business_day: date
    document_no: str | None


@dataclass(frozen=True, slots=True)
class EndSpecial:
    command_id: str
    case: str
    officer: str
    result: Annotated[str, OPINION]
    business_day: date


@dataclass(frozen=True, slots=True)
class ExtendLimit:
    command_id: str
    case: str
    approver: str
    days: int
    reason: Annotated[str, OPINION]
    business_day: date
    document_no: str | None
    joint: bool = False


@dataclass(frozen=True, slots=True)
class SendUp:
    command_id: str
    case: str
    officer: str
    to: Annotated[str, SHORT]
    business_day: date


@dataclass(frozen=True, slots=True)
class DecideCase:
    command_id: str
    case: str
    granted: bool
    reason: Annotated[str, OPINION]
    officer: str
    business_day: date
    document_no: str | None
    result_name: str
    valid_to: date | None
    delivery: str
    """Dossier id of the delivery that the result gets, chosen by the caller."""
    window: int | None = None
    """Set when a window decides with power HANDLE (即办)."""
