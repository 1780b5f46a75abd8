"""What staff should know of this host itself: restored and waiting, disk nearly full, records that do not fit."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from hall.journal.blobs import BlobStore
from hall.journal.store import Store
from hall.papers.wording import chinese_date
from server_app.queue.business_day import Doubt
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
    doubt: Callable[[], Doubt | None] = lambda: None
    """Whether the clock and the open business day go together."""
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
        found = [c for c in concerns(Seen(stand, link, self.free(), now)) if c.weight > Weight.CALM]
        doubt = self.doubt()
        return tuple(found if doubt is None else [_of_clock(doubt), *found])


def _of_clock(doubt: Doubt) -> Concern:
    own, shown = chinese_date(doubt.own), chinese_date(doubt.open)
    if doubt.certain:
        what = f"本机时钟显示{own}，县中心是{shown}；业务日按县中心的日期。"
        return Concern("clock", Weight.ACT, what, "取号、文书的日期不受影响。请信息科校准本机时钟。")
    what = f"本机时钟显示{own}，与上次开门的{shown}对不上，县中心也联系不上；业务日仍按{shown}。"
    todo = (
        "请信息科校准本机时钟；时钟本来就对的，等县中心恢复，或按安装手册把接入文件的 epoch 加 1 后重新启动。"
    )
    return Concern("clock", Weight.ACT, what, todo)
