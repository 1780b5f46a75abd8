"""A node that does not answer has not refused: the same press asks the same thing again."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from counter_app.backend.bench import refusing
from counter_app.backend.numbers import Numbered
from counter_app.backend.queue_desk import Queueing
from counter_app.commands import Commands
from counter_app.queue_panel.ports import TicketState
from counter_app.queue_panel.presenter import QueuePresenter
from counter_app.values import Refused, TicketId, Unanswered
from hall.intake.packages import SERIES_WAIT
from hall.journal.ledger import dossier_row
from hall.journal.refusal import Refusal, StoreFault
from hall.queueing import commands as cmd
from hall.queueing import handlers, model, views
from hall.queueing.model import CORRECTION_ZH, slip_code
from sync.child import ParentAway
from tests.counter_app.desk_rig import Rig, make_rig
from tests.counter_app.fakes import InlineRunner, new_id
from tests.hall.builders import fresh
from ui.notice import Notice


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = make_rig(tmp_path)
    yield made
    made.close()


def call_here(rig: Rig, ticket: str) -> None:
    rig.pc.do(cmd.CallThis(fresh("c"), ticket, 1, "1号窗口", "w1", rig.pc.id, 1), handlers.call_this)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ParentAway("没有回音"), Unanswered),
        (StoreFault("磁盘已满"), Unanswered),
        (Refusal("nobody", "没有人等候"), Refused),
    ],
)
def test_silence_and_a_full_disk_are_no_refusal_but_read_the_same(
    error: Refusal | StoreFault, told: type[Refused]
) -> None:
    @refusing
    def ask() -> None:
        raise error

    with pytest.raises(Refused, match=error.text) as caught:
        ask()
    assert type(caught.value) is told


def test_after_silence_in_words_the_next_press_repeats_the_id() -> None:
    seen: list[UUID] = []
    notices: list[Notice] = []
    commands = Commands(runner=InlineRunner(), new_id=new_id)

    def work(command_id: UUID) -> None:
        seen.append(command_id)
        if len(seen) == 1:
            raise Unanswered("联系不上大厅节点。")

    for _ in range(3):
        commands.run(("call",), "…", work, lambda _r: None, notices.append)
    assert seen[0] == seen[1] != seen[2]
    assert [n.text for n in notices] == ["联系不上大厅节点。"]


def test_a_lost_answer_to_a_call_does_not_call_a_second_citizen(rig: Rig) -> None:
    queue = QueuePresenter(desk=Queueing(rig.bench), runner=InlineRunner(), new_id=new_id)
    ticket = rig.pc.ticket()
    queue.press_call_next()
    assert queue.state.notice.text == ParentAway().text

    def called() -> str:
        call_here(rig, ticket)
        return ticket

    rig.line.answers.append(called)
    queue.press_call_next()
    assert [b["command_id"] for b in rig.line.asked] == [rig.line.asked[0]["command_id"]] * 2
    assert queue.state.current is not None
    assert queue.state.current.state is TicketState.CALLED


def test_a_call_that_is_answered_after_its_ticket_was_served_is_not_shown_again(rig: Rig) -> None:
    queue = QueuePresenter(desk=Queueing(rig.bench), runner=InlineRunner(), new_id=new_id)
    queue.press_call_next()
    ticket = rig.pc.serving()
    rig.pc.do(cmd.HoldTicket(fresh("c"), ticket, "w1", "去复印"), handlers.hold)
    rig.line.answers.append(lambda: ticket)
    queue.press_call_next()
    assert "上次呼叫" in queue.state.notice.text
    queue.press_call_next()
    first, second, third = (b["command_id"] for b in rig.line.asked)
    assert first == second != third


def test_a_late_answer_does_not_show_a_number_that_another_window_has_called_since(rig: Rig) -> None:
    """Called here without an answer, missed, put back in line under the same id, called elsewhere."""
    queue = QueuePresenter(desk=Queueing(rig.bench), runner=InlineRunner(), new_id=new_id)
    queue.press_call_next()
    ticket = rig.pc.ticket()
    call_here(rig, ticket)
    rig.pc.do(cmd.MissTicket(fresh("c"), ticket, "w1", "人不在"), handlers.miss)
    rig.pc.do(cmd.ReactivateTicket(fresh("c"), ticket, "w1"), handlers.reactivate)
    elsewhere = cmd.CallThis(fresh("c"), ticket, 2, "2号窗口", "w2", "window-2", 1)
    rig.pc.do(elsewhere, handlers.call_this)
    rig.line.answers.append(lambda: ticket)
    queue.press_call_next()
    assert queue.state.current is None
    assert "已不在本窗口" in queue.state.notice.text
    queue.press_call_next()
    first, second, third = (b["command_id"] for b in rig.line.asked)
    assert first == second != third, "the next press calls the next person"


def slip_of(rig: Rig, ticket: str) -> str:
    with rig.pc.store.read() as conn:
        row = views.ticket_by_id(conn, ticket)
    assert row is not None
    return slip_code(ticket, row.number)


def test_a_slip_whose_call_may_have_happened_is_asked_for_again_and_opens_no_second_visit(rig: Rig) -> None:
    desk = Queueing(rig.bench)
    ticket, command = rig.pc.ticket(), new_id()
    code = slip_of(rig, ticket)
    with pytest.raises(Unanswered):
        desk.serve_slip(command, code)

    def called() -> str:
        call_here(rig, ticket)
        return ticket

    rig.line.answers.append(called)
    row = desk.serve_slip(command, code)
    assert (row.ticket_id, row.state) == (ticket, TicketState.SERVING)
    assert len({b["command_id"] for b in rig.line.asked}) == 1
    with rig.pc.store.read() as conn:
        assert views.open_visit(conn, rig.bench.node_id) is None


def test_without_the_node_the_slip_in_hand_is_served_at_once(rig: Rig) -> None:
    rig.line.line_up = False
    row = Queueing(rig.bench).serve_slip(new_id(), slip_of(rig, rig.pc.ticket()))
    assert row.ticket_id.startswith("visit:")


def test_a_slip_keeps_what_its_number_was_taken_for(rig: Rig) -> None:
    rig.line.line_up = False
    ticket = rig.pc.ticket(matter=CORRECTION_ZH, item_id=None)
    desk = Queueing(rig.bench)
    row = desk.serve_slip(new_id(), slip_of(rig, ticket))
    assert row.ticket_id.startswith("visit:")
    assert (row.business, row.corrects, row.state) == (CORRECTION_ZH, True, TicketState.SERVING)
    assert desk.board().current == row


def test_a_slip_that_nobody_here_has_heard_of_is_served_by_its_number(rig: Rig) -> None:
    rig.line.line_up = False
    row = Queueing(rig.bench).serve_slip(new_id(), slip_code("ticket-of-a-kiosk", "V007"))
    assert (row.number, row.business, row.corrects) == ("V007", "凭号票办理", False)


def test_a_slip_that_sync_has_brought_as_called_here_is_simply_begun(rig: Rig) -> None:
    desk = Queueing(rig.bench)
    ticket, command = rig.pc.ticket(), new_id()
    code = slip_of(rig, ticket)
    with pytest.raises(Unanswered):
        desk.serve_slip(command, code)
    call_here(rig, ticket)
    assert desk.serve_slip(command, code).state is TicketState.SERVING


def test_a_number_that_arrives_after_its_slip_was_served_is_no_second_visit(rig: Rig) -> None:
    desk = Queueing(rig.bench)
    ticket = rig.pc.ticket()
    # what the journal holds once sync has brought the call whose answer the press never got
    call_here(rig, ticket)
    visit = fresh("visit")
    rig.pc.do(cmd.ServeSlip(fresh("c"), visit, ticket, "A001", 1, "w1", "session-1"), handlers.serve_slip)
    board = desk.board()
    assert board.current is not None
    assert board.current.ticket_id == f"visit:{visit}"
    with pytest.raises(Refused, match="号票完成"):
        desk.start(new_id(), TicketId(ticket))
    with rig.pc.store.read() as conn:
        row = views.ticket_by_id(conn, ticket)
        held = dossier_row(conn, ticket)
    assert row is not None
    assert row.state is model.TicketState.DONE
    assert held is not None
    assert held.offered_to == "hall"


@pytest.mark.parametrize(("reached", "line_up"), [(False, True), (False, False), (True, False)])
def test_without_the_node_a_paper_goes_out_under_the_case_number(
    rig: Rig, reached: bool, line_up: bool
) -> None:
    rig.line.reached, rig.line.line_up = reached, line_up
    assert rig.outcomes.numbers.draw(Numbered("示例局", "受字", "no")) is None


def test_a_number_that_may_have_been_drawn_is_asked_for_again(rig: Rig) -> None:
    with pytest.raises(ParentAway):
        rig.outcomes.numbers.draw(Numbered("示例局", "受字", "no"))


def test_a_node_that_must_not_number_yet_lets_papers_go_out_under_the_case_number(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The standby serves, and the numbers that the former node gave are not all known."""
    paper = Numbered("示例局", "受字", "no")

    def refuse(refusal: Refusal) -> None:
        def call(path: str, body: object) -> dict[str, object]:
            raise refusal

        monkeypatch.setattr(rig.line, "call", call)

    refuse(Refusal(SERIES_WAIT, "原大厅节点编过的文号还没有交接过来"))
    assert rig.outcomes.numbers.draw(paper) is None
    refuse(Refusal("document_number", "机关代字不合规"))
    with pytest.raises(Refusal, match="代字"):
        rig.outcomes.numbers.draw(paper)
