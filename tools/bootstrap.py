"""`./run TASK` and `run.cmd TASK`: makes the machine ready, then starts the task. Standard library only.

Exit codes: 3 = the machine lacks something that a person with rights must install; 2 = unknown task;
else the task's own.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

if __name__ == "__main__":  # started as a script: find `tools` whatever folder we were called from
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.environment import (
    Places,
    compile_locks,
    fill_wheels,
    is_ready,
    keep_bytecode,
    make_ready,
    needs_pip,
)
from tools.messages import SetupFailed, say
from tools.system_packages import ensure_libraries, missing_packages, offer_test_programs

USAGE = """\
用法 / usage: ./run 任务 [参数]        (Windows: run.cmd 任务 [参数])

  demo [参数]      演示：一个政务大厅（节点、窗口、自助机、模拟设备） / the demo hall
  yichuang [参数]  给信息化人员的命令行，先看 ./run yichuang --help / the command line
  test [参数]      全部检查：ruff、import-linter、mypy、pytest（参数给 pytest） / every check
  pytest [参数]    只跑测试 / the tests alone
  setup            只准备环境，不启动任何东西 / prepare the machine and stop
  wheels           下载离线安装包到 wheels/ / fill wheels/ for machines without a network
  lock             由 pyproject.toml 重新生成锁定文件 / compile requirements/ anew
"""

_ROOT = Path(__file__).resolve().parent.parent

MODULES: dict[str, list[str]] = {
    "demo": ["-m", "yichuang", "demo"],
    "yichuang": ["-m", "yichuang"],
    "test": ["-m", "tools.checks"],
    "pytest": ["-m", "pytest"],
}


def main(arguments: Sequence[str]) -> int:
    """Run one task; returns its exit code. On Linux the process becomes the task and this does not return."""
    if sys.version_info < (3, 11):  # noqa: UP036 - run.cmd may find an older one
        say("需要 Python 3.11 或更高版本", "Python 3.11 or newer is needed")
        return 3
    task, rest = (arguments[0], list(arguments[1:])) if arguments else ("help", [])
    if task in ("help", "-h", "--help"):
        print(USAGE, end="")
        return 0
    places = Places(_ROOT)
    try:
        if task == "wheels":
            return fill_wheels(places)
        if task == "lock":
            return compile_locks(places)
        if task != "setup" and task not in MODULES:
            print(USAGE, end="", file=sys.stderr)
            return 2
        prepare(places, for_tests=task == "test")
    except SetupFailed as failure:
        print(failure, file=sys.stderr)
        return failure.exit_code
    except OSError as failure:
        say(f"无法准备运行环境：{failure}", "cannot prepare the environment")
        return 1
    if task == "setup":
        return 0
    environment = task_environment(os.environ, root=places.root, headless=task in ("test", "pytest"))
    return hand_over([str(places.python), *MODULES[task], *rest], environment)


def prepare(places: Places, *, for_tests: bool) -> None:
    """Everything a task needs. Quiet and fast when there is nothing to do.

    Raises SetupFailed, OSError.
    """
    packages = missing_packages()
    ready = is_ready(places)
    if not ready and needs_pip(places):
        packages.append("python3-pip")
    ensure_libraries(packages, _run_here)
    if packages and missing_packages():
        raise SetupFailed(
            f"安装后仍无法加载：{' '.join(missing_packages())}",
            "still cannot be loaded after the installation",
            exit_code=3,
        )
    if for_tests:
        offer_test_programs(places.state / "programs-tried", _run_here)
    if not ready:
        make_ready(places)
    keep_bytecode(places)


def task_environment(given: Mapping[str, str], *, root: Path, headless: bool) -> dict[str, str]:
    """The task's environment: UTF-8, our packages importable from any folder, no window without a display."""
    environment = dict(given, PYTHONUTF8="1")
    paths = [str(root), *filter(None, [given.get("PYTHONPATH")])]
    environment["PYTHONPATH"] = os.pathsep.join(paths)
    has_display = sys.platform in ("win32", "darwin") or bool(
        given.get("DISPLAY") or given.get("WAYLAND_DISPLAY")
    )
    if headless or not has_display:
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    return environment


def hand_over(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Become the task, so that signals and the exit code are its own; Windows cannot, there it is a child."""
    sys.stderr.flush()
    if sys.platform == "win32":
        return subprocess.run(list(command), env=dict(environment), check=False).returncode
    os.execve(command[0], list(command), dict(environment))


def _run_here(command: Sequence[str]) -> int:
    return subprocess.run(list(command), stdout=sys.stderr, check=False).returncode


def _guarded(work: Callable[[Sequence[str]], int], arguments: Sequence[str]) -> int:
    try:
        return work(arguments)
    except KeyboardInterrupt:
        say("已中断；下次运行会从头补齐", "interrupted; the next run completes what is missing")
        return 130


if __name__ == "__main__":
    sys.exit(_guarded(main, sys.argv[1:]))
