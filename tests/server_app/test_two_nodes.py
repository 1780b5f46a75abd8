"""Which node of a pair serves, by what it has heard; the moment in which the standby takes over."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from typing import Any, cast

import pytest
from sqlalchemy import select

from hall.journal import schema
from hall.journal.facts import ClaimAnswered, DossierOffered
from hall.journal.ledger import Ledger
from hall.journal.refusal import Refusal
from hall.queueing import commands as cmd
from hall.queueing import handlers
from hall.queueing import pair_views as pair
from hall.queueing import views as queue
from hall.queueing.model import TicketState
from hall.queueing.pair_views import CalledTicket
from hall.reference import Reference
from server_app.standby.live import StandbyRoom
from server_app.standby.model import Known, next_epoch, own_epoch
from server_app.standby.taking_over import CALLED_BEFORE_ZH, Order, take_over
from sync import claims
from sync.access import ChildAccess
from sync.gate import NotServing
from sync.signing import new_signing_key
from sync.wire import ClaimAnswer, record_bytes
from tests.hall.builders import DAY, Machine, carry, fresh, machine
from tests.server_app.two_nodes_bench import KIOSK, NODE, PC, STANDBY, Bench, says

ORDER = Order("m1", "大厅节点主机断电")
WINDOW = ChildAccess(PC, b"", "terminal", frozenset({"hall", "queue"}), frozenset({PC}))
OTHER = ChildAccess(STANDBY, b"", "hall", frozenset({"hall"}), frozenset({STANDBY, PC}))


# -- rules ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known", "mine"),
    [
        (Known(NODE, STANDBY, first=True), True),
        (Known(STANDBY, NODE, first=False), False),
        (Known(NODE, STANDBY, first=True, epoch=1, opened_by=NODE), True),
        (Known(NODE, STANDBY, first=True, epoch=2, opened_by=STANDBY), False),
        (Known(STANDBY, NODE, first=False, epoch=2, opened_by=STANDBY), True),
        (Known(NODE, STANDBY, first=True, epoch=1, opened_by=NODE, told=2), False),
        (Known(NODE, STANDBY, first=True, epoch=1, opened_by=NODE, claimed=2), False),
        (Known(NODE, STANDBY, first=True, epoch=4, opened_by="a machine before"), True),
    ],
)
def test_who_serves_by_what_is_known(known: Known, mine: bool) -> None:
    assert known.mine is mine


def test_two_nodes_that_never_met_cannot_open_the_same_epoch() -> None:
    first = {next_epoch(seen, first=True) for seen in range(50)}
    second = {next_epoch(seen, first=False) for seen in range(50)}
    assert not first & second
    assert [next_epoch(seen, first=False) for seen in (1, 2, 3)] == [2, 4, 4]
    assert [own_epoch(asked, first=True) for asked in (1, 2, 3)] == [1, 3, 3]


# -- one node ------------------------------------------------------------------------------------------------


@pytest.fixture
def node() -> Iterator[Bench]:
    bench = Bench(NODE, first=True)
    yield bench
    bench.close()


@pytest.fixture
def standby() -> Iterator[Bench]:
    bench = Bench(STANDBY, first=False)
    yield bench
    bench.close()


def test_a_node_that_hears_nobody_serves_reads_only(node: Bench) -> None:
    assert node.step() == "waiting"
    for path in ("/v1/hello", "/v1/push", "/v1/queue/state"):
        node.station.admit(WINDOW, "POST", path)
    node.station.admit(WINDOW, "GET", "/v1/feed/hall")
    for path in ("/v1/claims", "/v1/queue/next", "/v1/queue/issue", "/v1/papers/number"):
        with pytest.raises(NotServing, match="正在确认"):
            node.station.admit(WINDOW, "POST", path)


@pytest.mark.parametrize("who", ["terminal", "centre", "other"])
def test_whoever_is_heard_first_lets_it_serve(node: Bench, who: str) -> None:
    node.open_day(1)
    node.station = node.started(first=True)
    assert node.station.mode == "waiting"
    if who == "terminal":
        node.station.heard(WINDOW, 1)
    elif who == "centre":
        node.centre.says = says("c1", "serving", 1, NODE)
    else:
        node.other.says = says(STANDBY, "standby", 1, NODE)
    assert node.step() == "serving"
    node.station.admit(WINDOW, "POST", "/v1/claims")
    assert node.changes == 1


@pytest.mark.parametrize("who", ["terminal", "centre", "other"])
def test_a_higher_epoch_makes_it_stand_by_whoever_tells(node: Bench, who: str) -> None:
    node.open_day(1)
    node.station = node.started(first=True)
    if who == "terminal":
        node.station.heard(WINDOW, 2)
    elif who == "centre":
        node.centre.says = says("c1", "serving", 2, STANDBY)
    else:
        node.other.says = says(STANDBY, "serving", 2, STANDBY)
    assert node.step() == "standby"
    with pytest.raises(NotServing, match="备用节点"):
        node.station.admit(WINDOW, "POST", "/v1/hello")


def test_a_serving_node_stops_at_the_first_word_of_a_higher_epoch(node: Bench) -> None:
    node.station.heard(WINDOW, 0)
    assert node.station.mode == "serving"
    node.station.heard(OTHER, 2)
    assert node.station.mode == "standby"


@pytest.mark.parametrize(
    ("who", "epoch"), [("kiosk", 2), ("kiosk", 2**61), ("window", 2**61), ("window", 3), ("window", 2)]
)
def test_a_terminals_word_against_the_other_nodes_stops_nobody(node: Bench, who: str, epoch: int) -> None:
    node.open_day(1)
    node.station = node.started(first=True)
    node.station.heard(WINDOW, 1)
    if (who, epoch) == ("window", 2):
        node.other.says = says(STANDBY, "standby", 1, NODE)
    node.station.heard(
        WINDOW if who == "window" else replace(WINDOW, scopes=frozenset({"queue", "own"})), epoch
    )
    assert [node.step(), node.step()] == ["serving", "serving"]
    assert node.station.standing(WINDOW).epoch == 1


def test_a_window_is_believed_while_the_other_node_is_silent(node: Bench) -> None:
    node.open_day(1)
    node.station = node.started(first=True)
    node.station.heard(WINDOW, 1)
    node.station.heard(WINDOW, 2)
    assert node.step() == "standby", "a cut cable has left it alone, and the window comes from the other side"
    node.other.says = says(STANDBY, "standby", 1, NODE)
    assert [node.step(), node.step()][-1] == "serving", "it was not true"


def test_a_day_that_it_opened_a_moment_ago_is_no_other_machines(node: Bench) -> None:
    node.station.heard(WINDOW, 0)
    node.open_day(1)
    node.station.heard(WINDOW, 1)
    assert node.station.mode == "serving"


def test_when_the_standby_gives_up_the_node_goes_on(node: Bench) -> None:
    node.open_day(1)
    node.station = node.started(first=True)
    node.station.heard(WINDOW, 1)
    node.other.says = says(STANDBY, "promoting", 2, NODE)
    assert node.step() == "standby"
    node.other.says = says(STANDBY, "standby", 1, NODE)
    assert [node.step(), node.step()][-1] == "serving"


def test_a_person_may_say_serve_anyway_with_a_reason(node: Bench) -> None:
    with pytest.raises(Refusal, match="理由"):
        node.station.serve_unheard(Order("m1", " "))
    node.station.serve_unheard(ORDER)
    assert node.station.mode == "serving"
    node.station.heard(WINDOW, 2)
    node.step()
    with pytest.raises(Refusal, match="接替"):
        node.station.serve_unheard(ORDER)


def test_a_standby_without_a_copy_takes_nothing_over(standby: Bench) -> None:
    assert standby.step() == "standby"
    with pytest.raises(Refusal, match="没有抄到"):
        standby.station.order(ORDER)


def test_it_waits_for_terminals_for_a_while_and_then_goes_on(standby: Bench) -> None:
    standby.open_day(1)
    standby.station = standby.started(first=False)
    # as the feed would have brought it from the node
    standby.station._known = Known(STANDBY, NODE, first=False, epoch=1, opened_by=NODE)
    standby.station.mode = "standby"
    standby.unheard = {KIOSK}
    seen: list[tuple[str, int, int, int]] = []
    standby.other.on_asked = lambda: seen.append(_brief(standby))
    standby.station._take_over(ORDER)
    assert seen[0] == ("promoting", 2, 1, 2)
    assert standby.other.asked[0] == 2, "a node that still lives is told first"
    assert standby.station.mode == "serving"
    replaced = standby.here.look(pair.replaced, STANDBY)
    assert replaced is not None
    assert (replaced.epoch, replaced.by, replaced.unheard) == (2, "m1", (KIOSK,))
    assert standby.here.look(pair.opened_last) == (2, STANDBY)


def _brief(bench: Bench) -> tuple[str, int, int, int]:
    now = bench.station.standing(WINDOW)
    return now.mode, now.epoch, now.heard, now.expected


def test_the_former_nodes_tail_ends_the_wait_for_document_numbers(standby: Bench) -> None:
    standby.open_day(1)
    standby.station._known = Known(STANDBY, NODE, first=False, epoch=1, opened_by=NODE)
    standby.unheard = {NODE}
    standby.station._take_over(ORDER)
    standby.step()
    assert standby.here.look(pair.tail_missing, STANDBY)
    standby.unheard = set()
    standby.step()
    assert not standby.here.look(pair.tail_missing, STANDBY)


# -- the moment ----------------------------------------------------------------------------------------------


@pytest.fixture
def three() -> Iterator[tuple[Machine, Machine, Machine]]:
    """A node with an open day, its standby, and a window."""
    found = machine(NODE, "hall"), machine(STANDBY, "hall"), machine(PC)
    found[0].do(cmd.OpenDay(fresh("c"), DAY, 1, "hall"), handlers.open_day)
    yield found
    for one in found:
        one.store.close()


def take(standby: Machine, seen: tuple[CalledTicket, ...] = ()) -> None:
    standby.write(lambda ledger: take_over(ledger, ORDER, peer=NODE, epoch=2, day=DAY, unheard=(), seen=seen))


def test_what_the_node_owned_is_the_standbys_and_offers_stand(
    three: tuple[Machine, Machine, Machine],
) -> None:
    node, standby, _ = three
    ticket, case = node.ticket(), node.received()
    node.append(case, DossierOffered("market@county"))
    carry(node, standby)
    take(standby)
    for dossier in (ticket, case):
        row = standby.held(dossier)
        assert row is not None
        assert (row.owner, row.token.hall) == (STANDBY, 1)
    offered = standby.held(case)
    assert offered is not None
    assert offered.offered_to == "market@county"
    own = standby.held(f"machine-{NODE}")
    assert own is not None
    assert own.owner == NODE, "a machine's own dossier never moves"


def test_a_claim_that_the_node_answered_last_is_kept(three: tuple[Machine, Machine, Machine]) -> None:
    """The standby has heard neither the call nor the move; the window brings its receipt."""
    node, standby, pc = three
    ticket = node.ticket()
    carry(node, standby)
    answer, public = called_to_the_window(node, ticket)
    pc.write(lambda ledger: claims.take(ledger, answer, NODE, public, "w1"))
    bring_receipts(pc, standby, {NODE: public})
    take(standby)
    row = standby.held(ticket)
    assert row is not None
    assert row.owner == PC
    assert state(standby, ticket) is TicketState.CALLED


def test_a_move_whose_beginning_is_missing_is_not_seized(three: tuple[Machine, Machine, Machine]) -> None:
    node, standby, _pc = three
    ticket = node.ticket()
    carry(node, standby)
    answer, public = called_to_the_window(node, ticket)
    # the window brings the move only
    noted = receipt(answer)
    standby.write(lambda ledger: claims.recover(ledger, noted, {NODE: public}))
    take(standby)
    row = standby.held(ticket)
    assert row is not None
    assert row.owner == NODE, "it lies with a window, and nobody calls it"


def test_a_call_that_only_a_display_has_seen_is_not_made_again(
    three: tuple[Machine, Machine, Machine],
) -> None:
    node, standby, _ = three
    called, waiting = node.ticket(), node.ticket()
    carry(node, standby)
    take(
        standby,
        (CalledTicket(called, 4, 3, "3号窗口", "w3", 1, 1), CalledTicket(waiting, 1, 3, "", "", 1, 1)),
    )
    assert state(standby, called) is TicketState.MISSED
    assert state(standby, waiting) is TicketState.WAITING, "what it told was nothing new"
    assert [row.id for row in standby.look(queue.missed, DAY)] == [called]
    assert CALLED_BEFORE_ZH in standby.look(last_reason, called)


def test_receipts_of_other_signers_are_no_receipts(three: tuple[Machine, Machine, Machine]) -> None:
    node, standby, _ = three
    ticket = node.ticket()
    carry(node, standby)
    answer, _public = called_to_the_window(node, ticket)
    noted = receipt(answer)
    another = new_signing_key()[1]
    assert not standby.write(lambda ledger: claims.recover(ledger, noted, {NODE: another}))
    assert not standby.write(lambda ledger: claims.recover(ledger, noted, {STANDBY: another}))


def called_to_the_window(node: Machine, ticket: str) -> tuple[ClaimAnswer, bytes]:
    """The node's answer, and the key that tells it is the node's."""
    private, public = new_signing_key()
    node.call_next(PC)
    with node.store.read() as conn:
        given = claims.parcel(conn, ticket, PC, 0)
    return claims.signed_answer(given, "ask-1", ticket, NODE, private), public


def receipt(answer: ClaimAnswer) -> ClaimAnswered:
    """As an asker keeps it that knows no more than the move."""
    digest = claims.parcel_digest([record_bytes(text) for text in answer.records])
    return ClaimAnswered(answer.ask, answer.dossier, NODE, answer.moved, answer.signature, digest, ())


def state(m: Machine, ticket: str) -> TicketState:
    row = m.look(queue.ticket_by_id, ticket)
    assert row is not None
    found: TicketState = row.state
    return found


def last_reason(conn: Any, ticket: str) -> str:
    raw = conn.exec_driver_sql(
        "SELECT raw FROM record WHERE dossier = ? ORDER BY pos DESC LIMIT 1", (ticket,)
    ).scalar()
    return bytes(raw).decode()


def bring_receipts(pc: Machine, standby: Machine, signers: dict[str, bytes]) -> None:
    """What the push of a terminal does: its own records, and the receipts among them are taken in."""
    t = schema.record.c
    with pc.store.read() as conn:
        raws = [bytes(r.raw) for r in conn.execute(select(t.raw).where(t.origin == PC).order_by(t.pos))]

    def push(ledger: Ledger) -> None:
        for raw in raws:
            ledger.admit(raw, PC)
        for done in tuple(ledger.recorded):
            if isinstance(done.event, ClaimAnswered):
                claims.recover(ledger, done.event, signers)

    standby.write(push)


@pytest.mark.parametrize(("kind", "heard"), [("kiosk", False), ("display", True), ("counter", True)])
def test_a_kiosk_tells_nobody_who_was_called(standby: Bench, kind: str, heard: bool) -> None:
    """Whom it named would stand among the missed and wait in vain."""
    room = StandbyRoom(standby.station, cast(Reference, None))
    one = {
        "ticket": "t1",
        "n": 4,
        "window": 3,
        "window_name": "3号窗口",
        "staff": "w3",
        "calls": 1,
        "epoch": 1,
    }
    told = room.called(replace(WINDOW, kind=kind), {"command_id": "c1", "tickets": [one]})
    with nullcontext() if heard else pytest.raises(Refusal):
        asyncio.run(told)
    assert list(standby.station._seen) == (["t1"] if heard else [])


def test_two_nodes_that_ask_each_other_do_not_wake_each_other(node: Bench) -> None:
    """Each question is a word of the other node; as a reason to ask at once it made both ask without end."""
    node.open_day(1)
    node.other.says = says(STANDBY, "standby", 1, NODE)
    asked_twice = threading.Event()
    node.station = node.started(first=True)

    def asks_back() -> None:
        node.station.heard(OTHER, 1)
        if len(node.other.asked) > 3:
            asked_twice.set()

    node.other.on_asked = asks_back
    node.station.start()
    assert (asked_twice.wait(1.0), node.station.mode) == (False, "serving")
