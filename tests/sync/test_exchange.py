"""Facts up, feeds down, dossiers across, over a wire in memory."""

from collections.abc import Callable, Collection
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, select

from hall.journal import schema
from hall.journal.ledger import Ledger
from hall.journal.verify import verify
from hall.queueing.events import DayOpened
from sync import feed, outbox
from sync.core import Lane
from sync.wire import FeedAnswer
from tests.hall.journal.flow import notes
from tests.hall.journal.world import NoteWritten
from tests.sync.rig import CENTRE, NODE, Rig


def test_facts_reach_the_root_and_come_down_to_every_window(rig: Rig) -> None:
    rig.open("w1", "d1", "一", "二")
    rig.open("w2", "d2", "三")
    rig.run()
    assert rig.ids(CENTRE) == rig.ids(NODE) == rig.ids("w1") == rig.ids("w2")
    assert len(rig.ids(CENTRE)) == 5
    for name in rig.machines:
        assert notes(rig[name].store, "d1") == ["一", "二"]
        assert set(rig.verdicts(name).values()) == {"accepted"}
        assert verify(rig[name].store) == []
    state = rig["w1"].core.state()  # type: ignore[union-attr]
    assert (state.up, state.waiting_facts, state.problem_zh) == (True, 0, None)
    rig.now += 31  # the next heartbeat tells what the root holds
    rig.run()
    with rig["w1"].store.read() as conn:
        marks = conn.execute(select(schema.watermark)).all()
        assert {(m.origin, m.held_parent, m.held_root) for m in marks} == {("w1", 3, 3)}
        assert len(conn.execute(select(schema.receipt)).all()) == 1


def test_an_offer_moves_up_by_being_taken(rig: Rig) -> None:
    rig.run()
    rig.open("w1", "d1", "受理")
    rig.offer("w1", "d1", "民政@county")
    assert rig.owner("w1", "d1") == "w1"
    rig.run()
    assert {rig.owner(m, "d1") for m in rig.machines} == {NODE}
    with rig[CENTRE].store.read() as conn:
        assert conn.scalar(select(schema.dossier.c.offered_to)) == "民政@county"
    parent = rig[CENTRE].parent
    assert parent is not None
    assert parent.want("ask-1", "d1", "officer-1")
    rig.run()
    assert {rig.owner(m, "d1") for m in rig.machines} == {CENTRE}
    assert not parent.want("ask-1", "d1", "officer-1")
    rig.append(CENTRE, "d1", NoteWritten("同意"))
    rig.offer(CENTRE, "d1", "hall")
    rig.run()
    assert {rig.owner(m, "d1") for m in rig.machines} == {NODE}
    assert {tuple(notes(rig[m].store, "d1")) for m in rig.machines} == {("受理", "同意")}


def test_a_desk_at_the_node_gets_it_without_the_centre(rig: Rig) -> None:
    rig[CENTRE].cut = True
    rig.open("w1", "d1", "受理")
    rig.offer("w1", "d1", "民政@node")
    rig.run()
    assert {rig.owner(m, "d1") for m in ("w1", "w2", NODE)} == {NODE}
    assert rig.owner(CENTRE, "d1") is None
    state = rig[NODE].core.state()  # type: ignore[union-attr]
    assert not state.up
    assert state.waiting_facts > 0
    assert "网络不通" in (state.problem_zh or "")
    rig[CENTRE].cut = False
    rig.now += 120
    rig.run()
    assert rig.owner(CENTRE, "d1") == NODE


def test_nothing_is_sent_twice_in_quiet_times(rig: Rig) -> None:
    rig.open("w1", "d1", "一")
    rig.run()
    core = rig["w1"].core
    assert core is not None
    assert core.next_request(Lane.FACTS, rig.now) is None
    assert core.due(Lane.FACTS, rig.now) > 0
    core.wake()
    assert core.due(Lane.FACTS, rig.now) == 0
    assert core.next_request(Lane.FACTS, rig.now) is None


def test_quiet_times_write_nothing(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    rig.open("w1", "d1", "一")
    rig.run()
    rig.now += 31
    rig.run()
    child = rig["w1"]
    written: list[Callable[[Ledger], Any]] = []
    write = child.store.write

    def counted(work: Callable[[Ledger], Any]) -> Any:
        written.append(work)
        return write(work)

    monkeypatch.setattr(child.store, "write", counted)
    rig.now += 31
    rig.run()
    assert not written
    rig.open("w2", "d2", "二")
    rig.now += 31
    rig.run()
    assert written


def test_a_poll_without_news_reads_the_page_once(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    rig.run()
    pages: list[int] = []
    page = feed.page

    def counted(*args: Any, **kwargs: Any) -> FeedAnswer:
        pages.append(kwargs["pos"])
        return page(*args, **kwargs)

    monkeypatch.setattr(feed, "page", counted)
    rig.now += 5
    assert rig.exchange("w1", Lane.FEED)
    assert len(pages) == 1


def test_what_is_written_while_its_place_is_looked_for_is_not_passed_over(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig.open("w1", "d1", "一")
    rig.run()
    core, heads = rig["w1"].core, outbox.heads
    assert core is not None
    before = core.facts.pointers.held[next(c for c in core.facts.pointers.held if c[0] == "w1")]

    def written_meanwhile(conn: Connection, mine: Collection[str]) -> dict[outbox.Chain, outbox.OwnHead]:
        found = heads(conn, mine)
        monkeypatch.setattr(outbox, "heads", heads)
        rig.append("w1", "d1", NoteWritten("二"))
        return found

    monkeypatch.setattr(outbox, "heads", written_meanwhile)
    with rig["w1"].store.read() as conn:
        place = outbox.first_pos(conn, core.facts.pointers.held, ["w1"])
        batch = outbox.next_batch(conn, core.facts.pointers.held, ["w1"], place)
    assert [run.from_seq for run in batch.runs] == [before + 1]


def test_a_heartbeat_finds_what_was_passed_over(rig: Rig) -> None:
    rig.run()
    core = rig["w1"].core
    assert core is not None
    core.facts.pointers._after_pos = 1_000
    rig.open("w1", "d1", "一")
    rig.run()
    assert rig.owner(NODE, "d1") is None
    rig.now += 31
    rig.run()
    assert rig.owner(NODE, "d1") == "w1"


def test_what_the_parent_does_not_take_ceases_to_count_below(rig: Rig) -> None:
    rig.open("w1", "d1", "一")
    rig["w1"].store.write(lambda ledger: ledger.append("d1", DayOpened(date(2026, 3, 2), 1), actor="w1"))
    rig.note("w1", "d1", "二")
    rig.run(20, seconds=31)
    for name in ("w1", NODE, CENTRE):
        assert notes(rig[name].store, "d1") == ["一"], name
    assert "taken_back" in rig.codes("w1")
    assert rig["w1"].store.identity.settled
    rig.open("w1", "d2", "三")
    rig.run()
    assert notes(rig[CENTRE].store, "d2") == ["三"]
