"""A small file beside, not in, the data folder: it shows at start that the database is older than this machine.

A backup that was put back, or a disk image on a second PC, would otherwise go on writing a chain whose next
records already exist elsewhere (guide sync, rule 1).
"""

import json
import logging
import os
import sys
from pathlib import Path

from hall.journal.port import JournalPort
from hall.journal.rows import HEAD

log = logging.getLogger(__name__)


class Marker:
    """`path` lies outside whatever is backed up or imaged; `fingerprint` names the hardware."""

    def __init__(self, path: Path, fingerprint: str) -> None:
        self._path = path
        self._fingerprint = fingerprint
        self._noted: tuple[str, int] | None = None
        self._failed = False

    def at_start(self, store: JournalPort) -> bool:
        """Before anything is written: True when a new incarnation was begun. Raises StoreFault."""
        me = store.identity
        try:
            kept = json.loads(self._read())
            noted = (str(kept["inc"]), int(kept["seq"]), str(kept["machine"]))
            if str(kept["node"]) != me.node_id:
                # the folder was given to another machine
                self.note(store)
                return False
        except OSError as exc:
            if not isinstance(exc, FileNotFoundError):
                log.error("the marker cannot be read: %s", exc.strerror)
            self.note(store)
            return False
        except (ValueError, KeyError, TypeError):
            log.error("the marker cannot be read: treated as a restore")
            noted = ("", 0, "")
        inc, seq, machine = noted
        # "" is a number that could not be read, now or then: it tells no other computer, and effaces none
        self._fingerprint = self._fingerprint or machine
        moved = bool(machine) and machine != self._fingerprint
        stale = inc != me.inc or seq > self._own_seq(store) or moved
        if stale:
            log.error("the database is older than this machine or comes from another one")
            store.renew_incarnation()
        self.note(store)
        return stale

    def names(self, node_id: str) -> bool:
        """Whether this machine has written here."""
        try:
            return bool(json.loads(self._read())["node"] == node_id)
        except (OSError, ValueError, KeyError, TypeError):
            return False

    def note(self, store: JournalPort) -> None:
        """Write down how far the own chain is; after pushes, and at stop. Cheap when nothing has changed.

        Where it cannot be written the machine works on. An older marker of this incarnation recognises fewer
        restores; one of an earlier incarnation takes every start for a restore, until it can be written: the machine
        then waits for its parent each time, and nothing is lost.
        """
        now = (store.identity.inc, self._own_seq(store))
        if now == self._noted:
            return
        text = json.dumps(
            {"node": store.identity.node_id, "inc": now[0], "seq": now[1], "machine": self._fingerprint}
        )
        try:
            self._write(text)
        except OSError as exc:
            if not self._failed:
                log.error("the marker beside the data folder cannot be written: %s", exc.strerror)
            self._failed = True
            return
        self._failed = False
        self._noted = now

    def _own_seq(self, store: JournalPort) -> int:
        me = store.identity
        with store.read() as conn:
            row = HEAD.first(conn, origin=me.node_id, inc=me.inc)
        return 0 if row is None else int(row[0])

    def _read(self) -> str:
        """Raises OSError, ValueError."""
        return self._path.read_text("utf-8")

    def _write(self, text: str) -> None:
        """Raises OSError."""
        write_whole(self._path, text)


def write_whole(path: Path, text: str) -> None:
    """The new text or the old one, whatever happens meanwhile. Raises OSError."""
    aside = path.with_name(path.name + ".new")
    with open(aside, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(aside, path)


def this_computer() -> str:
    """The number that the system was given when it was installed; "" where it has none or does not tell it now.

    A copied disk has the same one: then the parent tells at `hello`. Network cards come and go, and a false alarm
    would keep a node waiting for all its windows.
    """
    if sys.platform == "win32":
        import winreg

        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography") as key:
                return str(winreg.QueryValueEx(key, "MachineGuid")[0])
        except OSError:
            return ""
    try:
        return Path("/etc/machine-id").read_text("ascii").strip()
    except (OSError, ValueError):
        return ""
