"""Scans for the standby: the feed brings facts only, and a node without the pages is no use to its desks."""

import logging
import time
from collections import deque

from hall.journal.blobs import BlobStore
from hall.journal.marking import is_blob_name
from hall.journal.refusal import Refusal
from hall.journal.store import Store
from sync import rows
from sync.child import Child, ParentAway

log = logging.getLogger(__name__)

AT_A_TIME_S = 1.0
LOOK_AGAIN_S = 60.0


class Copies:
    """Belongs to the station's thread."""

    def __init__(self, store: Store, blobs: BlobStore) -> None:
        self._store, self._blobs = store, blobs
        self._todo: deque[str] = deque()
        self._look_at = 0.0

    def fetch(self, line: Child) -> int:
        """Some of what is named here and lies at the serving node; returns how many came."""
        now = time.monotonic()
        if not self._todo and now >= self._look_at:
            self._look_at = now + LOOK_AGAIN_S
            with self._store.read() as conn:
                named = [digest for (digest,) in rows.NAMED_BLOBS.all(conn) if is_blob_name(digest)]
            self._todo.extend(digest for digest in named if not self._blobs.has(digest))
        came = 0
        while self._todo and time.monotonic() < now + AT_A_TIME_S:
            try:
                line.fetch_blob(self._todo[0])
                came += 1
            except ParentAway:
                return came
            except Refusal as exc:
                # not there yet either: looked for again with the next list
                log.info("a scan was not fetched: %s", exc.code)
            self._todo.popleft()
        return came
