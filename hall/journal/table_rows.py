"""Rows that projectors write, by column names: each shape of statement is built once (hall.journal.prepared).

Values go to the driver as they are: text, whole numbers, bytes, true and false, None. Rows are found by their dossier,
which every `where` names. During a push they are kept and written in one go (hall.journal.kept_rows).
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Column, Connection, Table, delete, insert, select, update
from sqlalchemy import bindparam as given

from hall.journal.kept_rows import KeptRows
from hall.journal.prepared import Prepared, Row

_KEY = "its_"
"""Before the name of a column that finds the row: it may be written by the same statement."""


def put(conn: Connection, table: Table, **values: Any) -> None:
    """Add a row. Columns that are not named stay empty."""
    if isinstance(conn, KeptRows):
        conn.put(table, values)
    else:
        _put(table, tuple(values)).run(conn, **values)


def change(conn: Connection, table: Table, where: Mapping[str, Any], **values: Any) -> int:
    """Write columns of the rows whose columns are as in `where`. Returns how many there are."""
    if isinstance(conn, KeptRows):
        return conn.change(table, where, values)
    names, wanted = _wanted(where)
    return _change(table, names, tuple(values)).run(conn, **wanted, **values)


def drop(conn: Connection, table: Table, **where: Any) -> None:
    """Delete the rows whose columns are so."""
    if isinstance(conn, KeptRows):
        conn.drop(table, where)
        return
    names, wanted = _wanted(where)
    _drop(table, names).run(conn, **wanted)


def find(conn: Connection, *columns: Column[Any], **where: Any) -> Row | None:
    """The columns of one row as the driver gives them: true and false come as 1 and 0 on SQLite."""
    return next(iter(find_all(conn, *columns, **where)), None)


def find_all(conn: Connection, *columns: Column[Any], **where: Any) -> list[Row]:
    """As `find`, of all such rows, in no order."""
    if isinstance(conn, KeptRows):
        return conn.find(columns[0].table, [column.name for column in columns], where)
    names, wanted = _wanted(where)
    return _find(columns, names).all(conn, **wanted)


Names = tuple[tuple[str, bool], ...]
"""Columns that find a row; True: one that must be empty."""


def _wanted(where: Mapping[str, Any]) -> tuple[Names, dict[str, Any]]:
    names = tuple([(name, value is None) for name, value in where.items()])
    return names, {_KEY + name: value for name, value in where.items() if value is not None}


@cache
def _put(table: Table, names: tuple[str, ...]) -> Prepared:
    return Prepared(lambda: insert(table).values({name: given(name) for name in names}))


@cache
def _change(table: Table, keys: Names, names: tuple[str, ...]) -> Prepared:
    return Prepared(
        lambda: update(table).where(*_same(table, keys)).values({name: given(name) for name in names})
    )


@cache
def _drop(table: Table, keys: Names) -> Prepared:
    return Prepared(lambda: delete(table).where(*_same(table, keys)))


@cache
def _find(columns: tuple[Column[Any], ...], keys: Names) -> Prepared:
    return Prepared(lambda: select(*columns).where(*_same(columns[0].table, keys)))


def _same(table: Any, keys: Names) -> list[Any]:
    return [table.c[key].is_(None) if empty else table.c[key] == given(_KEY + key) for key, empty in keys]
