"""What a child does with an answer that is endless, trickles, or is cut: a broken line, in bounded time and memory."""

import socket
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator

import httpx2
import pytest

from sync import sending
from sync.message import Request

HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n"
Say = Callable[[socket.socket, threading.Event], None]


@pytest.fixture
def liar() -> Iterator[Callable[[Say], str]]:
    """liar(say) listens and answers each connection by `say`; gives its address."""
    ended, threads = threading.Event(), []
    doors: list[socket.socket] = []

    def serve(door: socket.socket, say: Say) -> None:
        while True:
            try:
                line, _ = door.accept()
            except OSError:
                return
            with line:
                line.recv(65536)
                try:
                    say(line, ended)
                except OSError:
                    continue  # the child has hung up

    def listen(say: Say) -> str:
        door = socket.create_server(("127.0.0.1", 0))
        doors.append(door)
        thread = threading.Thread(target=serve, args=(door, say))
        thread.start()
        threads.append(thread)
        return f"http://127.0.0.1:{door.getsockname()[1]}"

    yield listen
    ended.set()
    for door in doors:
        door.shutdown(socket.SHUT_RDWR)
        door.close()
    for thread in threads:
        thread.join()


def ask(base: str, path: str = "/v1/push", timeout_s: float = 5.0) -> None:
    with httpx2.Client(base_url=base, trust_env=False) as client:
        sending.send(client, Request("POST", path, {}, b"", timeout_s))


def endless(line: socket.socket, ended: threading.Event) -> None:
    line.sendall(HEAD)
    while not ended.is_set():
        line.sendall(bytes(1 << 20))


def one_byte_at_a_time(line: socket.socket, ended: threading.Event) -> None:
    line.sendall(HEAD)
    while not ended.wait(0.05):
        line.sendall(b"x")


def cut(line: socket.socket, ended: threading.Event) -> None:
    line.sendall(HEAD + b"half of it")


def test_an_endless_answer_is_not_kept(liar: Callable[[Say], str]) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(httpx2.ReadError, match="too long"):
            ask(liar(endless))
        assert tracemalloc.get_traced_memory()[1] < 100 * 1024 * 1024
    finally:
        tracemalloc.stop()


def test_an_answer_that_trickles_is_given_up(liar: Callable[[Say], str]) -> None:
    began = time.monotonic()
    with pytest.raises(httpx2.ReadTimeout, match="too slow"):
        ask(liar(one_byte_at_a_time), timeout_s=1.0)
    assert time.monotonic() - began < 20.0


def test_an_answer_that_is_cut_is_none(liar: Callable[[Say], str]) -> None:
    with pytest.raises(httpx2.HTTPError):
        ask(liar(cut))
