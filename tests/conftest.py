"""What every test runs under: no display, no network beyond this machine, no thread left behind.

Random order comes from pytest-randomly, the failing of Qt and Python warnings from pyproject.toml.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from tests.postgres import pg_databases as pg_databases
from tests.postgres import pg_server as pg_server
from tests.postgres import pg_url as pg_url

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

_ROOT = Path(__file__).resolve().parent.parent
_FONTS = _ROOT / "resources" / "fonts"
_THREAD_GRACE_S = 5.0


def _platform() -> str:
    # Offscreen's own screen is 800x800, smaller than any hall's. The path must hold no colon, because Qt
    # splits there, so on Windows tests get the small screen.
    screens = Path(__file__).with_name("offscreen_screens.json")
    return "offscreen" if ":" in str(screens) else f"offscreen:configfile={screens}"


# Read when QApplication is made, so it must be set before any test module can make one. A desktop may export
# its own platform: tests still draw into memory. YICHUANG_TEST_PLATFORM is for looking at a test on a screen.
os.environ["QT_QPA_PLATFORM"] = os.environ.get("YICHUANG_TEST_PLATFORM") or _platform()

# How long an example takes depends on the machine; a time limit is a benchmark, never an assertion.
settings.register_profile("yichuang", deadline=None, print_blob=True)
settings.load_profile("yichuang")


class OutsideNetwork(AssertionError):
    """A test tried to talk to a machine other than this one."""


def is_this_machine(address: object) -> bool:
    """True for loopback and for local (Unix, abstract) socket addresses."""
    if not isinstance(address, tuple):
        return True
    host = address[0]
    if isinstance(host, bytes):
        host = host.decode("idna")
    if host in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host).split("%")[0]).is_loopback
    except ValueError:
        return False


def _guard(original: Callable[..., Any], what: str) -> Callable[..., Any]:
    def guarded(self: socket.socket, *arguments: Any) -> Any:
        if not is_this_machine(arguments[-1]):
            raise OutsideNetwork(f"{what} {arguments[-1]!r}: tests reach loopback only")
        return original(self, *arguments)

    return guarded


@pytest.fixture(autouse=True, scope="session")
def loopback_only() -> Iterator[None]:
    """Refuse connections, datagrams and name look-ups that would leave this machine."""
    resolve = socket.getaddrinfo

    def guarded_resolve(host: Any, *arguments: Any, **named: Any) -> Any:
        if not is_this_machine((host,)):
            raise OutsideNetwork(f"look-up of {host!r}: tests reach loopback only")
        return resolve(host, *arguments, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", _guard(socket.socket.connect, "connection to"))
        patch.setattr(socket.socket, "connect_ex", _guard(socket.socket.connect_ex, "connection to"))
        patch.setattr(socket.socket, "sendto", _guard(socket.socket.sendto, "datagram to"))
        patch.setattr(socket, "getaddrinfo", guarded_resolve)
        yield


def leaked_threads(before: set[threading.Thread], grace_s: float) -> list[str]:
    """Names of threads that were started since `before` and do not end within `grace_s` seconds."""
    started = [thread for thread in threading.enumerate() if thread not in before]
    # A foreign (Qt) thread that once ran Python code stays listed for ever and cannot be joined.
    ours = [thread for thread in started if not isinstance(thread, threading._DummyThread)]
    deadline = time.monotonic() + grace_s
    for thread in ours:
        thread.join(max(0.0, deadline - time.monotonic()))
    return [thread.name for thread in ours if thread.is_alive()]


@pytest.fixture(autouse=True)
def no_leaked_threads() -> Iterator[None]:
    """Fail a test that leaves a thread running, daemon or not. Threads of wider fixtures are theirs."""
    before = set(threading.enumerate())
    yield
    leaked = leaked_threads(before, _THREAD_GRACE_S)
    if leaked:
        pytest.fail(f"threads left running: {', '.join(leaked)}")


def pytest_collection_finish() -> None:
    """Make this Qt's main thread.

    Qt takes the first living thread that it meets for the main one, and warns when the application is made in
    another: a test without a window may have used Qt in a thread of its own before.
    """
    if "PySide6.QtCore" in sys.modules:
        from PySide6.QtCore import QThread

        QThread.currentThread()


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> Iterator[QApplication]:
    """The application, with the project's own fonts, so that pictures look alike everywhere.

    One style sheet outlives every test; ui.theme.apply_theme says why it must.
    """
    from PySide6.QtGui import QFont, QFontDatabase  # only tests that draw pay for Qt
    from PySide6.QtWidgets import QWidget

    from ui.theme import NO_RULES

    for file in sorted(_FONTS.glob("*.ttf")):
        if QFontDatabase.addApplicationFont(str(file)) < 0:
            raise RuntimeError(f"font cannot be loaded: {file.name}")
    font = QFont(["Noto Sans SC", "Noto Naskh Arabic"])
    font.setPointSize(11)
    qapp.setFont(font)
    keeper = QWidget()
    keeper.setStyleSheet(NO_RULES)
    yield qapp
    del keeper
