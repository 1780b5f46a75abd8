"""What every desk of the backend works with, and who sits at the window just now."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from counter_app.backend.thumbs import Thumbs
from counter_app.values import Refused, Unanswered
from hall.calendar.opening import business_day
from hall.catalogue.hall_profile import Window
from hall.journal.blobs import BlobStore
from hall.journal.facts import OfferWithdrawn
from hall.journal.ledger import Ledger, dossier_row
from hall.journal.refusal import Refusal, StoreFault
from hall.journal.store import Command, Outcome, Store
from hall.papers.press import PaperPress
from hall.people.model import Staff
from hall.queueing import views as queue
from hall.reference import Reference
from sync.child import ParentAway
from sync.join_file import JoinFile
from sync.room import FreeBytes
from sync.uplink import Uplink

log = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(slots=True)
class Seat:
    """Who is signed in at which window. Changed under `Bench.lock` only."""

    staff: Staff
    window: Window | None = None


@dataclass(slots=True)
class Bench:
    """Shared by all desks of one counter."""

    store: Store
    up: Uplink
    blobs: BlobStore
    ref: Reference
    join: JoinFile
    press: PaperPress
    data: Path
    thumbs: Thumbs
    verify_pin: Callable[[str, str], bool]
    """(employee number, PIN) -> right? Slow on purpose (Argon2). Raises Refusal while the number is locked."""
    free: FreeBytes = lambda: None
    """What the data folder's disk has left."""
    seat: Seat | None = None
    lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def node_id(self) -> str:
        return self.store.identity.node_id

    @property
    def staff(self) -> Staff:
        with self.lock:
            if self.seat is None:
                raise Refusal("signed_out", "请先登录。")
            return self.seat.staff

    @property
    def window(self) -> Window:
        with self.lock:
            if self.seat is None or self.seat.window is None:
                raise Refusal("window_closed", "请先开窗。")
            return self.seat.window

    @property
    def window_name(self) -> str:
        return f"{self.window.no}号窗口"

    def now(self) -> datetime:
        return self.store.kernel.clock.now()

    def day(self) -> date:
        """The business day that the node opened; this PC's own day only where none was heard of."""
        with self.store.read() as conn:
            return queue.business_day(conn) or business_day(self.now())

    def handle(self, command: Command, handler: Callable[[Ledger, Any], object]) -> Outcome:
        return self.store.handle(command, handler)

    def hold_here(self, dossier: str) -> None:
        """Have the dossier on this PC before working on it: keep what is offered, take what lies elsewhere.

        Raises ParentAway, Refusal.
        """

        def keep(ledger: Ledger) -> bool:
            row = dossier_row(ledger.conn, dossier)
            if row is None or row.owner != self.node_id:
                return False
            if row.offered_to is not None:
                ledger.append(dossier, OfferWithdrawn("窗口正在办理"), actor=self.staff.id)
            return True

        if not self.store.write(keep):
            self.up.claim(dossier, self.staff.id)


def may_have_happened(exc: ParentAway, up: Uplink) -> bool:
    """Did the node perhaps do what it did not answer, while the line still stands? Then the same press asks again
    under the same id; else this PC goes on by itself, also beside a node that answers but cannot write.
    """
    return exc.sent and up.up()


def refusing(method: Callable[P, T]) -> Callable[P, T]:
    """Turns what the hall refuses and what the line or the disk denies into words for the clerk."""

    @wraps(method)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return method(*args, **kwargs)
        except (ParentAway, StoreFault) as exc:
            # before Refusal, which ParentAway is: nobody has said no, the node may have done it already
            raise Unanswered(exc.text) from exc
        except Refusal as exc:
            raise Refused(exc.text) from exc

    return call


def text_id(command_id: UUID, part: str = "") -> str:
    """A stable id that follows from a command id: the same command names the same dossier."""
    return f"{command_id}{'-' + part if part else ''}"
