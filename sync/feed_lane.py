"""The feed lane of a child: a long poll for what the parent's journal has that is not here yet."""

import logging
import random
from collections.abc import Callable, Collection
from functools import partial
from urllib.parse import quote

from hall.journal.ledger import Ledger
from hall.journal.port import JournalPort
from sync import claims, rows, wire
from sync.feed import HALL, same_feed, short_hash
from sync.feed_apply import (
    UNKNOWN,
    FeedPlace,
    UnderMyName,
    admit_page,
    check_words,
    has_place,
    place_in,
    place_of,
    read_place,
    save_place,
)
from sync.feed_start import known_chains, true_heads
from sync.lane import COMPARE_S, Traffic
from sync.link import Link
from sync.message import Answer, Request
from sync.signing import BadSignature
from sync.wire import (
    AskItem,
    BadBody,
    ChainAt,
    ErrorAnswer,
    FeedAnswer,
    Head,
    HelloAnswer,
    StartAnswer,
    StartBody,
)

log = logging.getLogger(__name__)

WAIT_S = 25
SLOWEST_ANSWER_S = 15.0
GREET_S = 30.0


class FeedLane:
    """`scope` is "hall" or "queue". `arrived` is called after a page with records, `changed` when the parent
    has another feed than before: it may have been restored; `give_back` with what it lacks of other machines below it,
    `vain` tells where that ended.
    """

    def __init__(
        self,
        store: JournalPort,
        link: Link,
        rng: random.Random,
        *,
        scope: str,
        mine: Callable[[], Collection[str]],
        arrived: Callable[[], None],
        changed: Callable[[], None],
        give_back: Callable[[list[Head]], None],
        vain: Callable[[], list[ChainAt]],
    ) -> None:
        self._store = store
        self._link = link
        self._traffic = Traffic(link, rng)
        self._scope = scope
        self._place = place_of(scope, link.credentials.parent_id)
        self._arrived = arrived
        self._changed = changed
        self._mine = mine
        self._give_back, self._vain = give_back, vain
        self._asks_mark = ""
        self._asked_at = 0.0
        self._start_asked = False
        self._compared_at = -COMPARE_S
        self.up_to_date = False
        """The last page was the last one that there was."""

    def due(self, now: float) -> float:
        """Seconds until next_request may have one; the poll itself waits at the parent."""
        return max(0.0, self._traffic.pace.not_before - now) if self._link.parent else 1.0

    def next_request(self, now: float) -> Request | None:
        if not self._traffic.may_start(now) or self._link.parent is None:
            return None
        place = read_place(self._store, self._place)
        if self._begins_anew(place):
            with self._store.read() as conn:
                known = known_chains(conn, self._scope)
            return self._ask_where(known, "start", now)
        # one that is not settled waits for what its readers have of others
        pause = COMPARE_S if self._link.parent.settled else GREET_S
        if self.up_to_date and self._scope == HALL and now >= self._compared_at + pause:
            self._compared_at = now
            with self._store.read() as conn:
                known = true_heads(conn)
            return self._ask_where(known, "compare", now)
        target = (
            f"/v1/feed/{self._scope}?handle={quote(place.handle)}&pos={place.pos}"
            f"&limit={wire.MAX_PAGE}&wait={WAIT_S}&asks={self._asks_mark}"
        )
        self._asked_at = now
        request = self._link.request("GET", target, timeout_s=WAIT_S + SLOWEST_ANSWER_S)
        return self._traffic.start(request, "feed", now)

    def _ask_where(self, known: list[ChainAt], kind: str, now: float) -> Request:
        data, headers = wire.encode(StartBody(scope=self._scope, known=known, vain=self._vain()))
        return self._traffic.start(self._link.request("POST", "/v1/feed-start", headers, data), kind, now)

    def on_lost(self, request: Request, now: float) -> None:
        self._traffic.lost(request, now)

    def on_answer(self, request: Request, answer: Answer, now: float) -> None:
        landed = self._traffic.landed(request, answer, now)
        if landed is None:
            return
        kind, error = landed
        if kind in ("start", "compare"):
            self._told_where(answer, error, kind)
            return
        if error is not None:
            if error.code == "must_refetch" and error.handle:
                self._store.write(partial(self._begin_again, handle=error.handle))
            return
        try:
            page = wire.decode(FeedAnswer, answer.body, answer.headers, wire.MAX_ANSWER_BYTES)
            c = self._link.credentials
            check_words(page, c.parent_id, c.parent_public)
            if page.records or page.aside or page.end > page.start:
                # most polls bring nothing: then nobody waits for the writer
                admit_page(self._store, page, c.parent_id, self._place)
        except UnderMyName:
            log.error("another machine writes under this machine's name: it waits for a person")
            self._store.renew_incarnation(suspect=True)
            self._changed()
            return
        except (BadBody, BadSignature) as exc:
            log.error("a feed page cannot be read: %s", exc)
            self._traffic.pace.lost(now)
            return
        self.up_to_date = not page.more
        self._answer(page.asks)
        if page.records or page.aside:
            self._arrived()
        elif now - self._asked_at < 1.0:
            # the parent answered at once with nothing: do not run in circles
            self._traffic.pace.wait(now, 1.0)

    def _begin_again(self, ledger: Ledger, handle: str) -> None:
        if place_in(ledger.conn, self._place).handle != UNKNOWN:
            # it may have been restored, and lost scans as well: it is asked for each again
            rows.FORGET_SENT.run(ledger.conn)
            self._changed()
        self._compared_at = -COMPARE_S
        save_place(ledger, self._place, FeedPlace(handle, 0))

    def _begins_anew(self, place: FeedPlace) -> bool:
        """At the other node of a pair for the first time: nearly everything there is known here."""
        parent = self._link.parent
        paired = bool(self._link.credentials.pair) and parent is not None and parent.role == "hall"
        if not paired or self._start_asked or has_place(self._store, self._place):
            return False
        return not place.handle.startswith(_inc_of(parent))

    def _told_where(self, answer: Answer, error: ErrorAnswer | None, kind: str) -> None:
        # an older node does not know the question: then everything is read, or nothing compared
        self._start_asked = self._start_asked or kind == "start"
        if error is not None:
            return
        try:
            told = wire.decode(StartAnswer, answer.body, answer.headers, wire.MAX_ANSWER_BYTES)
        except BadBody as exc:
            log.error("where to begin cannot be read: %s", exc)
            return
        place = FeedPlace(told.handle, told.pos)
        if kind == "compare":
            if told.wants:
                log.error("the parent lacks records of other machines below it: they are given back")
                self._give_back(told.wants)
            elif told.at_root:
                self._store.write(self._forget_words)
            here = read_place(self._store, self._place)
            if told.pos >= here.pos or not same_feed(told.handle, here.handle):
                # that the parent was restored is the next poll's to find: it says hello again, with the parent's words
                return
            log.error("records that the parent has are not here any more, or others are: they are read again")
            # or it was put back to before this place, which the next poll will not show any more: hello does
            self._changed()
        self._store.write(partial(save_place, scope=self._place, place=place))

    def _forget_words(self, ledger: Ledger) -> None:
        """What the root has nobody has to give back; no page has come since it was asked."""
        kept = {*self._link.credentials.nodes, *self._mine()}
        rows.FORGET_RECEIPTS_BUT.run(ledger.conn, origins=sorted(kept))

    def _answer(self, asks: list[AskItem]) -> None:
        self._asks_mark = short_hash("\n".join(ask.id for ask in asks)) if asks else ""
        parent = self._link.parent
        if not asks or parent is None:
            return

        def work(ledger: Ledger) -> int:
            return claims.answer_asks(ledger, asks, parent.node, parent.role)

        self._store.write(work)


def _inc_of(parent: HelloAnswer | None) -> str:
    """How every handle of that life of the parent begins (sync.feed.handle_of)."""
    return "" if parent is None else f"{parent.inc}."
