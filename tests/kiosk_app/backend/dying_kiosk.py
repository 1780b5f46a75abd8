"""A kiosk that dies at a bad moment, and starts again on the same journal."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from devices.ticket_printer.compose import PrinterProfile
from devices.ticket_printer.driver import EscPosTicketPrinter, PrintOutcome
from devices.ticket_printer.layout import TicketLine
from devices.ticket_printer.simulator import SimulatedPrinter
from devices.transport import TcpTransport
from hall.journal.machine import machine_dossier_id
from hall.queueing import views as queue
from kiosk_app.backend.bench import KioskBench
from kiosk_app.backend.slip_printer import KioskPrinter
from kiosk_app.backend.tickets import Ticketing
from kiosk_app.backend.unfinished import STILL_HERE_MS, Unfinished
from kiosk_app.ports import IssuedTicket, IssueRequest, Slip, SlipState
from kiosk_app.take_ticket.slip import ticket_slip
from tests.devices.ticket_printer.rig import hall_fonts
from tests.kiosk_app.backend.rig import KIOSK, Rig, open_store

LATE = timedelta(milliseconds=STILL_HERE_MS + 60_000)


class PowerCut(BaseException):
    """Nothing of the program runs after it."""


class Dying:
    """The printer's driver in a machine whose power fails when the job is out."""

    def __init__(self, driver: EscPosTicketPrinter) -> None:
        self._driver = driver
        self.cut = False

    def print_ticket(self, lines: Sequence[TicketLine]) -> PrintOutcome:
        outcome = self._driver.print_ticket(lines)
        if self.cut:
            raise PowerCut
        return outcome


class Kiosk:
    """One machine in the hall of the rig: it dies, and starts again on the same journal."""

    def __init__(self, rig: Rig, sim: SimulatedPrinter, port: int) -> None:
        self.rig, self.sim = rig, sim
        self.in_use = False
        self.driver = Dying(
            EscPosTicketPrinter(
                "号票打印机", lambda: TcpTransport("127.0.0.1", port), PrinterProfile(), hall_fonts(),
                reply_timeout_s=0.8, print_timeout_s=2.5,
            )
        )  # fmt: skip
        self._begin()

    def _begin(self) -> None:
        rig = self.rig
        rig.bench = KioskBench(rig.store, rig.line, rig.bench.ref, rig.join)
        rig.ticketing = Ticketing(rig.bench, rig.places)
        self.printer = KioskPrinter(rig.bench, slip_of=rig.ticketing.slip_of, printer=self.driver)  # type: ignore[arg-type]
        self.unfinished = Unfinished(rig.bench, rig.ticketing, self._unseen, in_use=lambda: self.in_use)

    def _unseen(self, slip: Slip) -> SlipState:
        return self.printer.print(slip, seen=False)

    def start_again(self) -> None:
        rig = self.rig
        rig.store.close()
        rig.store = open_store(rig.folder, KIOSK, "terminal", rig.keys, rig.clock)
        self.driver.cut = False
        self._begin()

    def take(self, request: UUID | None = None) -> IssuedTicket:
        zone = self.rig.hall.guide("p11-03").matter.zone_no
        return self.rig.ticketing.issue(IssueRequest(request or uuid4(), zone, "p11-03"))

    def dies_at(self, path: str, monkeypatch: pytest.MonkeyPatch, *, heard: bool) -> None:
        """The power fails while the node is asked; heard: the node has acted, its answer is on the way."""
        line = self.rig.line
        whole = line.call

        def call(asked: str, body: dict[str, Any], **_: float) -> dict[str, Any]:
            if heard:
                whole(asked, body)
            raise PowerCut if asked == path else AssertionError(asked)

        with monkeypatch.context() as patch:
            patch.setattr(line, "call", call)
            with pytest.raises(PowerCut):
                self.take()

    def dies_printing(self, ticket: IssuedTicket) -> None:
        self.driver.cut = True
        with pytest.raises(PowerCut):
            self.printer.print(ticket_slip(ticket, "大厅"))

    def slips(self) -> list[str]:
        """What fell out of the printer, as text."""
        return [t.raw.decode("gb18030", "ignore") for t in self.sim.tickets]

    def results(self, ticket: str) -> list[str]:
        with self.rig.store.read() as conn:
            return [result for result, _ in queue.slip_results(conn, ticket)]

    def nothing_is_open(self) -> bool:
        home = machine_dossier_id(KIOSK)
        with self.rig.store.read() as conn:
            return not queue.open_requests(conn, home) and not queue.begun_slips(conn, home)
