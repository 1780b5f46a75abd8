"""Rows of the machines' pages: how each stands, what lies with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, func, select

from hall.calendar.opening import china_time
from hall.intake.tables import case_file
from hall.journal import closing, schema
from hall.queueing.tables import ticket, visit, window_state
from server_app.machines.wording import kind_zh
from sync.access import ChildAccess
from sync.join_file import Child

ONLINE_S = 90.0
"""Three heartbeats, as the watchdog has it."""
MOST_LISTED = 100
_KIND_ZH = {"counter": "窗口电脑", "kiosk": "自助机", "display": "叫号屏", "node": "大厅节点"}
_FORKED = ("forked", "chain_broken")


@dataclass(frozen=True, slots=True)
class MachineRow:
    node: str
    name: str
    kind: str
    standing: str
    """"online", "away", "never", "cloned" or "closed"."""
    heard: str
    """When it was last heard, hall time; empty where nobody knows."""
    dossiers: int
    """That lie with it, its own not counted."""
    tail: int
    """Records of it that wait for a person."""
    forked: int
    """Records under a name that another has, as this machine has put them aside."""
    closed: str
    """Who closed it, when and why."""


@dataclass(frozen=True, slots=True)
class HeldRow:
    """One dossier that lies with a machine."""

    dossier: str
    kind: str
    title: str
    offered: bool


@dataclass(frozen=True, slots=True)
class Naming:
    """What the join file says of the machines below: kind and name by node id."""

    kinds: Mapping[str, str]
    names: Mapping[str, str]

    def kind(self, node: str) -> str:
        return _KIND_ZH.get(self.kinds.get(node, ""), "机器")

    def name(self, conn: Connection, node: str) -> str:
        """As the join file has it; of a window else by the window that was opened there."""
        if self.names.get(node):
            return self.names[node]
        w = window_state.c
        found = conn.scalar(select(w.window_name).where(w.terminal == node).limit(1))
        return str(found) if found else f"{self.kind(node)} {node[-6:]}"


def naming_of(joined: Iterable[Child]) -> Naming:
    known = tuple(joined)
    return Naming({c.node_id: c.kind for c in known}, {c.node_id: c.name for c in known})


def machine_rows(
    conn: Connection,
    children: Mapping[str, ChildAccess],
    naming: Naming,
    heard_at: Mapping[str, float],
    cloned: frozenset[str],
    now_s: float,
) -> tuple[MachineRow, ...]:
    """Closed ones last."""
    closed = {c.machine: c for c in closing.closed(conn)}
    d, q = schema.dossier.c, schema.quarantine.c
    lies_with = select(d.owner, func.count()).where(d.kind != "machine").group_by(d.owner)
    held = {owner: count for owner, count in conn.execute(lies_with)}
    aside = select(q.source, func.count()).where(q.code.in_(_FORKED)).group_by(q.source)
    forked = {source: count for source, count in conn.execute(aside)}
    tails = waiting_by_origin(conn)
    found = []
    for node in children:
        at = heard_at.get(node)
        order = closed.get(node)
        if order is not None:
            standing = "closed"
        elif node in cloned:
            standing = "cloned"
        elif at is None:
            standing = "never"
        else:
            standing = "online" if now_s - at <= ONLINE_S else "away"
        found.append(
            MachineRow(
                node, order.name if order else naming.name(conn, node), naming.kind(node), standing,
                "" if at is None else when(int(at * 1000)), held.get(node, 0), tails.get(node, 0),
                forked.get(node, 0),
                "" if order is None else f"{when(order.at_ms)}　{order.by}：{order.reason}",
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda row: (row.standing == "closed", row.kind != "窗口电脑", row.name)))


def waiting_by_origin(conn: Connection) -> dict[str, int]:
    """Late records that nobody has judged, by the machine that wrote them."""
    t, late = schema.record.c, schema.late.c
    query = select(t.origin, func.count()).join(schema.late, late.id == t.id).where(late.verdict == "waiting")
    return {origin: count for origin, count in conn.execute(query.group_by(t.origin))}


def held_rows(conn: Connection, node: str) -> tuple[HeldRow, ...]:
    d, c, t = schema.dossier.c, case_file.c, ticket.c
    number = func.coalesce(t.number, visit.c.number).label("number")
    query = (
        select(d.id, d.kind, d.offered_to, c.case_no, c.item_name, number, t.matter)
        .join(case_file, c.dossier == d.id, isouter=True)
        .join(ticket, t.dossier == d.id, isouter=True)
        .join(visit, visit.c.dossier == d.id, isouter=True)
        .where(d.owner == node, d.kind != "machine")
        .order_by(d.kind, d.id)
        .limit(MOST_LISTED)
    )
    return tuple(
        HeldRow(
            r.id, kind_zh(r.kind), f"{r.case_no or r.number or ''}　{r.item_name or r.matter or ''}".strip("　"),
            r.offered_to is not None,
        )
        for r in conn.execute(query)
    )  # fmt: skip


def when(ms: int) -> str:
    return f"{china_time(datetime.fromtimestamp(ms / 1000, UTC)):%m-%d %H:%M}"
