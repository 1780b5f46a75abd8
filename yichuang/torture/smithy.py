"""The forge's other side: starts, kills and ends programs by name."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).resolve().parents[2]


class Stuck(Exception):
    """A program does not end, or the forge does not answer."""


@dataclass(frozen=True, slots=True)
class Program:
    """`kind` is one of the forge's."""

    name: str
    kind: str
    args: tuple[str, ...]
    log: Path


@dataclass
class Smithy:
    """Thread-safe enough for one thread that orders."""

    log: Path
    ended: list[tuple[str, int]] = field(default_factory=list)
    """(name, exit status), negative for a signal."""
    _pids: dict[str, int] = field(default_factory=dict)

    def __enter__(self) -> Self:
        with self.log.open("ab") as errors:
            self._forge = subprocess.Popen(
                [sys.executable, "-m", "yichuang.torture.forge"], cwd=ROOT, stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, stderr=errors, env={**os.environ, "PYTHONUTF8": "1"},
            )  # fmt: skip
        self._changed = threading.Condition()
        self._reader = threading.Thread(target=self._read, name="forge-out", daemon=True)
        self._reader.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._forge.stdin is not None:
            self._forge.stdin.close()
        self._forge.wait()
        self._reader.join()
        if self._forge.stdout is not None:
            self._forge.stdout.close()

    def _read(self) -> None:
        if self._forge.stdout is None:
            return
        for line in self._forge.stdout:
            told = json.loads(line)
            with self._changed:
                if "status" in told:
                    self.ended.append((told["name"], told["status"]))
                    self._pids.pop(told["name"], None)
                else:
                    self._pids[told["name"]] = told["pid"]
                self._changed.notify_all()

    def start(self, program: Program, timeout_s: float = 60.0) -> None:
        """Returns when it has a process. Raises Stuck."""
        if self._forge.stdin is None:
            raise Stuck("forge")
        order = {
            "name": program.name, "program": program.kind, "args": program.args, "log": str(program.log)
        }  # fmt: skip
        self._forge.stdin.write((json.dumps(order) + "\n").encode())
        self._forge.stdin.flush()
        self._wait(lambda: program.name in self._pids, timeout_s, program.name)

    def pid(self, name: str) -> int | None:
        return self._pids.get(name)

    def kill(self, name: str) -> bool:
        """kill -9. False when it had ended by itself."""
        pid = self._pids.get(name)
        if pid is None:
            return False
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return False
        self._wait(lambda: self._pids.get(name) != pid, 10.0, name)
        return True

    def signal(self, name: str, number: signal.Signals) -> None:
        if (pid := self._pids.get(name)) is not None:
            os.kill(pid, number)

    def end(self, name: str, timeout_s: float = 60.0) -> int:
        """SIGTERM; its exit status. Raises Stuck."""
        self.signal(name, signal.SIGTERM)
        self._wait(lambda: name not in self._pids, timeout_s, name)
        return next(status for ended, status in reversed(self.ended) if ended == name)

    def _wait(self, holds: Callable[[], bool], timeout_s: float, name: str) -> None:
        deadline = time.monotonic() + timeout_s
        with self._changed:
            while not holds():
                left = deadline - time.monotonic()
                if left <= 0 or self._forge.poll() is not None:
                    raise Stuck(name)
                self._changed.wait(min(left, 0.5))
