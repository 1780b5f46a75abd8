"""What windows, kiosks and supervisors ask of ratings."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from hall.feedback.model import RectificationState
from hall.journal.typed_text import NOTE


@dataclass(frozen=True, slots=True)
class RequestRating:
    command_id: str
    rating: str
    session: str
    service_no: int
    service_name: str
    ticket: str | None
    number: str | None
    case: str | None
    case_no: str | None
    item_id: str | None
    window: int | None
    staff: str | None
    business_day: date


@dataclass(frozen=True, slots=True)
class SubmitRating:
    command_id: str
    rating: str
    level: int
    reasons: tuple[str, ...]
    text: Annotated[str, NOTE]
    channel: str
    anonymous: bool
    rectification: str
    """Dossier id of the rectification that a bad level opens, chosen by the caller."""
    verify_by: date
    actor: str = "citizen"


@dataclass(frozen=True, slots=True)
class EndRating:
    command_id: str
    rating: str
    declined: bool
    actor: str


@dataclass(frozen=True, slots=True)
class MoveRectification:
    command_id: str
    rectification: str
    to: RectificationState
    by: str
    note: Annotated[str, NOTE]
