"""A page of the parent's feed into the own store: records and place in one transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from hall.journal import closing
from hall.journal.book import Place
from hall.journal.envelope import Envelope, hash_of
from hall.journal.facts import OriginClosed
from hall.journal.ledger import Ledger, parsed
from hall.journal.port import JournalPort
from hall.journal.refusal import Refusal, StoreFault
from sync import give_back, rows
from sync.ingest import check_receipt
from sync.rows import HASH_AT
from sync.signing import BadSignature, Public
from sync.wire import BadBody, FeedAnswer, record_bytes

UNKNOWN = "-"
"""Handle of a scope never read: the parent answers with the present one."""


@dataclass(frozen=True, slots=True)
class FeedPlace:
    """How far a scope has been read."""

    handle: str = UNKNOWN
    pos: int = 0


class UnderMyName(Exception):
    """The parent holds a record that this machine has not written, in the chain that it is writing: a clone."""


def place_of(scope: str, parent: str) -> str:
    """Under which name the place in a parent's feed is kept: the nodes of a pair number their journals apart."""
    return f"{scope}@{parent}"


def read_place(store: JournalPort, scope: str) -> FeedPlace:
    with store.read() as conn:
        return place_in(conn, scope)


def has_place(store: JournalPort, scope: str) -> bool:
    """Whether this very feed has been read."""
    with store.read() as conn:
        return rows.PLACE.first(conn, scope=scope) is not None


def place_in(conn: Connection, scope: str) -> FeedPlace:
    # before there were pairs it was kept under the scope alone
    row = rows.PLACE.first(conn, scope=scope) or rows.PLACE.first(conn, scope=scope.partition("@")[0])
    return FeedPlace() if row is None else FeedPlace(*row)


def save_place(ledger: Ledger, scope: str, place: FeedPlace) -> None:
    values = {"handle": place.handle, "pos": place.pos}
    if rows.SET_PLACE.run(ledger.conn, its_scope=scope, **values) == 0:
        rows.ADD_PLACE.run(ledger.conn, scope=scope, **values)


def check_words(page: FeedAnswer, node: str, public: Public) -> None:
    """Raises BadSignature unless `node` signed what the page says of chains, and says of its own nothing beside."""
    for word in (page.word, *page.words):
        if word is not None:
            check_receipt(word, node, public)
    if any(word.statement.origin == node for word in page.words):
        raise BadSignature("a second word on the own chain")


def admit_page(store: JournalPort, page: FeedAnswer, source: str, scope: str | None) -> bool:
    """False when the page does not start at the own place: nothing was kept. `scope` None keeps no place.

    Raises UnderMyName; then nothing was kept either.
    """
    work = partial(_admit, page=page, source=source, scope=scope)
    try:
        return store.write(partial(work, guarded=False))
    except (BadBody, Refusal, StoreFault, UnderMyName):
        raise
    except Exception:
        # one record breaks a table: again, each on its own, so that it alone is parked
        return store.write(partial(work, guarded=True))


def _admit(ledger: Ledger, page: FeedAnswer, source: str, scope: str | None, *, guarded: bool) -> bool:
    if guarded:
        ledger.admit_guarded()
    if scope is not None:
        if place_in(ledger.conn, scope) != FeedPlace(page.handle, page.start):
            return False
        if page.end > page.start:
            save_place(ledger, scope, FeedPlace(page.next, page.end))
    if scope is not None and page.word is not None:
        give_back.keep_word(ledger, page.word)
    for word in page.words if scope is not None else ():
        give_back.keep_word(ledger, word)
    for item in page.wraps:
        ledger.put_wraps(item.dossier, item.wraps())
    raws = [record_bytes(text) for text in page.records]
    aside = [((item.origin, item.inc, item.seq), record_bytes(item.raw)) for item in page.aside]
    coming = parsed(raws)
    placed = [((env.origin, env.inc, env.seq), env.h) for env in coming.values() if isinstance(env, Envelope)]
    _refuse_clone(ledger, placed + [(place, hash_of(raw)) for place, raw in aside])
    with ledger.many(coming):
        for raw in raws:
            ledger.admit(raw, source, from_above=True)
    for place, raw in aside:
        ledger.put_aside(place, raw)
    if any(isinstance(done.event, OriginClosed) for done in ledger.recorded):
        closing.uphold(ledger)
    return True


def _refuse_clone(ledger: Ledger, told: Iterable[tuple[Place, bytes]]) -> None:
    """`told`: which hash the parent has at each place."""
    me = ledger.identity
    for (origin, inc, seq), h in told:
        if (origin, inc) == (me.node_id, me.inc):
            mine = HASH_AT.scalar(ledger.conn, origin=origin, inc=inc, seq=seq)
            # one that was written here and is gone from the disk comes home
            if ledger.held((origin, inc)) < seq if mine is None else bytes(mine) != h:
                raise UnderMyName
