"""What windows ask of a result."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from hall.journal.typed_text import NAME, NOTE, NUMBER, SHORT


@dataclass(frozen=True, slots=True)
class ArriveResult:
    """`in_hand`: the kinds of document (DocumentKind) that the clerk has seen; all that are due, or it is refused."""

    command_id: str
    delivery: str
    place: Annotated[str, SHORT]
    staff: str
    in_hand: tuple[str, ...]
    result_no: Annotated[str, NUMBER] = ""
    """The number on the result itself; empty where it has none."""


@dataclass(frozen=True, slots=True)
class CheckReceiver:
    command_id: str
    delivery: str
    name: Annotated[str, NAME]
    cert_no: Annotated[str, NUMBER]
    source: str
    staff: str


@dataclass(frozen=True, slots=True)
class IssueProof:
    """The 送达回证 goes to the printer; who fetches the result signs it."""

    command_id: str
    delivery: str
    name: Annotated[str, NAME]
    cert_no: Annotated[str, NUMBER]
    window: int
    staff: str
    business_day: date
    document_no: str | None
    in_hand: tuple[str, ...]
    """As in ArriveResult: what lies in the clerk's hand now."""
    result_no: Annotated[str, NUMBER] = ""


@dataclass(frozen=True, slots=True)
class HandOver:
    command_id: str
    delivery: str
    name: Annotated[str, NAME]
    cert_no: Annotated[str, NUMBER]
    window: int
    staff: str
    business_day: date
    document_no: str | None
    signature: str | None
    """SHA-256 of the sealed picture. None: the clerk has seen the name written on the proof that was issued."""
    in_hand: tuple[str, ...]
    """As in ArriveResult: what lies in the clerk's hand now."""
    result_no: Annotated[str, NUMBER] = ""


@dataclass(frozen=True, slots=True)
class PutInLocker:
    command_id: str
    delivery: str
    locker: Annotated[str, SHORT]
    box: int
    staff: str


@dataclass(frozen=True, slots=True)
class PickUp:
    command_id: str
    delivery: str
    actor: str


@dataclass(frozen=True, slots=True)
class EmptyLocker:
    command_id: str
    delivery: str
    staff: str


@dataclass(frozen=True, slots=True)
class PackResult:
    command_id: str
    delivery: str
    staff: str


@dataclass(frozen=True, slots=True)
class MailResult:
    command_id: str
    delivery: str
    waybill: Annotated[str, NUMBER]
    staff: str


@dataclass(frozen=True, slots=True)
class ConfirmMail:
    command_id: str
    delivery: str
    signed: bool
    text: Annotated[str, NOTE]
    staff: str


@dataclass(frozen=True, slots=True)
class PublishLicence:
    command_id: str
    delivery: str
    reference: Annotated[str, SHORT]
    staff: str
