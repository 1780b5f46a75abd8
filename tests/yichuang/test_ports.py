"""Ports of servers that come and go."""

import socket
from contextlib import ExitStack

import pytest

from yichuang import ports
from yichuang.ports import NoPort, free_port, free_ports


def test_all_of_them_can_be_listened_on_together() -> None:
    found = free_ports(20)
    assert len(set(found)) == 20
    with ExitStack() as held:
        for port in found:
            held.enter_context(socket.create_server(("127.0.0.1", port)))


def test_no_outgoing_connection_gets_one() -> None:
    assert max(free_ports(20)) < 32_000


def test_a_machine_without_a_free_port_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", free_port())) as taken:
        only = range(taken.getsockname()[1], taken.getsockname()[1] + 1)
        monkeypatch.setattr(ports, "_BELOW_THE_SYSTEMS_OWN", only)
        with pytest.raises(NoPort):
            free_port()
