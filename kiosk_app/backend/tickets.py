"""Numbers: asked of the node, or given in the kiosk's own series while it is away.

Never two live numbers for one person. A lost answer leaves open whether the node has issued a number; nobody
may wait at a screen until that is known. So there are two names that follow from the session's request id:

* `<request>`: the ticket that the node issues when it is asked;
* `<request>-own`: the ticket that this kiosk issues when the node does not answer in time.

Before the node is asked, the request is written into this machine's own dossier; it is over when the person sees
the number. What a power cut leaves open is settled at the next start (`unfinished.py`).

The person gets exactly one of them on screen and paper: as soon as the own one is committed, every repeat of
the request gives that one, also when the node is back. If the node turns out to have issued the first as well
(its record arrives by the feed, however late), nobody holds it, and `TwinWatch` has the node cancel it with
the reason. Nothing is asked of the node a second time behind the person's back.
"""

import logging
import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hall.calendar.opening import china_time
from hall.journal.refusal import NotSettled, Refusal
from hall.papers.slip import TicketSlip
from hall.queueing import commands as cmd
from hall.queueing import handlers
from hall.queueing import views as queue
from hall.queueing.model import CORRECTION_ZH, MISSED_RULE_ZH, OWN, Priority, Source, TicketState, slip_code
from hall.queueing.views import RequestRow, TicketRow
from kiosk_app.backend.bench import KioskBench, answering
from kiosk_app.backend.places import Place, Places
from kiosk_app.ports import HallUnreachable, IssuedTicket, IssueRequest, Refused
from sync.child import ParentAway
from sync.room import room_for_tickets

log = logging.getLogger(__name__)

ISSUE_PATH = "/v1/queue/issue"
NODE_S = 1.5
"""So long the node may take: a person at the screen has a number within two seconds, its own or the kiosk's."""
KEPT = 64
"""Slips of the last tickets that can be printed again; older ones are gone from the machine's memory."""
LATE_TIP = "自助机在取号时中断，重新启动后补出此票。"
_AHEAD_MAX = 100_000
PRIORITY_ZH = {
    Priority.ELDER: "老年人",
    Priority.SOLDIER: "军人",
    Priority.DISABLED: "残疾人",
    Priority.PREGNANT: "孕妇",
    Priority.RESCUE: "应急救援人员",
}


