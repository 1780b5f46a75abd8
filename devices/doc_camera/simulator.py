"""A document camera made of software: scenes of invented pages as motion JPEG over HTTP.

Process: `python -m devices.doc_camera.simulator --port 0 [--size 2592x1944] [--fonts DIR]`; prints one line
{"port", "control", "url"}. Control lines: {"page": {"title", "lines", "seed", "seal"}, "view": {...}} lays
a page (`view` is optional: fields of scene.View), {"page": null} clears the desk, {"fault": NAME or null}.
A scene is encoded once; each frame sent differs from the last by a comment inside the JPEG only.
"""

import argparse
import contextlib
import io
import json
import socket
import socketserver
import sys
import threading
from dataclasses import fields, replace
from enum import Enum
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from devices.doc_camera.scene import MAX_CHARS, MAX_LINES, Desk, PageContent, View, compose
from devices.simulation import ControlServer

BOUNDARY = b"yichuangcam"
FRAME_INTERVAL_S = 0.125
HEAD = (
    b"HTTP/1.1 200 OK\r\nCache-Control: no-store\r\nConnection: close\r\n"
    b"Content-Type: multipart/x-mixed-replace; boundary=" + BOUNDARY + b"\r\n\r\n"
)
_COMMENT = b"\xff\xfe"


class Fault(Enum):
    FREEZE = "freeze"
    """The connection stays open, no byte comes."""
    CLOSE = "close"
    """Connections are cut and refused."""
    GARBAGE = "garbage"
    TRUNCATED = "truncated"
    """Each picture breaks off in the middle."""
    HTML = "html"
    """A web page where the stream should be."""
    HUGE = "huge"
    """A part announces a gigabyte."""


