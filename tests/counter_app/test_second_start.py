"""The clerk double-clicks twice: the second counter says so and leaves the first one alone."""

import subprocess
import sys
from pathlib import Path

import pytest

from hall.journal.sealing import new_key_pair
from sync.join_file import JoinFile, Parent, write_join_file
from sync.signing import new_signing_key
from yichuang.processes import Lines

ROOT = Path(__file__).parents[2]


def counter_folder(folder: Path) -> Path:
    """A counter whose node is away."""
    private, public = new_signing_key()
    join = JoinFile(
        node_id="window-1", name="1号窗口", role="terminal", kind="counter", hall="changji", device_no=3,
        db_key=new_key_pair()[0].hex(), sign_private=private.hex(), sign_public=public.hex(),
        hall_public=new_key_pair()[1].hex(), centre_public=new_key_pair()[1].hex(),
        parent=Parent(node_id="node-1", url="http://127.0.0.1:9", public=public.hex()),
        devices={"camera": "mjpeg:http://127.0.0.1:9/", "id_reader": "tcp://127.0.0.1:9"},
    )  # fmt: skip
    write_join_file(folder, join)
    return folder


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, encoding="utf-8", timeout=120,
        check=False,
    )  # fmt: skip


@pytest.mark.system
def test_two_counters_on_one_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setenv("PYTHONUTF8", "1")
    data = counter_folder(tmp_path / "counter1")
    first = Lines(
        "counter", ["-m", "yichuang.driver", "counter", "--data", str(data)], cwd=ROOT, log=tmp_path / "log"
    )
    with first:
        first.next_line(90.0)
        second = run("counter_app", "--data", str(data))
        assert second.returncode == 4
        assert "这台电脑上已经有一个一窗程序在用这份数据（窗口工作台" in second.stderr
        assert "Traceback" not in second.stderr
        whole = run("yichuang", "--data", str(data), "verify")
        assert (whole.returncode, "全部完好" in whole.stdout) == (0, True), whole.stdout + whole.stderr
        changed = run(
            "yichuang", "--data", str(data), "begin-anew", "--by", "示例甲", "--reason", "试", "--yes"
        )
        assert changed.returncode == 4, changed.stdout + changed.stderr
        assert first.alive
        first.kill()
    with Lines(
        "counter", ["-m", "yichuang.driver", "counter", "--data", str(data)], cwd=ROOT, log=tmp_path / "log"
    ) as again:
        assert again.next_line(90.0)["ready"] == "counter"
