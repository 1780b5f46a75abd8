"""The waiting order (R27) that the database keeps, against the rule as people read it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert

from hall.journal.ledger import Ledger
from hall.journal.schema import dossier
from hall.queueing import views
from hall.queueing.model import Priority, TicketState
from hall.queueing.tables import ticket, visit
from tests.hall.builders import DAY, Machine, machine

QUEUES = ("q1", "q2", "q3")


@dataclass(frozen=True)
class InLine:
    id: str
    seq: int
    queue: str
    priority: Priority
    on_top: bool
    forwarded: bool
    since_ms: int
    state: TicketState
    today: bool
    owner: str
    slip_served: bool


def often(usual: object, other: object) -> st.SearchStrategy[object]:
    return st.sampled_from((usual,) * 7 + (other,))


lines = st.lists(
    st.builds(
        InLine,
        id=st.uuids().map(str), seq=st.integers(1, 10_000), queue=st.sampled_from(QUEUES),
        priority=st.sampled_from((Priority.NONE, Priority.NONE, Priority.ELDER)),
        on_top=st.booleans(), forwarded=st.booleans(),
        since_ms=st.integers(0, 3), state=often(TicketState.WAITING, TicketState.MISSED),
        today=often(True, False), owner=often("node", "pc-1"), slip_served=often(False, True),
    ),
    unique_by=lambda t: t.seq,
    max_size=20,
)  # fmt: skip
some_queues = st.sets(st.sampled_from(QUEUES)).map(lambda found: tuple(sorted(found)))


def rank(t: InLine, prior: tuple[str, ...]) -> tuple[int, int, int, int]:
    """Prior queues first; then priority, put on top by hand, forwarded, ordinary; then time, then number."""
    marks = (t.priority is not Priority.NONE, t.on_top, t.forwarded, True)
    return (0 if t.queue in prior else 1, marks.index(True), t.since_ms, t.seq)


@pytest.fixture(scope="module")
def node() -> Iterator[Machine]:
    one = machine("node", "hall")
    yield one
    one.store.close()


def _fill(ledger: Ledger, line: list[InLine]) -> None:
    for table in (ticket, dossier, visit):
        ledger.conn.execute(delete(table))
    for t in line:
        day = DAY if t.today else DAY - timedelta(days=1)
        ledger.conn.execute(
            insert(ticket).values(
                dossier=t.id, number=f"A{t.seq}", series="A", seq=t.seq, business_day=day.isoformat(),
                queue=t.queue, queue_name="", matter="", priority=t.priority.value, source="kiosk",
                device="k", away=False, state=t.state.value, calls=t.seq % 3, epoch=0, on_top=t.on_top,
                forwarded=t.forwarded, reactivated=False, legs=1, issued_ms=0, since_ms=t.since_ms,
            )
        )  # fmt: skip
        ledger.conn.execute(
            insert(dossier).values(id=t.id, kind="ticket", scope="queue", owner=t.owner, token="0.0.0:", n=2)
        )
        if t.slip_served:
            ledger.conn.execute(
                insert(visit).values(
                    dossier=f"v-{t.id}", ticket=t.id, number="", window=1, staff="", session="", started_ms=0
                )
            )


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(line=lines, queues=st.just(QUEUES) | some_queues, prior=some_queues)
def test_the_database_keeps_the_order_of_the_line(
    node: Machine, line: list[InLine], queues: tuple[str, ...], prior: tuple[str, ...]
) -> None:
    node.write(lambda ledger: _fill(ledger, line))
    due = [
        t for t in line
        if t.state is TicketState.WAITING and t.today and not t.slip_served and t.queue in queues
    ]  # fmt: skip
    due.sort(key=lambda t: rank(t, prior))
    assert [row.id for row in node.look(views.waiting, DAY, queues, prior)] == [t.id for t in due]
    first = next((t for t in due if t.owner == "node"), None)
    found = node.look(views.next_in_line, DAY, queues, prior, "node")
    assert found == (None if first is None else views.NextInLine(first.id, first.seq % 3))
