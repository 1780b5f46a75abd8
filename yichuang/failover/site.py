"""Folders, keys and join files of a small hall with a standby; its servers as processes that can be killed."""

import os
import secrets
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hall.journal.ids import new_id
from hall.journal.sealing import new_key_pair
from sync.join_file import Child, JoinFile, Parent, write_join_file
from sync.signing import new_signing_key
from yichuang.demo.relay import Relay
from yichuang.ports import free_ports
from yichuang.processes import Lines

ROOT = Path(__file__).resolve().parents[2]
HALL = "changji"
RETRY_S = 1


@dataclass(frozen=True, slots=True)
class Machine:
    """`kind` as in the join file; servers have a port."""

    name: str
    kind: str
    folder: Path
    port: int = 0
    series: str = ""
    node_id: str = field(default_factory=new_id)
    keys: tuple[bytes, bytes] = field(default_factory=new_signing_key)

    @property
    def above(self) -> Parent:
        """As those name it that speak to it."""
        return Parent(node_id=self.node_id, url=f"http://127.0.0.1:{self.port}", public=self.keys[1].hex())

    def reached_at(self, port: int) -> Parent:
        """As one names it whose line to it can be cut."""
        return self.above.model_copy(update={"url": f"http://127.0.0.1:{port}"})

    def child(self, *subtree: str) -> Child:
        return Child.model_validate(
            {
                "node_id": self.node_id,
                "public": self.keys[1].hex(),
                "kind": self.kind,
                "subtree": subtree,
                "name": self.name,
            }
        )


class PairSite:
    """Centre, node, standby, windows, one kiosk, one display. Servers run when they are told to."""

    def __init__(self, root: Path, *, windows: int = 2, centre: bool = True, lines: bool = False) -> None:
        """`lines`: each machine's line to node and standby goes through a relay and can be cut."""
        ports = free_ports(3)
        self.root = root
        self.centre = Machine("centre", "centre", root / "centre", ports[0])
        self.node = Machine("node", "node", root / "node", ports[1])
        self.standby = Machine("standby", "node", root / "standby", ports[2])
        self.windows = tuple(
            Machine(f"window{n}", "counter", root / f"window{n}") for n in range(1, windows + 1)
        )
        self.kiosk = Machine("kiosk", "kiosk", root / "kiosk", series="V")
        self.display = Machine("display", "display", root / "display")
        self.has_centre = centre
        self.running: dict[str, Lines] = {}
        self._hall, self._centre_keys = new_key_pair(), new_key_pair()
        self._lines: dict[tuple[str, str], Relay] = {}
        if lines:
            for asker in (self.node, self.standby, *self.terminals):
                for server in (self.node, self.standby):
                    self._lines[asker.name, server.name] = Relay(server.port)
        self._write()

    @property
    def terminals(self) -> tuple[Machine, ...]:
        return (*self.windows, self.kiosk, self.display)

    # -- servers ------------------------------------------------------------------------------------------

    def start(self, machine: Machine) -> None:
        """Returns when it listens."""
        process = Lines(
            machine.name, ["-m", "server_app", "--data", str(machine.folder), "--exit-with-stdin"], cwd=ROOT,
            log=self.root / f"{machine.name}.log",
        )  # fmt: skip
        self.running[machine.name] = process
        process.next_line()

    def kill(self, machine: Machine) -> None:
        """As a power cut would."""
        self.running.pop(machine.name).kill()

    def freeze(self, machine: Machine, *, on: bool = True) -> None:
        """It hears and says nothing, and its connections stand."""
        os.kill(self.running[machine.name].pid, signal.SIGSTOP if on else signal.SIGCONT)

    def cut(self, asker: Machine, server: Machine) -> None:
        self._lines[asker.name, server.name].cut()

    def heal(self) -> None:
        for line in self._lines.values():
            line.heal()

    def end(self) -> None:
        for process in self.running.values():
            os.kill(process.pid, signal.SIGCONT)
            process.end()
        self.running.clear()
        for line in self._lines.values():
            line.close()

    # -- join files ---------------------------------------------------------------------------------------

    def _above(self, asker: Machine, server: Machine) -> Parent:
        line = self._lines.get((asker.name, server.name))
        return server.above if line is None else server.reached_at(line.port)

    def _write(self) -> None:
        below = [m.node_id for m in self.terminals]
        known = tuple(m.child() for m in self.terminals)
        up: dict[str, Any] = {"parent": self.centre.above} if self.has_centre else {}
        for node, peer in ((self.node, self.standby), (self.standby, self.node)):
            self._join(
                node, role="hall", children=(*known, peer.child(*below)), hall_private=True,
                peer=self._above(node, peer), stands_by=node is self.standby, **up,
            )  # fmt: skip
        pair = (self.node.child(*below, self.standby.node_id), self.standby.child(*below, self.node.node_id))
        self._join(self.centre, role="county", children=pair)
        for no, machine in enumerate(self.terminals, 10):
            self._join(
                machine, role="terminal", device_no=no, parent=self._above(machine, self.node),
                standby=self._above(machine, self.standby), hall_private=machine.kind == "counter",
                series=machine.series,
            )  # fmt: skip

    def _join(
        self, machine: Machine, *, role: str, device_no: int = 1, hall_private: bool = False, **more: Any
    ) -> None:
        hall = "county" if role == "county" else HALL
        private = self._hall[0].hex() if hall_private else None
        fields: dict[str, Any] = {
            "node_id": machine.node_id, "name": machine.name, "role": role, "kind": machine.kind, "hall": hall,
            "device_no": device_no, "db_key": secrets.token_bytes(32).hex(), "port": machine.port,
            "sign_private": machine.keys[0].hex(), "sign_public": machine.keys[1].hex(),
            "hall_public": self._hall[1].hex(), "hall_private": private,
            "centre_public": self._centre_keys[1].hex(), "retry_within_s": RETRY_S,
            "centre_private": self._centre_keys[0].hex() if role == "county" else None,
        }  # fmt: skip
        write_join_file(machine.folder, JoinFile(**fields, **more))


@contextmanager
def pair_site(root: Path, **how: Any) -> Iterator[PairSite]:
    site = PairSite(root, **how)
    try:
        yield site
    finally:
        site.end()
