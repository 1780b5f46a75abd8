"""What people said of a service, and what was done about it."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from hall.journal.marking import personal


@dataclass(frozen=True, slots=True)
class RatingRequested:
    """Once per service: `session` and `service_no` name it."""

    TYPE: ClassVar[str] = "rating.requested/1"
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
class RatingSubmitted:
    TYPE: ClassVar[str] = "rating.submitted/1"
    level: int
    reasons: tuple[str, ...]
    channel: str
    """"pad", "citizen_screen", "kiosk", "qrcode"."""
    anonymous: bool
    text: str | None = personal()


@dataclass(frozen=True, slots=True)
class RatingTimedOut:
    """Nobody answered: not rated. Silence is never an opinion (R22)."""

    TYPE: ClassVar[str] = "rating.timed_out/1"


@dataclass(frozen=True, slots=True)
class RatingDeclined:
    TYPE: ClassVar[str] = "rating.declined/1"


@dataclass(frozen=True, slots=True)
class RectificationOpened:
    """In its own dossier: a bad rating must be looked into (R23)."""

    TYPE: ClassVar[str] = "rectification.opened/1"
    rating: str
    case_no: str | None
    window: int | None
    verify_by: date


@dataclass(frozen=True, slots=True)
class RectificationMoved:
    TYPE: ClassVar[str] = "rectification.moved/1"
    to: str
    by: str
    note: str | None = personal()


FEEDBACK_EVENTS = (
    RatingRequested, RatingSubmitted, RatingTimedOut, RatingDeclined, RectificationOpened,
    RectificationMoved,
)  # fmt: skip
