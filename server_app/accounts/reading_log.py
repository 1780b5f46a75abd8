"""Who read a citizen's full data, when and why (domain.md 12): facts in a dossier of this machine.

The chain makes the log tamper-evident; it names cases and officers, never the data that was read.
"""

from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import Connection, select

from hall.journal import envelope, schema
from hall.journal.ledger import Ledger, dossier_row
from hall.journal.store import Store

SCOPE = "audit"


@dataclass(frozen=True, slots=True)
class DataRead:
    """Shown on a page of this machine. Written before it is shown."""

    TYPE: ClassVar[str] = "data.read/1"
    case: str
    what: str
    """"person", "scan:<page>" or "paper:<record>"."""
    why: str
    officer: str


@dataclass(frozen=True, slots=True)
class ReadingRow:
    case: str
    what: str
    why: str
    officer: str
    at_ms: int


def log_id(node_id: str) -> str:
    return f"reading-{node_id}"


def note_reading(store: Store, *, case: str, what: str, why: str, officer: str) -> None:
    """Returns when it is on the disk. Raises StoreFault: then nothing may be shown."""

    def work(ledger: Ledger) -> None:
        home = log_id(ledger.identity.node_id)
        if dossier_row(ledger.conn, home) is None:
            ledger.open(home, "reading_log", scope=SCOPE, actor=officer)
        ledger.append(home, DataRead(case, what, why, officer), actor=officer)

    store.write(work)


def readings(conn: Connection, node_id: str, case: str | None = None) -> tuple[ReadingRow, ...]:
    """Oldest first."""
    t = schema.record.c
    query = select(t.raw).where(t.dossier == log_id(node_id), t.type == DataRead.TYPE).order_by(t.n)
    found = []
    for raw in conn.execute(query).scalars():
        env = envelope.parse(bytes(raw))
        d = env.data
        row = ReadingRow(str(d["case"]), str(d["what"]), str(d["why"]), str(d["officer"]), env.wall_ms)
        if case is None or row.case == case:
            found.append(row)
    return tuple(found)
