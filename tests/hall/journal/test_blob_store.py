"""Files by digest, uploads in pieces, hostile names."""

import hashlib
import time
import zlib
from pathlib import Path

import pytest

from hall.journal.blobs import (
    MOST_OF_ONE,
    SESSION_LIFE_S,
    BadName,
    BadPiece,
    BlobStore,
    DigestMismatch,
    UnknownSession,
    WrongOffset,
)
from hall.journal.refusal import StoreFault

DATA = bytes(range(256)) * 40
NAME = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "blobs")


def test_put_open_has(store: BlobStore) -> None:
    assert store.put(DATA) == store.put(DATA) == NAME
    assert store.has(NAME)
    assert (store.open(NAME), store.size(NAME), list(store.digests())) == (DATA, len(DATA), [NAME])
    store.remove(NAME)
    assert not store.has(NAME)
    with pytest.raises(FileNotFoundError):
        store.open(NAME)


def test_a_spoiled_file_is_not_handed_out(store: BlobStore) -> None:
    store.put(DATA)
    store.path(NAME).write_bytes(DATA[:-1])
    with pytest.raises(StoreFault, match="损坏"):
        store.open(NAME)


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "A" * 64, "g" * 64, "a" * 63, NAME + "/"])
def test_names_that_are_no_digest_touch_no_path(store: BlobStore, name: str) -> None:
    with pytest.raises(BadName):
        store.has(name)
    with pytest.raises(BadName):
        store.session(name, "w1")


def test_pieces_join_and_are_checked(store: BlobStore) -> None:
    session = store.begin("w1")
    for at in range(0, len(DATA), 3000):
        piece = DATA[at : at + 3000]
        session = store.append(session.id, "w1", at, piece, zlib.crc32(piece))
    store.finish(session.id, "w1", NAME)
    assert store.open(NAME) == DATA
    with pytest.raises(UnknownSession):
        store.session(session.id, "w1")


def test_wrong_pieces_leave_the_offset(store: BlobStore) -> None:
    session = store.begin("w1")
    session = store.append(session.id, "w1", 0, b"abc", zlib.crc32(b"abc"))
    with pytest.raises(WrongOffset) as refused:
        store.append(session.id, "w1", 0, b"abc", zlib.crc32(b"abc"))
    assert refused.value.offset == 3
    with pytest.raises(BadPiece):
        store.append(session.id, "w1", 3, b"def", 1)
    with pytest.raises(UnknownSession):
        store.append(session.id, "w2", 3, b"def", zlib.crc32(b"def"))
    assert store.session(session.id, "w1").offset == 3
    with pytest.raises(DigestMismatch):
        store.finish(session.id, "w1", NAME)
    assert not store.has(NAME)


def test_bytes_behind_the_noted_offset_are_dropped(store: BlobStore, tmp_path: Path) -> None:
    """Power failed between writing a piece and noting it."""
    session = store.begin("w1")
    store.append(session.id, "w1", 0, DATA[:5000], zlib.crc32(DATA[:5000]))
    with open(tmp_path / "blobs" / "sessions" / session.id / "data", "ab") as file:
        file.write(b"half a piece")
    store.append(session.id, "w1", 5000, DATA[5000:], zlib.crc32(DATA[5000:]))
    store.finish(session.id, "w1", NAME)
    assert store.open(NAME) == DATA


def test_old_sessions_end(tmp_path: Path) -> None:
    now = [1000.0]
    store = BlobStore(tmp_path, lambda: now[0])
    old = store.begin("w1")
    now[0] += SESSION_LIFE_S
    young = store.begin("w1")
    now[0] += 1
    assert store.expire() == 1
    with pytest.raises(UnknownSession):
        store.session(old.id, "w1")
    assert store.session(young.id, "w1").offset == 0


def test_leftovers_of_a_crash_end_and_whole_blobs_stay(tmp_path: Path) -> None:
    now = [time.time()]
    store = BlobStore(tmp_path, lambda: now[0])
    kept = store.put(DATA)
    store.note_outgoing(kept, "0" * 32)
    half = store.path(kept).with_name(f"{'a' * 64}.0badcafe.part")
    half.write_bytes(b"half")
    cut_off = tmp_path / "sessions" / ("1" * 32)
    cut_off.mkdir(parents=True)
    assert store.expire() == 0
    now[0] += SESSION_LIFE_S + 60
    assert store.expire() == 3
    assert not half.exists()
    assert not cut_off.exists()
    assert store.outgoing(kept) is None
    assert store.open(kept) == DATA


def test_of_many_uploads_of_one_child_the_oldest_go(tmp_path: Path) -> None:
    now = [1000.0]
    store = BlobStore(tmp_path / "blobs", lambda: now[0])
    others = store.begin("w2")
    begun = []
    for _ in range(MOST_OF_ONE + 3):
        begun.append(store.begin("w1"))
        now[0] += 1
    for session in begun[:3]:
        with pytest.raises(UnknownSession):
            store.session(session.id, "w1")
    assert [store.session(session.id, "w1").offset for session in begun[3:]] == [0] * MOST_OF_ONE
    assert store.session(others.id, "w2").offset == 0
