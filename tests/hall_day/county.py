"""A county of real processes: a centre, halls with a node each, terminals without screens; every line can be cut."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select

from hall.journal import schema
from hall.journal.sealing import new_key_pair
from hall.people.model import Role
from server_app.accounts import manage
from sync.folder_lock import FolderLock
from sync.join_file import JoinFile, Parent, read_join_file, write_join_file
from sync.machine_folder import open_journal
from yichuang.browser import FormOfficer
from yichuang.demo.relay import Relay
from yichuang.failover.site import ROOT, Machine
from yichuang.failover.terminals import until
from yichuang.machines import reading, verify_machine
from yichuang.ports import free_ports
from yichuang.processes import Lines

PASSWORD = "示例密码-2026-yc"
NODE_DESK, COUNTY_DESK = "示例局@node", "示例局@county"
REVIEWER = frozenset({Role.REVIEWER, Role.APPROVER})
# its own clock, and what it takes for the time, are so much off
_WRONG_CLOCK = """
import sys, time
from datetime import timedelta
from functools import partial
off = float(sys.argv.pop(1))
right = time.time
time.time = lambda: right() + off
from server_app import __main__ as service, main
from hall.journal.store import system_clock
from dataclasses import replace
clock = system_clock()
service.build = partial(main.build, clock=replace(clock, now=lambda: clock.now() + timedelta(seconds=off)))
sys.exit(service.main())
"""


@dataclass
class HallSite:
    """One hall: its node, its terminals and its keys."""

    code: str
    node: Machine
    terminals: tuple[Machine, ...]
    keys: tuple[bytes, bytes] = field(default_factory=new_key_pair)

    @property
    def machines(self) -> tuple[Machine, ...]:
        return (self.node, *self.terminals)

    def terminal(self, name: str) -> Machine:
        return next(m for m in self.terminals if m.name == f"{self.code}-{name}")


class County:
    """Servers run when they are told to. `lines` go through relays: by the name of who asks."""

    def __init__(self, root: Path, halls: dict[str, Sequence[str]], nightly: str = "") -> None:
        """`halls`: by code, the names of its terminals; a name begins with its kind. `nightly`: of the hall that is
        switched off at night.
        """
        self._nightly = nightly
        ports = iter(free_ports(len(halls) + 1))
        self.root = root
        self.centre = Machine("centre", "centre", root / "centre", next(ports))
        self.halls = {
            code: HallSite(
                code,
                Machine(f"{code}-node", "node", root / f"{code}-node", next(ports)),
                tuple(
                    Machine(f"{code}-{n}", n.rstrip("0123456789"), root / f"{code}-{n}") for n in terminals
                ),
            )
            for code, terminals in halls.items()
        }
        self._centre_keys = new_key_pair()
        self.running: dict[str, Lines] = {}
        self.former: list[Machine] = []
        """Nodes that were replaced."""
        self.lines: dict[str, Relay] = {}
        for hall in self.halls.values():
            self.lines[hall.node.name] = Relay(self.centre.port)
            for terminal in hall.terminals:
                self.lines[terminal.name] = Relay(hall.node.port)
        self._write()

    @property
    def machines(self) -> tuple[Machine, ...]:
        return (self.centre, *(m for hall in self.halls.values() for m in hall.machines), *self.former)

    # -- servers ------------------------------------------------------------------------------------------

    def start(self, *machines: Machine, clock_s: float = 0.0) -> None:
        """Return when they listen. `clock_s`: so far off are their clocks."""
        begun = []
        for machine in machines:
            how = ["-c", _WRONG_CLOCK, str(clock_s)] if clock_s else ["-m", "server_app"]
            process = Lines(
                machine.name, [*how, "--data", str(machine.folder), "--exit-with-stdin"], cwd=ROOT,
                log=self.root / f"{machine.name}.log",
            )  # fmt: skip
            self.running[machine.name] = process
            begun.append(process)
        for process in begun:
            process.next_line()

    def run(self, machine: Machine, script: Path) -> Lines:
        """A terminal as a process of its own."""
        process = Lines(
            machine.name, [str(script), str(machine.folder)], cwd=ROOT, env={"PYTHONPATH": str(ROOT)},
            log=self.root / f"{machine.name}.log",
        )  # fmt: skip
        self.running[machine.name] = process
        process.next_line()
        return process

    def kill(self, machine: Machine) -> None:
        """As a power cut would."""
        self.running.pop(machine.name).kill()

    def end(self, *machines: Machine) -> None:
        """Switched off in order; all of them without a name."""
        # the centre last: who is below may still be telling it something
        everybody = sorted(self.running, key=lambda name: name == self.centre.name)
        for name in [m.name for m in machines] or everybody:
            if name in self.running:
                self.running.pop(name).end()

    def close(self) -> None:
        self.end()
        for line in self.lines.values():
            line.close()

    # -- people -------------------------------------------------------------------------------------------

    def account(self, machine: Machine, login: str, *desks: str, roles: frozenset[Role] = REVIEWER) -> None:
        """While its service does not run."""
        with FolderLock(machine.folder, "系统测试"):
            journal = open_journal(read_join_file(machine.folder), machine.folder)
            try:
                manage.create_tables(journal.store)
                manage.add_account(
                    journal.store, login=login, name="示例人员", password=PASSWORD, roles=roles, desks=desks
                )
            finally:
                journal.close()

    # -- what lies on the disks -----------------------------------------------------------------------------

    def owners(self, dossier: str) -> list[str]:
        """Names of the machines that take it for their own, whether they run or not."""
        found = []
        for machine in self.machines:
            if (machine.folder / "journal.db").exists():
                with reading(machine.folder) as conn:
                    if conn.scalar(select(schema.dossier.c.owner).where(schema.dossier.c.id == dossier)) == (
                        machine.node_id
                    ):
                        found.append(machine.name)
        return found

    def records(self, machine: Machine) -> set[str]:
        with reading(machine.folder) as conn:
            return set(conn.scalars(select(schema.record.c.id)))

    def heads(self, machine: Machine) -> dict[str, tuple[str, int]]:
        """Owner and last number of every dossier that is no machine's own, as this machine has it."""
        d = schema.dossier.c
        with reading(machine.folder) as conn:
            rows = conn.execute(select(d.id, d.owner, d.n).where(d.kind != "machine"))
            return {row.id: (row.owner, row.n) for row in rows}

    def agrees(self, machine: Machine) -> bool:
        """With the centre, about every dossier that it knows."""
        there = self.heads(self.centre)
        return all(there.get(dossier) == told for dossier, told in self.heads(machine).items())

    def parked(self, machine: Machine) -> list[str]:
        with reading(machine.folder) as conn:
            return list(conn.scalars(select(schema.quarantine.c.code)))

    def until_told(self, written: set[str], but: Sequence[Machine] = ()) -> None:
        """Until the centre has everything that was written, and every machine but these agrees with it."""
        until(lambda: not written - self.records(self.centre), "the centre has everything")
        for machine in self.machines:
            if machine not in but:
                until(lambda m=machine: self.agrees(m), f"{machine.name} agrees with the centre")  # type: ignore[misc]

    def prove_whole(self, *, written: set[str], but: Sequence[Machine] = ()) -> None:
        """After everything has ended: each journal is whole, nothing that was written is lost, nothing is owned
        twice, and machines agree about every dossier that both know. `but`: switched off, they have heard nothing.
        """
        self.end()
        there = [m for m in self.machines if m not in but]
        everything = self.records(self.centre)
        assert not written - everything, "lost on the way to the centre"
        owned: dict[str, list[str]] = {}
        known = self.heads(self.centre)
        for machine in there:
            assert verify_machine(machine.folder) == []
            assert self.parked(machine) == []
            for dossier, (owner, n) in self.heads(machine).items():
                assert known[dossier] == (owner, n), f"{machine.name} and the centre differ about {dossier}"
                if owner == machine.node_id:
                    owned.setdefault(dossier, []).append(machine.name)
        assert {d: names for d, names in owned.items() if len(names) > 1} == {}

    # -- join files -----------------------------------------------------------------------------------------

    def _write(self) -> None:
        nodes = []
        for hall in self.halls.values():
            below = [t.node_id for t in hall.terminals]
            child = hall.node.child(*below)
            nodes.append(child.model_copy(update={"hall_public": hall.keys[1].hex()}))
            self._join(
                hall.node, hall, role="hall", hall_private=hall.keys[0].hex(),
                children=tuple(t.child() for t in hall.terminals), parent=self._line(hall.node, self.centre),
                rests_above=hall.code == self._nightly,
            )  # fmt: skip
            for no, terminal in enumerate(hall.terminals, 10):
                reads = terminal.kind == "counter"
                self._join(
                    terminal, hall, role="terminal", device_no=no, parent=self._line(terminal, hall.node),
                    hall_private=hall.keys[0].hex() if reads else None, series="V",
                )  # fmt: skip
        self._join(
            self.centre, next(iter(self.halls.values())), role="county", children=tuple(nodes),
            centre_private=self._centre_keys[0].hex(),
        )  # fmt: skip

    def replace_node(self, hall: HallSite) -> Machine:
        """IT gives the hall another host: enrolled at the centre beside the lost one, and the terminals' new parent.
        Terminals and centre are switched off meanwhile.
        """
        node = Machine(f"{hall.code}-node2", "node", self.root / f"{hall.code}-node2", free_ports(1)[0])
        lost, hall.node = hall.node, node
        self.former.append(lost)
        self.lines[node.name] = Relay(self.centre.port)
        join = read_join_file(lost.folder)
        write_join_file(node.folder, join.model_copy(update={
            "node_id": node.node_id, "name": node.name, "port": node.port,
            "db_key": secrets.token_bytes(32).hex(), "sign_private": node.keys[0].hex(),
            "sign_public": node.keys[1].hex(), "parent": self._line(node, self.centre),
        }))  # fmt: skip
        for terminal in hall.terminals:
            self.lines[terminal.name].close()
            self.lines[terminal.name] = Relay(node.port)
            self._rejoin(terminal, parent=self._line(terminal, node))
        child = node.child(*(t.node_id for t in hall.terminals)).model_copy(
            update={"hall_public": hall.keys[1].hex()}
        )
        self._rejoin(self.centre, children=(*read_join_file(self.centre.folder).children, child))
        return node

    def _rejoin(self, machine: Machine, **changes: Any) -> None:
        write_join_file(machine.folder, read_join_file(machine.folder).model_copy(update=changes))

    def _line(self, asker: Machine, server: Machine) -> Parent:
        return server.reached_at(self.lines[asker.name].port)

    def _join(self, machine: Machine, hall: HallSite, *, role: str, device_no: int = 1, **more: Any) -> None:
        fields: dict[str, Any] = {
            "node_id": machine.node_id, "name": machine.name, "role": role, "kind": machine.kind,
            "hall": "county" if role == "county" else hall.code, "device_no": device_no,
            "db_key": secrets.token_bytes(32).hex(), "port": machine.port,
            "sign_private": machine.keys[0].hex(), "sign_public": machine.keys[1].hex(),
            "hall_public": hall.keys[1].hex(), "centre_public": self._centre_keys[1].hex(), "retry_within_s": 1,
        }  # fmt: skip
        write_join_file(machine.folder, JoinFile(**fields, **more))


