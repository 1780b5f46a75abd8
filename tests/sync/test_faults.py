"""Loss, doubling, delay, spoiling, restarts, backups and clones: each fact arrives once, or an alarm."""

import random
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, text

from hall.journal import schema
from hall.journal.verify import verify
from sync import claims, wire
from sync.core import Lane
from sync.message import Answer
from sync.wire import PushBody, Run
from tests.hall.journal.flow import notes, raws
from tests.hall.journal.world import EVERYBODY
from tests.sync.rig import CENTRE, NODE, Rig

FAULTS = ("lose", "reply", "twice", "late", "spoil", "html")


@pytest.mark.parametrize("fault", FAULTS)
def test_every_second_exchange_goes_wrong(rig: Rig, fault: str) -> None:
    turn = iter(range(10**6))
    rig.fault = lambda: fault if next(turn) % 2 else ""
    for i in range(6):
        rig.open(f"w{i % 2 + 1}", f"d{i}", f"{i}-一", f"{i}-二")
        rig.offer(f"w{i % 2 + 1}", f"d{i}", "民政@county")
        rig.run(3)
        rig.deliver_delayed()
    rig.run(120, seconds=40)
    rig.fault = lambda: ""
    rig.deliver_delayed()
    rig.run(80, seconds=40)
    for i in range(6):
        assert {rig.owner(m, f"d{i}") for m in rig.machines} == {NODE}
        assert notes(rig[CENTRE].store, f"d{i}") == [f"{i}-一", f"{i}-二"]
    for name in rig.machines:
        assert rig.ids(name) == rig.ids(CENTRE)
        assert rig.codes(name) == []
        assert set(rig.verdicts(name).values()) == {"accepted"}


def test_no_watermark_moves_on_a_spoiled_answer(rig: Rig) -> None:
    rig.run()
    rig.open("w1", "d1", "一")
    rig.fault = lambda: "spoil"
    rig.run(4, seconds=70)
    with rig["w1"].store.read() as conn:
        assert conn.execute(select(schema.watermark)).all() == []
    state = rig["w1"].core.state()  # type: ignore[union-attr]
    assert not state.up
    assert "上网认证" in (state.problem_zh or "")


def test_a_gap_is_refused_whole(rig: Rig) -> None:
    rig.run()
    rig.open("w1", "d1", "一", "二", "三")
    core, parent = rig["w1"].core, rig[NODE].parent
    assert core is not None
    assert parent is not None
    inc = rig["w1"].store.identity.inc
    texts = [raw.decode() for raw in raws(rig["w1"].store)]
    runs = [
        Run(origin="w1", inc=inc, from_seq=1, records=texts[:1]),
        Run(origin="w1", inc=inc, from_seq=3, records=texts[2:]),
    ]
    body, headers = wire.encode(PushBody(inc=inc, chains=runs, wraps=[], more=False))
    answer = rig.serve(parent, core.link.request("POST", "/v1/push", headers, body))
    assert answer.status == 409
    told = wire.decode(wire.ErrorAnswer, answer.body, answer.headers, 10**6)
    assert (told.code, told.marks) == ("gap", [])
    assert rig.ids(NODE) == set()
    rig.run()
    assert len(rig.ids(CENTRE)) == 4


def test_a_node_restored_from_backup_is_filled_by_its_children(rig: Rig) -> None:
    rig.open("w1", "d1", "一")
    rig.offer("w1", "d1", "hall")
    rig.run()
    old = rig.backup(NODE)
    rig[CENTRE].cut = True
    rig.open("w2", "d2", "二")
    rig.run()
    # w1 takes d1 back, and only w1 and the node know
    claim(rig, "w1", "d1")
    rig.note("w1", "d1", "三")
    rig.run()
    before = rig.ids("w1")
    rig.restart(NODE, old)
    inc = rig[NODE].store.identity.inc
    rig.run(40, seconds=31)
    assert rig[NODE].store.identity.inc != inc
    assert not rig[NODE].store.identity.settled
    rig[CENTRE].cut = False
    rig.run(80, seconds=31)
    assert rig[NODE].store.identity.settled
    lost = before - rig.ids(NODE)
    assert lost == set()
    assert {rig.owner(m, "d1") for m in rig.machines} == {"w1"}
    assert notes(rig[CENTRE].store, "d1") == ["一", "三"]
    assert notes(rig[CENTRE].store, "d2") == ["二"]


