"""The call display over its own copy of the queue, and its voice.

The display's journal is fed with scope "queue". A call is named by the journal position of its record here, so
it is announced once for each record (a ticket and its count of calls), in the order in which it was heard, and
a recall is a call of its own. Calls of an epoch below the highest that was heard are not shown: a node that
was replaced may still talk.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection, func, select

from hall.journal import schema
from hall.journal.admission import Verdict
from hall.queueing import events as ev
from hall.queueing import views as queue
from hall.queueing.model import MISSED_RULE_ZH, TicketState
from hall.queueing.views import TicketRow
from hall.queueing.voiding import notice_zh, voided
from hall.reference import Reference
from kiosk_app.backend.bench import KioskBench
from kiosk_app.ports import Call, DisplaySnapshot, HallUnreachable, Zone
from sync.clocks import ClockWatch
from sync.core import LinkState as SyncState

log = logging.getLogger(__name__)

SHOWN = 8
KEPT = 500


class RealDisplayHall:
    """Implements ports.DisplayHall. Any thread."""

    def __init__(
        self,
        bench: KioskBench,
        link_now: Callable[[], SyncState],
        clocks: ClockWatch,
        notices: tuple[str, ...] = (),
    ) -> None:
        self._bench = bench
        self._link_now = link_now
        self._clocks = clocks
        self._notices = notices
        self._lock = threading.Lock()
        self._begun = False
        self._told: dict[int, None] = {}
        self._windows: dict[tuple[str, str], int] = {}

    def snapshot(self) -> DisplaySnapshot:
        """Raises HallUnreachable while the node does not answer: the screen then says so."""
        if not self._link_now().up:
            raise HallUnreachable("node")
        day = self._bench.day()
        with self._bench.store.read() as conn:
            epoch = queue.queue_epoch(conn)
            found = [
                (call_id, t)
                for t in queue.recent_calls(conn, day, SHOWN * 2)
                if t.epoch >= epoch and (call_id := _last_call(conn, t.id)) is not None
            ]
            waiting = queue.waiting_counts(conn, day)
            void = voided(conn, day)
        calls, zones = self._calls(found), self._zones(waiting)
        return DisplaySnapshot(
            epoch, calls, zones, self._notices, self._clocks.apart(), void.numbers, notice_zh(void)
        )

    def window_of(self, text: str) -> tuple[str, int] | None:
        """(number, window) of the call that a spoken text is about; None for any other text."""
        with self._lock:
            named = [(n, w) for (n, name), w in self._windows.items() if n in text and name in text]
        return named[-1] if named else None

    def _calls(self, found: list[tuple[int, TicketRow]]) -> tuple[Call, ...]:
        """Those already shown, and new ones that still call somebody, oldest first.

        A call that is heard late (the line was down) and whose person already sits at the window is not news.
        """
        calls = []
        with self._lock:
            for call_id, t in sorted(found, key=lambda row: row[0]):
                fresh = t.state is TicketState.CALLED or not self._begun
                if call_id not in self._told and not fresh:
                    continue
                self._told[call_id] = None
                name = t.window_name or f"{t.window}号窗口"
                self._windows.pop((t.number, name), None)
                self._windows[t.number, name] = t.window or 0
                calls.append(Call(call_id, t.number, name))
            self._begun = True
            while len(self._told) > KEPT:
                del self._told[next(iter(self._told))]
            while len(self._windows) > KEPT:
                del self._windows[next(iter(self._windows))]
        return tuple(calls)

    def _zones(self, waiting: dict[str, int]) -> tuple[Zone, ...]:
        """The hall's zones, the fullest first: a display shows the first few."""
        rows = []
        for zone in self._bench.ref.profile.zones:
            series = {q.series for g in zone.groups for q in g.queues}
            rows.append(Zone(zone.code, zone.name, sum(waiting.get(s, 0) for s in series)))
        return tuple(sorted(rows, key=lambda z: -(z.waiting or 0)))


def standing_notices(ref: Reference) -> tuple[str, ...]:
    """What every display says: R26, and the groups of the hall's plan (R27)."""
    groups = "、".join(ref.profile.priority_groups)
    rows = [MISSED_RULE_ZH]
    if groups:
        rows.append(f"{groups}优先办理，请在取号时选择")
    return tuple(rows)


def _last_call(conn: Connection, ticket: str) -> int | None:
    t = schema.record.c
    found: int | None = conn.scalar(
        select(func.max(t.pos)).where(
            t.dossier == ticket, t.type == ev.TicketCalled.TYPE, t.verdict == Verdict.ACCEPTED.value
        )
    )
    return found


class Announcer(Protocol):
    """devices.voice.announcer.CallAnnouncer as it is used here."""

    def announce(self, ticket_no: str, window: int, priority: int = 0) -> bool: ...


@dataclass(frozen=True, slots=True)
class CallVoice:
    """Implements ports.Voice: says the call that a text is about, from the hall's clips."""

    announcer: Announcer
    window_of: Callable[[str], tuple[str, int] | None]

    def say(self, text: str) -> None:
        named = self.window_of(text)
        if named is None:
            return
        try:
            self.announcer.announce(*named)
        except ValueError:
            log.warning("a call cannot be said; it stands on the screen")


class SilentVoice:
    """A kiosk has clips of calls only; what it would say stands on the screen."""

    def say(self, text: str) -> None:
        """Nothing to be heard."""
