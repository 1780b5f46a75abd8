"""What staff should know of this host itself: restored and waiting, disk nearly full, records that do not fit."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from hall.journal.blobs import BlobStore
from hall.journal.store import Store
from sync.child import Child
from sync.concerns import Concern, Seen, Weight, concerns
from sync.join_file import JoinFile
from sync.link_note import LinkFares
from sync.reviewed import reviewed_up_to
from sync.room import FreeBytes
from sync.stand import stand_of

ANEW_S = 30.0
"""A board is read again every few seconds by many screens."""


@dataclass(slots=True)
class MachineWatch:
    """Any thread."""

    store: Store
    data: Path
    join: JoinFile
    blobs: BlobStore
    free: FreeBytes
    child: Callable[[], Child | None]
    unheard: Callable[[], frozenset[str]]
    now_s: Callable[[], float] = time.monotonic
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _at_s: float = float("-inf")
    _found: tuple[Concern, ...] = ()

    def look(self) -> tuple[Concern, ...]:
        """Only what somebody has to do something about. Raises StoreFault."""
        with self._lock:
            if self.now_s() - self._at_s >= ANEW_S:
                self._found, self._at_s = self._read(), self.now_s()
            return self._found

    def _read(self) -> tuple[Concern, ...]:
        with self.store.read() as conn:
            stand = stand_of(conn, self.join, self.blobs, reviewed_up_to(self.data))
        now, child = self.store.now(), self.child()
        unheard = () if stand.settled else tuple(sorted(self.unheard()))
        link = LinkFares(True, now, None, "", unheard)
        if child is not None:
            up, since, last_ok, problem = child.core.link.fares()
            link = LinkFares(up, since, last_ok, problem or "", unheard)
        return tuple(c for c in concerns(Seen(stand, link, self.free(), now)) if c.weight > Weight.CALM)
