"""What handing out a result needs from the hall."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

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

    def check_receiver(self, command_id: UUID, delivery_id: DeliveryId, receiver: Receiver) -> IdentityCheck:
        """Logged: who was checked, by whom, when."""

    def issue_proof(self, command_id: UUID, delivery_id: DeliveryId, receiver: Receiver) -> PaperRow:
        """Makes the 送达回证 for a signature by hand; the result is not handed over by it."""

    def hand_over(
        self, command_id: UUID, delivery_id: DeliveryId, receiver: Receiver, signature: Signature | None
    ) -> PaperRow:
        """Completes it, and makes the 送达回证 where there is none yet.

        Without a signature the clerk says that the issued proof was signed by hand; refused when none was.
        """
