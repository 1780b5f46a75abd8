"""One signed message over HTTP, as bytes: what was signed is what travelled."""

from collections.abc import Callable
from typing import Any

import httpx2

from sync.message import Answer, Request

CONNECT_S = 5.0
MAX_RAW_ANSWER = 300 * 1024 * 1024
"""The longest blob; JSON answers are bounded again when they are unpacked."""


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
        for chunk in response.iter_raw():
            body += chunk
            if len(body) > MAX_RAW_ANSWER:
                raise httpx2.ReadError("answer too long")
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status_code, headers, bytes(body))
