"""A machine that is lost for good: what it wrote behind its closed place lies aside, everywhere alike."""

import itertools

import pytest
from sqlalchemy import delete, select

from hall.journal import closing, schema
from hall.journal.admission import Verdict
from hall.journal.closing import Order
from hall.journal.facts import LateAdopted, LateRejected, OriginClosed
from hall.journal.ledger import Ledger
from hall.journal.machine import closing_dossier_id
from hall.journal.refusal import Refusal
from hall.journal.store import Store
from hall.journal.verify import verify
from tests.hall.journal.flow import append, carry, held, notes, open_dossier, raws
from tests.hall.journal.test_dossier_rule import assert_rebuilt_equals_live
from tests.hall.journal.world import EVERYBODY, NoteWritten, Opener

BY = Order("z1", "王主任", "1号窗口主机报废")


def close(node: Store, machine: str = "w1", order: Order = BY) -> bool:
    return node.write(lambda ledger: closing.close_origin(ledger, machine, "1号窗口", order, below=EVERYBODY))


def adopt(node: Store, dossier: str) -> None:
    node.write(lambda ledger: closing.adopt_tail(ledger, "w1", dossier, BY, below=EVERYBODY))


def reject(node: Store, dossier: str, why: str = "群众没有来过") -> None:
    order = Order("z1", "王主任", why)
    node.write(lambda ledger: closing.reject_tail(ledger, "w1", dossier, order))


def late(store: Store) -> dict[str, set[tuple[str, str | None]]]:
    """By dossier: (what became of it, why)."""
    found: dict[str, set[tuple[str, str | None]]] = {}
    with store.read() as conn:
        for row in conn.execute(select(schema.late)):
            found.setdefault(row.dossier, set()).add((row.verdict, row.why))
    return found


def whole(*stores: Store) -> None:
    for store in stores:
        assert_rebuilt_equals_live(store)
        assert verify(store) == []


def test_what_comes_behind_the_closed_place_lies_aside(open_store: Opener) -> None:
    window, node = open_store("w1"), open_store("n1", "hall")
    open_dossier(window, "d1", "已送到")
    carry(window, node)
    assert close(node)
    node.write(lambda ledger: ledger.seize("d1", below=EVERYBODY, by="z1", reason="报废"))
    append(window, "d1", NoteWritten("没送到"))
    open_dossier(window, "d2", "谁也没见过")
    assert set(carry(window, node)) == {Verdict.DUPLICATE, Verdict.LATE}
    assert notes(node, "d1") == ["已送到"]
    assert held(node, "d2") is None
    assert late(node) == {"d1": {("waiting", None)}, "d2": {("waiting", None)}}
    # the lost machine goes by its own journal until somebody has its disk
    assert notes(window, "d2") == ["谁也没见过"]
    whole(node, window)


def test_a_person_adopts_or_rejects_what_lies_aside(open_store: Opener) -> None:
    window, node, centre = open_store("w1"), open_store("n1", "hall"), open_store("c1", "county")
    close(node)
    open_dossier(window, "d1", "一")
    open_dossier(window, "d2", "二")
    carry(window, node)
    adopt(node, "d1")
    reject(node, "d2")
    assert notes(node, "d1") == ["一"]
    row = held(node, "d1")
    assert row is not None
    assert row.owner == "n1"
    assert held(node, "d2") is None
    assert late(node) == {"d2": {("rejected", "群众没有来过")}}
    for again in (adopt, reject):
        with pytest.raises(Refusal, match="已经处理过"):
            again(node, "d1")
    # more of the adopted dossier: of a former owner by now, to be judged one by one
    append(window, "d1", NoteWritten("三"))
    assert set(carry(window, node)) == {Verdict.DUPLICATE, Verdict.LATE}
    carry(node, centre)
    assert held(centre, "d1") == held(node, "d1")
    assert late(centre) == late(node)
    whole(node, centre)


def test_late_records_of_a_seized_dossier_are_judged_by_its_owner(open_store: Opener) -> None:
    window, node = open_store("w1"), open_store("n1", "hall")
    open_dossier(window, "d1", "一")
    carry(window, node)
    close(node)
    node.write(lambda ledger: ledger.seize("d1", below=EVERYBODY, by="z1", reason="报废"))
    append(window, "d1", NoteWritten("送出去的纸"))
    append(window, "d1", NoteWritten("重复的事"))
    carry(window, node)
    with node.read() as conn:
        first, second = conn.scalars(
            select(schema.late.c.id)
            .join(schema.record, schema.record.c.id == schema.late.c.id)
            .order_by(schema.record.c.pos)
        )
    node.write(lambda ledger: closing.adopt_late(ledger, first, BY))
    node.write(lambda ledger: closing.reject_late(ledger, second, BY))
    assert notes(node, "d1") == ["一", "送出去的纸"]
    with pytest.raises(Refusal, match="已经处理过"):
        node.write(lambda ledger: closing.adopt_late(ledger, second, BY))
    types = {LateAdopted.TYPE, LateRejected.TYPE}
    with node.read() as conn:
        assert set(conn.scalars(select(schema.record.c.type).where(schema.record.c.type.in_(types)))) == types
    whole(node)


