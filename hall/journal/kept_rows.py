"""Rows of projections that are kept for the length of a push and written in one go (hall.journal.table_rows).

A visit is some sixty changes of fifteen rows. A projector touches rows of its own dossier only, so rows are kept by
dossier: they are looked for once, and not at all where the dossier was opened in this very push.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Connection, PoolProxiedConnection, Table, delete, insert, select, update
from sqlalchemy import bindparam as given

from hall.journal.prepared import Prepared

Key = tuple[Any, ...]
Values = dict[str, Any]
_KEY = "its_"


class AlreadyThere(ValueError):
    """A second row under one key; the database would have refused it."""


class _Kept:
    """Rows of one dossier in one table, by primary key."""

    __slots__ = ("changed", "gone", "new", "rows", "whole")

    def __init__(self, whole: bool) -> None:
        self.rows: dict[Key, Values] = {}
        self.whole = whole
        """All that the table has are here."""
        self.new: set[Key] = set()
        self.changed: dict[Key, set[str]] = {}
        self.gone: list[Key] = []


class KeptRows(Connection):
    """In place of the connection for projectors. What they ask of it in any other way than by table_rows finds
    everything written, and ends the keeping.
    """

    def __init__(self, under: Connection) -> None:
        """No engine stands behind it but that of `under`."""
        self._under = under
        self._kept: dict[tuple[Table, str], _Kept] = {}
        self._fresh: set[str] = set()

    @property
    def connection(self) -> PoolProxiedConnection:
        return self._through().connection

    def execute(self, *args: Any, **named: Any) -> Any:
        return self._through().execute(*args, **named)

    def scalar(self, *args: Any, **named: Any) -> Any:
        return self._through().scalar(*args, **named)

    def scalars(self, *args: Any, **named: Any) -> Any:
        return self._through().scalars(*args, **named)

    def _through(self) -> Connection:
        self.flush()
        self._kept.clear()
        self._fresh.clear()
        return self._under

    # -- as table_rows has it

    def put(self, table: Table, values: Values) -> None:
        kept, key = self._of(table, values["dossier"]), tuple([values[name] for name in _keys(table)])
        if key in kept.rows:
            raise AlreadyThere(table.name)
        kept.rows[key] = values
        kept.new.add(key)

    def change(self, table: Table, where: Mapping[str, Any], values: Values) -> int:
        kept = self._of(table, where["dossier"])
        found = self._matching(table, kept, where)
        for key in found:
            kept.rows[key].update(values)
            if key not in kept.new:
                kept.changed.setdefault(key, set()).update(values)
        return len(found)

    def drop(self, table: Table, where: Mapping[str, Any]) -> None:
        kept = self._of(table, where["dossier"])
        for key in self._matching(table, kept, where):
            del kept.rows[key]
            kept.changed.pop(key, None)
            if key in kept.new:
                kept.new.remove(key)
            else:
                kept.gone.append(key)

    def find(self, table: Table, names: Iterable[str], where: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        kept = self._of(table, where["dossier"])
        found = [kept.rows[key] for key in self._matching(table, kept, where)]
        return [tuple([row.get(name) for name in names]) for row in found]

    # -- what is kept

    def opened(self, dossier: str) -> None:
        """No table has a row of it."""
        self._fresh.add(dossier)

    def forget(self, dossier: str) -> None:
        """Its rows are made anew by others. Call flush before."""
        self._fresh.discard(dossier)
        for place in [place for place in self._kept if place[1] == dossier]:
            del self._kept[place]

    def _of(self, table: Table, dossier: str) -> _Kept:
        kept = self._kept.get((table, dossier))
        if kept is None:
            kept = self._kept[table, dossier] = _Kept(dossier in self._fresh)
        return kept

    def _matching(self, table: Table, kept: _Kept, where: Mapping[str, Any]) -> list[Key]:
        keys = _keys(table)
        if where.keys() == _key_set(table):
            key = tuple([where[name] for name in keys])
            if key not in kept.rows and not kept.whole:
                self._look(table, kept, where["dossier"])
            return [key] if key in kept.rows else []
        if not kept.whole:
            self._look(table, kept, where["dossier"])
        rest = [(name, value) for name, value in where.items() if name != "dossier"]
        if not rest:
            return list(kept.rows)
        return [key for key, row in kept.rows.items() if all(row.get(name) == value for name, value in rest)]

    def _look(self, table: Table, kept: _Kept, dossier: str) -> None:
        names, keys = tuple(table.c.keys()), _keys(table)
        for found in _of_dossier(table).all(self._under, dossier=dossier):
            row = dict(zip(names, found, strict=True))
            key = tuple([row[name] for name in keys])
            if key not in kept.gone:
                kept.rows.setdefault(key, row)
        kept.whole = True

    def flush(self) -> None:
        """Each table is written at once: rows that go, rows that come, rows that changed."""
        by_table: dict[Table, list[_Kept]] = {}
        for (table, _), kept in self._kept.items():
            if kept.new or kept.changed or kept.gone:
                by_table.setdefault(table, []).append(kept)
        for table, all_kept in by_table.items():
            self._write(table, all_kept)
            for kept in all_kept:
                kept.new, kept.changed, kept.gone = set(), {}, []

    def _write(self, table: Table, all_kept: list[_Kept]) -> None:
        keys, blank = _keys(table), dict.fromkeys(table.c.keys())
        gone = [_named(keys, key) for kept in all_kept for key in kept.gone]
        _drop(table).run_all(self._under, gone)
        come = [blank | kept.rows[key] for kept in all_kept for key in kept.rows if key in kept.new]
        _put(table).run_all(self._under, come)
        alike: dict[tuple[str, ...], list[Values]] = {}
        for kept in all_kept:
            for key, changed in kept.changed.items():
                row, names = kept.rows[key], tuple(sorted(changed))
                values = {name: row[name] for name in names} | _named(keys, key)
                alike.setdefault(names, []).append(values)
        for names, every in alike.items():
            _change(table, names).run_all(self._under, every)


def _named(keys: tuple[str, ...], key: Key) -> Values:
    return {_KEY + name: value for name, value in zip(keys, key, strict=True)}


@cache
def _keys(table: Table) -> tuple[str, ...]:
    return tuple(table.primary_key.columns.keys())


@cache
def _key_set(table: Table) -> frozenset[str]:
    return frozenset(_keys(table))


def _this(table: Table) -> list[Any]:
    return [table.c[name] == given(_KEY + name) for name in _keys(table)]


@cache
def _put(table: Table) -> Prepared:
    return Prepared(lambda: insert(table).values({name: given(name) for name in table.c.keys()}))


@cache
def _drop(table: Table) -> Prepared:
    return Prepared(lambda: delete(table).where(*_this(table)))


@cache
def _change(table: Table, names: tuple[str, ...]) -> Prepared:
    return Prepared(lambda: update(table).where(*_this(table)).values({name: given(name) for name in names}))


@cache
def _of_dossier(table: Table) -> Prepared:
    return Prepared(lambda: select(*table.c).where(table.c.dossier == given("dossier")))
