"""Has everything arrived? Read from the journals of the running machines, beside their own processes."""

import time
from pathlib import Path

from sqlalchemy import func, select

from hall.intake import views as intake
from hall.journal import schema
from hall.journal.blobs import BlobStore
from yichuang.demo.hall import DemoHall
from yichuang.machines import reading
from yichuang.processes import ProcessFault


def case_state(folder: Path, case_no: str) -> str:
    """State of a case in a machine's tables; empty where it is unknown."""
    with reading(folder) as conn:
        row = intake.case_by_no(conn, case_no)
    return "" if row is None else row.state.value


def own_records(folder: Path, node_id: str) -> int:
    t = schema.record.c
    with reading(folder) as conn:
        return conn.scalar(select(func.max(t.seq)).where(t.origin == node_id)) or 0


def held(folder: Path) -> dict[str, int]:
    """Newest record of each machine that lies here."""
    t = schema.record.c
    with reading(folder) as conn:
        rows = conn.execute(select(t.origin, func.max(t.seq)).group_by(t.origin))
        return {origin: seq for origin, seq in rows}


def missing_blobs(centre: Path) -> int:
    with reading(centre) as conn:
        named = conn.scalars(select(schema.blob_ref.c.digest)).all()
    blobs = BlobStore(centre / "blobs")
    return sum(1 for digest in named if not blobs.has(digest))


def all_arrived(hall: DemoHall, timeout_s: float) -> None:
    """Wait until the centre holds every record and blob of every machine. Raises ProcessFault."""
    deadline = time.monotonic() + timeout_s
    centre = hall.site.centre
    while True:
        there = held(centre.folder)
        lacking = {
            m.name: own_records(m.folder, m.node_id) - there.get(m.node_id, 0)
            for m in hall.site.machines
            if m is not centre
        }
        blobs = missing_blobs(centre.folder)
        if not any(n > 0 for n in lacking.values()) and blobs == 0:
            return
        if time.monotonic() > deadline:
            raise ProcessFault(f"not at the centre: {lacking}, blobs {blobs}")
        time.sleep(0.3)
