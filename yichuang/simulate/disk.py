"""The simulated disk: the journal's tables as dictionaries, with an undo log instead of a transaction.

Values are immutable, so a backup is a copy of the dictionaries. What is written lies in a cache until it is synced;
a power cut takes the cache away.
"""

from collections.abc import Callable, Hashable, Mapping
from typing import Any, NamedTuple

from hall.journal.prepared import Disk, Prepared, Row

_NONE: Any = object()
Table = dict[Any, Any]


class Rec(NamedTuple):
    """A row of the table `record`."""

    pos: int
    origin: str
    inc: str
    seq: int
    id: str
    dossier: str
    n: int
    token: str
    type: str
    scope: str
    wall_ms: int
    h: bytes
    raw: bytes
    verdict: str


class Broken(Exception):
    """A rule of a table was broken, as IntegrityError would tell."""


class Tables:
    """What a database file holds."""

    NAMES = (
        "records", "ids", "chains", "last_seq", "of_dossier", "held", "heads", "dossiers", "keys", "blobs", "sent",
        "commands", "late", "closed", "tail_words", "quarantine", "machine", "marks", "places", "receipts", "asks",
        "notes",
    )  # fmt: skip

    def __init__(self) -> None:
        self.records: dict[int, Rec] = {}
        self.ids: dict[str, int] = {}
        self.chains: dict[tuple[str, str, int], int] = {}
        self.last_seq: dict[tuple[str, str], int] = {}
        self.of_dossier: dict[str, tuple[int, ...]] = {}
        self.held: dict[int, None] = {}
        """Positions of records that wait for another."""
        self.heads: dict[tuple[str, str], tuple[int, bytes]] = {}
        self.dossiers: dict[str, Row] = {}
        self.keys: dict[str, tuple[bytes, bytes, bytes | None]] = {}
        self.blobs: dict[str, str] = {}
        self.sent: dict[str, None] = {}
        self.commands: dict[tuple[str, int], None] = {}
        self.late: dict[str, tuple[str, str, str | None]] = {}
        self.closed: dict[tuple[str, str], tuple[str, int, str]] = {}
        """(record, inc) -> (machine, seq, dossier)."""
        self.tail_words: dict[str, tuple[str, str, bool, str, str]] = {}
        """record -> (machine, about, adopted, why, dossier)."""
        self.quarantine: dict[int, tuple[str, str, bytes]] = {}
        self.machine: dict[str, Any] = {}
        self.marks: dict[tuple[str, str], tuple[int, int]] = {}
        self.places: dict[str, tuple[str, int]] = {}
        self.receipts: dict[tuple[str, str, int], bytes] = {}
        self.asks: dict[str, tuple[str, str, str, bool]] = {}
        self.notes: dict[str, tuple[str, str]] = {}
        """The one projection: record -> (dossier, words)."""

    def copy(self) -> "Tables":
        other = Tables.__new__(Tables)
        for name in self.NAMES:
            setattr(other, name, dict(getattr(self, name)))
        return other

    def shape(self) -> tuple[Any, ...]:
        """Changes with everything that the exchange brings forward; but how far the root holds a chain is told one
        heartbeat later, and decides nothing.
        """
        return (
            len(self.records), len(self.sent), len(self.quarantine), tuple(self.heads.values()),
            tuple(self.places.values()), tuple(self.machine.values()), len(self.asks),
            tuple(held_parent for held_parent, _ in self.marks.values()),
        )  # fmt: skip


class SimDisk(Disk):
    """One connection for everybody: the simulator does one thing at a time."""

    def __init__(self, tables: Tables, answers: "Mapping[Prepared, Answer]") -> None:
        super().__init__()
        self.tables = tables
        self._answers = answers
        self._undo: list[tuple[Table, Hashable, Any]] = []
        self._unsynced = 0
        """Where in the undo log the part begins that the disk has not been told to keep."""

    # -- as the journal uses it -----------------------------------------------------------------------

    def rows(self, statement: Prepared, values: Mapping[str, Any]) -> list[Row]:
        found: list[Row] = self._answers[statement](self, **values)
        return found

    def change(self, statement: Prepared, values: Mapping[str, Any]) -> int:
        touched: int = self._answers[statement](self, **values)
        return touched

    def begin_nested(self) -> Any:
        return _Savepoint(self)

    # -- as the answers use it ------------------------------------------------------------------------

    def put(self, table: Table, key: Hashable, value: Any) -> None:
        self._undo.append((table, key, table.get(key, _NONE)))
        table[key] = value

    def drop(self, table: Table, key: Hashable) -> int:
        old = table.pop(key, _NONE)
        if old is _NONE:
            return 0
        self._undo.append((table, key, old))
        return 1

    # -- as the machine's store uses it ---------------------------------------------------------------

    def mark(self) -> int:
        return len(self._undo)

    def back_to(self, mark: int) -> None:
        while len(self._undo) > mark:
            table, key, old = self._undo.pop()
            if old is _NONE:
                table.pop(key, None)
            else:
                table[key] = old

    def sync(self) -> None:
        """What was written stays written."""
        self._undo.clear()

    def power_cut(self) -> None:
        """What was not synced is gone."""
        self.back_to(0)


class _Savepoint:
    """As SQLAlchemy's: undone when an exception passes."""

    def __init__(self, disk: SimDisk) -> None:
        self._disk, self._mark = disk, disk.mark()

    def __enter__(self) -> "_Savepoint":
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is not None:
            self.rollback()

    def rollback(self) -> None:
        self._disk.back_to(self._mark)

    def commit(self) -> None:
        """Stays in the transaction around it."""


Answer = Callable[..., Any]
"""From a disk and the parameters of a statement: rows for a query, else how many rows were touched."""
