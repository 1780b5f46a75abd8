"""Handing out a result, as the page draws it. No Qt."""

from dataclasses import dataclass
from enum import IntEnum

from counter_app.delivery.documents import DueDocument
from counter_app.delivery.ports import IdentityCheck, Receiver, ResultRow
from counter_app.take_in.ports import Source
from counter_app.values import NO_NOTICE, PaperRow, Signature
from ui.notice import Notice


class DeliveryStep(IntEnum):
    CHOOSE = 0
    DOCUMENTS = 1
    IDENTITY = 2
    SIGN = 3
    DONE = 4


NOBODY = Receiver("", "", Source.TYPED)


@dataclass(frozen=True, slots=True)
class DeliveryState:
    """Everything the delivery page draws. The receiver's number is held only until the hand-over."""

    step: DeliveryStep = DeliveryStep.CHOOSE
    text: str = ""
    results: tuple[ResultRow, ...] = ()
    at: int = 0
    documents: tuple[DueDocument, ...] = ()
    """Of the chosen result, with what the clerk has said of them."""
    document_at: int = 0
    receiver: Receiver = NOBODY
    check: IdentityCheck | None = None
    signature: Signature | None = None
    asking_signature: bool = False
    handed_over_at: str = ""
    """「14:05」, once it is handed over."""
    proof: PaperRow | None = None
    """The 送达回证: for a signature by hand it is made before the hand-over."""
    proof_out: bool = False
    """The printer has taken it, so that it can be signed."""
    proof_failed: bool = False
    """The printer did not take it: a proof written by hand, with its number, may be signed instead."""
    busy: str = ""
    notice: Notice = NO_NOTICE

    @property
    def signed_by(self) -> str:
        """Where the receiver's signature stands, once there can be one."""
        if self.signature is not None:
            return "screen"
        return "paper" if self.proof_out else "hand" if self.proof_failed else ""

    @property
    def printable(self) -> PaperRow | None:
        """The document under the cursor, or the first that this window can print."""
        under = self.documents[self.document_at : self.document_at + 1]
        return next((d.paper for d in (*under, *self.documents) if d.paper is not None), None)

    @property
    def result(self) -> ResultRow | None:
        return self.results[self.at] if self.at < len(self.results) else None
