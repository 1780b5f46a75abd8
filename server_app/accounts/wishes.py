"""What the hall's IT wants done with accounts, carried out where the journal is open: by the command line itself, or
by the service of that folder while it runs (decision 0023).

Over the line a wish and its answer are signed with a key that only who can read machine.json has. A password never
travels: the command line hashes it.
"""

import hashlib
from enum import StrEnum
from typing import Annotated, Literal, TypeVar

from fastapi import FastAPI, Request, Response
from itsdangerous import BadSignature, TimestampSigner
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from starlette.concurrency import run_in_threadpool

from hall.journal.refusal import Refusal, StoreFault
from hall.journal.store import Store
from hall.people.model import Role
from server_app.accounts import manage
from server_app.accounts.signing_in import derived_secret

PATH = "/machine/accounts"
FRESH_S = 30
"""A wish that is older was not just typed on this machine."""
B = TypeVar("B", bound=BaseModel)


class _Body(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class NewAccount(_Body):
    do: Literal["add"] = "add"
    login: str
    name: str
    password_hash: str
    roles: tuple[Role, ...]
    desks: tuple[str, ...]
    person: str | None


class NewPassword(_Body):
    do: Literal["password"] = "password"
    login: str
    password_hash: str


class Activity(_Body):
    do: Literal["activity"] = "activity"
    login: str
    active: bool


class Listing(_Body):
    do: Literal["list"] = "list"


Wish = NewAccount | NewPassword | Activity | Listing
_WISH: TypeAdapter[Wish] = TypeAdapter(Annotated[Wish, Field(discriminator="do")])


class Row(_Body):
    login: str
    name: str
    roles: tuple[Role, ...]
    desks: tuple[str, ...]
    active: bool


class Outcome(StrEnum):
    DONE = "done"
    REFUSED = "refused"
    FAULT = "fault"


class Told(_Body):
    """`text` says why it was refused, or what is wrong with the journal; `rows` are all accounts afterwards."""

    outcome: Outcome
    text: str = ""
    rows: tuple[Row, ...] = ()


class Seal:
    """Signs what goes between command line and service of one machine."""

    def __init__(self, private: bytes) -> None:
        secret = derived_secret(private, "accounts")
        self._wishes = TimestampSigner(secret, salt="wish", digest_method=hashlib.sha256)
        self._answers = TimestampSigner(secret, salt="answer", digest_method=hashlib.sha256)

    def wish(self, wish: Wish) -> bytes:
        return self._wishes.sign(_WISH.dump_json(wish))

    def read_wish(self, raw: bytes) -> Wish:
        """Raises BadSignature, ValidationError."""
        return _WISH.validate_json(self._wishes.unsign(raw, max_age=FRESH_S))

    def answer(self, told: Told) -> bytes:
        return self._answers.sign(told.model_dump_json().encode())

    def read_answer(self, raw: bytes) -> Told:
        """Raises BadSignature, ValidationError."""
        return Told.model_validate_json(self._answers.unsign(raw, max_age=FRESH_S))


def carry_out(store: Store, wish: Wish) -> tuple[Row, ...]:
    """All accounts afterwards. Blocking. Raises Refusal, StoreFault."""
    match wish:
        case NewAccount():
            manage.add_hashed(
                store, login=wish.login, name=wish.name, password_hash=wish.password_hash,
                roles=frozenset(wish.roles), desks=wish.desks, person=wish.person,
            )  # fmt: skip
        case NewPassword():
            manage.set_hash(store, wish.login, wish.password_hash)
        case Activity():
            manage.set_active(store, wish.login, wish.active)
        case Listing():
            pass
    with store.read() as conn:
        found = manage.accounts(conn)
    return tuple(
        Row(
            login=row.officer.login, name=row.officer.name, roles=tuple(sorted(row.officer.roles)),
            desks=row.officer.desks, active=row.active,
        )
        for row in found
    )  # fmt: skip


def add_wish_route(app: FastAPI, store: Store, seal: Seal) -> None:
    """No page and no cookie: who cannot sign learns nothing here."""

    def told(wish: Wish) -> Told:
        try:
            return Told(outcome=Outcome.DONE, rows=carry_out(store, wish))
        except Refusal as exc:
            return Told(outcome=Outcome.REFUSED, text=exc.text)
        except StoreFault as exc:
            return Told(outcome=Outcome.FAULT, text=exc.text)

    @app.post(PATH, include_in_schema=False)
    async def take(request: Request) -> Response:
        try:
            wish = seal.read_wish(await request.body())
        except (BadSignature, ValidationError):
            return Response(status_code=404)
        return Response(seal.answer(await run_in_threadpool(told, wish)), media_type="text/plain")
