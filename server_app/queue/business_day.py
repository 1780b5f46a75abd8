"""The business day that the node opens: tickets and powers are judged by it, never by a PC's clock."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hall.calendar.opening import business_day
from hall.journal.refusal import Refusal
from hall.journal.store import Store
from hall.queueing import commands as cmd
from hall.queueing import handlers
from hall.queueing import views as queue

log = logging.getLogger(__name__)


LONGEST_SHUT = timedelta(days=31)
"""A hall that opens again after a longer time is rarer than a clock that is wrong."""
AWAIT_S = 5.0
"""So long a day that its own clock alone would open waits for the centre's word after a start."""


def day_to_open(last: date | None, own: date, told: date | None) -> date | None:
    """The day that is to be open, from the day that was opened last and what two clocks show. None: the only clock
    there is shows a day that cannot be believed. Never an earlier day than the last.
    """
    if last is None:
        return told or own
    if own == told:
        return max(last, own)
    believable = [d for d in (told, own) if d is not None and last <= d <= last + LONGEST_SHUT]
    if believable:
        return believable[0]
    behind = own < last and (told is None or told < last)
    return last if behind else None


@dataclass(frozen=True, slots=True)
class Doubt:
    """The clock of this machine and the open day do not go together."""

    own: date
    told: date | None
    """By the centre's clock; None while it has not told."""
    open: date
    certain: bool
    """The open day is right by the centre's word; False: nobody could say."""


class BusinessDay:
    """At the node. Blocking; any thread. Opening the same day twice has one effect."""

    def __init__(
        self,
        store: Store,
        epoch: Callable[[], int],
        *,
        may_open: Callable[[], bool] = lambda: True,
        turn: int | None = None,
        ordered: Callable[[], int] | None = None,
        told: Callable[[], datetime | None] = lambda: None,
        coming: Callable[[], bool] = lambda: False,
    ) -> None:
        """`epoch`: of this node's calls. `may_open`: not while another machine serves. `turn`: 0 for the first of a
        pair of nodes, 1 for the second. `ordered`: the epoch that a person has written into the join file. `told`:
        the time at the centre; `coming`: it may be told in a moment.
        """
        self._store = store
        self._epoch = epoch
        self._ordered = ordered or epoch
        self._may_open = may_open
        self._told, self._coming = told, coming
        self.turn = turn
        self._open: date | None = None

    @property
    def epoch(self) -> int:
        return self._epoch()

    def today(self) -> date:
        """The open business day; opens a new one when the date in China has moved on.

        The date is the centre's where it has told it, and else this machine's, unless that cannot be believed
        (day_to_open): then the day that was opened last stays. When that one was wrong, a new epoch in the join
        file opens the day that the clock shows.
        """
        known = self.known()
        if known is not None:
            return known
        with self._store.read() as conn:
            last, epoch = queue.business_day(conn), queue.queue_epoch(conn)
        if not self._may_open():
            return last or self._own()
        if last != self._own():
            self._await_told()
        day = self._own() if self._ordered() > epoch else day_to_open(last, self._own(), self._told_day())
        if day is None:
            log.error("the clock shows %s, the day opened last is %s: no day is opened", self._own(), last)
        if day is not None and (last is None or day > last or self.epoch > epoch):
            self._begin(day, last)
            last = day
        self._open = last
        return last or self._own()

    def known(self) -> date | None:
        """The open business day when it is certain without asking the database. Never blocks."""
        if self._open is None:
            return None
        same = day_to_open(self._open, self._own(), self._told_day()) in (self._open, None)
        return self._open if same else None

    def doubt(self) -> Doubt | None:
        """Where this machine's clock does not show the open day. Never blocks."""
        own, told = self._own(), self._told_day()
        if self._open is None or own == self._open:
            return None
        return Doubt(own, told, self._open, told == self._open)

    def _own(self) -> date:
        return business_day(self._store.now())

    def _told_day(self) -> date | None:
        told = self._told()
        return None if told is None else business_day(told)

    def _await_told(self) -> None:
        """A wrong clock is known only by the centre's; at a start its word is on the way."""
        until = time.monotonic() + AWAIT_S
        while self._coming() and time.monotonic() < until:
            time.sleep(0.02)

    def _begin(self, day: date, last: date | None) -> None:
        node = self._store.identity.node_id
        epoch = self.epoch
        opened = cmd.OpenDay(f"day-{node}-{day.isoformat()}-{epoch}", day, epoch, node)
        self._store.handle(opened, handlers.open_day)
        if last is None or last >= day:
            return
        expire = cmd.ExpireDay(f"expire-{node}-{last.isoformat()}", last, node)
        try:
            self._store.handle(expire, handlers.expire_day)
        except Refusal as exc:
            log.warning("tickets of the last business day were not closed: %s", exc.code)


def today(store: Store) -> date:
    """The business day as this machine has heard of it; at the centre, the date in China."""
    with store.read() as conn:
        heard = queue.business_day(conn) if store.identity.role == "hall" else None
    return heard or business_day(store.now())
