"""A small file beside, not in, the data folder: it shows at start that the database is older than this machine.

A backup that was put back, or a disk image on a second PC, would otherwise go on writing a chain whose next
records already exist elsewhere (guide sync, rule 1).
"""

import json
import logging
import os
from pathlib import Path

from hall.journal import schema
from hall.journal.store import Store

log = logging.getLogger(__name__)


class Marker:
    """`path` lies outside whatever is backed up or imaged; `fingerprint` names the hardware."""

    def __init__(self, path: Path, fingerprint: str) -> None:
        self._path = path
        self._fingerprint = fingerprint
        self._noted: tuple[str, int] | None = None

    def at_start(self, store: Store) -> bool:
        """Before anything is written: True when a new incarnation was begun. Raises StoreFault."""
        me = store.identity
        try:
            kept = json.loads(self._path.read_text("utf-8"))
            noted = (str(kept["inc"]), int(kept["seq"]), str(kept["machine"]))
        except FileNotFoundError:
            self.note(store)
            return False
        except (ValueError, KeyError, TypeError):
            log.error("the marker cannot be read: treated as a restore")
            noted = ("", 0, "")
        inc, seq, machine = noted
        stale = inc != me.inc or seq > self._own_seq(store) or machine != self._fingerprint
        if stale:
            log.error("the database is older than this machine or comes from another one")
            store.renew_incarnation()
        self.note(store)
        return stale

    def note(self, store: Store) -> None:
        """Write down how far the own chain is; after pushes, and at stop. Cheap when nothing has changed."""
        now = (store.identity.inc, self._own_seq(store))
        if now == self._noted:
            return
        aside = self._path.with_name(self._path.name + ".new")
        self._path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"inc": now[0], "seq": now[1], "machine": self._fingerprint})
        with open(aside, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, self._path)
        self._noted = now

    def _own_seq(self, store: Store) -> int:
        c, me = schema.chain_head.c, store.identity
        with store.read() as conn:
            query = schema.chain_head.select().where(c.origin == me.node_id, c.inc == me.inc)
            row = conn.execute(query).first()
        return 0 if row is None else int(row.seq)
