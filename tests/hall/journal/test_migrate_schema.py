"""The migrated tables are the tables that the program's metadata describes, on both databases."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect, text

from hall.assembly import projections
from hall.journal import migrate, schema
from hall.journal.engine import sqlite_engine
from hall.journal.migrate import HISTORY


def nothing(_: object) -> None:
    """No rows to make anew in an empty database."""


def described(engine: Engine) -> dict[str, Any]:
    """All that the database says about its tables; orders that mean nothing are taken out."""
    projections()  # all rooms are imported
    look = inspect(engine)
    tables: dict[str, Any] = {}
    for name in look.get_table_names():
        if name == "alembic_version":
            continue
        columns = [{**c, "type": str(c["type"])} for c in look.get_columns(name)]
        indexes = sorted(look.get_indexes(name), key=lambda i: str(i["name"]))
        uniques = sorted(look.get_unique_constraints(name), key=lambda u: sorted(u["column_names"]))
        tables[name] = {
            "columns": columns,
            "primary_key": look.get_pk_constraint(name),
            # a partial index brings its condition as an object
            "indexes": [
                {**i, "dialect_options": {k: str(v) for k, v in i.get("dialect_options", {}).items()}}
                for i in indexes
            ],
            "uniques": uniques,
            "foreign_keys": look.get_foreign_keys(name),
            "checks": look.get_check_constraints(name),
            "comment": look.get_table_comment(name) if engine.dialect.supports_comments else None,
        }
    return tables


@pytest.fixture
def migrated_file(tmp_path: Path) -> Iterator[Engine]:
    engine = migrate.open_file(tmp_path / "migrated.db", bytes(32), nothing)
    yield engine
    engine.dispose()


@pytest.fixture
def made_file(tmp_path: Path) -> Iterator[Engine]:
    projections()
    engine = sqlite_engine(tmp_path / "made.db", bytes(32))
    schema.metadata.create_all(engine)
    yield engine
    engine.dispose()


ADVICE = (
    "a table changed: add a revision (hall/journal/migrations) or, before 0.1.0 is given out, change 0001"
)


def test_a_migrated_file_has_the_tables_of_the_metadata(migrated_file: Engine, made_file: Engine) -> None:
    assert described(migrated_file) == described(made_file), ADVICE
    assert set(described(made_file)) == set(schema.metadata.tables)


def test_partial_index_is_partial_in_a_migrated_file(migrated_file: Engine) -> None:
    with migrated_file.connect() as conn:
        sql = conn.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'ix_record_held'"))
    assert "WHERE verdict = 'held'" in sql


@pytest.mark.xdist_group("postgresql")
def test_a_migrated_server_has_the_tables_of_the_metadata(pg_url: str) -> None:
    projections()
    engine = create_engine(pg_url)
    try:
        migrate.open_server(engine, 1, nothing)
        migrated = described(engine)
        schema.metadata.drop_all(engine)
        assert set(described(engine)) == set()
        schema.metadata.create_all(engine)
        assert migrated == described(engine), ADVICE
    finally:
        engine.dispose()


def test_history_is_one_line_up_to_the_programs_head() -> None:
    config = Config()
    config.set_main_option("script_location", str(HISTORY.folder))
    config.set_main_option("path_separator", "os")
    script = ScriptDirectory.from_config(config)
    revisions = list(script.walk_revisions())
    assert [r.revision for r in revisions] == [f"{n:04}" for n in range(len(revisions), 0, -1)]
    assert script.get_heads() == [HISTORY.head]
    assert [r.down_revision for r in revisions] == [*(r.revision for r in revisions[1:]), None]
