"""The database of every release opens in this program, with all its records and the rows they make."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from sqlalchemy import text

from hall.assembly import event_types, projections
from hall.journal.store import Store
from hall.journal.verify import verify, verify_file
from tests.data import make_release
from tests.hall.journal.next_release import released

OPEN = """
import sys
from hall.assembly import event_types, projections
from hall.journal.store import Store
from pathlib import Path
from tests.data import make_release

release = make_release.read_release("0.1.0")
store = Store.sqlite(
    Path(sys.argv[1]), release.key, make_release.WHO, event_types(), projections(), release.keys
)
store.close()
print(sorted(name for name in sys.modules if name.split(".")[0] == "alembic"))
"""


def open_release(path: Path, release: make_release.Release) -> Store:
    return Store.sqlite(path, release.key, make_release.WHO, event_types(), projections(), release.keys)


@pytest.mark.parametrize("version", make_release.releases())
def test_database_of_a_release_opens_with_everything_in_it(version: str, tmp_path: Path) -> None:
    release, path = make_release.read_release(version), tmp_path / "journal.db"
    shutil.copyfile(make_release.file_of(version), path)
    store = open_release(path, release)
    try:
        assert verify(store) == [], "rows differ from what the records make"
        with store.read() as conn:
            assert make_release.record_digest(conn) == release.records
            now = make_release.row_counts(conn)
        kept = {"record", "dossier_key", "chain_head", "account", "machine"}
        assert {t: now[t] for t in kept} == {t: release.rows[t] for t in kept}
        assert store.identity.node_id == make_release.WHO.node_id
    finally:
        store.close()
    assert verify_file(path, release.key, event_types(), projections(), release.keys) == []


def test_verify_of_a_release_sees_a_row_that_no_record_made(tmp_path: Path) -> None:
    path, release = released(tmp_path)
    store = open_release(path, release)
    try:
        spoil = text("UPDATE ticket SET number = 'X' WHERE seq = 1")
        store.write(lambda ledger: ledger.conn.execute(spoil) and None)
        assert {f.place.split()[0] for f in verify(store)} == {"ticket"}
    finally:
        store.close()


def test_this_release_is_saved() -> None:
    """Before a release is given out its database is saved; from then on it never changes."""
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] in make_release.releases(), (
        "run python -m tests.data.make_release VERSION"
    )


def test_an_up_to_date_file_opens_without_alembic(tmp_path: Path) -> None:
    path, _ = released(tmp_path)
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", OPEN, str(path)], cwd=root, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(root)}, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "[]"
