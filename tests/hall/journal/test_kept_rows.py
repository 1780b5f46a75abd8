"""Rows that are kept and written in one go end as rows that are written one by one."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Boolean, Column, Connection, Integer, MetaData, Table, Text, select

from hall.journal.kept_rows import AlreadyThere, KeptRows
from hall.journal.table_rows import change, drop, find, find_all, put
from tests.hall.journal.world import memory_engine

_tables = MetaData()
thing = Table(
    "thing", _tables,
    Column("dossier", Text, primary_key=True), Column("part", Integer, primary_key=True),
    Column("a", Integer), Column("b", Text), Column("yes", Boolean),
)  # fmt: skip
names, parts = st.sampled_from(("d1", "d2")), st.integers(1, 2)
values = st.fixed_dictionaries(
    {}, optional={"a": st.none() | st.integers(0, 2), "b": st.sampled_from("xy"), "yes": st.booleans()}
)
some = values.filter(bool)
where = st.fixed_dictionaries({"dossier": names}, optional={"part": parts, "a": st.none() | st.just(1)})
puts = st.tuples(st.just("put"), names, parts, values)
acts = st.one_of(
    puts,
    st.tuples(st.just("change"), where, some),
    st.tuples(st.sampled_from(("drop", "find")), where),
    st.tuples(st.sampled_from(("flush", "through", "forget"))),
)


def told(conn: Connection, act: Any) -> object:
    """What the caller hears. The kept rows' own acts are nothing on a plain connection."""
    match act:
        case ("put", dossier, part, its):
            if find(conn, thing.c.a, dossier=dossier, part=part) is None:
                put(conn, thing, dossier=dossier, part=part, **its)
        case ("change", its_where, its):
            return change(conn, thing, its_where, **its)
        case ("drop", its_where):
            drop(conn, thing, **its_where)
        case ("find", its_where):
            return sorted(map(repr, find_all(conn, thing.c.part, thing.c.a, thing.c.b, **its_where)))
        case ("through",):
            return conn.execute(select(thing.c.part).order_by(thing.c.part)).all()
        case ("flush",) if isinstance(conn, KeptRows):
            conn.flush()
        case ("forget",) if isinstance(conn, KeptRows):
            conn.flush()
            conn.forget("d1")
    return None


def after(history: list[Any], pushed: list[Any], *, kept: bool) -> object:
    engine = memory_engine()
    _tables.create_all(engine)
    with engine.connect() as conn:
        for act in history:
            told(conn, act)
        push = KeptRows(conn) if kept else conn
        if isinstance(push, KeptRows):
            for dossier in ("d1", "d2"):
                if find(conn, thing.c.part, dossier=dossier) is None:
                    push.opened(dossier)
        answers = [told(push, act) for act in pushed]
        if isinstance(push, KeptRows):
            push.flush()
        rows = conn.execute(select(thing).order_by(thing.c.dossier, thing.c.part)).all()
    engine.dispose()
    return answers, rows


@settings(max_examples=150, deadline=None)
@given(st.lists(puts, min_size=3, max_size=8), st.lists(acts, min_size=8, max_size=25))
def test_kept_rows_answer_and_end_as_the_tables_do(history: list[Any], pushed: list[Any]) -> None:
    assert after(history, pushed, kept=True) == after(history, pushed, kept=False)


def test_a_second_row_under_one_key_is_refused() -> None:
    engine = memory_engine()
    _tables.create_all(engine)
    with engine.connect() as conn:
        kept = KeptRows(conn)
        put(kept, thing, dossier="d1", part=1)
        with pytest.raises(AlreadyThere):
            put(kept, thing, dossier="d1", part=1)
    engine.dispose()
