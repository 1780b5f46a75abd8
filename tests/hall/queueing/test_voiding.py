"""Numbers of a machine that is lost for good: void by name, also those that nobody has heard of."""

from collections.abc import Iterator

import pytest

from hall.journal.ledger import Ledger
from hall.journal.refusal import Refusal
from hall.queueing import commands as cmd
from hall.queueing import handlers, views, voiding
from hall.queueing.model import TicketState
from tests.hall.builders import DAY, Machine, carry, differences_after_rebuild, fresh, machine
from tests.hall.journal.world import EVERYBODY, HallKeys

Hall = tuple[Machine, Machine, Machine]


@pytest.fixture
def hall() -> Iterator[Hall]:
    """A node with its day open, a kiosk, a window."""
    keys = HallKeys()
    machines = (machine("node-1", "hall", keys=keys), machine("k1", keys=keys), machine("w1", keys=keys))
    machines[0].do(cmd.OpenDay(fresh("c"), DAY, 1, "node"), handlers.open_day)
    yield machines
    for each in machines:
        assert differences_after_rebuild(each) == []
        each.store.close()


def void(node: Machine, ticket: str) -> bool:
    def work(ledger: Ledger) -> bool:
        ledger.seize(ticket, below=EVERYBODY, by="z1", reason="烧毁")
        return voiding.void_ticket(ledger, ticket, "1号自助机", by="z1", reason="烧毁")

    return bool(node.write(work))


def test_a_lost_kiosks_own_series_is_void_also_where_nobody_heard_of_it(hall: Hall) -> None:
    node, kiosk, window = hall
    known = kiosk.ticket(series="V", away=True)
    carry(kiosk, node)
    kiosk.ticket(series="V", away=True)
    assert void(node, known)
    for _ in range(2):
        node.write(lambda ledger: voiding.void_series(ledger, "k1", "1号自助机", by="z1"))
    found = node.look(voiding.voided, DAY)
    assert found == voiding.Voided(("V001",), (("V", 1),))
    assert voiding.notice_zh(found) == "已作废的号：V001、V 字头 V002 以后，请重新取号，先给您办"
    assert node.look(views.waiting, DAY) == ()
    carry(node, window)
    # a window without the node serves slips by themselves, but for these
    for number in ("V001", "V002", "V107"):
        serve = cmd.ServeSlip(fresh("c"), fresh("visit"), fresh("unknown"), number, 1, "s1", fresh("s"))
        with pytest.raises(Refusal, match="已经作废"):
            window.do(serve, handlers.serve_slip)
    good = cmd.ServeSlip(fresh("c"), fresh("visit"), fresh("unknown"), "A001", 1, "s1", fresh("s"))
    window.do(good, handlers.serve_slip)


def test_a_number_that_is_over_stays_as_it_ended(hall: Hall) -> None:
    node, kiosk, _ = hall
    ticket = kiosk.ticket(series="V", away=True)
    carry(kiosk, node)
    assert void(node, ticket)
    row = node.look(views.ticket_by_id, ticket)
    assert row.state is TicketState.EXPIRED
    assert not node.write(
        lambda ledger: voiding.void_ticket(ledger, ticket, "1号自助机", by="z1", reason="又一次")
    )
    assert node.look(voiding.voided, DAY).numbers == ("V001",)


def test_who_gave_no_numbers_of_its_own_voids_no_series(hall: Hall) -> None:
    node, kiosk, _ = hall
    kiosk.ticket()
    carry(kiosk, node)
    node.write(lambda ledger: voiding.void_series(ledger, "k1", "1号自助机", by="z1"))
    found = node.look(voiding.voided, DAY)
    assert found == voiding.Voided((), ())
    assert voiding.notice_zh(found) == ""
