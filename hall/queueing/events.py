"""What happened in the queue. Scope "queue": travels to kiosks and displays, so no personal data."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from hall.queueing.model import Outcome, Priority, Source


@dataclass(frozen=True, slots=True)
class TicketIssued:
    TYPE: ClassVar[str] = "ticket.issued/1"
    number: str
    series: str
    seq: int
    business_day: date
    queue: str
    queue_name: str
    matter: str
    """What the citizen came for, in the words of the menu."""
    item_id: str | None
    priority: Priority
    source: Source
    device: str
    away: bool = False
    """Issued by a kiosk in its own series, without the node."""
    appointment: str | None = None


@dataclass(frozen=True, slots=True)
class TicketCalled:
    TYPE: ClassVar[str] = "ticket.called/1"
    window: int
    window_name: str
    staff: str
    calls: int
    epoch: int
    """Queue epoch of the node; displays refuse a lower one than they have seen."""


@dataclass(frozen=True, slots=True)
class TicketStarted:
    TYPE: ClassVar[str] = "ticket.started/1"
    window: int
    staff: str
    session: str
    """Service session: joins ticket, cases and rating."""


@dataclass(frozen=True, slots=True)
class TicketHeld:
    TYPE: ClassVar[str] = "ticket.held/1"
    reason: str


@dataclass(frozen=True, slots=True)
class TicketMissed:
    TYPE: ClassVar[str] = "ticket.missed/1"
    reason: str


@dataclass(frozen=True, slots=True)
class TicketReactivated:
    TYPE: ClassVar[str] = "ticket.reactivated/1"
    by: str


@dataclass(frozen=True, slots=True)
class TicketTransferred:
    """Same number, a new leg in another queue (叫一次号)."""

    TYPE: ClassVar[str] = "ticket.transferred/1"
    to_queue: str
    to_queue_name: str
    reason: str


@dataclass(frozen=True, slots=True)
class TicketRequeued:
    TYPE: ClassVar[str] = "ticket.requeued/1"


@dataclass(frozen=True, slots=True)
class TicketPutOnTop:
    TYPE: ClassVar[str] = "ticket.put_on_top/1"
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class TicketDone:
    TYPE: ClassVar[str] = "ticket.done/1"
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class TicketCancelled:
    TYPE: ClassVar[str] = "ticket.cancelled/1"
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class TicketExpired:
    TYPE: ClassVar[str] = "ticket.expired/1"
    business_day: date


@dataclass(frozen=True, slots=True)
class TicketVoided:
    """The machine that held the number is lost for good: nobody is called by it, the person takes a new one."""

    TYPE: ClassVar[str] = "ticket.voided/1"
    machine_name: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class SeriesVoided:
    """A kiosk that counted in its own series is lost: what it gave behind the last number that was heard of is void,
    too, although nobody knows who holds it.
    """

    TYPE: ClassVar[str] = "series.voided/1"
    series: str
    business_day: date
    beyond: int
    machine_name: str


@dataclass(frozen=True, slots=True)
class TicketServedBySlip:
    """The node has learnt that a window served this person by the slip in hand."""

    TYPE: ClassVar[str] = "ticket.served_by_slip/1"
    visit: str
    window: int


@dataclass(frozen=True, slots=True)
class VisitOpened:
    """A window without the node serves the number that a citizen shows: the slip is the claim."""

    TYPE: ClassVar[str] = "visit.opened/1"
    ticket: str
    number: str
    window: int
    staff: str
    session: str


@dataclass(frozen=True, slots=True)
class VisitDone:
    TYPE: ClassVar[str] = "visit.done/1"
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class TicketRequested:
    """A kiosk is about to ask for a number; in its own dossier, so that it knows after a power cut."""

    TYPE: ClassVar[str] = "ticket_request.made/1"
    request: str
    queue: str
    matter: str
    item_id: str | None
    priority: Priority


@dataclass(frozen=True, slots=True)
class TicketRequestEnded:
    """Nothing of that request is open any more."""

    TYPE: ClassVar[str] = "ticket_request.ended/1"
    request: str
    how: str
    """"shown" (the person saw the number), "refused", "printed" (after a restart), "cancelled", "left" (called
    or over before it could be cancelled)."""


@dataclass(frozen=True, slots=True)
class SlipBegun:
    """The printer gets a slip now; SlipPrinted of the same ticket says what became of it."""

    TYPE: ClassVar[str] = "slip.begun/1"
    ticket: str
    number: str
    reprint: bool = False


@dataclass(frozen=True, slots=True)
class SlipPrinted:
    """What the printer said about a slip; in the printing machine's own dossier."""

    TYPE: ClassVar[str] = "slip.printed/1"
    ticket: str
    number: str
    result: str
    """"confirmed", "unconfirmed", "unknown", "stopped", "no_paper", "offline"."""
    reprint: bool = False


@dataclass(frozen=True, slots=True)
class WindowOpened:
    TYPE: ClassVar[str] = "window.opened/1"
    window: int
    window_name: str
    staff: str
    staff_name: str
    queues: tuple[str, ...]
    prior_queues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WindowPaused:
    TYPE: ClassVar[str] = "window.paused/1"
    window: int
    reason: str


@dataclass(frozen=True, slots=True)
class WindowResumed:
    TYPE: ClassVar[str] = "window.resumed/1"
    window: int


@dataclass(frozen=True, slots=True)
class WindowClosed:
    TYPE: ClassVar[str] = "window.closed/1"
    window: int


@dataclass(frozen=True, slots=True)
class DayOpened:
    """The node opens a business day: powers and series are judged by it, never by a PC's clock."""

    TYPE: ClassVar[str] = "day.opened/1"
    business_day: date
    epoch: int


@dataclass(frozen=True, slots=True)
class NodeReplaced:
    """The standby has taken the queue over from the hall's node, on a named person's order."""

    TYPE: ClassVar[str] = "node.replaced/1"
    before: str
    """Node id of the machine that served until then."""
    epoch: int
    by: str
    reason: str
    unheard: tuple[str, ...]
    """Terminals that could not be asked what they hold."""
    at: str | None = None
    """The window whose program has checked that person's PIN and says so; None: the order was given at the host."""


@dataclass(frozen=True, slots=True)
class TailHandedOver:
    """What the former node wrote last has arrived, or a person says that it never will."""

    TYPE: ClassVar[str] = "node.tail_handed_over/1"
    before: str
    epoch: int
    by: str
    """"hall" when the former node did it itself."""
    reason: str


@dataclass(frozen=True, slots=True)
class ServedUnheard:
    """A node of a pair serves although it reaches nobody who could tell whether it was replaced."""

    TYPE: ClassVar[str] = "node.served_unheard/1"
    epoch: int
    by: str
    reason: str


QUEUE_EVENTS = (
    DayOpened, NodeReplaced, TailHandedOver, ServedUnheard,
    TicketIssued, TicketCalled, TicketStarted, TicketHeld, TicketMissed, TicketReactivated,
    TicketTransferred, TicketRequeued, TicketPutOnTop, TicketDone, TicketCancelled, TicketExpired,
    TicketVoided, SeriesVoided,
    TicketServedBySlip, VisitOpened, VisitDone, TicketRequested, TicketRequestEnded, SlipBegun, SlipPrinted,
    WindowOpened, WindowPaused, WindowResumed, WindowClosed,
)  # fmt: skip
