"""/v1/: every request goes to sync.parent, which checks the signature before it looks at anything else."""

import asyncio
import logging

from fastapi import FastAPI, Request, Response
from starlette.requests import ClientDisconnect

from sync.message import Answer
from sync.message import Request as SyncRequest
from sync.parent import Parent

log = logging.getLogger(__name__)


def add_sync_routes(app: FastAPI, parent: Parent) -> None:
    """`app.state.stopping` is an asyncio.Event: polls that wait are let go when it is set."""
    stopping = asyncio.Event()
    app.state.stopping = stopping

    async def serve(request: Request) -> Response:
        try:
            asked = await as_request(request)
        except ClientDisconnect:
            # a cut line or a closed program: nobody reads an answer, and the child asks again by itself
            log.warning("a client left in mid-request")
            return Response(status_code=400)
        if not asked.path.startswith("/v1/feed/"):
            return as_response(await parent.serve(asked))
        answering = asyncio.ensure_future(parent.serve(asked))
        ending = asyncio.ensure_future(stopping.wait())
        try:
            await asyncio.wait((answering, ending), return_when=asyncio.FIRST_COMPLETED)
            if answering.done():
                return as_response(answering.result())
            # unsigned: the child takes it for a broken line and asks again
            return Response(status_code=503, headers={"connection": "close"})
        finally:
            answering.cancel()
            ending.cancel()

    app.add_route("/v1/{rest:path}", serve, methods=["GET", "HEAD", "POST", "PUT", "PATCH"])


async def as_request(request: Request) -> SyncRequest:
    """Path and query as they were signed: the raw bytes, not what a framework made of them."""
    target = bytes(request.scope.get("raw_path") or request.scope["path"].encode()).decode("ascii", "replace")
    query = bytes(request.scope["query_string"]).decode("ascii", "replace")
    headers = {name.lower(): value for name, value in request.headers.items()}
    return SyncRequest(
        request.method, f"{target}?{query}" if query else target, headers, await request.body()
    )


def as_response(answer: Answer) -> Response:
    return Response(answer.body, answer.status, answer.headers)
