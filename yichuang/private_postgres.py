"""A PostgreSQL of this machine's own installation, started for one measurement or test run and gone after it.

It listens on loopback only, with a password of its own.
"""

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL

from yichuang.ports import free_port

_USER = "yichuang"
STARTS = 30
_UNPRIVILEGED = "postgres"
"""initdb refuses root; Debian's package brings this user."""


def programs() -> Path | None:
    """Folder of initdb and pg_ctl: on the path, else Debian's newest."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    folders = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return max((f.parent for f in folders), key=lambda f: int(f.parent.name), default=None)


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


@dataclass(frozen=True, slots=True)
class Cluster:
    """A server that runs; `kill` and `start` by turns."""

    url: URL
    _programs: Path
    _folder: Path
    _options: str

    def kill(self) -> None:
        """kill -9 of the postmaster: its sessions end when they notice, nothing is written back."""
        lines = (self._folder / "data" / "postmaster.pid").read_text("ascii").splitlines()
        os.kill(int(lines[0]), signal.SIGKILL)

    def start(self) -> None:
        """Returns when it answers; what was committed is replayed from its log. Raises RuntimeError."""
        command = (
            self._programs / "pg_ctl", "start", "-w", "-s", "-D", self._folder / "data", "-l",
            self._folder / "log", "-o", self._options,
        )  # fmt: skip
        for left in range(STARTS, -1, -1):
            try:
                _run(*command, folder=self._folder)
            except RuntimeError:
                # sessions of the killed one may still hold its shared memory
                if not left:
                    raise
                time.sleep(0.3)
            else:
                return


@contextmanager
def private_cluster(found: Path, *, durable: bool) -> Iterator[URL]:
    """`found` is what `programs` gave. Not `durable`: it flushes nothing, as tests do not need."""
    with private_server(found, durable=durable) as cluster:
        yield cluster.url


@contextmanager
def private_server(found: Path, *, durable: bool) -> Iterator[Cluster]:
    """The same for who wants to break it."""
    # a folder of the caller may be closed to the unprivileged user
    folder = Path(tempfile.mkdtemp(prefix="yichuang-pg-"))
    password, port = secrets.token_hex(16), free_port()
    try:
        (folder / "password").write_text(password, encoding="ascii")
        if _is_root():
            for path in (folder, folder / "password"):
                shutil.chown(path, _UNPRIVILEGED)
        data = folder / "data"
        _run(
            found / "initdb", "-D", data, "-U", _USER, "--pwfile", folder / "password", "--no-sync",
            "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8", folder=folder,
        )  # fmt: skip
        flush = "on" if durable else "off"
        options = f"-c listen_addresses=127.0.0.1 -p {port} -c unix_socket_directories= -c fsync={flush}"
        url = URL.create("postgresql+psycopg", _USER, password, "127.0.0.1", port, "postgres")
        cluster = Cluster(url, found, folder, options)
        cluster.start()
        try:
            yield cluster
        finally:
            _run(found / "pg_ctl", "stop", "-w", "-s", "-m", "immediate", "-D", data, folder=folder)
    finally:
        shutil.rmtree(folder)


def _run(*command: str | Path, folder: Path) -> None:
    words = [str(word) for word in command]
    if _is_root():
        words = ["runuser", "-u", _UNPRIVILEGED, "--", *words]
    done = subprocess.run(
        words, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    if done.returncode:
        raise RuntimeError(f"{words[-1]}: {done.stderr.decode('utf-8', 'replace')}")
