"""Commands of the queue on a real store: guards, order, slips, the business day."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hall.journal.refusal import NotSettled, Refusal
from hall.queueing import commands as cmd
from hall.queueing import handlers, views
from hall.queueing.model import Outcome, Priority, TicketState
from tests.hall.builders import DAY, Machine, carry, fresh, machine


def state(m: Machine, ticket: str) -> TicketState:
    row = m.look(views.ticket_by_id, ticket)
    assert isinstance(row, views.TicketRow)
    return row.state


def called_here(hall: Machine) -> str:
    ticket = hall.ticket()
    hall.do(cmd.CallThis(fresh("c"), ticket, 1, "1号窗口", "w1", hall.id, 1), handlers.call_this)
    return ticket


def missed_here(hall: Machine) -> str:
    ticket = called_here(hall)
    hall.do(cmd.MissTicket(fresh("c"), ticket, "w1", "群众要求"), handlers.miss)
    return ticket


def open_day(m: Machine, day: object, epoch: int = 1) -> None:
    m.do(cmd.OpenDay(fresh("c"), day, epoch, "w1"), handlers.open_day)  # type: ignore[arg-type]


def test_recall_three_times_then_missed(hall: Machine) -> None:
    ticket = called_here(hall)
    for _ in range(2):
        hall.do(cmd.Recall(fresh("c"), ticket, "w1"), handlers.recall)
    with pytest.raises(Refusal, match="已呼叫三次"):
        hall.do(cmd.Recall(fresh("c"), ticket, "w1"), handlers.recall)
    hall.do(cmd.MissTicket(fresh("c"), ticket, "w1", ""), handlers.miss)
    assert state(hall, ticket) is TicketState.MISSED


def test_missing_early_needs_a_reason(hall: Machine) -> None:
    ticket = called_here(hall)
    with pytest.raises(Refusal, match="写明原因"):
        hall.do(cmd.MissTicket(fresh("c"), ticket, "w1", " "), handlers.miss)
    assert state(hall, ticket) is TicketState.CALLED


def test_a_missed_number_comes_back_once(hall: Machine) -> None:
    ticket = missed_here(hall)
    hall.do(cmd.ReactivateTicket(fresh("c"), ticket, "w1"), handlers.reactivate)
    hall.do(cmd.CallThis(fresh("c"), ticket, 1, "1号窗口", "w1", hall.id, 1), handlers.call_this)
    hall.do(cmd.MissTicket(fresh("c"), ticket, "w1", "再次未到"), handlers.miss)
    with pytest.raises(Refusal, match="恢复过一次"):
        hall.do(cmd.ReactivateTicket(fresh("c"), ticket, "w1"), handlers.reactivate)


def test_a_number_missed_long_ago_and_three_numbers_back_stays_missed(hall: Machine) -> None:
    ticket = missed_here(hall)
    hall.hand_clock.later(minutes=31)
    for _ in range(3):
        missed_here(hall)
    with pytest.raises(Refusal, match="过号时间已久"):
        hall.do(cmd.ReactivateTicket(fresh("c"), ticket, "w1"), handlers.reactivate)


def test_yesterdays_number_is_no_number_today(hall: Machine) -> None:
    open_day(hall, DAY)
    missed, waiting = missed_here(hall), hall.ticket()
    open_day(hall, DAY + timedelta(days=1))
    for refuse in (
        lambda: hall.do(cmd.ReactivateTicket(fresh("c"), missed, "w1"), handlers.reactivate),
        lambda: hall.do(cmd.CallThis(fresh("c"), waiting, 1, "", "w1", hall.id, 1), handlers.call_this),
        lambda: hall.serve_slip(waiting),
    ):
        with pytest.raises(Refusal) as refused:
            refuse()
        assert refused.value.code == "other_day"


def test_a_person_who_fetches_a_paper_keeps_the_number(hall: Machine) -> None:
    ticket = hall.serving()
    hall.do(cmd.HoldTicket(fresh("c"), ticket, "w1", "取证件"), handlers.hold)
    hall.do(cmd.Recall(fresh("c"), ticket, "w1"), handlers.recall)
    hall.do(cmd.StartService(fresh("c"), ticket, "w1", "s2"), handlers.start_service)
    assert state(hall, ticket) is TicketState.SERVING


def test_transfer_keeps_the_number_and_goes_before_ordinary_ones(hall: Machine) -> None:
    ticket = hall.serving()
    waiting = hall.ticket(queue="q2")
    with pytest.raises(Refusal, match="已经在这个队列"):
        hall.do(cmd.TransferTicket(fresh("c"), ticket, "w1", "q1", "综合受理", "走错"), handlers.transfer)
    hall.do(cmd.TransferTicket(fresh("c"), ticket, "w1", "q2", "发证", "领证"), handlers.transfer)
    line = hall.look(views.waiting, DAY, ("q2",))
    assert [row.id for row in line] == [ticket, waiting]
    assert (line[0].number, line[0].legs) == ("A001", 2)


def test_priority_goes_before_put_on_top_before_time(hall: Machine) -> None:
    first, topped, elder = hall.ticket(), hall.ticket(), hall.ticket(priority=Priority.ELDER)
    with pytest.raises(Refusal, match="写明理由"):
        hall.do(cmd.PutOnTop(fresh("c"), topped, "m1", ""), handlers.put_on_top)
    hall.do(cmd.PutOnTop(fresh("c"), topped, "m1", "军人家属急事"), handlers.put_on_top)
    assert [row.id for row in hall.look(views.waiting, DAY)] == [elder, topped, first]


def test_prior_queues_are_called_first(hall: Machine) -> None:
    early, prior = hall.ticket(queue="q2"), hall.ticket(queue="q1")
    done = hall.call_next("pc-1", queues=("q1", "q2"), prior_queues=("q1",))
    assert {r.env.dossier for r in done.records} == {prior}
    assert state(hall, early) is TicketState.WAITING


def test_nobody_waiting_is_said(hall: Machine) -> None:
    with pytest.raises(handlers.NobodyWaiting, match="没有人在等候"):
        hall.call_next("pc-1")


def test_two_windows_never_call_one_number(hall: Machine) -> None:
    tickets = {hall.ticket() for _ in range(3)}
    called = [hall.call_next(f"pc-{n}", n).records[0].env.dossier for n in (1, 2, 3)]
    assert set(called) == tickets
    with pytest.raises(handlers.NobodyWaiting):
        hall.call_next("pc-4", 4)


def test_the_end_of_the_day_voids_every_open_number(hall: Machine) -> None:
    waiting, served, missed = hall.ticket(), hall.serving(), missed_here(hall)
    done = hall.serving()
    hall.do(cmd.FinishTicket(fresh("c"), done, "w1", Outcome.ACCEPTED), handlers.finish)
    hall.do(cmd.ExpireDay(fresh("c"), DAY, "node"), handlers.expire_day)
    assert {state(hall, t) for t in (waiting, served, missed)} == {TicketState.EXPIRED}
    assert state(hall, done) is TicketState.DONE


def test_a_waiting_number_can_be_given_back(hall: Machine) -> None:
    ticket = hall.ticket()
    hall.do(cmd.CancelTicket(fresh("c"), ticket, "g1", "不办了"), handlers.cancel)
    assert state(hall, ticket) is TicketState.CANCELLED


def test_a_slip_serves_once(hall: Machine) -> None:
    ticket = hall.ticket()
    visit = hall.serve_slip(ticket)
    with pytest.raises(Refusal, match="凭号票办理过"):
        hall.serve_slip(ticket)
    with pytest.raises(Refusal, match="凭号票办理"):
        hall.do(cmd.CallThis(fresh("c"), ticket, 1, "", "w1", hall.id, 1), handlers.call_this)
    hall.do(cmd.FinishVisit(fresh("c"), visit, "w9", Outcome.ACCEPTED), handlers.finish_visit)
    with pytest.raises(Refusal, match="已经结束"):
        hall.do(cmd.FinishVisit(fresh("c"), visit, "w9", Outcome.ACCEPTED), handlers.finish_visit)


def test_a_served_slip_no_longer_waits_before_the_node_has_settled_it(hall: Machine) -> None:
    ticket, other = hall.ticket(), hall.ticket()
    hall.serve_slip(ticket)
    assert [row.id for row in hall.look(views.waiting, DAY)] == [other]
    assert hall.look(views.waiting_counts, DAY) == {"q1": 1}
    assert hall.write(handlers.settle) == 1
    assert hall.write(handlers.settle) == 0
    assert state(hall, ticket) is TicketState.DONE


def test_a_slip_that_two_cut_off_windows_served_ends_once(hall: Machine) -> None:
    ticket = hall.ticket()
    windows = [machine(f"pc-{n}", clock=hall.hand_clock) for n in (1, 2)]
    for m in windows:
        m.serve_slip(ticket)
        carry(m, hall)
        m.store.close()
    assert hall.write(handlers.settle) == 1
    assert state(hall, ticket) is TicketState.DONE


def test_a_used_number_is_not_served_again(hall: Machine) -> None:
    ticket = hall.serving()
    hall.do(cmd.FinishTicket(fresh("c"), ticket, "w1", Outcome.ACCEPTED), handlers.finish)
    with pytest.raises(Refusal, match="A001 号已完成"):
        hall.serve_slip(ticket)


def test_only_the_node_opens_the_day() -> None:
    pc = machine("pc-1")
    with pytest.raises(Refusal, match="大厅节点"):
        open_day(pc, DAY)
    pc.store.close()


def test_the_day_is_the_one_opened_last_even_when_a_clock_was_wrong(
    hall: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Record ids begin with the writer's time: a clock that goes back makes later ids sort earlier."""
    names = (f"{9 - n}-{fresh('record')}" for n in range(9))
    kernel = replace(hall.store.kernel, new_id=lambda: next(names))
    monkeypatch.setattr(hall.store, "_kernel", kernel)
    hall.hand_clock.later(days=400)
    open_day(hall, DAY)
    hall.hand_clock.later(days=-400)
    open_day(hall, DAY + timedelta(days=1))
    assert hall.look(views.business_day) == DAY + timedelta(days=1)
    open_day(hall, DAY + timedelta(days=2), epoch=2)
    open_day(hall, DAY + timedelta(days=3), epoch=1)  # an old node that does not know the new epoch
    assert (hall.look(views.business_day), hall.look(views.queue_epoch)) == (DAY + timedelta(days=2), 2)


