"""`link.note`: how the line of a running machine fares, left in its folder for whoever looks from outside.

Everything else that `sync status` tells stands in the journal; this is all that only the running program knows. Losing
it costs nothing.
"""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sync.marker import write_whole

log = logging.getLogger(__name__)

NAME = "link.note"
AGAIN_S = 60.0


@dataclass(frozen=True, slots=True)
class LinkFares:
    """Times are UTC."""

    up: bool
    since: datetime
    last_ok: datetime | None
    problem: str = ""
    unheard: tuple[str, ...] = ()
    """Of a node or centre that was restored: children that have not told it all they hold yet."""
    noted_at: datetime = field(default=datetime(1970, 1, 1, tzinfo=UTC))


class LinkNote:
    """Belongs to one thread."""

    def __init__(self, folder: Path, now: Callable[[], datetime]) -> None:
        self.folder = folder
        self._path = folder / NAME
        self._now = now
        self._kept: tuple[Any, ...] | None = None
        self._at: datetime | None = None

    def keep(self, fares: LinkFares) -> None:
        """Write when something changed, else once a minute. A folder that cannot be written stops nothing."""
        said, now = (fares.up, fares.problem, fares.unheard), self._now()
        if said == self._kept and self._at is not None and abs((now - self._at).total_seconds()) < AGAIN_S:
            return
        self._kept, self._at = said, now
        told = {
            "up": fares.up, "since": fares.since.isoformat(), "problem": fares.problem,
            "last_ok": None if fares.last_ok is None else fares.last_ok.isoformat(),
            "unheard": list(fares.unheard), "noted_at": now.isoformat(),
        }  # fmt: skip
        try:
            write_whole(self._path, json.dumps(told, ensure_ascii=False))
        except OSError as exc:
            log.info("the link's note cannot be written: %s", exc.strerror)


def read_link_note(folder: Path) -> LinkFares | None:
    """None where no program has left one that can be read."""
    try:
        told = json.loads((folder / NAME).read_text("utf-8"))
        last_ok = told["last_ok"]
        return LinkFares(
            bool(told["up"]),
            datetime.fromisoformat(told["since"]),
            None if last_ok is None else datetime.fromisoformat(last_ok),
            str(told["problem"]),
            tuple(str(node) for node in told["unheard"]),
            datetime.fromisoformat(told["noted_at"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
