"""One signed message over HTTP, as bytes: what was signed is what travelled."""

import time
from collections.abc import Callable
from typing import Any

import httpx2

from sync.message import Answer, Request
from sync.wire import MAX_ANSWER_BYTES

CONNECT_S = 5.0
MAX_RAW_ANSWER = 300 * 1024 * 1024
"""The longest blob."""
MAX_PACKED = MAX_ANSWER_BYTES + 1024 * 1024
"""Any other answer, which is bounded again when it is unpacked."""
LEAST_BYTES_PER_S = 500
"""A line that gives less, after the time that the answer may take, holds the lane up for nothing."""


def send(
    client: httpx2.Client, request: Request, connected: Callable[[str, dict[str, Any]], None] | None = None
) -> Answer:
    """Blocks. Raises httpx2.HTTPError; answers longer than the limit count as a broken line. `connected` is told of
    each step of the connection.
    """
    timeout = httpx2.Timeout(request.timeout_s, connect=min(CONNECT_S, request.timeout_s))
    extensions = {} if connected is None else {"trace": connected}
    with client.stream(
        request.method, request.target, headers=request.headers, content=request.body, timeout=timeout,
        extensions=extensions,
    ) as response:  # fmt: skip
        body = bytearray()
        longest = MAX_RAW_ANSWER if request.path.startswith("/v1/blobs/") else MAX_PACKED
        patient_until = time.monotonic() + request.timeout_s
        for chunk in response.iter_raw():
            body += chunk
            if len(body) > longest:
                raise httpx2.ReadError("answer too long")
            if len(body) < (time.monotonic() - patient_until) * LEAST_BYTES_PER_S:
                raise httpx2.ReadTimeout("answer too slow")
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status_code, headers, bytes(body))
