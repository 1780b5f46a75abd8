"""What people ask of the queue. `command_id` is chosen by the caller: twice has one effect."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from hall.journal.typed_text import LONG_NAME, NOTE, NUMBER, SHORT
from hall.queueing.model import Outcome, Priority, Source


@dataclass(frozen=True, slots=True)
class IssueTicket:
    command_id: str
    ticket: str
    """Dossier id of the new ticket, chosen by the caller."""
    series: str
    business_day: date
    queue: str
    queue_name: str
    matter: Annotated[str, LONG_NAME]
    item_id: str | None
    priority: Priority
    source: Source
    device: str
    actor: str
    away: bool = False
    turn: int | None = None
    """Which of a pair of nodes gives this number (model.first_of_turn); None where there is no second one."""


@dataclass(frozen=True, slots=True)
class CallNext:
    """A claim at the node: the best waiting ticket of these queues goes to this window."""

    command_id: str
    window: int
    window_name: str
    staff: str
    terminal: str
    """Node id of the machine that takes the ticket."""
    queues: tuple[str, ...]
    prior_queues: tuple[str, ...]
    epoch: int
    business_day: date


@dataclass(frozen=True, slots=True)
class CallThis:
    """A claim at the node for one named ticket (returned from hold, or shown at the window)."""

    command_id: str
    ticket: str
    window: int
    window_name: str
    staff: str
    terminal: str
    epoch: int


@dataclass(frozen=True, slots=True)
class Recall:
    command_id: str
    ticket: str
    staff: str


@dataclass(frozen=True, slots=True)
class StartService:
    command_id: str
    ticket: str
    staff: str
    session: str


@dataclass(frozen=True, slots=True)
class HoldTicket:
    command_id: str
    ticket: str
    staff: str
    reason: Annotated[str, SHORT]


@dataclass(frozen=True, slots=True)
class MissTicket:
    command_id: str
    ticket: str
    staff: str
    reason: Annotated[str, SHORT]


@dataclass(frozen=True, slots=True)
class ReactivateTicket:
    command_id: str
    ticket: str
    staff: str


@dataclass(frozen=True, slots=True)
class TransferTicket:
    command_id: str
    ticket: str
    staff: str
    to_queue: str
    to_queue_name: str
    reason: Annotated[str, SHORT]


@dataclass(frozen=True, slots=True)
class FinishTicket:
    command_id: str
    ticket: str
    staff: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class CancelTicket:
    command_id: str
    ticket: str
    actor: str
    reason: Annotated[str, NOTE]


@dataclass(frozen=True, slots=True)
class PutOnTop:
    command_id: str
    ticket: str
    manager: str
    reason: Annotated[str, NOTE]


@dataclass(frozen=True, slots=True)
class ExpireDay:
    """End of the business day: every open ticket that this machine owns becomes void."""

    command_id: str
    business_day: date
    actor: str


@dataclass(frozen=True, slots=True)
class ServeSlip:
    """Without the node: serve the number that the citizen shows."""

    command_id: str
    visit: str
    ticket: str
    number: Annotated[str, NUMBER]
    window: int
    staff: str
    session: str


@dataclass(frozen=True, slots=True)
class FinishVisit:
    command_id: str
    visit: str
    staff: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class RequestTicket:
    """At a kiosk, before the node is asked."""

    command_id: str
    request: str
    queue: str
    matter: Annotated[str, LONG_NAME]
    item_id: str | None
    priority: Priority
    actor: str


@dataclass(frozen=True, slots=True)
class EndTicketRequest:
    command_id: str
    request: str
    how: str
    actor: str


@dataclass(frozen=True, slots=True)
class BeginSlip:
    """seen: the number stands before the person's eyes, so its request is over whatever the printer does."""

    command_id: str
    ticket: str
    number: str
    reprint: bool
    seen: bool
    actor: str


@dataclass(frozen=True, slots=True)
class RecordSlip:
    """Write down what the printer said."""

    command_id: str
    ticket: str
    number: str
    result: str
    reprint: bool
    actor: str


@dataclass(frozen=True, slots=True)
class OpenWindow:
    command_id: str
    window: int
    window_name: str
    staff: str
    staff_name: str
    queues: tuple[str, ...]
    prior_queues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PauseWindow:
    command_id: str
    window: int
    staff: str
    reason: Annotated[str, SHORT]


@dataclass(frozen=True, slots=True)
class ResumeWindow:
    command_id: str
    window: int
    staff: str


@dataclass(frozen=True, slots=True)
class CloseWindow:
    command_id: str
    window: int
    staff: str


@dataclass(frozen=True, slots=True)
class OpenDay:
    command_id: str
    business_day: date
    epoch: int
    actor: str
