"""The parent's side of the protocol: one async function from request to signed answer.

Web routes hand every /v1/ request to `Parent.serve`. Writes go to the store's writer thread, longer reads
and files to worker threads; a waiting poll holds neither a thread nor a database connection.
"""

import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from functools import partial
from typing import Any, TypeVar

from hall.journal import closing
from hall.journal.blobs import BlobStore
from hall.journal.ledger import Ledger
from hall.journal.port import JournalPort
from hall.journal.refusal import NotWritten, Refusal, StoreFault
from hall.journal.works import Long
from sync import claims, feed, feed_start, give_back, ingest, parcels, signing, wire
from sync.access import CLOSED, ChildAccess, Closed, Doorkeeper, Unauthorised
from sync.answers import as_json, busy, message, query_of, read_body, read_object, refusal, whole
from sync.aside import Aside, Threads
from sync.blob_parent import BlobDoor
from sync.claims import ElsewhereOwned, MayTake, default_may_take
from sync.feed import MustRefetch, UnknownScope, Waiters
from sync.gate import AlwaysServing, Gate, NotServing
from sync.greeting import Greeter, OtherProtocol
from sync.message import Answer, Request
from sync.rewrapping import wraps_told
from sync.signing import BadSignature, Private, Public
from sync.versions import SPEAKS, Speaks
from sync.wire import (
    AskItem,
    BadBody,
    ClaimAnswer,
    ClaimBody,
    ErrorAnswer,
    FeedAnswer,
    HelloBody,
    Mark,
    ModeAnswer,
    ModeBody,
    ParcelAnswer,
    ParcelBody,
    PushBody,
    Receipt,
    ReturnAnswer,
    ReturnBody,
    StartBody,
    Statement,
)

log = logging.getLogger(__name__)

T = TypeVar("T")

MAX_WAIT_S = 30.0
PUSHES_AT_ONCE = 32
"""More pushes than this wait outside (429): claims must stay quick when many halls return at once."""
LiveHandler = Callable[[ChildAccess, dict[str, Any]], Awaitable[dict[str, Any]]]
"""Live coordination such as /v1/queue/call: idempotent by an id in its body; may raise Refusal, BadBody."""


