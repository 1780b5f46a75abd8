"""Child processes of the demo and the benches: started, spoken to by lines, always ended."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

START_S = 40.0
WAIT_S = 30.0
"""As long as the driver itself waits for a text (`DEFAULT_WAIT_S` there)."""


class ProcessFault(Exception):
    """A process did not start, died or does not answer."""


class Lines:
    """A process that prints JSON lines. It ends when its standard input closes."""

    def __init__(
        self,
        name: str,
        arguments: Sequence[str],
        *,
        cwd: Path,
        log: Path,
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        log.parent.mkdir(parents=True, exist_ok=True)
        self._log = log
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                [sys.executable, *arguments], cwd=cwd, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=errors, env={**os.environ, **(env or {}), "PYTHONUTF8": "1"},
            )  # fmt: skip
        self._lines: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, name=f"out-{name}", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def next_line(self, timeout_s: float = START_S) -> dict[str, Any]:
        """The next JSON line. Raises ProcessFault with the end of its log."""
        try:
            line = self._lines.get(timeout=timeout_s)
        except queue.Empty:
            raise ProcessFault(f"{self.name} does not answer") from None
        if line is None:
            raise ProcessFault(f"{self.name} has ended: {self.last_words()}")
        return line

    def tell(self, line: dict[str, Any]) -> None:
        stdin = self._process.stdin
        if stdin is None:
            raise ProcessFault(self.name)
        try:
            stdin.write((json.dumps(line, ensure_ascii=False) + "\n").encode())
            stdin.flush()
        except OSError as exc:
            raise ProcessFault(f"{self.name} has ended: {self.last_words()}") from exc

    def last_words(self) -> str:
        """The end of its standard error."""
        try:
            return self._log.read_text(encoding="utf-8", errors="replace")[-1500:]
        except OSError:
            return ""

    def kill(self) -> None:
        """Like a power cut for the process: no good-bye."""
        if self.alive:
            if sys.platform == "win32":
                self._process.kill()
            else:
                self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self._reader.join(5.0)
        self._close_pipes()

    def end(self, timeout_s: float = 15.0) -> int:
        """Close its input, wait, and kill it when it does not go. Returns its exit status."""
        if self._process.stdin is not None:
            try:
                self._process.stdin.close()
            except OSError:
                pass
        try:
            status = self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self.kill()
            return -9
        self._reader.join(5.0)
        self._close_pipes()
        return status

    def _close_pipes(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    pass

    def _read(self) -> None:
        stdout = self._process.stdout
        if stdout is None:
            return
        for raw in stdout:
            try:
                value = json.loads(raw)
            except ValueError:
                continue
            if isinstance(value, dict):
                self._lines.put(value)
        self._lines.put(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()


class AppHands:
    """A desktop app behind yichuang.driver: press, type, wait, grab."""

    def __init__(self, process: Lines) -> None:
        self.process = process
        self._no = 0

    def ask(self, op: str, **what: Any) -> Any:
        """One act; returns its value. Raises ProcessFault with what could be seen."""
        self.send(op, **what)
        return self.answer(float(what.get("timeout_s", WAIT_S)) + 15.0)

    def send(self, op: str, **what: Any) -> None:
        """Begin an act without waiting: two people press at the same moment."""
        self._no += 1
        self.process.tell({"id": self._no, "op": op, **what})

    def answer(self, timeout_s: float = 30.0) -> Any:
        while True:
            line = self.process.next_line(timeout_s)
            if line.get("id") == self._no:
                break
        if not line.get("ok"):
            seen = " | ".join(str(t).replace("\n", "/") for t in line.get("seen", ()))
            raise ProcessFault(f"{self.process.name}: {line.get('error')} · 屏上：{seen[:3000]}")
        return line.get("value")
