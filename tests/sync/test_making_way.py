"""A push that makes way for those who wait ends where one that is taken in whole would."""

import random
from functools import partial

import pytest

from hall.journal.store import Store, Who
from sync import ingest
from sync.access import ChildAccess
from sync.ingest import Gap, Push, Taken
from sync.signing import new_signing_key
from sync.wire import PushBody, Run
from tests.hall.journal.flow import open_dossier, raws
from tests.hall.journal.test_many_at_once import everything
from tests.hall.journal.world import HallKeys, memory_store

KEYS = HallKeys()
PRIVATE, PUBLIC = new_signing_key()
CHILD = ChildAccess("n1", b"", "hall", frozenset(), frozenset({"n1", "w1", "w2"}))


def written(chance: random.Random) -> list[Run]:
    """Chains of two windows and of a stranger, in turn, as a node relays them."""
    chains: list[tuple[str, str, list[str]]] = []
    for name in ("w1", "w2", "x1"):
        store = memory_store(Who(name, "terminal", "h"), KEYS)
        for n in range(3):
            open_dossier(store, f"{name} {n}", *(f"{name} {n} {k}" for k in range(chance.randint(0, 4))))
        chains.append((name, store.identity.inc, [raw.decode() for raw in raws(store)]))
        store.close()
    runs, at = [], dict.fromkeys(("w1", "w2", "x1"), 0)
    while any(at[name] < len(texts) for name, _, texts in chains):
        name, inc, texts = chance.choice(chains)
        some = texts[at[name] : at[name] + chance.randint(1, 5)]
        if some:
            runs.append(Run(origin=name, inc=inc, from_seq=at[name] + 1, records=some))
            at[name] += len(some)
    return runs


def centre() -> Store:
    return memory_store(Who("c1", "county", "h"), KEYS)


def push_of(runs: list[Run]) -> Push:
    return ingest.read_push(CHILD, PushBody(inc="i", chains=runs, wraps=[], more=False))


def taken(store: Store, push: Push, *, waited_for: bool) -> tuple[Taken, int]:
    """And in how many parts."""
    left: Push | None = push
    parts: list[Taken] = []
    while left is not None:

        def work(ledger: ingest.Ledger, some: Push = left) -> Taken:
            ledger.waited_for = lambda: waited_for
            return ingest.take_push(ledger, CHILD, some, {"n1": PUBLIC}, guarded=False)

        parts.append(store.write(work))
        left = parts[-1].left
    return ingest.joined(parts), len(parts)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("step", [1, 3])
def test_parts_end_where_the_whole_does(seed: int, step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest, "STEP", step)
    runs = written(random.Random(seed))
    whole, parted = centre(), centre()
    at_once, one = taken(whole, push_of(runs), waited_for=False)
    in_parts, many = taken(parted, push_of(runs), waited_for=True)
    assert one == 1 < many
    assert in_parts.verdicts == at_once.verdicts
    assert in_parts.refused == at_once.refused
    assert {r.origin for r in in_parts.refused} == {"x1"}
    assert in_parts.marks == at_once.marks
    assert [(s.origin, s.seq, s.h) for s in sorted(in_parts.statements, key=lambda s: s.origin)] == [
        (s.origin, s.seq, s.h) for s in sorted(at_once.statements, key=lambda s: s.origin)
    ]
    assert everything(parted) == everything(whole)
    again, _ = taken(parted, push_of(runs), waited_for=True)
    assert {word for words in again.verdicts for word in words} == {"duplicate"}
    whole.close()
    parted.close()


def test_what_was_committed_before_a_gap_is_kept_and_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest, "STEP", 1)
    window = memory_store(Who("w1", "terminal", "h"), KEYS)
    open_dossier(window, "d1", "一", "二", "三")
    texts = [raw.decode() for raw in raws(window)]
    run = partial(Run, origin="w1", inc=window.identity.inc)
    store = centre()
    push = push_of([run(from_seq=1, records=texts[:2]), run(from_seq=4, records=texts[3:])])
    with pytest.raises(Gap):
        taken(store, push, waited_for=True)
    with store.read() as conn:
        assert [mark.held_parent for mark in ingest.marks_for(conn, "county", CHILD)] == [1]
    store.close()
    window.close()
