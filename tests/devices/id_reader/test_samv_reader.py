import json
import logging
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.errors import BadReply, DeviceNeedsPerson, DeviceOffline
from devices.id_reader import protocol
from devices.id_reader.card import IdCard
from devices.id_reader.driver import POLL_INTERVAL_S, NoCard, SamvIdReader
from devices.id_reader.simulator import Fault, SimulatedReader, card_from_json
from devices.simulation import SimulatorServer
from devices.transport import LoopbackTransport, TcpTransport, Transport


@dataclass
class FakeClock:
    now_s: float = 100.0

    def __call__(self) -> float:
        return self.now_s

    def pause(self, seconds: float) -> None:
        self.now_s += seconds


@dataclass
class Rig:
    sim: SimulatedReader
    reader: SamvIdReader


@pytest.fixture(params=["loopback", "tcp"])
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    sim, clock = SimulatedReader(), FakeClock()
    with ExitStack() as stack:
        if request.param == "loopback":

            def connect() -> Transport:
                return LoopbackTransport(sim.feed)

            timeout_s = 1.0
        else:
            server = stack.enter_context(SimulatorServer(sim.feed))

            def connect() -> Transport:
                return TcpTransport("127.0.0.1", server.port)

            timeout_s = 0.3
        # the fake clock stands still while a read waits: silence ends by the transport's own timeout
        reader = SamvIdReader(
            "reader-1", connect,
            reply_timeout_s=timeout_s, read_timeout_s=timeout_s, clock=clock, pause=clock.pause,
        )  # fmt: skip
        stack.callback(reader.close)
        yield Rig(sim, reader)


def test_reads_a_card_again_and_again(rig: Rig) -> None:
    assert rig.reader.read() == NoCard()
    rig.sim.put_card(card_from_json({"name": "测试甲"}))
    for _ in range(3):
        card = rig.reader.read()
        assert isinstance(card, IdCard)
        assert (card.name, card.ethnic_name, len(card.wlt)) == ("测试甲", "维吾尔", 1024)
    rig.sim.lift_card()
    assert rig.reader.read() == NoCard()


def test_check_gives_the_module_number(rig: Rig) -> None:
    assert rig.reader.check() == "05.03-20260101-0000000001-0123456789"
    rig.sim.set_fault(Fault.SELF_TEST)
    with pytest.raises(DeviceNeedsPerson, match="0x60"):
        rig.reader.check()


@pytest.mark.parametrize("fault", [Fault.LIFTED, Fault.WRONG_CARD, Fault.SELECT])
def test_a_person_must_put_the_card_down_again(rig: Rig, fault: Fault) -> None:
    card = card_from_json({})
    rig.sim.put_card(card)
    rig.sim.set_fault(fault)
    with pytest.raises(DeviceNeedsPerson) as caught:
        rig.reader.read()
    assert "卡" in caught.value.hint or "证" in caught.value.hint
    rig.sim.set_fault(None)
    assert rig.reader.read() == NoCard()  # still lying there, or gone: it must come anew
    rig.sim.put_card(card)
    assert isinstance(rig.reader.read(), IdCard)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.SILENT, DeviceOffline),
        (Fault.CUT, DeviceOffline),
        (Fault.GARBAGE, BadReply),
        (Fault.CHECKSUM, BadReply),
        (Fault.TRUNCATED, BadReply),
        (Fault.STUCK, DeviceOffline),
    ],
)
def test_fault_is_told_and_reading_goes_on_after_it(rig: Rig, fault: Fault, error: type[Exception]) -> None:
    rig.sim.put_card(card_from_json({}))
    rig.sim.set_fault(fault)
    for _ in range(2):
        with pytest.raises(error):
            rig.reader.read()
    if fault is not Fault.STUCK:
        rig.sim.set_fault(None)
        assert isinstance(rig.reader.read(), IdCard)


def test_stuck_reader_is_reset(rig: Rig) -> None:
    rig.sim.put_card(card_from_json({}))
    rig.sim.set_fault(Fault.STUCK)
    with pytest.raises(DeviceOffline):
        rig.reader.read()
    assert rig.sim.feed(protocol.FIND) == b""  # it really hangs
    rig.sim._fault = None  # the cause is gone, the hang is not
    assert isinstance(rig.reader.read(), IdCard)


