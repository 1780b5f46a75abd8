import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.errors import BadReply, DeviceOffline
from devices.rating_pad import protocol
from devices.rating_pad.driver import FramedRatingPad, NotRated
from devices.rating_pad.protocol import generic_profile
from devices.rating_pad.simulator import Fault, SimulatedPad
from devices.simulation import SimulatorServer
from devices.transport import LoopbackTransport, TcpTransport, Transport


@dataclass
class Rig:
    sim: SimulatedPad
    pad: FramedRatingPad
    pool: ThreadPoolExecutor

    def ask(self, session: str = "s1") -> "Future[int | NotRated]":
        return self.pool.submit(self.pad.ask, session)

    def wait_lit(self) -> None:
        wait_until(lambda: self.sim.lit)


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline
        threading.Event().wait(0.005)


@pytest.fixture(params=["loopback", "tcp"])
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    profile = replace(generic_profile(), timeout_s=0.4)
    sim = SimulatedPad(profile)
    with ExitStack() as stack:
        if request.param == "loopback":

            def connect() -> Transport:
                return LoopbackTransport(sim.feed, sim.late)
        else:
            server = stack.enter_context(SimulatorServer(sim.feed, sim.late))

            def connect() -> Transport:
                return TcpTransport("127.0.0.1", server.port)

        pad = FramedRatingPad("pad-1", connect, profile, ack_timeout_s=0.3)
        stack.callback(pad.close)
        pool = stack.enter_context(ThreadPoolExecutor(1))
        yield Rig(sim, pad, pool)


def patient(rig: Rig) -> None:
    rig.pad._profile = replace(rig.pad._profile, timeout_s=60)


@pytest.mark.parametrize("level", [1, 3, 5])
def test_key_gives_its_level(rig: Rig, level: int) -> None:
    patient(rig)
    answer = rig.ask()
    rig.wait_lit()
    assert rig.sim.press(level)
    assert answer.result(10) == level


def test_time_out_is_not_a_rating_and_rests_the_pad(rig: Rig) -> None:
    assert rig.pad.ask("s1") is NotRated.TIMEOUT
    wait_until(lambda: not rig.sim.lit)


def test_time_out_of_the_pad_itself_is_not_a_rating(rig: Rig) -> None:
    patient(rig)
    answer = rig.ask()
    rig.wait_lit()
    rig.sim.run_out()
    assert answer.result(10) is NotRated.TIMEOUT


def test_cancel_from_another_thread(rig: Rig) -> None:
    patient(rig)
    answer = rig.ask("s1")
    rig.wait_lit()
    rig.pad.cancel("s0")  # somebody else's
    assert not answer.done()
    rig.pad.cancel("s1")
    assert answer.result(10) is NotRated.CANCELLED
    wait_until(lambda: not rig.sim.lit)


def test_cancel_that_came_first(rig: Rig) -> None:
    rig.pad.cancel("s1")
    assert rig.pad.ask("s1") is NotRated.CANCELLED
    assert rig.pad.ask("s2") is NotRated.TIMEOUT


def test_one_question_at_a_time(rig: Rig) -> None:
    patient(rig)
    answer = rig.ask("s1")
    rig.wait_lit()
    with pytest.raises(RuntimeError):
        rig.pad.ask("s2")
    rig.pad.cancel("s1")
    assert answer.result(10) is NotRated.CANCELLED


@pytest.mark.parametrize(
    ("fault", "error"),
    [(Fault.SILENT, DeviceOffline), (Fault.GARBAGE, BadReply), (Fault.UNPLUG, DeviceOffline)],
)
def test_dead_pad_is_told_at_the_prompt_and_works_again(
    rig: Rig, fault: Fault, error: type[Exception]
) -> None:
    rig.sim.set_fault(fault)
    with pytest.raises(error):
        rig.pad.ask("s1")
    rig.sim.set_fault(None)
    assert rig.pad.ask("s2") is NotRated.TIMEOUT


@pytest.mark.parametrize("fault", [Fault.CHECKSUM, Fault.GARBAGE])
def test_damaged_key_is_no_rating(rig: Rig, fault: Fault) -> None:
    answer = rig.ask()
    rig.wait_lit()
    rig.sim.set_fault(fault)
    rig.sim.press(5)
    with pytest.raises(BadReply) as caught:
        answer.result(10)
    assert caught.value.hint


def test_unplugged_while_waiting(rig: Rig) -> None:
    patient(rig)
    answer = rig.ask()
    rig.wait_lit()
    rig.sim.set_fault(Fault.UNPLUG)
    with pytest.raises(DeviceOffline):
        answer.result(10)


def test_key_pressed_before_the_prompt_is_not_the_answer() -> None:
    profile = replace(generic_profile(), timeout_s=0.05)
    sim = SimulatedPad(profile)
    io = LoopbackTransport(sim.feed, sim.late)
    io.inject(protocol.seal(profile, profile.examples[1]))
    assert FramedRatingPad("pad-1", lambda: io, profile).ask("s1") is NotRated.TIMEOUT


def test_pad_without_ack() -> None:
    profile = replace(generic_profile(), ack=b"", cancel=b"")
    sim = SimulatedPad(profile)

    def feed(data: bytes) -> bytes:
        reply = sim.feed(data)
        sim.press(2)
        return reply

    assert FramedRatingPad("pad-1", lambda: LoopbackTransport(feed, sim.late), profile).ask("s1") == 2


@given(st.lists(st.binary(max_size=100), max_size=10))
def test_any_bytes_never_hang(chunks: list[bytes]) -> None:
    profile = replace(generic_profile(), timeout_s=0.002)
    sim = SimulatedPad(profile)
    for chunk in chunks:
        sim.feed(chunk)
    answers = iter(chunks)
    io = LoopbackTransport(lambda _data: b"", lambda: next(answers, b""), step_s=0.0005)
    pad = FramedRatingPad("pad-1", lambda: io, profile, ack_timeout_s=0.002)
    try:
        assert pad.ask("s1") in (*protocol.LEVELS, *NotRated)
    except (BadReply, DeviceOffline):
        return


@pytest.mark.parametrize(
    "command", [{}, {"press": 0}, {"press": True}, {"press": "5"}, {"fault": "x"}, {"timeout": 1}]
)
def test_control_refuses_nonsense(command: dict[str, object]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (Enum and pad say it in their own words)
        SimulatedPad(generic_profile()).control(command)


@pytest.mark.system
def test_simulator_process() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "devices.rating_pad.simulator"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process, ThreadPoolExecutor(1) as pool:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        ports = json.loads(process.stdout.readline())
        pad = FramedRatingPad("pad-1", lambda: TcpTransport("127.0.0.1", ports["port"]), generic_profile())
        answer = pool.submit(pad.ask, "s1")
        with socket.create_connection(("127.0.0.1", ports["control"]), 5) as control:
            lines = control.makefile("rb")

            def pressed() -> bool:
                control.sendall(b'{"press": 4}\n')
                return bool(json.loads(lines.readline())["taken"])

            wait_until(pressed)
        assert answer.result(10) == 4
        pad.close()
        process.stdin.close()
        assert process.wait(10) == 0
