"""Both sides compare what they hold now and then, though nothing looks wrong; what differs is read again."""

import pytest
from sqlalchemy import delete, func, select, update

from hall.journal import schema
from hall.journal.verify import verify
from sync import feed, feed_start, rows, wire
from sync.core import Lane
from sync.lane import COMPARE_S
from sync.wire import StartBody
from tests.hall.journal.flow import notes
from tests.hall.journal.world import note
from tests.sync.rig import CENTRE, NODE, Rig

t = schema.record.c


@pytest.fixture
def busy(rig: Rig) -> Rig:
    for n in range(6):
        rig.open(f"w{n % 2 + 1}", f"d{n}", f"一{n}", f"二{n}")
    rig.run()
    return rig


def later(rig: Rig) -> None:
    rig.run(6, seconds=COMPARE_S / 3)


@pytest.mark.parametrize(("name", "origin"), [("w1", "w2"), (NODE, "w2"), ("w1", "w1")])
def test_a_record_that_a_disk_has_lost_is_read_again(busy: Rig, name: str, origin: str) -> None:
    """Its head still says that it is there."""
    engine = busy[name].engine
    with engine.begin() as conn:
        gone = conn.scalars(select(t.dossier).where(t.origin == origin).order_by(t.seq)).first()
        conn.execute(delete(schema.record).where(t.origin == origin, t.dossier == gone, t.n > 1))
        conn.execute(delete(note).where(note.c.dossier == gone))
    assert notes(busy[name].store, str(gone)) == []
    later(busy)
    assert busy.ids(name) == busy.ids(CENTRE)
    assert notes(busy[name].store, str(gone)) == [f"一{str(gone)[1:]}", f"二{str(gone)[1:]}"]


def test_nothing_is_read_twice_when_nothing_differs(busy: Rig) -> None:
    with busy["w1"].store.read() as conn:
        place = conn.execute(select(schema.feed_place)).all()
    later(busy)
    with busy["w1"].store.read() as conn:
        assert conn.execute(select(schema.feed_place)).all() == place
    assert verify(busy["w1"].store) == []


def test_other_bytes_under_a_head_are_found(busy: Rig) -> None:
    engine = busy["w1"].engine
    with engine.begin() as conn:
        last = conn.scalars(select(t.pos).where(t.origin == "w2").order_by(t.seq.desc()).limit(1)).all()
        conn.execute(update(schema.record).where(t.pos.in_(last)).values(h=b"\0" * 32, raw=b"garbage"))
    later(busy)
    assert busy.ids("w1") == busy.ids(CENTRE)
    assert verify(busy["w1"].store) == []


def test_a_restored_parent_is_greeted_though_the_comparison_comes_first(busy: Rig) -> None:
    """Its children have its words for what it has lost."""
    backup = busy.backup(NODE)
    busy.open(NODE, "own", "一")
    busy.run()
    busy.now += COMPARE_S
    while busy.exchange("w1", Lane.FACTS):
        """Its heartbeat was before."""
    busy[CENTRE].cut = True
    busy.restart(NODE, backup)
    # as its marker tells it at start
    busy[NODE].store.renew_incarnation()
    core = busy["w1"].core
    assert core is not None
    # the comparison, and a poll that finds another feed than before
    assert busy.exchange("w1", Lane.FEED)
    assert busy.exchange("w1", Lane.FEED)
    greeting = core.next_request(Lane.FACTS, busy.now)
    assert greeting is not None
    assert greeting.path == "/v1/hello"
    core.on_lost(Lane.FACTS, greeting, busy.now)
    busy.run(6)
    assert notes(busy[NODE].store, "own") == ["一"]


def test_what_lies_behind_a_gap_does_not_make_up_for_a_record_that_is_gone(busy: Rig) -> None:
    """As many records as its head says, but one of them is beyond it."""
    name = "w1"
    with busy[name].engine.begin() as conn:
        gone = conn.execute(
            select(t.pos, t.raw, t.id).where(t.origin == "w2").order_by(t.seq).offset(1)
        ).first()
        assert gone is not None
        last = conn.execute(select(t.inc, func.max(t.seq)).where(t.origin == "w2").group_by(t.inc)).one()
        conn.execute(
            update(schema.record)
            .where(t.pos == gone.pos)
            .values(seq=last[1] + 5, id="beyond", dossier="none")
        )
    later(busy)
    assert gone.id in busy.ids(name)


@pytest.mark.parametrize("scope", [feed.HALL, feed.QUEUE])
def test_a_reader_that_has_nothing_makes_nobody_look_through_everything(
    rig: Rig, scope: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig.open("w1", "d1", *(f"词{n}" for n in range(40)))
    rig.run()
    monkeypatch.setattr(feed_start, "FAR", 5)
    with rig[NODE].store.read() as conn:
        for statement in (rows.FIRST_BEYOND, rows.FIRST_BEYOND_QUEUE):
            monkeypatch.setattr(statement, "scalar", None)
        assert feed_start.first_lacking(conn, scope, []) == 0


def test_a_reader_that_lacks_a_little_begins_just_there(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    rig.open("w1", "d1", *(f"词{n}" for n in range(40)))
    rig.run()
    monkeypatch.setattr(feed_start, "FAR", 5)
    with rig[NODE].store.read() as conn:
        known = feed_start.known_chains(conn, feed.HALL)
        near = [c.model_copy(update={"seq": c.seq - 2}) if c.origin == "w1" else c for c in known]
        place = feed_start.first_lacking(conn, feed.HALL, near)
        last = max(c.seq for c in known if c.origin == "w1")
        assert conn.scalar(select(t.seq).where(t.pos == place + 1, t.origin == "w1")) == last - 1


def test_who_asks_twice_at_once_where_to_begin_waits(rig: Rig) -> None:
    rig.run()
    parent, core = rig[NODE].parent, rig["w1"].core
    assert parent is not None
    assert core is not None
    parent._asking_where.add("w1")
    body, headers = wire.encode(StartBody(scope="hall", known=[]))
    answer = rig.serve(parent, core.link.request("POST", "/v1/feed-start", headers, body))
    assert (answer.status, answer.headers["retry-after"]) == (429, "2")
    parent._asking_where.clear()
    assert rig.serve(parent, core.link.request("POST", "/v1/feed-start", headers, body)).status == 200
