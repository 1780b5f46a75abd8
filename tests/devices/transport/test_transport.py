"""One behaviour over loopback, TCP and a pseudo-terminal; addresses; the tester's control port."""

import json
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from devices.errors import BadReply, DeviceError, DeviceNeedsPerson, DeviceOffline, OutcomeUnknown
from devices.simulation import ControlServer, PtyServer, SimulatorServer
from devices.transport import (
    AddressError,
    LoopbackTransport,
    SerialAddress,
    SerialTransport,
    TcpAddress,
    TcpTransport,
    Transport,
    open_transport,
    parse_address,
)


class Echo:
    """Answers in capitals at once; says `due` by itself."""

    def __init__(self) -> None:
        self.due = b""
        self.cut = False

    def feed(self, data: bytes) -> bytes:
        if self.cut:
            raise ConnectionError("cable cut")
        return data.upper()

    def late(self) -> bytes:
        out, self.due = self.due, b""
        return out


@pytest.fixture
def echo() -> Echo:
    return Echo()


@pytest.fixture(params=["loopback", "tcp", "pty"])
def link(request: pytest.FixtureRequest, echo: Echo) -> Iterator[Transport]:
    if request.param == "loopback":
        yield LoopbackTransport(echo.feed, echo.late)
    elif request.param == "tcp":
        with SimulatorServer(echo.feed, echo.late) as server:
            link = open_transport(f"tcp://127.0.0.1:{server.port}")
            yield link
            link.close()
    else:
        with PtyServer(echo.feed, echo.late) as pty:
            link = open_transport(f"serial:{pty.path}@115200")
            yield link
            link.close()


def read_exactly(link: Transport, size: int) -> bytes:
    out = b""
    while len(out) < size:
        part = link.read(size - len(out), 10)
        assert part, f"silence after {out!r}"
        out += part
    return out


def test_answer_comes_back(link: Transport) -> None:
    link.write(b"abc")
    assert read_exactly(link, 3) == b"ABC"


def test_read_takes_no_more_than_asked(link: Transport) -> None:
    link.write(b"abcdef")
    assert read_exactly(link, 2) == b"AB"
    assert read_exactly(link, 4) == b"CDEF"


def test_silence_is_empty(link: Transport) -> None:
    assert link.read(10, 0) == b""
    assert link.read(10, 0.02) == b""


def test_write_works_after_a_read_that_did_not_wait(link: Transport) -> None:
    link.read(1, 0)
    link.write(b"x" * 20_000)
    assert read_exactly(link, 20_000) == b"X" * 20_000


def test_a_long_write_waits_for_a_slow_device() -> None:
    """More than the system buffers, after a read that did not wait (its time limit must not stay)."""
    got = bytearray()

    def swallow(data: bytes) -> bytes:
        got.extend(data)
        return b"k" if len(got) == 20_000_000 else b""

    with SimulatorServer(swallow) as server:
        link = TcpTransport("127.0.0.1", server.port)
        link.read(1, 0)
        link.write(bytes(20_000_000))
        assert link.read(1, 30) == b"k"
        link.close()


def test_late_output_arrives(link: Transport, echo: Echo) -> None:
    link.write(b"a")
    assert read_exactly(link, 1) == b"A"
    echo.due = b"done"
    assert read_exactly(link, 4) == b"done"


def test_binary_bytes_are_untouched(link: Transport) -> None:
    data = bytes(set(range(256)) - set(range(ord("a"), ord("z") + 1)))
    link.write(data)
    assert read_exactly(link, len(data)) == data


def test_cut_cable_is_an_oserror_on_tcp_and_loopback(echo: Echo) -> None:
    echo.cut = True
    with pytest.raises(OSError, match="cut"):
        LoopbackTransport(echo.feed).write(b"x")
    with SimulatorServer(echo.feed) as server:
        link = TcpTransport("127.0.0.1", server.port)
        link.write(b"x")
        with pytest.raises(OSError, match=r"closed|reset"):
            link.read(1, 10)
        link.close()


