"""POST /machine/bundle: one step of a bundle, carried out by the service that has the journal (decision 0023).

Step and answer are signed with a key that only who can read machine.json has.
"""

import hashlib
from collections.abc import Mapping
from typing import Literal

from fastapi import FastAPI, Request, Response
from itsdangerous import BadSignature, TimestampSigner
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.concurrency import run_in_threadpool

from hall.journal.refusal import Refusal, StoreFault
from hall.journal.store import Store
from server_app.accounts.signing_in import derived_secret
from sync import signing
from sync.access import ChildAccess
from sync.bundle_steps import At, Step, StepDone, carry_out
from sync.join_file import JoinFile
from sync.wire import BadBody

PATH = "/machine/bundle"
FRESH_S = 60


class _Body(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Asked(_Body):
    sender: str
    """Node id of the child whose bundle it is; empty for the parent's answer."""
    step: Step = Field(discriminator="do")


class Told(_Body):
    outcome: Literal["done", "refused", "fault"]
    text: str = ""
    done: StepDone | None = None


class StepSeal:
    """Signs what goes between command line and service of one machine."""

    def __init__(self, private: bytes) -> None:
        secret = derived_secret(private, "bundles")
        self._asked = TimestampSigner(secret, salt="step", digest_method=hashlib.sha256)
        self._told = TimestampSigner(secret, salt="answer", digest_method=hashlib.sha256)

    def ask(self, sender: str, step: Step) -> bytes:
        return self._asked.sign(Asked(sender=sender, step=step).model_dump_json().encode())

    def read(self, raw: bytes) -> Asked:
        """Raises BadSignature, ValidationError."""
        return Asked.model_validate_json(self._asked.unsign(raw, max_age=FRESH_S))

    def answer(self, told: Told) -> bytes:
        return self._told.sign(told.model_dump_json().encode())

    def read_answer(self, raw: bytes) -> Told:
        """Raises BadSignature, ValidationError."""
        return Told.model_validate_json(self._told.unsign(raw, max_age=FRESH_S))


def told_of(at: At, step: Step) -> Told:
    """Blocking. Never raises for what a bundle holds."""
    try:
        return Told(outcome="done", done=carry_out(at, step))
    except Refusal as exc:
        return Told(outcome="refused", text=exc.text)
    except StoreFault as exc:
        return Told(outcome="fault", text=exc.text)
    except (BadBody, signing.BadSignature):
        return Told(outcome="refused", text="这个文件里有一段不是对方签的，或不合协议，没有使用。")


def add_bundle_route(
    app: FastAPI, store: Store, join: JoinFile, children: Mapping[str, ChildAccess], seal: StepSeal
) -> None:
    """No page and no cookie: who cannot sign learns nothing here."""

    @app.post(PATH, include_in_schema=False)
    async def take(request: Request) -> Response:
        try:
            asked = seal.read(await request.body())
            sender = children[asked.sender] if asked.sender else None
        except (BadSignature, ValidationError, KeyError):
            return Response(status_code=404)
        told = await run_in_threadpool(told_of, At(store, join, sender), asked.step)
        return Response(seal.answer(told), media_type="text/plain")
