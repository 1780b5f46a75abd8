"""Terminals of the hall without their screens: the same journal, line and rules as the apps."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from hall.catalogue.queues import series_of
from hall.journal.ids import new_id
from hall.journal.kernel import dossier_row
from hall.queueing import commands as cmd
from hall.queueing import handlers
from hall.queueing import pair_views as pair
from hall.queueing import views as queue
from hall.queueing.model import Outcome
from hall.queueing.views import TicketRow
from hall.reference import Reference
from kiosk_app.backend.bench import KioskBench
from kiosk_app.backend.display import RealDisplayHall
from kiosk_app.backend.places import Places
from kiosk_app.backend.tickets import Ticketing
from kiosk_app.backend.twin_watch import TwinWatch
from kiosk_app.ports import HallUnreachable, IssuedTicket, IssueRequest
from sync.clocks import ClockWatch
from sync.home import Home
from sync.join_file import read_join_file
from sync.machine_folder import open_journal
from sync.uplink import ChildUplink
from yichuang.failover.site import Machine

WAIT_S = 60.0
SCOPES = {"counter": "hall"}


class Terminal:
    """Opened and started; `close` once."""

    def __init__(self, machine: Machine, ref: Reference) -> None:
        self.machine, self.ref = machine, ref
        self.join = read_join_file(machine.folder)
        self.journal = open_journal(self.join, machine.folder)
        self.store = self.journal.store
        scope = SCOPES.get(machine.kind, "queue")
        self.home = Home(self.journal, self.join, machine.folder, scope=scope)
        self.up = ChildUplink(self.home)
        self.home.start()

    def close(self) -> None:
        self.home.stop()
        self.journal.close()

    @property
    def up_now(self) -> bool:
        return self.home.link_state().up

    @property
    def all_sent(self) -> bool:
        state = self.home.link_state()
        return state.up and state.waiting_facts == 0

    def epoch(self) -> int:
        with self.store.read() as conn:
            return queue.queue_epoch(conn)

    def ticket(self, ticket: str) -> TicketRow | None:
        with self.store.read() as conn:
            return queue.ticket_by_id(conn, ticket)

    def waiting(self) -> tuple[TicketRow, ...]:
        """As this machine's copy has it."""
        with self.store.read() as conn:
            day = queue.business_day(conn)
            return () if day is None else queue.waiting(conn, day, tuple(series_of(self.ref.profile)))

    def owner(self, dossier: str) -> str | None:
        with self.store.read() as conn:
            row = dossier_row(conn, dossier)
        return None if row is None else row.owner


class Window(Terminal):
    """A counter: calls, serves, hands tickets back."""

    def __init__(self, machine: Machine, ref: Reference) -> None:
        super().__init__(machine, ref)
        self.no = int(machine.name.removeprefix("window"))
        self.staff = f"staff{self.no}"
        self.queues = sorted(series_of(ref.profile))

    def call_next(self, press: str | None = None) -> str:
        """The called ticket, which lies here then. Raises ParentAway (repeat with the same press), Refusal."""
        body = {
            "command_id": press or new_id(), "window": self.no, "window_name": f"{self.no}号窗口",
            "staff": self.staff, "queues": self.queues,
        }  # fmt: skip
        return self.up.take("/v1/queue/next", body, self.staff)

    def issue(self) -> dict[str, Any]:
        """A number that a clerk takes for somebody; the node's answer."""
        body = {
            "command_id": new_id(), "ticket": str(uuid4()), "queue": self.queues[0], "matter": "示例",
            "source": "counter",
        }  # fmt: skip
        return self.up.call("/v1/queue/issue", body)

    def start(self, ticket: str) -> None:
        command = cmd.StartService(new_id(), ticket, self.staff, f"session-{ticket}")
        self.store.handle(command, handlers.start_service)

    def finish(self, ticket: str) -> None:
        self.store.handle(cmd.FinishTicket(new_id(), ticket, self.staff, Outcome.ACCEPTED), handlers.finish)

    def serve_slip(self, ticket: str, number: str) -> str:
        """With the node away the slip in hand is the claim; gives the visit."""
        visit = new_id()
        command = cmd.ServeSlip(new_id(), visit, ticket, number, self.no, self.staff, f"session-{visit}")
        self.store.handle(command, handlers.serve_slip)
        return visit

    def recall(self, ticket: str) -> None:
        self.store.handle(cmd.Recall(new_id(), ticket, self.staff), handlers.recall)


class Kiosk(Terminal):
    """Gives numbers; `given` is all that a printer would have printed."""

    def __init__(self, machine: Machine, ref: Reference) -> None:
        super().__init__(machine, ref)
        bench = KioskBench(self.store, self.up, ref, self.join)
        self.ticketing = Ticketing(bench, Places(ref))
        self.twins = TwinWatch(bench)
        self.twins.start()
        self.series = sorted(series_of(ref.profile))[0]
        self.given: list[IssuedTicket] = []

    def take_number(self) -> IssuedTicket:
        request = IssueRequest(request_id=uuid4(), zone_no=self.series)
        ticket = self.ticketing.issue(request)
        self.given.append(ticket)
        return ticket

    def close(self) -> None:
        self.twins.stop()
        super().close()


@dataclass
class Shown:
    """What people in the hall saw and heard: (number, window) of every call, in order."""

    calls: dict[int, tuple[str, str]] = field(default_factory=dict)


class Display(Terminal):
    """The call display; `look` shows what it would show."""

    def __init__(self, machine: Machine, ref: Reference) -> None:
        super().__init__(machine, ref)
        bench = KioskBench(self.store, self.up, ref, self.join)
        self.hall = RealDisplayHall(bench, self.home.link_state, ClockWatch(self.up, bench.now))
        self.shown = Shown()

    def look(self) -> None:
        try:
            found = self.hall.snapshot()
        except HallUnreachable:
            return
        for call in found.calls:
            self.shown.calls[call.call_id] = (call.number, call.window_text)

    def windows_of(self) -> dict[str, set[str]]:
        """By number: every window that it was called to."""
        found: dict[str, set[str]] = {}
        for number, where in self.shown.calls.values():
            found.setdefault(number, set()).add(where)
        return found


def until(so: Callable[[], bool], what: str, within_s: float = WAIT_S) -> float:
    """Seconds that it took. Raises TimeoutError."""
    began = time.monotonic()
    while not so():
        if time.monotonic() - began > within_s:
            raise TimeoutError(what)
        time.sleep(0.02)
    return time.monotonic() - began


def serves(terminal: Terminal) -> str | None:
    """Node id of who serves, as this terminal's journal has it."""
    with terminal.store.read() as conn:
        opened = pair.opened_last(conn)
    return None if opened is None else opened[1]
