"""What the book asks of the journal's own tables: row by row, or for many records in a row read and written once.

The second is for a push: 500 records of some 80 dossiers and a few chains would ask the same rows 3,000 times.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy import bindparam as given

from hall.journal import rows, schema
from hall.journal.admission import Verdict
from hall.journal.envelope import GENESIS, Envelope
from hall.journal.kept_rows import KeptRows
from hall.journal.kernel import DossierRow, dossier_row, to_dossier
from hall.journal.prepared import Disk, Prepared, Row

Chain = tuple[str, str]
"""(origin, incarnation)"""
AT_ONCE = 512
_HELD = Verdict.HELD.value
_d, _k = schema.dossier.c, schema.dossier_key.c
_DOSSIERS_AMONG = Prepared(
    lambda: select(_d.id, _d.kind, _d.scope, _d.owner, _d.token, _d.n, _d.offered_to).where(
        _d.id.in_(given("dossiers", expanding=True))
    )
)
_KEYS_AMONG = Prepared(
    lambda: select(_k.dossier, _k.data_key).where(_k.dossier.in_(given("dossiers", expanding=True)))
)


def keys_among(conn: Connection, dossiers: Sequence[str]) -> dict[str, bytes | None]:
    """The dossiers whose wraps are known, with the key where this machine may read."""
    if isinstance(conn, Disk):
        # in memory nothing is gained by asking at once
        each = [row for dossier in dossiers if (row := rows.KEY.first(conn, dossier=dossier)) is not None]
    else:
        each = _among(_KEYS_AMONG, conn, dossiers)
    return {row[0]: None if row[1] is None else bytes(row[1]) for row in each}


def _among(statement: Prepared, conn: Connection, dossiers: Sequence[str]) -> list[Row]:
    starts = range(0, len(dossiers), AT_ONCE)
    return [
        row
        for start in starts
        for row in statement.all(conn, dossiers=list(dossiers[start : start + AT_ONCE]))
    ]


class Lookup:
    """Row by row; each write is in its table at once. One transaction, the writer thread."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self.tables = conn
        """What projectors write their rows by."""
        self._heads: dict[Chain, tuple[int, bytes]] = {}

    # -- chains

    def head(self, chain: Chain) -> tuple[int, bytes]:
        """(seq, hash) up to which this chain is stored without a gap; (0, GENESIS) for none."""
        known = self._heads.get(chain)
        if known is None:
            row = rows.HEAD.first(self._conn, origin=chain[0], inc=chain[1])
            known = self._heads[chain] = (0, GENESIS) if row is None else (row[0], bytes(row[1]))
        return known

    def set_head(self, chain: Chain, seq: int, h: bytes) -> None:
        self._heads[chain] = (seq, h)
        self._write_head(chain)

    def _write_head(self, chain: Chain) -> None:
        seq, h = self._heads[chain]
        if rows.SET_HEAD.run(self._conn, its_origin=chain[0], its_inc=chain[1], seq=seq, h=h) == 0:
            rows.ADD_HEAD.run(self._conn, origin=chain[0], inc=chain[1], seq=seq, h=h)

    def at(self, chain: Chain, seq: int) -> Row | None:
        """(hash, bytes, type) of what stands there."""
        return rows.AHEAD.first(self._conn, origin=chain[0], inc=chain[1], seq=seq)

    def named(self, record_id: str) -> bytes | None:
        found = rows.RECORD_NAMED.scalar(self._conn, id=record_id)
        return None if found is None else bytes(found)

    # -- dossiers

    def dossier(self, dossier: str) -> DossierRow | None:
        return dossier_row(self._conn, dossier)

    def set_dossier(self, row: DossierRow, *, new: bool) -> None:
        _write_dossier(self._conn, row, new=new)

    def held(self, dossier: str, n: int) -> list[Row]:
        """(position, bytes) of records up to `n` that wait for another."""
        return rows.HELD.all(self._conn, dossier=dossier, n=n)

    def key(self, dossier: str) -> bytes | None:
        row = rows.KEY.first(self._conn, dossier=dossier)
        return None if row is None or row[1] is None else bytes(row[1])

    # -- what is written in order

    def add_record(self, values: dict[str, Any]) -> None:
        rows.ADD_RECORD.run(self._conn, **values)

    def add_command(self, command_id: str, pos: int) -> None:
        rows.ADD_COMMAND.run(self._conn, command_id=command_id, position=pos)

    def forget_dossier(self, dossier: str) -> None:
        """Its rows are changed by others, or counted anew."""

    def flush(self) -> None:
        """From here on the tables are read by others."""


