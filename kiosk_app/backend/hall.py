"""The hall as the kiosk's screens see it; each method is one part's own or a short read."""

from collections.abc import Callable
from datetime import UTC, datetime

from hall.calendar.opening import business_day
from hall.queueing import views as queue
from hall.queueing.views import WindowRow
from hall.queueing.voiding import notice_zh, voided
from kiosk_app.backend.bench import KioskBench, answering
from kiosk_app.backend.guides import Guides
from kiosk_app.backend.look_ups import LookUps
from kiosk_app.backend.places import Places
from kiosk_app.backend.staff_bell import StaffBell
from kiosk_app.backend.tickets import Ticketing
from kiosk_app.ports import Booking, IdCard, LinkState, Matter, PickUpPlace, PriorityGroup, Question, Zone
from sync.clocks import ClockWatch
from sync.core import LinkState as SyncState


class RealKioskHall:
    """Implements ports.KioskHall. Any thread."""

    def __init__(
        self,
        bench: KioskBench,
        places: Places,
        questions: tuple[Question, ...],
        ticketing: Ticketing,
        link_now: Callable[[], SyncState],
        clocks: ClockWatch,
    ) -> None:
        """link_now: what the sync child knows just now, without asking anybody."""
        self._bench = bench
        self._places = places
        self._questions = questions
        self._link_now = link_now
        self._clocks = clocks
        self._guides = Guides(bench.ref, places)
        look_ups = LookUps(bench)
        self.issue = ticketing.issue
        self.guide = self._guides.guide
        self.notice = self._guides.notice
        self.progress, self.services_to_rate = look_ups.progress, look_ups.services_to_rate
        self.rate = look_ups.rate
        self.alert = StaffBell(bench).alert

    def questions(self) -> tuple[Question, ...]:
        return self._questions

    def matters(self, zone_no: str = "") -> tuple[Matter, ...]:
        return self._places.matters(zone_no)

    @answering
    def zones(self) -> tuple[Zone, ...]:
        """How many wait is told only while the node answers: an old figure sends people the wrong way."""
        if not self._link_now().up:
            return self._places.zones(None, ())
        waiting, windows = self._queue_now()
        return self._places.zones(waiting, windows)

    def priority_groups(self) -> tuple[PriorityGroup, ...]:
        return self._places.priority_groups()

    def booking(self, card: IdCard) -> Booking | None:
        """None always: the hall takes no bookings in this version, a card leads to the questions."""
        return None

    def pick_up_place(self) -> PickUpPlace:
        today = business_day(self._bench.now())
        return self._places.pick_up(self._places.profile.hours.season_of(today))

    def link(self) -> LinkState:
        state, clock_off = self._link_now(), self._clocks.apart()
        with self._bench.store.read() as conn:
            void = notice_zh(voided(conn, self._bench.day()))
        if state.up:
            return LinkState(True, 0, clock_off=clock_off, voided=void)
        if state.last_ok is None:
            return LinkState(False, connecting=state.connecting, voided=void)
        age_s = max(0, int((datetime.now(UTC) - state.last_ok).total_seconds()))
        return LinkState(False, age_s, clock_off=clock_off, voided=void)

    def _queue_now(self) -> tuple[dict[str, int], tuple[WindowRow, ...]]:
        day = self._bench.day()
        with self._bench.store.read() as conn:
            return queue.waiting_counts(conn, day), queue.windows(conn)
