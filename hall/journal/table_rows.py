"""Rows that projectors write, by column names: each shape of statement is built once (hall.journal.prepared).

Values go to the driver as they are: text, whole numbers, bytes, true and false, None.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Column, Connection, Table, delete, insert, select, update
from sqlalchemy import bindparam as given

from hall.journal.prepared import Prepared, Row

_KEY = "its_"
"""Before the name of a column that finds the row: it may be written by the same statement."""


def put(conn: Connection, table: Table, **values: Any) -> None:
    """Add a row. Columns that are not named stay empty."""
    _put(table, tuple(values)).run(conn, **values)


def change(conn: Connection, table: Table, where: Mapping[str, Any], **values: Any) -> int:
    """Write columns of the rows whose columns are as in `where`. Returns how many there are."""
    wanted = {_KEY + name: value for name, value in where.items()}
    return _change(table, tuple(where), tuple(values)).run(conn, **wanted, **values)


def drop(conn: Connection, table: Table, **where: Any) -> None:
    """Delete the rows whose columns are so."""
    _drop(table, tuple(where)).run(conn, **{_KEY + name: value for name, value in where.items()})


def find(conn: Connection, *columns: Column[Any], **where: Any) -> Row | None:
    """The columns of one row as the driver gives them: true and false come as 1 and 0 on SQLite."""
    found = _find(columns, tuple(where))
    return found.first(conn, **{_KEY + name: value for name, value in where.items()})


@cache
def _put(table: Table, names: tuple[str, ...]) -> Prepared:
    return Prepared(lambda: insert(table).values({name: given(name) for name in names}))


@cache
def _change(table: Table, keys: tuple[str, ...], names: tuple[str, ...]) -> Prepared:
    return Prepared(
        lambda: update(table).where(*_same(table, keys)).values({name: given(name) for name in names})
    )


@cache
def _drop(table: Table, keys: tuple[str, ...]) -> Prepared:
    return Prepared(lambda: delete(table).where(*_same(table, keys)))


@cache
def _find(columns: tuple[Column[Any], ...], keys: tuple[str, ...]) -> Prepared:
    return Prepared(lambda: select(*columns).where(*_same(columns[0].table, keys)))


def _same(table: Any, keys: tuple[str, ...]) -> list[Any]:
    return [table.c[key] == given(_KEY + key) for key in keys]
