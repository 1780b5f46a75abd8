"""Statements that run thousands of times a second: built and compiled once, run on the driver's own cursor.

SQLAlchemy builds, keys and wraps a statement anew at every call, which costs some 0.1 ms; the driver needs 0.004 ms.
Values come back as the driver gives them: numbers and bytes as they are, a Boolean as 0 or 1 on SQLite.

A statement is also a question with a name. A disk that is no database (the simulator's) answers it by that name, so
that the same journal and the same protocol run on it.
"""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Dialect, Executable, Insert, Table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

Row = tuple[Any, ...]
T = TypeVar("T")


COPY_FROM = 8
"""Rows that are fewer are quicker added one by one."""


class Disk(Connection):
    """A connection without SQL, which answers each statement itself. Other queries than prepared ones fail on it.

    No ABC: every statement asks what its connection is, and an ABC answers that six times slower.
    """

    def __init__(self) -> None:
        """No engine stands behind it."""

    @abstractmethod
    def rows(self, statement: "Prepared", values: Mapping[str, Any]) -> list[Row]:
        """What a query finds, in its order."""

    @abstractmethod
    def change(self, statement: "Prepared", values: Mapping[str, Any]) -> int:
        """How many rows an insert, update or delete has touched."""


class _Compiled:
    """Text for one dialect and one length of each list."""

    __slots__ = ("copy", "fixed", "names", "positional", "text")

    def __init__(self, statement: Any, dialect: Dialect, lists: Mapping[str, Sequence[Any]]) -> None:
        compiled = statement.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)
        blank = {name: None for name, bound in compiled.binds.items() if bound.required} | dict(lists)
        state = compiled.construct_expanded_state(blank)
        self.text = state.statement
        self.positional = bool(compiled.positional)
        self.names: tuple[str, ...] = tuple(state.positiontup or state.parameters)
        self.fixed = {k: v for k, v in state.parameters.items() if k not in blank and v is not None}
        for name in lists:
            for part in state.parameter_expansion.get(name, ()):
                self.fixed.pop(part, None)
        self.copy = None if self.fixed else _copy_text(statement, dialect, self.names)
        """PostgreSQL's own way to add many rows; None where there is none."""

    def bind(self, values: dict[str, Any]) -> Any:
        if self.fixed:
            values = self.fixed | values
        return [values[name] for name in self.names] if self.positional else values


