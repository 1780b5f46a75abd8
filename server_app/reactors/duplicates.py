"""At the centre: one person's same application in two halls is shown to whoever holds the later one."""

from collections.abc import Callable

from sqlalchemy import func, select

from hall.calendar.opening import business_day
from hall.intake import commands as cmd
from hall.intake import duplicates
from hall.intake.events import CaseReceived
from hall.journal import schema
from hall.journal.refusal import Refusal
from hall.journal.store import Store
from sync.claims import HALL_ACTOR

AT_ONCE = 500
"""A database takes no list of any length."""


class DuplicateWatch:
    """Looks through all open cases once, and then at those that were received since. One thread."""

    def __init__(self, store: Store, hall_of: Callable[[str], str | None]) -> None:
        self._store, self._hall_of = store, hall_of
        self._seen: int | None = None

    def look(self) -> int:
        """Returns how many were raised. Raises StoreFault."""
        t = schema.record.c
        with self._store.read() as conn:
            last = conn.scalar(select(func.max(t.pos))) or 0
            among = None
            if self._seen is not None:
                query = select(t.dossier).where(t.pos > self._seen, t.type == CaseReceived.TYPE)
                among = tuple(conn.scalars(query))
            if among is None:
                found = duplicates.twins(conn)
            else:
                parts = [among[n : n + AT_ONCE] for n in range(0, len(among), AT_ONCE)]
                found = tuple(pair for part in parts for pair in duplicates.twins(conn, part))
        raised = 0
        for later, earlier in found:
            why = (
                f"同一申请人在另一大厅已有同一事项的办件，编号 {earlier.case_no}。"
                "请联系申请人核实：确属重复的，本件不再办理；不是重复的，写明理由后照常办理。"
            )
            name = f"duplicate-{later.id}-{earlier.id}"
            day = business_day(self._store.now())
            command = cmd.RaiseDuplicate(
                name, name, later.id, later.case_no, why, day, HALL_ACTOR, self._hall_of(later.owner)
            )
            try:
                raised += 0 if self._store.handle(command, duplicates.raise_duplicate).replayed else 1
            except Refusal:
                # restored and not settled yet: the next round looks at the same cases again
                return raised
        self._seen = last
        return raised
