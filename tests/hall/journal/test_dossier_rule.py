"""Who may write, what becomes late, what waits, and that all of it follows from the records."""

import pytest
from sqlalchemy import select

from hall.journal import schema
from hall.journal.admission import Verdict
from hall.journal.facts import DossierMoved, DossierOffered, LateAdopted, LateRejected, OfferWithdrawn
from hall.journal.rebuild import compare, rebuild, rebuilt_tables, rows
from hall.journal.refusal import NotOwner, NotSettled, Refusal, UnknownDossier
from hall.journal.store import Store
from hall.journal.verify import verify
from tests.hall.journal.flow import append, carry, held, notes, open_dossier, quarantined, raws, verdicts
from tests.hall.journal.world import EVERYBODY, NoteWritten, Opener, WriteNote, handle_note


def assert_rebuilt_equals_live(store: Store) -> None:
    tables = rebuilt_tables(store.kernel)
    with store.read() as conn:
        before = {t.name: sorted(map(repr, rows(conn, t))) for t in tables}
    was = verdicts(store)
    store.write(lambda ledger: rebuild(ledger.conn, store.kernel))
    with store.read() as conn:
        after = {t.name: sorted(map(repr, rows(conn, t))) for t in tables}
        assert compare(conn, conn, tables) == []
    assert after == before
    assert verdicts(store) == was


def test_only_the_owner_appends(open_store: Opener) -> None:
    window, node = open_store("w1"), open_store("n1", "hall")
    open_dossier(window, "d1", "受理")
    carry(window, node)
    with pytest.raises(NotOwner):
        append(node, "d1", NoteWritten("不该写"))
    with pytest.raises(UnknownDossier):
        append(node, "d2", NoteWritten("没有"))
    with pytest.raises(Refusal, match="已经存在"):
        open_dossier(window, "d1")


def test_move_hands_over_the_pen(open_store: Opener) -> None:
    window, node = open_store("w1"), open_store("n1", "hall")
    open_dossier(window, "d1", "受理")
    append(window, "d1", DossierOffered("民政@county"))
    append(window, "d1", DossierMoved("n1", "ask-1", offer_stands=True))
    with pytest.raises(NotOwner):
        append(window, "d1", NoteWritten("迟了"))
    carry(window, node)
    row = held(node, "d1")
    assert row is not None
    assert (row.owner, row.n, row.token.hops, row.offered_to) == ("n1", 4, 1, "民政@county")
    append(node, "d1", OfferWithdrawn("材料不全"))
    append(node, "d1", NoteWritten("补充"))
    assert set(carry(node, window)) == {Verdict.DUPLICATE, Verdict.ACCEPTED}
    assert held(window, "d1") == held(node, "d1")
    assert_rebuilt_equals_live(window)
    assert verify(window) == verify(node) == []


def test_records_wait_for_what_they_follow(open_store: Opener) -> None:
    window, node = open_store("w1"), open_store("n1", "hall")
    open_dossier(window, "d1", "一", "二", "三")
    first, *rest = raws(window)
    assert carry(window, node, list(reversed(rest))) == [Verdict.HELD] * 3
    assert notes(node, "d1") == []
    assert carry(window, node, [first]) == [Verdict.ACCEPTED]
    assert notes(node, "d1") == ["一", "三", "二"]
    assert set(verdicts(node)) == {"accepted"}
    assert_rebuilt_equals_live(node)


