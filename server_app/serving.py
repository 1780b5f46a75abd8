"""Listening: a port that is told on standard output, and a clean end by signal or closed standard input."""

import asyncio
import gc
import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from sync.marker import write_whole
from sync.starting import PortRefused

GRACE_S = 3
GC_ROUND = 20_000
"""New objects between two rounds of the collector: a push makes as many as a thousand of the usual rounds look at."""
ADDRESS = "service.url"


def listen(host: str, port: int) -> socket.socket:
    """Bound before anything is built, so a taken port is an early, plain error. Raises PortRefused."""
    try:
        found = socket.create_server((host, port), backlog=512)
    except OSError as exc:
        raise PortRefused(host, port, exc) from exc
    found.set_inheritable(False)
    return found


@contextmanager
def told_address(folder: Path, sock: socket.socket) -> Iterator[None]:
    """`service.url` in the folder says, while the service runs, where a program on this machine reaches it.

    A killed service leaves it; whether one runs is told by the folder's lock.
    """
    host, port = sock.getsockname()[:2]
    local = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    path = folder / ADDRESS
    write_whole(path, f"http://[{local}]:{port}" if ":" in local else f"http://{local}:{port}")
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def address_in(folder: Path) -> str | None:
    """None where no service has told it. Raises OSError."""
    try:
        return (folder / ADDRESS).read_text("utf-8")
    except FileNotFoundError:
        return None


def serve(app: FastAPI, sock: socket.socket, node_id: str, *, exit_with_stdin: bool) -> None:
    """Blocks until SIGTERM, SIGINT or, when asked for, the end of standard input."""
    config = uvicorn.Config(
        app, http="httptools", ws="none", loop="auto", log_config=None, access_log=False,
        server_header=False, date_header=False, proxy_headers=False, timeout_graceful_shutdown=GRACE_S,
        h11_max_incomplete_event_size=64 * 1024, lifespan="on",
    )  # fmt: skip
    server = uvicorn.Server(config)
    for number in (signal.SIGTERM, signal.SIGINT):
        # uvicorn stops on them, and raises them again when it has stopped: this end is a clean one
        signal.signal(number, lambda *_: None)
    keep_what_is_built()
    _run(app, server, sock, node_id, exit_with_stdin)


def keep_what_is_built() -> None:
    """What the program is made of stays to its end: the collector, which stops all threads, passes it over."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GC_ROUND)


def _run(
    app: FastAPI, server: uvicorn.Server, sock: socket.socket, node_id: str, exit_with_stdin: bool
) -> None:
    async def run() -> None:
        serving = asyncio.create_task(server.serve([sock]))
        while not server.started and not serving.done():
            await asyncio.sleep(0.01)
        if server.started:
            print(json.dumps({"port": sock.getsockname()[1], "node_id": node_id}), flush=True)  # noqa: T201
            if exit_with_stdin:
                threading.Thread(target=_wait_for_end, args=(server,), name="stdin", daemon=True).start()
            while not (server.should_exit or serving.done()):
                await asyncio.sleep(0.05)
            # polls that wait for the next commit would hold the end up
            app.state.stopping.set()
        await serving

    with asyncio.Runner(loop_factory=server.config.get_loop_factory()) as runner:
        runner.run(run())


def _wait_for_end(server: uvicorn.Server) -> None:
    # not through sys.stdin: its lock would be held when the interpreter ends
    while os.read(sys.stdin.fileno(), 4096):
        pass
    server.should_exit = True
