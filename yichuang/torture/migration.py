"""Power cuts while a journal is brought to the tables of a next release, on a copy that is then swapped."""

import hashlib
import random
import shutil
import tempfile
from pathlib import Path

import sqlcipher3.dbapi2 as sqlcipher

from hall.assembly import event_types, projections
from hall.journal import engine, migrate
from hall.journal.migrate import HISTORY, History
from hall.journal.preparing import replaying
from hall.journal.refusal import StoreFault
from hall.journal.store import system_clock
from sync.join_file import JoinFile
from sync.machine_folder import JOURNAL
from yichuang.torture.disk import Disk
from yichuang.torture.power import NODE, Report, plan_cuts, record_day
from yichuang.torture.quiet import quiet
from yichuang.torture.recording import Act, recorded

_NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "{head}"
down_revision = "{before}"


def upgrade() -> None:
    with op.batch_alter_table("record", recreate="always") as record:
        record.add_column(sa.Column("torture", sa.Integer, nullable=False, server_default="7"))
"""


def next_history(folder: Path) -> History:
    """The program's history, and an invented revision that copies the table of records into a wider one."""
    revisions = folder / "migrations"
    shutil.copytree(HISTORY.folder, revisions, ignore=shutil.ignore_patterns("__pycache__"))
    head = f"{int(HISTORY.head) + 1:04d}"
    words = _NEXT.format(head=head, before=HISTORY.head)
    (revisions / "versions" / f"r{head}_next.py").write_text(words, encoding="utf-8")
    return History(revisions, head)


def cut_migration(cuts: int, seed: int) -> Report:
    """One migration, cut `cuts` times, and begun again by the next start. Raises NoVfs."""
    report = Report(seed)
    with tempfile.TemporaryDirectory(prefix="yichuang-migration-") as made, quiet():
        folder = Path(made).resolve()
        tape = record_day(folder, seed, 1)
        journal = (folder / "disk" / NODE / JOURNAL).read_bytes()
        history = next_history(folder)
        acts = _record(folder / "watched", journal, tape.join, history)
        expected = _state(folder / "watched" / JOURNAL, tape.join, history)
        report.acts, disk = len(acts), Disk()
        planned = plan_cuts(acts, cuts, seed)
        for at in range(len(acts) + 1):
            if at:
                acts[at - 1].step(disk)
            # before the folder holds the old journal there is nothing to migrate
            for cut in (c for c in planned if c.at == at and at >= 3):
                report.cuts += 1
                image = disk.after_cut(cut.loss, random.Random(cut.seed))
                fault = _start(folder / "lab", image, tape.join, history, expected)
                if fault:
                    report.corrupt += 1
                    report.fail(cut, acts[min(at, len(acts) - 1)].name, fault)
    return report


def _record(root: Path, journal: bytes, join: JoinFile, history: History) -> list[Act]:
    root.mkdir()
    path = root / JOURNAL
    with recorded(root) as recording:
        path.write_bytes(journal)
        recording.content(str(path))
        recording.note("sync", JOURNAL, lambda disk: disk.flush_path(JOURNAL))
        recording.note("folder", ".", lambda disk: disk.flush_path("."))
        _migrate(path, join, history)
    return recording.acts


def _migrate(path: Path, join: JoinFile, history: History) -> None:
    replay = replaying(join.who, event_types(), projections(), join.keys, system_clock())
    migrate.open_file(path, bytes.fromhex(join.db_key), replay, history).dispose()


def _state(path: Path, join: JoinFile, history: History) -> str:
    """The revision and every record."""
    conn = engine.keyed(path, bytes.fromhex(join.db_key))
    try:
        whole = hashlib.sha256()
        for row in conn.execute("SELECT * FROM record ORDER BY pos"):
            whole.update(repr(row).encode())
        said = conn.execute("PRAGMA integrity_check").fetchone()[0]
        return f"{conn.execute('SELECT version_num FROM alembic_version').fetchone()[0]} {said} {whole.hexdigest()}"
    finally:
        conn.close()


def _start(
    folder: Path, image: dict[str, bytes], join: JoinFile, history: History, expected: str
) -> str | None:
    """What is wrong after the next start."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, data in image.items():
        (folder / name).write_bytes(data)
    try:
        _migrate(folder / JOURNAL, join, history)
        found = _state(folder / JOURNAL, join, history)
    except (StoreFault, OSError, sqlcipher.Error) as exc:
        return f"does not start: {exc}"
    return None if found == expected else f"{found} instead of {expected}"
