"""The other node of a pair, or a machine that is not the parent just now, asked without a session: who serves the
hall, and the order to take over.
"""

import json
import logging
from datetime import UTC, datetime
from typing import Any

import httpx2

from hall.journal.ids import new_id
from hall.journal.port import JournalPort
from hall.journal.refusal import Refusal
from sync import signing, wire
from sync.access import HELLO_NONCE
from sync.child import ParentAway
from sync.link import Credentials, read_error
from sync.message import Answer, Request
from sync.sending import send
from sync.signing import BadSignature
from sync.wire import BadBody, ModeAnswer, ModeBody

log = logging.getLogger(__name__)

MODE_S = 1.5
ORDER_S = 5.0
NO_ANSWER_ZH = "备用节点没有答复，请检查那台机器是否开着、网线是否插好，再试一次。"


class OtherNode:
    """Any thread; one request at a time is enough for what it is for."""

    def __init__(
        self, store: JournalPort, credentials: Credentials, *, base_url: str, verify: Any = True
    ) -> None:
        """`credentials.parent_id` and `.parent_public` name the machine that is asked."""
        self._store = store
        self._credentials = credentials
        self._http = httpx2.Client(
            base_url=base_url, verify=verify, trust_env=False, follow_redirects=False,
            limits=httpx2.Limits(max_connections=4, keepalive_expiry=60.0),
        )  # fmt: skip

    @property
    def node_id(self) -> str:
        return self._credentials.parent_id

    def mode(self, epoch: int) -> ModeAnswer | None:
        """Who serves, as that machine knows it; it learns `epoch` by the question. None: no signed answer."""
        data, headers = wire.encode(ModeBody(epoch=epoch))
        try:
            answer = self._ask("/v1/mode", data, headers, HELLO_NONCE, MODE_S)
            if answer.status >= 300:
                return None
            told = wire.decode(ModeAnswer, answer.body, answer.headers, wire.MAX_REQUEST_BYTES)
        except (httpx2.HTTPError, BadBody, BadSignature, RuntimeError):
            return None
        return told if told.node == self.node_id else None

    def order(self, path: str, body: dict[str, Any], epoch: int) -> None:
        """A live call under a nonce of its own. Repeat safely. Raises ParentAway, Refusal with that machine's words."""
        told = self.mode(epoch)
        if told is None:
            raise ParentAway(NO_ANSWER_ZH, sent=False)
        data, headers = wire.pack(json.dumps(body, ensure_ascii=False).encode())
        try:
            answer = self._ask(path, data, headers, told.nonce, ORDER_S)
        except (httpx2.HTTPError, BadSignature, RuntimeError) as exc:
            raise ParentAway(NO_ANSWER_ZH) from exc
        if answer.status < 300:
            return
        error = read_error(answer)
        if answer.status in (401, 408, 429) or answer.status >= 500:
            raise ParentAway(error.text or NO_ANSWER_ZH)
        raise Refusal(error.code, error.text)

    def close(self) -> None:
        self._http.close()

    def _ask(self, path: str, body: bytes, headers: dict[str, str], nonce: str, timeout_s: float) -> Answer:
        """Raises httpx2.HTTPError, BadSignature."""
        c = self._credentials
        named = {
            **headers, signing.NODE: c.node_id, signing.INC: self._store.identity.inc, signing.NONCE: nonce,
            signing.REQUEST: new_id(),
        }  # fmt: skip
        created = max(0, int(datetime.now(UTC).timestamp()))
        signed = signing.sign_request(
            "POST", path, named, body, private=c.private, keyid=c.node_id, created=created
        )
        answer = send(self._http, Request("POST", path, signed, body, timeout_s))
        signing.verify_answer(
            answer.status, answer.headers, answer.body, public=c.parent_public, keyid=c.parent_id,
            request=named[signing.REQUEST],
        )  # fmt: skip
        return answer
