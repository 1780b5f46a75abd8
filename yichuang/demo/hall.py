"""Starts, cuts, heals and ends everything of the demo hall."""

import contextlib
import json
import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hall.catalogue.hall_profile import DeskAt
from hall.people.model import Role
from hall.reference import Reference
from server_app.accounts import manage
from sync.folder_lock import FolderLock
from sync.join_file import Parent, read_join_file
from sync.machine_folder import open_journal
from yichuang.demo.relay import Relay
from yichuang.demo.site import DEMO_PASSWORD, Machine, Site, plan_site, write_join, write_pins
from yichuang.demo.transcript import Transcript
from yichuang.ports import free_ports
from yichuang.processes import AppHands, Lines, ProcessFault

ROOT = Path(__file__).resolve().parents[2]
CAMERA_SIZE = "1600x1200"
"""Enough for a readable A4 page, and quick to draw on two cores."""


class Control:
    """A simulator's control port: one JSON line, one answer."""

    def __init__(self, port: int) -> None:
        self._port = port

    def __call__(self, command: dict[str, Any]) -> dict[str, Any]:
        with socket.create_connection(("127.0.0.1", self._port), 10.0) as link:
            link.sendall((json.dumps(command, ensure_ascii=False) + "\n").encode())
            with link.makefile("rb") as lines:
                raw = lines.readline()
        answer = json.loads(raw)
        if not answer.get("ok", True):
            raise ProcessFault(f"{command}: {answer}")
        return dict(answer)


@dataclass(frozen=True, slots=True)
class WindowDevices:
    """Simulated devices of one counter."""

    camera: Control
    reader: Control
    pad: Control


