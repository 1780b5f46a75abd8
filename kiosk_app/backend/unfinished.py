"""What a kiosk that died (power cut, kill) had begun and not ended, settled at its next start.

* A slip that was in the printer: nobody knows what came out. That is written down as the printer's own silence
  is ("unknown"), staff are told, nothing is printed a second time, the number keeps its place.
* A number that was asked for and that nobody saw: where the person may still stand here and nobody has asked for
  another or uses the screen since, its slip is printed now; else the number is cancelled and leaves the line. With
  the node away it is tried until the node answers.
"""

import logging
import threading
from collections.abc import Callable
from uuid import uuid4

from hall.journal.machine import machine_dossier_id
from hall.journal.refusal import NotSettled, Refusal, StoreFault
from hall.queueing import commands as cmd
from hall.queueing import handlers
from hall.queueing import views as queue
from hall.queueing.model import OWN, TicketState
from hall.queueing.views import RequestRow, SlipRow
from kiosk_app.backend.bench import KioskBench
from kiosk_app.backend.slip_results import MAYBE_OUT, UNKNOWN
from kiosk_app.backend.staff_bell import StaffBell
from kiosk_app.backend.tickets import Given, Ticketing
from kiosk_app.backend.twin_watch import CANCEL_PATH
from kiosk_app.ports import AlertKind, Refused, Slip, SlipState, StaffAlert
from sync.child import ParentAway

log = logging.getLogger(__name__)

STILL_HERE_MS = 120_000
"""As long after 取号 a person may still stand at the machine. By this machine's clock; one that went backwards
proves nothing, so nobody is here."""
RETRY_S = 3.0
UNHELD_ZH = "自助机在取号时中断（断电或重启），未能出票，本号无人持有"
_AGAIN = ("not_settled", "not_owner")
"""Refusals of the moment: a restored node, or a ticket that is just on its way to another machine."""
_HELD = (SlipState.PRINTED, SlipState.UNCONFIRMED, SlipState.STOPPED)
"""A slip, or a part of it, may be in the person's hand."""


