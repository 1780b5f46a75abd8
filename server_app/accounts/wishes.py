"""What the hall's IT wants done with accounts, carried out where the journal is open: by the command line itself, or
by the service of that folder while it runs (decision 0023).

A password never travels: the command line hashes it.
"""

from enum import StrEnum
from typing import Annotated, Literal

from fastapi import FastAPI
from pydantic import Field

from hall.journal.refusal import Refusal, StoreFault
from hall.journal.store import Store
from hall.people.model import Role
from server_app.accounts import manage
from server_app.signed_orders import Body, Seal, add_signed_route

PATH = "/machine/accounts"


class NewAccount(Body):
    do: Literal["add"] = "add"
    login: str
    name: str
    password_hash: str
    roles: tuple[Role, ...]
    desks: tuple[str, ...]
    person: str | None


class NewPassword(Body):
    do: Literal["password"] = "password"
    login: str
    password_hash: str


class Activity(Body):
    do: Literal["activity"] = "activity"
    login: str
    active: bool


class Listing(Body):
    do: Literal["list"] = "list"


Wish = NewAccount | NewPassword | Activity | Listing


class Row(Body):
    login: str
    name: str
    roles: tuple[Role, ...]
    desks: tuple[str, ...]
    active: bool


class Outcome(StrEnum):
    DONE = "done"
    REFUSED = "refused"
    FAULT = "fault"


class Told(Body):
    """`text` says why it was refused, or what is wrong with the journal; `rows` are all accounts afterwards."""

    outcome: Outcome
    text: str = ""
    rows: tuple[Row, ...] = ()


def seal_of(private: bytes) -> Seal[Wish, Told]:
    return Seal(private, "accounts", Annotated[Wish, Field(discriminator="do")], Told)


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


def add_wish_route(app: FastAPI, store: Store, private: bytes) -> None:
    def told(wish: Wish) -> Told:
        try:
            return Told(outcome=Outcome.DONE, rows=carry_out(store, wish))
        except Refusal as exc:
            return Told(outcome=Outcome.REFUSED, text=exc.text)
        except StoreFault as exc:
            return Told(outcome=Outcome.FAULT, text=exc.text)

    add_signed_route(app, PATH, seal_of(private), told)
