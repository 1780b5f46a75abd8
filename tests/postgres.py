"""A PostgreSQL for tests: the one in TEST_PG_URL, else a private cluster of this machine's own installation.

The cluster listens on loopback only, with a password of its own, and is gone after the run.
"""

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, make_url, text

_USER = "yichuang"
_UNPRIVILEGED = "postgres"
"""initdb refuses root; Debian's package brings this user."""


def _programs() -> Path | None:
    """Folder of initdb and pg_ctl: on the path, else Debian's newest."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    folders = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return max((f.parent for f in folders), key=lambda f: int(f.parent.name), default=None)


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def _cluster(programs: Path) -> Iterator[URL]:
    # pytest's own folder is closed to the unprivileged user
    folder = Path(tempfile.mkdtemp(prefix="yichuang-pg-"))
    password, port = secrets.token_hex(16), _free_port()
    try:
        (folder / "password").write_text(password, encoding="ascii")
        if _is_root():
            for path in (folder, folder / "password"):
                shutil.chown(path, _UNPRIVILEGED)
        data = folder / "data"
        _run(
            programs / "initdb", "-D", data, "-U", _USER, "--pwfile", folder / "password", "--no-sync",
            "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8", folder=folder,
        )  # fmt: skip
        options = f"-c listen_addresses=127.0.0.1 -p {port} -c unix_socket_directories= -c fsync=off"
        _run(
            programs / "pg_ctl", "start", "-w", "-s", "-D", data, "-l", folder / "log", "-o", options,
            folder=folder,
        )  # fmt: skip
        try:
            yield URL.create(
                "postgresql+psycopg", _USER, password, "127.0.0.1", port, "postgres",
            )  # fmt: skip
        finally:
            _run(programs / "pg_ctl", "stop", "-w", "-s", "-m", "immediate", "-D", data, folder=folder)
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


@pytest.fixture(scope="session")
def pg_server() -> Iterator[URL]:
    """A server on which a test may make databases."""
    given = os.environ.get("TEST_PG_URL")
    if given:
        yield make_url(given)
        return
    programs = _programs()
    if programs is None:
        pytest.skip("no PostgreSQL on this machine and no TEST_PG_URL")
    with _cluster(programs) as url:
        yield url


@pytest.fixture
def pg_url(pg_server: URL) -> Iterator[str]:
    """An empty database of the test's own, dropped after it."""
    name = f"yichuang_test_{secrets.token_hex(8)}"
    admin = create_engine(pg_server, isolation_level="AUTOCOMMIT")
    try:
        with admin.connect() as conn:
            conn.execute(text(f'CREATE DATABASE "{name}"'))
        try:
            yield pg_server.set(database=name).render_as_string(hide_password=False)
        finally:
            with admin.connect() as conn:
                conn.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    finally:
        admin.dispose()
