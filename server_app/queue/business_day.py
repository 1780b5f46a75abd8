"""The business day that the node opens: tickets and powers are judged by it, never by a PC's clock."""

import logging
from collections.abc import Callable
from datetime import date

from hall.calendar.opening import business_day
from hall.journal.refusal import Refusal
from hall.journal.store import Store
from hall.queueing import commands as cmd
from hall.queueing import handlers
from hall.queueing import views as queue

log = logging.getLogger(__name__)


class BusinessDay:
    """At the node. Blocking; any thread. Opening the same day twice has one effect."""

    def __init__(
        self,
        store: Store,
        epoch: Callable[[], int],
        *,
        may_open: Callable[[], bool] = lambda: True,
        turn: int | None = None,
    ) -> None:
        """`epoch`: of this node's calls. `may_open`: not while another machine serves. `turn`: 0 for the first of a
        pair of nodes, 1 for the second.
        """
        self._store = store
        self._epoch = epoch
        self._may_open = may_open
        self.turn = turn
        self._open: date | None = None

    @property
    def epoch(self) -> int:
        return self._epoch()

    def today(self) -> date:
        """The open business day; opens a new one when the date in China has moved on.

        A clock that runs backwards (a dead battery) opens nothing: the day that was opened last stays. When
        that one was wrong, a new epoch in the join file opens the day that the clock shows.
        """
        known = self.known()
        if known is not None:
            return known
        day = business_day(self._store.now())
        with self._store.read() as conn:
            last, epoch = queue.business_day(conn), queue.queue_epoch(conn)
        if not self._may_open():
            return last or day
        if last is None or day > last or self.epoch > epoch:
            self._begin(day, last)
            last = day
        self._open = last
        return last

    def known(self) -> date | None:
        """The open business day when it is certain without asking the database. Never blocks."""
        day = business_day(self._store.now())
        return self._open if self._open is not None and day <= self._open else None

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
