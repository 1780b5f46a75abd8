"""The child's side of the protocol without any I/O but the own store: three lanes of requests and answers.

Whoever carries the messages asks `next_request(lane, now)`, and reports `on_answer` or `on_lost`. At most
one request a lane is in flight. `now` is a monotonic time in seconds. Each lane belongs to one thread;
`wake` may be called from any, also from the store's writer.
"""

import enum
import logging
import random
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from hall.journal.blobs import BlobStore
from hall.journal.port import JournalPort
from sync.blob_lane import BlobLane
from sync.facts_lane import FactsLane
from sync.feed_lane import FeedLane
from sync.link import LONGEST_WAIT_S, Credentials, Link
from sync.message import Answer, Request
from sync.versions import SPEAKS, Speaks

log = logging.getLogger(__name__)

STUCK_ZH = "有记录迟迟没有送到上级，已自动重新建立同步。如果反复出现，请联系信息科。"


class Lane(enum.Enum):
    FACTS = "facts"
    FEED = "feed"
    BLOBS = "blobs"


@dataclass(frozen=True, slots=True)
class LinkState:
    """For the banner. Times are UTC."""

    up: bool
    since: datetime
    """When it came up or went down."""
    last_ok: datetime | None
    waiting_facts: int
    """Records that the parent does not hold yet."""
    waiting_blobs: int
    problem_zh: str | None

    @property
    def connecting(self) -> bool:
        """Just started: nothing has come back yet, neither an answer nor a failure. Not the same as cut off."""
        return not self.up and self.last_ok is None and self.problem_zh is None


class ChildCore:
    """One machine's exchange with its parent."""

    def __init__(
        self,
        store: JournalPort,
        credentials: Credentials,
        blobs: BlobStore,
        *,
        scope: str,
        rng: random.Random,
        new_id: Callable[[], str],
        wall: Callable[[], datetime],
        mine: Callable[[], Collection[str]] | None = None,
        may_settle: Callable[[], bool] = lambda: True,
        version: str = "",
        blob_bytes_per_s: int | None = None,
        piece_bytes: int = 512 * 1024,
        longest_wait_s: float = LONGEST_WAIT_S,
        speaks: Speaks = SPEAKS,
        epoch: Callable[[], int] = lambda: 0,
    ) -> None:
        """`mine`: node ids of the subtree, by default this machine alone. `scope`: "hall" or "queue"."""
        own = frozenset((credentials.node_id,))
        self.link = Link(store, credentials, new_id, wall, longest_wait_s)
        self.facts = FactsLane(
            store,
            self.link,
            rng,
            mine=mine or (lambda: own),
            may_settle=may_settle,
            version=version,
            speaks=speaks,
            epoch=epoch,
        )
        self.feed = FeedLane(
            store,
            self.link,
            rng,
            scope=scope,
            mine=mine or (lambda: own),
            arrived=self._arrived,
            changed=self.facts.greet_again,
            give_back=self.facts.give_back,
            vain=self.facts.vain,
        )
        self.blobs = BlobLane(
            store, self.link, rng, blobs, bytes_per_s=blob_bytes_per_s, piece_bytes=piece_bytes
        )
        self._lanes: dict[Lane, FactsLane | FeedLane | BlobLane] = {
            Lane.FACTS: self.facts,
            Lane.FEED: self.feed,
            Lane.BLOBS: self.blobs,
        }

    def next_request(self, lane: Lane, now: float) -> Request | None:
        return self._lanes[lane].next_request(now)

    def due(self, lane: Lane, now: float) -> float:
        """Seconds until it is worth asking again; sooner after `wake`."""
        return self._lanes[lane].due(now)

    def on_answer(self, lane: Lane, request: Request, answer: Answer, now: float) -> None:
        self._lanes[lane].on_answer(request, answer, now)

    def on_lost(self, lane: Lane, request: Request, now: float) -> None:
        """No answer, or not certain to be one: nothing is assumed of what the parent did."""
        self._lanes[lane].on_lost(request, now)

    def wake(self) -> None:
        """The store has new records or the disk new blobs."""
        self.facts.wake()
        self.blobs.wake()

    def watch(self, now: float) -> bool:
        """The watchdog: True when the facts lane was stuck and begins anew."""
        if not self.facts.stuck(now):
            self.link.problem("internal", None)
            return False
        log.error("the facts lane moved nothing for three heartbeats: rebuilt")
        self.link.problem("internal", STUCK_ZH)
        self.facts.rebuild(now)
        return True

    def state(self) -> LinkState:
        up, since, last_ok, problem = self.link.fares()
        return LinkState(up, since, last_ok, self.facts.waiting(), self.blobs.waiting(), problem)

    def _arrived(self) -> None:
        self.facts.look_for_claims()
        self.blobs.wake()
