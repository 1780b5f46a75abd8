"""The demo's books: opened after every process has ended, compared record by record with the centre's."""

import hashlib
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from hall.journal import envelope, schema
from yichuang.machines import find_machines, join_of, reading

_LEG_ENDS = ("ticket.reactivated", "ticket.requeued", "ticket.transferred", "ticket.missed", "ticket.held")


@dataclass(frozen=True, slots=True)
class Books:
    """Figures of summary.json."""

    facts: dict[str, int]
    tickets: dict[str, int]
    blobs: dict[str, int]

    @property
    def sound(self) -> bool:
        return (
            self.facts["lost"] == 0
            and self.tickets["duplicate_numbers"] == 0
            and self.tickets["double_calls"] == 0
            and self.blobs["digest_mismatch"] == 0
            and self.blobs["at_centre"] == self.blobs["captured"]
        )


def count(data: Path) -> Books:
    """Open every journal under `data`. Raises BadData."""
    written: dict[str, bytes] = {}
    folders = find_machines(data)
    centre = folders[0]
    blobs: set[str] = set()
    records: list[envelope.Envelope] = []
    for folder in folders:
        me = join_of(folder).node_id
        with reading(folder) as conn:
            t = schema.record.c
            for row in conn.execute(select(t.id, t.h, t.raw).where(t.origin == me)):
                written[row.id] = bytes(row.h)
                records.append(envelope.parse(bytes(row.raw)))
            blobs |= set(conn.scalars(select(schema.blob_ref.c.digest)))
    with reading(centre) as conn:
        at_centre = _hashes(conn)
    lost = sum(1 for record, h in written.items() if at_centre.get(record) != h)
    return Books(
        facts={"written": len(written), "at_centre": len(written) - lost, "lost": lost},
        tickets=_tickets(records),
        blobs=_blobs(centre, blobs),
    )


def _hashes(conn: Connection) -> dict[str, bytes]:
    t = schema.record.c
    return {row.id: bytes(row.h) for row in conn.execute(select(t.id, t.h))}


def _tickets(records: list[envelope.Envelope]) -> dict[str, int]:
    issued = [e for e in records if e.type == "ticket.issued"]
    names = [(str(e.data.get("business_day")), str(e.data.get("number"))) for e in issued]
    slips = [e for e in records if e.type == "slip.printed" and e.data.get("result") == "confirmed"]
    return {
        "issued": len(issued),
        "printed": len({str(e.data.get("ticket")) for e in slips}),
        "duplicate_numbers": len(names) - len(set(names)),
        "double_calls": _double_calls(records),
    }


def _double_calls(records: list[envelope.Envelope]) -> int:
    """Tickets that two windows held at one time: called by another window before the leg was over.

    Who was served by the slip in hand, with the node away, is not to be called any more.
    """
    double = 0
    by_slip = {str(e.data["ticket"]).lower(): e.wall_ms for e in records if e.type == "visit.opened"}
    of_ticket: dict[str, list[envelope.Envelope]] = {}
    for e in records:
        if e.type.startswith("ticket."):
            of_ticket.setdefault(e.dossier, []).append(e)
    for events in of_ticket.values():
        window: Any = None
        for e in sorted(events, key=lambda e: e.n):
            if e.type == "ticket.called":
                double += e.wall_ms >= by_slip.get(e.dossier.lower(), math.inf)
                if window is not None and window != e.data.get("window"):
                    double += 1
                window = e.data.get("window")
            elif e.type in _LEG_ENDS:
                window = None
    return double


def _blobs(centre: Path, known: set[str]) -> dict[str, int]:
    """Captured pages and signatures: named by records, lying at the centre under their own digest."""
    there = wrong = 0
    for digest in known:
        path = centre / "blobs" / digest[:2] / digest[2:4] / digest
        flat = next((p for p in (path, centre / "blobs" / digest[:2] / digest) if p.is_file()), None)
        if flat is None:
            continue
        there += 1
        if hashlib.sha256(flat.read_bytes()).hexdigest() != digest:
            wrong += 1
    return {"captured": len(known), "at_centre": there, "digest_mismatch": wrong}
