"""What the command line of a machine orders at the service that runs there: POST, signed both ways.

The key is one that only who can read machine.json has (decision 0023).
"""

import hashlib
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from fastapi import FastAPI, Request, Response
from itsdangerous import BadSignature, TimestampSigner
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from starlette.concurrency import run_in_threadpool

from server_app.accounts.signing_in import derived_secret

FRESH_S = 30
"""An order that is older was not just typed on this machine."""
A = TypeVar("A")
T = TypeVar("T", bound=BaseModel)


class Body(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Seal(Generic[A, T]):
    """Signs orders of one kind, and the answers to them."""

    def __init__(self, private: bytes, what: str, asked: Any, told: type[T], fresh_s: int = FRESH_S) -> None:
        """`asked`: the type A, which may be a union."""
        secret = derived_secret(private, what)
        self._orders = TimestampSigner(secret, salt="order", digest_method=hashlib.sha256)
        self._answers = TimestampSigner(secret, salt="answer", digest_method=hashlib.sha256)
        self._asked: TypeAdapter[A] = TypeAdapter(asked)
        self._told, self._fresh_s = told, fresh_s

    def asked(self, asked: A) -> bytes:
        return self._orders.sign(self._asked.dump_json(asked))

    def read_asked(self, raw: bytes) -> A:
        """Raises BadSignature, ValidationError."""
        return self._asked.validate_json(self._orders.unsign(raw, max_age=self._fresh_s))

    def told(self, told: T) -> bytes:
        return self._answers.sign(told.model_dump_json().encode())

    def read_told(self, raw: bytes) -> T:
        """Raises BadSignature, ValidationError."""
        return self._told.model_validate_json(self._answers.unsign(raw, max_age=self._fresh_s))


def add_signed_route(app: FastAPI, path: str, seal: Seal[A, T], carry_out: Callable[[A], T | None]) -> None:
    """No page and no cookie: who cannot sign learns nothing here. `carry_out` may block; None: it is about nobody
    that this machine knows."""

    @app.post(path, include_in_schema=False)
    async def take(request: Request) -> Response:
        try:
            asked = seal.read_asked(await request.body())
        except (BadSignature, ValidationError):
            return Response(status_code=404)
        told = await run_in_threadpool(carry_out, asked)
        if told is None:
            return Response(status_code=404)
        return Response(seal.told(told), media_type="text/plain")
