"""The ID-card reader as the applications see it. Blocking; one thread owns it.

Card data goes to the caller and nowhere else: no log line, no exception text and no repr holds any of it.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from devices.errors import BadReply, DeviceNeedsPerson, DeviceOffline
from devices.id_reader import protocol
from devices.id_reader.card import CardDataError, IdCard
from devices.id_reader.protocol import Answer, Sw
from devices.transport import Connect, Transport

log = logging.getLogger(__name__)

POLL_INTERVAL_S = 0.3
"""The RF field needs this pause between two searches (SAM_V interface description)."""

MAX_STALE_READS = 16
CHUNK = 4096
MAX_BUFFER = 64 * 1024
"""A line that babbles this much without one answer is not a SAM_V reader."""


@dataclass(frozen=True, slots=True)
class NoCard:
    """Nothing on the reader, or a card that must be lifted before it answers again."""


class IdReader(Protocol):
    """Reads the card that lies on it. Any method may raise DeviceError."""

    def read(self) -> IdCard | NoCard: ...
    def check(self) -> str: ...
    def close(self) -> None: ...


_HINTS = {
    Sw.SELECT_FAILED: "读卡失败，请将证件拿开后重新放在读卡区。",
    Sw.READ_FAILED: "读卡中断，请将证件拿开后重新放好，听到提示后再取走。",
    Sw.WRONG_CARD: "这不是可以识别的身份证件，请换用居民身份证或居住证。",
    Sw.CARD_AUTH: "证件验证未通过，请拿开重放；仍不行请人工核对证件。",
    Sw.SAM_AUTH: "证件验证未通过，请拿开重放；仍不行请人工核对证件。",
    Sw.VERIFY: "证件验证未通过，请拿开重放；仍不行请人工核对证件。",
    Sw.RANDOM: "读卡失败，请将证件拿开后重新放在读卡区。",
    Sw.SELF_TEST: "读卡器自检失败，请联系管理员更换读卡器。",
    Sw.NOT_AUTHORISED: "读卡器安全模块未授权，请联系管理员。",
}


class SamvIdReader:
    """IdReader over any Transport. The link opens at the first question and again after it was lost."""

    def __init__(
        self,
        device_id: str,
        connect: Connect,
        *,
        reply_timeout_s: float = 1.0,
        read_timeout_s: float = 4.0,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """`read_timeout_s` covers the slowest read of a whole card, usually 1 to 1.5 s."""
        self._id = device_id
        self._connect = connect
        self._reply_timeout_s = reply_timeout_s
        self._read_timeout_s = read_timeout_s
        self._clock = clock
        self._pause = pause
        self._io: Transport | None = None
        self._not_before = clock()
        self._stuck = False

    def read(self) -> IdCard | NoCard:
        """Look for a card and read it. Safe to repeat; waits until 300 ms after the last search.

        Raises DeviceNeedsPerson (card lifted too early, wrong card, card to be put down again),
        DeviceOffline, BadReply.
        """
        self._pause(max(0.0, self._not_before - self._clock()))
        if self._stuck:
            self._unstick()
        try:
            found = self._ask(protocol.FIND, self._reply_timeout_s)
        finally:
            self._not_before = self._clock() + POLL_INTERVAL_S
        if found.status == Sw.NO_CARD:
            return NoCard()
        self._expect(found, Sw.CARD_FOUND)
        self._expect(self._ask(protocol.SELECT, self._reply_timeout_s), Sw.OK)
        answer = self._ask(protocol.READ, self._read_timeout_s)
        self._expect(answer, Sw.OK)
        try:
            return protocol.decode_card(answer.data)
        except CardDataError as exc:
            hint = "证件内容无法识别（可能是新版证件），请人工录入并核对原件。"
            raise BadReply(self._id, f"card text: {exc}", hint=hint) from None
        except ValueError as exc:
            raise BadReply(self._id, str(exc)) from None

    def check(self) -> str:
        """Self-test, then the SAM module's number for the commissioning sheet. Safe to repeat."""
        self._expect(self._ask(protocol.STATUS, self._reply_timeout_s), Sw.OK)
        answer = self._ask(protocol.SAM_ID, self._reply_timeout_s)
        self._expect(answer, Sw.OK)
        try:
            return protocol.decode_sam_id(answer.data)
        except ValueError as exc:
            raise BadReply(self._id, str(exc)) from exc

    def close(self) -> None:
        """Give the port free; the next question opens it again."""
        if self._io is not None:
            self._io.close()
            self._io = None

    def _unstick(self) -> None:
        """A reader that fell silent in the middle of a card answers again after a reset."""
        self._expect(self._ask(protocol.RESET, self._reply_timeout_s), Sw.OK)
        self._stuck = False

    def _expect(self, answer: Answer, wanted: Sw) -> None:
        if answer.status == wanted:
            return
        message = f"status 0x{answer.status:02X}"
        hint = next((text for sw, text in _HINTS.items() if sw == answer.status), "")
        if hint:
            raise DeviceNeedsPerson(self._id, message, hint=hint)
        raise BadReply(self._id, message)

    def _ask(self, command: bytes, timeout_s: float) -> Answer:
        """One command, its answer. Old bytes are dropped first, broken frames are skipped."""
        try:
            if self._io is None:
                self._io = self._connect()
            self._drain(self._io)
            self._io.write(command)
            return self._receive(self._io, timeout_s)
        except OSError as exc:
            self.close()
            raise DeviceOffline(self._id, "link lost") from exc

    def _drain(self, io: Transport) -> None:
        for _ in range(MAX_STALE_READS):
            stale = io.read(CHUNK, 0)
            if not stale:
                return
            log.warning("%s dropped %d stale bytes", self._id, len(stale))  # never the bytes themselves

    def _receive(self, io: Transport, timeout_s: float) -> Answer:
        deadline = self._clock() + timeout_s
        buffer, received, damaged = b"", 0, False
        while (left_s := deadline - self._clock()) > 0 and received < MAX_BUFFER:
            chunk = io.read(CHUNK, left_s)
            if not chunk:
                break
            received += len(chunk)
            scan = protocol.scan(buffer + chunk)
            damaged = damaged or scan.damaged
            if scan.answer is not None:
                return scan.answer
            buffer = scan.rest
        self._stuck = True
        if damaged or received:
            raise BadReply(self._id, f"{received} bytes, no good answer in them")
        raise DeviceOffline(self._id, "no reply")