def test_noise_before_answers_is_skipped(rig: Rig) -> None:
    rig.sim.put_card(card_from_json({}))
    rig.sim.set_fault(Fault.NOISE)
    assert isinstance(rig.reader.read(), IdCard)


def test_late_answer_is_not_taken_for_the_next_one() -> None:
    sim = SimulatedReader()
    io = LoopbackTransport(sim.feed)
    io.inject(protocol.encode_answer(protocol.Sw.CARD_FOUND, bytes(4)))  # from a search long ago
    reader = SamvIdReader("reader-1", lambda: io)
    assert reader.read() == NoCard()


def test_polls_no_faster_than_the_field_allows() -> None:
    clock = FakeClock()
    reader = SamvIdReader(
        "reader-1", lambda: LoopbackTransport(SimulatedReader().feed), clock=clock, pause=clock.pause
    )
    reader.read()
    before = clock.now_s
    reader.read()
    assert clock.now_s - before == pytest.approx(POLL_INTERVAL_S)


def test_unreachable_reader_is_offline() -> None:
    def connect() -> Transport:
        raise ConnectionRefusedError("nobody")

    with pytest.raises(DeviceOffline) as caught:
        SamvIdReader("reader-1", connect).read()
    assert caught.value.hint


def test_card_never_reaches_the_log(caplog: pytest.LogCaptureFixture) -> None:
    sim, clock = SimulatedReader(), FakeClock()
    reader = SamvIdReader("reader-1", lambda: LoopbackTransport(sim.feed), clock=clock, pause=clock.pause)
    sim.put_card(card_from_json({"name": "不可记录"}))
    with caplog.at_level(logging.NOTSET):
        card = reader.read()
        logging.getLogger("app").info("read %s %r", card, card)
        for fault in Fault:
            sim.set_fault(fault)
            try:
                reader.read()
            except (DeviceOffline, DeviceNeedsPerson, BadReply) as exc:
                logging.getLogger("app").warning("failed", exc_info=exc)
            sim.put_card(card_from_json({"name": "不可记录"}))
    assert "不可记录" not in caplog.text
    assert "6523" not in caplog.text


@given(st.lists(st.binary(max_size=200), max_size=12))
def test_simulator_and_driver_survive_any_bytes(chunks: list[bytes]) -> None:
    sim, clock = SimulatedReader(), FakeClock()
    for chunk in chunks:
        sim.feed(chunk)
    io = LoopbackTransport(lambda _data: b"".join(chunks))
    reader = SamvIdReader("reader-1", lambda: io, clock=clock, pause=clock.pause)
    with pytest.raises((BadReply, DeviceOffline, DeviceNeedsPerson)):
        reader.read()


def test_babbling_line_ends() -> None:
    class Babble:
        def write(self, data: bytes) -> None: ...
        def read(self, size: int, timeout_s: float) -> bytes:
            return b"\xaa" * size

        def close(self) -> None: ...

    with pytest.raises(BadReply):
        SamvIdReader("reader-1", Babble).read()


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_simulator_accepts_any_chunking(size: int) -> None:
    sim = SimulatedReader()
    data = b"\xaa\xaa" + protocol.STATUS + protocol.FIND
    replies = b"".join(sim.feed(data[i : i + size]) for i in range(0, len(data), size))
    assert replies.hex() == "aaaaaa9669000400009094" + "aaaaaa9669000400008084"


@pytest.mark.parametrize(
    "command",
    [
        {},
        {"card": 7},
        {"card": {"name": "甲" * 16}},
        {"card": {"id_number": "652301199001010020"}},
        {"card": {"birth": "x"}},
        {"card": {"height": "2"}},
        {"fault": "no such"},
    ],
)
def test_control_refuses_nonsense(command: dict[str, object]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (Enum, date and card say it in their own words)
        SimulatedReader().control(command)


@pytest.mark.system
def test_simulator_process() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "devices.id_reader.simulator", "--port", "0"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        ports = json.loads(process.stdout.readline())
        with socket.create_connection(("127.0.0.1", ports["control"]), 5) as control:
            control.sendall('{"card": {"name": "测试乙"}}\n'.encode())
            assert json.loads(control.makefile("rb").readline()) == {"ok": True}
        reader = SamvIdReader("reader-1", lambda: TcpTransport("127.0.0.1", ports["port"]))
        card = reader.read()
        reader.close()
        assert isinstance(card, IdCard)
        assert card.name == "测试乙"
        process.stdin.close()
        assert process.wait(10) == 0
