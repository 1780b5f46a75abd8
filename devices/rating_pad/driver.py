"""The rating pad as the applications see it. `ask` blocks in the device's thread; `cancel` comes from any."""

import logging
import threading
import time
from collections.abc import Callable
from enum import Enum
from typing import Protocol

from devices.errors import BadReply, DeviceError, DeviceOffline
from devices.rating_pad import protocol
from devices.rating_pad.protocol import PAD_TIMEOUT, PadProfile
from devices.transport import Connect, Transport

log = logging.getLogger(__name__)

SLICE_S = 0.1
"""Longest wait before a cancel is noticed."""
ACK_TIMEOUT_S = 1.0
MAX_STALE_READS = 16
MAX_GARBAGE = 4096
CHUNK = 256


class NotRated(Enum):
    """No rating was given. Neither value may ever be counted as satisfied."""

    TIMEOUT = "timeout"
    CANCELLED = "cancelled"


class RatingPad(Protocol):
    """Asks a citizen for a rating. `ask` may raise DeviceError."""

    def ask(self, session: str) -> int | NotRated: ...
    def cancel(self, session: str) -> None: ...
    def close(self) -> None: ...


class FramedRatingPad:
    """RatingPad over any Transport and any PadProfile."""

    def __init__(
        self,
        device_id: str,
        connect: Connect,
        profile: PadProfile,
        *,
        ack_timeout_s: float = ACK_TIMEOUT_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._id = device_id
        self._connect = connect
        self._profile = profile
        self._ack_timeout_s = ack_timeout_s
        self._clock = clock
        self._io: Transport | None = None
        self._asking = threading.Lock()
        self._lock = threading.Lock()
        self._session = ""
        self._cancelled_session: str | None = None
        self._cancelled = threading.Event()

    def ask(self, session: str) -> int | NotRated:
        """Prompt the citizen and wait for a key: level 1 (worst) to 5 (best), or why there is none.

        `session` names this one service, so that a cancel that comes late never ends another's question.
        Keys pressed before the prompt are dropped. Safe to repeat. Raises DeviceOffline, BadReply; and
        RuntimeError when another thread is asking.
        """
        if not self._asking.acquire(blocking=False):
            raise RuntimeError("one question at a time")
        try:
            with self._lock:
                if self._cancelled_session == session:  # it came before we did
                    return NotRated.CANCELLED
                self._session = session
                self._cancelled.clear()
            return self._ask()
        except OSError as exc:
            self.close()
            raise DeviceOffline(self._id, "link lost", hint="评价器连接中断，请检查数据线。") from exc
        finally:
            with self._lock:
                self._session = ""
            self._asking.release()

    def cancel(self, session: str) -> None:
        """End the question of `session`, now or when it is about to be asked. From any thread."""
        with self._lock:
            self._cancelled_session = session
            if self._session == session:
                self._cancelled.set()

    def close(self) -> None:
        """Give the port free; the next question opens it again. Only while nothing is asked."""
        if self._io is not None:
            self._io.close()
            self._io = None

    def _ask(self) -> int | NotRated:
        if self._io is None:
            self._io = self._connect()
        io = self._io
        for _ in range(MAX_STALE_READS):
            if not (stale := io.read(CHUNK, 0)):
                break
            log.info("%s dropped stale %s", self._id, stale.hex())
        io.write(protocol.seal(self._profile, self._profile.prompt))
        pending = self._await_ack(io) if self._profile.ack else b""
        try:
            answer = self._await_key(io, pending)
        except DeviceError:
            self._rest(io)
            raise
        if isinstance(answer, NotRated):
            self._rest(io)
        return answer

    def _rest(self, io: Transport) -> None:
        if self._profile.cancel:
            io.write(protocol.seal(self._profile, self._profile.cancel))

    def _await_ack(self, io: Transport) -> bytes:
        """Bytes behind the ack. A pad that says nothing is dead: no use to let the citizen wait for it."""
        wanted = protocol.seal(self._profile, self._profile.ack)
        deadline, buffer = self._clock() + self._ack_timeout_s, b""
        while (left_s := deadline - self._clock()) > 0 and len(buffer) < MAX_GARBAGE:
            chunk = io.read(CHUNK, left_s)
            if not chunk:
                break
            buffer += chunk
            if (at := buffer.find(wanted)) >= 0:
                return buffer[at + len(wanted) :]
        if buffer:
            raise BadReply(self._id, f"prompt answered by {len(buffer)} unknown bytes")
        raise DeviceOffline(self._id, "prompt not answered", hint="评价器没有应答，请检查电源和数据线。")

    def _await_key(self, io: Transport, buffer: bytes) -> int | NotRated:
        deadline = self._clock() + self._profile.timeout_s
        garbage = 0
        chunk = buffer
        buffer = b""
        while not self._cancelled.is_set():
            found = protocol.scan(self._profile, buffer + chunk)
            if found.code == PAD_TIMEOUT:
                return NotRated.TIMEOUT
            if found.code is not None:
                return found.code
            garbage += len(chunk)
            if found.damaged:
                hint = "评价结果传输出错，请再请群众评价一次。"
                raise BadReply(self._id, "damaged key frame", hint=hint)
            if garbage > MAX_GARBAGE:
                raise BadReply(self._id, "no key frame in what the pad sends")
            buffer = found.rest
            left_s = deadline - self._clock()
            if left_s <= 0:
                if garbage:
                    raise BadReply(self._id, f"{garbage} bytes, no key frame in them")
                return NotRated.TIMEOUT
            chunk = io.read(CHUNK, min(SLICE_S, left_s))
        return NotRated.CANCELLED
