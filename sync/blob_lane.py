"""The blob lane of a child: uploads in pieces on a connection of its own, with a rate cap.

Blobs that accepted records name and that lie here are sent until the parent has confirmed them by digest.
An upload that was cut goes on where the parent says it stands, also after a restart.
"""

import logging
import random
import zlib
from collections import deque
from functools import partial

from sqlalchemy import Connection

from hall.journal.blobs import BlobStore
from hall.journal.ledger import Ledger
from hall.journal.marking import is_blob_name
from hall.journal.port import JournalPort
from sync import rows, wire
from sync.blob_parent import CRC, MAX_PIECE
from sync.lane import Traffic
from sync.link import Link
from sync.message import Answer, Request
from sync.wire import BadBody, UploadAnswer

log = logging.getLogger(__name__)

LOOK_AGAIN_S = 30.0
SPOILT_ZH = "本机有扫描件文件损坏或丢失，无法上传，其余文件照常上传。请联系信息科。"

Message = tuple[str, str, dict[str, str], bytes]
"""Method, target, headers, body."""


class BlobLane:
    """`bytes_per_s` caps the rate; None sends as fast as the line takes it."""

    def __init__(
        self,
        store: JournalPort,
        link: Link,
        rng: random.Random,
        blobs: BlobStore,
        *,
        bytes_per_s: int | None,
        piece_bytes: int = 512 * 1024,
    ) -> None:
        if not 0 < piece_bytes <= MAX_PIECE:
            raise ValueError("piece_bytes")
        self._store = store
        self._link = link
        self._traffic = Traffic(link, rng)
        self._blobs = blobs
        self._bytes_per_s = bytes_per_s
        self._piece_bytes = piece_bytes
        self._todo: deque[str] = deque()
        self._aside: dict[str, float] = {}
        """Blobs whose file here is spoilt or gone -> when to try them again."""
        self._look = True
        self._look_at = 0.0
        self._digest = ""
        self._size = 0
        self._step = "head"
        self._session = ""
        self._offset = 0
        self.bytes_sent = 0

    def wake(self) -> None:
        """There may be new blobs. Takes no lock."""
        self._look = True

    def waiting(self) -> int:
        with self._store.read() as conn:
            return sum(1 for _ in self._unsent(conn))

    def due(self, now: float) -> float:
        if self._link.parent is None:
            return 1.0
        if self._digest or self._todo or self._look:
            return max(0.0, self._traffic.pace.not_before - now)
        return max(0.0, self._look_at - now, self._traffic.pace.not_before - now)

    def next_request(self, now: float) -> Request | None:
        if not self._traffic.may_start(now) or self._link.parent is None:
            return None
        message = self._next_message(now)
        if message is None:
            return None
        method, target, headers, body = message
        self.bytes_sent += len(body)
        if self._bytes_per_s and body:
            self._traffic.pace.wait(now, len(body) / self._bytes_per_s)
        request = self._link.request(method, target, headers, body, timeout_s=60.0)
        return self._traffic.start(request, self._step, now)

    def _next_message(self, now: float) -> Message | None:
        while self._digest or self._next_blob(now):
            try:
                return self._message()
            except OSError as exc:
                log.warning("a blob cannot be read: %s", type(exc).__name__)
                if not self._set_aside_if_bad(now):
                    self._traffic.pace.lost(now)
                    return None
        return None

    def _next_blob(self, now: float) -> bool:
        if not self._todo and (self._look or now >= self._look_at):
            self._look, self._look_at = False, now + LOOK_AGAIN_S
            with self._store.read() as conn:
                unsent = self._unsent(conn)
            for gone in self._aside.keys() - set(unsent):
                self._no_longer_aside(gone)
            self._todo.extend(d for d in unsent if self._aside.get(d, now) <= now)
        while self._todo:
            self._digest, self._step = self._todo.popleft(), "head"
            try:
                self._size = self._blobs.size(self._digest)
            except OSError:
                self._set_aside(now)
            else:
                return True
        return False

    def _set_aside_if_bad(self, now: float) -> bool:
        if self._blobs.sound(self._digest):
            return False
        self._set_aside(now)
        return True

    def _set_aside(self, now: float) -> None:
        """Those behind it go on; whether somebody has put the file right is looked at again later."""
        log.error("blob %s is spoilt or gone here and cannot be sent", self._digest)
        self._aside[self._digest] = now + LOOK_AGAIN_S
        self._digest = ""
        self._link.problem("blob", SPOILT_ZH)

    def _no_longer_aside(self, digest: str) -> None:
        self._aside.pop(digest, None)
        if not self._aside:
            self._link.problem("blob", None)

    def _unsent(self, conn: Connection) -> list[str]:
        # older programs let any text be a name
        named = (digest for (digest,) in rows.UNSENT.all(conn) if is_blob_name(digest))
        return [d for d in named if d in self._aside or self._blobs.has(d)]

    def _message(self) -> Message:
        """Raises OSError when the blob's file cannot be read."""
        match self._step:
            case "head":
                return "HEAD", f"/v1/blobs/{self._digest}", {}, b""
            case "begin":
                return "POST", "/v1/uploads", {}, b""
            case "stand":
                return "GET", f"/v1/uploads/{self._session}", {}, b""
            case "finish":
                return "PUT", f"/v1/uploads/{self._session}?digest={self._digest}", {}, b""
        piece = self._blobs.piece(self._digest, self._offset, self._piece_bytes)
        if not piece:
            raise OSError("the file has become shorter")
        headers = {
            "content-type": wire.BLOB_TYPE,
            "content-range": f"bytes {self._offset}-{self._offset + len(piece) - 1}/*",
            CRC: f"{zlib.crc32(piece):08x}",
        }
        return "PATCH", f"/v1/uploads/{self._session}", headers, piece

    def on_lost(self, request: Request, now: float) -> None:
        if self._traffic.lost(request, now) and self._step in ("piece", "finish"):
            # what arrived of it is for the parent to say
            self._step = "stand"

    def on_answer(self, request: Request, answer: Answer, now: float) -> None:
        cap = self._traffic.pace.not_before
        landed = self._traffic.landed(request, answer, now)
        if landed is None:
            if self._step in ("piece", "finish"):
                self._step = "stand"
            return
        kind, error = landed
        # a success resets the backoff, not the rate cap
        self._traffic.pace.not_before = max(self._traffic.pace.not_before, cap)
        if error is not None:
            self._on_refusal(error.code, error.offset, now)
        elif kind == "head":
            self._on_head(answer.status, now)
        elif kind == "finish":
            self._sent()
        else:
            self._on_standing(answer, now)

    def _on_head(self, status: int, now: float) -> None:
        if status != 404:
            self._sent()
            return
        if self._digest in self._aside and self._set_aside_if_bad(now):
            return
        session = self._blobs.outgoing(self._digest)
        self._session, self._step = (session, "stand") if session else ("", "begin")

    def _on_standing(self, answer: Answer, now: float) -> None:
        try:
            told = wire.decode(UploadAnswer, answer.body, answer.headers, wire.MAX_REQUEST_BYTES)
        except BadBody:
            self._traffic.pace.lost(now)
            self._step = "head"
            return
        if told.session != self._session:
            self._session = told.session
            self._blobs.note_outgoing(self._digest, told.session)
        self._go_on(told.offset)

    def _go_on(self, offset: int) -> None:
        self._offset = offset
        if offset > self._size:
            self._step = "begin"
        else:
            self._step = "finish" if offset == self._size else "piece"

    def _on_refusal(self, code: str, offset: int | None, now: float) -> None:
        if code == "offset" and offset is not None:
            self._go_on(offset)
        elif code == "piece":
            self._step = "stand"
        elif code in ("unknown_upload", "digest"):
            # finished by an answer that was lost, or expired: the parent's HEAD tells which
            self._blobs.note_outgoing(self._digest, None)
            self._step = "head"
            if code == "digest" and not self._set_aside_if_bad(now):
                self._traffic.pace.lost(now)
        else:
            self._step = "head"
            self._traffic.pace.lost(now)

    def _sent(self) -> None:
        digest, self._digest = self._digest, ""
        self._blobs.note_outgoing(digest, None)
        self._no_longer_aside(digest)
        self._store.write(partial(_note_sent, digest=digest))


def _note_sent(ledger: Ledger, digest: str) -> None:
    if rows.SENT.first(ledger.conn, digest=digest) is None:
        rows.ADD_SENT.run(ledger.conn, digest=digest)
