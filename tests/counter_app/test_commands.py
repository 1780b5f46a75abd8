"""One command at a time, ids kept for a retry, other presses kept for after."""

from uuid import UUID

from counter_app.commands import NO_ANSWER, Commands
from counter_app.values import Refused
from tests.counter_app.fakes import HeldRunner, InlineRunner, new_id
from ui.notice import Notice


def test_retry_after_silence_reuses_the_id_and_success_forgets_it() -> None:
    seen: list[UUID] = []
    notices: list[Notice] = []
    commands = Commands(runner=InlineRunner(), new_id=new_id)

    def work(command_id: UUID) -> str:
        seen.append(command_id)
        if len(seen) == 1:
            raise TimeoutError
        return "done"

    for _ in range(3):
        commands.run(("call",), "…", work, lambda _r: None, notices.append)
    assert seen[0] == seen[1] != seen[2]
    assert [notice.text for notice in notices] == [NO_ANSWER]


def test_refusal_is_an_answer_so_the_next_press_is_a_new_command() -> None:
    seen: list[UUID] = []
    notices: list[Notice] = []
    commands = Commands(runner=InlineRunner(), new_id=new_id)

    def work(command_id: UUID) -> None:
        seen.append(command_id)
        raise Refused("现在没有人等候。")

    for _ in range(2):
        commands.run(("call",), "…", work, lambda _r: None, notices.append)
    assert seen[0] != seen[1]
    assert notices[0].text == "现在没有人等候。"


def test_same_press_is_ignored_and_another_is_pressed_after() -> None:
    runner = HeldRunner()
    commands = Commands(runner=runner, new_id=new_id)
    log: list[str] = []

    def press_call() -> None:
        if commands.ready(press_call):
            log.append("call")
            commands.run(("call",), "…", lambda _id: None, lambda _r: None, lambda _n: None)

    def press_start() -> None:
        if commands.ready(press_start):
            log.append("start")

    press_call()
    press_call()
    press_start()
    press_start()
    assert log == ["call"]
    runner.run()
    assert log == ["call", "start"]


def test_what_was_typed_ahead_is_dropped_when_the_first_fails() -> None:
    runner = HeldRunner()
    commands = Commands(runner=runner, new_id=new_id)
    log: list[str] = []

    def press_call() -> None:
        if commands.ready(press_call):
            commands.run(("call",), "…", refuse, lambda _r: None, lambda _n: log.append("refused"))

    def refuse(_id: UUID) -> None:
        raise Refused("无人")

    def press_start() -> None:
        if commands.ready(press_start):
            log.append("start")

    press_call()
    press_start()
    runner.run()
    assert log == ["refused"]
