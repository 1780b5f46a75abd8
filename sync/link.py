"""What the lanes of one child share: who it speaks to, its nonce, and how the link fares. Thread-safe."""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from hall.journal.port import JournalPort
from sync import signing, wire
from sync.access import CLOSED, HELLO_NONCE
from sync.message import Answer, Request
from sync.signing import BadSignature, Private, Public
from sync.wire import BadBody, ErrorAnswer, HelloAnswer

FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 60.0


@dataclass(frozen=True, slots=True)
class Credentials:
    """From enrolment: this machine's key and the parent's pinned key (Ed25519, 32 raw bytes each)."""

    node_id: str
    private: Private
    parent_id: str
    parent_public: Public
    pair: str = ""
    """Node id of the other node, where the hall has two: records of this hall may come up by either."""

    @property
    def nodes(self) -> list[str]:
        """The parent and its other half."""
        return [self.parent_id, self.pair] if self.pair else [self.parent_id]


class NotFromParent(Exception):
    """No signed answer of the parent: a proxy, a captive portal, a broken line. Nothing of it counts."""


class Pace:
    """Full-jitter backoff, 1 s to `longest_s`, reset by any success. Not thread-safe: one a lane."""

    def __init__(self, rng: random.Random, longest_s: float = LONGEST_WAIT_S) -> None:
        self._rng = rng
        self._longest_s = longest_s
        self._failures = 0
        self.not_before = 0.0

    def ok(self) -> None:
        self._failures = 0
        self.not_before = 0.0

    def lost(self, now: float) -> None:
        ceiling = min(self._longest_s, FIRST_WAIT_S * 2.0 ** min(self._failures, 10))
        self._failures += 1
        self.not_before = now + self._rng.uniform(0.0, ceiling)

    def wait(self, now: float, seconds: float) -> None:
        self.not_before = max(self.not_before, now + seconds)


class Link:
    """One child's relation to its parent."""

    def __init__(
        self,
        store: JournalPort,
        credentials: Credentials,
        new_id: Callable[[], str],
        wall: Callable[[], datetime],
        longest_wait_s: float = LONGEST_WAIT_S,
    ) -> None:
        self.longest_wait_s = longest_wait_s
        self._store = store
        self._credentials = credentials
        self._new_id = new_id
        self._wall = wall
        self._lock = threading.Lock()
        self._session: tuple[HelloAnswer, str] | None = None
        """What the parent said at hello, and under which incarnation: always replaced as a whole."""
        self._up = False
        self._since = wall()
        self._last_ok: datetime | None = None
        self._problems: dict[str, str] = {}

    @property
    def credentials(self) -> Credentials:
        return self._credentials

    @property
    def parent(self) -> HelloAnswer | None:
        """What the parent said last, or None while there is no valid session."""
        session = self._session
        return session[0] if session is not None and session[1] == self._store.identity.inc else None

    def opened(self, answer: HelloAnswer) -> None:
        self._session = answer, self._store.identity.inc

    def dropped(self) -> None:
        """The parent does not know the nonce any more: hello again."""
        self._session = None

    # -- how it fares ---------------------------------------------------------------------------------

    def well(self) -> None:
        with self._lock:
            self._last_ok = self._wall()
            self._problems.pop("net", None)
            self._problems.pop("refused", None)
            if not self._up:
                self._up, self._since = True, self._last_ok

    def away(self, problem_zh: str) -> None:
        with self._lock:
            self._problems["net"] = problem_zh
            if self._up:
                self._up, self._since = False, self._wall()

    def problem(self, kind: str, text_zh: str | None) -> None:
        """Something a person must see; None when it has gone."""
        with self._lock:
            if text_zh is None:
                self._problems.pop(kind, None)
            else:
                self._problems[kind] = text_zh

    def was_closed(self, text_zh: str) -> None:
        """The parent has given this machine up for lost. For good: enrolled anew it has another name."""
        self.problem(CLOSED, text_zh)

    @property
    def closed(self) -> str:
        """What the parent said of it; empty for a machine that works."""
        with self._lock:
            return self._problems.get(CLOSED, "")

    def fares(self) -> tuple[bool, datetime, datetime | None, str | None]:
        """(up, since, last ok, gravest problem)."""
        with self._lock:
            for kind in (CLOSED, "fork", "unenrolled", "refused", "hole", "blob", "internal", "net"):
                if kind in self._problems:
                    return self._up, self._since, self._last_ok, self._problems[kind]
            return self._up, self._since, self._last_ok, None

    # -- messages -------------------------------------------------------------------------------------

    def request(
        self,
        method: str,
        target: str,
        headers: dict[str, str] | None = None,
        body: bytes = b"",
        timeout_s: float = 20.0,
    ) -> Request:
        """A signed request."""
        parent = self.parent
        c = self._credentials
        named = {
            **(headers or {}),
            signing.NODE: c.node_id,
            signing.INC: self._store.identity.inc,
            signing.NONCE: HELLO_NONCE if parent is None else parent.nonce,
            signing.REQUEST: self._new_id(),
        }
        created = max(0, int(self._wall().timestamp()))
        signed = signing.sign_request(
            method, target, named, body, private=c.private, keyid=c.node_id, created=created
        )
        return Request(method, target, signed, body, timeout_s)

    def check(self, request: Request, answer: Answer) -> None:
        """Raises NotFromParent unless the pinned parent signed this answer to this request."""
        c = self._credentials
        try:
            signing.verify_answer(
                answer.status, answer.headers, answer.body,
                public=c.parent_public, keyid=c.parent_id, request=request.headers[signing.REQUEST],
            )  # fmt: skip
        except BadSignature as exc:
            raise NotFromParent(str(exc)) from exc


def read_error(answer: Answer) -> ErrorAnswer:
    """What a signed refusal says; a code of its own when it says nothing readable."""
    try:
        return wire.decode(ErrorAnswer, answer.body, answer.headers, wire.MAX_REQUEST_BYTES)
    except BadBody:
        return ErrorAnswer(code=f"status_{answer.status}", text=f"上级答复异常（{answer.status}）。")
