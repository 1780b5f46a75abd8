import io
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from devices.doc_camera.jpeg import JpegError, jpeg_size
from devices.doc_camera.messages import MessageError, pack, receive
from devices.doc_camera.mjpeg import MAX_FRAME, MultipartParser, StreamError, WrongStream, boundary_of, frames


def picture(width: int = 40, height: int = 30, *, progressive: bool = False) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), (200, 100, width % 256)).save(out, "JPEG", progressive=progressive)
    return out.getvalue()


JPEG = picture()


def part(data: bytes, *, length: int | None = None, mark: bytes = b"--x") -> bytes:
    size = b"" if length is None else b"Content-Length: %d\r\n" % length
    return mark + b"\r\nContent-Type: image/jpeg\r\n" + size + b"\r\n" + data + b"\r\n"


@pytest.mark.parametrize("progressive", [False, True])
def test_size_is_read_without_a_decoder(progressive: bool) -> None:
    assert jpeg_size(picture(123, 45, progressive=progressive)) == (123, 45)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8",
        b"<html></html>",
        JPEG[:-40],
        JPEG[1:],
        b"\xff\xd8\xff\xd9",
        JPEG.replace(b"\x00\x1e\x00\x28", b"\xff\xff\xff\xff"),  # 4 gigapixels
        JPEG.replace(b"\x00\x1e\x00\x28", b"\x00\x00\x00\x28"),
    ],
)
def test_bad_pictures_are_refused(data: bytes) -> None:
    with pytest.raises(JpegError):
        jpeg_size(data)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_size_or_an_error(tail: bytes) -> None:
    for data in (tail, b"\xff\xd8" + tail + b"\xff\xd9", JPEG[: len(tail)] + tail + JPEG[len(tail) :]):
        try:
            width, height = jpeg_size(data)
        except JpegError:
            continue
        assert width > 0
        assert height > 0


@given(st.integers(1, 4000), st.booleans(), st.lists(st.integers(1, 60), min_size=1, max_size=4))
def test_frames_arrive_in_any_chunking(size: int, announced: bool, widths: list[int]) -> None:
    pictures = [picture(width) for width in widths]
    stream = b"".join(part(data, length=len(data) if announced else None) for data in pictures) + b"--x\r\n"
    parser = MultipartParser(b"x")
    got = [frame for at in range(0, len(stream), size) for frame in parser.feed(stream[at : at + size])]
    assert got == pictures


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_parser_takes_any_bytes(chunks: list[bytes]) -> None:
    parser = MultipartParser(b"x")
    for chunk in chunks:
        try:
            assert parser.feed(chunk) == []
            parser.feed(b"--x\r\n" + chunk)
        except StreamError:
            return


def test_damaged_pictures_are_left_out_and_the_next_good_one_is_taken() -> None:
    parser = MultipartParser(b"--x")
    stream = part(JPEG[:-30], length=len(JPEG) - 30) + part(b"garbage") + part(JPEG, length=len(JPEG))
    assert parser.feed(stream) == [JPEG]


def test_nothing_but_garbage_ends_the_stream() -> None:
    with pytest.raises(StreamError):
        MultipartParser(b"x").feed(part(b"garbage") * 50)


def test_huge_parts_end_the_stream_and_take_no_memory() -> None:
    with pytest.raises(StreamError, match="too large"):
        MultipartParser(b"x").feed(part(b"", length=MAX_FRAME + 1))
    parser = MultipartParser(b"x")
    parser.feed(b"--x\r\n\r\n")
    for _ in range(MAX_FRAME // 2**20):
        assert parser.feed(bytes(2**20)) == []
    with pytest.raises(StreamError, match="without end"):
        parser.feed(b"\0")
    with pytest.raises(StreamError, match="head"):
        MultipartParser(b"x").feed(b"--x\r\n" + b"a: b\r\n" * 1000)


@pytest.mark.parametrize(
    ("header", "boundary"),
    [
        ("multipart/x-mixed-replace; boundary=frame", b"frame"),
        ('Multipart/X-Mixed-Replace;boundary="--ab c"; x=1', b"--ab c"),
    ],
)
def test_boundary(header: str, boundary: bytes) -> None:
    assert boundary_of(header) == boundary


@pytest.mark.parametrize(
    "header", ["", "text/html", "image/jpeg", "multipart/x-mixed-replace", "multipart/mixed; boundary=x"]
)
def test_other_content_is_no_stream(header: str) -> None:
    with pytest.raises(WrongStream):
        boundary_of(header)


@contextmanager
def server(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    """One connection, answered by `talk` after the request has come in."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def run() -> None:
            client, _ = listener.accept()
            with client:
                client.recv(4096)
                talk(client)

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/cam.mjpg"
        finally:
            thread.join()


OK = b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=x\r\n\r\n"


def test_stream_over_tcp_then_closed() -> None:
    with server(
        lambda client: client.sendall(OK + part(JPEG) + part(JPEG, length=len(JPEG)) + b"--x\r\n")
    ) as url:
        stream = frames(url)
        assert [next(stream), next(stream), next(stream)] == [None, JPEG, JPEG]
        with pytest.raises(StreamError, match="ended"):
            next(stream)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"HTTP/1.1 404 No\r\n\r\n", WrongStream),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>", WrongStream),
        (OK.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n"), WrongStream),
        (b"\x00\x01garbage\r\n\r\n", StreamError),
        (b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 500 + b"\r\n", StreamError),
        (b"HTTP/1.1 200 " + b"x" * 70_000, StreamError),
        (b"", StreamError),
    ],
)
def test_bad_servers_are_refused(answer: bytes, error: type[Exception]) -> None:
    with server(lambda client: client.sendall(answer)) as url, pytest.raises(error):
        next(frames(url))


def test_frozen_stream_ends_by_itself() -> None:
    done = threading.Event()

    def talk(client: socket.socket) -> None:
        client.sendall(OK + part(JPEG) + b"--x\r\n")
        done.wait(10)

    with server(talk) as url:
        stream = frames(url, read_timeout_s=0.1)
        assert [next(stream), next(stream)] == [None, JPEG]
        with pytest.raises(OSError, match="timed out"):
            next(stream)
        done.set()


def test_messages_round_trip_and_refuse_nonsense() -> None:
    stream = io.BytesIO(pack({"id": 1}, b"\xff\xd8") + pack({"id": 2}))
    assert receive(stream) == ({"id": 1}, b"\xff\xd8")
    assert receive(stream) == ({"id": 2}, b"")
    assert receive(stream) is None
    for data in (
        b"\xff" * 20,
        bytes([0, 0, 0, 3, 0, 0, 0, 0]) + b"{]}",
        bytes([0, 0, 0, 2, 0, 0, 0, 0]) + b"[]",
    ):
        with pytest.raises(MessageError):
            receive(io.BytesIO(data))


@given(st.binary(max_size=100))
def test_any_message_bytes_end_or_are_refused(data: bytes) -> None:
    try:
        receive(io.BytesIO(data))
    except MessageError:
        return
