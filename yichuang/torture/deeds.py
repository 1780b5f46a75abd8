"""What a writer wanted and what it was told, in a file that outlives kill -9: the witness of a torture."""

import json
import os
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Deeds:
    """`wanted` and not yet `done` is tried again after a restart, under the same ids."""

    path: Path
    wanted: dict[str, dict[str, Any]] = field(default_factory=dict)
    done: dict[str, dict[str, Any]] = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)
    """What the machine would have shown."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def read(cls, path: Path) -> "Deeds":
        """A line that a kill has torn was never relied on."""
        found = cls(path)
        lines = path.read_bytes().split(b"\n") if path.exists() else []
        for line in lines:
            try:
                deed = json.loads(line)
            except ValueError:
                continue
            found._take(deed)
        return found

    def want(self, deed_id: str, **what: Any) -> None:
        self._write({"state": "wanted", "id": deed_id, **what})

    def told(self, deed_id: str, **what: Any) -> None:
        """It was acknowledged: from now on it must be there."""
        self._write({"state": "done", "id": deed_id, **self.wanted[deed_id], **what})

    def say(self, text: str) -> None:
        if text not in self.texts:
            self._write({"state": "said", "id": text})

    @property
    def open(self) -> dict[str, dict[str, Any]]:
        with self._lock:
            return {deed_id: what for deed_id, what in self.wanted.items() if deed_id not in self.done}

    def _take(self, deed: dict[str, Any]) -> None:
        what = {name: value for name, value in deed.items() if name not in ("state", "id")}
        match deed["state"]:
            case "wanted":
                self.wanted[deed["id"]] = what
            case "done":
                self.done[deed["id"]] = what
            case _:
                self.texts.add(deed["id"])

    def _write(self, deed: dict[str, Any]) -> None:
        # begins with a new line: the one before may be torn
        data = b"\n" + json.dumps(deed, ensure_ascii=False).encode() + b"\n"
        with self._lock:
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(handle, data)
                os.fsync(handle)
            finally:
                os.close(handle)
            self._take(deed)
