"""Motion JPEG over HTTP (multipart/x-mixed-replace): a small reader that trusts nothing it is sent."""

import http.client
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from devices.doc_camera.jpeg import JpegError, jpeg_size

MAX_FRAME = 16 * 1024 * 1024
MAX_PART_HEAD = 4096
MAX_BAD_PARTS = 30
CHUNK = 256 * 1024


class StreamError(Exception):
    """The stream cannot be used (again: it may be opened anew)."""


class WrongStream(StreamError):
    """Something answers at this address, and it is no camera: trying again will not help."""


class MultipartParser:
    """Bytes of the body in any chunking to whole, plausible JPEG frames. Keeps at most one frame."""

    def __init__(self, boundary: bytes) -> None:
        """`boundary` as it stands between the frames, with or without its two leading dashes."""
        self._mark = boundary if boundary.startswith(b"--") else b"--" + boundary
        self._buffer = bytearray()
        self._length: int | None = None
        self._in_part = False
        self._searched = 0
        self._bad = 0

    def feed(self, data: bytes) -> list[bytes]:
        """Frames completed by `data`; damaged ones are left out.

        Raises StreamError for a part that never ends or a stream of nothing but garbage.
        """
        self._buffer += data
        frames = []
        while (part := self._next_part()) is not None:
            try:
                jpeg_size(part)
            except JpegError:
                self._bad += 1
                if self._bad > MAX_BAD_PARTS:
                    raise StreamError("no picture among the parts") from None
            else:
                self._bad = 0
                frames.append(part)
        return frames

    def _next_part(self) -> bytes | None:
        while True:
            if not self._in_part and not self._enter_part():
                return None
            if self._length is not None:
                if len(self._buffer) < self._length:
                    return None
                return self._leave_part(self._length)
            # the mark may lie across two chunks: search a little before the old end
            at = self._buffer.find(self._mark, max(0, self._searched - len(self._mark)))
            if at >= 0:
                return self._leave_part(at).removesuffix(b"\r\n")
            self._searched = len(self._buffer)
            if self._searched > MAX_FRAME:
                raise StreamError("frame without end")
            return None

    def _enter_part(self) -> bool:
        """Skip to behind the next part's head."""
        at = self._buffer.find(self._mark)
        if at < 0:
            del self._buffer[: max(0, len(self._buffer) - len(self._mark))]
            return False
        head_end = self._buffer.find(b"\r\n\r\n", at)
        if head_end < 0:
            if len(self._buffer) - at > MAX_PART_HEAD:
                raise StreamError("part head without end")
            return False
        head = bytes(self._buffer[at:head_end])
        length = re.search(rb"(?i)\r\ncontent-length:[ \t]*(\d{1,12})[ \t]*(?:\r\n|$)", head)
        self._length = int(length[1]) if length else None
        if self._length is not None and self._length > MAX_FRAME:
            raise StreamError("frame too large")
        del self._buffer[: head_end + 4]
        self._in_part, self._searched = True, 0
        return True

    def _leave_part(self, size: int) -> bytes:
        part = bytes(self._buffer[:size])
        del self._buffer[:size]
        self._in_part = False
        return part


def boundary_of(content_type: str) -> bytes:
    """The boundary in a Content-Type header. Raises WrongStream for anything but a picture stream."""
    if not content_type.lower().startswith("multipart/x-mixed-replace"):
        raise WrongStream("not a picture stream")
    match = re.search(r'(?i);\s*boundary="?([^";\r\n]{1,100})', content_type)
    if not match or not match[1].strip().isascii():
        raise WrongStream("no boundary")
    return match[1].strip().encode()


def frames(
    url: str, *, connect_timeout_s: float = 1.5, read_timeout_s: float = 5.0
) -> Iterator[bytes | None]:
    """Open the stream; None once it is open, then JPEG frames without end. Blocks.

    Raises StreamError or OSError when it breaks, is silent for `read_timeout_s` or was never a stream.
    """
    parts = urlsplit(url)
    if parts.scheme != "http" or not parts.hostname:
        raise WrongStream("not an http address")
    connection = http.client.HTTPConnection(parts.hostname, parts.port or 80, timeout=connect_timeout_s)
    try:
        connection.connect()
        connection.sock.settimeout(read_timeout_s)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", path, headers={"Accept-Encoding": "identity", "Connection": "close"})
        response = connection.getresponse()
        if response.status != 200:
            raise WrongStream(f"HTTP status {response.status}")
        if response.getheader("Content-Encoding", "identity").lower() != "identity":
            raise WrongStream("compressed stream")
        parser = MultipartParser(boundary_of(response.getheader("Content-Type", "")))
        yield None
        while data := response.read1(CHUNK):
            yield from parser.feed(data)
        raise StreamError("stream ended")
    except http.client.HTTPException as exc:
        raise StreamError(f"not HTTP: {type(exc).__name__}") from exc
    finally:
        connection.close()