def test_a_centre_restored_from_backup_loses_nothing_its_halls_hold(rig: Rig) -> None:
    rig.open("w1", "d1", "一")
    rig.run()
    old = rig.backup(CENTRE)
    rig.open("w1", "d2", "二")
    rig.offer("w1", "d2", "民政@county")
    rig.run()
    before = rig.ids(CENTRE)
    rig.restart(CENTRE, old)
    rig.now += 31
    rig.run(40, seconds=31)
    assert rig.ids(CENTRE) >= before
    assert rig[CENTRE].store.identity.settled
    assert rig.owner(CENTRE, "d2") == NODE
    rig.open("w2", "d3", "三")
    rig.run(40, seconds=31)
    assert rig.ids("w1") == rig.ids(CENTRE)


def test_a_terminal_restored_from_backup_takes_its_own_records_back(rig: Rig) -> None:
    rig.open("w1", "d1", "一")
    rig.run()
    old, inc = rig.backup("w1"), rig["w1"].store.identity.inc
    rig.note("w1", "d1", "二")
    rig.open("w1", "d2", "三")
    rig.run()
    rig.restart("w1", old)
    assert notes(rig["w1"].store, "d1") == ["一"]
    rig.run(40, seconds=31)
    assert rig["w1"].store.identity.inc != inc
    assert rig["w1"].store.identity.settled
    assert notes(rig["w1"].store, "d1") == ["一", "二"]
    rig.note("w1", "d1", "四")
    rig.run()
    assert notes(rig[CENTRE].store, "d1") == ["一", "二", "四"]
    assert rig.codes(NODE) == rig.codes(CENTRE) == []


def test_a_clone_is_seen_and_both_sides_of_its_story_are_kept(rig: Rig) -> None:
    rig.open("w1", "d1", "一")
    rig.run()
    image = rig.backup("w1")
    rig.note("w1", "d1", "正本")
    rig.run()
    rig["w1"].cut = True
    rig.restart("w1", image)
    rig.note("w1", "d1", "副本")
    rig.note("w1", "d1", "副本又写")
    rig["w1"].cut = False
    rig.run(40, seconds=31)
    assert not rig["w1"].store.identity.settled
    state = rig["w1"].core.state()  # type: ignore[union-attr]
    assert "克隆" in (state.problem_zh or "")
    assert notes(rig[CENTRE].store, "d1") == ["一", "正本"]
    assert "forked" in rig.codes(NODE)
    with rig[NODE].store.read() as conn:
        kept = b"".join(bytes(raw) for raw in conn.scalars(select(schema.quarantine.c.raw)))
    assert "副本".encode() in kept


def test_poison_of_one_window_stops_nobody(rig: Rig) -> None:
    rig.open("w1", "d1", "同一句")
    rig.open("w2", "d2", "同一句", "下一句")
    rig.run()
    assert len(rig.ids(CENTRE)) == 5
    assert "not_projected: IntegrityError" in rig.codes(NODE) + rig.codes(CENTRE)
    assert rig["w2"].core.state().waiting_facts == 0  # type: ignore[union-attr]


def test_bytes_that_are_no_record_are_relayed_and_parked(rig: Rig) -> None:
    rig.run()
    core, parent = rig["w1"].core, rig[NODE].parent
    assert core is not None
    assert parent is not None
    inc = rig["w1"].store.identity.inc
    bad = ["{}", wire.record_text(b"\xff\x00")]
    body, headers = wire.encode(
        PushBody(inc=inc, chains=[Run(origin="w1", inc=inc, from_seq=1, records=bad)], wraps=[], more=False)
    )
    answer = rig.serve(parent, core.link.request("POST", "/v1/push", headers, body))
    told = wire.decode(wire.PushAnswer, answer.body, answer.headers, 10**6)
    assert told.verdicts == [["quarantined", "quarantined"]]
    assert [m.held_parent for m in told.marks] == [2]
    rig.open("w2", "d2", "照常")
    rig["w1"].cut = True
    rig.run()
    assert notes(rig[CENTRE].store, "d2") == ["照常"]
    assert len(rig.codes(CENTRE)) == 2
    assert verify(rig[CENTRE].store) == verify(rig[NODE].store) == []


def test_an_unenrolled_window_blocks_only_itself(rig: Rig) -> None:
    rig.run()
    hall = rig.children[CENTRE][NODE]
    rig.children[CENTRE][NODE] = replace(hall, subtree=hall.subtree - {"w2"})
    rig.open("w1", "d1", "一")
    rig.open("w2", "d2", "二")
    rig.run()
    assert notes(rig[CENTRE].store, "d1") == ["一"]
    assert notes(rig[CENTRE].store, "d2") == []
    assert "没有登记：w2" in (rig[NODE].core.state().problem_zh or "")  # type: ignore[union-attr]
    rig.children[CENTRE][NODE] = hall
    rig.restart(NODE)
    rig.run()
    assert notes(rig[CENTRE].store, "d2") == ["二"]


