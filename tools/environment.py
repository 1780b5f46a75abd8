"""The project's own Python environment in `.run/venv`, equal to the locked requirements or rebuilt.

`.run/venv.unfinished` stands while packages are being changed; `.run/venv.stamp` names what was installed.
So a set-up that was interrupted at any point is seen at the next start, and a finished one costs one file
comparison.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.messages import SetupFailed, say
from tools.one_at_a_time import one_at_a_time


@dataclass(frozen=True)
class Places:
    """Where things lie under the project's root."""

    root: Path

    @property
    def state(self) -> Path:
        """Everything a machine makes for itself; may be deleted at any time."""
        return self.root / ".run"

    @property
    def venv(self) -> Path:
        return self.state / "venv"

    @property
    def python(self) -> Path:
        return self.venv / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")

    @property
    def stamp(self) -> Path:
        return self.state / "venv.stamp"

    @property
    def unfinished(self) -> Path:
        return self.state / "venv.unfinished"

    @property
    def uv_folder(self) -> Path:
        return self.state / "uv"

    @property
    def own_uv(self) -> Path:
        return self.uv_folder / "bin" / ("uv.exe" if sys.platform == "win32" else "uv")

    @property
    def lock(self) -> Path:
        """Every package with version and hashes, compiled from pyproject.toml."""
        return self.root / "requirements" / "all.txt"

    @property
    def uv_lock(self) -> Path:
        return self.root / "requirements" / "uv.txt"

    @property
    def wheels(self) -> Path:
        """Packages for machines without a network; filled by `./run wheels`."""
        return self.root / "wheels"


Execute = Callable[[Sequence[str], Mapping[str, str]], int]