def test_all_come_to_the_same_in_whatever_order_it_reaches_them(open_store: Opener) -> None:
    window, node = open_store("w1"), open_store("n1", "hall")
    open_dossier(window, "d1", "一")
    carry(window, node)
    close(node)
    node.write(lambda ledger: ledger.seize("d1", below=EVERYBODY, by="z1", reason="报废"))
    append(window, "d1", NoteWritten("迟到"))
    open_dossier(window, "d2", "采纳的")
    open_dossier(window, "d3", "不采纳的")
    open_dossier(window, "d4", "没人看的")
    carry(window, node)
    adopt(node, "d2")
    reject(node, "d3")
    parts = (raws(node, origin="w1")[:2], raws(node, origin="w1")[2:], raws(node, origin="n1"))
    for count, order in enumerate(itertools.permutations(parts)):
        other = open_store(f"x{count}", "county")
        for records in order:
            carry(node, other, records)
        assert verdicts_by_id(other) == verdicts_by_id(node), order
        assert late(other) == late(node)
        assert [held(other, d) for d in ("d1", "d2", "d3", "d4")] == [
            held(node, d) for d in ("d1", "d2", "d3", "d4")
        ]
        whole(other)


def test_two_halves_of_a_pair_close_it_at_different_places(open_store: Opener) -> None:
    window, node, standby, centre = (
        open_store("w1"), open_store("n1", "hall"), open_store("n2", "hall"), open_store("c1", "county")
    )  # fmt: skip
    open_dossier(window, "d1", "一")
    carry(window, node)
    append(window, "d1", NoteWritten("二"))
    carry(window, standby)
    append(window, "d1", NoteWritten("三"))
    assert close(node)
    assert close(standby)
    everything = [*raws(window), *raws(node, origin="n1"), *raws(standby, origin="n2")]
    for target in (node, standby):
        carry(window, target, everything)
    carry(window, centre, everything[::-1])
    for store in (node, standby, centre):
        # what either of the two held counts: nothing that was acknowledged is lost
        assert notes(store, "d1") == ["一", "二"]
        assert late(store) == {"d1": {("waiting", None)}}
    whole(node, standby, centre)


def test_closing_is_said_once_and_by_who_may(open_store: Opener) -> None:
    window, other, node = open_store("w1"), open_store("w2"), open_store("n1", "hall")
    carry(window, node)
    with pytest.raises(Refusal, match="理由"):
        close(node, order=Order("z1", "王主任", " "))
    with pytest.raises(Refusal, match="大厅节点或县中心"):
        close(other)
    with pytest.raises(Refusal, match="没有在本机登记"):
        close(node, "n1")
    assert close(node)
    assert not close(node)
    with node.read() as conn:
        told = conn.scalars(
            select(schema.record.c.type).where(schema.record.c.type == OriginClosed.TYPE)
        ).all()
        assert [c.machine for c in closing.closed(conn)] == ["w1"]
    assert len(told) == 1


def test_a_closing_that_goes_takes_along_what_rested_on_it(open_store: Opener) -> None:
    """A restored node's line gives way to what stands above, and its machine dossier is counted anew without it."""
    window, node = open_store("w1"), open_store("n1", "hall")
    open_dossier(window, "d1", "一")
    carry(window, node)
    close(node)
    append(window, "d1", NoteWritten("二"))
    carry(window, node)
    home = closing_dossier_id("n1")
    node.write(lambda ledger: ledger._book.replay(home))
    assert notes(node, "d1") == ["一"]
    t = schema.record

    def lose_it(ledger: Ledger) -> None:
        ledger.conn.execute(delete(t).where(t.c.type == OriginClosed.TYPE))
        ledger._book.replay(home)

    node.write(lose_it)
    assert notes(node, "d1") == ["一", "二"]
    assert late(node) == {}


def verdicts_by_id(store: Store) -> dict[str, str]:
    t = schema.record.c
    with store.read() as conn:
        return {row.id: row.verdict for row in conn.execute(select(t.id, t.verdict))}


def uphold(store: Store) -> int:
    return store.write(closing.uphold)


def test_what_another_had_acknowledged_counts_though_a_lower_place_was_closed(open_store: Opener) -> None:
    """The node that closes has less of the machine than the centre has, or the other node of the pair."""
    window, node, centre = open_store("w1"), open_store("n1", "hall"), open_store("c1", "county")
    open_dossier(window, "d1", "一")
    carry(window, node)
    append(window, "d1", NoteWritten("二"))
    carry(window, centre)
    assert close(node)
    carry(node, centre)
    assert notes(centre, "d1") == ["一"]
    assert uphold(centre) == 1
    assert notes(centre, "d1") == ["一", "二"]
    append(window, "d1", NoteWritten("三"))
    for store in (centre, node):
        carry(window, store)
    carry(centre, node)
    assert notes(node, "d1") == notes(centre, "d1") == ["一", "二"]
    # said once: what comes later of the machine is a tail
    assert uphold(centre) == uphold(node) == 0
    with centre.read() as conn:
        assert [(each.by, each.reason) for each in closing.closed(conn)] == [(BY.name, BY.reason)]
    whole(node, centre, window)


def test_nothing_is_said_twice_where_nothing_more_was_held(open_store: Opener) -> None:
    window, node, centre = open_store("w1"), open_store("n1", "hall"), open_store("c1", "county")
    open_dossier(window, "d1", "一")
    carry(window, node)
    carry(window, centre)
    close(node)
    carry(node, centre)
    append(window, "d1", NoteWritten("二"))
    carry(window, centre)
    assert uphold(centre) == 0
    assert notes(centre, "d1") == ["一"]
