"""Bytes in, bytes out. Knows no device.

A driver takes either an open `Transport`, or (printers: one TCP client at a time, so short sessions) a
`Connect` that it calls once a job and closes after it. `devices/simulation.py` is the other end of the wire.
"""

import re
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import serial


class Transport(Protocol):
    """A byte stream to one device. Blocking; used by one thread at a time."""

    def write(self, data: bytes) -> None:
        """Send all of `data`. Raises OSError; an unknown part of `data` may have been sent then."""

    def read(self, size: int, timeout_s: float) -> bytes:
        """Up to `size` bytes as soon as any are there; b"" after `timeout_s` seconds of silence.

        Raises OSError when the link is gone. timeout_s=0 returns what is there.
        """

    def close(self) -> None:
        """Give the device free for the next client. May be called twice."""


Connect = Callable[[], Transport]
"""Opens a new session. Raises OSError when the device cannot be reached."""


class AddressError(ValueError):
    """A device address in the settings that cannot be understood. `hint` is Chinese, for IT staff."""

    def __init__(self, address: str) -> None:
        super().__init__(f"not a device address: {address!r}")
        self.hint = "设备地址应写成 tcp://主机:端口 或 serial:串口@波特率，例如 tcp://192.168.1.50:9100、serial:COM3@9600。"


@dataclass(frozen=True, slots=True)
class TcpAddress:
    host: str
    port: int


@dataclass(frozen=True, slots=True)
class SerialAddress:
    device: str
    baud: int


def parse_address(address: str) -> TcpAddress | SerialAddress:
    """ "tcp://HOST:PORT" (IPv6 in brackets) or "serial:DEV@BAUD". Raises AddressError."""
    if match := re.fullmatch(r"tcp://(?:\[([0-9A-Fa-f:.]+)]|([^\s/:@\[\]]+)):(\d{1,5})/?", address):
        port = int(match[3])
        if 0 < port <= 65535:
            return TcpAddress(match[1] or match[2], port)
    if match := re.fullmatch(r"serial:(\S+)@(\d{2,7})", address):
        baud = int(match[2])
        if 50 <= baud <= 4_000_000:
            return SerialAddress(match[1], baud)
    raise AddressError(address)


def open_transport(address: str) -> Transport:
    """Open a device by its address. Raises AddressError (settings wrong) or OSError (cannot be reached)."""
    parsed = parse_address(address)
    if isinstance(parsed, TcpAddress):
        return TcpTransport(parsed.host, parsed.port)
    return SerialTransport(parsed.device, parsed.baud)


class TcpTransport:
    """Raw TCP, the usual port 9100 of network printers."""

    def __init__(
        self, host: str, port: int, *, connect_timeout_s: float = 2.0, write_timeout_s: float = 10.0
    ) -> None:
        self._write_timeout_s = write_timeout_s
        self._sock = socket.create_connection((host, port), connect_timeout_s)
        self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def write(self, data: bytes) -> None:
        self._sock.settimeout(self._write_timeout_s)
        self._sock.sendall(data)

    def read(self, size: int, timeout_s: float) -> bytes:
        self._sock.settimeout(timeout_s)
        try:
            data = self._sock.recv(size)
        except (TimeoutError, BlockingIOError):
            return b""
        if not data:  # TCP says "closed" with an empty read; silence is not that
            raise ConnectionAbortedError("closed by the device")
        return data

    def close(self) -> None:
        self._sock.close()


class SerialTransport:
    """A serial port, 8N1, no flow control (what the DIP switches of hall devices are set to)."""

    def __init__(self, device: str, baud: int, *, write_timeout_s: float = 10.0) -> None:
        self._port = serial.Serial(device, baud, timeout=0, write_timeout=write_timeout_s)

    def write(self, data: bytes) -> None:
        self._port.write(data)

    def read(self, size: int, timeout_s: float) -> bytes:
        # pyserial waits for all `size` bytes: take one, then what has already arrived behind it.
        if self._port.timeout != timeout_s:
            self._port.timeout = timeout_s
        first: bytes = self._port.read(1)
        if not first or size == 1:
            return first
        rest: bytes = self._port.read(min(size - 1, self._port.in_waiting))
        return first + rest

    def close(self) -> None:
        self._port.close()


class LoopbackTransport:
    """Straight into a simulator in this process: no sockets.

    `feed` eats bytes and returns the immediate answer; `late`, where the simulator has one, returns what it
    has come to say by itself since (a finished print, a pressed key). Either may raise OSError: the cable is
    cut. With `late`, a read waits in small pauses; a test passes its own `clock` and `pause` and waits for
    nothing.
    """

    def __init__(
        self,
        feed: Callable[[bytes], bytes],
        late: Callable[[], bytes] | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
        step_s: float = 0.005,
    ) -> None:
        self._feed = feed
        self._late = late
        self._clock = clock
        self._pause = pause
        self._step_s = step_s
        self._inbox = b""

    def write(self, data: bytes) -> None:
        self._inbox += self._feed(data)

    def read(self, size: int, timeout_s: float) -> bytes:
        deadline = self._clock() + timeout_s
        while self._late is not None:
            self._inbox += self._late()
            left_s = deadline - self._clock()
            if self._inbox or left_s <= 0:
                break
            self._pause(min(self._step_s, left_s))
        out, self._inbox = self._inbox[:size], self._inbox[size:]
        return out

    def close(self) -> None:
        self._inbox = b""

    def inject(self, data: bytes) -> None:
        """Bytes nobody asked for."""
        self._inbox += data
