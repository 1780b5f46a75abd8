"""A Parent as a plain ASGI application, to be mounted under /v1/ by the web server."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from sync.blob_parent import MAX_PIECE
from sync.message import Answer, Request
from sync.parent import Parent
from sync.wire import MAX_REQUEST_BYTES

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

MAX_BODY = max(MAX_REQUEST_BYTES, MAX_PIECE)


class SyncApp:
    """Only for scope type "http". Bodies over the limit are refused unread (413)."""

    def __init__(self, parent: Parent) -> None:
        self._parent = parent

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise ValueError(scope["type"])
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
        }
        # the target as it was signed: still escaped, and without the mount point's prefix taken off
        target = scope.get("raw_path", scope["path"].encode()).decode("latin-1").partition("?")[0]
        if scope["query_string"]:
            target += "?" + scope["query_string"].decode("latin-1")
        request = Request(scope["method"], target, headers)
        body = bytearray()
        while True:
            event = await receive()
            if event["type"] == "http.disconnect":
                return
            body += event.get("body", b"")
            if len(body) > MAX_BODY:
                await _send(send, self._parent.sign(request, Answer(413)), head=False)
                return
            if not event.get("more_body", False):
                break
        answer = await self._parent.serve(Request(request.method, target, headers, bytes(body)))
        await _send(send, answer, head=request.method == "HEAD")


async def _send(send: Send, answer: Answer, *, head: bool) -> None:
    headers = [(name.encode(), value.encode("latin-1")) for name, value in answer.headers.items()]
    headers.append((b"content-length", str(len(answer.body)).encode()))
    headers.append((b"cache-control", b"no-store"))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if head else answer.body})