class NodeTicket(BaseModel):
    """What the node answers to /v1/queue/issue."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    number: str = Field(pattern=r"^[A-Za-z]{1,3}\d{3,6}$")
    ahead: int | None = Field(default=None, ge=0, le=_AHEAD_MAX)
    minutes: int | None = Field(default=None, ge=0, le=_AHEAD_MAX)
    state: TicketState = TicketState.WAITING


@dataclass(frozen=True, slots=True)
class Wish:
    """A checked request: no personal data from here on."""

    request: str
    place: Place
    item_id: str | None
    matter: str
    sample: bool
    priority: Priority


@dataclass(frozen=True, slots=True)
class Given:
    """A ticket that an earlier run of this machine asked for."""

    ticket: str
    number: str
    code: str
    state: TicketState


class Ticketing:
    """Issues numbers and remembers the slips of the last ones. Any thread."""

    def __init__(self, bench: KioskBench, places: Places) -> None:
        self._bench = bench
        self._places = places
        self._lock = threading.Lock()
        self._issued: dict[str, IssuedTicket] = {}
        self._slips: dict[str, TicketSlip] = {}

    @answering
    def issue(self, request: IssueRequest) -> IssuedTicket:
        """Safe to repeat with the same request_id. Raises Refused, HallUnreachable."""
        wish = self._wish(request)
        with self._lock:
            ticket = self._issued.get(wish.request) or self._own_of(wish)
            if ticket is None:
                room_for_tickets(self._bench.free)
                self._write_down(wish)
                ticket = self._from_node(wish) or self._issue_own(wish)
            self._issued[wish.request] = ticket
            self._forget_old()
            return ticket

    def given(self, row: RequestRow) -> Given | None:
        """The ticket of a request of an earlier run; its slip is remembered again. Safe to repeat.

        Asks the node with the request's own id, so that nothing can come of it later: a number is issued now
        where none was. None when the node did not answer. Raises Refusal, StoreFault, Refused.
        """
        matter = self._places.matter(row.item_id) if row.item_id else None
        sample = matter is not None and matter.sample
        place = self._places.place(row.queue)
        wish = Wish(row.request, place, row.item_id, row.matter, sample, row.priority)
        with self._bench.store.read() as conn:
            own = queue.ticket_by_id(conn, wish.request + OWN)
        told = None if own is not None else self._ask_node(wish)
        with self._lock:
            if own is not None:
                ticket, state, name = self._from_row(wish, own), own.state, own.id
            elif told is not None:
                ticket, state, name = self._told(wish, told), told.state, wish.request
            else:
                return None
            self._slips[name] = late = replace(self._slips[name], notes=(LATE_TIP, *self._slips[name].notes))
            self._forget_old()
        return Given(name, late.number, ticket.code, state)

    def slip_of(self, ticket: str) -> TicketSlip | None:
        """What the paper of a ticket issued here says; None for one that is not remembered."""
        with self._lock:
            return self._slips.get(ticket)

    def _forget_old(self) -> None:
        for book in (self._issued, self._slips):
            while len(book) > KEPT:
                del book[next(iter(book))]

    def _write_down(self, wish: Wish) -> None:
        b = self._bench
        command = cmd.RequestTicket(
            str(uuid4()), wish.request, wish.place.queue.series, wish.matter, wish.item_id, wish.priority,
            b.node_id,
        )  # fmt: skip
        try:
            b.store.handle(command, handlers.request_ticket)
        except NotSettled:
            # restored from a backup a moment ago: nothing can be written before the node has answered, and
            # the person does not wait for that
            log.warning("a request could not be written down before it was sent")

    def _wish(self, request: IssueRequest) -> Wish:
        place = self._places.for_corrections() if request.corrects else self._places.place(request.zone_no)
        name, sample = CORRECTION_ZH if request.corrects else "", False
        if request.item_id:
            matter = self._places.matter(request.item_id)
            if matter.elsewhere:
                raise Refused(f"“{matter.name}”{matter.elsewhere}。")
            name, sample = matter.name, matter.sample
        try:
            priority = Priority(request.priority or "none")
        except ValueError as exc:
            raise Refused("没有这个优先类别，请重新选择。") from exc
        item = request.item_id or None
        return Wish(str(request.request_id), place, item, name or place.queue.name, sample, priority)

    # -- at the node

    def _from_node(self, wish: Wish) -> IssuedTicket | None:
        try:
            told = self._ask_node(wish)
        except Refusal:
            b = self._bench
            over = cmd.EndTicketRequest(str(uuid4()), wish.request, "refused", b.node_id)
            b.store.handle(over, handlers.end_ticket_request)
            raise
        return None if told is None else self._told(wish, told)

    def _told(self, wish: Wish, told: NodeTicket) -> IssuedTicket:
        now = self._bench.now()
        return self._made(wish, wish.request, told.number, now, told.ahead, told.minutes, away=False)

    def _ask_node(self, wish: Wish) -> NodeTicket | None:
        """None when the node did not answer: it may or may not have issued the number. Raises Refusal."""
        b = self._bench
        body = {
            "command_id": wish.request,
            "ticket": wish.request,
            "queue": wish.place.queue.series,
            "matter": wish.matter,
            "item_id": wish.item_id,
            "priority": wish.priority.value,
            "source": Source.KIOSK.value,
        }
        try:
            return NodeTicket.model_validate(b.up.call(ISSUE_PATH, body, timeout_s=NODE_S))
        except ParentAway:
            return None
        except Refusal as exc:
            if exc.code != "not_settled":
                raise
            # the node was restored and does not serve yet: for the person at the screen it is away
            return None
        except ValidationError:
            # it has most likely issued a number that cannot be read here: as good as no answer
            log.error("the node's answer to %s cannot be read", ISSUE_PATH)
            return None

    # -- in the own series

    def _own_of(self, wish: Wish) -> IssuedTicket | None:
        with self._bench.store.read() as conn:
            row = queue.ticket_by_id(conn, wish.request + OWN)
        return None if row is None else self._from_row(wish, row)

    def _issue_own(self, wish: Wish) -> IssuedTicket:
        b = self._bench
        if not b.join.series:
            raise HallUnreachable("this machine has no series of its own")
        command = cmd.IssueTicket(
            command_id=wish.request + OWN,
            ticket=wish.request + OWN,
            series=b.join.series,
            business_day=b.day_without_node(),
            queue=wish.place.queue.series,
            queue_name=wish.place.queue.name,
            matter=wish.matter,
            item_id=wish.item_id,
            priority=wish.priority,
            source=Source.KIOSK,
            device=b.node_id,
            actor=b.node_id,
            away=True,
        )
        try:
            b.store.handle(command, handlers.issue_ticket)
        except NotSettled as exc:
            # restored from a backup: numbers given since are not known here, the next could be a second V001
            raise HallUnreachable(exc.code) from exc
        with b.store.read() as conn:
            row = queue.ticket_by_id(conn, wish.request + OWN)
        if row is None:
            raise HallUnreachable("own ticket was not written")
        return self._from_row(wish, row)

    def _from_row(self, wish: Wish, row: TicketRow) -> IssuedTicket:
        at = datetime.fromtimestamp(row.issued_ms / 1000, UTC)
        return self._made(wish, row.id, row.number, at, None, None, away=True)

    # -- what the person gets

    def _made(
        self,
        wish: Wish,
        ticket: str,
        number: str,
        at: datetime,
        ahead: int | None,
        minutes: int | None,
        *,
        away: bool,
    ) -> IssuedTicket:
        local = china_time(at)
        group = PRIORITY_ZH.get(wish.priority, "")
        code = slip_code(ticket, number)
        slip = TicketSlip(
            hall=self._places.profile.name,
            number=number,
            business=wish.matter,
            where=wish.place.hint,
            people_ahead=ahead,
            estimate_min=minutes,
            issued_at=local,
            qr_payload=code,
            missed_rule=MISSED_RULE_ZH,
            notes=(f"优先办理：{group}，请带证件由窗口核验。",) if group else (),
            away=away,
            sample=wish.sample,
        )
        self._slips[ticket] = slip
        return IssuedTicket(
            number=number,
            zone_name=wish.place.name,
            code=code,
            issued_at=local,
            where=wish.place.hint,
            seat=f"{wish.place.hint}座位区",
            item_name=wish.matter,
            people_ahead=ahead,
            wait_minutes=minutes,
            away=away,
            queue_at=wish.place.hint if away else "",
            priority_text=group,
        )


def request_of_own(ticket: str) -> str | None:
    """The request id of an own-series ticket; None for other tickets."""
    head = ticket.removesuffix(OWN)
    if head == ticket:
        return None
    try:
        return str(UUID(head))
    except ValueError:
        return None
