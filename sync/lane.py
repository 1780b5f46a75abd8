"""What every lane does the same: one request in flight, backoff, and reading refusals."""

import logging
import random
from dataclasses import dataclass

from sync.access import CLOSED
from sync.link import Link, NotFromParent, Pace, read_error
from sync.message import Answer, Request
from sync.wire import ErrorAnswer

log = logging.getLogger(__name__)

CONFIG_WAIT_S = 60.0
COMPARE_S = 900.0
"""So often both sides compare what they hold, though nothing looks wrong (guide sync, rule 15)."""
AWAY_ZH = "与上级的网络不通，本机照常办理，恢复后自动补传。"
PORTAL_ZH = "上级地址有应答，但不是上级本身（可能是上网认证页面或代理）。请联系信息科。"
STALE = "stale_nonce"
SPOILT = "bad_signature"
"""A bit that flipped on the way looks like a wrong key: the same request once more tells them apart."""


@dataclass(frozen=True, slots=True)
class Flight:
    request: Request
    kind: str
    since: float


class Traffic:
    """One lane's request in flight. Not thread-safe: each lane has its own."""

    def __init__(self, link: Link, rng: random.Random) -> None:
        self.link = link
        self.pace = Pace(rng, link.longest_wait_s)
        self.flight: Flight | None = None
        self._spoilt = False

    def may_start(self, now: float) -> bool:
        if self.flight is not None and now - self.flight.since > 2 * self.flight.request.timeout_s:
            # whoever carried it has died: nobody will report it lost
            log.error("a %s request was never reported back", self.flight.kind)
            self.lost(self.flight.request, now)
        return self.flight is None and now >= self.pace.not_before

    def start(self, request: Request, kind: str, now: float) -> Request:
        self.flight = Flight(request, kind, now)
        return request

    def lost(self, request: Request, now: float, problem_zh: str = AWAY_ZH) -> bool:
        """False for a request that is not in flight any more."""
        if self.flight is None or self.flight.request is not request:
            return False
        self.flight = None
        self.pace.lost(now)
        self.link.away(problem_zh)
        return True

    def landed(self, request: Request, answer: Answer, now: float) -> tuple[str, ErrorAnswer | None] | None:
        """(kind, refusal or None) of a signed answer; None when there is nothing more to do with it."""
        if self.flight is None or self.flight.request is not request:
            return None
        try:
            self.link.check(request, answer)
        except NotFromParent:
            self.lost(
                request, now, AWAY_ZH if answer.status in (408, 429) or answer.status >= 500 else PORTAL_ZH
            )
            return None
        kind = self.flight.kind
        self.flight = None
        self.link.well()
        if answer.status < 300 or (request.method == "HEAD" and answer.status == 404):
            self.pace.ok()
            self._spoilt = False
            return kind, None
        error = read_error(answer)
        if answer.status == 401 and error.code == SPOILT and not self._spoilt:
            self._spoilt = True
            self.pace.lost(now)
            return None
        if answer.status == 401 and error.code == STALE:
            self.link.dropped()
            return None
        if error.code == CLOSED:
            self.link.was_closed(error.text)
            self.pace.wait(now, CONFIG_WAIT_S)
            return None
        if answer.status in (408, 429) or answer.status >= 500:
            self.pace.lost(now)
            self.pace.wait(now, _retry_after(answer))
            if answer.status >= 500:
                self.link.problem("refused", error.text or AWAY_ZH)
            return None
        if answer.status in (400, 401, 403, 404, 426) and error.code not in (
            "unknown_upload",
            "piece",
            "digest",
        ):
            # a person must look; ask again now and then, it may have been put right
            self.link.problem("refused", error.text)
            self.pace.wait(now, CONFIG_WAIT_S)
            if kind == "hello" or answer.status == 401:
                return None
        return kind, error


def _retry_after(answer: Answer) -> float:
    text = answer.headers.get("retry-after", "0")
    return float(min(int(text), 600)) if text.isascii() and text.isdigit() else 0.0
