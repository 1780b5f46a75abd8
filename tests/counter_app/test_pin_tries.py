"""A PIN cannot be tried without end: five wrong ones lock the number, also over a restart."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from counter_app.backend.pins import MOST_TRIES, PinBook, PinTries
from counter_app.backend.sign_in_desk import SignIn
from counter_app.values import Refused
from hall.journal.refusal import Refusal
from tests.counter_app.desk_rig import Rig, make_rig
from tests.counter_app.fakes import new_id

NO, PIN = "1001", "246810"
MINUTE = timedelta(minutes=1)


class CountingHasher:
    """Argon2 without its half second; counts how often it ran."""

    def __init__(self) -> None:
        self.runs = 0
        self.broken = False

    def verify(self, known: str, pin: str) -> bool:
        self.runs += 1
        if self.broken:
            raise KeyboardInterrupt
        if known != pin:
            raise VerifyMismatchError
        return True


class Door:
    """A PinBook on the disk and a clock."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
        self.hasher = CountingHasher()
        (folder / "pins.json").write_text(json.dumps({NO: PIN, "1002": PIN}), encoding="utf-8")
        self.restart()

    def restart(self) -> None:
        tries = PinTries(self.folder / "pin_tries.json", lambda: self.now)
        self.book = PinBook(self.folder / "pins.json", tries)
        self.book._hasher = self.hasher  # type: ignore[assignment]

    def wrong(self, times: int, no: str = NO) -> None:
        for _ in range(times):
            assert self.book.verify(no, "000000") is False

    def lock(self, no: str = NO) -> None:
        self.wrong(4, no)
        with pytest.raises(Refusal, match=f"工号 {no} 已锁定，请 15 分钟后再试"):
            self.book.verify(no, "000000")


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return Door(tmp_path)


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = make_rig(tmp_path)
    yield made
    made.close()


def test_five_wrong_pins_lock_that_number_for_a_quarter_of_an_hour(door: Door) -> None:
    door.lock()
    runs = door.hasher.runs
    door.now += 10 * MINUTE
    with pytest.raises(Refusal, match="请 5 分钟后再试"):
        door.book.verify(NO, PIN)
    assert door.hasher.runs == runs, "Argon2 ran while the number was locked"
    assert door.book.verify("1002", PIN)
    door.now += 5 * MINUTE
    assert door.book.verify(NO, PIN)


def test_a_restart_gives_no_new_tries(door: Door) -> None:
    door.wrong(3)
    door.restart()
    door.wrong(1)
    with pytest.raises(Refusal, match="已锁定"):
        door.book.verify(NO, "000000")
    door.restart()
    with pytest.raises(Refusal, match="已锁定"):
        door.book.verify(NO, PIN)


def test_a_try_counts_before_it_is_made(door: Door) -> None:
    door.wrong(4)
    door.hasher.broken = True
    with pytest.raises(KeyboardInterrupt):
        door.book.verify(NO, PIN)
    door.hasher.broken = False
    door.restart()
    with pytest.raises(Refusal, match="已锁定"):
        door.book.verify(NO, PIN)


def test_the_right_pin_begins_the_count_anew(door: Door) -> None:
    for _ in range(3):
        door.wrong(4)
        assert door.book.verify(NO, PIN)


def test_after_the_lock_there_are_five_tries_again(door: Door) -> None:
    door.lock()
    door.now += 15 * MINUTE
    door.lock()


def test_a_clock_put_back_locks_for_a_quarter_of_an_hour_only(door: Door) -> None:
    door.lock()
    door.now -= timedelta(days=400)
    with pytest.raises(Refusal, match="请 15 分钟后再试"):
        door.book.verify(NO, PIN)
    door.now += 14 * MINUTE
    with pytest.raises(Refusal, match="请 1 分钟后再试"):
        door.book.verify(NO, PIN)
    door.now += MINUTE
    assert door.book.verify(NO, PIN)


@pytest.mark.parametrize("text", ["", "[1]", '{"1001": 5}', "{"])
def test_a_spoilt_list_of_tries_keeps_nobody_out(door: Door, text: str) -> None:
    (door.folder / "pin_tries.json").write_text(text, encoding="utf-8")
    assert door.book.verify(NO, PIN)


def test_a_list_of_tries_that_is_no_text_keeps_nobody_out(door: Door) -> None:
    (door.folder / "pin_tries.json").write_bytes(b"\xff\xfe\x00garbled")
    assert door.book.verify(NO, PIN)


@pytest.mark.parametrize("raw", [b"", b"null", b"[]", b"\xff\xfe", b'{"1001":5}', b'{"1001": "$arg'])
def test_a_list_of_pins_that_cannot_be_read_calls_no_pin_wrong(rig: Rig, door: Door, raw: bytes) -> None:
    rig.bench.verify_pin = door.book.verify
    kept = (door.folder / "pins.json").read_bytes()
    (door.folder / "pins.json").write_bytes(raw)
    for _ in range(MOST_TRIES + 1):
        with pytest.raises(Refused, match=r"密码名单 pins\.json 读不出来，不是密码错"):
            SignIn(rig.bench).sign_in(new_id(), NO, PIN)
    (door.folder / "pins.json").write_bytes(kept)
    assert door.book.verify(NO, PIN), "no try was counted"


def test_the_clerk_reads_how_long_at_sign_in_and_at_the_screen_lock(rig: Rig, door: Door) -> None:
    assert rig.bench.seat is not None
    staff = rig.bench.seat.staff
    rig.bench.verify_pin = door.book.verify
    desk = SignIn(rig.bench)
    for _ in range(4):
        with pytest.raises(Refused, match="不对"):
            desk.sign_in(new_id(), staff.employee_no, "000000")
    for _ in range(2):
        with pytest.raises(Refused, match="15 分钟后再试"):
            desk.unlock(new_id(), staff.id, "000000")


def test_a_number_that_nobody_has_is_verified_and_locked_like_any(rig: Rig, door: Door) -> None:
    rig.bench.verify_pin = door.book.verify
    for words in ("不对", "不对", "不对", "不对", "15 分钟后再试"):
        with pytest.raises(Refused, match=words):
            SignIn(rig.bench).sign_in(new_id(), "nobody", "000000")
    assert door.hasher.runs == 5


def test_the_real_hasher_knows_right_from_wrong(tmp_path: Path) -> None:
    (tmp_path / "pins.json").write_text(json.dumps({NO: PasswordHasher().hash(PIN)}), encoding="utf-8")
    tries = PinTries(tmp_path / "tries.json", lambda: datetime.now(UTC))
    book = PinBook(tmp_path / "pins.json", tries)
    assert book.verify(NO, PIN)
    assert not book.verify(NO, "000000")
