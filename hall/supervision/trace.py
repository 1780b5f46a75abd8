"""One visit as one chain: 叫号 → 受理 → 审批 → 评价 (S4 L39), with time, person and device, and its proof.

The proof: every record of every dossier of the chain is there without a gap, each under the hash that its
bytes have, and each stands in its machine's own hash chain.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, or_, select

from hall.delivery.tables import delivery
from hall.feedback.tables import rating, rectification
from hall.intake.tables import case_file, errand, package_case
from hall.journal import envelope, schema
from hall.journal.canonical import digest
from hall.journal.envelope import GENESIS
from hall.queueing.tables import ticket, visit

STAGES = {
    "ticket": "叫号",
    "visit": "叫号",
    "case": "受理",
    "package": "受理",
    "errand": "来件",
    "delivery": "出件",
    "rating": "评价",
    "rectification": "整改",
}
_REVIEW = (
    "case.dispatched",
    "case.taken",
    "case.step",
    "case.special",
    "case.limit",
    "case.decided",
    "case.sent",
)


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One record of the chain."""

    stage: str
    type: str
    dossier: str
    n: int
    at_ms: int
    actor: str
    device: str
    """Node id of the machine that wrote it."""
    record: str


@dataclass(frozen=True, slots=True)
class Trace:
    """Everything that one visit left, in the order in which it happened."""

    ids: dict[str, tuple[str, ...]]
    """Dossier ids by kind."""
    lines: tuple[TraceLine, ...]
    stages: tuple[str, ...]
    """Stages that the chain has, in order of first appearance."""
    unbroken: bool
    faults: tuple[str, ...]


class UnknownTrace(LookupError):
    """Nothing here goes by that id or number."""


def trace(conn: Connection, key: str) -> Trace:
    """By any of: ticket dossier or number, case dossier or number, package number, session, rating.

    A ticket number means the newest ticket of that number. Raises UnknownTrace.
    """
    ids = family(conn, key)
    if not any(ids.values()):
        raise UnknownTrace(key)
    lines: list[TraceLine] = []
    faults: list[str] = []
    t = schema.record.c
    for kind, dossiers in ids.items():
        for dossier in dossiers:
            rows = conn.execute(
                select(t.raw, t.h, t.verdict).where(t.dossier == dossier).order_by(t.n, t.pos)
            ).all()
            expected = 1
            for raw, h, verdict in rows:
                env = envelope.parse(bytes(raw))
                if verdict not in ("accepted", "adopted"):
                    continue
                if digest(bytes(raw)) != bytes(h):
                    faults.append(f"{dossier} 第{env.n}条内容被改动")
                if verdict == "accepted" and env.n != expected:
                    faults.append(f"{dossier} 缺第{expected}条")
                expected = env.n + 1
                faults += _chain_fault(conn, env)
                lines.append(
                    TraceLine(
                        _stage(kind, env.type), env.type_name, dossier, env.n, env.wall_ms, env.actor, env.origin,
                        env.id,
                    )
                )  # fmt: skip
    lines.sort(key=lambda line: (line.at_ms, line.record))
    stages = tuple(dict.fromkeys(line.stage for line in lines))
    return Trace(ids, tuple(lines), stages, not faults, tuple(faults))


def _stage(kind: str, record_type: str) -> str:
    if kind == "case" and record_type.startswith(_REVIEW):
        return "审批"
    return STAGES[kind]


def _chain_fault(conn: Connection, env: envelope.Envelope) -> list[str]:
    """Does the record follow the one before it in its machine's chain?"""
    if env.seq == 1:
        return [] if env.prev == GENESIS else [f"{env.origin} 第1条不是链首"]
    t = schema.record.c
    before = conn.scalar(select(t.h).where(t.origin == env.origin, t.inc == env.inc, t.seq == env.seq - 1))
    if before is None:
        # a terminal need not hold what other machines wrote about other visits
        return []
    return [] if bytes(before) == env.prev else [f"{env.origin} 第{env.seq}条与前一条不连"]


def family(conn: Connection, key: str) -> dict[str, tuple[str, ...]]:
    """All dossiers that belong together, by kind, found by following sessions, tickets and cases."""
    tickets, sessions, cases, packages = set[str](), set[str](), set[str](), set[str]()
    tc, cc = ticket.c, case_file.c
    newest = conn.scalar(select(tc.dossier).where(tc.number == key).order_by(tc.issued_ms.desc()))
    tickets |= {newest} if newest else set()
    tickets |= set(conn.scalars(select(tc.dossier).where(or_(tc.dossier == key, tc.session == key))))
    cases |= set(
        conn.scalars(
            select(cc.dossier).where(
                or_(cc.dossier == key, cc.case_no == key, cc.session == key, cc.package == key)
            )
        )
    )
    pc = package_case.c
    packages |= set(conn.scalars(select(pc.dossier).where(or_(pc.dossier == key, pc.case_no == key))))
    rc = rating.c
    for row in conn.execute(select(rc.ticket, rc.session, rc.case_dossier).where(rc.dossier == key)):
        tickets |= {row.ticket} if row.ticket else set()
        sessions |= {row.session}
        cases |= {row.case_dossier} if row.case_dossier else set()
    for _ in range(4):
        sessions |= {s for s in conn.scalars(select(tc.session).where(tc.dossier.in_(tickets))) if s}
        found = conn.execute(
            select(cc.dossier, cc.ticket, cc.session, cc.package).where(
                or_(cc.dossier.in_(cases), cc.session.in_(sessions), cc.package.in_(packages))
            )
        ).all()
        cases |= {r.dossier for r in found}
        tickets |= {r.ticket for r in found if r.ticket}
        sessions |= {r.session for r in found if r.session}
        packages |= {r.package for r in found if r.package}
    numbers = set(conn.scalars(select(cc.case_no).where(cc.dossier.in_(cases))))
    visits = set(conn.scalars(select(visit.c.dossier).where(visit.c.ticket.in_(tickets))))
    errands = set(conn.scalars(select(errand.c.dossier).where(errand.c.case_no.in_(numbers))))
    results = set(conn.scalars(select(delivery.c.dossier).where(delivery.c.case_dossier.in_(cases))))
    ratings = set(
        conn.scalars(
            select(rc.dossier).where(
                or_(rc.session.in_(sessions), rc.case_dossier.in_(cases), rc.ticket.in_(tickets))
            )
        )
    )
    mended = set(conn.scalars(select(rectification.c.dossier).where(rectification.c.rating.in_(ratings))))
    known = set(conn.scalars(select(tc.dossier).where(tc.dossier.in_(tickets))))
    groups = {
        "ticket": known,
        "visit": visits,
        "package": packages,
        "case": cases,
        "errand": errands,
        "delivery": results,
        "rating": ratings,
        "rectification": mended,
    }
    return {kind: tuple(sorted(found)) for kind, found in groups.items()}
