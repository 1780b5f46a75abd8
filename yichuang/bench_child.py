"""A child machine as a node or centre knows it, for benches: signed requests and nothing else."""

import contextlib
import json
import time
from dataclasses import dataclass, field
from typing import Any

import httpx2

from hall.journal.ids import new_id, new_incarnation
from sync import signing, wire
from sync.access import HELLO_NONCE
from sync.signing import new_signing_key


class LostReply(Exception):
    """The connection was reset behind the answer's first byte: the work is done, and nobody was told."""


@dataclass
class BenchChild:
    """One machine, one thread."""

    node: str = field(default_factory=new_id)
    keys: tuple[bytes, bytes] = field(default_factory=new_signing_key)
    inc: str = field(default_factory=new_incarnation)
    _http: httpx2.Client | None = None
    parent: str = ""
    """Node id of who answered."""
    _nonce: str = HELLO_NONCE

    def connect(self, base: str, role: str) -> None:
        """Raises RuntimeError when it is not known there."""
        self._http = httpx2.Client(base_url=base, trust_env=False, timeout=120.0)
        hello = wire.HelloBody(
            protocol_min=1, protocol_max=1, role=role, version="bench", receipt=None, words=[]
        )
        body, headers = wire.encode(hello)
        told = wire.HelloAnswer.model_validate_json(self.ask("/v1/hello", body, headers))
        self._nonce, self.parent = told.nonce, told.node

    def close(self) -> None:
        if self._http is not None:
            self._http.close()

    def ask(self, path: str, body: bytes, headers: dict[str, str]) -> bytes:
        """The answer's plain body. Raises RuntimeError for a refusal."""
        with self._post(path, body, headers) as answer:
            plain = answer.read()
            if answer.status_code != 200:
                raise RuntimeError(f"{path}: {answer.status_code}")
            return plain

    def ask_json(self, path: str, body: dict[str, Any], *, lost: bool) -> dict[str, Any] | None:
        """None for a refusal of 409. Raises LostReply when `lost`: as soon as the answer begins, unread."""
        packed, headers = wire.pack(json.dumps(body, ensure_ascii=False).encode())
        with self._post(path, packed, headers) as answer:
            if lost:
                raise LostReply
            plain = answer.read()
            if answer.status_code == 409:
                return None
            if answer.status_code != 200:
                raise RuntimeError(f"{path}: {answer.status_code}")
            return dict(json.loads(plain))

    def _post(
        self, path: str, body: bytes, headers: dict[str, str]
    ) -> contextlib.AbstractContextManager[httpx2.Response]:
        if self._http is None:
            raise RuntimeError("not connected")
        named = {
            **headers, signing.NODE: self.node, signing.INC: self.inc, signing.NONCE: self._nonce,
            signing.REQUEST: new_id(),
        }  # fmt: skip
        signed = signing.sign_request(
            "POST", path, named, body, private=self.keys[0], keyid=self.node, created=int(time.time())
        )
        # a response that is closed unread takes its connection with it
        return self._http.stream("POST", path, content=body, headers=signed)
