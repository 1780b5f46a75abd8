"""The parent's end of the camera child: start it, ask it, end it. Knows nothing of pages."""

import contextlib
import logging
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from devices.doc_camera.messages import MessageError, pack, receive

log = logging.getLogger(__name__)


class ChildSilent(Exception):
    """No answer in time. The child must be ended: its answer would come for the wrong question."""


class ChildGone(Exception):
    """The child ended, or spoke nonsense."""


def default_command() -> list[str]:
    """How to start the child from a source tree; a frozen application passes its own."""
    return [sys.executable, "-m", "devices.doc_camera.child"]


class CameraChild:
    """One child process. One question at a time; the caller sees to that."""

    def __init__(
        self, command: Sequence[str], source: str, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Raises OSError when the process cannot be started."""
        root = str(Path(__file__).resolve().parents[2])
        path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
        self._process = subprocess.Popen(
            [*command, source],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": path},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # Windows: no console flashes up
        )
        self._inbox: queue.SimpleQueue[tuple[dict[str, Any], bytes] | None] = queue.SimpleQueue()
        self._number = 0
        self._greeted = False
        self.started_at = clock()
        assert self._process.stdin and self._process.stdout  # noqa: PT018  (both are pipes, see above)
        self._stdin, stdout = self._process.stdin, self._process.stdout
        # pipes cannot be waited for with a time limit on Windows: a thread reads them
        self._reader = threading.Thread(target=self._read, args=(stdout,), name="camera-pipe", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def greeted(self, timeout_s: float) -> bool:
        """Wait until the child is up. Raises ChildGone."""
        if not self._greeted:
            try:
                message = self._inbox.get(timeout=max(0.001, timeout_s))
            except queue.Empty:
                return False
            if message is None or message[0].get("status") != "hello":
                raise ChildGone("no greeting")
            self._greeted = True
        return True

    def ask(self, question: dict[str, Any], timeout_s: float) -> tuple[dict[str, Any], bytes]:
        """Raises ChildSilent, ChildGone; the child is of no more use then."""
        self._number += 1
        try:
            self._stdin.write(pack({**question, "id": self._number}))
            self._stdin.flush()
        except OSError as exc:
            raise ChildGone("pipe closed") from exc
        try:
            message = self._inbox.get(timeout=timeout_s)
        except queue.Empty:
            raise ChildSilent from None
        if message is None:
            raise ChildGone("ended")
        if message[0].get("id") != self._number:
            raise ChildGone("answers another question")
        return message

    def end(self) -> None:
        """Kill it and wait; a camera library that hangs is not asked. May be called twice."""
        self._process.kill()
        self._process.wait()
        self._reader.join()
        with contextlib.suppress(OSError):  # bytes it never read are of no interest
            self._stdin.close()

    def _read(self, stdout: BinaryIO) -> None:
        with stdout:
            try:
                while (message := receive(stdout)) is not None:
                    self._inbox.put(message)
            except (MessageError, OSError) as exc:  # told below like an end: the child is of no more use
                log.warning("camera child's pipe: %s", exc)
            self._inbox.put(None)
