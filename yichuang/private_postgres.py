"""A PostgreSQL of this machine's own installation, started for one measurement or test run and gone after it.

It listens on loopback only, with a password of its own.
"""

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL

from yichuang.ports import free_port

_USER = "yichuang"
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


@contextmanager
def private_cluster(found: Path, *, durable: bool) -> Iterator[URL]:
    """`found` is what `programs` gave. Not `durable`: it flushes nothing, as tests do not need."""
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
        _run(
            found / "pg_ctl", "start", "-w", "-s", "-D", data, "-l", folder / "log", "-o", options,
            folder=folder,
        )  # fmt: skip
        try:
            yield URL.create(
                "postgresql+psycopg", _USER, password, "127.0.0.1", port, "postgres",
            )  # fmt: skip
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
