"""Every check of the project, one after another, with a summary: what `./run test` runs.

All of them run even when one fails. The last line printed is pytest's closing line.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
_COLOURS = re.compile(rb"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Outcome:
    """How one check ended: its exit code, seconds it took, and its last line."""

    name: str
    exit_code: int
    took_s: float
    last_line: str


def commands(pytest_arguments: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Name and command of each check. Modules, not scripts: scripts stop working when the folder is moved."""
    lint_imports = "from importlinter.cli import lint_imports_command as check; check()"
    return [
        ("ruff", [sys.executable, "-m", "ruff", "check", "."]),
        ("import-linter", [sys.executable, "-c", lint_imports, "--no-logo"]),
        ("mypy", [sys.executable, "-m", "mypy"]),
        # loadgroup: tests marked with one xdist_group share a worker, everything else is spread.
        # A worker that crashes ends the run: with its groups lost, a replaced one would wait for ever.
        (
            "pytest",
            [
                sys.executable,
                "-m",
                "pytest",
                "-n",
                "2",
                "--dist",
                "loadgroup",
                "--max-worker-restart=0",
                *pytest_arguments,
            ],
        ),
    ]


def run_check(name: str, command: Sequence[str], root: Path) -> Outcome:
    """Run one check in `root`, pass its output on as it comes, and keep the last line."""
    print(f"\n=== {name} ===", flush=True)
    started = time.monotonic()
    environment = dict(os.environ)
    if sys.stdout.isatty():
        environment["FORCE_COLOR"] = "1"  # they write into our pipe, but a person looks at it
    tail = b""
    with subprocess.Popen(
        list(command), cwd=root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, bufsize=0
    ) as process:
        if process.stdout is None:
            raise RuntimeError("no pipe from the check")
        while chunk := process.stdout.read(65536):
            sys.stdout.buffer.write(chunk)
            sys.stdout.buffer.flush()
            tail = (tail + chunk)[-8192:]
    lines = [line for line in _COLOURS.sub(b"", tail).splitlines() if line.strip()]
    last_line = lines[-1].decode("utf-8", "replace") if lines else ""
    return Outcome(name, process.returncode, time.monotonic() - started, last_line)


def summary(outcomes: Sequence[Outcome]) -> str:
    """One line a check, then pytest's closing line."""
    lines = ["", "=== 检查结果 / summary ==="]
    for outcome in outcomes:
        word = "通过 ok" if outcome.exit_code == 0 else f"未通过 FAILED (exit {outcome.exit_code})"
        lines.append(f"{outcome.name:14} {outcome.took_s:7.1f} s  {word}")
    lines.append(outcomes[-1].last_line)
    return "\n".join(lines)


def main(pytest_arguments: Sequence[str]) -> int:
    """Run all checks; 0 only if every one passed."""
    outcomes = [run_check(name, command, _ROOT) for name, command in commands(pytest_arguments)]
    print(summary(outcomes), flush=True)
    return 1 if any(outcome.exit_code != 0 for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
