"""The facts lane of a child: hello, give-back after a restore, standing claims, push, heartbeat."""

import logging
import random
import threading
from collections.abc import Callable, Collection
from functools import partial

from hall.journal.ledger import Ledger
from hall.journal.port import JournalPort
from hall.journal.refusal import Refusal
from sync import claims, feed, give_back, lost_places, outbox, wire
from sync.feed_apply import UnderMyName, admit_page
from sync.forks import Forks
from sync.greeting import CLONED
from sync.ingest import true_receipts
from sync.lane import COMPARE_S, CONFIG_WAIT_S, Traffic
from sync.link import Link
from sync.message import Answer, Request
from sync.outbox import Batch
from sync.pointers import Pointers
from sync.returning import Returns
from sync.signing import BadSignature
from sync.standing import StandingClaims
from sync.troubles import FORK_ZH, HOLE_ZH, refused_zh
from sync.versions import Speaks
from sync.wire import (
    BadBody,
    ChainAt,
    ClaimAnswer,
    ClaimBody,
    ErrorAnswer,
    FeedAnswer,
    Head,
    HelloAnswer,
    HelloBody,
    Mark,
    ParcelBody,
    PushAnswer,
    PushBody,
    Receipt,
    ReturnAnswer,
    ReturnBody,
)

log = logging.getLogger(__name__)