def test_server_takes_one_client_at_a_time(echo: Echo) -> None:
    with SimulatorServer(echo.feed) as server:
        first = TcpTransport("127.0.0.1", server.port)
        first.write(b"a")
        assert first.read(1, 10) == b"A"
        second = TcpTransport("127.0.0.1", server.port)
        second.write(b"b")
        assert second.read(1, 0.1) == b""
        first.close()
        assert second.read(1, 10) == b"B"
        second.close()


def test_nobody_there_is_an_oserror() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(OSError):  # noqa: PT011 - the text is the system's
        open_transport(f"tcp://127.0.0.1:{port}")
    with pytest.raises(OSError):  # noqa: PT011
        SerialTransport("/dev/no-such-port", 9600)


def test_addresses() -> None:
    assert parse_address("tcp://10.0.0.5:9100") == TcpAddress("10.0.0.5", 9100)
    assert parse_address("tcp://printer-1.hall.lan:9100") == TcpAddress("printer-1.hall.lan", 9100)
    assert parse_address("tcp://[fe80::1]:9100") == TcpAddress("fe80::1", 9100)
    assert parse_address("serial:COM3@9600") == SerialAddress("COM3", 9600)
    assert parse_address("serial:/dev/ttyUSB0@115200") == SerialAddress("/dev/ttyUSB0", 115200)


@pytest.mark.parametrize(
    "address",
    ["", "tcp://host", "tcp://host:0", "tcp://host:70000", "tcp://:9100", "http://host:80", "serial:COM3",
     "serial:@9600", "serial:COM3@fast", "serial:COM3@1", "10.0.0.5:9100", "tcp://a b:1", "tcp://h:9100\n"],
)  # fmt: skip
def test_wrong_addresses_say_what_is_right(address: str) -> None:
    with pytest.raises(AddressError) as caught:
        parse_address(address)
    assert "tcp://" in caught.value.hint


@pytest.mark.parametrize("kind", [DeviceError, DeviceOffline, DeviceNeedsPerson, BadReply, OutcomeUnknown])
def test_every_fault_has_a_hint_for_staff(kind: type[DeviceError]) -> None:
    assert kind("kiosk-1", "x").hint
    error = kind("kiosk-1", "lost", hint="请装纸。")
    assert (str(error), error.device_id, error.hint) == ("kiosk-1: lost", "kiosk-1", "请装纸。")


def ask(port: int, line: bytes) -> dict[str, object]:
    with socket.create_connection(("127.0.0.1", port), 10) as sock, sock.makefile("rb") as answers:
        sock.sendall(line + b"\n")
        answer: dict[str, object] = json.loads(answers.readline())
        return answer


def test_control_port_answers_json_and_refuses_rubbish() -> None:
    def handle(command: dict[str, object]) -> dict[str, object]:
        if "fault" not in command:
            raise ValueError("unknown command")
        return {"fault": command["fault"]}

    with ControlServer(handle) as control:
        assert ask(control.port, b'{"fault": "silent"}') == {"ok": True, "fault": "silent"}
        for rubbish in (b"{", b"[]", b'{"x": 1}', b"\xff"):
            assert ask(control.port, rubbish)["ok"] is False


@pytest.fixture
def program(tmp_path: Path) -> Callable[[], subprocess.Popen[str]]:
    script = tmp_path / "sim.py"
    script.write_text(
        "from devices.simulation import run_until_stdin_closes\n"
        "run_until_stdin_closes(bytes.upper, None, lambda command: command)\n"
    )

    def start() -> subprocess.Popen[str]:
        root = str(Path(__file__).parents[3])
        return subprocess.Popen(
            [sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={"PYTHONPATH": root},
        )  # fmt: skip

    return start


def test_simulator_process_serves_and_ends_with_its_stdin(
    program: Callable[[], subprocess.Popen[str]],
) -> None:
    with program() as process:
        assert process.stdin is not None
        assert process.stdout is not None
        ports = json.loads(process.stdout.readline())
        link = TcpTransport("127.0.0.1", ports["port"])
        link.write(b"a")
        assert link.read(1, 10) == b"A"
        link.close()
        assert ask(ports["control"], b'{"a": 1}') == {"ok": True, "a": 1}
        process.stdin.close()
        assert process.wait(timeout=30) == 0
