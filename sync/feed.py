"""The parent's feed: its own journal by position, filtered for one child. A waiting poll holds no thread."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, func, or_, select

from hall.journal import schema
from hall.journal.book import SHELVED
from hall.journal.projection import Recorded
from hall.journal.store import Store
from sync.outbox import wraps_for
from sync.wire import MAX_BATCH_BYTES, MAX_PAGE, AskItem, FeedAnswer, Receipt, Statement, record_text

T = TypeVar("T")

SCOPES_VERSION = 1
"""Goes up when a scope shows other records than before: children then read it anew."""
HALL, QUEUE, OWN = "hall", "queue", "own"
QUEUE_SCOPES = ("queue", "machine")


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
    handle: str,
    pos: int,
    limit: int,
    asks: list[AskItem],
    sign: Callable[[Statement], Receipt],
) -> FeedAnswer:
    """Records after `pos`. Scopes: "hall" everything of the child's hall; "queue" no case data;
    "own" what the child's subtree itself has written. Raises UnknownScope, MustRefetch.
    """
    t = schema.record.c
    now = handle_of(inc, scope)
    last = conn.scalar(select(func.max(t.pos))) or 0
    if handle != now or pos > last:
        raise MustRefetch(now)
    query = select(t.pos, t.raw, t.dossier, t.origin, t.inc, t.seq, t.h).where(
        t.pos > pos, *_filter(scope, role, subtree)
    )
    limit = max(1, min(limit, MAX_PAGE))
    rows: list[Any] = []
    size = 0
    full = False
    for row in conn.execute(query.order_by(t.pos).limit(limit + 1)):
        if len(rows) == limit or (rows and size + len(row.raw) > MAX_BATCH_BYTES):
            full = True
            break
        rows.append(row)
        size += len(row.raw)
    own = next((row for row in reversed(rows) if (row.origin, row.inc) == (me, inc)), None)
    word = None
    if own is not None:
        h = bytes(own.h).hex()
        word = sign(Statement(by=me, by_inc=inc, origin=me, inc=inc, seq=own.seq, h=h, pos=own.pos))
    return FeedAnswer(
        handle=now,
        start=pos,
        end=rows[-1].pos if full else last,
        records=[record_text(bytes(row.raw)) for row in rows],
        wraps=wraps_for(conn, {row.dossier for row in rows}),
        more=full,
        asks=asks,
        word=word,
    )


def _filter(scope: str, role: str, subtree: Collection[str]) -> Sequence[ColumnElement[bool]]:
    t, mine = schema.record.c, list(subtree)
    if scope == OWN:
        return (t.origin.in_(mine),)
    if scope == QUEUE:
        return (t.scope.in_(QUEUE_SCOPES), t.type != SHELVED)
    if scope != HALL:
        raise UnknownScope(scope)
    if role == "hall":
        return (t.type != SHELVED,)
    other, d = schema.record.alias("other"), schema.dossier.alias("d")
    written_there = select(other.c.pos).where(other.c.dossier == t.dossier, other.c.origin.in_(mine))
    lies_there = select(d.c.id).where(d.c.id == t.dossier, or_(d.c.owner.in_(mine), d.c.offered_to.in_(mine)))
    return (t.type != SHELVED, or_(t.origin.in_(mine), written_there.exists(), lies_there.exists()))


class Waiters:
    """Polls that wait for the next commit. Used on event loops; woken from the store's writer thread."""

    def __init__(self, store: Store) -> None:
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

    async def until(self, ready: Callable[[], Awaitable[T | None]], timeout_s: float) -> T | None:
        """The first value of `ready` (an async function) that is not None, or its value at the end."""
        loop, event = asyncio.get_running_loop(), asyncio.Event()
        deadline = loop.time() + timeout_s
        self._waiting.add((loop, event))
        try:
            while True:
                event.clear()
                value = await ready()
                left = deadline - loop.time()
                if value is not None or left <= 0:
                    return value
                try:
                    await asyncio.wait_for(event.wait(), left)
                except TimeoutError:
                    return await ready()
        finally:
            self._waiting.discard((loop, event))

    def count(self) -> int:
        """Polls that wait now."""
        return len(self._waiting)
