"""What the kiosk and the call display need from the outside: protocols and the frozen rows they exchange.

Every method here may block and is called through a Runner, never on the GUI thread. Each raises Refused for
an expected "no" and HallUnreachable when nobody could be asked; anything else is a bug. All names and numbers
of people in rows are already masked (domain.md §12): a kiosk is a public screen.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID


class Refused(Exception):
    """An expected refusal. Its text is Chinese, addresses 您 and is shown as it stands."""


class HallUnreachable(Exception):
    """Neither the hall node nor this machine's own copy can answer."""


class ReaderFault(Exception):
    """The ID-card reader is away or talks nonsense. Its text is for the log, never with card data."""


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone people can queue for. wait_minutes: estimate, None when unknown or away from the node."""

    no: str
    name: str
    waiting: int | None = None
    wait_minutes: int | None = None
    open_windows: int | None = None


@dataclass(frozen=True, slots=True)
class Matter:
    """A service item or package as a citizen knows it.

    sample: shown as 「示例事项，非现行政策」. elsewhere: where it is handled when not in this hall, else "".
    """

    item_id: str
    name: str
    zone_no: str
    zone_name: str
    sample: bool = False
    elsewhere: str = ""
    initials: str = ""
    """Pinyin initials of the name, small letters: hksx for 户口."""


@dataclass(frozen=True, slots=True)
class Question:
    """A matter in the person's own words (「给孩子上户口」). icon: of resources/icons."""

    text: str
    icon: str
    item_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PriorityGroup:
    """A group that is served first (老年人, 军人, 残疾人, 孕妇, 应急救援人员): the hall's own list."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class MaterialLine:
    """One material to bring. originals/copies: how many. can_follow: minor, may be handed in later (容缺)."""

    name: str
    originals: int = 0
    copies: int = 0
    can_follow: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class GuideBlock:
    """One titled paragraph of a guide: 办理依据, 办理程序, 办理时限, 收费标准, 监督渠道 …"""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Guide:
    """What a person must know about a matter before they queue."""

    matter: Matter
    materials: tuple[MaterialLine, ...]
    blocks: tuple[GuideBlock, ...] = ()


@dataclass(frozen=True, slots=True)
class IdCard:
    """A card just read. Kept in memory until the session is wiped, never logged (no repr).

    shown: masked, for the screen: 「王*明 6523**********1234」.
    """

    name: str = field(repr=False)
    id_number: str = field(repr=False)
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Booking:
    """An appointment of the card's holder that can be checked in now."""

    booking_id: str
    item_name: str
    slot_text: str
    zone_no: str


@dataclass(frozen=True, slots=True)
class IssueRequest:
    """Ask for a ticket. The same request_id again returns the same ticket and makes no second one.

    corrects: to hand in what a correction notice asked for; the hall chooses the queue, zone_no is empty.
    """

    request_id: UUID
    zone_no: str
    item_id: str = ""
    priority: str = ""
    booking_id: str = ""
    card: IdCard | None = None
    corrects: bool = False


@dataclass(frozen=True, slots=True)
class IssuedTicket:
    """A ticket that is committed.

    code: what the slip's QR holds and progress or rating ask for; no personal data.
    away: numbered in the kiosk's own series because the node is unreachable; queue_at: where to queue then.
    where: the queue with its window numbers, as the slip says. seat: where to sit and wait.
    people_ahead, wait_minutes: None when unknown.
    """

    number: str
    zone_name: str
    code: str
    issued_at: datetime
    seat: str = ""
    item_name: str = ""
    people_ahead: int | None = None
    wait_minutes: int | None = None
    away: bool = False
    queue_at: str = ""
    priority_text: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class ProgressQuery:
    """By the code on a paper, or by ID number; exactly one is not empty."""

    code: str = field(default="", repr=False)
    id_number: str = field(default="", repr=False)


class ProgressStage(StrEnum):
    """How a case is shown: a colour and an icon; the words come with it."""

    WAITING = "waiting"
    RUNNING = "running"
    YOUR_TURN = "your_turn"
    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """One case. applicant is masked. next_step says what the person or the hall does next."""

    case_no: str
    item_name: str
    applicant: str
    stage: ProgressStage
    state_text: str
    next_step: str = ""
    due_text: str = ""


@dataclass(frozen=True, slots=True)
class RateableService:
    """A service that has not been rated yet; staff are named by window, not by person."""

    service_id: str
    item_name: str
    window_text: str
    served_text: str


@dataclass(frozen=True, slots=True)
class RateRequest:
    """One rating. reasons: national codes of that level."""

    request_id: UUID
    service_id: str
    level: str
    reasons: tuple[int, ...] = ()
    anonymous: bool = False