class FactsLane:
    """`mine`: node ids of the subtree. `may_settle` may hold a restored node back. `epoch`: the highest heard of."""

    def __init__(
        self,
        store: JournalPort,
        link: Link,
        rng: random.Random,
        *,
        mine: Callable[[], Collection[str]],
        may_settle: Callable[[], bool],
        version: str,
        speaks: Speaks,
        epoch: Callable[[], int],
    ) -> None:
        self._store = store
        self._link = link
        self._traffic = Traffic(link, rng)
        self._mine = mine
        self._may_settle = may_settle
        self._version, self._speaks, self._epoch = version, speaks, epoch
        self._guard = threading.RLock()
        self.pointers = Pointers(mine)
        self._batch: Batch | None = None
        self._dirty = True
        self._standing = StandingClaims(store)
        self._claim: ClaimBody | None = None
        self._returning: tuple[str, int] | None = None
        self._returned = False
        self._returns = Returns(store)
        self._forks = Forks(store)
        self._greeted = False
        self._greet_at = 0.0
        """When to say hello again: heads are compared; one that is not settled may want more than it could ask for."""
        self._heartbeat_at = 0.0
        self._progress_at: float | None = None

    # -- called from other threads ----------------------------------------------------------------------

    def wake(self) -> None:
        """There are new records. Takes no lock: the store's writer thread calls it."""
        self._dirty = True

    def greet_again(self) -> None:
        """The parent may have been restored: hello shows it what it had signed. Takes no lock."""
        self._greeted = False

    def give_back(self, wants: list[Head]) -> None:
        """The parent lacks this of other machines below it. From the feed lane's thread."""
        with self._guard:
            self._returns.asked_also(wants)

    def vain(self) -> list[ChainAt]:
        """Where it could not give back any more. From the feed lane's thread."""
        with self._guard:
            return self._returns.vain()

    def look_for_claims(self) -> None:
        """The feed has brought something that may be waiting for us at the parent."""
        self._standing.look()

    def stuck(self, now: float) -> bool:
        """Records wait, the parent answers, and nothing moves for three heartbeats (rule 19)."""
        if self._progress_at is None or not self._link.fares()[0] or self._link.parent is None:
            return False
        heartbeat = self._link.parent.heartbeat_s
        return now - self._progress_at > 3 * heartbeat and self.waiting() > 0

    def waiting(self) -> int:
        with self._store.read() as conn:
            return self.pointers.waiting(conn)

    def rebuild(self, now: float) -> None:
        """Tear the lane's state down and begin with hello."""
        with self._guard:
            self._traffic.flight = None
            self._traffic.pace.ok()
            self._link.dropped()
            self._greeted = False
            self.pointers.blocked.clear()
            self._progress_at = now

    # -- requests ---------------------------------------------------------------------------------------

    def due(self, now: float) -> float:
        """Seconds until next_request may have one, if nothing else happens."""
        at_once = self._dirty or self._standing.waiting() or self._returning or self._returns.waiting()
        if at_once or not self._greeted or self._link.parent is None:
            return max(0.0, self._traffic.pace.not_before - now)
        return max(0.0, self._heartbeat_at - now, self._traffic.pace.not_before - now)

    def next_request(self, now: float) -> Request | None:
        with self._guard:
            if not self._traffic.may_start(now):
                return None
            parent = self._link.parent
            if parent is None or not self._greeted or now >= self._greet_at:
                return self._traffic.start(self._hello(), "hello", now)
            if self._returning is not None:
                handle, pos = self._returning
                target = f"/v1/feed/{feed.OWN}?handle={handle}&pos={pos}&limit={wire.MAX_PAGE}&wait=0"
                return self._traffic.start(self._link.request("GET", target), "own", now)
            returned = self._returns.next()
            if isinstance(returned, ParcelBody):
                return self._post("/v1/parcels", returned, "parcel", now)
            if returned is not None:
                return self._post("/v1/returns", returned, "return", now)
            claim = self._standing.next(parent, now)
            if claim is not None:
                self._claim = claim
                return self._post("/v1/claims", claim, "claim", now)
            return self._push(now)

    def _hello(self) -> Request:
        me = self._store.identity
        with self._store.read() as conn:
            c = self._link.credentials
            receipt = outbox.newest_receipt(conn, c.parent_id)
            words = give_back.newest_words(conn, c.nodes)
        self._greeted = False
        self._link.dropped()  # signed without the nonce, which may be the very thing that is stale
        body, headers = wire.encode(
            HelloBody(
                protocol_min=self._speaks.oldest, protocol_max=self._speaks.newest, role=me.role,
                version=self._version, receipt=receipt, words=words, epoch=self._epoch(),
            )
        )  # fmt: skip
        return self._link.request("POST", "/v1/hello", headers, body)

    def _push(self, now: float) -> Request | None:
        beat = now >= self._heartbeat_at
        if not self._dirty and not beat:
            return None
        self._dirty = False
        if beat:
            # a refused machine may have been enrolled meanwhile; and where to go on is found anew from the parent's
            # word, so that nothing that was passed over waits for the next record
            self.pointers.blocked.clear()
            self._forks.tell()
            self._find_place()
        with self._store.read() as conn:
            batch = self.pointers.next_batch(conn)
        self._link.problem("hole", HOLE_ZH if batch.holes else None)
        if not batch.runs:
            self._progress_at = now
            if not beat:
                return None
        self._batch = batch
        body = PushBody(
            inc=self._store.identity.inc, chains=list(batch.runs), wraps=list(batch.wraps), more=batch.more
        )
        return self._post("/v1/push", body, "push", now)

    def _post(
        self, path: str, body: ClaimBody | PushBody | ReturnBody | ParcelBody, kind: str, now: float
    ) -> Request:
        data, headers = wire.encode(body)
        return self._traffic.start(self._link.request("POST", path, headers, data), kind, now)

    # -- answers ----------------------------------------------------------------------------------------

    def on_lost(self, request: Request, now: float) -> None:
        with self._guard:
            if self._traffic.lost(request, now):
                self._dirty = True

    def on_answer(self, request: Request, answer: Answer, now: float) -> None:
        with self._guard:
            landed = self._traffic.landed(request, answer, now)
            if landed is None:
                self._dirty = True
                return
            kind, error = landed
            try:
                if kind == "hello":
                    self._on_hello(answer, error, now)
                elif kind == "own":
                    self._on_own(answer, error)
                elif kind == "return":
                    self._returns.returned(None if error is not None else _read(ReturnAnswer, answer).seq)
                elif kind == "parcel":
                    self._returns.parcel_taken()
                elif kind == "claim":
                    self._on_claim(answer, error, now)
                elif kind == "push":
                    self._on_push(answer, error, now)
            except (BadBody, BadSignature) as exc:
                log.error("answer to %s cannot be read: %s", kind, exc)
                self._traffic.pace.lost(now)
                self._dirty = True

    def _on_hello(self, answer: Answer, error: ErrorAnswer | None, now: float) -> None:
        if error is not None:
            self._traffic.pace.wait(now, CONFIG_WAIT_S)
            if error.code == CLONED and not self._store.identity.suspect:
                self._store.renew_incarnation(suspect=True)
            return
        hello = _read(HelloAnswer, answer)
        if hello.node != self._link.credentials.parent_id:
            raise BadBody("another node")
        me = self._store.identity
        with self._store.read() as conn:
            lacking, forked = outbox.compare(conn, hello.heads, self._mine())
        if self._link.credentials.pair and me.settled:
            # what else it holds the other node has sent: the feed brings it
            lacking = [chain for chain in lacking if chain[0] == me.node_id]
        # what was given back once and grows again is written by somebody else
        twin = self._returned and me.settled and any(origin == me.node_id for origin, _ in lacking)
        forked_now = twin or (me.node_id, me.inc) in forked
        self._link.problem("fork", FORK_ZH if forked or me.suspect else None)
        if forked_now or (lacking and me.settled and not self._returned):
            # the parent holds records of this machine that it has not: restored from a backup, or a clone
            log.error("this machine's journal is older than or different from what the parent holds")
            self._store.renew_incarnation(suspect=forked_now)
            return
        self._link.opened(hello)
        self._greeted = True
        self._greet_at = now + COMPARE_S
        seen_above = self.pointers.begin(hello.heads, forked)
        if (lacking or seen_above) and not self._returned:
            self._returning = (feed.handle_of(hello.inc, feed.OWN), 0)
        elif not me.settled and (hello.confirmed or not me.suspect) and hello.settled and self._may_settle():
            lost_places.settle(self._store)
        self._returns.asked(hello)
        self._find_place()
        self._dirty = True
        self._standing.look()
        self._progress_at = now

    def _on_own(self, answer: Answer, error: ErrorAnswer | None) -> None:
        """Own records come back in the parent's order, causes first (rule 14)."""
        if error is not None:
            if error.code == "must_refetch" and error.handle:
                self._returning = (error.handle, 0)
            else:
                self._greeted = False
            return
        page = _read(FeedAnswer, answer)
        if self._returning is None or (page.handle, page.start) != self._returning:
            raise BadBody("another page")
        try:
            admit_page(self._store, page, self._link.credentials.parent_id, None)
        except UnderMyName:
            self._store.renew_incarnation(suspect=True)
            self._greeted = False
            return
        if page.more and page.end > page.start:
            self._returning = (page.next, page.end)
            return
        self._returning = None
        self._returned = True
        # hello again compares the heads anew and settles
        self._greeted = False

    def _on_push(self, answer: Answer, error: ErrorAnswer | None, now: float) -> None:
        batch, self._batch = self._batch, None
        if error is not None:
            self._dirty = True
            if error.code == "gap" and error.marks is not None:
                self._follow(error.marks)
                self._find_place()
                self._traffic.pace.lost(now)
            elif answer.status == 413:
                self.pointers.smaller()
            return
        told = _read(PushAnswer, answer)
        parent = self._link.parent
        if batch is None or len(told.verdicts) != len(batch.runs):
            raise BadBody("verdicts")
        before = dict(self.pointers.held)
        self._follow(told.marks)
        if self.pointers.sent(batch.runs):
            self._greeted = False
        self.pointers.blocked.update((refused.origin, refused.inc) for refused in told.refused)
        self._link.problem("unenrolled", refused_zh({origin for origin, _ in self.pointers.blocked}))
        receipts = self._checked(told.receipts)
        if receipts or told.asks or not outbox.keeps(self._store, told.marks):
            # most heartbeats tell nothing new: the disk is left in peace
            self._store.write(partial(self._keep, told=told, receipts=receipts))
        if self.pointers.went(batch):
            self._progress_at = now
        else:
            self._find_place()
            if self.pointers.held == before:
                self._traffic.pace.lost(now)
            self._dirty = True
        if batch.more:
            self._dirty = True
        if not batch.runs:
            self._standing.look()
        if parent is not None:
            self._heartbeat_at = now + parent.heartbeat_s
        settled = parent is None or parent.settled
        if not settled:
            self._greet_at = self._heartbeat_at
        both = self._store.identity.settled and (settled or not batch.runs)
        if not both and not batch.more:
            # the parent may be able to settle this machine only after others have spoken; a restored one asks anew
            self._greeted = False
            self._traffic.pace.wait(now, 1.0)

    def _keep(self, ledger: Ledger, told: PushAnswer, receipts: list[Receipt]) -> None:
        outbox.keep_marks(ledger, told.marks, receipts)
        parent = self._link.parent
        if parent is not None and told.asks:
            claims.answer_asks(ledger, told.asks, parent.node, parent.role)

    def _checked(self, receipts: list[Receipt]) -> list[Receipt]:
        if not receipts:
            return []
        c = self._link.credentials
        with self._store.read() as conn:
            good = true_receipts(conn, receipts, c.parent_id, c.parent_public)
        if len(good) < len(receipts):
            # hello compares all heads and tells a fork from a lost record
            self._greeted = False
        return good

    def _follow(self, marks: Collection[Mark]) -> None:
        if self.pointers.follow(marks):
            # the parent holds less than it did: hello shows it the receipt that proves its restore
            self._greeted = False

    def _find_place(self) -> None:
        with self._store.read() as conn:
            self.pointers.find_place(conn)

    # -- standing claims ----------------------------------------------------------------------------------

    def _on_claim(self, answer: Answer, error: ErrorAnswer | None, now: float) -> None:
        claim, self._claim = self._claim, None
        if claim is None:
            return
        if error is not None:
            self._standing.refused(claim, now)
            return
        told = _read(ClaimAnswer, answer)
        if (told.ask, told.dossier) != (claim.req_id, claim.dossier):
            raise BadBody("another claim")
        c = self._link.credentials
        work = partial(
            claims.take, answer=told, owner=c.parent_id, owner_public=c.parent_public, actor=claims.HALL_ACTOR
        )
        try:
            self._store.write(work)
        except Refusal as exc:
            log.warning("a claimed dossier did not arrive whole: %s", exc.code)
            self._standing.refused(claim, now)


def _read(kind: type[wire.M], answer: Answer) -> wire.M:
    return wire.decode(kind, answer.body, answer.headers, wire.MAX_ANSWER_BYTES)
