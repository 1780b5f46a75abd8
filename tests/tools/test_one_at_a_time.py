"""The set-up lock: one holder, the next one waits and is told by whom, a dead holder holds nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT
from tools.one_at_a_time import one_at_a_time

_HOLD = """
import sys
from pathlib import Path
from tools.one_at_a_time import one_at_a_time
with one_at_a_time(Path(sys.argv[1]), waiting=print):
    print("held", flush=True)
    sys.stdin.read()
"""

_HOLD_BY_CHILD = """
import subprocess, sys
from pathlib import Path
from tools.one_at_a_time import one_at_a_time
with one_at_a_time(Path(sys.argv[1]), waiting=print):
    child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], close_fds=False)
    print("held", flush=True)
    child.wait()
"""


def _never(holder: str) -> None:
    pytest.fail(f"had to wait for {holder}")


def test_the_holder_is_written_down_and_the_lock_is_free_afterwards(tmp_path: Path) -> None:
    lock = tmp_path / "state" / "setup.lock"
    for _ in range(2):
        with one_at_a_time(lock, waiting=_never):
            assert lock.read_text() == f"{os.getpid()}\n"


@pytest.mark.parametrize("killed", [False, True])
def test_a_second_process_waits_until_the_first_ends_or_dies(tmp_path: Path, killed: bool) -> None:
    lock = tmp_path / "setup.lock"
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(lock)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "held\n"
        told: list[str] = []
        waiting, entered = threading.Event(), threading.Event()

        def wait_told(holder: str) -> None:
            told.append(holder)
            waiting.set()

        def second() -> None:
            with one_at_a_time(lock, waiting=wait_told, pause_s=0.01):
                entered.set()

        thread = threading.Thread(target=second)
        thread.start()
        assert waiting.wait(30)
        assert not entered.is_set()
        if killed:
            first.kill()
        else:
            assert first.stdin is not None
            first.stdin.close()
        assert entered.wait(30)
        thread.join()
        assert told == [str(first.pid)]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows locks belong to one process")
def test_an_installer_that_outlives_us_keeps_the_next_one_out(tmp_path: Path) -> None:
    lock = tmp_path / "setup.lock"
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD_BY_CHILD, str(lock)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as first:
        assert first.stdout is not None
        assert first.stdin is not None
        assert first.stdout.readline() == "held\n"
        first.kill()
        first.wait()
        told: list[str] = []

        def let_the_installer_end(holder: str) -> None:
            told.append(holder)
            first.stdin.close()

        with one_at_a_time(lock, waiting=let_the_installer_end, pause_s=0.01):
            assert told == [str(first.pid)]
