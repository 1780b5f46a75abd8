"""PINs of the staff: the list of hashes, and how often somebody may try."""

import json
import logging
import math
import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from pydantic import TypeAdapter

from counter_app.sign_in.ports import LOCKED_S, MOST_TRIES
from hall.journal.refusal import Refusal, StoreFault

log = logging.getLogger(__name__)
PIN_FILE = "pins.json"
"""Employee number to Argon2id hash; part of the staff list that a hall distributes."""
TRIES_FILE = "pin_tries.json"
"""Wrong PINs of late by employee number; this PC's own."""
LEAST_PIN = 6
MOST_PIN = 12
KEPT_S = 24 * 3600
"""Wrong PINs of yesterday no longer count; the file stays small also when numbers are made up."""
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$RdescudvJCsgt3ub+b27dWRJJTmaaJObG"


class PinTries:
    """Wrong PINs by employee number, on the disk: a restart gives nobody new tries. Thread-safe."""

    def __init__(self, path: Path, now: Callable[[], datetime]) -> None:
        self._path = path
        self._now = now
        self._lock = threading.Lock()

    def begin(self, employee_no: str) -> None:
        """Count a try before it is made. Raises Refusal while the number is locked, StoreFault."""
        with self._lock:
            now = int(self._now().timestamp())
            tries = self._read(now)
            count, at = tries.get(employee_no, (0, now))
            locked = count >= MOST_TRIES
            if locked and now < at + LOCKED_S:
                # also keeps the times that _read has set right
                self._write(tries)
                raise _locked(employee_no, at + LOCKED_S - now)
            tries[employee_no] = (1 if locked else count + 1, now)
            self._write(tries)

    def failed(self, employee_no: str) -> None:
        """The try was wrong. Raises Refusal when it was the last one."""
        with self._lock:
            count, _ = self._read(int(self._now().timestamp())).get(employee_no, (0, 0))
        if count >= MOST_TRIES:
            raise _locked(employee_no, LOCKED_S)

    def succeeded(self, employee_no: str) -> None:
        with self._lock:
            tries = self._read(int(self._now().timestamp()))
            tries.pop(employee_no, None)
            self._write(tries)

    def _read(self, now: int) -> dict[str, tuple[int, int]]:
        """(tries, time of the last one). A time to come means that the clock was put back: it counts as now, so
        that a number is locked for a quarter of an hour and no longer."""
        try:
            raw = self._path.read_bytes()
        except FileNotFoundError:
            return {}
        except OSError as exc:
            raise _disk() from exc
        try:
            told: dict[str, Any] = json.loads(raw)
            tries = {no: (int(count), min(int(at), now)) for no, (count, at) in told.items()}
        except (ValueError, TypeError, AttributeError, OverflowError):
            # nobody could sign in any more if this were refused
            log.error("the list of wrong PINs cannot be read and begins anew")
            return {}
        return {no: entry for no, entry in tries.items() if now - entry[1] < KEPT_S}

    def _write(self, tries: dict[str, tuple[int, int]]) -> None:
        try:
            _put(self._path, tries)
        except OSError as exc:
            raise _disk() from exc


class PinBook:
    """Argon2id hashes of PINs by employee number."""

    def __init__(self, path: Path, tries: PinTries) -> None:
        self._path = path
        self._tries = tries
        self._hasher = PasswordHasher()

    def verify(self, employee_no: str, pin: str) -> bool:
        """Slow on purpose. An unknown number takes as long as a wrong PIN, and is locked like a known one.

        Raises Refusal while the number is locked; nothing is verified then. Raises StoreFault, also for a list that
        cannot be read: nobody's PIN is called wrong for it, and no try is counted.
        """
        hashes = self._hashes()
        self._tries.begin(employee_no)
        if self._right(hashes.get(employee_no), pin):
            self._tries.succeeded(employee_no)
            return True
        self._tries.failed(employee_no)
        return False

    def _hashes(self) -> dict[str, str]:
        try:
            return TypeAdapter(dict[str, str]).validate_json(self._path.read_bytes())
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as exc:
            log.error("the list of PINs cannot be read")
            text = f"本机的密码名单 {self._path.name} 读不出来，不是密码错。请通知信息科从备份恢复这个文件。"
            raise StoreFault(text) from exc

    def _right(self, known: str | None, pin: str) -> bool:
        try:
            return self._hasher.verify(known or _NOBODY, pin) and known is not None
        except (VerificationError, InvalidHashError, UnicodeError):
            return False


def set_pin(path: Path, employee_no: str, pin: str) -> None:
    """A new PIN for one number; the others stay. Raises Refusal, OSError.

    A list that cannot be read is refused and kept: its other PINs would be lost.
    """
    if not (pin.isascii() and pin.isdigit() and LEAST_PIN <= len(pin) <= MOST_PIN):
        raise Refusal("pin", f"PIN 应为 {LEAST_PIN} 至 {MOST_PIN} 位数字。")
    if len(set(pin)) == 1 or pin in "01234567890123" or pin in "98765432109876":
        raise Refusal("pin", "PIN 太简单，请不要用同一个数字或连续数字。")
    try:
        book = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    except ValueError as exc:
        raise Refusal("pins_unreadable", f"{path.name} 读不出来，没有改动。请先从备份恢复这个文件。") from exc
    _put(path, book | {employee_no: PasswordHasher().hash(pin)})


def forget_tries(path: Path, employee_no: str) -> None:
    """The number is locked no longer. Raises StoreFault."""
    PinTries(path, lambda: datetime.now(UTC)).succeeded(employee_no)


def _put(path: Path, value: Any) -> None:
    """Whole or not at all, for the owner's eyes only. Raises OSError."""
    draft = path.with_name(path.name + ".new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        json.dump(value, out)
        out.flush()
        os.fsync(out.fileno())
    os.replace(draft, path)


def _locked(employee_no: str, seconds: int) -> Refusal:
    minutes = math.ceil(seconds / 60)
    text = f"PIN 连续输错 {MOST_TRIES} 次，工号 {employee_no} 已锁定，请 {minutes} 分钟后再试；急用请信息科重设 PIN。"
    return Refusal("pin_locked", text)


def _disk() -> StoreFault:
    return StoreFault("磁盘读写出错，现在不能核对 PIN。请通知信息科检查磁盘。")
