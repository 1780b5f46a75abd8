"""POST /v1/hall/link: how the node's own line to the centre stands, for the terminals' banners, and its clock."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from server_app.standby.lines import Lines
from sync.access import ChildAccess
from sync.parent import LiveHandler


class LinkRoom:
    """Tells what is known now; asks nobody."""

    def __init__(self, lines: Lines, now: Callable[[], datetime]) -> None:
        """`now`: UTC."""
        self._lines = lines
        self._now = now

    def routes(self) -> dict[str, LiveHandler]:
        return {"/v1/hall/link": self.link}

    async def link(self, child: ChildAccess, body: dict[str, Any]) -> dict[str, Any]:
        """-> county_up: true, false, or null where there is no centre; time_ms: this node's clock."""
        line = self._lines.current
        return {
            "county_up": None if line is None else line.link_state().up,
            "time_ms": int(self._now().timestamp() * 1000),
        }
