"""A node that does not answer has not refused: the same press asks the same thing again."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from counter_app.backend.bench import refusing
from counter_app.backend.queue_desk import Queueing
from counter_app.commands import Commands
from counter_app.queue_panel.ports import TicketState
from counter_app.queue_panel.presenter import QueuePresenter
from counter_app.values import Refused, Unanswered
from hall.journal.refusal import Refusal, StoreFault
from hall.queueing import commands as cmd
from hall.queueing import handlers
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
