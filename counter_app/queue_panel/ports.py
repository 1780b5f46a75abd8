"""What the queue panel needs from the hall: the board, and the acts on a ticket (domain 7.1)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from counter_app.values import ItemId, TicketId


class TicketState(StrEnum):
    """The states a window sees."""

    WAITING = "WAITING"
    CALLED = "CALLED"
    SERVING = "SERVING"
    HELD = "HELD"
    MISSED = "MISSED"


class TicketOutcome(StrEnum):
    """How a visit ended (domain 7.1, SERVING -> DONE)."""

    ACCEPTED = "ACCEPTED"
    PICKUP = "PICKUP"
    CONSULT = "CONSULT"
    PAY = "PAY"
    WRONG_QUEUE = "WRONG_QUEUE"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class TicketRow:
    """One ticket as the panel draws it."""

    ticket_id: TicketId
    number: str
    business: str
    state: TicketState
    waited_min: int = 0
    priority: str = ""
    """Shown reason for going first (「军人优先」), or empty."""
    booked_at: str = ""
    """「10:30」 for an appointment, else empty."""
    person: str = ""
    """Masked name, where the ticket is real-name; else empty."""
    calls: int = 0
    note: str = ""
    """Why it is held or missed."""
    item_ids: tuple[ItemId, ...] = ()
    """Items chosen at the kiosk: the first is opened when service starts."""
    corrects: bool = False
    """The citizen brings what a correction notice asked for."""


@dataclass(frozen=True, slots=True)
class QueueBoard:
    """Everything the panel lists. `current` is this window's ticket (called or being served)."""

    waiting: tuple[TicketRow, ...] = ()
    held: tuple[TicketRow, ...] = ()
    missed: tuple[TicketRow, ...] = ()
    current: TicketRow | None = None
    average_wait_min: int = 0
    cut_off: bool = False
    """The node does not answer: only slips that citizens bring can be served."""


@dataclass(frozen=True, slots=True)
class QueueChoice:
    """A queue that a ticket can be sent on to."""

    queue_id: str
    name: str
    waiting: int


class QueueDesk(Protocol):
    """Every method may raise Refused; called on a worker thread. The same command id twice has one effect."""

    def board(self) -> QueueBoard: ...

    def queues(self) -> tuple[QueueChoice, ...]: ...

    def call_next(self, command_id: UUID) -> TicketRow: ...

    def recall(self, command_id: UUID, ticket_id: TicketId) -> TicketRow: ...

    def miss(self, command_id: UUID, ticket_id: TicketId, reason: str) -> None: ...

    def start(self, command_id: UUID, ticket_id: TicketId) -> TicketRow: ...

    def hold(self, command_id: UUID, ticket_id: TicketId, reason: str) -> None: ...

    def resume(self, command_id: UUID, ticket_id: TicketId) -> TicketRow:
        """HELD -> CALLED at this window."""

    def reactivate(self, command_id: UUID, ticket_id: TicketId) -> None:
        """MISSED -> WAITING, within the hall's limits (R26)."""

    def transfer(self, command_id: UUID, ticket_id: TicketId, queue_id: str) -> None: ...

    def done(self, command_id: UUID, ticket_id: TicketId, outcome: TicketOutcome) -> None: ...

    def serve_slip(self, command_id: UUID, code: str) -> TicketRow:
        """The citizen's slip is itself a claim: serve the ticket that was scanned or typed, node or no node."""
