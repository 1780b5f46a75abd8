"""A reader that comes from the other node of its hall reads what it lacks, and no more."""

import random
from datetime import UTC, datetime
from itertools import count

import pytest
from sqlalchemy import select

from hall.journal import schema
from hall.journal.blobs import BlobStore
from hall.journal.ledger import Ledger
from hall.journal.refusal import Refusal
from sync import feed, feed_start, wire
from sync.access import ChildAccess
from sync.core import ChildCore, Lane
from sync.feed_apply import has_place, place_of, read_place
from sync.link import Credentials
from sync.outbox import wraps_for
from sync.parent import Parent
from sync.wire import StartBody
from tests.hall.journal.world import memory_engine
from tests.sync.rig import NODE, SCOPES, Rig

OTHER = "n2"


@pytest.fixture
def paired(rig: Rig) -> Rig:
    """w1 and w2 have told the node a lot; a second node has it all by the node's feed, in another order."""
    for n in range(30):
        rig.open(f"w{n % 2 + 1}", f"d{n}", f"受理{n}")
    rig.run()
    rig._build(OTHER, "hall", memory_engine())
    other = rig[OTHER]
    other.parent = Parent(
        other.store, private=other.key[0], public=other.key[1], secret=b"s" * 32, blobs=other.blobs,
        children={w: ChildAccess(w, rig[w].key[1], "terminal", SCOPES, frozenset({w})) for w in ("w1", "w2")},
        now_s=lambda: rig.now + 1e9, max_wait_s=0.0,
    )  # fmt: skip
    copy(rig, NODE, OTHER)
    return rig


def copy(rig: Rig, source: str, target: str) -> None:
    """Everything, the last first where chains allow it: positions differ."""
    t = schema.record.c
    with rig[source].store.read() as conn:
        found = conn.execute(select(t.raw, t.origin, t.dossier, t.seq).order_by(t.origin.desc(), t.seq)).all()
        wraps = wraps_for(conn, {row.dossier for row in found})

    def work(ledger: Ledger) -> None:
        for item in wraps:
            ledger.put_wraps(item.dossier, item.wraps())
        for row in found:
            ledger.admit(bytes(row.raw), source)

    rig[target].store.write(work)


def reader(rig: Rig, child: str, pair: str = NODE) -> ChildCore:
    """The child's exchange with the second node."""
    m, ids = rig[child], count()
    return ChildCore(
        m.store, Credentials(child, m.key[0], OTHER, rig[OTHER].key[1], pair), BlobStore(rig.folder / "x"),
        scope="hall", rng=random.Random(1), new_id=lambda: f"x{next(ids)}",
        wall=lambda: datetime(2026, 3, 2, tzinfo=UTC),
    )  # fmt: skip


def read_all(rig: Rig, core: ChildCore) -> int:
    """Returns how many records came in pages."""
    other = rig[OTHER].parent
    assert other is not None
    came = 0
    for _ in range(12):
        for lane in (Lane.FACTS, Lane.FEED):
            request = core.next_request(lane, rig.now)
            if request is None:
                continue
            answer = rig.serve(other, request)
            if lane is Lane.FEED and answer.status == 200 and request.method == "GET":
                page = wire.decode(wire.FeedAnswer, answer.body, answer.headers, wire.MAX_ANSWER_BYTES)
                came += len(page.records)
            core.on_answer(lane, request, answer, rig.now)
        rig.now += 2.0
    return came


def test_only_what_is_new_there_is_read(paired: Rig) -> None:
    rig = paired
    rig.open(OTHER, "new-1", "接替后受理")
    lacking = len(rig.ids(OTHER) - rig.ids("w1"))
    assert read_all(rig, reader(rig, "w1")) == lacking > 0
    assert rig.ids(OTHER) <= rig.ids("w1")


def test_without_a_pair_everything_is_read_from_the_beginning(paired: Rig) -> None:
    rig = paired
    rig.open(OTHER, "new-1", "接替后受理")
    alone, together = read_all(rig, reader(rig, "w1", pair="")), read_all(rig, reader(rig, "w2"))
    assert alone > 40
    assert together < 10
    assert rig.ids(OTHER) <= rig.ids("w1")
    assert rig.ids(OTHER) <= rig.ids("w2")


def test_the_place_at_the_first_node_stays(paired: Rig) -> None:
    rig = paired
    before = read_place(rig["w1"].store, place_of("hall", NODE))
    read_all(rig, reader(rig, "w1"))
    assert read_place(rig["w1"].store, place_of("hall", NODE)) == before
    assert has_place(rig["w1"].store, place_of("hall", OTHER))


def test_a_reader_with_a_hole_begins_at_the_hole(paired: Rig) -> None:
    rig = paired
    store = rig[OTHER].store
    with store.read() as conn:
        known = feed_start.known_chains(conn, feed.HALL)
        early = [c.model_copy(update={"seq": 3}) if c.origin == "w1" else c for c in known]
        other = [c.model_copy(update={"h": "0" * 64}) if c.origin == "w1" else c for c in known]
        at = feed_start.first_lacking(conn, feed.HALL, known)
        behind = feed_start.first_lacking(conn, feed.HALL, early)
        differs = feed_start.first_lacking(conn, feed.HALL, other)
        nothing = feed_start.first_lacking(conn, feed.HALL, [])
    assert nothing == 0 <= differs < behind < at


def test_a_kiosk_may_not_begin_in_the_halls_feed(paired: Rig) -> None:
    kiosk = ChildAccess("w1", b"", "terminal", frozenset({"queue", "own"}), frozenset({"w1"}))
    with pytest.raises(Refusal):
        feed_start.start_for(paired[OTHER].store, kiosk, StartBody(scope="hall", known=[]), ())
