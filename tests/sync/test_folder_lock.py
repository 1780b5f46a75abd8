"""One program on one data folder, and nothing left to clear away when it dies."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sync.folder_lock import CENTRE_SERVICE, NODE_SERVICE, FolderInUse, FolderLock

HOLDER = """
import subprocess, sys
from pathlib import Path
from sync.folder_lock import FolderLock
lock = FolderLock(Path(sys.argv[1]), "窗口工作台")
child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=sys.stdin)
print(child.pid, flush=True)
child.wait()
"""


def test_the_second_one_reads_who_has_it_and_what_to_do(tmp_path: Path) -> None:
    with FolderLock(tmp_path, "窗口工作台"):
        with pytest.raises(FolderInUse) as refused:
            FolderLock(tmp_path, "自助机")
        assert f"窗口工作台，进程号 {os.getpid()}" in refused.value.text
        assert "请到已经打开的窗口里继续" in refused.value.text
    with FolderLock(tmp_path, "自助机"):
        pass


@pytest.mark.parametrize(("service", "named"), [(NODE_SERVICE, "大厅服务"), (CENTRE_SERVICE, "县中心服务")])
def test_nobody_is_told_to_restart_the_host_of_a_service(tmp_path: Path, service: str, named: str) -> None:
    with FolderLock(tmp_path, service), pytest.raises(FolderInUse) as refused:
        FolderLock(tmp_path, service)
    assert f"这台主机上{named}已经在运行（{service}，进程号 {os.getpid()}）" in refused.value.text
    assert "请重新启动" not in refused.value.text


def test_two_folders_are_two_machines(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    with FolderLock(tmp_path / "a", "a"), FolderLock(tmp_path / "b", "b"):
        pass


@pytest.mark.system
def test_a_killed_program_leaves_the_folder_free_though_its_child_lives(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(
        command, cwd=Path(__file__).parents[2], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdin is not None
        assert holder.stdout.readline()
        with pytest.raises(FolderInUse):
            FolderLock(tmp_path, "窗口工作台")
        holder.kill()
        holder.wait(60)
        with FolderLock(tmp_path, "窗口工作台"):
            pass
        # the child reads its end from here
        holder.stdin.close()
