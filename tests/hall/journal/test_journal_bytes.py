"""Chains, forks, quarantine, sealing, erasure, wrong keys and broken bytes."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import select, text

from hall.journal import canonical, envelope, schema
from hall.journal.admission import Verdict
from hall.journal.envelope import BadRecord
from hall.journal.refusal import Refusal, StoreFault
from hall.journal.store import Store, Who
from hall.journal.verify import verify, verify_file
from tests.hall.journal.flow import append, carry, notes, open_dossier, quarantined, raws, verdicts
from tests.hall.journal.world import (
    KEY,
    HallKeys,
    NoteWritten,
    Opener,
    file_store,
    note,
    projections,
    types,
)

ON_FILE = pytest.mark.parametrize("open_store", ["sqlite"], indirect=True)
"""What is changed from outside there is a file."""


def changed(raw: bytes, **values: object) -> bytes:
    return canonical.encode({**canonical.decode(raw), **values})  # type: ignore[dict-item]


def test_duplicates_change_nothing(open_store: Opener) -> None:
    window, node = open_store("w1"), open_store("n1", "hall")
    open_dossier(window, "d1", "一")
    carry(window, node)
    before = raws(node)
    assert set(carry(window, node)) == {Verdict.DUPLICATE}
    assert raws(node) == before


def test_another_record_under_a_known_name_is_forked(open_store: Opener) -> None:
    window, node = open_store("w1"), open_store("n1", "hall")
    open_dossier(window, "d1", "一")
    carry(window, node)
    twin = changed(raws(window)[1], wall=5)
    assert carry(window, node, [twin]) == [Verdict.FORKED]
    assert quarantined(node) == ["forked"]
    assert carry(window, node, [twin]) == [Verdict.FORKED]
    assert quarantined(node) == ["forked"]
    assert verify(node) == []


def test_what_follows_another_record_gets_no_place(open_store: Opener) -> None:
    window, node = open_store("w1"), open_store("n1", "hall")
    open_dossier(window, "d1", "一", "二")
    first, second, third = raws(window)
    forged = changed(second, prev="ab" * 32, id="x" * 36)
    assert carry(window, node, [first, forged]) == [Verdict.ACCEPTED, Verdict.FORKED]
    assert quarantined(node) == ["chain_broken"]
    with node.read() as conn:
        assert conn.scalar(select(schema.chain_head.c.seq)) == 1
    assert carry(window, node, [second, third]) == [Verdict.ACCEPTED, Verdict.ACCEPTED]


@pytest.mark.parametrize(
    "raw",
    [b"", b"{}", b"[1]", b"\xff", b'{"v":1}', b'{"a":1.5}', b"{" * 5000, b'{"b":1, "a":2}', b"x" * 70_000],
)
def test_bad_bytes_keep_their_place(open_store: Opener, raw: bytes) -> None:
    window, node = open_store("w1"), open_store("n1", "hall")
    open_dossier(window, "d1", "一")
    place = (window.identity.node_id, window.identity.inc, 1)
    with pytest.raises(BadRecord):
        envelope.parse(raw)
    assert node.write(lambda ledger: ledger.admit(raw, "w1", place=place)) is Verdict.QUARANTINED
    assert node.write(lambda ledger: ledger.admit(raw, "w1", place=place)) is Verdict.DUPLICATE
    with node.read() as conn:
        assert conn.scalar(select(schema.chain_head.c.seq)) == 1
        assert bytes(conn.scalar(select(schema.quarantine.c.raw)) or b"") == raw
    assert verify(node) == []


def test_head_stops_at_a_gap_and_catches_up(open_store: Opener) -> None:
    window, node = open_store("w1"), open_store("n1", "hall")
    open_dossier(window, "d1", "一", "二", "三")
    first, second, third, fourth = raws(window)

    def head() -> int | None:
        with node.read() as conn:
            return conn.scalar(select(schema.chain_head.c.seq))

    carry(window, node, [first, third, fourth])
    assert head() == 1
    carry(window, node, [second])
    assert head() == 4
    assert notes(node, "d1") == ["一", "三", "二"]
    assert verify(node) == []


def test_poison_is_parked_and_the_rest_counts(open_store: Opener) -> None:
    """A record whose rows break a rule of a table must not stop those behind it."""
    one, two, node = open_store("w1"), open_store("w2"), open_store("n1", "hall")
    open_dossier(one, "d1", "同一句")
    open_dossier(two, "d2", "同一句", "下一句")
    carry(one, node)

    def guarded(ledger: object) -> list[Verdict]:
        ledger.admit_guarded()  # type: ignore[attr-defined]
        return [ledger.admit(raw, "w2") for raw in raws(two)]  # type: ignore[attr-defined]

    assert node.write(guarded) == [Verdict.ACCEPTED] * 3
    assert notes(node, "d2") == ["下一句"]
    assert quarantined(node) == ["not_projected: IntegrityError"]
    assert verify(node) == []


def test_personal_fields_are_sealed_in_bytes_and_open_to_the_keyholder(
    open_store: Opener, tmp_path: Path
) -> None:
    kiosk, node, centre = open_store("k1", reads=False), open_store("n1", "hall"), open_store("c1", "county")
    open_dossier(kiosk, "d1", "自助申报")
    assert "阿依古丽".encode() not in b"".join(raws(kiosk))
    carry(kiosk, node)
    carry(node, centre)

    def names(store: Store) -> list[str | None]:
        with store.read() as conn:
            return list(conn.scalars(select(note.c.name)))

    assert (names(kiosk), names(node), names(centre)) == ([None], ["阿依古丽"], ["阿依古丽"])
    with pytest.raises(Refusal, match="无权"):
        kiosk.write(lambda ledger: ledger.data_key("d1"))
    for path in tmp_path.iterdir():
        assert "阿依古丽".encode() not in path.read_bytes()


def test_erasing_destroys_the_person_and_keeps_the_chain(open_store: Opener) -> None:
    node, centre = open_store("n1", "hall"), open_store("c1", "county")
    open_dossier(node, "d1", "一", "二")
    carry(node, centre)
    node.write(lambda ledger: ledger.erase("d1", by="王主任", reason="当事人申请删除"))
    with node.read() as conn:
        wraps = conn.execute(select(schema.dossier_key)).all()
        assert [(bytes(w.wrap_hall), bytes(w.wrap_centre), w.data_key) for w in wraps] == [(b"", b"", None)]
    carry(node, centre)
    for store in (node, centre):
        with store.read() as conn:
            assert list(conn.scalars(select(note.c.name))) == [None, None]
            assert conn.scalar(select(schema.dossier_key.c.data_key)) is None
        assert notes(store, "d1") == ["一", "二"]
        assert verify(store) == []
    with pytest.raises(Refusal, match="无权"):
        append(node, "d1", NoteWritten("三", name="某人"))


@ON_FILE
def test_verify_names_what_was_changed(open_store: Opener) -> None:
    node = open_store("n1", "hall")
    open_dossier(node, "d1", "一", "二", "三")
    assert verify(node) == []

    def spoil(sql: str) -> None:
        node.write(lambda ledger: ledger.conn.execute(text(sql)) and None)

    spoil("UPDATE test_note SET words = '改过' WHERE words = '二'")
    assert [f.place.split()[0] for f in verify(node)] == ["test_note"]
    spoil("UPDATE test_note SET words = '二' WHERE words = '改过'")
    spoil("UPDATE record SET verdict = 'late' WHERE seq = 3")
    assert {f.place for f in verify(node)} >= {"record 3"}
    spoil("UPDATE record SET verdict = 'accepted' WHERE seq = 3")
    spoil("UPDATE record SET raw = CAST(replace(CAST(raw AS TEXT), '三', '山') AS BLOB) WHERE seq = 4")
    inc = node.identity.inc
    assert f"n1/{inc}#4" in {f.place for f in verify(node)}
    spoil("DELETE FROM record WHERE seq = 4")
    assert f"n1/{inc}#4" in {f.place for f in verify(node)}


@ON_FILE
def test_wrong_key_is_refused_in_chinese(open_store: Opener, tmp_path: Path) -> None:
    open_dossier(open_store("n1", "hall"), "d1", "一")
    with pytest.raises(StoreFault, match="密钥不对"):
        Store.sqlite(
            tmp_path / "n1.db",
            bytes(32),
            Who("n1", "hall", "H1"),
            types(),
            projections(),
            HallKeys().ring("hall"),
        )
    findings = verify_file(tmp_path / "n1.db", bytes(32), types(), projections(), HallKeys().ring("hall"))
    assert findings[-1].place == "n1.db"
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(tmp_path / "n1.db").execute("SELECT * FROM record")


@ON_FILE
def test_another_machines_file_is_refused(open_store: Opener, tmp_path: Path, keys: HallKeys) -> None:
    open_store("n1", "hall").close()
    with pytest.raises(StoreFault, match="另一台机器"):
        file_store(tmp_path / "n1.db", Who("n2", "hall", "H1"), keys)


@ON_FILE
def test_one_flipped_byte_is_found_with_its_page(open_store: Opener, tmp_path: Path, keys: HallKeys) -> None:
    node = open_store("n1", "hall")
    for i in range(20):
        open_dossier(node, f"d{i}", *(f"{i}-{k}" for k in range(4)))
    node.close()
    path = tmp_path / "n1.db"
    whole = path.read_bytes()
    ring = keys.ring("hall")
    before = sorted(tmp_path.iterdir())
    assert verify_file(path, KEY, types(), projections(), ring) == []
    assert sorted(tmp_path.iterdir()) == before
    for offset in range(5000, len(whole), len(whole) // 12):
        spoiled = bytearray(whole)
        spoiled[offset] ^= 1
        path.write_bytes(spoiled)
        found = verify_file(path, KEY, types(), projections(), ring)
        assert f"page {offset // 4096 + 1}" in {f.place for f in found}, offset


@ON_FILE
def test_store_refuses_a_newer_database(open_store: Opener, tmp_path: Path, keys: HallKeys) -> None:
    node = open_store("n1", "hall")
    node.write(
        lambda ledger: ledger.conn.execute(text("UPDATE alembic_version SET version_num = '9999'")) and None
    )
    node.close()
    with pytest.raises(StoreFault, match="升级"):
        file_store(tmp_path / "n1.db", Who("n1", "hall", "H1"), keys)


def test_a_failing_listener_does_not_stop_the_journal(open_store: Opener, caplog: object) -> None:
    node = open_store("n1", "hall")

    def fails(_: object) -> None:
        raise RuntimeError("screen")

    node.subscribe(fails)
    open_dossier(node, "d1", "一")
    open_dossier(node, "d2", "二")
    assert verdicts(node) == ["accepted"] * 4
