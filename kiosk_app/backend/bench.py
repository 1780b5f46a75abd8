"""What every part of the backend works with, and how failures become what a person at a kiosk can use."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import ParamSpec, TypeVar

from hall.calendar.opening import business_day
from hall.journal.refusal import Refusal, StoreFault
from hall.journal.store import Store
from hall.queueing import views as queue
from hall.reference import Reference
from kiosk_app.ports import HallUnreachable, Refused
from sync.child import ParentAway
from sync.join_file import JoinFile
from sync.room import FreeBytes
from sync.uplink import Uplink

log = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")

DISK_ZH = "自助机暂时不能记录，请到咨询台办理；工作人员会来处理这台机器。"
NO_ROUTE = "unknown_path"
"""What an older node answers for a question it does not know (sync.parent)."""


@dataclass(frozen=True, slots=True)
class KioskBench:
    """Shared by all parts of one machine's backend; safe on any thread."""

    store: Store
    up: Uplink
    ref: Reference
    join: JoinFile
    free: FreeBytes = lambda: None
    """What the data folder's disk has left."""

    @property
    def node_id(self) -> str:
        return self.store.identity.node_id

    def now(self) -> datetime:
        """UTC."""
        return self.store.kernel.clock.now()

    def day(self) -> date:
        """The business day that the node opened last; this machine's own day where none was heard of."""
        with self.store.read() as conn:
            return queue.business_day(conn) or business_day(self.now())

    def day_without_node(self) -> date:
        """The day that a number given here belongs to.

        A node that is away has opened no new day, so the day it opened last may be yesterday's; numbers of
        yesterday are refused everywhere. The later of that day and this machine's own is right.
        """
        return max(self.day(), business_day(self.now()))


def answering(method: Callable[P, T]) -> Callable[P, T]:
    """Turns what hall, line and disk say into the ports' own exceptions."""

    @wraps(method)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return method(*args, **kwargs)
        except ParentAway as exc:
            raise HallUnreachable(exc.code) from exc
        except Refusal as exc:
            if exc.code == NO_ROUTE:
                raise HallUnreachable(exc.code) from exc
            raise Refused(exc.text) from exc
        except StoreFault as exc:
            log.error("%s: %s", method.__name__, exc.text)
            raise Refused(DISK_ZH) from exc

    return call