def execute(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run a command in the foreground, its output on standard error; returns its exit code."""
    # close_fds: the child shares the set-up lock, so that it stays locked if we are killed and uv is not.
    done = subprocess.run(
        list(command), env=dict(environment), stdout=sys.stderr, check=False, close_fds=False
    )
    return done.returncode


def is_ready(places: Places) -> bool:
    """True if the environment is what the lock asks for and was finished."""
    if places.unfinished.exists() or not places.python.exists() or not places.stamp.exists():
        return False
    return places.stamp.read_text(encoding="ascii").strip() == wanted_stamp(places)


def wanted_stamp(places: Places) -> str:
    """Names the lock and the interpreter that the environment must match."""
    digest = hashlib.sha256(places.lock.read_bytes()).hexdigest()
    return f"{digest} {sys.version_info[0]}.{sys.version_info[1]} {platform.machine()}"


def make_ready(places: Places, run: Execute = execute) -> None:
    """Build or update the environment. Safe against a second process and against being interrupted.

    Raises SetupFailed.
    """
    with one_at_a_time(places.state / "setup.lock", waiting=_tell_waiting):
        if is_ready(places):  # the process we waited for has done it
            return
        uv = find_uv(places, run)
        rebuild = places.unfinished.exists() or not _is_usable(places)
        places.unfinished.touch()
        places.stamp.unlink(missing_ok=True)
        if rebuild:
            _make_empty_venv(places, uv, run)
        _install(places, uv, run)
        places.stamp.write_text(wanted_stamp(places) + "\n", encoding="ascii")
        places.unfinished.unlink()
        say("运行环境已就绪", "environment ready")


def keep_bytecode(places: Places) -> None:
    """Compile our own packages where a source has changed. The hall has a dozen processes: where Python may not
    write (`PYTHONDONTWRITEBYTECODE`), each would compile them anew. Nothing is said if the folder is read-only.
    """
    packages = sorted(str(p.parent) for p in places.root.glob("*/__init__.py") if p.parent.name != "tests")
    command = [str(places.python), "-m", "compileall", "-q", *packages]
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


def find_uv(places: Places, run: Execute = execute) -> str:
    """The uv to use: on PATH, else the one in `.run/uv`, installed there if need be (`pip --target` needs no
    venv module and is allowed where Debian refuses a plain `pip install`).

    Raises SetupFailed.
    """
    for candidate in (shutil.which("uv"), str(places.own_uv)):
        if candidate and _answers(candidate):
            return candidate
    say("正在安装 uv（Python 包安装工具）", "installing uv")
    shutil.rmtree(places.uv_folder, ignore_errors=True)
    command = [
        sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
        "--root-user-action=ignore", "--require-hashes", "--target", str(places.uv_folder),
        *_offline_options(places), "-r", str(places.uv_lock),
    ]  # fmt: skip
    if run(command, os.environ) != 0 or not _answers(str(places.own_uv)):
        raise SetupFailed(
            "uv 安装失败：请检查网络，或把在联网机器上用 ./run wheels 做好的 wheels 文件夹放到项目目录。",
            "installing uv failed: check the network, or bring a wheels/ folder made by './run wheels'",
        )
    return str(places.own_uv)


def needs_pip(places: Places) -> bool:
    """True if uv must be fetched and this Python cannot do it."""
    have_uv = shutil.which("uv") is not None or places.own_uv.exists()
    return not have_uv and importlib.util.find_spec("pip") is None


def compile_locks(places: Places, run: Execute = execute) -> int:
    """Write requirements/*.txt anew from pyproject.toml and requirements/uv.in; returns uv's exit code."""
    uv = find_uv(places, run)
    common = [
        uv, "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--python-version", "3.11",
        "--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links",
    ]  # fmt: skip
    pyproject = str(places.root / "pyproject.toml")
    uv_source = str(places.root / "requirements" / "uv.in")
    jobs = ([pyproject, "--all-extras", "-o", str(places.lock)], [uv_source, "-o", str(places.uv_lock)])
    for job in jobs:
        code = run([*common, *job], _uv_environment(places))
        if code != 0:
            return code
    say("锁定文件已更新：requirements/all.txt, requirements/uv.txt", "locks written")
    return 0


def fill_wheels(places: Places, run: Execute = execute) -> int:
    """Download every locked package for this kind of machine into `wheels/`; returns pip's exit code."""
    for lock in (places.uv_lock, places.lock):
        command = [
            sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--require-hashes",
            "--only-binary", ":all:", "--dest", str(places.wheels), "-r", str(lock),
        ]  # fmt: skip
        code = run(command, os.environ)
        if code != 0:
            return code
    say(
        f"已下载到 {places.wheels}。连同项目文件夹一起拷到同样系统、同样 Python 版本的机器上即可离线安装。",
        "copy the folder to machines with the same system and Python version",
    )
    return 0


def _install(places: Places, uv: str, run: Execute) -> None:
    offline = _offline_options(places)
    source = "wheels/" if offline else "网络"
    say(f"正在安装锁定的软件包（来源：{source}）", "installing the locked packages")
    command = [
        uv, "pip", "sync", "--python", str(places.python), "--require-hashes", "--no-build",
        "--compile-bytecode", *offline, str(places.lock),
    ]  # fmt: skip
    if run(command, _uv_environment(places)) != 0:
        raise SetupFailed(
            "软件包安装失败。请检查网络和磁盘空间后重新运行；未完成的环境会自动重建。",
            "installing packages failed: check network and disk, then run again",
        )


def _make_empty_venv(places: Places, uv: str, run: Execute) -> None:
    if places.venv.exists():
        say("清除未完成或损坏的旧环境", "removing the unfinished or broken environment")
        shutil.rmtree(places.venv)
    command = [uv, "venv", "--quiet", "--no-project", "--python", sys.executable, str(places.venv)]
    if run(command, _uv_environment(places)) != 0:
        raise SetupFailed("无法创建 Python 环境（磁盘已满或没有写权限？）", "uv venv failed")


def _is_usable(places: Places) -> bool:
    """True if the environment's interpreter starts and is the version that we run on."""
    if not places.python.exists():
        return False
    question = "import sys; print('%d.%d' % sys.version_info[:2])"
    answer = subprocess.run([str(places.python), "-c", question], capture_output=True, text=True, check=False)
    return answer.returncode == 0 and answer.stdout.strip() == f"{sys.version_info[0]}.{sys.version_info[1]}"


def _answers(uv: str) -> bool:
    try:
        return subprocess.run([uv, "--version"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _offline_options(places: Places) -> list[str]:
    if places.wheels.is_dir() and any(places.wheels.glob("*.whl")):
        return ["--no-index", "--find-links", str(places.wheels)]
    return []


def _uv_environment(places: Places) -> dict[str, str]:
    """The caller's environment for uv; the mirror that the machine's pip uses is used by uv as well."""
    environment = dict(os.environ, UV_PYTHON_DOWNLOADS="never")
    chosen = any(name in environment for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_INDEX"))
    mirror = "" if chosen or _offline_options(places) else _mirror_of_pip()
    if mirror:
        environment["UV_DEFAULT_INDEX"] = mirror
    return environment


def _mirror_of_pip() -> str:
    if "PIP_INDEX_URL" in os.environ:
        return os.environ["PIP_INDEX_URL"]
    command = [sys.executable, "-m", "pip", "config", "get", "global.index-url"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    return answer.stdout.strip() if answer.returncode == 0 else ""


def _tell_waiting(holder: str) -> None:
    say(
        f"另一个 ./run（进程 {holder}）正在准备环境，等它完成……",
        "another ./run is setting up, waiting for it",
    )
