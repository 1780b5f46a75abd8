"""Ports for servers that are started, killed and started again on this machine."""

import random
import socket
from contextlib import ExitStack

_BELOW_THE_SYSTEMS_OWN = range(10_240, 32_000)
"""Outgoing connections get their ports above (Linux 32768, Windows 49152): while a server is away, no other line
can take the port it will come back to."""
_TRIES = 200


class NoPort(Exception):
    """This machine has no free port."""


def free_ports(count: int) -> list[int]:
    """Ports on 127.0.0.1 that nobody listens on just now; they differ. Raises NoPort."""
    chance = random.SystemRandom()
    with ExitStack() as held:
        found: list[int] = []
        for _ in range(_TRIES + count):
            if len(found) == count:
                return found
            port = chance.choice(_BELOW_THE_SYSTEMS_OWN)
            try:
                held.enter_context(socket.create_server(("127.0.0.1", port)))
            except OSError:
                continue
            found.append(port)
    raise NoPort


def free_port() -> int:
    """One of them. Raises NoPort."""
    return free_ports(1)[0]
