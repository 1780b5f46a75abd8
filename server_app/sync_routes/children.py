"""Who may speak to this machine, from its join file, and what they may take."""

from collections.abc import Callable, Iterable, Mapping

from sqlalchemy import select

from hall.intake import views as intake
from hall.intake.model import CaseState
from hall.intake.views import CaseRow
from hall.journal import schema
from hall.journal.kernel import DossierRow
from hall.journal.refusal import Refusal
from hall.journal.store import Store
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
    return {
        c.node_id: ChildAccess(
            node_id=c.node_id,
            public=bytes.fromhex(c.public),
            role="hall" if c.kind == "node" else "terminal",
            scopes=_SCOPES[c.kind],
            subtree=frozenset((c.node_id, *c.subtree)),
        )
        for c in joined
    }


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