class BatchLookup(Lookup):
    """For records that are all known before the first is stored. `flush` before anything else reads the tables."""

    def __init__(self, conn: Connection, coming: Sequence[Envelope]) -> None:
        super().__init__(conn)
        self._kept = None if isinstance(conn, Disk) else KeptRows(conn)
        self.tables = self._kept or conn
        self._named: set[str] = set()
        self._holding: set[str] = set()
        ids, dossiers = [e.id for e in coming], list({e.dossier for e in coming})
        for start in range(0, len(ids), AT_ONCE):
            found = rows.NAMED_AMONG.all(conn, ids=ids[start : start + AT_ONCE])
            self._named.update(row[0] for row in found)
        for start in range(0, len(dossiers), AT_ONCE):
            found = rows.HOLDING_AMONG.all(conn, dossiers=dossiers[start : start + AT_ONCE])
            self._holding.update(row[0] for row in found)
        self._last: dict[Chain, int] = {}
        self._dossiers: dict[str, DossierRow | None] = {}
        self._keys = dict.fromkeys(dossiers) | keys_among(conn, dossiers)
        if not isinstance(conn, Disk):
            self._dossiers.update(dict.fromkeys(dossiers))
            self._dossiers.update(
                (row[0], to_dossier(row)) for row in _among(_DOSSIERS_AMONG, conn, dossiers)
            )
        self._unwritten: dict[str, bool] = {}
        """Dossiers whose row is not in the table yet; True: it has no row there."""
        self._moved_heads: dict[Chain, None] = {}
        self._records: list[dict[str, Any]] = []
        self._commands: list[dict[str, Any]] = []

    def set_head(self, chain: Chain, seq: int, h: bytes) -> None:
        self._heads[chain] = (seq, h)
        self._moved_heads[chain] = None

    def at(self, chain: Chain, seq: int) -> Row | None:
        if seq > self._last_of(chain):
            return None
        self._write_records()
        return super().at(chain, seq)

    def named(self, record_id: str) -> bytes | None:
        if record_id not in self._named:
            return None
        self._write_records()
        return super().named(record_id)

    def dossier(self, dossier: str) -> DossierRow | None:
        if dossier not in self._dossiers:
            self._dossiers[dossier] = super().dossier(dossier)
        return self._dossiers[dossier]

    def set_dossier(self, row: DossierRow, *, new: bool) -> None:
        self._dossiers[row.id] = row
        self._unwritten[row.id] = self._unwritten.get(row.id, False) or new
        if new and self._kept is not None:
            self._kept.opened(row.id)

    def held(self, dossier: str, n: int) -> list[Row]:
        if dossier not in self._holding:
            return []
        self._write_records()
        return super().held(dossier, n)

    def key(self, dossier: str) -> bytes | None:
        if dossier not in self._keys:
            self._keys[dossier] = super().key(dossier)
        return self._keys[dossier]

    def add_record(self, values: dict[str, Any]) -> None:
        self._records.append(values)
        chain = (values["origin"], values["inc"])
        self._last[chain] = max(values["seq"], self._last_of(chain))
        self._named.add(values["id"])
        if values["verdict"] == _HELD:
            self._holding.add(values["dossier"])

    def add_command(self, command_id: str, pos: int) -> None:
        self._commands.append({"command_id": command_id, "position": pos})

    def forget_dossier(self, dossier: str) -> None:
        self.flush()
        if self._kept is not None:
            self._kept.forget(dossier)
        self._dossiers.pop(dossier, None)
        self._keys.pop(dossier, None)
        self._holding.add(dossier)

    def flush(self) -> None:
        self._write_records()
        if self._kept is not None:
            self._kept.flush()
        self._write_dossiers()
        for chain in self._moved_heads:
            self._write_head(chain)
        self._moved_heads.clear()

    def _write_records(self) -> None:
        rows.ADD_RECORD.run_all(self._conn, self._records)
        rows.ADD_COMMAND.run_all(self._conn, self._commands)
        self._records, self._commands = [], []

    def _write_dossiers(self) -> None:
        every = [(row, new) for d, new in self._unwritten.items() if (row := self._dossiers[d]) is not None]
        rows.ADD_DOSSIER.run_all(self._conn, [_added(row) for row, new in every if new])
        rows.SET_DOSSIER.run_all(self._conn, [_changed(row) for row, new in every if not new])
        self._unwritten.clear()

    def _last_of(self, chain: Chain) -> int:
        known = self._last.get(chain)
        if known is None:
            known = self._last[chain] = rows.LAST_SEQ.scalar(self._conn, origin=chain[0], inc=chain[1]) or 0
        return known


def _write_dossier(conn: Connection, row: DossierRow, *, new: bool) -> None:
    if new:
        rows.ADD_DOSSIER.run(conn, **_added(row))
    else:
        rows.SET_DOSSIER.run(conn, **_changed(row))


def _added(row: DossierRow) -> dict[str, Any]:
    return {
        "id": row.id, "kind": row.kind, "scope": row.scope, "owner": row.owner, "token": row.token.text(),
        "n": row.n, "offered_to": row.offered_to,
    }  # fmt: skip


def _changed(row: DossierRow) -> dict[str, Any]:
    return {
        "its_id": row.id, "owner": row.owner, "token": row.token.text(), "n": row.n, "offered_to": row.offered_to
    }  # fmt: skip
