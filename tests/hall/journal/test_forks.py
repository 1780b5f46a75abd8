"""A disk that was put back wrote on: the parent's line stands, what stood here is put aside, and nothing is dropped."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, select

from hall.journal import schema
from hall.journal.admission import Verdict
from hall.journal.book import lost_bytes
from hall.journal.envelope import parse
from hall.journal.facts import LateAdopted
from hall.journal.ledger import Ledger
from hall.journal.rebuild import rebuild
from hall.journal.refusal import Refusal
from hall.journal.store import Store, Who
from hall.journal.verify import verify
from tests.hall.journal.flow import append, carry, held, notes, open_dossier, quarantined, raws, verdicts
from tests.hall.journal.world import EVERYBODY, HallKeys, NoteWritten, copy_of, memory_engine, memory_store

KEYS = HallKeys()


Make = Callable[..., Store]


@pytest.fixture
def make() -> Iterator[Make]:
    opened: list[Store] = []

    def one(node: str, role: str, engine: Engine | None = None, *, made: bool = False) -> Store:
        opened.append(memory_store(Who(node, role, "h"), KEYS, engine, made=made))
        return opened[-1]

    yield one
    for store in opened:
        store.close()


@pytest.fixture
def forked(make: Make) -> tuple[Store, Store]:
    """A window, and the same window from a backup: two records each at the third place of one chain."""
    engine = memory_engine()
    window = make("w1", "terminal", engine)
    open_dossier(window, "d1", "受理")
    again = make("w1", "terminal", copy_of(engine), made=True)
    append(window, "d1", NoteWritten("上级有的"))
    append(again, "d1", NoteWritten("恢复后写的"))
    append(again, "d1", NoteWritten("又写的"))
    return window, again


def from_above(source: Store, target: Store) -> list[Verdict]:
    coming = raws(source)
    return target.write(lambda ledger: [ledger.admit(raw, "n1", from_above=True) for raw in coming])


def test_the_parents_line_stands(forked: tuple[Store, Store]) -> None:
    window, again = forked
    assert from_above(window, again)[-1] is Verdict.ACCEPTED
    assert notes(again, "d1") == notes(window, "d1") == ["上级有的", "受理"]
    assert held(again, "d1") == held(window, "d1")
    assert quarantined(again) == ["forked", "forked"]
    assert raws(again) == raws(window)
    again.write(lambda ledger: rebuild(ledger.conn, again.kernel))
    assert notes(again, "d1") == notes(window, "d1")
    assert verify(again) == []


def test_from_below_the_second_is_put_aside(forked: tuple[Store, Store], make: Make) -> None:
    window, again = forked
    node = make("n1", "hall")
    carry(window, node)
    told = carry(again, node)
    assert told[-2] is Verdict.FORKED
    assert notes(node, "d1") == notes(window, "d1")
    assert "forked" in quarantined(node)


def test_positions_are_never_given_twice(forked: tuple[Store, Store]) -> None:
    """A reader of the feed who stood at the end would pass over what comes in their place."""
    window, again = forked
    before = again.write(lambda ledger: ledger.read(4).pos)
    from_above(window, again)
    with pytest.raises(KeyError):
        again.write(lambda ledger: ledger.read(before))
    assert again.write(lambda ledger: ledger.read(5).env.n) == 3


def test_of_two_that_a_clone_wrote_everybody_counts_the_same(make: Make) -> None:
    """Both under one name and token, in two incarnations: whichever comes first, one line stands."""
    engine = memory_engine()
    window = make("w1", "terminal", engine)
    open_dossier(window, "d1", "受理")
    clone = make("w1", "terminal", copy_of(engine), made=True)
    clone.renew_incarnation()
    clone.settle()
    append(window, "d1", NoteWritten("本机写的"))
    append(clone, "d1", NoteWritten("克隆机写的"))
    counted = []
    for first, second in ((window, clone), (clone, window)):
        centre = make("c1", "county")
        carry(first, centre)
        carry(second, centre)
        counted.append((notes(centre, "d1"), sorted(verdicts(centre))))
    assert counted[0] == counted[1]
    assert len(counted[0][0]) == 2


def test_behind_a_lost_place_the_chain_goes_on(make: Make) -> None:
    window, node = make("w1", "terminal"), make("n1", "hall")
    open_dossier(window, "d1", "受理")
    open_dossier(window, "d2", "另一件")
    inc, known = window.identity.inc, raws(window)
    restored = make("w1", "terminal")
    restored.write(lambda ledger: [ledger.admit(raw, "n1") for raw in (known[0], *known[2:])])
    restored.write(lambda ledger: ledger.declare_lost(("w1", inc, 2)))
    assert restored.write(lambda ledger: ledger.held(("w1", inc))) == 4
    places: Callable[[Ledger], list[Verdict]] = lambda ledger: [  # noqa: E731
        ledger.admit(known[0], "w1", place=("w1", inc, 1)),
        ledger.admit(known[2], "w1"),
    ]
    node.write(places)
    lost = next(raw for raw in raws(restored) if b"lost" in raw)
    assert node.write(lambda ledger: ledger.admit(lost, "w1", place=("w1", inc, 2))) is Verdict.QUARANTINED
    assert quarantined(node) == ["lost"]
    assert node.write(lambda ledger: ledger.held(("w1", inc))) == 3
    assert notes(node, "d2") == []
    assert verify(restored) == []


def test_nothing_is_seized_from_above_or_beside(make: Make) -> None:
    window, node = make("w1", "terminal"), make("n1", "hall")
    open_dossier(window, "d1", "受理")
    carry(window, node)
    with pytest.raises(Refusal, match="上级或别的大厅"):
        node.write(lambda ledger: ledger.seize("d1", below=("w2",), by="主任", reason="失联"))
    node.write(lambda ledger: ledger.seize("d1", below=EVERYBODY, by="主任", reason="失联"))


def test_what_was_adopted_stays_adopted_when_an_overtaken_seizure_arrives(make: Make) -> None:
    window, node, centre = make("w1", "terminal"), make("n1", "hall"), make("c1", "county")
    open_dossier(window, "d1", "受理")
    carry(window, node)
    carry(window, centre)
    append(window, "d1", NoteWritten("迟到的"))
    node.write(lambda ledger: ledger.seize("d1", below=EVERYBODY, by="甲", reason="失联"))
    centre.write(lambda ledger: ledger.seize("d1", below=EVERYBODY, by="乙", reason="失联"))
    carry(window, centre)
    late = parse(raws(window)[-1]).id
    append(centre, "d1", LateAdopted(late))
    carry(node, centre)
    assert notes(centre, "d1") == ["受理", "迟到的"]
    with centre.read() as conn:
        found = {row.id: row.verdict for row in conn.execute(select(schema.late))}
    assert found[late] == "adopted"
    assert sorted(found.values()) == ["adopted", "waiting"]


def test_what_the_parent_has_put_aside_ceases_to_count_and_the_chain_goes_on(make: Make) -> None:
    window = make("w1", "terminal")
    open_dossier(window, "d1", "受理", "上级不收的", "又写的")
    inc, refused = window.identity.inc, raws(window)[2]
    window.write(lambda ledger: ledger.put_aside(("w1", inc, 3), refused))
    assert notes(window, "d1") == ["受理"]
    assert quarantined(window) == ["taken_back"]
    assert window.write(lambda ledger: ledger.held(("w1", inc))) == 4
    window.write(lambda ledger: ledger.put_aside(("w1", inc, 3), refused))
    assert quarantined(window) == ["taken_back"]
    assert verify(window) == []
    before = len(raws(window))
    window.write(lambda ledger: rebuild(ledger.conn, window.kernel))
    assert (notes(window, "d1"), len(raws(window))) == (["受理"], before)


def test_other_bytes_at_its_place_take_away_what_was_written_behind(forked: tuple[Store, Store]) -> None:
    window, again = forked
    inc, aside = window.identity.inc, raws(window)[2]
    again.write(lambda ledger: ledger.put_aside(("w1", inc, 3), aside))
    assert notes(again, "d1") == ["受理"]
    assert quarantined(again) == ["forked", "forked"]
    assert again.write(lambda ledger: ledger.held(("w1", inc))) == 3
    assert verify(again) == []


def test_a_place_that_is_lost_above_keeps_what_stands_behind(make: Make) -> None:
    window = make("w1", "terminal")
    open_dossier(window, "d1", "受理")
    open_dossier(window, "d2", "另一件")
    inc = window.identity.inc
    window.write(lambda ledger: ledger.put_aside(("w1", inc, 2), lost_bytes(("w1", inc, 2))))
    assert (notes(window, "d1"), notes(window, "d2")) == ([], ["另一件"])
    assert quarantined(window) == ["forked"]
    assert window.write(lambda ledger: ledger.held(("w1", inc))) == 4


def test_a_parcel_of_a_fork_is_put_aside_whole(forked: tuple[Store, Store], make: Make) -> None:
    """Its last record comes alone, by another way: it follows what was put aside."""
    window, again = forked
    node = make("n1", "hall")
    carry(window, node)
    _, _, second, third = raws(again)
    told = node.write(lambda ledger: [ledger.admit(raw, "w9") for raw in (second, third)])
    assert told == [Verdict.FORKED, Verdict.FORKED]
    append(again, "d1", NoteWritten("再写的"))
    fourth = raws(again)[-1]
    assert node.write(lambda ledger: ledger.admit(fourth, "w9")) is Verdict.FORKED
    assert quarantined(node) == ["forked", "chain_broken", "chain_broken"]
    assert held(node, "d1") == held(window, "d1")