class Unfinished:
    """Made before the first new session; start() and stop() once each."""

    def __init__(
        self,
        bench: KioskBench,
        ticketing: Ticketing,
        print_unseen: Callable[[Slip], SlipState],
        *,
        in_use: Callable[[], bool],
    ) -> None:
        """print_unseen: prints a slip whose number nobody has seen; any thread. Raises StoreFault.

        in_use: whether somebody is at the screen; any thread.
        """
        self._bench = bench
        self._ticketing = ticketing
        self._print = print_unseen
        self._in_use = in_use
        self._bell = StaffBell(bench)
        self._home = machine_dossier_id(bench.node_id)
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="kiosk-unfinished", daemon=True)
        with bench.store.read() as conn:
            self._requests = {row.request for row in queue.open_requests(conn, self._home)}
            self._slips = {row.ticket for row in queue.begun_slips(conn, self._home)}
        self._untold: dict[str, StaffAlert] = {}

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Returns when the thread has ended; a slip that is being printed comes out first."""
        self._ending.set()
        self._thread.join()

    def sweep(self) -> bool:
        """Settle what can be settled now. False when something must be tried again.

        Raises StoreFault, NotSettled (this machine was restored and the node has not answered yet).
        """
        with self._bench.store.read() as conn:
            slips = [row for row in queue.begun_slips(conn, self._home) if row.ticket in self._slips]
            requests = [r for r in queue.open_requests(conn, self._home) if r.request in self._requests]
        for slip in slips:
            self._outcome_unknown(slip)
        settled = [self._settled(row) for row in requests]
        told = {key for key, alert in self._untold.items() if self._told(key, alert)}
        self._untold = {key: alert for key, alert in self._untold.items() if key not in told}
        return all(settled) and not self._untold

    def _run(self) -> None:
        while not self._ending.is_set():
            try:
                if self.sweep():
                    return
            except (StoreFault, NotSettled) as exc:
                log.error("what was left open cannot be settled now: %s", exc.text)
            self._ending.wait(RETRY_S)

    # -- slips

    def _outcome_unknown(self, row: SlipRow) -> None:
        b = self._bench
        command = cmd.RecordSlip(str(uuid4()), row.ticket, row.number, UNKNOWN, row.reprint, b.node_id)
        b.store.handle(command, handlers.record_slip)
        self._slips.discard(row.ticket)
        log.warning(
            "the slip of %s was in the printer when this machine stopped: outcome unknown", row.number
        )
        self._tell_staff(row.number)

    def _tell_staff(self, number: str) -> None:
        self._untold[str(uuid4())] = StaffAlert(AlertKind.PRINT_UNCONFIRMED, "take_ticket", number)

    def _told(self, key: str, alert: StaffAlert) -> bool:
        """Once the node has it, every board that is opened shows it."""
        try:
            self._bell.ring(alert, key)
        except ParentAway:
            return False
        except Refusal as refusal:
            log.warning("staff could not be told of %s: %s", alert.number, refusal.code)
        return True

    # -- requests

    def _settled(self, row: RequestRow) -> bool:
        if self._maybe_out(row.request):
            return self._end(row, "printed")
        try:
            given = self._ticketing.given(row)
        except (Refusal, Refused) as exc:
            # refused now; it may have been granted before
            log.warning("a request of an earlier run is refused: %s", exc)
            return self._cancelled(row, Given(row.request, "", "", TicketState.WAITING))
        if given is None:
            return False
        if given.state in (TicketState.WAITING, TicketState.CALLED) and self._may_be_here(row):
            printed = self._print(Slip(self._bench.ref.profile.name, given.number, (), given.code))
            if printed in (SlipState.UNCONFIRMED, SlipState.STOPPED):
                self._tell_staff(given.number)
            if printed in _HELD:
                return self._end(row, "printed")
        if given.state is not TicketState.WAITING:
            return self._end(row, "left")
        return self._cancelled(row, given)

    def _maybe_out(self, request: str) -> bool:
        with self._bench.store.read() as conn:
            said = [*queue.slip_results(conn, request), *queue.slip_results(conn, request + OWN)]
        return any(result in MAYBE_OUT for result, _ in said)

    def _may_be_here(self, row: RequestRow) -> bool:
        """Whoever asked again has a number by now, and a slip in the midst of a visit is taken for the visitor's."""
        now_ms = int(self._bench.now().timestamp() * 1000)
        if self._in_use() or not 0 <= now_ms - row.at_ms <= STILL_HERE_MS:
            return False
        with self._bench.store.read() as conn:
            return queue.last_request(conn, self._home) == row.request

    def _cancelled(self, row: RequestRow, given: Given) -> bool:
        """The number leaves the line; False when the node must be asked again."""
        b = self._bench
        with b.store.read() as conn:
            known = queue.ticket_by_id(conn, given.ticket)
        command = cmd.CancelTicket(f"{given.ticket}-unheld", given.ticket, b.node_id, UNHELD_ZH)
        try:
            if known is not None and known.owner == b.node_id:
                b.store.handle(command, handlers.cancel)
            else:
                body = {"ticket": given.ticket, "actor": b.node_id, "reason": UNHELD_ZH}
                b.up.call(CANCEL_PATH, {"command_id": command.command_id, **body})
        except ParentAway:
            return False
        except Refusal as refusal:
            if refusal.code in _AGAIN:
                return False
            # called, missed or over meanwhile: nobody comes with it, the window calls it off
            log.info("an unheld number could not be cancelled: %s", refusal.code)
            return self._end(row, "left")
        log.warning("%s was cancelled: nobody holds it since this machine stopped", given.number)
        return self._end(row, "cancelled")

    def _end(self, row: RequestRow, how: str) -> bool:
        b = self._bench
        over = cmd.EndTicketRequest(str(uuid4()), row.request, how, b.node_id)
        b.store.handle(over, handlers.end_ticket_request)
        return True
