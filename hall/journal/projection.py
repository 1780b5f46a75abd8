"""How accepted events become rows that screens read.

Every projection table has a `dossier` column and a projector touches rows of its own dossier only, so one
dossier can be forgotten and replayed (seizure), and all tables can be dropped and rebuilt (proof).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, delete

from hall.journal.envelope import Envelope
from hall.journal.marking import Event


@dataclass(frozen=True, slots=True)
class Recorded:
    """A stored record and, where the program knows its type, its event."""

    pos: int
    env: Envelope
    event: Event | None


Projector = Callable[[Connection, Envelope, Any], None]
"""Called inside the writing transaction with the connection, the envelope and the event."""


class Projections:
    """Which function projects which event class, and into which tables."""

    def __init__(self, tables: Iterable[Table], by_event: Iterable[tuple[type[Event], Projector]]) -> None:
        self.tables = tuple(tables)
        for table in self.tables:
            if "dossier" not in table.c:
                raise ValueError(f"projection table {table.name} has no dossier column")
        self._by_type: dict[str, Projector] = {}
        for cls, projector in by_event:
            if cls.TYPE in self._by_type:
                raise ValueError(f"{cls.TYPE} is projected twice")
            self._by_type[cls.TYPE] = projector

    def apply(self, conn: Connection, env: Envelope, event: Event) -> None:
        projector = self._by_type.get(event.TYPE)
        if projector is not None:
            projector(conn, env, event)

    def forget(self, conn: Connection, dossier: str) -> None:
        for table in self.tables:
            conn.execute(delete(table).where(table.c.dossier == dossier))

    def forget_all(self, conn: Connection) -> None:
        for table in self.tables:
            conn.execute(delete(table))
