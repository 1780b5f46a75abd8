"""Two nodes of one hall: numbers that cannot meet, calls in the present epoch, who serves, what a former node owns."""

from contextlib import closing
from dataclasses import replace
from itertools import pairwise

import pytest

from hall.intake import commands as intake_cmd
from hall.intake.packages import draw_number
from hall.journal.ledger import Ledger
from hall.journal.machine import machine_dossier
from hall.journal.refusal import Refusal
from hall.queueing import commands as cmd
from hall.queueing import events as ev
from hall.queueing import handlers, model, views
from hall.queueing import pair_views as pair
from hall.queueing.model import Outcome
from tests.hall.builders import DAY, Machine, carry, fresh, machine


def test_the_two_nodes_never_give_the_same_number() -> None:
    given_by: dict[int, list[int]] = {0: [], 1: []}
    for turn, seqs in given_by.items():
        last = 0
        for _count in range(1200):
            last = model.next_in_turn(last, turn)
            seqs.append(last)
        assert all(a < b for a, b in pairwise(seqs))
    assert not set(given_by[0]) & set(given_by[1])
    assert (given_by[0][:2], given_by[1][:2]) == ([1, 2], [500, 501])


def test_a_number_follows_the_own_ones_only(hall: Machine) -> None:
    def issue(turn: int) -> str:
        row = hall.look(views.ticket_by_id, hall.ticket(turn=turn))
        assert row is not None
        return str(row.number)

    assert [issue(turn) for turn in (0, 1, 0, 1, 0)] == ["A001", "A500", "A002", "A501", "A003"]


def test_a_number_is_called_again_in_the_epoch_of_the_node_that_serves_now(hall: Machine) -> None:
    ticket = hall.ticket()
    hall.do(cmd.CallThis(fresh("c"), ticket, 1, "1号窗口", "w1", hall.id, 1), handlers.call_this)
    hall.do(cmd.OpenDay(fresh("c"), DAY, 2, "w1"), handlers.open_day)
    hall.do(cmd.Recall(fresh("c"), ticket, "w1"), handlers.recall)
    row = hall.look(views.ticket_by_id, ticket)
    assert row is not None
    assert row.epoch == 2, "displays do not show an earlier one"


def test_who_opened_the_highest_epoch_serves(hall: Machine) -> None:
    assert hall.look(pair.opened_last) is None
    hall.do(cmd.OpenDay(fresh("c"), DAY, 1, "w1"), handlers.open_day)
    with closing(machine("node-2", "hall").store) as store:
        standby = replace(hall, store=store, heard={})
        standby.do(cmd.OpenDay(fresh("c"), DAY, 2, "w1"), handlers.open_day)
        carry(standby, hall)
    assert hall.look(pair.opened_last) == (2, "node-2")
    assert hall.look(pair.opened_last, [hall.id]) == (1, hall.id)


def test_ended_numbers_stay_with_the_former_node(hall: Machine) -> None:
    waiting, over = hall.ticket(), hall.ticket()
    hall.do(cmd.CallThis(fresh("c"), over, 1, "1号窗口", "w1", hall.id, 1), handlers.call_this)
    hall.do(cmd.StartService(fresh("c"), over, "w1", "s1"), handlers.start_service)
    hall.do(cmd.FinishTicket(fresh("c"), over, "w1", Outcome.ACCEPTED), handlers.finish)
    case = hall.draft()
    assert hall.look(pair.open_at, hall.id) == (waiting, case)


def write_home(hall: Machine, event: ev.NodeReplaced | ev.TailHandedOver) -> None:
    def work(ledger: Ledger) -> None:
        ledger.append(machine_dossier(ledger, actor="m1"), event, actor="m1")

    hall.write(work)


def replaced(hall: Machine) -> None:
    write_home(hall, ev.NodeReplaced("node-0", 2, "m1", "断电", ("k1",)))


def test_document_numbers_wait_for_what_the_former_node_wrote_last(hall: Machine) -> None:
    def draw() -> None:
        hall.do(intake_cmd.DrawNumber(fresh("c"), "示市审批", "受字", 2026, "case-1", "w1"), draw_number)

    draw()
    replaced(hall)
    assert hall.look(pair.replaced, hall.id) == ev.NodeReplaced("node-0", 2, "m1", "断电", ("k1",))
    with pytest.raises(Refusal, match="文号还没有交接"):
        draw()

    write_home(hall, ev.TailHandedOver("node-0", 2, "hall", "已交接"))
    draw()
