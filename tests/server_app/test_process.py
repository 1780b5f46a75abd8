"""The program as it is started: one line when it listens, a clean end."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from sync.join_file import JoinFile, write_join_file
from sync.signing import new_signing_key
from tests.hall.journal.world import HallKeys

ROOT = Path(__file__).parents[2]


def join_file(folder: Path) -> None:
    keys, (private, public) = HallKeys(), new_signing_key()
    write_join_file(
        folder,
        JoinFile(
            node_id="n1", name="node", role="hall", kind="node", hall="changji", device_no=1,
            db_key="ab" * 32, sign_private=private.hex(), sign_public=public.hex(),
            hall_public=keys.hall[1].hex(), hall_private=keys.hall[0].hex(),
            centre_public=keys.centre[1].hex(),
        ),
    )  # fmt: skip


def start(folder: Path, *more: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "server_app", "--data", str(folder), *more], cwd=ROOT, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


@pytest.mark.system
@pytest.mark.parametrize("how", ["stdin", "signal"])
def test_it_tells_its_port_and_ends_cleanly(tmp_path: Path, how: str) -> None:
    if how == "signal" and os.name == "nt":
        pytest.skip("no SIGTERM on this system")
    join_file(tmp_path)
    with start(tmp_path, "--exit-with-stdin") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        assert told["node_id"] == "n1"
        with httpx2.Client(trust_env=False) as client:
            assert client.get(f"http://127.0.0.1:{told['port']}/healthz").json()["ok"] is True
        if how == "stdin":
            process.stdin.close()
        else:
            process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    with start(tmp_path, "--exit-with-stdin") as again:
        assert again.stdout is not None
        assert again.stdin is not None
        assert json.loads(again.stdout.readline())["node_id"] == "n1", "the journal was left whole"
        again.stdin.close()
        assert again.wait(60) == 0


@pytest.mark.system
def test_a_machine_that_was_not_joined_says_what_to_do(tmp_path: Path) -> None:
    with start(tmp_path) as process:
        _, words = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "接入文件" in words.decode()
    assert b"Traceback" not in words
