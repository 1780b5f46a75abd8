"""What a Linux machine must have beside Python: libraries Qt and OpenCV load, programs the tests use.

A library is looked for by loading it, never by asking a package manager: that is right on every distribution.
Qt's own message names xcb-cursor0 whatever is missing, so it is not trusted.
"""

from __future__ import annotations

import ctypes
import glob
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from tools.messages import SetupFailed, say

Execute = Callable[[Sequence[str]], int]

# soname -> Debian 12 package; Debian 13 and Ubuntu 24.04 resolve the old names by themselves.
LIBRARIES: dict[str, str] = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libcups.so.2": "libcups2",
}

# package -> where its program may be; without them the tests that use them are skipped and say so.
TEST_PROGRAMS: dict[str, tuple[str, ...]] = {
    "postgresql": ("initdb", "/usr/lib/postgresql/*/bin/initdb"),
    "chromium": ("chromium", "chromium-browser", "google-chrome"),
    "poppler-utils": ("pdftotext",),
}

_APT_OPTIONS = (
    "-o", "DPkg::Lock::Timeout=300",
    "-o", "Acquire::Retries=2",
    "-o", "Acquire::http::Timeout=30",
)  # fmt: skip


def can_load(soname: str) -> bool:
    """True if the dynamic linker finds and loads the library."""
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def missing_packages(loads: Callable[[str], bool] = can_load) -> list[str]:
    """Debian packages of the libraries that cannot be loaded, each once, in a fixed order."""
    if not sys.platform.startswith("linux"):
        return []
    return sorted({package for soname, package in LIBRARIES.items() if not loads(soname)})


def missing_test_programs() -> list[str]:
    """Debian packages of the test programs that are not on this machine."""
    if not sys.platform.startswith("linux"):
        return []
    return [package for package, places in TEST_PROGRAMS.items() if not _any_present(places)]


def ensure_libraries(missing: Sequence[str], execute: Execute) -> None:
    """Install the packages when that is possible without asking, else name them.

    Raises SetupFailed (exit code 3) with the one command that a person with rights must run.
    """
    if not missing:
        return
    if not may_install():
        raise SetupFailed(
            f"缺少系统库，请先执行：\n    {install_line(missing)}\n再重新运行本命令。",
            "system libraries are missing: run the line above, then this command again",
            exit_code=3,
        )
    say(f"正在安装系统库：{' '.join(missing)}", "installing system libraries")
    if not apt_install(missing, execute):
        raise SetupFailed(
            f"系统库安装失败（网络或软件源不可用？）。请手工执行：\n    {install_line(missing)}",
            "apt-get failed: is the network or the package source down?",
            exit_code=3,
        )


def offer_test_programs(tried_file: Path, execute: Execute) -> None:
    """Try to install what the tests can use; carry on with a note when that fails.

    `tried_file` remembers a failed attempt, so that an offline machine does not wait for it at every run.
    """
    missing = missing_test_programs()
    if not missing:
        return
    wanted = " ".join(missing)
    tried = tried_file.read_text(encoding="utf-8").strip() if tried_file.exists() else ""
    if may_install() and tried != wanted:
        say(f"正在安装测试用程序：{wanted}", "installing programs for the tests")
        # One by one: a browser that cannot be fetched must not cost the database.
        for package in missing:
            apt_install([package], execute)
        missing = missing_test_programs()
        tried_file.parent.mkdir(exist_ok=True)
        tried_file.write_text(" ".join(missing), encoding="utf-8")
    if missing:
        say(
            f"缺少 {' '.join(missing)}，用到它们的测试会跳过。可执行：{install_line(missing)}",
            "tests that need these are skipped; the line above installs them",
        )


def may_install() -> bool:
    """True for root on a machine with apt-get; nobody else is asked for a password by a script."""
    return sys.platform != "win32" and os.geteuid() == 0 and shutil.which("apt-get") is not None


def install_line(packages: Iterable[str]) -> str:
    """The command for a person with rights."""
    return f"sudo apt-get install -y --no-install-recommends {' '.join(packages)}"


def apt_install(packages: Sequence[str], execute: Execute) -> bool:
    """Install without questions. A failed update is not fatal: the lists at hand may be good enough."""
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", *_APT_OPTIONS]
    if execute([*quiet, "update"]) != 0:
        say("软件源更新失败，用现有列表继续", "apt-get update failed, going on with the lists at hand")
    return execute([*quiet, "install", "-y", "--no-install-recommends", *packages]) == 0


def _any_present(places: Iterable[str]) -> bool:
    return any(glob.glob(place) if "/" in place else shutil.which(place) for place in places)
