"""The program as it is started: one line when it listens, a clean end."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from sync.join_file import JoinFile, write_join_file
from sync.signing import new_signing_key
from tests.hall.journal.world import HallKeys

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A node's, joined and never started."""
    keys, (private, public) = HallKeys(), new_signing_key()
    write_join_file(
        tmp_path,
        JoinFile(
            node_id="n1", name="node", role="hall", kind="node", hall="changji", device_no=1,
            db_key="ab" * 32, sign_private=private.hex(), sign_public=public.hex(),
            hall_public=keys.hall[1].hex(), hall_private=keys.hall[0].hex(),
            centre_public=keys.centre[1].hex(),
        ),
    )  # fmt: skip
    return tmp_path


def start(folder: Path, *more: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "server_app", "--data", str(folder), *more], cwd=ROOT, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def starts_and_ends(folder: Path) -> None:
    with start(folder, "--exit-with-stdin") as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert json.loads(process.stdout.readline())["node_id"] == "n1"
        process.stdin.close()
        assert process.wait(60) == 0


@pytest.mark.system
@pytest.mark.parametrize("how", ["stdin", "signal"])
def test_it_tells_its_port_and_ends_cleanly(folder: Path, how: str) -> None:
    if how == "signal" and os.name == "nt":
        pytest.skip("no SIGTERM on this system")
    with start(folder, "--exit-with-stdin") as process:
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
    starts_and_ends(folder)  # the journal was left whole


@pytest.mark.system
def test_a_client_that_leaves_in_mid_request_is_one_line_in_the_log(folder: Path) -> None:
    with start(folder, "--exit-with-stdin") as process:
        assert process.stdout is not None
        address = ("127.0.0.1", json.loads(process.stdout.readline())["port"])
        with socket.create_connection(address) as leaving:
            leaving.sendall(b"POST /v1/hello HTTP/1.1\r\nhost: n1\r\ncontent-length: 100\r\n\r\nhalf")
        with httpx2.Client(trust_env=False) as client:
            assert client.get(f"http://127.0.0.1:{address[1]}/healthz").json()["ok"] is True
        _, words = process.communicate(timeout=60)
    assert b"Traceback" not in words
    assert words.count(b"left in mid-request") == 1


@pytest.mark.system
def test_a_machine_that_was_not_joined_says_what_to_do(tmp_path: Path) -> None:
    with start(tmp_path) as process:
        _, words = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "接入文件" in words.decode()
    assert b"Traceback" not in words


def refused(folder: Path, *more: str) -> tuple[int, str]:
    """Exit status and last words of a start that comes to nothing."""
    with start(folder, *more) as process:
        out, words = process.communicate(timeout=60)
    assert out == b""
    assert b"Traceback" not in words
    return process.returncode, words.decode()


@pytest.mark.system
def test_a_second_one_on_the_same_data_is_refused(folder: Path) -> None:
    with start(folder, "--exit-with-stdin") as first:
        assert first.stdout is not None
        assert first.stdin is not None
        assert first.stdout.readline()
        status, words = refused(folder)
        assert status == 4
        assert f"大厅节点服务，进程号 {first.pid}" in words
        first.kill()
        first.wait(60)
    starts_and_ends(folder)  # a killed service leaves nothing that stops the next one


@pytest.mark.system
def test_a_taken_port_is_named_with_what_to_do(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        status, words = refused(folder, "--port", str(port))
    assert status == 6
    assert f"端口 {port} 已被这台电脑上的另一个程序占用" in words
    assert "Errno" not in words
    assert not (folder / "journal.db").exists(), "nothing was begun"


@pytest.mark.system
def test_a_journal_that_is_gone_is_not_begun_anew(folder: Path) -> None:
    starts_and_ends(folder)
    (folder / "journal.db").unlink()
    status, words = refused(folder)
    assert status == 5
    assert "journal.db 不见了" in words
    assert not (folder / "journal.db").exists()


@pytest.mark.system
def test_a_spoilt_data_folder_is_told_without_a_trace(folder: Path) -> None:
    (folder / "machine.lock").mkdir()
    status, words = refused(folder)
    assert status == 6
    assert "machine.lock" in words


def test_the_collector_passes_over_what_the_program_is_made_of() -> None:
    code = """
import gc
from server_app.serving import keep_what_is_built
keep_what_is_built()
print(gc.get_freeze_count(), gc.get_threshold()[0])
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    told = done.stdout.split()
    assert int(told[0]) > 10_000
    assert int(told[1]) == 20_000
