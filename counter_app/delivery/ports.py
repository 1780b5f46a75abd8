"""What handing out a result needs from the hall."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from counter_app.delivery.documents import DueDocument, InHand
from counter_app.take_in.ports import Source
from counter_app.values import DeliveryId, PaperRow, Signature


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A result that lies ready. `blocked` says why it may not be handed out (open errand, no power); empty: may."""

    delivery_id: DeliveryId
    case_no: str
    item_name: str
    result_name: str
    masked_name: str
    state_text: str
    place: str
    """Where it lies (「3号柜 12」)."""
    documents: tuple[DueDocument, ...]
    blocked: str = ""


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who stands at the window to fetch it."""

    name: str
    cert_no: str
    source: Source


@dataclass(frozen=True, slots=True)
class IdentityCheck:
    """The answer to a check. `matches` False: `text` says what does not fit and what to do."""

    matches: bool
    text: str
    as_agent: bool = False


class DeliveryDesk(Protocol):
    """Every method may raise Refused; called on a worker thread. The same command id twice has one effect."""

    def results(self, text: str) -> tuple[ResultRow, ...]:
        """Ready results by name, case number or pick-up code; empty text: the latest of this hall."""

    def count_in(self, command_id: UUID, delivery_id: DeliveryId, seen: InHand) -> None:
        """点收: from now on the person is told that it can be fetched. Refused while a document is missing."""

    def check_receiver(self, command_id: UUID, delivery_id: DeliveryId, receiver: Receiver) -> IdentityCheck:
        """Logged: who was checked, by whom, when."""

    def issue_proof(
        self, command_id: UUID, delivery_id: DeliveryId, receiver: Receiver, seen: InHand
    ) -> PaperRow:
        """Makes the 送达回证 for a signature by hand, of exactly these documents; nothing is handed over by it."""

    def hand_over(
        self,
        command_id: UUID,
        delivery_id: DeliveryId,
        receiver: Receiver,
        signature: Signature | None,
        seen: InHand,
    ) -> PaperRow:
        """Completes it, and makes the 送达回证 where there is none yet.

        Without a signature the clerk says that the issued proof was signed by hand; refused when none was.
        """
