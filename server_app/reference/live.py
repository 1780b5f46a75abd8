"""POST /v1/reference/manifest: which reference files this machine uses, so that a child can compare."""

import asyncio
import hashlib
from pathlib import Path
from typing import Any

from sync.access import ChildAccess
from sync.parent import LiveHandler

_FOLDERS = ("calendar", "catalogue", "halls")


def file_hashes(resources: Path) -> dict[str, str]:
    """Path below the resources folder -> SHA-256."""
    found: dict[str, str] = {}
    for folder in _FOLDERS:
        for path in sorted((resources / folder).rglob("*.json")):
            name = path.relative_to(resources).as_posix()
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


class ReferenceRoom:
    def __init__(self, resources: Path, hall: str) -> None:
        self._resources = resources
        self._hall = hall

    def routes(self) -> dict[str, LiveHandler]:
        return {"/v1/reference/manifest": self.manifest}

    async def manifest(self, child: ChildAccess, body: dict[str, Any]) -> dict[str, Any]:
        files = await asyncio.to_thread(file_hashes, self._resources)
        return {"hall": self._hall, "files": files}
