"""Bugs planted on purpose, to see that the schedules find them. Each takes one rule of the protocol away."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType
from typing import Any
from unittest.mock import patch

from hall.journal import book, closing
from hall.journal.admission import Verdict, judge
from hall.journal.book import Book
from hall.journal.kernel import dossier_row
from hall.journal.ledger import Ledger
from hall.journal.lookup import BatchLookup, Lookup
from hall.journal.refusal import UnknownDossier
from hall.journal.token import Token
from sync import (
    claims,
    feed,
    feed_apply,
    feed_lane,
    feed_start,
    forks,
    give_back,
    ingest,
    lost_places,
    outbox,
    parcels,
    parent,
)
from sync.blob_lane import BlobLane
from sync.facts_lane import FactsLane
from sync.feed_apply import FeedPlace
from sync.greeting import Greeter
from sync.link import Link
from sync.pointers import Pointers
from sync.wire import record_bytes
from yichuang.simulate import machine
from yichuang.simulate.machine import Machine, Rules

Taken = tuple[Any, str, Any]
"""(object, attribute, what stands there instead)"""


@dataclass(frozen=True, slots=True)
class Plant:
    """`what` is the mistake, for the report."""

    what: str
    instead: Callable[[], tuple[Taken, ...]] = tuple
    rules: Mapping[str, Any] = field(default_factory=dict)
    redundant: str = ""
    """Why no schedule can find it: another rule does the same work."""

    @contextmanager
    def planted(self, rules: Rules) -> Iterator[Rules]:
        with ExitStack() as stack:
            for target, name, other in self.instead():
                stack.enter_context(patch.object(target, name, other))
            yield replace(rules, **self.rules)


def _nothing(*_: Any, **__: Any) -> None:
    return None


def _no(*_: Any, **__: Any) -> bool:
    return False


def _none_found(*_: Any, **__: Any) -> list[Any]:
    return []


def _late_is_counted(truly: Callable[..., Verdict], env: Any, held: Any) -> Verdict:
    verdict = truly(env, held)
    return Verdict.ACCEPTED if verdict is Verdict.LATE else verdict


def _without_order(truly: Callable[..., Verdict], env: Any, held: Any) -> Verdict:
    verdict = truly(env, held)
    return Verdict.ACCEPTED if verdict is Verdict.HELD and held is not None else verdict


def _upwards_only(self: Pointers, marks: Any) -> bool:
    told = {(m.origin, m.inc): m.held_parent for m in marks}
    self.held = {c: max(told.get(c, 0), self.held.get(c, 0)) for c in told.keys() | self.held.keys()}
    return False


def _hopes(on_lost: Callable[..., None], self: FactsLane, request: Any, now: float) -> None:
    """No answer came, so it will have arrived."""
    batch = self._batch
    on_lost(self, request, now)
    for run in batch.runs if batch is not None and request.path == "/v1/push" else ():
        self.pointers.held[run.origin, run.inc] = run.from_seq + len(run.records) - 1
    if batch is not None:
        self.pointers.went(batch)


def _plain_number(self: Token, _: str) -> Token:
    """A term that each seizer counts up, without its name and level."""
    return Token(0, self.centre + self.hall + 1, self.hops + 1, "")


def _place_first(store: Any, page: Any, source: str, scope: str | None) -> bool:
    if scope is not None and page.end > page.start:
        place = FeedPlace(page.next, page.end)
        store.write(partial(feed_apply.save_place, scope=scope, place=place))
    return bool(store.write(partial(_records_of, page=page, source=source)))


def _records_of(ledger: Ledger, page: Any, source: str) -> bool:
    for item in page.wraps:
        ledger.put_wraps(item.dossier, item.wraps())
    for text in page.records:
        ledger.admit(record_bytes(text), source, from_above=True)
    return True


def _unwritten_answer(ledger: Ledger, answer: Any, owner: str, owner_public: Any, actor: str) -> Any:
    for text in answer.records:
        ledger.admit(record_bytes(text), owner, from_above=True)
    return dossier_row(ledger.conn, answer.dossier)


def _sent_when_begun(self: BlobLane, offset: int) -> None:
    """A piece has been taken, so the whole will be."""
    self._sent()


def _owned_by_row(self: Ledger, dossier: str) -> Any:
    row = self.dossier(dossier)
    if row is None or row.owner != self.identity.node_id:
        raise UnknownDossier(dossier)
    return row


def _not_named(*_: Any) -> None:
    return None


def _without_a_trace(displace: Callable[..., None], self: Book, *rest: Any) -> None:
    with patch.object(Book, "quarantine", _nothing):
        displace(self, *rest)


def _anybody(ledger: Ledger, child: Any, work: Callable[[Ledger], Any]) -> Any:
    return work(ledger)


def _next_number(self: Machine) -> str:
    """The incarnation after the one that the disk knows: a disk that comes back counts to the same."""
    kept = self.tables.machine.get("inc", "0")
    return f"{int(kept, 16) + 1:032x}" if len(kept) == 32 else self.name.encode().hex().zfill(32)


def _restored_is_told(on_hello: Callable[..., None], self: FactsLane, *rest: Any) -> None:
    with patch.object(outbox, "compare", lambda *_: ([], [])):
        on_hello(self, *rest)


PLANTS: Mapping[str, Plant] = MappingProxyType(
    {
        "commit-not-synced": Plant(
            "commits are acknowledged before they are synced", rules={"full_sync": False}
        ),
        "gap-accepted": Plant(
            "the parent takes a run that does not follow what it holds",
            lambda: ((Ledger, "held", lambda *_: 2**40),),
        ),
        "pointer-upwards-only": Plant(
            "a child never goes back to what the parent says it holds",
            lambda: ((Pointers, "follow", _upwards_only),),
        ),
        "timeout-is-success": Plant(
            "a child takes a push without an answer for stored",
            lambda: ((FactsLane, "on_lost", partial_method(_hopes, FactsLane.on_lost)),),
            redundant="the marks of the next answer set the pointer back to what is held",
        ),
        "no-idempotency": Plant(
            "a record that is here already is stored again",
            lambda: (
                (Lookup, "named", _not_named),
                (Lookup, "at", _not_named),
                (BatchLookup, "named", _not_named),
                (BatchLookup, "at", _not_named),
            ),
        ),
        "command-twice": Plant(
            "a command that was done is done again", lambda: ((Ledger, "done_before", _nothing),)
        ),
        "incarnation-counted": Plant(
            "the new incarnation is derived from the old one", lambda: ((Machine, "_random", _next_number),)
        ),
        "marker-unread": Plant(
            "nothing beside the data folder tells of a restore",
            rules={"marker": False},
        ),
        "restore-not-compared": Plant(
            "a child does not compare its chains with the parent's at hello",
            lambda: ((FactsLane, "_on_hello", partial_method(_restored_is_told, FactsLane._on_hello)),),  # noqa: SLF001
        ),
        "receipts-unread": Plant(
            "a restored parent does not learn it from its own receipts",
            lambda: ((ingest, "proves_restore", _no),),
        ),
        "words-unread": Plant(
            "a restored parent asks nobody for what it wrote itself",
            lambda: ((give_back, "wanted", _none_found),),
        ),
        "parcels-forgotten": Plant(
            "a restored owner does not ask for what it had handed over",
            lambda: ((parcels, "wanted", _none_found),),
        ),
        "moves-forgotten": Plant(
            "a restored owner does not read the receipts of its claims", lambda: ((claims, "recover", _no),)
        ),
        "answer-not-journaled": Plant(
            "who takes a dossier does not write the signed answer down",
            lambda: ((claims, "take", _unwritten_answer),),
        ),
        "unsettled-writes": Plant(
            "a restored machine writes in its old dossiers at once",
            lambda: ((Ledger, "owned", _owned_by_row),),
        ),
        "settles-early": Plant(
            "a restored parent settles before its children have spoken",
            lambda: ((Greeter, "unheard", lambda *_: frozenset()),),
        ),
        "feed-not-refetched": Plant(
            "a reader's place is taken for good after a restore of the parent",
            lambda: (
                (feed, "handle_of", lambda _, scope: scope),
                (feed, "place_at", lambda _, handle, __: handle),
            ),
        ),
        "place-before-page": Plant(
            "the place in the feed is saved before its page",
            lambda: ((feed_lane, "admit_page", _place_first),),
        ),
        "token-a-number": Plant(
            "the token is a number that each seizer counts up",
            lambda: ((Token, "seized_by_hall", _plain_number), (Token, "seized_by_centre", _plain_number)),
        ),
        "late-counts": Plant(
            "what a former owner wrote counts as if it had come in time",
            lambda: (patched_judge(_late_is_counted),),
        ),
        "order-ignored": Plant(
            "a record counts before the one it follows",
            lambda: (patched_judge(_without_order),),
            redundant="the one it follows comes second to a taken place, and the dossier counts anew in order",
        ),
        "held-for-ever": Plant(
            "a record that waited is not looked at again", lambda: ((Book, "_release_held", _nothing),)
        ),
        "seizure-does-not-rewind": Plant(
            "what stands behind a seizure that came later keeps counting",
            lambda: ((Book, "replay", _nothing),),
        ),
        "forks-untold": Plant(
            "what was put aside is told to nobody above", lambda: ((forks.Forks, "tell", lambda _: 0),)
        ),
        "own-line-stands": Plant(
            "of two records at one place the own one stays, not the parent's",
            lambda: ((Book, "displace", _nothing),),
        ),
        "displaced-untold": Plant(
            "what the parent's line displaces is dropped",
            lambda: ((Book, "displace", partial_method(_without_a_trace, Book.displace)),),
        ),
        "siblings-unasked": Plant(
            "nobody asks a reader for what only it has of another machine below",
            lambda: ((feed_start, "ahead", _none_found),),
        ),
        "lower-place-stands": Plant(
            "nobody upholds what had been taken in of a closed machine before the closing was heard",
            lambda: ((closing, "uphold", lambda _: 0),),
        ),
        "closed-while-waiting": Plant(
            "what a machine sent before it was closed is acknowledged behind its closed place",
            lambda: ((parent, "_unless_closed", _anybody),),
        ),
        "closed-key-taken": Plant(
            "the key of a closed machine goes on opening the door",
            lambda: ((machine, "Enrolled", lambda known, _: known), (parent, "_unless_closed", _anybody)),
        ),
        "lost-places-open": Plant(
            "what stands behind a lost record is never sent",
            lambda: ((lost_places, "settle", lambda store: store.settle()),),
        ),
        "clones-welcome": Plant(
            "nobody looks who else speaks or writes under one name",
            lambda: ((Greeter, "_refuse_clones", _nothing), (feed_apply, "_refuse_clone", _nothing)),
        ),
        "scan-sent-when-begun": Plant(
            "a scan counts as sent before its digest was confirmed",
            lambda: ((BlobLane, "_go_on", _sent_when_begun),),
        ),
        "answers-unsigned": Plant("a child believes every answer", lambda: ((Link, "check", _nothing),)),
    }
)


def partial_method(fn: Callable[..., Any], first: Any) -> Callable[..., Any]:
    """A method that hands the one it stands for to `fn`."""

    def method(self: Any, *args: Any) -> Any:
        return fn(first, self, *args)

    return method


def patched_judge(fn: Callable[..., Verdict]) -> Taken:
    return (book, "judge", partial(fn, judge))
