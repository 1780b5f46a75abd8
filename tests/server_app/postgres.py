"""A PostgreSQL for tests: TEST_PG_URL, or a private cluster on a loopback port that ends with the run."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text


def _programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return None if on_path is None else Path(on_path).parent


@contextmanager
def cluster() -> Iterator[str]:
    """The address of a server whose databases may be made and dropped."""
    given = os.environ.get("TEST_PG_URL")
    if given:
        yield given
        return
    programs = _programs()
    if programs is None:
        pytest.skip("no PostgreSQL on this machine and no TEST_PG_URL")
    # initdb refuses root
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    folder = Path(tempfile.mkdtemp(prefix="yc-pg-"))
    try:
        if as_user:
            shutil.chown(folder, "postgres", "postgres")
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        data = folder / "data"
        options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync=off -c shared_buffers=16MB"
        quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
        initdb = [str(programs / "initdb"), "-D", str(data), "-U", "yc", "-A", "trust", "-E", "UTF8"]
        subprocess.run([*as_user, *initdb, "--locale=C", "--no-sync"], **quiet)
        control = [*as_user, str(programs / "pg_ctl"), "-D", str(data)]
        subprocess.run([*control, "-o", options, "-w", "-l", str(folder / "log"), "start"], **quiet)
        try:
            yield f"postgresql+psycopg://yc@127.0.0.1:{port}/postgres"
        finally:
            subprocess.run([*control, "-m", "immediate", "-w", "stop"], **quiet)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def new_database(server: str, name: str) -> str:
    """The address of an empty database."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as conn:
            conn.execute(text(f'DROP DATABASE IF EXISTS "{name}"'))
            conn.execute(text(f'CREATE DATABASE "{name}"'))
    finally:
        engine.dispose()
    return server.rpartition("/")[0] + "/" + name