class Parent:
    """Serves the children of one node. `serve` runs on any event loop; values are shared safely."""

    def __init__(
        self,
        store: JournalPort,
        *,
        private: Private,
        public: Public,
        children: Mapping[str, ChildAccess],
        secret: bytes,
        blobs: BlobStore,
        live: Mapping[str, LiveHandler] | None = None,
        may_take: MayTake = default_may_take,
        stored: Callable[[], None] = lambda: None,
        now_s: Callable[[], float] = time.time,
        max_wait_s: float = MAX_WAIT_S,
        aside: Aside | None = None,
        speaks: Speaks = SPEAKS,
        gate: Gate | None = None,
        peer: Mapping[str, Public] | None = None,
    ) -> None:
        """`stored` is called after records of children were stored: wake the own push upwards. `peer`: the node of
        the same hall, of which children may bring what it wrote and signed.
        """
        self._store = store
        self._private = private
        self._signers = {store.identity.node_id: public, **(peer or {})}
        self._gate = gate or AlwaysServing()
        self._children = children
        self._door = Doorkeeper(children, secret)
        self._blobs = BlobDoor(blobs)
        self._live = dict(live or {})
        self._may_take = may_take
        self._stored = stored
        self._now_s = now_s
        self._max_wait_s = max_wait_s
        self._aside = aside or Threads()
        self._pushes = 0
        self._asking_where: set[str] = set()
        self.heard_at: dict[str, float] = {}
        """When each child's last true request came, UTC seconds; empty since this process started."""
        self._greeter = Greeter(
            store, self._aside, children, self._signers, speaks,
            nonce=lambda node, inc: self._door.nonce(node, inc, now_s()),
            now_ms=lambda: max(0, int(now_s() * 1000)),
        )  # fmt: skip
        self.waiters = Waiters(store)

    def close(self) -> None:
        self.waiters.close()

    def unheard(self) -> frozenset[str]:
        """Children that have not sent all they have since this process started."""
        return self._greeter.unheard()

    @property
    def greeter(self) -> Greeter:
        return self._greeter

    def hear_anew(self) -> None:
        """From now on `unheard` tells who has not sent all it has since this call."""
        self._greeter.hear_anew()

    async def serve(self, request: Request) -> Answer:
        """Never raises for what a peer sends."""
        try:
            child = self._door.child(
                request.method, request.target, request.headers, request.body, self._now_s()
            )
            self.heard_at[child.node_id] = self._now_s()
            answer = await self._route(child, request)
        except Unauthorised as exc:
            log.warning("request refused: %s", exc.code)
            answer = refusal(401, exc.code, "本机没有通过上级的身份核验，请联系信息科重新登记。")
        except Closed as exc:
            answer = refusal(403, CLOSED, str(exc))
        except BadBody as exc:
            log.warning("bad body at %s: %s", request.path, exc)
            answer = refusal(400, "bad_body", "请求内容不符合协议，请升级本机程序。")
        except ElsewhereOwned as exc:
            answer = refusal(409, exc.code, exc.text, owner=exc.owner)
        except NotServing as exc:
            answer = refusal(503, exc.code, exc.text)
        except Refusal as exc:
            answer = refusal(409, exc.code, exc.text)
        except NotWritten as exc:
            answer = refusal(503, wire.NOT_WRITTEN, exc.text)
        except StoreFault as exc:
            # perhaps after a commit, in reading what to answer
            answer = refusal(503, "store_fault", exc.text)
        return self.sign(request, answer)

    def sign(self, request: Request, answer: Answer) -> Answer:
        """The answer under this node's key, tied to its request."""
        headers = {
            **answer.headers,
            signing.NODE: self._store.identity.node_id,
            signing.REQUEST: request.headers.get(signing.REQUEST) or "-",
        }
        try:
            signed = signing.sign_answer(
                answer.status,
                headers,
                answer.body,
                private=self._private,
                keyid=self._store.identity.node_id,
                created=max(0, int(self._now_s())),
            )
        except BadSignature:
            return Answer(400)
        return Answer(answer.status, signed, answer.body)

    async def _route(self, child: ChildAccess, request: Request) -> Answer:
        self._gate.admit(child, request.method, request.path)
        match (request.method, request.path.split("/")[1:]):
            case ("POST", ["v1", "mode"]):
                return await self._mode(child, request)
            case ("POST", ["v1", "hello"]):
                return await self._hello(child, request)
            case ("POST", ["v1", "push"]):
                return await self._push(child, request)
            case ("POST", ["v1", "returns"]):
                return await self._return(child, request)
            case ("POST", ["v1", "parcels"]):
                return await self._parcel(child, request)
            case ("POST", ["v1", "feed-start"]):
                return await self._start(child, read_body(StartBody, request))
            case ("GET", ["v1", "feed", scope]):
                return await self._feed(child, scope, request)
            case ("POST", ["v1", "claims"]):
                return await self._claim(child, request)
            case (_, ["v1", "blobs" | "uploads", *_]):
                answer = await self._aside.run(partial(self._blobs.serve, child, request))
                if request.method == "PUT":
                    self._stored()
                return answer
            case ("POST", _) if request.path in self._live:
                body = read_object(request)
                return as_json(200, await self._live[request.path](child, body))
        return refusal(404, "unknown_path", "上级没有这个接口，请升级程序。")

    # -- hello and push -------------------------------------------------------------------------------

    async def _hello(self, child: ChildAccess, request: Request) -> Answer:
        body = read_body(HelloBody, request)
        self._gate.heard(child, body.epoch)
        try:
            told = await self._greeter.hello(child, body, request.headers.get(signing.INC, ""))
        except OtherProtocol as exc:
            return refusal(426, exc.code, exc.text)
        return message(200, told)

    async def _return(self, child: ChildAccess, request: Request) -> Answer:
        body = read_body(ReturnBody, request)
        try:
            ingest.check_word(body.word, self._signers, self._greeter.siblings_of(child))
        except BadSignature as exc:
            raise BadBody("word") from exc
        writer = self._children.get(body.word.statement.origin)
        work = partial(give_back.take_back, body=body, source=child.node_id, writer=writer)
        return message(200, ReturnAnswer(seq=await self._aside.commit(self._store, Long(work))))

    async def _start(self, child: ChildAccess, asked: StartBody) -> Answer:
        if child.node_id in self._asking_where:
            return busy()
        siblings = self._greeter.siblings_of(child)
        self._asking_where.add(child.node_id)
        try:
            told = await self._aside.run(partial(feed_start.start_for, self._store, child, asked, siblings))
        finally:
            self._asking_where.discard(child.node_id)
        if feed_start.all_given(asked, told):
            self._greeter.compared(child)
        return message(200, told)

    async def _parcel(self, child: ChildAccess, request: Request) -> Answer:
        body = read_body(ParcelBody, request)
        work = Long(partial(parcels.take_back, body=body, signers=self._signers, source=child.node_id))
        await self._aside.commit(self._store, work)
        return message(200, ParcelAnswer())

    def _signed_word(self, statement: Statement) -> Receipt:
        return ingest.signed_receipt(statement, self._private)

    def _marks(self, child: ChildAccess) -> list[Mark]:
        with self._store.read() as conn:
            return ingest.marks_for(conn, self._store.identity.role, child)

    async def _push(self, child: ChildAccess, request: Request) -> Answer:
        body = read_body(PushBody, request)
        if body.inc != request.headers.get(signing.INC):
            raise BadBody("incarnation")
        if self._pushes >= PUSHES_AT_ONCE:
            return busy()
        self._pushes += 1
        try:
            taken = await self._take(child, body)
        except ingest.Gap:
            marks = await self._aside.run(partial(self._marks, child))
            return message(409, ErrorAnswer(code="gap", text="", marks=marks))
        finally:
            self._pushes -= 1
        if taken.restored:
            await self._greeter.begin_anew()
        if body.chains:
            self._stored()
        if not body.more:
            await self._greeter.heard_from(child)
        return message(200, ingest.answer_of(taken, self._private))

    async def _take(self, child: ChildAccess, body: PushBody) -> ingest.Taken:
        # beside the writer, which takes in another child's push meanwhile; of a heartbeat there is nothing to read
        read = partial(ingest.read_push, child, body)
        left: ingest.Push | None = await self._aside.run(read) if body.chains else read()
        parts: list[ingest.Taken] = []
        while left is not None:
            parts.append(await self._take_part(child, body.inc, left))
            left = parts[-1].left
        return ingest.joined(parts)

    async def _take_part(self, child: ChildAccess, inc: str, push: ingest.Push) -> ingest.Taken:
        def work(ledger: Ledger, *, guarded: bool) -> ingest.Taken:
            self._greeter.refuse_former_life(child.node_id, inc)
            push_taken = partial(ingest.take_push, child=child, push=push, signers=self._signers)
            return _unless_closed(ledger, child, partial(push_taken, guarded=guarded))

        try:
            return await self._aside.commit(self._store, Long(partial(work, guarded=False)))
        except (ingest.Gap, BadBody, Refusal, StoreFault, Unauthorised):
            raise
        except Exception as exc:
            # one record breaks a table: again, each record on its own, so that it alone is parked
            log.error(
                "push of %s has a record that cannot be projected: %s", child.node_id, type(exc).__name__
            )
            return await self._aside.commit(self._store, Long(partial(work, guarded=True)))

    async def _mode(self, child: ChildAccess, request: Request) -> Answer:
        self._gate.heard(child, read_body(ModeBody, request).epoch)
        now = await self._aside.run(partial(self._gate.standing, child))
        nonce = self._door.nonce(child.node_id, request.headers.get(signing.INC, ""), self._now_s())
        told = asdict(now) | {"node": self._store.identity.node_id, "nonce": nonce}
        return message(200, ModeAnswer.model_validate(told))

    # -- feed and claims ------------------------------------------------------------------------------

    async def _feed(self, child: ChildAccess, scope: str, request: Request) -> Answer:
        if scope not in child.scopes:
            return refusal(403, "scope", "本机无权读取这一类数据。")
        query = query_of(request)
        handle, seen_asks = query.get("handle", ""), query.get("asks", "")
        pos, limit = whole(query, "pos", 0), whole(query, "limit", wire.MAX_PAGE)
        wait_s = min(float(whole(query, "wait", 0)), self._max_wait_s)

        siblings = self._greeter.siblings_of(child) if scope == feed.HALL else frozenset()

        def read() -> FeedAnswer:
            me = self._store.identity
            with self._store.read() as conn:
                asks: list[AskItem] = []
                if scope != feed.OWN:
                    asks = claims.asks_for(conn, me.node_id, me.role, child.subtree)
                page = feed.page(
                    conn, me=me.node_id, inc=me.inc, role=me.role, scope=scope, subtree=child.subtree,
                    siblings=siblings, handle=handle, pos=pos, limit=limit, asks=asks, sign=self._signed_word,
                )  # fmt: skip
            told = wraps_told(self._store, child, page.wraps)
            return page if told == page.wraps else page.model_copy(update={"wraps": told})

        async def look() -> tuple[FeedAnswer, bool]:
            page = await self._aside.run(read)
            news = page.records or page.aside or (page.asks and asks_mark(page.asks) != seen_asks)
            return page, bool(news)

        try:
            page, _ = await (self.waiters.until(look, wait_s) if wait_s > 0 else look())
            return message(200, page)
        except MustRefetch as exc:
            return message(409, ErrorAnswer(code="must_refetch", text="", handle=exc.handle))
        except UnknownScope:
            return refusal(404, "scope", "上级没有这一类数据。")

    async def _claim(self, child: ChildAccess, request: Request) -> Answer:
        body = read_body(ClaimBody, request)
        if feed.HALL not in child.scopes:
            return refusal(403, "scope", "本机无权接收卷宗。")
        return message(200, await self.give(child, body))

    async def give(self, child: ChildAccess, body: ClaimBody) -> ClaimAnswer:
        """Move a dossier to a child, or give again what was moved. Raises Refusal, StoreFault."""
        may_take = claims.only_for_whom(self._may_take, self._children, child.subtree)
        work = partial(
            claims.give, req_id=body.req_id, dossier=body.dossier, actor=body.actor, have_n=body.have_n,
            asker=child.node_id, asker_role=child.role, may_take=may_take,
        )  # fmt: skip
        given = await self._aside.commit(self._store, partial(_unless_closed, child=child, work=work))
        answer = self._signed(given, body.req_id, body.dossier)
        if child.hall_public is None:
            return answer
        wraps = await self._aside.run(partial(wraps_told, self._store, child, answer.wraps))
        return answer.model_copy(update={"wraps": wraps})

    async def parcel(self, child: ChildAccess, req_id: str, dossier: str, have_n: int) -> ClaimAnswer:
        """For live handlers whose command has moved a dossier to the child (a called ticket)."""

        def read() -> claims.Given:
            with self._store.read() as conn:
                return claims.parcel(conn, dossier, child.node_id, have_n)

        return self._signed(await self._aside.run(read), req_id, dossier)

    def want(self, ask_id: str, dossier: str, actor: str) -> bool:
        """An officer here asks for a dossier that lies below. Blocks for the commit."""

        def work(ledger: Ledger) -> bool:
            return claims.want(ledger, ask_id, dossier, actor)

        opened = self._store.write(work)
        self.waiters.poke()
        return opened

    def _signed(self, given: claims.Given, req_id: str, dossier: str) -> ClaimAnswer:
        return claims.signed_answer(given, req_id, dossier, self._store.identity.node_id, self._private)


def _unless_closed(ledger: Ledger, child: ChildAccess, work: Callable[[Ledger], T]) -> T:
    """A machine that was closed while its request waited: what is taken now would be acknowledged and not count."""
    if closing.is_closed(ledger, child.node_id):
        raise Refusal("closed_meanwhile", "这台电脑刚刚被停用。")
    return work(ledger)


def asks_mark(asks: list[AskItem]) -> str:
    """Short name of a set of asks: a poll that knows it need not be told again."""
    return feed.short_hash("\n".join(ask.id for ask in asks)) if asks else ""