class SimulatedCamera:
    """Scene and fault of one camera. Thread-safe."""

    def __init__(self, fonts: Path, view: View) -> None:
        self._fonts = fonts
        self._view = view
        self._fault: Fault | None = None
        self._changed = threading.Condition()
        self._jpeg = b""
        self._number = 0
        self.stopping = False
        self.show(None)

    def show(self, content: PageContent | None, view: View | None = None) -> None:
        """Lay a page (None: empty desk). Takes about a second at five megapixels."""
        chosen = view or self._view
        scene = compose(content, chosen, self._fonts)
        out = io.BytesIO()
        scene.image.save(out, "JPEG", quality=85)
        with self._changed:
            self._jpeg = out.getvalue()

    def set_fault(self, fault: Fault | None) -> None:
        with self._changed:
            self._fault = fault
            self._changed.notify_all()

    def stop(self) -> None:
        with self._changed:
            self.stopping = True
            self._changed.notify_all()

    def control(self, command: dict[str, Any]) -> dict[str, Any]:
        """One control line. Raises ValueError."""
        if set(command) == {"fault"}:
            self.set_fault(None if command["fault"] is None else Fault(command["fault"]))
        elif "page" in command and set(command) <= {"page", "view"}:
            content = None if command["page"] is None else content_from_json(command["page"])
            self.show(content, view_from_json(self._view, command.get("view", {})))
        else:
            raise ValueError('expected {"page": ..., "view": ...} or {"fault": ...}')
        return {}

    def serve(self, client: socket.socket) -> None:
        """One connection until it ends. Raises OSError when the client leaves."""
        client.settimeout(5.0)
        asked = b""
        while b"\r\n\r\n" not in asked and len(asked) < 8192:
            if not (data := client.recv(4096)):
                return
            asked += data
        fault = self._wait(0)
        if fault is Fault.HTML:
            client.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>camera</html>")
            return
        client.sendall(HEAD)
        while not self.stopping and fault not in (Fault.CLOSE, Fault.HTML):
            if fault is not Fault.FREEZE:
                client.sendall(self._part(fault))
            fault = self._wait(FRAME_INTERVAL_S)

    @property
    def refusing(self) -> bool:
        with self._changed:
            return self._fault is Fault.CLOSE

    def _wait(self, seconds: float) -> Fault | None:
        with self._changed:
            if seconds and not self.stopping:
                self._changed.wait(seconds)
            return self._fault

    def _part(self, fault: Fault | None) -> bytes:
        with self._changed:
            jpeg, self._number = self._jpeg, self._number + 1
            note = f"frame {self._number}".encode()
        if fault is Fault.GARBAGE:
            return bytes(range(256)) * 64
        picture = jpeg[:2] + _COMMENT + (len(note) + 2).to_bytes(2, "big") + note + jpeg[2:]
        if fault is Fault.TRUNCATED:
            picture = picture[: len(picture) // 2]
        length = 1 << 30 if fault is Fault.HUGE else len(picture)
        head = b"--%b\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % (BOUNDARY, length)
        return head + picture + b"\r\n"


def content_from_json(page: object) -> PageContent:
    """Raises ValueError."""
    if not isinstance(page, dict) or not set(page) <= {"title", "lines", "seed", "seal"}:
        raise ValueError("a page has title, lines, seed, seal")
    title, lines = page.get("title", ""), page.get("lines", [])
    seed, seal = page.get("seed", 1), page.get("seal", "")
    texts = [title, seal, *lines] if isinstance(lines, list) else [None]
    if (
        not all(isinstance(text, str) and len(text) <= 4 * MAX_CHARS for text in texts)
        or len(texts) > MAX_LINES + 2
    ):
        raise ValueError("title, seal and lines are texts")
    if not isinstance(seed, int) or not 0 <= seed < 2**31:
        raise ValueError("seed is a whole number")
    return PageContent(title, tuple(lines), seal, seed)


def view_from_json(base: View, changes: object) -> View:
    """Raises ValueError."""
    names = {item.name for item in fields(View)} - {"width_px", "height_px"}
    if not isinstance(changes, dict) or not set(changes) <= names:
        raise ValueError(f"a view has {sorted(names)}")
    for name, value in changes.items():
        if name != "desk" and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise ValueError(f"{name} is a number")
    desk = {"desk": Desk(changes["desk"])} if "desk" in changes else {}
    view: View = replace(base, **{**changes, **desk})
    if not (
        0.1 <= view.fill <= 1 and 0 <= view.keystone <= 0.3 and 0 <= view.shadow <= 0.8 and view.seed >= 0
    ):
        raise ValueError("view out of range")
    if not (0 <= view.noise <= 50 and 0 <= view.blur_px <= 50 and isinstance(view.seed, int)):
        raise ValueError("view out of range")
    return view


class CameraServer:
    """The camera on a TCP port of this machine, any number of viewers. Use as a context manager."""

    def __init__(self, camera: SimulatedCamera, port: int = 0) -> None:
        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(OSError):  # the viewer left
                    if not camera.refusing:
                        camera.serve(self.request)

        self._camera = camera
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name="camera", daemon=True
        )

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/cam.mjpg"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        self._camera.stop()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def main() -> None:
    parser = argparse.ArgumentParser(description="Document camera simulator (MJPEG over HTTP)")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--control-port", type=int, default=0)
    parser.add_argument("--size", default="2592x1944")
    root = Path(__file__).resolve().parents[2]
    parser.add_argument("--fonts", type=Path, default=root / "resources" / "fonts")
    args = parser.parse_args()
    width, height = (int(side) for side in args.size.split("x"))
    camera = SimulatedCamera(args.fonts, View(width, height))
    with (
        CameraServer(camera, args.port) as server,
        ControlServer(camera.control, port=args.control_port) as ctl,
    ):
        ports = {"port": server.port, "control": ctl.port, "url": server.url}
        sys.stdout.write(json.dumps(ports) + "\n")
        sys.stdout.flush()
        with contextlib.suppress(KeyboardInterrupt):
            while sys.stdin.buffer.read(1):
                pass


if __name__ == "__main__":
    main()
