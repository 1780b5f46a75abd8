"""The node dies, the standby takes its place, the node comes back: real processes, no screens."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from hall.journal.refusal import Refusal
from hall.queueing.model import TicketState
from hall.reference import Reference, load_reference
from sync.child import ParentAway
from sync.link import Credentials
from sync.other_node import OtherNode
from sync.wire import ModeAnswer
from ui.resource_files import resource_path
from yichuang.failover.site import Machine, PairSite, pair_site
from yichuang.failover.terminals import Display, Kiosk, Terminal, Window, serves, until

pytestmark = pytest.mark.system

MANAGER_REASON = "大厅节点主机断电"


class Hall:
    """All machines of the site, opened as a test needs them."""

    def __init__(self, site: PairSite, ref: Reference) -> None:
        self.site, self.ref = site, ref
        manager = next(s for s in ref.people.staff if any(r.value == "hall_manager" for r in s.roles))
        self.manager = manager.id
        self.open: list[Terminal] = []
        self.windows: list[Window] = []

    def begin(self) -> None:
        """Everything runs and hears each other; the node serves and the standby has its copy."""
        site = self.site
        if site.has_centre:
            site.start(site.centre)
        site.start(site.node)
        site.start(site.standby)
        self.windows = [Window(m, self.ref) for m in site.windows]
        self.kiosk, self.display = Kiosk(site.kiosk, self.ref), Display(site.display, self.ref)
        self.open = [*self.windows, self.kiosk, self.display]
        for terminal in self.open:
            until(lambda t=terminal: t.up_now and t.epoch() == 1, f"{terminal.machine.name} is up")  # type: ignore[misc]
        until(self.standby_has_copy, "the standby has a copy")

    def standby_has_copy(self) -> bool:
        pair = self.windows[0].home.ask_other()
        return pair is not None and pair.other is not None and pair.other.copy_ms is not None

    def standby_has_answered(self) -> bool:
        pair = self.windows[1].home.ask_other()
        return pair is not None and pair.other is not None and pair.other.mode == "standby"

    def promote(self, window: Window) -> None:
        """Press the button and wait until the hall goes on."""
        window.home.order_take_over("order-1", self.manager, MANAGER_REASON)
        until(lambda: serves(window) == self.site.standby.node_id, "the standby serves")

    def leave_node_with(self, window: Window) -> None:
        """Everybody else loses the node, and these two lose the standby."""
        site = self.site
        for machine in (site.standby, *site.terminals):
            if machine is not window.machine:
                site.cut(machine, site.node)
        site.cut(window.machine, site.standby)
        site.cut(site.node, site.standby)

    def all_home(self) -> None:
        """Everybody has found the standby and told it all."""
        for t in self.open:
            until(
                lambda t=t: serves(t) == self.site.standby.node_id and t.all_sent, f"{t.machine.name} is home"
            )  # type: ignore[misc]

    def mode(self, machine: Machine) -> str:
        """What one of the two nodes says of itself."""
        told = self.asked(machine)
        return "" if told is None else told.mode

    def asked(self, machine: Machine) -> ModeAnswer | None:
        with closing(
            OtherNode(self.kiosk.store, self._credentials(machine), base_url=machine.above.url)
        ) as line:
            return line.mode(0)

    def shown(self) -> dict[str, set[str]]:
        """By number, the windows that the display has called it to until now."""
        self.display.look()
        return self.display.windows_of()

    def _credentials(self, machine: Machine) -> Credentials:
        asker = self.site.kiosk
        return Credentials(asker.node_id, asker.keys[0], machine.node_id, machine.keys[1])

    def close(self) -> None:
        for terminal in self.open:
            terminal.close()


@pytest.fixture(scope="module")
def ref() -> Reference:
    return load_reference(resource_path(), "changji")


@contextmanager
def opened(folder: Path, ref: Reference, **how: bool) -> Iterator[Hall]:
    with pair_site(folder, lines=True, **how) as site:
        found = Hall(site, ref)
        try:
            yield found
        finally:
            found.close()


@pytest.fixture
def hall(tmp_path: Path, ref: Reference) -> Iterator[Hall]:
    with opened(tmp_path, ref) as found:
        yield found


@pytest.fixture
def alone(tmp_path: Path, ref: Reference) -> Iterator[Hall]:
    """No centre that both nodes could hear."""
    with opened(tmp_path, ref, centre=False) as found:
        yield found


def test_the_standby_takes_the_place_of_a_dead_node(hall: Hall) -> None:
    hall.begin()
    first, second = hall.windows
    numbers = [hall.kiosk.take_number() for _ in range(3)]
    assert [n.number for n in numbers] == ["A001", "A002", "A003"]
    called = first.call_next()
    hall.site.kill(hall.site.node)

    away = hall.kiosk.take_number()
    assert away.away
    assert away.number.startswith("V")
    with pytest.raises(ParentAway):
        second.call_next()
    # meanwhile windows go on with whom they have, and with whoever shows a slip
    first.start(called)
    by_slip = numbers[1].code.split(":")[2]
    second.serve_slip(by_slip, numbers[1].number)
    hall.promote(second)

    hall.all_home()
    until(
        lambda: hall.display.ticket(by_slip).state is TicketState.DONE, "who was served by slip is not called"
    )  # type: ignore[union-attr]
    following = second.call_next()
    ticket = second.ticket(following)
    assert ticket is not None
    assert ticket.epoch == 2
    assert following == numbers[2].code.split(":")[2]
    assert hall.kiosk.take_number().number == "A500", "the standby has numbers of its own"
    first.finish(called)
    until(lambda: first.owner(called) == hall.site.standby.node_id, "a finished ticket rests at the new node")


def test_a_node_that_lives_on_in_a_corner_of_the_hall(alone: Hall) -> None:
    alone.begin()
    site, (first, second) = alone.site, alone.windows
    alone.kiosk.take_number()
    until(lambda: all(len(t.waiting()) == 1 for t in alone.open), "the number is heard of")
    alone.leave_node_with(first)
    in_the_corner = first.issue()
    called = first.call_next()
    first.start(called)
    alone.promote(second)
    assert alone.mode(site.node) == "serving", "nobody could tell it"
    for terminal in (second, alone.kiosk, alone.display):
        until(lambda t=terminal: serves(t) == site.standby.node_id and t.all_sent, "home")  # type: ignore[misc]
    outside = alone.kiosk.take_number()
    numbers = [in_the_corner["number"], *(g.number for g in alone.kiosk.given)]
    assert numbers == ["A002", "A001", "A500"]
    again = second.call_next()
    assert again == called, "the standby could not know that this person is being served"
    until(lambda: alone.shown() == {"A001": {"2号窗口"}}, "the display shows the new node's call only")

    site.heal()
    until(lambda: alone.mode(site.node) == "standby", "it hears that it was replaced")
    alone.all_home()
    with pytest.raises(Refusal):
        first.finish(called)
    corner = str(in_the_corner["ticket"])
    until(lambda: second.owner(corner) == site.standby.node_id, "what it gave out waits at the new node")
    assert {second.call_next(), second.call_next()} == {corner, outside.code.split(":")[2]}
    until(lambda: alone.shown() == {n: {"2号窗口"} for n in numbers}, "nobody was called to two windows")


def test_the_old_node_returns_with_what_nobody_had_heard(hall: Hall) -> None:
    hall.begin()
    site, (first, second) = hall.site, hall.windows
    # the standby's line is bad all morning
    site.cut(site.standby, site.node)
    known, unknown = hall.kiosk.take_number(), first.issue()
    called = first.call_next()
    assert called == known.code.split(":")[2]
    first.start(called)
    site.kill(site.node)
    hall.promote(second)
    hall.all_home()
    assert second.owner(called) == first.store.identity.node_id, "the answer to the claim was collected"
    assert hall.kiosk.take_number().number == "A500"
    site.heal()
    site.start(site.node)
    until(lambda: hall.mode(site.node) == "standby", "the old node stands by")
    first.finish(called)
    until(lambda: second.owner(called) == site.standby.node_id, "a finished ticket rests at the new node")
    until(lambda: second.owner(str(unknown["ticket"])) == site.standby.node_id, "and what only it had known")
    assert hall.mode(site.standby) == "serving"
    # both ways: the old node can take its place again
    until(lambda: (told := hall.asked(site.node)) is not None and told.copy_ms is not None, "it has a copy")
    second.home.order_take_over("order-2", hall.manager, "主机已修好")
    until(lambda: serves(second) == site.node.node_id and second.epoch() == 3, "the first node serves again")
    until(lambda: hall.mode(site.standby) == "standby", "and the standby stands by")
    assert second.call_next() == str(unknown["ticket"])


def test_a_standby_that_dies_while_it_takes_over_can_be_asked_again(alone: Hall) -> None:
    alone.begin()
    site, (first, second) = alone.site, alone.windows
    alone.kiosk.take_number()
    until(lambda: all(len(t.waiting()) == 1 for t in alone.open), "the number is heard of")
    # a kiosk that cannot come makes it wait for its ten seconds
    site.cut(site.kiosk, site.standby)
    site.kill(site.node)
    second.home.order_take_over("order-1", alone.manager, MANAGER_REASON)
    until(lambda: second.home.parent_id == site.standby.node_id, "the window goes there")
    site.kill(site.standby)
    assert serves(second) == site.node.node_id, "it had not begun to serve"
    site.start(site.standby)
    until(
        lambda: second.home.parent_id == site.node.node_id, "the window goes back to whom its journal names"
    )
    site.heal()
    until(alone.standby_has_answered, "the standby is there")
    alone.promote(second)
    alone.all_home()
    assert first.call_next()
