"""Bodies are bounded before anybody reads them; pages carry headers that keep other origins out."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server_app.bundles.steps import PATH as BUNDLE_PATH
from sync.wire import MAX_REQUEST_BYTES

MAX_FORM_BYTES = 256 * 1024
MAX_STEP_BYTES = 8 * 1024 * 1024
"""Of one step of a bundle: a page of the parent's journal, which is packed where it travels."""
_PAGE_HEADERS = (
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; "
        b"frame-ancestors 'none'; base-uri 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)


class TooLong(Exception):
    """The body is longer than this path takes."""


class Limits:
    """413 for a body that is too long, also one that does not say its length."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        machine = scope["path"].startswith("/v1/")
        limit = MAX_REQUEST_BYTES if machine else MAX_FORM_BYTES
        if scope["path"] == BUNDLE_PATH:
            limit = MAX_STEP_BYTES
        for name, value in scope["headers"]:
            if name == b"content-length" and (not value.isdigit() or int(value) > limit):
                await _refuse(send)
                return
        seen, started = 0, False

        async def bounded() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise TooLong
            return message

        async def with_headers(message: Message) -> None:
            nonlocal started
            started = True
            if message["type"] == "http.response.start" and not machine:
                message = {**message, "headers": [*message.get("headers", ()), *_PAGE_HEADERS]}
            await send(message)

        try:
            await self._app(scope, bounded, with_headers)
        except TooLong:
            if not started:
                await _refuse(send)


async def _refuse(send: Send) -> None:
    body = "提交的内容过长。".encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})
