"""What a ledger works with: who this machine is, its clock, the event types, projections and keys."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection

from hall.journal import rows
from hall.journal.codec import EventTypes
from hall.journal.ids import new_id
from hall.journal.prepared import Row
from hall.journal.projection import Projections
from hall.journal.sealing import KeyRing
from hall.journal.token import Token


@dataclass(frozen=True, slots=True)
class Identity:
    """The machine that writes."""

    node_id: str
    inc: str
    role: str
    """"terminal", "hall" or "county"."""
    hall: str
    settled: bool = True
    """False after a restore until the parent has given back what this machine had written before."""
    suspect: bool = False
    """Another machine wrote under the same name (a clone): only a person may settle it."""


@dataclass(frozen=True, slots=True)
class Clock:
    """Time as the journal needs it; tests bring their own."""

    now: Callable[[], datetime]
    """UTC."""
    mono_ms: Callable[[], int]
    boot: str


@dataclass(frozen=True, slots=True)
class Kernel:
    """What a ledger needs besides the connection."""

    identity: Identity
    clock: Clock
    types: EventTypes
    projections: Projections
    keys: KeyRing
    new_id: Callable[[], str] = new_id
    """Names of records; the simulator's own can be made again."""
    peer: str = ""
    """The other node of the hall, whose commands are as this one's: who asked it asks this one again."""


@dataclass(frozen=True, slots=True)
class DossierRow:
    """One dossier as this machine knows it."""

    id: str
    kind: str
    scope: str
    owner: str
    token: Token
    n: int
    offered_to: str | None


def dossier_row(conn: Connection, dossier: str) -> DossierRow | None:
    row = rows.DOSSIER.first(conn, id=dossier)
    if row is None:
        return None
    return to_dossier(row)


def to_dossier(row: Row) -> DossierRow:
    """From the columns that rows.DOSSIER asks for."""
    key, kind, scope, owner, token, n, offered_to = row
    return DossierRow(key, kind, scope, owner, Token.from_text(token), n, offered_to)


def utc_now() -> datetime:
    return datetime.now(UTC)
