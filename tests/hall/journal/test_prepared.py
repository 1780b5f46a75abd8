"""Statements built once: the same rows and the same errors as SQLAlchemy gives, and the index they were made for."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, bindparam, create_engine, insert, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError, IntegrityError

from hall.journal import rows, schema
from hall.journal.engine import sqlite_engine
from hall.journal.prepared import COPY_FROM, Prepared
from sync import rows as sync_rows
from sync.claims import asks_for
from tests.hall.journal.world import memory_engine

_c = schema.chain_head.c
ADD = Prepared(lambda: insert(schema.chain_head))
RAISE = Prepared(
    lambda: update(schema.chain_head).where(_c.origin == bindparam("its_origin")).values(seq=bindparam("seq"))
)
AMONG = Prepared(
    lambda: (
        select(_c.origin, _c.seq)
        .where(_c.origin.in_(bindparam("mine", expanding=True)), _c.seq > 1)
        .order_by(_c.origin)
    )
)


@pytest.fixture
def conn() -> Iterator[Connection]:
    engine = memory_engine()
    schema.metadata.create_all(engine)
    with engine.connect() as conn:
        for n, origin in enumerate("abcd", 1):
            ADD.run(conn, origin=origin, inc="i", seq=n, h=b"h")
        yield conn
    engine.dispose()


def test_lists_of_any_length_in_any_order(conn: Connection) -> None:
    for mine, found in (
        (["b", "d"], ["b", "d"]),
        (["d"], ["d"]),
        ([], []),
        (["a", "x"], []),
        (["c", "b"], ["b", "c"]),
    ):
        assert [origin for origin, _ in AMONG.all(conn, mine=mine)] == found
    assert AMONG.scalar(conn, mine=["x"]) is None


@pytest.mark.parametrize("where", ["sqlite", "postgresql"])
def test_a_parent_answers_however_much_is_offered_below_it(
    where: str, conn: Connection, request: pytest.FixtureRequest
) -> None:
    engine = conn.engine if where == "sqlite" else create_engine(request.getfixturevalue("pg_url"))
    try:
        schema.metadata.create_all(engine)
        offered = [
            {
                "id": f"d{n}", "kind": "case", "scope": "case", "owner": "k", "token": "0.0.0.", "n": 1,
                "offered_to": "x@county",
            }
            for n in range(40_000)
        ]  # fmt: skip
        ask = {"id": "a", "dossier": "d7", "asker": "centre", "actor": "w1", "open": True}
        with engine.connect() as many:
            many.execute(insert(schema.dossier), offered)
            many.execute(insert(schema.ask), [ask, {**ask, "id": "b", "dossier": "elsewhere"}])
            items = asks_for(many, "centre", "county", ["k", "node"])
            many.rollback()
        assert [(item.id, item.dossier, item.actor) for item in items] == [("a", "d7", "w1")]
    finally:
        if where == "postgresql":
            engine.dispose()


def test_two_lists_in_one_statement_whatever_the_order_of_the_call(conn: Connection) -> None:
    both = Prepared(
        lambda: select(_c.origin).where(
            _c.origin.in_(bindparam("a", expanding=True)), _c.seq.in_(bindparam("b", expanding=True))
        )
    )
    assert both.all(conn, a=["a", "b"], b=[2]) == [("b",)]
    assert both.all(conn, b=[1, 2], a=["a"]) == [("a",)]


def test_few_texts_for_many_lengths(conn: Connection) -> None:
    many = Prepared(AMONG._build)
    for n in range(1, 300):
        assert len(many.all(conn, mine=[*"abcd", *map(str, range(n))])) == 3
    assert len(many._compiled) < 10


def test_the_rest_is_not_read(conn: Connection) -> None:
    assert AMONG.some(conn, lambda row: row[0] != "c", mine=list("abcd")) == ([("b", 2)], True)
    assert AMONG.some(conn, lambda row: True, mine=list("ab")) == ([("b", 2)], False)


def test_a_page_that_cannot_be_read_is_told_in_words_though_it_is_met_while_fetching(tmp_path: Path) -> None:
    """SQLite looks for a row when it is fetched."""
    path, key = tmp_path / "journal.db", bytes(32)
    engine = sqlite_engine(path, key)
    schema.metadata.create_all(engine)
    with engine.begin() as conn:
        for n in range(2000):
            ADD.run(conn, origin=f"o{n:04d}", inc="i" * 200, seq=n + 2, h=b"h" * 32)
    engine.dispose()
    raw = bytearray(path.read_bytes())
    raw[len(raw) * 2 // 3 :] = bytes(len(raw) - len(raw) * 2 // 3)
    path.write_bytes(bytes(raw))
    engine = sqlite_engine(path, key)
    everything = Prepared(lambda: select(_c.origin, _c.inc, _c.seq, _c.h))
    with engine.connect() as conn:
        assert everything.first(conn) is not None
        with pytest.raises(DBAPIError):
            everything.all(conn)
    engine.dispose()


def test_rows_touched(conn: Connection) -> None:
    assert RAISE.run(conn, its_origin="a", seq=9) == 1
    assert RAISE.run(conn, its_origin="x", seq=9) == 0
    assert AMONG.first(conn, mine=["a"]) == ("a", 9)


def test_a_broken_rule_is_told_in_the_class_that_the_store_knows_and_without_values(conn: Connection) -> None:
    with pytest.raises(IntegrityError) as told:
        ADD.run(conn, origin="a", inc="i", seq=5, h=b"secret")
    assert "secret" not in str(told.value)


def test_what_waits_is_found_by_its_own_index_however_long_the_dossier_is(conn: Connection) -> None:
    rows.HELD.all(conn, dossier="d", n=4)
    text = next(iter(rows.HELD._compiled.values())).text
    plan = str(conn.exec_driver_sql("EXPLAIN QUERY PLAN " + text, ("d", 4)).all())
    assert "ix_record_held" in plan
    assert "TEMP B-TREE" not in plan


@pytest.mark.parametrize("room", [rows, sync_rows])
def test_every_statement_is_one_for_postgresql_too(room: object) -> None:
    named = {name: value for name, value in vars(room).items() if isinstance(value, Prepared)}
    assert named
    for name, statement in named.items():
        text = str(statement._build().compile(dialect=postgresql.psycopg.dialect()))
        assert text, name


@pytest.mark.parametrize("where", ["sqlite", "postgresql"])
@pytest.mark.parametrize("count", [COPY_FROM - 1, COPY_FROM, 600])
def test_many_rows_are_added_as_they_are(
    where: str, count: int, conn: Connection, request: pytest.FixtureRequest
) -> None:
    """On PostgreSQL they are copied: text that means something to it there is text all the same."""
    engine = conn.engine if where == "sqlite" else create_engine(request.getfixturevalue("pg_url"))
    texts = ["a\tb", "\\N", "\\.", "", "多\n行", "'\"%s"]
    some = [
        {"id": f"d{n}\t", "dossier": "d", "asker": "x", "actor": texts[n % 6], "open": n % 2 == 0}
        for n in range(count)
    ]
    keys = [
        {
            "dossier": f"k{n}",
            "wrap_hall": bytes(range(256)),
            "wrap_centre": b"",
            "data_key": None if n else b"\\x41",
        }
        for n in range(count)
    ]
    add_ask, add_key = Prepared(lambda: insert(schema.ask)), Prepared(lambda: insert(schema.dossier_key))
    try:
        schema.metadata.create_all(engine)
        with engine.connect() as many:
            add_ask.run_all(many, some)
            add_key.run_all(many, keys)
            found = many.execute(select(schema.ask).order_by(schema.ask.c.id)).mappings().all()
            assert [dict(row) for row in found] == sorted(some, key=lambda row: str(row["id"]))
            found = many.execute(select(schema.dossier_key)).mappings().all()
            assert sorted(map(repr, map(dict, found))) == sorted(map(repr, keys))
            with pytest.raises(IntegrityError):
                add_ask.run_all(many, [*some, some[0]])
            many.rollback()
    finally:
        if where == "postgresql":
            engine.dispose()
