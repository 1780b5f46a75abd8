"""What parent and camera child say over their pipes: JSON head and binary body, both with their length."""

import json
import struct
from typing import Any, BinaryIO

_LENGTHS = struct.Struct(">II")
MAX_HEAD = 64 * 1024
MAX_BODY = 32 * 1024 * 1024


class MessageError(Exception):
    """The other side does not speak this protocol."""


def pack(head: dict[str, Any], body: bytes = b"") -> bytes:
    data = json.dumps(head, separators=(",", ":")).encode()
    return _LENGTHS.pack(len(data), len(body)) + data + body


def receive(stream: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    """The next message; None at the end of the stream. Blocks. Raises MessageError."""
    lengths = stream.read(_LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        return None
    head_size, body_size = _LENGTHS.unpack(lengths)
    if head_size > MAX_HEAD or body_size > MAX_BODY:
        raise MessageError("length out of range")
    data = stream.read(head_size + body_size)
    if len(data) < head_size + body_size:
        return None
    try:
        head = json.loads(data[:head_size])
    except ValueError as exc:
        raise MessageError("head is not JSON") from exc
    if not isinstance(head, dict):
        raise MessageError("head is not an object")
    return head, data[head_size:]
