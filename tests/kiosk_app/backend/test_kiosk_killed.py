"""A kiosk that dies at a bad moment: what its next start makes of it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from devices.simulation import SimulatorServer
from devices.ticket_printer.simulator import PrinterFault, SimulatedPrinter
from hall.journal.refusal import NotSettled, Refusal, StoreFault
from hall.queueing import commands as cmd
from hall.queueing import handlers
from hall.queueing import views as queue
from hall.queueing.model import TicketState, read_slip_code
from kiosk_app.backend.tickets import ISSUE_PATH, LATE_TIP
from kiosk_app.backend.unfinished import UNHELD_ZH
from kiosk_app.ports import Refused, SlipState
from kiosk_app.take_ticket.slip import ticket_slip
from tests.devices.ticket_printer.rig import rom
from tests.kiosk_app.backend.dying_kiosk import LATE, Kiosk, PowerCut
from tests.kiosk_app.backend.rig import MORNING, WINDOW, Rig


@pytest.fixture
def kiosk(rig: Rig) -> Iterator[Kiosk]:
    sim = SimulatedPrinter(rom(), rows_per_s=20_000)
    with SimulatorServer(sim.feed, sim.late) as server:
        yield Kiosk(rig, sim, server.port)


def test_a_visit_that_ends_well_leaves_nothing_open(kiosk: Kiosk) -> None:
    ticket = kiosk.take()
    assert not kiosk.nothing_is_open(), "nobody has seen the number yet"
    assert kiosk.printer.print(ticket_slip(ticket, "大厅")) is SlipState.PRINTED
    assert kiosk.nothing_is_open()
    kiosk.start_again()
    assert kiosk.unfinished.sweep()
    assert len(kiosk.slips()) == 1


def test_a_number_on_the_screen_stays_when_the_printer_has_no_paper(kiosk: Kiosk) -> None:
    kiosk.sim.set_fault(PrinterFault.PAPER_OUT)
    assert kiosk.printer.print(ticket_slip(kiosk.take(), "大厅")) is SlipState.NO_PAPER
    kiosk.rig.clock.at += LATE
    kiosk.start_again()
    assert kiosk.unfinished.sweep()
    assert kiosk.rig.waiting_at_node() == ["FH001"]


@pytest.mark.parametrize("heard", [False, True])
def test_killed_while_the_node_is_asked_the_number_is_printed_at_once(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch, heard: bool
) -> None:
    kiosk.dies_at(ISSUE_PATH, monkeypatch, heard=heard)
    assert kiosk.rig.waiting_at_node() == (["FH001"] if heard else [])
    kiosk.start_again()
    assert kiosk.unfinished.sweep()
    assert kiosk.rig.waiting_at_node() == ["FH001"]
    (slip,) = kiosk.slips()
    assert "FH001" in slip
    assert "核发居民身份证" in slip
    assert LATE_TIP in slip
    assert kiosk.nothing_is_open()
    kiosk.start_again()
    assert kiosk.unfinished.sweep()
    assert len(kiosk.slips()) == 1


@pytest.mark.parametrize("back_after", [LATE, timedelta(hours=-8)])
@pytest.mark.parametrize("heard", [False, True])
def test_killed_and_back_too_late_or_with_a_wrong_clock_the_number_leaves_the_line(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch, heard: bool, back_after: timedelta
) -> None:
    kiosk.dies_at(ISSUE_PATH, monkeypatch, heard=heard)
    kiosk.rig.clock.at += back_after
    kiosk.start_again()
    assert kiosk.unfinished.sweep()
    assert kiosk.rig.at_node("FH001").state is TicketState.CANCELLED
    _, body = kiosk.rig.line.asked[-1]
    assert body["reason"] == UNHELD_ZH
    assert kiosk.slips() == []
    assert kiosk.nothing_is_open()


def test_killed_between_answer_and_printer(kiosk: Kiosk) -> None:
    kiosk.take()
    kiosk.start_again()
    assert kiosk.unfinished.sweep()
    assert len(kiosk.slips()) == 1
    kiosk.take()
    kiosk.rig.clock.at += LATE
    kiosk.start_again()
    assert kiosk.unfinished.sweep()
    assert len(kiosk.slips()) == 1
    assert kiosk.rig.waiting_at_node() == ["FH001"]


def test_it_is_tried_until_the_node_answers(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    kiosk.dies_at(ISSUE_PATH, monkeypatch, heard=True)
    kiosk.rig.line.away = True
    kiosk.start_again()
    assert not kiosk.unfinished.sweep()
    kiosk.rig.line.away = False
    kiosk.rig.clock.at += LATE
    kiosk.rig.line.lose_answer = True
    assert not kiosk.unfinished.sweep(), "it is asked, its answer is lost"
    kiosk.rig.line.lose_answer = False
    assert kiosk.unfinished.sweep()
    assert kiosk.rig.waiting_at_node() == []
    assert kiosk.nothing_is_open()


@pytest.mark.parametrize("starts", [1, 2])
@pytest.mark.parametrize("heard", [False, True])
def test_who_has_taken_another_number_since_gets_no_second_slip(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch, heard: bool, starts: int
) -> None:
    kiosk.dies_at(ISSUE_PATH, monkeypatch, heard=heard)
    kiosk.rig.line.away = True
    kiosk.start_again()
    assert not kiosk.unfinished.sweep()
    own = kiosk.take()
    assert own.number == "V001"
    assert kiosk.printer.print(ticket_slip(own, "大厅")) is SlipState.PRINTED
    for _ in range(starts - 1):
        kiosk.start_again()
    kiosk.rig.line.away = False
    assert kiosk.unfinished.sweep()
    kiosk.rig.sync()
    assert kiosk.rig.waiting_at_node() == ["V001"]
    assert kiosk.rig.at_node("FH001").state is TicketState.CANCELLED
    assert [body["reason"] for _, body in kiosk.rig.line.asked if "reason" in body] == [UNHELD_ZH]
    assert len(kiosk.slips()) == 1
    assert kiosk.nothing_is_open()


def test_no_slip_falls_out_in_the_midst_of_somebody_elses_visit(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk.dies_at(ISSUE_PATH, monkeypatch, heard=True)
    kiosk.start_again()
    kiosk.in_use = True
    assert kiosk.unfinished.sweep()
    assert kiosk.slips() == []
    assert kiosk.rig.waiting_at_node() == []
    assert kiosk.nothing_is_open()


def test_the_thread_goes_on_until_all_is_settled(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk_app.backend.unfinished.RETRY_S", 0.01)
    kiosk.dies_at(ISSUE_PATH, monkeypatch, heard=True)
    kiosk.rig.line.away = True
    kiosk.start_again()
    kiosk.unfinished.start()
    kiosk.rig.line.away = False
    kiosk.unfinished._thread.join(20)
    assert kiosk.nothing_is_open()
    kiosk.unfinished.stop()


@pytest.mark.parametrize("late", [False, True])
def test_a_number_of_its_own_series(kiosk: Kiosk, late: bool) -> None:
    """Also without the node: the kiosk still owns the ticket."""
    kiosk.rig.line.away = True
    kiosk.take()
    kiosk.rig.clock.at += LATE if late else timedelta(0)
    kiosk.start_again()
    assert kiosk.unfinished.sweep()
    assert len(kiosk.slips()) == (0 if late else 1)
    kiosk.rig.line.away = False
    kiosk.rig.sync()
    assert kiosk.rig.waiting_at_node() == ([] if late else ["V001"])
    assert kiosk.nothing_is_open()


def test_an_own_number_that_the_node_has_taken_is_cancelled_there(kiosk: Kiosk) -> None:
    kiosk.rig.line.away = True
    kiosk.take()
    kiosk.rig.line.away = False
    kiosk.rig.sync()
    kiosk.rig.clock.at += LATE
    kiosk.start_again()
    assert kiosk.unfinished.sweep()
    assert kiosk.rig.at_node("V001").state is TicketState.CANCELLED


@pytest.mark.parametrize("late", [False, True])
def test_of_twins_never_both(kiosk: Kiosk, late: bool) -> None:
    rig = kiosk.rig
    rig.line.lose_answer = True
    kiosk.take()
    rig.line.lose_answer = False
    rig.clock.at += LATE if late else timedelta(0)
    kiosk.start_again()
    assert kiosk.unfinished.sweep()
    rig.sync()
    rig.twins._bench = rig.bench
    assert rig.twins.sweep()
    assert rig.waiting_at_node() == ([] if late else ["V001"])
    assert rig.at_node("FH001").state is TicketState.CANCELLED
    assert len(kiosk.slips()) == (0 if late else 1)


@pytest.mark.parametrize("late", [False, True])
def test_called_before_the_kiosk_was_back(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch, late: bool) -> None:
    """Who may still stand here learns the number; else the window misses it."""
    kiosk.dies_at(ISSUE_PATH, monkeypatch, heard=True)
    kiosk.rig.node.handle(
        cmd.CallNext("c1", 20, "20号窗口", "s1", WINDOW, ("FH",), (), 1, MORNING.date()), handlers.call_next
    )
    kiosk.rig.clock.at += LATE if late else timedelta(0)
    kiosk.start_again()
    assert kiosk.unfinished.sweep()
    assert kiosk.rig.at_node("FH001").state is TicketState.CALLED
    assert len(kiosk.slips()) == (0 if late else 1)
    assert kiosk.nothing_is_open()


def test_what_cannot_be_printed_at_the_next_start_is_cancelled(kiosk: Kiosk) -> None:
    kiosk.take()
    kiosk.sim.set_fault(PrinterFault.PAPER_OUT)
    kiosk.start_again()
    assert kiosk.unfinished.sweep()
    assert kiosk.rig.waiting_at_node() == []
    assert kiosk.nothing_is_open()


def test_killed_in_mid_print_the_outcome_is_unknown_and_nothing_is_printed_again(kiosk: Kiosk) -> None:
    ticket = kiosk.take()
    named = read_slip_code(ticket.code)
    assert named is not None
    kiosk.dies_printing(ticket)
    kiosk.rig.line.away = True
    kiosk.start_again()
    assert not kiosk.unfinished.sweep(), "staff are not told yet"
    assert kiosk.results(named[0]) == ["unknown"], "it is on record, with the node or without"
    kiosk.rig.line.away = False
    assert kiosk.unfinished.sweep()
    kiosk.rig.sync()
    assert kiosk.rig.waiting_at_node() == ["FH001"]
    with kiosk.rig.node.read() as conn:
        assert queue.slip_results(conn, named[0]) == (("unknown", False),)
    assert [(a.kind, a.number) for a in kiosk.rig.alerts.look()] == [("print_unconfirmed", "FH001")]
    kiosk.rig.clock.at += LATE
    kiosk.start_again()
    assert kiosk.unfinished.sweep()
    assert kiosk.results(named[0]) == ["unknown"]
    assert len(kiosk.slips()) == 1


def test_killed_again_while_it_makes_up_for_it(kiosk: Kiosk) -> None:
    kiosk.take()
    kiosk.start_again()
    kiosk.driver.cut = True
    with pytest.raises(PowerCut):
        kiosk.unfinished.sweep()
    kiosk.rig.clock.at += LATE
    kiosk.start_again()
    assert kiosk.unfinished.sweep()
    assert len(kiosk.slips()) == 1
    assert kiosk.rig.waiting_at_node() == ["FH001"], "somebody may hold it"
    assert kiosk.nothing_is_open()


def test_what_the_node_refused_is_not_asked_again(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    def no(_path: str, _body: dict[str, Any], **_: float) -> dict[str, Any]:
        raise Refusal("unknown_queue", "没有这个队列，请重新选择。")

    with monkeypatch.context() as patch:
        patch.setattr(kiosk.rig.line, "call", no)
        with pytest.raises(Refused):
            kiosk.take()
    kiosk.start_again()
    assert kiosk.unfinished.sweep()
    assert kiosk.rig.line.asked == []


def test_what_is_refused_at_the_next_start_may_have_been_granted(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk.dies_at(ISSUE_PATH, monkeypatch, heard=True)
    whole = kiosk.rig.line.call

    def no(path: str, body: dict[str, Any], **_: float) -> dict[str, Any]:
        if path == ISSUE_PATH:
            raise Refusal("unknown_queue", "没有这个队列，请重新选择。")
        return whole(path, body)

    monkeypatch.setattr(kiosk.rig.line, "call", no)
    kiosk.start_again()
    assert kiosk.unfinished.sweep()
    assert kiosk.rig.waiting_at_node() == []
    assert kiosk.nothing_is_open()


def test_nothing_is_asked_that_could_not_be_written_down(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StoreFault("磁盘已满")

    monkeypatch.setattr(kiosk.rig.store, "handle", full)
    with pytest.raises(Refused, match="不能记录"):
        kiosk.take()
    assert kiosk.rig.line.asked == []


def test_a_kiosk_restored_from_a_backup_waits_for_what_the_node_remembers(kiosk: Kiosk) -> None:
    kiosk.take()
    kiosk.start_again()
    kiosk.rig.store.renew_incarnation()
    kiosk.rig.clock.at += LATE
    with pytest.raises(NotSettled):
        kiosk.unfinished.sweep()
    kiosk.rig.store.settle()
    assert kiosk.unfinished.sweep()
    assert kiosk.nothing_is_open()
