"""What the hall's IT orders at a node of a pair by the command line, carried out by the service that runs there.

Order and answer are signed with a key that only who can read machine.json has, as those about accounts are
(decision 0023).
"""

import hashlib
from typing import Literal

from fastapi import FastAPI, Request, Response
from itsdangerous import BadSignature, TimestampSigner
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.concurrency import run_in_threadpool

from hall.journal.refusal import Refusal, StoreFault
from server_app.accounts.signing_in import derived_secret
from server_app.standby.station import Station
from server_app.standby.taking_over import Order
from sync.access import ChildAccess
from sync.wire import Mode

PATH = "/machine/standby"
FRESH_S = 30


class _Body(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Asked(_Body):
    """ "tell" only asks. The others need `by` and `reason`."""

    do: Literal["tell", "take_over", "serve_unheard", "tail_lost"]
    by: str = ""
    reason: str = ""


class Told(_Body):
    """`refused`: why it was not done; the rest is how things stand afterwards."""

    refused: str = ""
    mode: Mode
    epoch: int
    serves: str
    copy_ms: int | None
    heard: int
    expected: int


class Seal:
    """Signs what goes between command line and service of one machine."""

    def __init__(self, private: bytes) -> None:
        secret = derived_secret(private, "standby")
        self._asked = TimestampSigner(secret, salt="order", digest_method=hashlib.sha256)
        self._told = TimestampSigner(secret, salt="answer", digest_method=hashlib.sha256)

    def asked(self, asked: Asked) -> bytes:
        return self._asked.sign(asked.model_dump_json().encode())

    def read_asked(self, raw: bytes) -> Asked:
        """Raises BadSignature, ValidationError."""
        return Asked.model_validate_json(self._asked.unsign(raw, max_age=FRESH_S))

    def told(self, told: Told) -> bytes:
        return self._told.sign(told.model_dump_json().encode())

    def read_told(self, raw: bytes) -> Told:
        """Raises BadSignature, ValidationError."""
        return Told.model_validate_json(self._told.unsign(raw, max_age=FRESH_S))


def add_order_route(app: FastAPI, station: Station, me: ChildAccess, seal: Seal) -> None:
    """`me`: this machine, as it would ask itself."""

    def told(asked: Asked) -> Told:
        refused = ""
        try:
            match asked.do:
                case "take_over":
                    station.order(Order(asked.by, asked.reason))
                case "serve_unheard":
                    station.serve_unheard(Order(asked.by, asked.reason))
                case "tail_lost":
                    station.tail_lost(Order(asked.by, asked.reason))
                case "tell":
                    pass
        except (Refusal, StoreFault) as exc:
            refused = exc.text
        now = station.standing(me)
        return Told(
            refused=refused, mode=now.mode, epoch=now.epoch, serves=now.serves, copy_ms=now.copy_ms, heard=now.heard,
            expected=now.expected,
        )  # fmt: skip

    @app.post(PATH, include_in_schema=False)
    async def take(request: Request) -> Response:
        try:
            asked = seal.read_asked(await request.body())
        except (BadSignature, ValidationError):
            return Response(status_code=404)
        return Response(seal.told(await run_in_threadpool(told, asked)), media_type="text/plain")
