"""A simulated disk that asks SQLite the same, and says where the answers differ."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, insert

from hall.journal import rows as journal
from hall.journal import schema
from hall.journal.prepared import Prepared, Row
from sync import rows as sync
from tests.hall.journal.world import make_tables, memory_engine
from yichuang.simulate.disk import Answer, SimDisk, Tables

NAMES = {
    id(value): f"{room.__name__}.{name}"
    for room in (journal, sync)
    for name, value in vars(room).items()
    if isinstance(value, Prepared)
}
IN_ANY_ORDER = (
    journal.NAMED_AMONG, journal.HOLDING_AMONG, sync.HEADS, sync.WRAPS, sync.MARKS, sync.RECEIPTS,
    sync.OFFERED_BELOW, sync.OPEN_ASKS,
)  # fmt: skip
"""Queries without an ORDER BY."""
UNTOUCHED = (journal.SET_IDENTITY,)
"""The simulated table has no row of its own."""


class TwinDisk(SimDisk):
    """`asked` counts the questions by their names."""

    asked: dict[str, int]

    def __init__(self, tables: Tables, answers: Mapping[Prepared, Answer], asked: dict[str, int]) -> None:
        super().__init__(tables, answers)
        self.asked = asked
        self._engine = memory_engine()
        make_tables(self._engine)
        self._conn: Connection | None = None

    def rows(self, statement: Prepared, values: Mapping[str, Any]) -> list[Row]:
        ours = super().rows(statement, values)
        theirs = statement.all(self._same(), **values)
        self._compare(statement, values, _plain(ours, statement), _plain(theirs, statement))
        return ours

    def change(self, statement: Prepared, values: Mapping[str, Any]) -> int:
        conn = self._same()
        ours = super().change(statement, values)
        if statement not in UNTOUCHED:
            self._compare(statement, values, ours, statement.run(conn, **values))
        return ours

    def back_to(self, mark: int) -> None:
        if self.mark() > mark:
            self._forget()
        super().back_to(mark)

    def _compare(self, statement: Prepared, values: Mapping[str, Any], ours: Any, theirs: Any) -> None:
        name = NAMES[id(statement)]
        self.asked[name] = self.asked.get(name, 0) + 1
        assert ours == theirs, (name, dict(values), ours, theirs)

    def _forget(self) -> None:
        if self._conn is not None:
            self._conn.close()
            self._engine.dispose()
        self._conn = None

    def _same(self) -> Connection:
        """SQLite with the rows of the simulated tables."""
        if self._conn is None:
            self._engine = memory_engine()
            make_tables(self._engine)
            self._conn = self._engine.connect()
            _fill(self._conn, self.tables)
        return self._conn


def _plain(found: list[Row], statement: Prepared) -> list[Row]:
    rows = [tuple(row) for row in found]
    return sorted(rows, key=repr) if statement in IN_ANY_ORDER else rows


def _fill(conn: Connection, t: Tables) -> None:
    def put(table: Any, names: str, values: Any) -> None:
        found = [dict(zip(names.split(), row, strict=True)) for row in values]
        if found:
            conn.execute(insert(table), found)

    put(schema.record, " ".join(c.name for c in schema.record.c), t.records.values())
    put(schema.chain_head, "origin inc seq h", ((*k, *v) for k, v in t.heads.items()))
    put(schema.dossier, "id kind scope owner token n offered_to", t.dossiers.values())
    put(schema.dossier_key, "dossier wrap_hall wrap_centre data_key", ((k, *v) for k, v in t.keys.items()))
    put(schema.blob_ref, "digest dossier", t.blobs.items())
    put(schema.blob_sent, "digest", ((k,) for k in t.sent))
    put(schema.command_log, "command_id position", t.commands)
    put(schema.late, "id dossier verdict why", ((k, *v) for k, v in t.late.items()))
    put(schema.quarantine, "no source code raw", ((k, *v) for k, v in t.quarantine.items()))
    put(schema.watermark, "origin inc held_parent held_root", ((*k, *v) for k, v in t.marks.items()))
    put(schema.feed_place, "scope handle pos", ((k, *v) for k, v in t.places.items()))
    put(schema.receipt, "origin inc seq signed", ((*k, v) for k, v in t.receipts.items()))
    put(schema.ask, "id dossier asker actor open", ((k, *v) for k, v in t.asks.items()))
