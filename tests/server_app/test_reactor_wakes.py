"""What wakes the reactor: a hall that only gives out numbers and calls them leaves it nothing to do."""

import threading
import time
from collections.abc import Iterator, Sequence

import pytest

from hall.journal.facts import DossierMoved
from hall.journal.projection import Recorded
from hall.queueing import commands as cmd
from hall.queueing import handlers
from hall.queueing.model import Outcome
from server_app.reactors.settling import Reactor, gives_work
from tests.hall.builders import Machine, fresh, machine


@pytest.fixture
def node() -> Iterator[Machine]:
    one = machine("node-1", "hall")
    yield one
    one.store.close()


def working(recorded: Sequence[Recorded], me: str) -> set[str]:
    return {r.env.type for r in recorded if gives_work(r, me)}


def test_a_number_and_its_call_give_no_work(node: Machine) -> None:
    seen: list[Recorded] = []
    node.store.subscribe(seen.extend)
    node.ticket()
    node.call_next("pc-1")
    assert {r.env.type for r in seen} == {"dossier.opened", "ticket.issued", "ticket.called", "dossier.moved"}
    assert working(seen, "node-1") == set()


def test_a_ticket_that_comes_back_gives_work(node: Machine) -> None:
    ticket = node.serving()
    seen: list[Recorded] = []
    node.store.subscribe(seen.extend)
    node.do(cmd.FinishTicket(fresh("c"), ticket, "w1", Outcome.ACCEPTED), handlers.finish)
    node.append(ticket, DossierMoved("pc-2", "ask"))
    assert working(seen, "node-1") == {"ticket.done"}
    assert working(seen, "pc-2") == {"ticket.done", "dossier.moved"}


def test_a_case_that_goes_elsewhere_gives_work(node: Machine) -> None:
    """An errand at the node follows its case."""
    case = node.draft()
    seen: list[Recorded] = []
    node.store.subscribe(seen.extend)
    node.append(case, DossierMoved("centre", "ask"))
    assert working(seen, "node-1") == {"dossier.moved"}


def test_it_rests_between_looks_and_sees_the_last_commit(
    node: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Commits without end, as while a week is taken in."""
    reactor, looks, seen = Reactor(node.store, lambda *_: False, None), [0], threading.Event()

    def look() -> int:
        looks[0] += 1
        time.sleep(0.02)
        if last.is_set():
            seen.set()
        return 0

    last = threading.Event()
    monkeypatch.setattr(reactor, "settle", look)
    reactor.start()
    until = time.monotonic() + 0.6
    while time.monotonic() < until:
        reactor.wake()
        time.sleep(0.001)
    last.set()
    reactor.wake()
    assert seen.wait(20)
    reactor.stop()
    assert looks[0] <= 9, "without rests it would be some thirty"