class Officer:
    """Somebody at the pages of one server, signed in anew after each of its starts."""

    def __init__(self, machine: Machine, login: str) -> None:
        self._base, self._login = machine.above.url, login
        self._pages = FormOfficer()

    def sign_in(self) -> "Officer":
        pages = self._pages
        pages.open(self._base + "/login")
        pages.fill("login", self._login)
        pages.fill("password", PASSWORD)
        pages.press("登录")
        return self

    def open(self, path: str) -> str:
        self._pages.open(self._base + path)
        return self._pages.text()

    def case(self, case: str) -> str:
        return self.open(f"/desk/case/{case}")

    def lists(self, case_no: str, tab: str) -> bool:
        return case_no in self.open(f"/desk?tab={tab}")

    def offered(self, case: str, button: str) -> None:
        """Waits until the case's page has the button."""
        until(lambda: f">{button}</button>" in self.case(case), f"the officer may press {button}")

    def take(self, case: str) -> None:
        self.offered(case, "接件")
        self.press("接件")
        self.offered(case, "作出准予决定")

    def press(self, button: str, **typed: str) -> str:
        """On the open page; what the next page says."""
        for name, words in typed.items():
            self._pages.fill(name.replace("__", "-"), words)
        self._pages.press(button)
        return self._pages.text()

    def close(self) -> None:
        self._pages.close()


@contextmanager
def county(root: Path, *, nightly: str = "", **halls: Sequence[str]) -> Iterator[tuple[County, ExitStack]]:
    """The stack closes terminals and browsers before the servers."""
    site = County(root, halls, nightly)
    with ExitStack() as held:
        held.callback(site.close)
        yield site, held


__all__ = ["COUNTY_DESK", "NODE_DESK", "County", "HallSite", "Officer", "county"]