def test_a_terminal_may_not_seize_over_the_wire(rig: Rig) -> None:
    rig.open("w1", "d1", "一")
    rig.run()

    def as_if_hall(sql: str) -> None:
        rig["w2"].store.write(lambda ledger: ledger.conn.execute(text(sql)) and None)

    as_if_hall("UPDATE machine SET role = 'hall'")
    rig.restart("w2")
    rig["w2"].store.write(lambda ledger: ledger.seize("d1", below=EVERYBODY, by="某人", reason="想要"))
    rig.run()
    assert rig.owner(NODE, "d1") == rig.owner(CENTRE, "d1") == "w1"
    assert rig.codes(NODE) == ["may_not_seize"]


def test_busy_parent_is_left_alone_for_as_long_as_it_says(rig: Rig) -> None:
    rig.run()
    rig.open("w1", "d1", "一")
    core, parent = rig["w1"].core, rig[NODE].parent
    assert core is not None
    assert parent is not None
    request = core.next_request(Lane.FACTS, rig.now)
    assert request is not None
    busy = parent.sign(request, Answer(429, {"retry-after": "7"}))
    core.on_answer(Lane.FACTS, request, busy, rig.now)
    assert core.next_request(Lane.FACTS, rig.now + 6.9) is None
    assert core.next_request(Lane.FACTS, rig.now + 7.1) is not None


def test_a_large_backlog_goes_in_bounded_batches(tmp_path: Path) -> None:
    with Rig(tmp_path, random.Random(3), terminals=1) as rig:
        for i in range(130):
            rig.open("w1", f"d{i}", *(f"{i}-{k}" for k in range(9)))
        core = rig["w1"].core
        assert core is not None
        pushes = 0
        for _ in range(20):
            request = core.next_request(Lane.FACTS, rig.now)
            if request is None:
                break
            if request.path == "/v1/push":
                body = wire.decode(PushBody, request.body, request.headers, 10**7)
                assert sum(len(r.records) for r in body.chains) <= wire.MAX_RECORDS
                pushes += 1
            core.on_answer(Lane.FACTS, request, rig.serve(rig[NODE].parent, request), rig.now)  # type: ignore[arg-type]
        assert pushes == 3
        assert len(rig.ids(NODE)) == 1300


def test_watchdog_begins_anew_when_nothing_moves(rig: Rig) -> None:
    rig.run()
    core = rig["w1"].core
    assert core is not None
    assert not core.watch(rig.now)
    rig.open("w1", "d1", "一")
    core.facts.pointers.blocked.add(("w1", rig["w1"].store.identity.inc))
    for _ in range(5):
        rig.exchange("w1", Lane.FACTS)
    assert not core.watch(rig.now + 80)
    assert core.watch(rig.now + 200)
    assert core.state().problem_zh
    rig.now += 200
    rig.run()
    assert notes(rig[CENTRE].store, "d1") == ["一"]


def claim(rig: Rig, child: str, dossier: str) -> None:
    """What Child.claim does, over the wire in memory."""
    m = rig[child]
    above = rig[NODE if m.role == "terminal" else CENTRE]
    assert m.core is not None
    assert above.parent is not None
    body, headers = wire.encode(
        wire.ClaimBody(req_id=f"claim-{dossier}", dossier=dossier, actor="w1", have_n=0)
    )
    request = m.core.link.request("POST", "/v1/claims", headers, body)
    answer = rig.serve(above.parent, request)
    assert answer.status == 200, answer
    told = wire.decode(wire.ClaimAnswer, answer.body, answer.headers, 10**7)
    m.store.write(lambda ledger: claims.take(ledger, told, above.node_id, above.key[1], "w1"))


def test_one_request_that_was_spoilt_on_the_way_is_no_wrong_key(rig: Rig) -> None:
    rig.run()
    core, node = rig["w1"].core, rig[NODE].parent
    assert core is not None
    assert node is not None
    rig.open("w1", "d1", "一")

    def spoilt() -> None:
        request = core.next_request(Lane.FACTS, rig.now)
        assert request is not None
        assert request.path == "/v1/push"
        body = request.body[:-1] + bytes([request.body[-1] ^ 4])
        core.on_answer(Lane.FACTS, request, rig.serve(node, replace(request, body=body)), rig.now)

    spoilt()
    assert core.state().problem_zh is None
    rig.now += 3.0
    assert rig.exchange("w1", Lane.FACTS)
    assert notes(rig[NODE].store, "d1") == ["一"]
    # a key that is not known there goes on being refused
    rig.open("w1", "d2", "二")
    spoilt()
    rig.now += 3.0
    spoilt()
    assert "身份核验" in (core.state().problem_zh or "")