@dataclass(frozen=True, slots=True)
class PickUpPlace:
    """Where finished results are handed out."""

    window_text: str
    where_text: str
    hours_text: str
    bring: tuple[str, ...] = ()


class AlertKind(StrEnum):
    """Why staff are wanted at this machine."""

    HELP = "help"
    NO_PAPER = "no_paper"
    PRINT_UNCONFIRMED = "print_unconfirmed"
    PRINTER_FAULT = "printer_fault"


@dataclass(frozen=True, slots=True)
class StaffAlert:
    """A call for staff. page: which screen the person was on; number: their ticket, if there is one."""

    kind: AlertKind
    page: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class LinkState:
    """hall: the node answers. age_s: seconds since it last did, None if never.

    connecting: this machine has just started and is trying for the first time.
    """

    hall: bool
    age_s: int | None = None
    connecting: bool = False
    clock_off: str = ""
    """How far this machine's clock is from the node's (「快 4 分钟」); empty: near enough, or not known."""
    voided: str = ""
    """Numbers that a lost machine had given and that nobody will call, in words; empty for none."""


class KioskHall(Protocol):
    """The hall as a kiosk sees it; an adapter over journal, sync and the node."""

    def questions(self) -> tuple[Question, ...]: ...

    def matters(self, zone_no: str = "") -> tuple[Matter, ...]:
        """All matters, or those of one zone."""
        ...

    def zones(self) -> tuple[Zone, ...]: ...

    def priority_groups(self) -> tuple[PriorityGroup, ...]: ...

    def guide(self, item_id: str) -> Guide: ...

    def booking(self, card: IdCard) -> Booking | None: ...

    def issue(self, request: IssueRequest) -> IssuedTicket:
        """Commit a ticket; safe to repeat with the same request_id. Away from the node it numbers itself."""
        ...

    def progress(self, query: ProgressQuery) -> tuple[ProgressRow, ...]:
        """Cases found; () when none. Raises Refused for a code or ID number that cannot be one."""
        ...

    def services_to_rate(self, query: ProgressQuery) -> tuple[RateableService, ...]: ...

    def rate(self, request: RateRequest) -> None:
        """Safe to repeat with the same request_id. Raises Refused when already rated or too late."""
        ...

    def pick_up_place(self) -> PickUpPlace: ...

    def alert(self, alert: StaffAlert) -> None:
        """Returns only when staff have been told; raises HallUnreachable otherwise."""
        ...

    def link(self) -> LinkState:
        """Must not wait for the network: what is known now."""
        ...


class SlipState(StrEnum):
    """What is known about a slip. NONE: nothing was to be printed."""

    NONE = "none"
    PRINTING = "printing"
    PRINTED = "printed"
    NO_PAPER = "no_paper"
    UNCONFIRMED = "unconfirmed"
    STOPPED = "stopped"
    """Paper or cover in mid-print: a part of it may hang in the slot."""
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Slip:
    """Text for the ticket printer. number is printed large; code, if any, as a QR under the lines."""

    heading: str
    number: str
    lines: tuple[str, ...]
    code: str = ""


class SlipPrinter(Protocol):
    """The ticket printer; it runs on its own runner."""

    def print(self, slip: Slip) -> SlipState:
        """Print and report what the printer itself said: PRINTED, NO_PAPER, UNCONFIRMED, STOPPED or FAULT.

        Not safe to repeat on UNCONFIRMED or STOPPED without a person: the paper may already be out.
        """
        ...


class CardReader(Protocol):
    """The ID-card reader; it runs on its own runner."""

    def poll(self) -> IdCard | None:
        """Look once for a card, at most about 300 ms. Raises ReaderFault."""
        ...


class Voice(Protocol):
    """Speech or chime; returns at once, silent where there is no sound."""

    def say(self, text: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Call:
    """One call. call_id is unique in its queue epoch; a recall is a new call of the same number."""

    call_id: int
    number: str
    window_text: str


@dataclass(frozen=True, slots=True)
class DisplaySnapshot:
    """The queue as the node tells it.

    epoch: raised when another node takes the queue over. calls: oldest first.
    """

    epoch: int
    calls: tuple[Call, ...]
    zones: tuple[Zone, ...] = ()
    notices: tuple[str, ...] = ()
    clock_off: str = ""
    """As LinkState.clock_off."""
    void: tuple[str, ...] = ()
    """Numbers of machines that are lost for good: called or not, nobody is to wait by them."""
    void_words: str = ""
    """Which they are and what to do, for everybody; empty for none."""


class DisplayHall(Protocol):
    """The queue as a call display sees it."""

    def snapshot(self) -> DisplaySnapshot:
        """Ask the node; raises HallUnreachable."""
        ...