def test_a_restored_machine_gives_no_numbers_until_it_is_settled(hall: Machine) -> None:
    hall.ticket()
    hall.store.renew_incarnation()
    with pytest.raises(NotSettled):
        hall.ticket()
    with pytest.raises(NotSettled):
        hall.draft()
    hall.store.settle()
    second = hall.ticket()
    row = hall.look(views.ticket_by_id, second)
    assert row.number == "A002"


def test_windows_open_pause_and_close(hall: Machine) -> None:
    opened = cmd.OpenWindow(fresh("c"), 3, "3号窗口", "w1", "示例员", ("q1", "q2"), ("q1",))
    hall.do(opened, handlers.open_window)
    with pytest.raises(Refusal, match="选择原因"):
        hall.do(cmd.PauseWindow(fresh("c"), 3, "w1", ""), handlers.pause_window)
    hall.do(cmd.PauseWindow(fresh("c"), 3, "w1", "午休"), handlers.pause_window)
    (row,) = hall.look(views.windows)
    assert (row.state, row.reason, row.queues) == ("paused", "午休", ("q1", "q2"))
    hall.do(cmd.ResumeWindow(fresh("c"), 3, "w1"), handlers.resume_window)
    hall.do(cmd.CloseWindow(fresh("c"), 3, "w1"), handlers.close_window)
    assert hall.look(views.windows)[0].state == "closed"


def test_people_ahead_and_minutes(hall: Machine) -> None:
    tickets = [hall.ticket() for _ in range(3)]
    assert hall.look(views.ahead, tickets[2]) == views.Ahead(2, None)
    hall.do(cmd.OpenWindow(fresh("c"), 1, "1号窗口", "w1", "示例员", ("q1",), ()), handlers.open_window)
    assert hall.look(views.ahead, tickets[2]) == views.Ahead(2, 18)
    assert hall.look(views.ahead, tickets[0]) == views.Ahead(0, 0)


def test_what_the_printer_said_is_kept(hall: Machine) -> None:
    ticket = hall.ticket()
    said = cmd.RecordSlip(fresh("c"), ticket, "A001", "unconfirmed", False, "k1")
    hall.do(said, handlers.record_slip)
    hall.do(replace(said, command_id=fresh("c"), result="confirmed", reprint=True), handlers.record_slip)
    assert hall.look(views.slip_results, ticket) == (("unconfirmed", False), ("confirmed", True))
