"""Bytes that were put aside, as one transaction knows them. What one peer can fill is bounded."""

from collections import Counter
from collections.abc import Collection

from sqlalchemy import Connection

from hall.journal import canonical, rows

MOST_OF_ONE = 10_000
"""Of one peer. More say nothing new to a person, and a hostile one would fill the disk: bytes that have a place in a
chain lie there, others with who wrote them.
"""
FULL = "quarantine_full"


class Quarantine:
    """Read once, when it is first asked; a push of many bad records would search it for each."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self._known: set[tuple[str, bytes]] | None = None
        self._of: Counter[str] = Counter()

    def park(self, source: str, code: str, raw: bytes) -> None:
        """Once for the same bytes and code."""
        known, h = self._read(), canonical.digest(raw)
        if (code, h) in known:
            return
        if self._of[source] >= MOST_OF_ONE:
            code, raw = FULL, source.encode()
            h = canonical.digest(raw)
            if (code, h) in known:
                return
        rows.PARK.run(self._conn, source=source, code=code, raw=raw)
        known.add((code, h))
        self._of[source] += 1

    def holds(self, h: bytes, codes: Collection[str]) -> bool:
        """Whether bytes of this hash lie here for one of these reasons."""
        known = self._read()
        return any((code, h) in known for code in codes)

    def drop(self, code: str) -> None:
        rows.UNPARK.run(self._conn, code=code)
        self._known = None

    def _read(self) -> set[tuple[str, bytes]]:
        if self._known is None:
            found = rows.PARKED.all(self._conn)
            self._known = {(code, canonical.digest(bytes(raw))) for _, code, raw in found}
            self._of = Counter(source for source, _, _ in found)
        return self._known
