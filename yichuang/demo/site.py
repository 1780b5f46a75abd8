"""Sets up the machines of a demo hall: keys, join files, staff PINs, officers' accounts."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from argon2 import PasswordHasher

from hall.journal.ids import new_id
from hall.journal.sealing import new_key_pair
from hall.reference import Reference
from sync.join_file import Child, JoinFile, Parent, write_join_file
from sync.signing import new_signing_key

DEMO_PIN = "2468"
"""Every demo clerk's PIN; printed in the transcript."""
RETRY_S = 2
"""The demo has a minute: machines look for each other often."""
DEMO_PASSWORD = "yichuang-demo"
"""Every demo officer's password."""


@dataclass(frozen=True, slots=True)
class Machine:
    """One machine of the demo: its folder and what its join file will say."""

    name: str
    kind: str
    role: str
    device_no: int
    folder: Path
    node_id: str
    sign_private: str
    sign_public: str
    db_key: str
    series: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """All machines of a demo hall."""

    hall: str
    centre: Machine
    node: Machine
    standby: Machine | None
    """The node that stands by for it."""
    kiosk: Machine
    display: Machine
    counters: tuple[Machine, ...]
    hall_private: str
    hall_public: str
    centre_private: str
    centre_public: str

    @property
    def machines(self) -> tuple[Machine, ...]:
        return (self.centre, *self.nodes, self.kiosk, self.display, *self.counters)

    @property
    def nodes(self) -> tuple[Machine, ...]:
        return (self.node,) if self.standby is None else (self.node, self.standby)

    @property
    def terminals(self) -> tuple[Machine, ...]:
        return (self.kiosk, self.display, *self.counters)


def plan_site(root: Path, ref: Reference, counters: int, *, standby: bool = False) -> Site:
    """Keys and ids for every machine; nothing is written yet."""
    hall_private, hall_public = new_key_pair()
    centre_private, centre_public = new_key_pair()

    def machine(name: str, kind: str, role: str, no: int, series: str = "") -> Machine:
        private, public = new_signing_key()
        return Machine(
            name=name, kind=kind, role=role, device_no=no, folder=root / name, node_id=new_id(),
            sign_private=private.hex(), sign_public=public.hex(), db_key=new_key_pair()[0].hex(),
            series=series,
        )  # fmt: skip

    own = ref.profile.kiosks[0].own_series if ref.profile.kiosks else "V"
    return Site(
        hall=ref.profile.code,
        centre=machine("centre", "centre", "county", 1),
        node=machine("node", "node", "hall", 2),
        standby=machine("standby", "node", "hall", 5) if standby else None,
        kiosk=machine("kiosk", "kiosk", "terminal", 3, own),
        display=machine("display", "display", "terminal", 4),
        counters=tuple(machine(f"counter{n}", "counter", "terminal", 10 + n) for n in range(1, counters + 1)),
        hall_private=hall_private.hex(),
        hall_public=hall_public.hex(),
        centre_private=centre_private.hex(),
        centre_public=centre_public.hex(),
    )


def write_join(
    site: Site, machine: Machine, *, parent: Parent | None, port: int, devices: dict[str, str],
    other: Parent | None = None,
) -> None:  # fmt: skip
    """One machine's join file. A kiosk and a display can seal, not read. `other`: the second node of the hall, for a
    terminal, or this node's peer.
    """
    reads = machine.kind in ("counter", "node")
    children: tuple[Child, ...] = ()
    if machine.kind == "node":
        children = tuple(
            Child(node_id=t.node_id, public=t.sign_public, kind=t.kind, name=t.name)  # type: ignore[arg-type]
            for t in site.terminals
        )
        children += tuple(_node_child(site, n) for n in site.nodes if n is not machine)
    elif machine.kind == "centre":
        children = tuple(_node_child(site, n, beside=True) for n in site.nodes)
    join = JoinFile(
        node_id=machine.node_id,
        name=machine.name,
        role=machine.role,  # type: ignore[arg-type]
        kind=machine.kind,  # type: ignore[arg-type]
        hall=site.hall,
        device_no=machine.device_no,
        series=machine.series,
        db_key=machine.db_key,
        sign_private=machine.sign_private,
        sign_public=machine.sign_public,
        hall_public=site.hall_public,
        hall_private=site.hall_private if reads else None,
        centre_public=site.centre_public,
        centre_private=site.centre_private if machine.kind == "centre" else None,
        parent=parent,
        peer=other if machine.kind == "node" else None,
        stands_by=machine is site.standby,
        standby=other if machine.role == "terminal" else None,
        children=children,
        port=port,
        devices=devices,
        retry_within_s=RETRY_S,
    )
    write_join_file(machine.folder, join)


def _node_child(site: Site, node: Machine, *, beside: bool = False) -> Child:
    """`beside`: as the centre knows it, which hears of either node by the other too."""
    below = [t.node_id for t in site.terminals]
    if beside:
        below += [n.node_id for n in site.nodes if n is not node]
    return Child(
        node_id=node.node_id, public=node.sign_public, kind="node", name=node.name, subtree=tuple(below)
    )


def write_pins(machines: Sequence[Machine], ref: Reference) -> None:
    """One PIN for every demo clerk at every counter, hashed once: the demo people are invented."""
    hashed = PasswordHasher().hash(DEMO_PIN)
    book = json.dumps({s.employee_no: hashed for s in ref.people.staff})
    for machine in machines:
        (machine.folder / "pins.json").write_text(book, encoding="utf-8")