class Prepared:
    """One statement. `build` makes it with `bindparam`s, whose names are the keywords of the calls; a parameter
    that is a list is written `in_(bindparam(name, expanding=True))`, and may hold some values twice.

    Thread-safe: the same text may at worst be compiled twice.
    """

    def __init__(self, build: Callable[[], Executable]) -> None:
        self._build = build
        self._compiled: dict[tuple[Any, ...], _Compiled] = {}
        self._plain: dict[str, _Compiled] = {}
        """By dialect, of a statement without lists."""

    def all(self, conn: Connection, **values: Any) -> list[Row]:
        if isinstance(conn, Disk):
            return conn.rows(self, values)
        return self._run(conn, values, _rows)

    def first(self, conn: Connection, **values: Any) -> Row | None:
        if isinstance(conn, Disk):
            return next(iter(conn.rows(self, values)), None)
        return self._run(conn, values, _one)

    def scalar(self, conn: Connection, **values: Any) -> Any:
        row = self.first(conn, **values)
        return None if row is None else row[0]

    def some(self, conn: Connection, wanted: Callable[[Row], bool], **values: Any) -> tuple[list[Row], bool]:
        """Rows as long as `wanted` says yes, and whether one was left behind; the rest is not read."""

        def read(cursor: Iterable[Row]) -> tuple[list[Row], bool]:
            found: list[Row] = []
            for row in cursor:
                if not wanted(row):
                    return found, True
                found.append(row)
            return found, False

        return read(conn.rows(self, values)) if isinstance(conn, Disk) else self._run(conn, values, read)

    def run(self, conn: Connection, **values: Any) -> int:
        """Rows that it touched."""
        if isinstance(conn, Disk):
            return conn.change(self, values)
        return self._run(conn, values, _touched)

    def run_all(self, conn: Connection, every: Sequence[dict[str, Any]]) -> None:
        """Once for each of these values, in this order."""
        if isinstance(conn, Disk):
            for values in every:
                conn.change(self, values)
        elif every:
            compiled = self._for(conn.dialect, {})
            with _Cursor(conn, compiled.text) as cursor:
                if compiled.copy is not None and len(every) >= COPY_FROM:
                    with cursor.copy(compiled.copy) as copy:
                        for values in every:
                            copy.write_row([values[name] for name in compiled.names])
                else:
                    cursor.executemany(compiled.text, [compiled.bind(values) for values in every])

    def _run(self, conn: Connection, values: dict[str, Any], read: Callable[[Any], T]) -> T:
        compiled = self._plain.get(conn.dialect.name)
        if compiled is None:
            lists = {k: _padded(v) for k, v in values.items() if type(v) is list}
            compiled = self._for(conn.dialect, lists)
            if lists:
                values = {k: v for k, v in values.items() if k not in lists}
                for name, items in lists.items():
                    values.update((f"{name}_{n}", item) for n, item in enumerate(items, 1))
            else:
                self._plain[conn.dialect.name] = compiled
        with _Cursor(conn, compiled.text) as cursor:
            cursor.execute(compiled.text, compiled.bind(values))
            # SQLite looks for the rows only now: a damaged page is met here
            return read(cursor)

    def _for(self, dialect: Dialect, lists: Mapping[str, Sequence[Any]]) -> _Compiled:
        key = (dialect.name, *sorted((name, len(items)) for name, items in lists.items()))
        found = self._compiled.get(key)
        if found is None:
            found = self._compiled[key] = _Compiled(self._build(), dialect, lists)
        return found


class _Cursor:  # a generator costs as much as a small statement
    """The driver's cursor, closed afterwards; its errors as SQLAlchemy's."""

    __slots__ = ("_conn", "_cursor", "_text")

    def __init__(self, conn: Connection, text: str) -> None:
        self._conn, self._text = conn, text
        self._cursor = conn.connection.cursor()

    def __enter__(self) -> Any:
        return self._cursor

    def __exit__(self, kind: object, exc: BaseException | None, trace: object) -> None:
        self._cursor.close()
        if isinstance(exc, self._conn.dialect.loaded_dbapi.Error):
            raise _told(self._conn, self._text, exc) from exc


def _copy_text(statement: Any, dialect: Dialect, names: tuple[str, ...]) -> str | None:
    if dialect.name != "postgresql" or not isinstance(statement, Insert):
        return None
    table = statement.table
    if not isinstance(table, Table) or any(name not in table.c for name in names):
        return None
    quoted = dialect.identifier_preparer
    columns = ", ".join(quoted.format_column(table.c[name]) for name in names)
    return f"COPY {quoted.format_table(table)} ({columns}) FROM STDIN"


def _rows(cursor: Any) -> list[Row]:
    return list(cursor.fetchall())


def _one(cursor: Any) -> Row | None:
    row: Row | None = cursor.fetchone()
    return row


def _touched(cursor: Any) -> int:
    return int(cursor.rowcount)


def _padded(items: list[Any]) -> list[Any]:
    """To the next power of two by its last item again: each length is a statement of its own."""
    return items + items[-1:] * ((1 << (len(items) - 1).bit_length()) - len(items)) if items else items


def _told(conn: Connection, text: str, exc: Exception) -> BaseException:
    """As SQLAlchemy would raise it: the callers know its classes. The values stay out of it."""
    driver = conn.dialect.loaded_dbapi
    return DBAPIError.instance(text, None, exc, driver.Error, hide_parameters=True, dialect=conn.dialect)
