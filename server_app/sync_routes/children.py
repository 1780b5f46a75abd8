"""Who may speak to this machine, from its join file, and what they may take."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import select

from hall.calendar.opening import china_time
from hall.intake import views as intake
from hall.intake.model import CaseState
from hall.intake.views import CaseRow
from hall.journal import closing, schema
from hall.journal.closing import Closed
from hall.journal.facts import OriginClosed
from hall.journal.kernel import DossierRow
from hall.journal.projection import Recorded
from hall.journal.refusal import Refusal
from hall.journal.store import Store
from server_app.reactors.resting import RESTS_ABOVE
from sync import feed
from sync.access import ChildAccess
from sync.claims import MayTake, default_may_take
from sync.join_file import Child

_SCOPES = {
    "counter": frozenset({feed.HALL, feed.QUEUE, feed.OWN}),
    "node": frozenset({feed.HALL, feed.QUEUE, feed.OWN}),
    "kiosk": frozenset({feed.QUEUE, feed.OWN}),
    "display": frozenset({feed.QUEUE, feed.OWN}),
}
_AT_THE_DESK = (CaseState.PRECHECK, CaseState.DISPATCHED, CaseState.REVIEWING, CaseState.SUSPENDED)


def children_of(joined: Iterable[Child]) -> dict[str, ChildAccess]:
    """By node id."""
    joined = list(joined)
    nodes = frozenset(c.node_id for c in joined if c.kind == "node")
    return {
        c.node_id: ChildAccess(
            node_id=c.node_id,
            public=bytes.fromhex(c.public),
            role="hall" if c.kind == "node" else "terminal",
            scopes=_SCOPES[c.kind],
            subtree=frozenset((c.node_id, *c.subtree)),
            nodes=nodes.intersection(c.subtree) - {c.node_id},
            kind=c.kind,
            hall_public=None if c.hall_public is None else bytes.fromhex(c.hall_public),
        )
        for c in joined
    }


class Enrolled(Mapping[str, ChildAccess]):
    """Those of the join file, without those that were closed since: they are known, and told why they are refused."""

    def __init__(self, joined: Iterable[Child], store: Store) -> None:
        self._known = children_of(joined)
        self._store = store
        self._lock = threading.Lock()
        self._closed: dict[str, str] = {}
        self._look()
        store.subscribe(self._heard)

    def __getitem__(self, node: str) -> ChildAccess:
        child, words = self._known[node], self._closed.get(node)
        return child if words is None else replace(child, revoked=True, closed=words)

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    def _heard(self, records: Sequence[Recorded]) -> None:
        if any(isinstance(each.event, OriginClosed) for each in records):
            self._look()

    def _look(self) -> None:
        with self._lock, self._store.read() as conn:
            self._closed = {told.machine: closed_words(told) for told in closing.closed(conn)}


def closed_words(one: Closed) -> str:
    """For the screen of the machine itself, should somebody switch it on again."""
    day = china_time(datetime.fromtimestamp(one.at_ms / 1000, UTC))
    return (
        f"这台电脑（{one.name}）已于 {day.month}月{day.day}日 {day:%H:%M} 由{one.by}停用：{one.reason}。"
        "不能再用它办业务。里面若有没送出的记录，都还在，请信息科用 U 盘导出，交到大厅节点由人认定。"
    )


def hall_of(children: Mapping[str, ChildAccess]) -> Callable[[str], str | None]:
    """At the centre: the hall node under which a machine stands; None for a machine of no hall."""

    def hall(machine: str) -> str | None:
        return next((c.node_id for c in children.values() if c.role == "hall" and machine in c.subtree), None)

    return hall


def home_of(store: Store, children: Mapping[str, ChildAccess]) -> Callable[[CaseRow], str | None]:
    """At the centre: which hall node brought a case, by the machine that opened it."""

    def home(row: CaseRow) -> str | None:
        if store.identity.role != "county":
            return None
        t = schema.record.c
        with store.read() as conn:
            origin = conn.scalar(select(t.origin).where(t.dossier == row.id, t.n == 1))
        nodes = (c.node_id for c in children.values() if c.role == "hall" and origin in c.subtree)
        return next(nodes, None)

    return home


def may_take_of(store: Store) -> MayTake:
    """A window takes nothing out of an officer's hands; it may call back what no desk has taken yet."""

    def may_take(row: DossierRow, asker_role: str, actor: str) -> Refusal | None:
        if row.kind == "case" and row.offered_to in (None, RESTS_ABOVE) and _waits_for_citizen(store, row.id):
            # at the centre it rests for whichever hall the citizen comes to; at the node it is on its way there
            return None
        if asker_role != "terminal" or row.kind != "case" or row.offered_to in ("hall", "window"):
            return default_may_take(row, asker_role, actor)
        with store.read() as conn:
            case = intake.case_by_id(conn, row.id)
        if case is None or case.state not in _AT_THE_DESK:
            return default_may_take(row, asker_role, actor)
        if row.offered_to is not None and case.state is CaseState.DISPATCHED:
            return None
        return Refusal("at_the_desk", f"这个办件在{case.desk.rpartition('@')[0]}办理中，窗口不能取回。")

    return may_take


def _waits_for_citizen(store: Store, case: str) -> bool:
    with store.read() as conn:
        row = intake.case_by_id(conn, case)
    return row is not None and row.state is CaseState.CORRECTION
