"""The simulated disk keeps what was flushed, and anything of the rest."""

import random

from yichuang.torture.disk import Disk, Loss


def left(disk: Disk, loss: Loss, seed: int = 0) -> dict[str, bytes]:
    return disk.after_cut(loss, random.Random(seed))


def test_what_was_flushed_stays_and_what_was_not_may_go() -> None:
    disk = Disk()
    disk.open(1, "a")
    disk.write(1, 0, b"kept")
    disk.flush(1)
    disk.flush_path(".")
    disk.write(1, 4, b"more")
    assert left(disk, Loss.ALL) == {"a": b"kept"}
    assert left(disk, Loss.NONE) == {"a": b"keptmore"}


def test_a_name_needs_the_flush_of_its_folder() -> None:
    disk = Disk()
    disk.make_folder("f")
    disk.set("f/a", b"x")
    disk.flush_path("f/a")
    assert left(disk, Loss.ALL) == {}
    disk.flush_path("f")
    assert left(disk, Loss.ALL) == {}, "the folder's own name is not flushed yet"
    disk.flush_path(".")
    assert left(disk, Loss.ALL) == {"f/a": b"x"}


def test_a_rename_is_there_in_whole_or_not_at_all() -> None:
    disk = Disk()
    for name, data in (("old", b"1"), ("new", b"2")):
        disk.set(name, data)
        disk.flush_path(name)
    disk.flush_path(".")
    disk.rename("new", "old")
    seen = {tuple(sorted(left(disk, Loss.SOME, seed).items())) for seed in range(50)}
    assert seen == {(("new", b"2"), ("old", b"1")), (("old", b"2"),)}


def test_writes_tear_at_sectors_and_a_later_one_outlives_an_earlier_one() -> None:
    disk = Disk()
    disk.open(1, "a")
    disk.write(1, 0, b"a" * 1024)
    disk.write(1, 1024, b"b" * 512)
    disk.flush_path(".")
    torn = {left(disk, Loss.SECTORS, seed)["a"] for seed in range(200)}
    assert bytes(512) + b"a" * 512 + b"b" * 512 in torn
    assert bytes(1024) + b"b" * 512 in {left(disk, Loss.SOME, seed)["a"] for seed in range(50)}
    assert b"a" * 512 in {left(disk, Loss.TAIL, seed)["a"] for seed in range(200)}


def test_a_removed_file_may_come_back() -> None:
    disk = Disk()
    disk.set("log", b"x")
    disk.flush_path("log")
    disk.flush_path(".")
    disk.remove("log")
    assert left(disk, Loss.ALL) == {"log": b"x"}
    disk.flush_path(".")
    assert left(disk, Loss.ALL) == {}
