"""/v1/: every request goes to sync.parent, which checks the signature before it looks at anything else."""

from fastapi import FastAPI, Request, Response

from sync.message import Answer
from sync.message import Request as SyncRequest
from sync.parent import Parent


def add_sync_routes(app: FastAPI, parent: Parent) -> None:
    async def serve(request: Request) -> Response:
        return as_response(await parent.serve(await as_request(request)))

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
