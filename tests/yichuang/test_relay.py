"""The demo's wire that can be cut and mended."""

import socket
import threading
from collections.abc import Iterator

import pytest

from yichuang.demo.relay import Relay
from yichuang.ports import free_port


class Echo:
    """Sends back what it gets, to any number of callers."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self._threads: list[threading.Thread] = []
        self.callers = 0
        self._acceptor = threading.Thread(target=self._accept)
        self._acceptor.start()

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._acceptor.join()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        while True:
            try:
                caller, _ = self._server.accept()
            except OSError:
                return
            self.callers += 1
            thread = threading.Thread(target=self._answer, args=(caller,))
            self._threads.append(thread)
            thread.start()

    @staticmethod
    def _answer(caller: socket.socket) -> None:
        with caller:
            while data := caller.recv(4096):
                caller.sendall(data)


@pytest.fixture
def echo() -> Iterator[Echo]:
    server = Echo()
    yield server
    server.close()


@pytest.fixture
def relay(echo: Echo) -> Iterator[Relay]:
    wire = Relay(echo.port)
    yield wire
    wire.close()


def ask(relay: Relay, data: bytes) -> bytes:
    """What comes back; empty when the wire is cut."""
    with socket.create_connection(("127.0.0.1", relay.port), 5.0) as line:
        try:
            line.sendall(data)
            line.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: line.recv(4096), b""))
        except OSError:
            return b""


def talk(line: socket.socket, data: bytes) -> bytes:
    line.sendall(data)
    found = b""
    while len(found) < len(data):
        piece = line.recv(4096)
        if not piece:
            break
        found += piece
    return found


def test_bytes_go_both_ways_on_several_lines(relay: Relay) -> None:
    lines = [socket.create_connection(("127.0.0.1", relay.port), 5.0) for _ in range(3)]
    big = bytes(range(256)) * 1000
    for n, line in enumerate(lines):
        assert talk(line, bytes([n]) * 5) == bytes([n]) * 5
    assert talk(lines[0], big) == big
    for line in lines:
        line.close()


def test_a_cut_ends_what_runs(relay: Relay) -> None:
    with socket.create_connection(("127.0.0.1", relay.port), 5.0) as line:
        assert talk(line, b"before") == b"before"
        relay.cut()
        try:
            assert line.recv(10) == b""
        except ConnectionResetError:
            pass


def test_nothing_passes_while_cut_and_everything_again_when_mended(relay: Relay, echo: Echo) -> None:
    relay.cut()
    assert ask(relay, b"lost") == b""
    relay.heal()
    with socket.create_connection(("127.0.0.1", relay.port), 5.0) as line:
        assert talk(line, b"again") == b"again"
    # the far side never heard of the first caller
    assert echo.callers == 1


def test_a_relay_to_nobody_closes_the_line() -> None:
    wire = Relay(free_port())
    try:
        assert ask(wire, b"anybody?") == b""
    finally:
        wire.close()


def test_closing_ends_running_lines(echo: Echo) -> None:
    wire = Relay(echo.port)
    with socket.create_connection(("127.0.0.1", wire.port), 5.0) as line:
        assert talk(line, b"x") == b"x"
        wire.close()
        try:
            assert line.recv(10) == b""
        except ConnectionResetError:
            pass
