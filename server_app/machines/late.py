"""What came too late, or behind the closed place of a machine, and waits for a person: by dossier."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from hall.intake.reentry import reentered_as
from hall.intake.tables import case_file
from hall.journal import envelope, schema
from hall.journal.facts import DossierOpened
from hall.journal.kernel import dossier_row
from hall.queueing.tables import ticket, visit
from server_app.machines.listing import Naming, when
from server_app.machines.wording import gives_paper, kind_zh, record_zh, title_of

MOST_DOSSIERS = 50


@dataclass(frozen=True, slots=True)
class LateRecord:
    id: str
    what: str
    at: str
    actor: str
    paper: bool
    """The citizen was given a paper by it."""


@dataclass(frozen=True, slots=True)
class LateDossier:
    """`orphan`: nobody holds it, it is known from the tail alone and judged as a whole. `here`: it lies at this
    machine, so that its records can be judged one by one; else it has to be taken back first.
    """

    dossier: str
    kind: str
    title: str
    machine: str
    machine_name: str
    own: bool
    """The machine's own: its windows, its slips. No citizen's matter hangs on it."""
    orphan: bool
    here: bool
    holder: str
    records: tuple[LateRecord, ...]
    summary: str
    """All its records in one line, for one that is judged as a whole."""
    papers: str
    """What the citizen was given by them; empty for nothing."""
    reentered: str
    """Number of the case that was entered anew for it; empty where there is none."""

    @property
    def count(self) -> int:
        return len(self.records)


@dataclass(frozen=True, slots=True)
class JudgedRow:
    """What became of one that was judged, newest first."""

    title: str
    what: str
    adopted: bool
    why: str


def late_dossiers(
    conn: Connection, me: str, naming: Naming, staff: Mapping[str, str]
) -> tuple[LateDossier, ...]:
    """In the order in which their first record came."""
    t, late = schema.record.c, schema.late.c
    rows = conn.execute(
        select(t.dossier, t.origin, t.id, t.type, t.wall_ms, t.raw)
        .join(schema.late, late.id == t.id)
        .where(late.verdict == "waiting")
        .order_by(t.pos)
    ).all()
    grouped: dict[tuple[str, str], list[LateRecord]] = {}
    titles: dict[str, str] = {}
    kinds: dict[str, str] = {}
    numbers: dict[str, str] = {}
    for row in rows:
        env = envelope.parse(bytes(row.raw))
        grouped.setdefault((row.dossier, row.origin), []).append(
            LateRecord(
                row.id,
                record_zh(row.type),
                when(row.wall_ms),
                staff.get(env.actor, ""),
                gives_paper(row.type),
            )
        )
        if title := title_of(env.data, row.type):
            titles[row.dossier] = title
        numbers[row.dossier] = numbers.get(row.dossier) or str(env.data.get("case_no", ""))
        if row.type == DossierOpened.TYPE:
            kinds[row.dossier] = str(env.data.get("kind", ""))
    found = []
    for (dossier, origin), records in list(grouped.items())[:MOST_DOSSIERS]:
        held = dossier_row(conn, dossier)
        kind = kinds.get(dossier, "") if held is None else held.kind
        own = kind == "machine"
        orphan = held is None or own or held.owner == origin
        name = naming.name(conn, origin)
        title = name if own else titles.get(dossier) or title_here(conn, dossier)
        found.append(
            LateDossier(
                dossier, kind_zh(kind), title, origin, name, own, orphan,
                held is not None and held.owner == me,
                "" if held is None or orphan else naming.name(conn, held.owner), tuple(records),
                _summary(records), "、".join(dict.fromkeys(r.what for r in records if r.paper)),
                reentered_as(conn, numbers[dossier]) or "",
            )
        )  # fmt: skip
    return tuple(found)


def _summary(records: list[LateRecord]) -> str:
    counts = Counter(r.what for r in records)
    words = "、".join(what if count == 1 else f"{what} {count} 次" for what, count in counts.items())
    people = "、".join(dict.fromkeys(r.actor for r in records if r.actor))
    return "　".join(part for part in (f"{records[0].at} 起", people, words) if part)


def judged(conn: Connection, most: int = 20) -> tuple[JudgedRow, ...]:
    t, late = schema.record.c, schema.late.c
    rows = conn.execute(
        select(t.dossier, t.type, t.raw, late.verdict, late.why)
        .join(schema.late, late.id == t.id)
        .where(late.verdict != "waiting")
        .order_by(t.pos.desc())
        .limit(most)
    )
    found = []
    for r in rows:
        title = title_here(conn, r.dossier) or title_of(envelope.parse(bytes(r.raw)).data, r.type)
        found.append(JudgedRow(title, record_zh(r.type), r.verdict == "adopted", r.why or ""))
    return tuple(found)


def title_here(conn: Connection, dossier: str) -> str:
    """By the tables: what this machine knows of it."""
    case = conn.execute(
        select(case_file.c.case_no, case_file.c.item_name).where(case_file.c.dossier == dossier)
    ).first()
    if case is not None:
        return f"{case.case_no}　{case.item_name}"
    number = conn.execute(select(ticket.c.number, ticket.c.matter).where(ticket.c.dossier == dossier)).first()
    if number is not None:
        return f"{number.number}　{number.matter}"
    by_slip: str | None = conn.scalar(select(visit.c.number).where(visit.c.dossier == dossier))
    return by_slip or ""
