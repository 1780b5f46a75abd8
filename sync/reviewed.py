"""`journal.db-reviewed`: up to where a person has gone through what was put aside, so that only new things alarm.

What was put aside stays in the journal; this is only who has looked at it, and what came of it.
"""

import json
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, func, select

from hall.journal import schema
from hall.journal.refusal import Refusal
from sync.marker import write_whole

NAME = "journal.db-reviewed"
"""It belongs to this very file, and goes where it goes (sync.machine_folder.move_aside)."""


def reviewed_up_to(folder: Path) -> int:
    """Number in the quarantine; 0 where nobody has looked, or the note cannot be read."""
    return max((no for entry in _entries(folder) if isinstance(no := entry["no"], int)), default=0)


def review(conn: Connection, folder: Path, *, by: str, note: str, now: datetime) -> int:
    """Everything that lies there now is looked at. Gives how many were new. Raises Refusal, OSError."""
    if not by.strip() or not note.strip():
        raise Refusal("reason_missing", "请写明核对人和处理结果。")
    q, before = schema.quarantine.c, reviewed_up_to(folder)
    count, last = conn.execute(select(func.count(), func.max(q.no)).where(q.no > before)).one()
    if not count:
        raise Refusal("nothing_new", "没有新的隔离记录要核对。")
    entry = {
        "no": last, "count": count, "by": by.strip(), "note": note.strip(),
        "at": now.isoformat(timespec="seconds"),
    }  # fmt: skip
    text = json.dumps([*_entries(folder), entry], ensure_ascii=False, indent=1)
    write_whole(folder / NAME, text + "\n")
    return int(count)


def _entries(folder: Path) -> list[dict[str, object]]:
    try:
        kept = json.loads((folder / NAME).read_text("utf-8"))
        return [entry for entry in kept if isinstance(entry, dict) and isinstance(entry.get("no"), int)]
    except (OSError, ValueError, TypeError):
        return []
