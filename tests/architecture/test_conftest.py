"""The guards of tests/conftest.py must themselves be able to fail a test."""

from __future__ import annotations

import socket
import threading
from typing import Any

import pytest

from tests.conftest import OutsideNetwork, is_this_machine, leaked_threads


def test_a_connection_to_another_machine_is_refused() -> None:
    with socket.socket() as outgoing, pytest.raises(OutsideNetwork):
        outgoing.connect(("192.0.2.1", 80))


def test_a_datagram_to_another_machine_is_refused() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as outgoing, pytest.raises(OutsideNetwork):
        outgoing.sendto(b"x", ("192.0.2.1", 53))


def test_a_name_look_up_is_refused() -> None:
    with pytest.raises(OutsideNetwork):
        socket.create_connection(("hall.example", 80))


def test_loopback_is_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        with socket.create_connection(server.getsockname()) as link:
            link.sendall(b"x")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (("127.0.0.1", 1), True),
        (("127.8.8.8", 1), True),
        (("::1", 1, 0, 0), True),
        (("localhost", 1), True),
        ("/run/a.sock", True),
        (("0.0.0.0", 1), False),
        (("10.0.0.1", 1), False),
        (("localhost.example", 1), False),
    ],
)
def test_which_addresses_are_this_machine(address: object, expected: bool) -> None:
    assert is_this_machine(address) is expected


def test_a_thread_left_behind_is_named() -> None:
    before = set(threading.enumerate())
    go = threading.Event()
    thread = threading.Thread(target=go.wait, name="left-behind", daemon=True)
    thread.start()
    try:
        assert leaked_threads(before, grace_s=0.0) == ["left-behind"]
    finally:
        go.set()
        thread.join()


def test_a_thread_that_is_about_to_end_is_no_leak() -> None:
    before = set(threading.enumerate())
    threading.Thread(target=lambda: None).start()
    assert leaked_threads(before, grace_s=5.0) == []


def test_screens_are_drawn_in_memory_with_our_fonts(qapp: Any) -> None:
    screen = qapp.primaryScreen()
    assert qapp.platformName() == "offscreen"
    assert (screen.size().width(), screen.size().height()) == (1920, 1080)
    assert qapp.font().families() == ["Noto Sans SC", "Noto Naskh Arabic"]
