"""Scans arrive whole and once, however often the line is cut."""

import hashlib
import random
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from hall.journal import schema
from sync.blob_lane import LOOK_AGAIN_S
from sync.core import ChildCore, Lane
from tests.hall.journal.world import NoteWritten
from tests.sync.rig import CENTRE, NODE, Rig

SCAN = random.Random(1).randbytes(23_456)
DIGEST = hashlib.sha256(SCAN).hexdigest()


def with_scan(rig: Rig, node: str = "w1") -> None:
    assert rig[node].blobs.put(SCAN) == DIGEST
    rig.open(node, "d1")
    rig.append(node, "d1", NoteWritten("扫描", DIGEST))


def sent(rig: Rig, node: str) -> list[str]:
    with rig[node].store.read() as conn:
        return list(conn.scalars(select(schema.blob_sent.c.digest)))


def test_a_scan_travels_to_the_root(rig: Rig) -> None:
    with_scan(rig)
    rig.run(60, seconds=31)
    assert rig[CENTRE].blobs.open(DIGEST) == SCAN
    assert sent(rig, "w1") == sent(rig, NODE) == [DIGEST]
    assert rig["w1"].core.state().waiting_blobs == 0  # type: ignore[union-attr]
    assert not list((rig[NODE].blobs.path(DIGEST).parents[2] / "sessions").iterdir())


@pytest.mark.parametrize("fault", ["lose", "reply", "twice", "late", "spoil"])
@pytest.mark.parametrize("every", [2, 3, 7])
def test_cut_every_few_exchanges(rig: Rig, fault: str, every: int) -> None:
    with_scan(rig)
    rig.run(10)
    dice = random.Random(every)
    # by chance: a fixed period can hit the same lane's request for ever
    rig.fault = lambda: fault if dice.random() < 1 / every else ""
    rig.run(150, seconds=40)
    rig.fault = lambda: ""
    rig.run(60, seconds=61)
    assert rig[NODE].blobs.open(DIGEST) == SCAN
    assert rig[CENTRE].blobs.open(DIGEST) == SCAN


def test_a_cut_upload_goes_on_where_it_stood(rig: Rig) -> None:
    with_scan(rig)
    for _ in range(4):
        rig.exchange("w1", Lane.FACTS)
    for _ in range(12):
        rig.exchange("w1", Lane.BLOBS)
    core = rig["w1"].core
    assert core is not None
    before = core.blobs.bytes_sent
    assert 5_000 < before < len(SCAN)
    rig.restart("w1")
    rig.restart(NODE)
    rig.run(20, seconds=31)
    assert rig[NODE].blobs.open(DIGEST) == SCAN
    again = rig["w1"].core
    assert again is not None
    assert before + again.blobs.bytes_sent <= len(SCAN) * 1.05


def test_what_the_parent_has_is_not_sent(rig: Rig) -> None:
    rig[NODE].blobs.put(SCAN)
    with_scan(rig)
    rig.run(20)
    core = rig["w1"].core
    assert core is not None
    assert core.blobs.bytes_sent == 0
    assert sent(rig, "w1") == [DIGEST]


def test_the_rate_is_capped(tmp_path: Path) -> None:
    with Rig(tmp_path, random.Random(1), terminals=1) as rig:
        core = rig["w1"].core
        assert core is not None
        core.blobs._bytes_per_s = 2_000
        with_scan(rig)
        begun = rig.now
        while not rig[NODE].blobs.has(DIGEST):
            rig.exchange("w1", Lane.FACTS)
            rig.exchange("w1", Lane.BLOBS)
            rig.now += 0.05
            assert rig.now - begun < 60
        assert rig.now - begun >= 0.9 * len(SCAN) / 2_000


OTHER = random.Random(2).randbytes(5_000)
OTHER_DIGEST = hashlib.sha256(OTHER).hexdigest()
FIRST, LAST = sorted((DIGEST, OTHER_DIGEST))
BYTES = {DIGEST: SCAN, OTHER_DIGEST: OTHER}


def core_of(rig: Rig, node: str = "w1") -> ChildCore:
    core = rig[node].core
    assert core is not None
    return core


def with_two_scans(rig: Rig) -> None:
    with_scan(rig)
    rig["w1"].blobs.put(OTHER)
    rig.append("w1", "d1", NoteWritten("另一页", OTHER_DIGEST))


def test_a_record_with_a_bad_blob_name_stops_no_upload(rig: Rig) -> None:
    rig.open("w1", "d0")
    rig.append("w1", "d0", NoteWritten("坏", "not-a-digest"))
    with_scan(rig)
    rig.run(60, seconds=31)
    assert rig[CENTRE].blobs.has(DIGEST)
    assert core_of(rig, NODE).state().waiting_blobs == 0
    for node in (NODE, CENTRE):
        with rig[node].store.read() as conn:
            assert set(conn.scalars(select(schema.blob_ref.c.digest))) == {DIGEST}
        assert rig.codes(node) == ["unreadable: a blob has no digest for its name"]


def test_a_bad_blob_name_of_an_older_program_is_passed_over(rig: Rig) -> None:
    rig["w1"].store.write(
        lambda ledger: ledger.conn.execute(insert(schema.blob_ref).values(digest="../x", dossier="d0"))
    )
    with_scan(rig)
    rig.run(20)
    assert rig[NODE].blobs.has(DIGEST)
    assert core_of(rig).state().waiting_blobs == 0


def test_a_spoilt_blob_holds_up_no_other(rig: Rig) -> None:
    with_two_scans(rig)
    path = rig["w1"].blobs.path(FIRST)
    path.write_bytes(b"x" + BYTES[FIRST][1:])
    rig.run(40, seconds=0.5)
    assert rig[NODE].blobs.has(LAST)
    assert not rig[NODE].blobs.has(FIRST)
    assert "损坏或丢失" in (core_of(rig).state().problem_zh or "")
    before = core_of(rig).blobs.bytes_sent
    rig.append("w1", "d1", NoteWritten("又写"))
    rig.run(10, seconds=LOOK_AGAIN_S)
    assert core_of(rig).blobs.bytes_sent == before, "a file known to be spoilt is not sent again"
    assert "损坏或丢失" in (core_of(rig).state().problem_zh or "")
    path.write_bytes(BYTES[FIRST])
    rig.run(20, seconds=LOOK_AGAIN_S)
    assert rig[NODE].blobs.open(FIRST) == BYTES[FIRST]
    assert core_of(rig).state().problem_zh is None


def test_a_blob_that_vanishes_on_its_way_holds_up_no_other(rig: Rig) -> None:
    with_two_scans(rig)
    blobs = core_of(rig).blobs
    while not blobs.bytes_sent:
        rig.exchange("w1", Lane.FACTS)
        rig.exchange("w1", Lane.BLOBS)
        rig.now += 0.1
    rig["w1"].blobs.path(FIRST).unlink()
    rig.run(40, seconds=0.5)
    assert rig[NODE].blobs.has(LAST)
    assert "损坏或丢失" in (core_of(rig).state().problem_zh or "")
    assert core_of(rig).state().waiting_blobs == 1
