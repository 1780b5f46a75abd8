"""What happened to a result; in the delivery's own dossier. Personal fields are sealed."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from hall.journal.marking import blob, personal


@dataclass(frozen=True, slots=True)
class DeliveryOpened:
    TYPE: ClassVar[str] = "delivery.opened/1"
    case: str
    case_no: str
    department: str
    item_id: str
    item_name: str
    result_name: str
    granted: bool
    decision_no: str | None
    sample: bool
    applicant_name: str | None = personal()
    applicant_cert_no: str | None = personal()
    agent_name: str | None = personal()
    agent_cert_no: str | None = personal()
    phone: str | None = personal()


@dataclass(frozen=True, slots=True)
class ResultArrived:
    """窗口点收: the papers lie in the hall."""

    TYPE: ClassVar[str] = "delivery.arrived/1"
    place: str
    by: str
    in_hand: tuple[str, ...] = ()
    """Kinds of document that the clerk has seen."""
    result_no: str | None = personal()
    """The number on the result: a licence's may be its holder's own number."""


@dataclass(frozen=True, slots=True)
class ResultReady:
    TYPE: ClassVar[str] = "delivery.ready/1"
    notified_by: str


@dataclass(frozen=True, slots=True)
class ReceiverChecked:
    TYPE: ClassVar[str] = "delivery.receiver_checked/1"
    matches: bool
    as_agent: bool
    source: str
    staff: str


@dataclass(frozen=True, slots=True)
class ProofIssued:
    """The 送达回证 was made for a signature by hand. The result is not with the person yet."""

    TYPE: ClassVar[str] = "delivery.proof_issued/1"
    on: date
    window: int
    staff: str
    as_agent: bool
    document_no: str | None
    receiver_name: str | None = personal()
    receiver_cert_no: str | None = personal()
    in_hand: tuple[str, ...] = ()
    result_no: str | None = personal()


@dataclass(frozen=True, slots=True)
class HandedOver:
    TYPE: ClassVar[str] = "delivery.handed_over/1"
    on: date
    window: int
    staff: str
    letter: str
    as_agent: bool
    document_no: str | None
    signature: str | None = blob(None)
    """SHA-256 of the sealed picture of the signature. None: signed by hand on the proof."""
    receiver_name: str | None = personal()
    receiver_cert_no: str | None = personal()
    in_hand: tuple[str, ...] = ()
    result_no: str | None = personal()


@dataclass(frozen=True, slots=True)
class PutInLocker:
    TYPE: ClassVar[str] = "delivery.put_in_locker/1"
    locker: str
    box: int
    by: str


@dataclass(frozen=True, slots=True)
class PickedUp:
    TYPE: ClassVar[str] = "delivery.picked/1"
    locker: str
    box: int


@dataclass(frozen=True, slots=True)
class LockerTimedOut:
    TYPE: ClassVar[str] = "delivery.locker_timeout/1"
    by: str


@dataclass(frozen=True, slots=True)
class Packed:
    TYPE: ClassVar[str] = "delivery.packed/1"
    by: str


@dataclass(frozen=True, slots=True)
class Mailed:
    TYPE: ClassVar[str] = "delivery.mailed/1"
    waybill: str
    by: str


@dataclass(frozen=True, slots=True)
class MailSigned:
    TYPE: ClassVar[str] = "delivery.mail_signed/1"
    proof: str | None = personal()
    """The carrier's words; they may name who signed."""


@dataclass(frozen=True, slots=True)
class MailReturned:
    TYPE: ClassVar[str] = "delivery.mail_returned/1"
    why: str | None = personal()


@dataclass(frozen=True, slots=True)
class ELicencePublished:
    TYPE: ClassVar[str] = "delivery.published/1"
    reference: str


@dataclass(frozen=True, slots=True)
class ResultIsReady:
    """In the case's dossier: its result lies in the hall."""

    TYPE: ClassVar[str] = "case.result_ready/1"
    delivery: str


@dataclass(frozen=True, slots=True)
class CaseDelivered:
    """In the case's dossier: the result is with the person."""

    TYPE: ClassVar[str] = "case.delivered/1"
    delivery: str


DELIVERY_EVENTS = (
    DeliveryOpened, ResultArrived, ResultReady, ReceiverChecked, ProofIssued, HandedOver, PutInLocker, PickedUp,
    LockerTimedOut, Packed, Mailed, MailSigned, MailReturned, ELicencePublished, ResultIsReady,
    CaseDelivered,
)  # fmt: skip
