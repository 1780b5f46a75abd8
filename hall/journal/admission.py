"""The dossier rule as one pure decision: may this record be projected now?"""

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from hall.journal.envelope import Envelope
from hall.journal.facts import DossierMoved, DossierOpened, DossierSeized
from hall.journal.token import Token


class Verdict(Enum):
    """What became of a record that a machine stored."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    HELD = "held"
    """A record it follows has not arrived yet."""
    LATE = "late"
    """Written by a former owner; the present owner adopts or rejects it."""
    ADOPTED = "adopted"
    QUARANTINED = "quarantined"
    FORKED = "forked"
    """Another record stands under the same name: both kept, alarm."""


class Held(Protocol):
    """Who holds a dossier, as this machine knows it."""

    @property
    def owner(self) -> str: ...

    @property
    def token(self) -> Token: ...

    @property
    def n(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Holding:
    """A Held of its own."""

    owner: str
    token: Token
    n: int


def opens(env: Envelope) -> bool:
    """Whether it may be the first record of a dossier."""
    return env.type_name == DossierOpened.TYPE and env.n == 1 and env.token == Token()


def judge(env: Envelope, held: Held | None) -> Verdict:
    """Only the owner appends, by its token, gaplessly; a seizure outranks; older tokens are late."""
    if held is None:
        return Verdict.ACCEPTED if opens(env) else Verdict.HELD
    if env.token != held.token:
        if env.token < held.token:
            return Verdict.LATE
        if env.token > held.token:
            follows = env.type_name == DossierSeized.TYPE and env.n <= held.n + 1
            return Verdict.ACCEPTED if follows else Verdict.HELD
        # same rank by another seizer
        return Verdict.QUARANTINED
    if env.origin != held.owner:
        # by a machine that owns nothing here
        return Verdict.QUARANTINED
    if env.n <= held.n:
        return Verdict.QUARANTINED
    return Verdict.ACCEPTED if env.n == held.n + 1 else Verdict.HELD


def after(env: Envelope, event: object, held: Held | None) -> Holding:
    """Who holds the dossier once an accepted record counts."""
    if held is None:
        return Holding(env.origin, env.token, env.n)
    if isinstance(event, DossierMoved):
        return Holding(event.to, env.token.moved(), env.n)
    if isinstance(event, DossierSeized):
        return Holding(env.origin, env.token, env.n)
    return Holding(held.owner, held.token, env.n)
