"""Save the database of a release, as this program writes it: `python -m tests.data.make_release 0.1.0`.

Every release's own stays in `releases/` for good, and every later program must open it. Only one that nobody has
been given yet may be made again (`--again`). People, keys and words in it are invented.
"""

import argparse
import hashlib
import json
import secrets
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import Connection, func, inspect, select, table

from hall.assembly import event_types, projections
from hall.journal import migrate, schema
from hall.journal.facts import DossierErased
from hall.journal.sealing import KeyRing
from hall.journal.store import Store, Who
from hall.people.model import Role
from server_app.accounts import manage
from tests.hall.builders import HandClock, Letters, Machine, Rules, carry, machine, plain_calendar
from tests.hall.journal.world import HallKeys
from tests.hall_day.whole_day import live_through

RELEASES = Path(__file__).with_name("releases")
WHO = Who("node-1", "hall", "H1")


@dataclass(frozen=True, slots=True)
class Release:
    """What must still be true of the file. Keys are hex; `records` is the SHA-256 of all record bytes."""

    version: str
    revision: str
    db_key: str
    hall_private: str
    hall_public: str
    centre_public: str
    rows: dict[str, int]
    records: str

    @property
    def keys(self) -> KeyRing:
        return KeyRing(
            bytes.fromhex(self.hall_public),
            bytes.fromhex(self.centre_public),
            bytes.fromhex(self.hall_private),
        )

    @property
    def key(self) -> bytes:
        return bytes.fromhex(self.db_key)


def releases() -> list[str]:
    return sorted(path.stem for path in RELEASES.glob("*.json"))


def file_of(version: str) -> Path:
    return RELEASES / f"{version}.db"


def read_release(version: str) -> Release:
    return Release(**json.loads((RELEASES / f"{version}.json").read_text(encoding="utf-8")))


def row_counts(conn: Connection) -> dict[str, int]:
    names = sorted(inspect(conn).get_table_names())
    return {name: conn.scalar(select(func.count()).select_from(table(name))) or 0 for name in names}


def record_digest(conn: Connection) -> str:
    """All that was ever recorded, in one number."""
    digest = hashlib.sha256()
    for raw in conn.scalars(select(schema.record.c.raw).order_by(schema.record.c.pos)):
        digest.update(bytes(raw))
    return digest.hexdigest()


def live(store: Store, keys: HallKeys, clock: HandClock) -> None:
    """A whole day of the hall, one case of a counter, a destroyed key and an account."""
    letters = Letters()
    hall = Machine(store, store._engine, letters, Rules(letters, plain_calendar()), clock)
    live_through(hall)
    counter = machine("counter-1", keys=keys)
    try:
        gone = counter.received()
        counter.store.write(lambda ledger: ledger.append(gone, DossierErased("z1", "示例"), actor="z1"))
        carry(counter, hall)
    finally:
        counter.store.close()
    manage.create_tables(store)
    manage.add_account(
        store, login="example", name="示例员", password=secrets.token_hex(8),
        roles=frozenset({Role.REVIEWER}), desks=("示例局@node",),
    )  # fmt: skip


def make(version: str) -> Release:
    keys, clock, key = HallKeys(), HandClock(), secrets.token_bytes(32)
    with tempfile.TemporaryDirectory(prefix="yichuang-release-") as folder:
        path = Path(folder) / "journal.db"
        store = Store.sqlite(path, key, WHO, event_types(), projections(), keys.ring("hall"), clock.clock())
        try:
            live(store, keys, clock)
            with store.read() as conn:
                release = Release(
                    version, migrate.revision(conn) or "", key.hex(), keys.hall[0].hex(), keys.hall[1].hex(),
                    keys.centre[1].hex(), row_counts(conn), record_digest(conn),
                )  # fmt: skip
        finally:
            store.close()
        RELEASES.mkdir(exist_ok=True)
        file_of(version).write_bytes(path.read_bytes())
    words = json.dumps(asdict(release), ensure_ascii=False, indent=1) + "\n"
    (RELEASES / f"{version}.json").write_text(words, encoding="utf-8")
    return release


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("version")
    parser.add_argument("--again", action="store_true", help="this release has not been given to anybody yet")
    asked = parser.parse_args()
    if asked.version in releases() and not asked.again:
        parser.error(f"{asked.version} is saved already; a released database never changes")
    make(asked.version)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
