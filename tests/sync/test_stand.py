"""How a machine's exchange stands: what is held where, told from the tables alone."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from hall.journal import schema
from sync.concerns import Seen, Weight, age_text, concerns
from sync.core import Lane
from sync.join_file import Child, JoinFile, Parent
from sync.link_note import LinkFares, LinkNote, read_link_note
from sync.room import SCANS_STOP_BYTES, TICKETS_STOP_BYTES, WARN_BYTES
from sync.stand import Stand, stand_of
from tests.sync.rig import CENTRE, NODE, Rig

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def join_of(rig: Rig, node: str) -> JoinFile:
    m = rig[node]
    key = "11" * 32
    above = {"terminal": NODE, "hall": CENTRE, "county": None}[m.role]
    return JoinFile(
        node_id=node, name=node, role=m.role, kind="counter", hall="H1", device_no=1, db_key=key,
        sign_private=key, sign_public=key, hall_public=key, centre_public=key,
        parent=None if above is None else Parent(node_id=above, url="http://127.0.0.1:9", public=key),
        children=tuple(
            Child(node_id=c.node_id, public=key, kind="counter", subtree=tuple(sorted(c.subtree)))
            for c in rig.children.get(node, {}).values()
        ),
    )  # type: ignore[arg-type]  # fmt: skip


def stand(rig: Rig, node: str) -> Stand:
    with rig[node].store.read() as conn:
        return stand_of(conn, join_of(rig, node), rig[node].blobs)


def kinds(s: Stand, link: LinkFares | None = None, free: int | None = None) -> dict[str, Weight]:
    return {c.kind: c.weight for c in concerns(Seen(s, link, free, NOW))}


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    return Rig(tmp_path, random.Random(8))


def test_what_waits_is_told_here_then_at_the_node_then_at_the_centre(rig: Rig) -> None:
    with rig:
        scan = rig["w1"].blobs.put(b"a page" * 500)
        rig["w1"].cut = True
        rig.open("w1", "d1", "one", "two", scan=scan)
        rig.run(8)
        found = stand(rig, "w1")
        assert (found.waiting, found.below_root, found.blobs_waiting, found.blobs_waiting_bytes) == (
            3,
            0,
            1,
            3000,
        )
        assert found.waiting_since_ms is not None
        assert {"facts", "blobs"} <= kinds(found).keys()
        rig["w1"].cut, rig[NODE].cut = False, True
        # the node serves its windows while its own line is away
        rig[NODE].cut = False
        rig[CENTRE].cut = True
        rig.run()
        found = stand(rig, "w1")
        assert (found.waiting, found.below_root, found.blobs_waiting) == (0, 3, 0)
        assert found.chains[0].receipt == 3
        at_node = stand(rig, NODE)
        assert at_node.waiting == 3
        assert at_node.blobs_waiting == 1
        assert kinds(found).keys() == {"root"}
        rig[CENTRE].cut = False
        rig.run()
        for node in ("w1", NODE, CENTRE):
            found = stand(rig, node)
            assert (found.waiting, found.below_root, found.blobs_waiting, found.blobs_awaited) == (0, 0, 0, 0)
            assert not kinds(found)


def test_what_is_on_its_way_just_now_is_no_concern(rig: Rig) -> None:
    with rig:
        rig.open("w1", "d1", "one")
        rig[CENTRE].cut = True
        rig.exchange("w1", Lane.FACTS)
        found = stand(rig, "w1")
        assert found.waiting == 2
        since = found.waiting_since_ms
        assert since is not None

        def told(after_s: int, *, up: bool) -> set[str]:
            now = datetime.fromtimestamp(since / 1000 + after_s, UTC)
            link = LinkFares(up, now, now)
            return {c.kind for c in concerns(Seen(stand(rig, "w1"), link, None, now))}

        assert (told(10, up=True), told(200, up=True)) == (set(), {"facts"})
        assert told(10, up=False) == {"away", "facts"}, "nothing is on its way"
        rig.run(10)
        assert stand(rig, "w1").below_root == 2
        assert (told(10, up=True), told(200, up=True)) == (set(), {"root"})


def test_a_scan_that_has_not_come_is_told_at_the_node_only(rig: Rig) -> None:
    with rig:
        rig.open("w1", "d1", "one", scan="ab" * 32)
        rig.run()
        assert stand(rig, NODE).blobs_awaited == 1
        assert stand(rig, "w1").blobs_awaited == 0


def test_a_hole_is_told_with_its_place(rig: Rig) -> None:
    with rig:
        rig.open("w1", "d1", "one", "two", "three")
        rig.run()
        store = rig[NODE].store
        t, h = schema.record.c, schema.chain_head.c

        def spoil(ledger) -> None:  # type: ignore[no-untyped-def]
            ledger.conn.execute(delete(schema.record).where(t.origin == "w1", t.seq == 2))
            ledger.conn.execute(schema.chain_head.update().where(h.origin == "w1").values(seq=1))

        store.write(spoil)
        found = stand(rig, NODE)
        assert [(c.origin, c.held_here, c.newest) for c in found.holes] == [("w1", 1, 4)]
        told = next(c for c in concerns(Seen(found, None, None, NOW)) if c.kind == "hole")
        assert "缺第 2 条" in told.what
        assert told.weight is Weight.ACT


def test_a_restored_machine_says_whom_it_waits_for(rig: Rig) -> None:
    with rig:
        rig[NODE].store.renew_incarnation()
        found = stand(rig, NODE)
        link = LinkFares(True, NOW, NOW, "", ("w1", "w2"))
        told = concerns(Seen(found, link, None, NOW))[0]
        assert (told.kind, told.weight, told.count) == ("unsettled", Weight.ACT, 2)
        assert "w1、w2" in told.what
        rig["w1"].store.renew_incarnation(suspect=True)
        told_twice = LinkFares(True, NOW, NOW, "上级持有本机另一份不同的记录")
        assert kinds(stand(rig, "w1"), told_twice) == {"fork": Weight.ACT}


def test_quarantined_and_forked_are_told_apart(rig: Rig) -> None:
    with rig:
        rig[NODE].store.write(lambda ledger: [ledger.admit(raw, "w1") for raw in (b"no record", b"{}")])
        found = stand(rig, NODE)
        assert dict(found.quarantine) == {"bad_record": 2}, "one line for all that cannot be read"
        assert kinds(found) == {"quarantine": Weight.LOOK}


def test_what_the_parent_has_not_taken_is_told_where_it_was_written(rig: Rig) -> None:
    with rig:
        rig.open("w1", "d1", "一")
        store = rig["w1"].store
        with store.read() as conn:
            raw = bytes(conn.scalars(select(schema.record.c.raw).where(schema.record.c.seq == 2)).one())
        store.write(lambda ledger: ledger.put_aside(("w1", store.identity.inc, 2), raw))
        found = concerns(Seen(stand(rig, "w1"), None, None, NOW))
        told = next(c for c in found if c.kind == "taken_back")
        assert (told.weight, told.count) == (Weight.ACT, 1)
        assert "重新办一笔" in told.todo


def test_what_came_too_late_is_told_where_a_manager_judges_it(rig: Rig) -> None:
    with rig:
        rig.open("w1", "d1", "一")
        rig.run()
        rig["w1"].cut = True
        rig.note("w1", "d1", "二")
        rig[NODE].store.write(lambda ledger: ledger.seize("d1", below={"w1"}, by="科长", reason="人不在"))
        rig["w1"].cut = False
        rig.run()
        assert kinds(stand(rig, NODE)) == {"late": Weight.LOOK}
        assert not kinds(stand(rig, "w2"))


@pytest.mark.parametrize(
    ("away", "weight"), [(timedelta(minutes=5), Weight.CALM), (timedelta(hours=3), Weight.LOOK)]
)
def test_a_line_that_is_away_is_calm_at_first(rig: Rig, away: timedelta, weight: Weight) -> None:
    with rig:
        link = LinkFares(False, NOW - away, NOW - away, "与上级的网络不通，本机照常办理，恢复后自动补传。")
        told = concerns(Seen(stand(rig, "w1"), link, None, NOW))
        assert [(c.kind, c.weight) for c in told] == [("away", weight)]
        assert "照常办理" in told[0].todo


@pytest.mark.parametrize(
    ("free", "weight", "words"),
    [
        (WARN_BYTES, None, ""),
        (WARN_BYTES - 1, Weight.LOOK, "低于 1.0 GB 时将停止新增扫描件"),
        (SCANS_STOP_BYTES - 1, Weight.ACT, "已停止新增扫描件，其余照常办理"),
        (TICKETS_STOP_BYTES - 1, Weight.ACT, "已停止新增扫描件和新发号"),
    ],
)
def test_a_disk_that_fills_up_is_told_step_by_step(
    rig: Rig, free: int, weight: Weight | None, words: str
) -> None:
    with rig:
        told = concerns(Seen(stand(rig, "w1"), None, free, NOW))
        assert [c.weight for c in told] == ([] if weight is None else [weight])
        assert all(words in c.todo for c in told)


def test_the_note_of_the_link_outlives_the_program(tmp_path: Path) -> None:
    assert read_link_note(tmp_path) is None
    now = NOW
    note = LinkNote(tmp_path, lambda: now)
    note.keep(LinkFares(True, NOW, NOW))
    now = NOW + timedelta(seconds=30)
    note.keep(LinkFares(True, NOW, now))
    kept = read_link_note(tmp_path)
    assert kept is not None
    assert kept.last_ok == NOW, "nothing has changed: once a minute is enough"
    note.keep(LinkFares(False, now, NOW, "网络不通", ("w1",)))
    kept = read_link_note(tmp_path)
    assert kept == LinkFares(False, now, NOW, "网络不通", ("w1",), now)
    (tmp_path / "link.note").write_text("{", "utf-8")
    assert read_link_note(tmp_path) is None


def test_ages_are_told_in_words() -> None:
    def told(**ago: int) -> str:
        return age_text(int((NOW - timedelta(**ago)).timestamp() * 1000), NOW)

    assert [told(seconds=5), told(minutes=3), told(hours=5), told(days=8)] == [
        "刚刚", "3 分钟前", "5 小时前", "8 天前",
    ]  # fmt: skip
    assert age_text(None, NOW) == ""
