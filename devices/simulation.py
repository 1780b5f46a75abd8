"""What every device simulator shares: its place on a wire, its control port, its life as a process.

A simulator itself is only state with `feed(bytes) -> bytes` (eats any chunking, returns the immediate answer)
and, where the thing speaks by itself, `late() -> bytes`. Both may raise OSError: the cable is cut, the server
hangs up. They are called on the server's thread, the control handler on another: a simulator holds its own
lock. Nothing of the product imports this module.
"""

import contextlib
import json
import os
import select
import socket
import socketserver
import sys
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

Feed = Callable[[bytes], bytes]
Late = Callable[[], bytes]
Control = Callable[[dict[str, Any]], dict[str, Any]]
"""One JSON command in, one JSON answer out. Raises ValueError for a command it does not know."""

LATE_POLL_S = 0.01
IDLE_POLL_S = 0.05
SEND_TIMEOUT_S = 5.0


class SimulatorServer:
    """A simulator on a TCP port of this machine, one client at a time as real printers and serial boxes do.

    A second client is accepted by the system but hears nothing until the first has gone. Late answers that
    nobody is connected to hear are lost. Use as a context manager.
    """

    def __init__(self, feed: Feed, late: Late | None = None, *, port: int = 0) -> None:
        self._feed = feed
        self._late = late
        self._listener = socket.create_server(("127.0.0.1", port))
        self._wake, self._woken = socket.socketpair()
        self._thread = threading.Thread(target=self._serve, name="simulator", daemon=True)

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        self._wake.send(b"x")
        self._thread.join()
        for sock in (self._listener, self._wake, self._woken):
            sock.close()

    def _serve(self) -> None:
        while True:
            wait_s = None if self._late is None else IDLE_POLL_S
            ready, _, _ = select.select([self._listener, self._woken], [], [], wait_s)
            if self._woken in ready:
                return
            self._go_on_alone()
            if self._listener not in ready:
                continue
            client, _ = self._listener.accept()
            with client:
                client.settimeout(SEND_TIMEOUT_S)
                try:
                    while self._exchange(client):
                        pass
                except OSError:
                    continue  # the client left, or the simulated cable is cut

    def _go_on_alone(self) -> None:
        """Time passes for the thing without a client too; what it says then nobody hears."""
        if self._late is not None:
            with contextlib.suppress(OSError):  # its cable is cut
                self._late()

    def _exchange(self, client: socket.socket) -> bool:
        """One round of the conversation; False when the client has left or the server stops."""
        wait_s = None if self._late is None else LATE_POLL_S
        ready, _, _ = select.select([client, self._woken], [], [], wait_s)
        if self._woken in ready:
            return False
        answer = b""
        if client in ready:
            data = client.recv(4096)
            if not data:
                return False
            answer += self._feed(data)
        if self._late is not None:
            answer += self._late()
        if answer:
            client.sendall(answer)
        return True


class PtyServer:
    """A simulator behind a pseudo-terminal, for drivers of serial devices. POSIX only; `path` is the port."""

    def __init__(self, feed: Feed, late: Late | None = None) -> None:
        import tty  # absent on Windows

        self._feed = feed
        self._late = late
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.path = os.ttyname(self._slave)
        self._wake, self._woken = socket.socketpair()
        self._thread = threading.Thread(target=self._serve, name="simulator-pty", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        self._wake.send(b"x")
        self._thread.join()
        self._wake.close()
        self._woken.close()
        os.close(self._master)
        os.close(self._slave)

    def _serve(self) -> None:
        wait_s = None if self._late is None else LATE_POLL_S
        while True:
            ready, _, _ = select.select([self._master, self._woken.fileno()], [], [], wait_s)
            if self._woken.fileno() in ready:
                return
            answer = b""
            try:
                if self._master in ready:
                    answer += self._feed(os.read(self._master, 4096))
                if self._late is not None:
                    answer += self._late()
            except OSError:
                continue  # a cut serial cable is silence; the port itself stays
            if answer:
                os.write(self._master, answer)


class ControlServer:
    """The tester's hand inside a simulator: a TCP port that takes one JSON object a line and answers one.

    Bad input is answered with {"ok": false, "error": ...} and changes nothing. Use as a context manager.
    """

    def __init__(self, handle: Control, *, port: int = 0) -> None:
        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                for line in self.rfile:
                    answer = json.dumps(answer_line(handle, line), ensure_ascii=False)
                    self.wfile.write(answer.encode() + b"\n")

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name="control", daemon=True
        )

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def answer_line(handle: Control, line: bytes) -> dict[str, Any]:
    """One control line to one answer."""
    try:
        command = json.loads(line)
        if not isinstance(command, dict):
            raise ValueError("a command is a JSON object")
        return {"ok": True, **handle(command)}
    except ValueError as exc:  # JSONDecodeError and UnicodeDecodeError are ValueErrors
        return {"ok": False, "error": str(exc)}


def run_until_stdin_closes(
    feed: Feed, late: Late | None, control: Control, *, port: int = 0, control_port: int = 0
) -> None:
    """Main of every simulator process.

    Prints one JSON line {"port": N, "control": M} and serves until standard input ends, so that a simulator
    never outlives whoever started it (start it with a pipe as stdin; from a shell, end it with Ctrl-D).
    """
    with SimulatorServer(feed, late, port=port) as server, ControlServer(control, port=control_port) as ctl:
        sys.stdout.write(json.dumps({"port": server.port, "control": ctl.port}) + "\n")
        sys.stdout.flush()
        try:
            while sys.stdin.buffer.read(1):
                pass
        except KeyboardInterrupt:
            return
