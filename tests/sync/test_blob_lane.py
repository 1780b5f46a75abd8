"""Scans arrive whole and once, however often the line is cut."""

import hashlib
import random
from pathlib import Path

import pytest
from sqlalchemy import select

from hall.journal import schema
from sync.core import Lane
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
