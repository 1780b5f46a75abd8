"""A program one release further: its history has another revision. And a database of 0.1.0 to migrate."""

import shutil
from pathlib import Path

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from hall.assembly import event_types, projections
from hall.journal import migrate
from hall.journal.engine import keyed
from hall.journal.migrate import HISTORY, History
from hall.journal.preparing import replaying
from hall.journal.store import system_clock
from tests.data import make_release
from tests.data.make_release import Release

NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
REMADE = {remade!r}


def upgrade() -> None:
    with op.batch_alter_table("record", recreate="always") as record:
        record.add_column(sa.Column("weight", sa.Integer, nullable=False, server_default="7"))
    for sentence in {sentences!r}:
        op.execute(sentence)
"""


def next_history(folder: Path, *sentences: str, remade: tuple[str, ...] = ()) -> History:
    """0002 copies the table of records into a wider one (as SQLite needs), then runs the sentences."""
    revisions = folder / "migrations"
    shutil.copytree(HISTORY.folder, revisions, ignore=shutil.ignore_patterns("__pycache__"))
    words = NEXT.format(remade=remade, sentences=sentences)
    (revisions / "versions" / "r0002_next.py").write_text(words, encoding="utf-8")
    return History(revisions, "0002")


def released(folder: Path) -> tuple[Path, Release]:
    """A copy of the database of 0.1.0 as a hall has it."""
    path = folder / "journal.db"
    shutil.copyfile(make_release.file_of("0.1.0"), path)
    return path, make_release.read_release("0.1.0")


def replay(release: Release) -> migrate.Replay:
    """The program's own."""
    return replaying(make_release.WHO, event_types(), projections(), release.keys, system_clock())


def migrate_to(path: Path, release: Release, history: History) -> None:
    migrate.open_file(path, release.key, replay(release), history).dispose()


def state(path: Path, key: bytes) -> tuple[str | None, dict[str, int], str]:
    """(revision, rows by table, digest of the records) of a closed file."""
    engine = create_engine(
        "sqlite://", creator=lambda: keyed(path, key), module=sqlcipher, poolclass=NullPool
    )
    with engine.connect() as conn:
        return migrate.revision(conn), make_release.row_counts(conn), make_release.record_digest(conn)