def test_late_facts_after_a_seizure_are_adopted_or_rejected(open_store: Opener) -> None:
    window, node = open_store("w1"), open_store("n1", "hall")
    open_dossier(window, "d1", "受理")
    carry(window, node)
    node.write(lambda ledger: ledger.seize("d1", below=EVERYBODY, by="王主任", reason="窗口电脑损坏"))
    append(window, "d1", NoteWritten("已交给群众的纸"))
    append(window, "d1", NoteWritten("重复的事"))
    late = raws(window)[-2:]
    assert carry(window, node, late) == [Verdict.LATE, Verdict.LATE]
    assert notes(node, "d1") == ["受理"]
    with node.read() as conn:
        waiting = list(conn.scalars(select(schema.late.c.id).order_by(schema.late.c.id)))
    append(node, "d1", LateAdopted(waiting[0]))
    append(node, "d1", LateRejected(waiting[1], "窗口已另行办理"))
    assert notes(node, "d1") == ["受理", "已交给群众的纸"]
    with node.read() as conn:
        got = {r.id: (r.verdict, r.why) for r in conn.execute(select(schema.late))}
    assert got == {waiting[0]: ("adopted", None), waiting[1]: ("rejected", "窗口已另行办理")}
    assert_rebuilt_equals_live(node)
    # the terminal counted its own records first: the seizure rewinds them, and both sides agree
    carry(node, window)
    assert notes(window, "d1") == notes(node, "d1")
    assert held(window, "d1") == held(node, "d1")
    assert_rebuilt_equals_live(window)
    assert verify(window) == verify(node) == []


def test_two_seizures_in_any_order_end_alike(open_store: Opener) -> None:
    window, node, centre = open_store("w1"), open_store("n1", "hall"), open_store("c1", "county")
    other = open_store("w2")
    open_dossier(window, "d1", "一", "二")
    carry(window, node)
    carry(window, centre)
    node.write(lambda ledger: ledger.seize("d1", below=EVERYBODY, by="王主任", reason="失联"))
    append(node, "d1", NoteWritten("三"))
    append(node, "d1", NoteWritten("四"))
    append(window, "d1", NoteWritten("五"))
    carry(node, centre, raws(node, origin="n1")[:1])
    centre.write(lambda ledger: ledger.seize("d1", below=EVERYBODY, by="李局长", reason="大厅失联"))
    append(centre, "d1", NoteWritten("六"))
    everything = {raw for s in (window, node, centre) for raw in raws(s)}
    for target in (centre, node, window):
        carry(centre, target, sorted(everything))
    carry(centre, other, sorted(everything, reverse=True))
    states = [(held(s, "d1"), notes(s, "d1")) for s in (centre, node, window, other)]
    assert states[0][1] == ["一", "二", "六"]
    assert states == [states[0]] * 4
    for store in (centre, node, window, other):
        assert_rebuilt_equals_live(store)


def test_a_terminal_may_not_seize(open_store: Opener) -> None:
    window, other = open_store("w1"), open_store("w2")
    open_dossier(window, "d1")
    carry(window, other)
    with pytest.raises(Refusal, match="收回"):
        other.write(lambda ledger: ledger.seize("d1", below=EVERYBODY, by="甲", reason="乙"))


def test_same_command_twice_has_one_effect(open_store: Opener) -> None:
    window = open_store("w1")
    open_dossier(window, "d1")
    first = window.handle(WriteNote("c-1", "d1", "一次"), handle_note)
    again = window.handle(WriteNote("c-1", "d1", "一次"), handle_note)
    assert (first.replayed, again.replayed) == (False, True)
    assert [r.env.id for r in first.records] == [r.env.id for r in again.records]
    assert notes(window, "d1") == ["一次"]
    assert_rebuilt_equals_live(window)
    assert window.handle(WriteNote("c-1", "d1", "一次"), handle_note).replayed


def test_one_failing_work_leaves_its_neighbours(open_store: Opener) -> None:
    window = open_store("w1")
    open_dossier(window, "d1", "唯一")
    works = [
        window.submit_command(WriteNote(f"c{i}", "d1", words), handle_note)
        for i, words in enumerate(["甲", "唯一", "乙"])
    ]
    assert works[1].exception() is not None
    assert works[0].result().records[0].env.n + 1 == works[2].result().records[0].env.n
    assert verify(window) == []


def test_a_restored_machine_owns_nothing_old(open_store: Opener) -> None:
    window = open_store("w1")
    open_dossier(window, "d1", "旧")
    inc = window.identity.inc
    window.renew_incarnation()
    with pytest.raises(NotSettled):
        append(window, "d1", NoteWritten("不许"))
    open_dossier(window, "d2", "新")
    assert window.identity.inc != inc
    window.settle()
    append(window, "d1", NoteWritten("许"))
    assert notes(window, "d1") == ["旧", "许"]
    assert quarantined(window) == []
    assert verify(window) == []
