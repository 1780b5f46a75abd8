"""What was put aside because its place in a chain was taken: told to everybody above as a fact.

The bytes stay in the finder's quarantine; nothing is dropped, and a person enters anew what has to count.
"""

from functools import partial

from sqlalchemy import Connection

from hall.journal import rows
from hall.journal.book import CHAIN_BROKEN, FORKED
from hall.journal.envelope import hash_of, parse
from hall.journal.facts import ForkFound
from hall.journal.ledger import Ledger
from hall.journal.machine import kept_dossier
from hall.journal.port import JournalPort
from sync.wire import record_text

LONGEST = 30_000
"""Of the bytes in a fact: with the escapes of JSON they must fit into a record."""


class Forks:
    """Of one store; belongs to one lane's thread."""

    def __init__(self, store: JournalPort) -> None:
        self._store = store
        self._seen = 0
        """Up to where the quarantine was gone through since this process started: it may hold very much."""

    def tell(self) -> int:
        """Write down each fork in quarantine once. Returns how many were new. Nothing while not settled."""
        if not self._store.identity.settled:
            return 0
        with self._store.read() as conn:
            parked = rows.PARKED_AS.all(conn, codes=[FORKED, CHAIN_BROKEN], after=self._seen)
            found = {f"fork-{hash_of(bytes(raw)).hex()}": (code, bytes(raw)) for _, code, raw in parked}
            new = {k: v for k, v in found.items() if not _told(conn, k, hash_of(v[1]))}
        for command_id, (code, raw) in new.items():
            self._store.submit(partial(_write, code=code, raw=raw), command_id).result()
        self._seen = max((no for no, _, _ in parked), default=self._seen)
        return len(new)


def _told(conn: Connection, command_id: str, h: bytes) -> bool:
    """By whomever it was found first; a record of another kind says nothing, whatever it calls its cause."""
    places = rows.COMMAND_PLACES.all(conn, command_id=command_id)
    found = [parse(bytes(rows.RECORD_AT.scalar(conn, pos=pos))) for (pos,) in places]
    return any(env.type_name == ForkFound.TYPE and env.data.get("h") == h.hex() for env in found)


def _write(ledger: Ledger, code: str, raw: bytes) -> None:
    home = kept_dossier(ledger, actor=ledger.identity.node_id)
    text = record_text(raw) if len(raw) <= LONGEST else None
    ledger.append(home, ForkFound(code, hash_of(raw).hex(), text), actor=ledger.identity.node_id)
