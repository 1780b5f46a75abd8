"""A real node or centre process for a bench, in a temporary folder, with the children it is to know."""

import os
import secrets
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from hall.journal.ids import new_id
from hall.journal.sealing import new_key_pair
from sync.join_file import Child, JoinFile, write_join_file
from sync.signing import new_signing_key
from yichuang.private_postgres import private_cluster, programs
from yichuang.processes import Lines

ROOT = Path(__file__).resolve().parents[1]
HALL = "changji"


class NoPostgres(Exception):
    """This machine has no PostgreSQL to start."""


@dataclass(frozen=True, slots=True)
class Keys:
    """(private, public) of the hall and of the centre."""

    hall: tuple[bytes, bytes]
    centre: tuple[bytes, bytes]


def new_keys() -> Keys:
    return Keys(new_key_pair(), new_key_pair())


@dataclass(frozen=True, slots=True)
class Server:
    base: str
    """Its address."""
    pid: int
    folder: Path

    def cpu_s(self) -> float | None:
        """Processor seconds since its start, all threads; None where the system does not tell it so."""
        try:
            fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        except OSError:
            return None
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def rss_mb(self) -> int | None:
        """Resident memory; None where the system does not tell it so."""
        try:
            status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        except OSError:
            return None
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) // 1024


def cpu_us(began_s: float | None, ended_s: float | None, records: int) -> int | None:
    """Of the server, for each record: what is left of the figure when the machine has other work too."""
    return None if began_s is None or ended_s is None else round((ended_s - began_s) / records * 1e6)


@contextmanager
def bench_server(role: str, children: Sequence[Child], keys: Keys, db: str = "sqlite") -> Iterator[Server]:
    """`role`: "hall" or "county"; `db`: "sqlite" or, at the centre, "postgresql". Raises NoPostgres."""
    private, public = new_signing_key()
    county = role == "county"
    with ExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="yichuang-bench-")))
        url = None
        if db == "postgresql":
            found = programs()
            if found is None:
                raise NoPostgres
            cluster = held.enter_context(private_cluster(found, durable=True))
            url = cluster.render_as_string(hide_password=False)
        data = folder / "server"
        join = JoinFile(
            node_id=new_id(), name="bench", role="county" if county else "hall",
            kind="centre" if county else "node", hall="county" if county else HALL, device_no=1,
            db_key=secrets.token_bytes(32).hex(), sign_private=private.hex(), sign_public=public.hex(),
            hall_public=keys.hall[1].hex(), hall_private=None if county else keys.hall[0].hex(),
            centre_public=keys.centre[1].hex(), centre_private=keys.centre[0].hex() if county else None,
            database_url=url, children=tuple(children),
        )  # fmt: skip
        write_join_file(data, join)
        server = Lines(
            "server", ["-m", "server_app", "--data", str(data), "--exit-with-stdin"], cwd=ROOT,
            log=folder / "server.log",
        )  # fmt: skip
        held.callback(server.end)
        port = int(server.next_line()["port"])
        yield Server(f"http://127.0.0.1:{port}", server.pid, data)
