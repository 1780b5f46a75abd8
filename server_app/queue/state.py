"""How the queue stands: numbers and windows, never names."""

from datetime import date
from typing import Any

from sqlalchemy import Connection

from hall.catalogue.hall_profile import HallProfile
from hall.catalogue.queues import series_of
from hall.queueing import views as queue
from hall.queueing import voiding


def queue_state(conn: Connection, profile: HallProfile, day: date) -> dict[str, Any]:
    """{business_day, epoch, queues: [...], windows: [...], voided: [...], calls: [...]}"""
    waiting = queue.waiting_counts(conn, day)
    windows = [w for w in queue.windows(conn) if w.state != "closed"]
    open_for: dict[str, int] = {}
    for w in windows:
        if w.state == "open":
            for series in w.queues:
                open_for[series] = open_for.get(series, 0) + 1
    return {
        "business_day": day.isoformat(),
        "epoch": queue.queue_epoch(conn),
        "queues": [
            {
                "series": series,
                "name": q.name,
                "zone": zone.code,
                "zone_name": zone.name,
                "waiting": waiting.get(series, 0),
                "open_windows": open_for.get(series, 0),
            }
            for series, (zone, _, q) in series_of(profile).items()
        ],
        "windows": [
            {"window": w.window, "name": w.window_name, "state": w.state, "queues": list(w.queues)}
            for w in windows
        ],
        "voided": list(voiding.voided(conn, day).numbers),
        "calls": [
            {
                "number": t.number, "window": t.window, "window_name": t.window_name, "calls": t.calls,
                "called_ms": t.called_ms, "epoch": t.epoch, "state": t.state.value,
            }
            for t in queue.recent_calls(conn, day)
        ],
    }  # fmt: skip
