"""Has the node cancel numbers that nobody holds: see tickets.py."""

import logging
import threading
from collections.abc import Callable, Sequence

from sqlalchemy import select

from hall.journal.projection import Recorded
from hall.journal.refusal import Refusal, StoreFault
from hall.queueing import views as queue
from hall.queueing.model import TicketState
from hall.queueing.tables import ticket
from kiosk_app.backend.bench import KioskBench
from kiosk_app.backend.tickets import request_of_own
from sync.child import ParentAway

log = logging.getLogger(__name__)

CANCEL_PATH = "/v1/queue/cancel"
RETRY_S = 20.0


class TwinWatch:
    """One thread that looks after each commit about tickets. start() and stop() once each."""

    def __init__(self, bench: KioskBench) -> None:
        self._bench = bench
        self._wake = threading.Event()
        self._stopping = False
        self._settled: set[str] = set()
        self._unsubscribe: Callable[[], None] = lambda: None
        self._thread = threading.Thread(target=self._run, name="kiosk-twins", daemon=True)

    def start(self) -> None:
        self._unsubscribe = self._bench.store.subscribe(self._committed)
        self._wake.set()
        self._thread.start()

    def stop(self) -> None:
        """Returns when the thread has ended."""
        self._unsubscribe()
        self._stopping = True
        self._wake.set()
        self._thread.join()

    def sweep(self) -> bool:
        """Cancel every unheld twin known here. False when the node was away and it must be tried again."""
        done = True
        for request, number in self._twins():
            body = {
                "command_id": f"{request}-twin",
                "ticket": request,
                "actor": self._bench.node_id,
                "reason": f"自助机没有收到应答，已另发本机号{number}，本号无人持有",
            }
            try:
                self._bench.up.call(CANCEL_PATH, body)
            except ParentAway:
                done = False
                continue
            except Refusal as refusal:
                # called, missed or over meanwhile: nobody comes with it, the window calls it off
                log.info("an unheld number could not be cancelled: %s", refusal.code)
            self._settled.add(request)
        return done

    def _twins(self) -> list[tuple[str, str]]:
        """(request, number of the own series) where the node's ticket of the same request waits too."""
        b = self._bench
        if not b.join.series:
            return []
        t = ticket.c
        own = select(t.dossier, t.number).where(t.away, t.device == b.node_id, t.series == b.join.series)
        found = []
        with b.store.read() as conn:
            for row in conn.execute(own).all():
                request = request_of_own(row.dossier)
                if request is None or request in self._settled:
                    continue
                twin = queue.ticket_by_id(conn, request)
                if twin is not None and twin.state is TicketState.WAITING:
                    found.append((request, row.number))
        return found

    def _committed(self, records: Sequence[Recorded]) -> None:
        if any(r.env.type.startswith("ticket.") for r in records):
            self._wake.set()

    def _run(self) -> None:
        wait_s: float | None = None
        while True:
            self._wake.wait(wait_s)
            self._wake.clear()
            if self._stopping:
                return
            try:
                wait_s = None if self.sweep() else RETRY_S
            except StoreFault as exc:
                log.error("unheld numbers cannot be looked for: %s", exc.text)
                wait_s = RETRY_S
