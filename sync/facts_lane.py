"""The facts lane of a child: hello, give-back after a restore, standing claims, push, heartbeat."""

import logging
import random
import threading
from collections.abc import Callable, Collection
from functools import partial

from hall.journal.ledger import Ledger
from hall.journal.port import JournalPort
from hall.journal.refusal import Refusal
from sync import claims, feed, give_back, outbox, wire
from sync.feed_apply import admit_page
from sync.ingest import true_receipts
from sync.lane import Traffic
from sync.link import Link
from sync.message import Answer, Request
from sync.outbox import Batch, Chain
from sync.signing import BadSignature
from sync.standing import StandingClaims
from sync.wire import (
    BadBody,
    ClaimAnswer,
    ClaimBody,
    ErrorAnswer,
    FeedAnswer,
    Head,
    HelloAnswer,
    HelloBody,
    Mark,
    PushAnswer,
    PushBody,
    Receipt,
    ReturnAnswer,
    ReturnBody,
)

log = logging.getLogger(__name__)

FORK_ZH = "上级持有本机另一份不同的记录，可能有克隆的机器在用同一身份。请联系信息科核对。"
HOLE_ZH = "本机缺少一段自己的旧记录，其后的记录无法上传。请联系信息科从备份补回。"
REFUSED_ZH = "上级不接受其中一台机器的记录（未登记）。请联系信息科登记。"


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
        epoch: Callable[[], int],
    ) -> None:
        self._store = store
        self._link = link
        self._traffic = Traffic(link, rng)
        self._mine = mine
        self._may_settle = may_settle
        self._version = version
        self._epoch = epoch
        self._guard = threading.RLock()
        self.pointers: dict[Chain, int] = {}
        self._after_pos = 0
        self._blocked: set[Chain] = set()
        self._resend: dict[Chain, int] = {}
        self._resent: set[Chain] = set()
        self._batch: Batch | None = None
        self._max_records = wire.MAX_RECORDS
        self._dirty = True
        self._standing = StandingClaims(store)
        self._claim: ClaimBody | None = None
        self._returning: tuple[str, int] | None = None
        self._returned = False
        self._wants: list[Head] = []
        self._greeted = False
        self._heartbeat_at = 0.0
        self._progress_at: float | None = None

    # -- called from other threads ----------------------------------------------------------------------

    def wake(self) -> None:
        """There are new records. Takes no lock: the store's writer thread calls it."""
        self._dirty = True

    def greet_again(self) -> None:
        """The parent may have been restored: hello shows it what it had signed. Takes no lock."""
        self._greeted = False

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
            return outbox.waiting(conn, dict(self.pointers), self._mine())

    def rebuild(self, now: float) -> None:
        """Tear the lane's state down and begin with hello."""
        with self._guard:
            self._traffic.flight = None
            self._traffic.pace.ok()
            self._link.dropped()
            self._greeted = False
            self._blocked.clear()
            self._progress_at = now

    # -- requests ---------------------------------------------------------------------------------------

    def due(self, now: float) -> float:
        """Seconds until next_request may have one, if nothing else happens."""
        at_once = self._dirty or self._standing.waiting() or self._returning or self._wants
        if at_once or not self._greeted or self._link.parent is None:
            return max(0.0, self._traffic.pace.not_before - now)
        return max(0.0, self._heartbeat_at - now, self._traffic.pace.not_before - now)

    def next_request(self, now: float) -> Request | None:
        with self._guard:
            if not self._traffic.may_start(now):
                return None
            parent = self._link.parent
            if parent is None or not self._greeted:
                return self._traffic.start(self._hello(), "hello", now)
            if self._returning is not None:
                handle, pos = self._returning
                target = f"/v1/feed/{feed.OWN}?handle={handle}&pos={pos}&limit={wire.MAX_PAGE}&wait=0"
                return self._traffic.start(self._link.request("GET", target), "own", now)
            returned = self._next_return()
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
                protocol_min=wire.PROTOCOL, protocol_max=wire.PROTOCOL, role=me.role, version=self._version,
                receipt=receipt, words=words, epoch=self._epoch(),
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
            self._blocked.clear()
            self._find_place()
        with self._store.read() as conn:
            while True:
                batch = outbox.next_batch(
                    conn, self.pointers, self._mine(), self._after_pos, self._blocked, self._max_records
                )
                if batch.runs or not batch.more:
                    break
                self._after_pos = batch.next_pos
        self._link.problem("hole", HOLE_ZH if batch.holes else None)
        if not batch.runs:
            self._after_pos = batch.next_pos
            self._progress_at = now
            if not beat:
                return None
        self._batch = batch
        body = PushBody(
            inc=self._store.identity.inc, chains=list(batch.runs), wraps=list(batch.wraps), more=batch.more
        )
        return self._post("/v1/push", body, "push", now)

    def _post(self, path: str, body: ClaimBody | PushBody | ReturnBody, kind: str, now: float) -> Request:
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
                if kind == "hello" and error is None:
                    self._on_hello(_read(HelloAnswer, answer), now)
                elif kind == "own":
                    self._on_own(answer, error)
                elif kind == "return":
                    self._on_return(answer, error)
                elif kind == "claim":
                    self._on_claim(answer, error, now)
                elif kind == "push":
                    self._on_push(answer, error, now)
            except (BadBody, BadSignature) as exc:
                log.error("answer to %s cannot be read: %s", kind, exc)
                self._traffic.pace.lost(now)
                self._dirty = True

    def _on_hello(self, hello: HelloAnswer, now: float) -> None:
        if hello.node != self._link.credentials.parent_id:
            raise BadBody("another node")
        me = self._store.identity
        with self._store.read() as conn:
            lacking, forked = outbox.compare(conn, hello.heads, self._mine())
        forked_now = (me.node_id, me.inc) in forked
        if self._link.credentials.pair and me.settled:
            # what else it holds the other node has sent: the feed brings it
            lacking = [chain for chain in lacking if chain[0] == me.node_id]
        self._link.problem("fork", FORK_ZH if forked or me.suspect else None)
        if forked_now or (lacking and me.settled and not self._returned):
            # the parent holds records of this machine that it has not: restored from a backup, or a clone
            log.error("this machine's journal is older than or different from what the parent holds")
            self._store.renew_incarnation(suspect=forked_now)
            return
        self._link.opened(hello)
        self._greeted = True
        self.pointers = {(h.origin, h.inc): h.seq for h in hello.heads}
        for chain in forked:
            if chain not in self._resent:
                self._resent.add(chain)
                self._resend[chain] = 0
                self.pointers[chain] = 0
        if lacking and not self._returned:
            self._returning = (feed.handle_of(hello.inc, feed.OWN), 0)
        elif not me.settled and not me.suspect and hello.settled and self._may_settle():
            self._store.settle()
        self._wants = list(hello.wants)
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
        admit_page(self._store, page, self._link.credentials.parent_id, None)
        if page.more and page.end > page.start:
            self._returning = (page.handle, page.end)
            return
        self._returning = None
        self._returned = True
        # hello again compares the heads anew and settles
        self._greeted = False

    def _next_return(self) -> ReturnBody | None:
        """The next piece of what a restored parent has lost of its own."""
        while self._wants:
            with self._store.read() as conn:
                body = give_back.next_return(conn, self._wants[0])
            if body is not None:
                return body
            self._wants.pop(0)
        return None

    def _on_return(self, answer: Answer, error: ErrorAnswer | None) -> None:
        want = self._wants[0]
        seq = want.seq if error is not None else _read(ReturnAnswer, answer).seq
        if seq <= want.seq:
            self._wants.pop(0)
        else:
            self._wants[0] = want.model_copy(update={"seq": seq})

    def _on_push(self, answer: Answer, error: ErrorAnswer | None, now: float) -> None:
        batch, self._batch = self._batch, None
        if error is not None:
            self._dirty = True
            if error.code == "gap" and error.marks is not None:
                self._follow(error.marks)
                self._find_place()
                self._traffic.pace.lost(now)
            elif answer.status == 413:
                self._max_records = max(1, self._max_records // 2)
            return
        told = _read(PushAnswer, answer)
        parent = self._link.parent
        if batch is None or len(told.verdicts) != len(batch.runs):
            raise BadBody("verdicts")
        before = dict(self.pointers)
        self._follow(told.marks)
        for run in batch.runs:
            chain = (run.origin, run.inc)
            if chain in self._resend:
                self._resend[chain] = run.from_seq + len(run.records) - 1
                if self._resend[chain] >= self.pointers.get(chain, 0):
                    del self._resend[chain]
                else:
                    self.pointers[chain] = self._resend[chain]
        for refused in told.refused:
            self._blocked.add((refused.origin, refused.inc))
        self._link.problem("unenrolled", REFUSED_ZH if self._blocked else None)
        self._store.write(partial(self._keep, told=told, receipts=self._checked(told.receipts)))
        sent = [r for r in batch.runs if (r.origin, r.inc) not in self._blocked]
        if all(self.pointers.get((r.origin, r.inc), 0) >= r.from_seq + len(r.records) - 1 for r in sent):
            self._after_pos = max(self._after_pos, batch.next_pos)
            self._progress_at = now
        else:
            self._find_place()
            if self.pointers == before:
                self._traffic.pace.lost(now)
            self._dirty = True
        if batch.more:
            self._dirty = True
        if not batch.runs:
            self._standing.look()
        if parent is not None:
            self._heartbeat_at = now + parent.heartbeat_s
        if not self._store.identity.settled and not batch.more:
            # the parent may be able to settle this machine only after others have spoken
            self._greeted = False
            self._traffic.pace.wait(now, 1.0)

    def _keep(self, ledger: Ledger, told: PushAnswer, receipts: list[Receipt]) -> None:
        outbox.keep_marks(ledger, told.marks, receipts)
        parent = self._link.parent
        if parent is not None and told.asks:
            claims.answer_asks(ledger, told.asks, parent.node, parent.role)

    def _checked(self, receipts: list[Receipt]) -> list[Receipt]:
        c = self._link.credentials
        with self._store.read() as conn:
            good = true_receipts(conn, receipts, c.parent_id, c.parent_public)
        if len(good) < len(receipts):
            # hello compares all heads and tells a fork from a lost record
            self._greeted = False
        return good

    def _follow(self, marks: Collection[Mark]) -> None:
        """The parent's word, downwards too; a chain it does not name it does not hold."""
        told = {(m.origin, m.inc): m.held_parent for m in marks}
        if any(told.get(chain, 0) < seq for chain, seq in self.pointers.items()):
            # the parent holds less than it did: hello shows it the receipt that proves its restore
            self._greeted = False
        self.pointers = told

    def _find_place(self) -> None:
        with self._store.read() as conn:
            self._after_pos = outbox.first_pos(conn, self.pointers, self._mine())

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
