"""The parent's feed: its own journal by position, filtered for one child. A waiting poll holds no thread."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import NamedTuple, TypeVar

from sqlalchemy import Connection

from hall.journal.book import SHELVED
from hall.journal.machine import closing_dossier_id
from hall.journal.port import JournalPort
from hall.journal.prepared import Row
from hall.journal.projection import Recorded
from hall.journal.rows import HASH_AT_POS, LAST_POS
from sync import rows
from sync.outbox import held_root, wraps_for
from sync.wire import (
    MAX_BATCH_BYTES,
    MAX_PAGE,
    AsideItem,
    AskItem,
    FeedAnswer,
    Receipt,
    Statement,
    record_text,
)

T = TypeVar("T")

SCOPES_VERSION = 2
"""Goes up when a scope shows other records than before: children then read it anew."""
HALL, QUEUE, OWN = "hall", "queue", "own"


class UnknownScope(ValueError):
    """There is no such feed."""


class MustRefetch(Exception):
    """The reader's place is not a place in this feed any more; `handle` is the present one."""

    def __init__(self, handle: str) -> None:
        super().__init__(handle)
        self.handle = handle


def handle_of(inc: str, scope: str) -> str:
    """Changes when the parent was restored or the scope's rules changed."""
    return f"{inc}.{scope}.{SCOPES_VERSION}"


def same_feed(one: str, other: str) -> bool:
    """Whether two handles name places in one feed, before any restore or change of its rules."""
    return one.split(".")[:3] == other.split(".")[:3]


def short_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def page(
    conn: Connection,
    *,
    me: str,
    inc: str,
    role: str,
    scope: str,
    subtree: Collection[str],
    siblings: Collection[str],
    handle: str,
    pos: int,
    limit: int,
    asks: list[AskItem],
    sign: Callable[[Statement], Receipt],
) -> FeedAnswer:
    """Records after `pos`. Scopes: "hall" everything of the child's hall; "queue" no case data;
    "own" what the child's subtree itself has written. `siblings`: machines below for whose chains the reader gets this
    node's word, so that it can give them back. Raises UnknownScope, MustRefetch.
    """
    now = handle_of(inc, scope)
    last = LAST_POS.scalar(conn) or 0
    if pos > last or handle != place_at(conn, now, pos):
        raise MustRefetch(now)
    limit = max(1, min(limit, MAX_PAGE))
    found, full = _after(conn, scope, role, subtree, pos, limit, closing_dossier_id(me))
    shown = [_Shown(*row) for row in found]
    newest = {(row.origin, row.inc): row for row in shown}
    own = newest.pop((me, inc), None)
    theirs = {chain: row for chain, row in newest.items() if chain[0] in siblings}
    root = held_root(conn, theirs)

    def word(row: _Shown) -> Receipt:
        h = bytes(row.h).hex()
        return sign(
            Statement(by=me, by_inc=inc, origin=row.origin, inc=row.inc, seq=row.seq, h=h, pos=row.pos)
        )

    end = shown[-1].pos if full else last
    return FeedAnswer(
        handle=handle,
        start=pos,
        end=end,
        next=place_at(conn, now, end),
        records=[record_text(bytes(row.raw)) for row in shown if not row.is_aside],
        aside=[
            AsideItem(origin=row.origin, inc=row.inc, seq=row.seq, raw=record_text(bytes(row.raw)))
            for row in shown
            if row.is_aside
        ],
        wraps=wraps_for(conn, {row.dossier for row in shown if not row.is_aside}),
        more=full,
        asks=asks,
        word=None if own is None else word(own),
        words=[word(row) for chain, row in theirs.items() if root.get(chain, 0) < row.seq],
    )


def place_at(conn: Connection, handle: str, pos: int) -> str:
    """The handle of a reader who stands at `pos`: it names the record there, so that a parent which was restored and
    has written others since is noticed, though its positions are the same.
    """
    h = HASH_AT_POS.scalar(conn, pos=pos) if pos else None
    return handle if h is None else f"{handle}.{bytes(h).hex()[:16]}"


class _Shown(NamedTuple):
    """One record of a page."""

    pos: int
    raw: bytes
    dossier: str
    origin: str
    inc: str
    seq: int
    h: bytes
    type: str

    @property
    def is_aside(self) -> bool:
        return self.type == SHELVED


class _Room:
    """Takes rows until there are enough, or their bytes are; one it takes always."""

    def __init__(self, limit: int) -> None:
        self._left = limit
        self._bytes = 0

    def takes(self, row: Row) -> bool:
        self._bytes += len(row[1])
        begun = self._bytes > len(row[1])
        self._left -= 1
        return self._left >= 0 and not (begun and self._bytes > MAX_BATCH_BYTES)


def _after(
    conn: Connection, scope: str, role: str, subtree: Collection[str], pos: int, limit: int, closings: str
) -> tuple[list[Row], bool]:
    """Rows of a page, and whether more are there."""
    mine, takes, most = list(subtree), _Room(limit).takes, limit + 1
    if scope == OWN:
        return rows.PAGE_OWN.some(conn, takes, after=pos, mine=mine, most=most)
    if scope == QUEUE:
        return rows.PAGE_QUEUE.some(conn, takes, after=pos, mine=mine, most=most)
    if scope != HALL:
        raise UnknownScope(scope)
    if role == "hall":
        return rows.PAGE_ALL.some(conn, takes, after=pos, most=most)
    return rows.PAGE_HALL.some(conn, takes, after=pos, mine=mine, closings=closings, most=most)


class Waiters:
    """Polls that wait for the next commit. Used on event loops; woken from the store's writer thread."""

    def __init__(self, store: JournalPort) -> None:
        self._waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()
        self._stop = store.subscribe(self._committed)

    def close(self) -> None:
        self._stop()
        self.poke()

    def poke(self) -> None:
        """Something that is no record has changed (an ask). Any thread."""
        for loop, event in tuple(self._waiting):
            if not loop.is_closed():
                loop.call_soon_threadsafe(event.set)

    def _committed(self, _: Sequence[Recorded]) -> None:
        self.poke()

    async def until(self, look: Callable[[], Awaitable[tuple[T, bool]]], timeout_s: float) -> tuple[T, bool]:
        """What `look` (an async function) tells: the first time that it is worth an answer, else at the end."""
        loop, event = asyncio.get_running_loop(), asyncio.Event()
        deadline = loop.time() + timeout_s
        self._waiting.add((loop, event))
        try:
            while True:
                event.clear()
                seen = await look()
                left = deadline - loop.time()
                if seen[1] or left <= 0:
                    return seen
                try:
                    await asyncio.wait_for(event.wait(), left)
                except TimeoutError:
                    return seen
        finally:
            self._waiting.discard((loop, event))

    def count(self) -> int:
        """Polls that wait now."""
        return len(self._waiting)