class DemoHall:
    """All processes of one hall and its centre. Use as a context manager: nothing outlives it."""

    def __init__(
        self, out: Path, ref: Reference, transcript: Transcript, counters: int = 2, *, standby: bool = False
    ) -> None:
        self.out = out
        self.data = out / "data"
        self.logs = out / "logs"
        self.ref = ref
        self._log = transcript
        self.site: Site = plan_site(self.data, ref, counters, standby=standby)
        self._stack = contextlib.ExitStack()
        self._processes: dict[str, Lines] = {}
        self._starting: list[Lines] = []
        self.devices: list[WindowDevices] = []
        self.printer = Control(0)
        self.kiosk_reader = Control(0)
        self.county_link: Relay | None = None
        self.centre_port, self._first_port, self._second_port = free_ports(3)
        self.serving = self.site.node
        """The node that officers and figures go to."""

    def __enter__(self) -> "DemoHall":
        try:
            self._start()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    # -- starting ---------------------------------------------------------------------------------------

    def _start(self) -> None:
        for machine in self.site.machines:
            machine.folder.mkdir(parents=True, exist_ok=True)
        printer = self._simulator(
            "ticket_printer", "devices.ticket_printer.simulator", "--out", str(self.out / "printer"),
            "--rows-per-s", "1600",
        )  # fmt: skip
        kiosk_reader = self._simulator("kiosk_reader", "devices.id_reader.simulator")
        waiting: list[tuple[Lines, Lines, Lines]] = []
        for n in range(1, len(self.site.counters) + 1):
            waiting.append(
                (
                    self._simulator(f"camera{n}", "devices.doc_camera.simulator", "--size", CAMERA_SIZE),
                    self._simulator(f"reader{n}", "devices.id_reader.simulator"),
                    self._simulator(f"pad{n}", "devices.rating_pad.simulator"),
                )
            )
        self.county_link = Relay(self.centre_port)
        self._stack.callback(self.county_link.close)
        self._write_servers()
        for machine in (self.site.centre, *self.site.nodes):
            self._starting.append(self.begin_server(machine))
        printed = printer.next_line()
        self.printer = Control(int(printed["control"]))
        carded = kiosk_reader.next_line()
        self.kiosk_reader = Control(int(carded["control"]))
        node = self._reached(self.site.node)
        other = None if self.site.standby is None else self._reached(self.site.standby)
        kiosk_devices = {
            "ticket_printer": f"tcp://127.0.0.1:{printed['port']}",
            "id_reader": f"tcp://127.0.0.1:{carded['port']}",
            "a4_printer": f"folder:{self.out / 'printed'}",
        }
        write_join(self.site, self.site.kiosk, parent=node, port=0, devices=kiosk_devices, other=other)
        write_join(self.site, self.site.display, parent=node, port=0, devices={}, other=other)
        for counter, (camera, reader, pad) in zip(self.site.counters, waiting, strict=True):
            seen, read, rated = camera.next_line(), reader.next_line(), pad.next_line()
            self.devices.append(
                WindowDevices(
                    Control(int(seen["control"])),
                    Control(int(read["control"])),
                    Control(int(rated["control"])),
                )
            )
            devices = {
                "camera": f"mjpeg:{seen['url']}",
                "id_reader": f"tcp://127.0.0.1:{read['port']}",
                "pad": f"tcp://127.0.0.1:{rated['port']}",
                "a4_printer": f"folder:{self.out / 'printed'}",
            }
            write_join(self.site, counter, parent=node, port=0, devices=devices, other=other)
        write_pins(self.site.counters, self.ref)

    def servers_ready(self) -> None:
        """Until node and centre listen. The apps start meanwhile: they open without them, too."""
        while self._starting:
            self._starting.pop().next_line()

    def _write_servers(self) -> None:
        relay = self.county_link
        if relay is None:
            raise ProcessFault("no county link")
        write_join(self.site, self.site.centre, parent=None, port=self.centre_port, devices={})
        centre = Parent(
            node_id=self.site.centre.node_id, url=f"http://127.0.0.1:{relay.port}",
            public=self.site.centre.sign_public,
        )  # fmt: skip
        for node in self.site.nodes:
            peer = next((self._reached(n) for n in self.site.nodes if n is not node), None)
            write_join(self.site, node, parent=centre, port=self._port_of(node), devices={}, other=peer)
            self._make_account(node, DeskAt.NODE)
        self._make_account(self.site.centre, DeskAt.COUNTY)

    @property
    def node_port(self) -> int:
        return self._port_of(self.serving)

    def _port_of(self, node: Machine) -> int:
        return self._second_port if node is self.site.standby else self._first_port

    def _reached(self, node: Machine) -> Parent:
        url = f"http://127.0.0.1:{self._port_of(node)}"
        return Parent(node_id=node.node_id, url=url, public=node.sign_public)

    def node_replaced(self) -> None:
        """The standby serves now."""
        if self.site.standby is not None:
            self.serving = self.site.standby

    def _make_account(self, machine: Machine, where: DeskAt) -> None:
        """One reviewer and approver who sits at every desk of that place."""
        level = "node" if where is DeskAt.NODE else "county"
        desks = tuple(f"{d.name}@{level}" for d in self.ref.profile.departments if d.desk_at is where)
        if not desks:  # a hall may have all its departments in one place
            return
        join = read_join_file(machine.folder)
        with FolderLock(machine.folder, "演示"):
            journal = open_journal(join, machine.folder)
            try:
                manage.create_tables(journal.store)
                manage.add_account(
                    journal.store, login="officer",
                    name="演示审批员（大厅）" if level == "node" else "演示审批员（县）",
                    password=DEMO_PASSWORD, roles=frozenset({Role.REVIEWER, Role.APPROVER}), desks=desks,
                )  # fmt: skip
            finally:
                journal.close()

    def _simulator(self, name: str, module: str, *options: str) -> Lines:
        process = Lines(
            name, ["-m", module, "--port", "0", *options], cwd=ROOT, log=self.logs / f"{name}.log"
        )
        self._stack.callback(process.end)
        return process

    def start_server(self, machine: Machine) -> None:
        """The node or the centre; also after it was killed. Returns when it listens."""
        self.begin_server(machine).next_line()

    def begin_server(self, machine: Machine) -> Lines:
        """It tells when it listens."""
        process = Lines(
            machine.name,
            ["-m", "server_app", "--data", str(machine.folder), "--exit-with-stdin"],
            cwd=ROOT,
            log=self.logs / f"{machine.name}.log",
        )
        self._keep(machine.name, process)
        return process

    def begin_app(self, machine: Machine, app: str, size: str) -> Lines:
        """A desktop app; `ready` waits for it."""
        process = Lines(
            machine.name,
            ["-m", "yichuang.driver", app, "--data", str(machine.folder), "--size", size],
            cwd=ROOT,
            log=self.logs / f"{machine.name}.log",
            env={"QT_QPA_PLATFORM": "offscreen"},
        )
        self._keep(machine.name, process)
        return process

    @staticmethod
    def ready(process: Lines) -> AppHands:
        process.next_line(60.0)
        return AppHands(process)

    def _keep(self, name: str, process: Lines) -> None:
        if name not in self._processes:
            self._stack.callback(self._end, name)
        self._processes[name] = process

    def _end(self, name: str) -> None:
        self._processes[name].end()

    # -- cutting and healing -----------------------------------------------------------------------------

    def pid(self, machine: Machine) -> int:
        return self._processes[machine.name].pid

    def kill(self, machine: Machine) -> None:
        """Like pulling its plug."""
        self._processes[machine.name].kill()

    def end_apps(self) -> None:
        """Close the terminals in good order, then the node, then the centre."""
        apps = [p for m in self.site.terminals if (p := self._processes.get(m.name)) is not None]
        with ThreadPoolExecutor(max_workers=max(len(apps), 1)) as closing:
            list(closing.map(Lines.end, apps))
        for machine in (*self.site.nodes, self.site.centre):
            process = self._processes.get(machine.name)
            if process is not None:
                process.end()


def officer_url(hall: DemoHall, desk: str) -> str:
    port = hall.node_port if desk.endswith("@node") else hall.centre_port
    return f"http://127.0.0.1:{port}"
