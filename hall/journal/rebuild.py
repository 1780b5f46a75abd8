"""Rebuild every table that follows from the records, and compare two states of them.

The proof behind the screens: rows are never a truth of their own (design, section 4).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, delete, select, update

from hall.journal import envelope, schema
from hall.journal.book import PENDING, SHELVED, Book
from hall.journal.kernel import Kernel

CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Difference:
    """One row that two states do not share. Names columns, never their content."""

    table: str
    key: str
    what: str
    """"missing", "extra", or the names of the columns that differ."""


def rebuild(conn: Connection, kernel: Kernel) -> int:
    """Drop and replay all rebuilt tables inside the caller's transaction. Returns the number of records.

    On a live store: `store.write(lambda ledger: rebuild(ledger.conn, store.kernel))`.
    """
    for table in schema.REBUILT:
        conn.execute(delete(table))
    kernel.projections.forget_all(conn)
    conn.execute(update(schema.record).where(schema.record.c.type != SHELVED).values(verdict=PENDING))
    book = Book(conn, kernel, [])
    book.guarded = True
    count = 0
    for pos, raw in _records(conn):
        book.settle_stored(pos, envelope.parse(raw))
        count += 1
    return count


def rebuilt_tables(kernel: Kernel) -> tuple[Table, ...]:
    return (*schema.REBUILT, *kernel.projections.tables)


def compare(live: Connection, rebuilt: Connection, tables: Iterable[Table]) -> list[Difference]:
    """Differences of the tables, and of the verdicts, between two databases (or one, at two times)."""
    found: list[Difference] = []
    for table in tables:
        keys = [c.name for c in table.primary_key.columns]
        found += _differences(table.name, keys, rows(live, table), rows(rebuilt, table))
    verdicts = select(schema.record.c.pos, schema.record.c.verdict)
    found += _differences(
        "record",
        ["pos"],
        [dict(r) for r in live.execute(verdicts).mappings()],
        [dict(r) for r in rebuilt.execute(verdicts).mappings()],
    )
    return found


def rows(conn: Connection, table: Table) -> list[dict[str, Any]]:
    return [dict(r) for r in conn.execute(select(table)).mappings()]


def _differences(
    name: str, keys: list[str], live: list[dict[str, Any]], rebuilt: list[dict[str, Any]]
) -> Iterator[Difference]:
    def key(row: dict[str, Any]) -> str:
        return "/".join(str(row[k]) for k in keys)

    due = {key(row): row for row in rebuilt}
    for row in live:
        other = due.pop(key(row), None)
        if other is None:
            yield Difference(name, key(row), "extra")
        elif other != row:
            yield Difference(name, key(row), ",".join(k for k in row if row[k] != other.get(k)))
    for left in due:
        yield Difference(name, left, "missing")


def _records(conn: Connection) -> Iterator[tuple[int, bytes]]:
    t, place = schema.record.c, 0
    while True:
        page = conn.execute(
            select(t.pos, t.raw).where(t.pos > place, t.type != SHELVED).order_by(t.pos).limit(CHUNK)
        ).all()
        for pos, raw in page:
            yield pos, bytes(raw)
        if len(page) < CHUNK:
            return
        place = page[-1].pos
