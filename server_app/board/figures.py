"""Today's numbers of a hall. No names, no person."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from hall.catalogue.hall_profile import HallProfile
from hall.catalogue.queues import series_of
from hall.intake.tables import case_file
from hall.queueing import views as queue
from hall.queueing.model import TicketState
from hall.queueing.tables import ticket


@dataclass(frozen=True, slots=True)
class QueueFigure:
    series: str
    name: str
    zone: str
    waiting: int
    open_windows: int
    longest_min: int


@dataclass(frozen=True, slots=True)
class WindowFigure:
    name: str
    state: str
    """"open", "paused" or "busy"."""
    number: str
    """The ticket that is being served or called."""
    staff: str
    """Shown to who is signed in only."""


@dataclass(frozen=True, slots=True)
class Board:
    day: date
    queues: tuple[QueueFigure, ...]
    """Zones in the order of the profile; only queues that somebody waits in or a window serves."""
    windows: tuple[WindowFigure, ...]
    counts: tuple[tuple[str, int], ...]
    waiting: int
    mean_wait_min: int | None


def board(conn: Connection, profile: HallProfile, day: date, now_ms: int) -> Board:
    waiting = queue.waiting(conn, day)
    windows = [w for w in queue.windows(conn) if w.state != "closed"]
    figures = []
    for series, (zone, _, q) in series_of(profile).items():
        mine = [t for t in waiting if t.queue == series]
        serving = sum(1 for w in windows if w.state == "open" and series in w.queues)
        if mine or serving:
            longest = max((now_ms - t.since_ms for t in mine), default=0) // 60_000
            figures.append(QueueFigure(series, q.name, zone.name, len(mine), serving, max(0, longest)))
    busy = _busy(conn, day)
    t = ticket.c
    took = conn.scalar(
        select(func.avg(t.called_ms - t.issued_ms)).where(
            t.business_day == day.isoformat(), t.called_ms.is_not(None), t.legs == 1
        )
    )
    return Board(
        day=day,
        queues=tuple(figures),
        windows=tuple(
            WindowFigure(
                w.window_name,
                "busy" if w.state == "open" and w.window in busy else w.state,
                busy.get(w.window, ""),
                w.staff_name,
            )
            for w in windows
        ),
        counts=_counts(conn, day),
        waiting=len(waiting),
        mean_wait_min=None if took is None else max(0, round(float(took) / 60_000)),
    )


def _busy(conn: Connection, day: date) -> dict[int, str]:
    """Window -> number that is called or served there."""
    t = ticket.c
    query = select(t.window, t.number).where(
        t.business_day == day.isoformat(),
        t.state.in_([TicketState.CALLED.value, TicketState.SERVING.value]),
        t.window.is_not(None),
    )
    return {int(row.window): str(row.number) for row in conn.execute(query)}


def _counts(conn: Connection, day: date) -> tuple[tuple[str, int], ...]:
    t, c, on = ticket.c, case_file.c, day.isoformat()
    by_state = select(t.state, func.count()).where(t.business_day == on).group_by(t.state)
    tickets = {str(state): int(n) for state, n in conn.execute(by_state)}

    def cases(column: str) -> int:
        return conn.scalar(select(func.count()).where(c[column] == on)) or 0

    return (
        ("取号", sum(tickets.values())),
        ("已办", tickets.get(TicketState.DONE.value, 0)),
        ("过号", tickets.get(TicketState.MISSED.value, 0)),
        ("收件", cases("received_on")),
        ("受理", cases("accepted_on")),
        ("办结", cases("closed_on")),
    )
