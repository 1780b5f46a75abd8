"""The machines of a torture: a centre, hall nodes below it, counters below these, with their join files."""

import secrets
from dataclasses import dataclass

from hall.journal.ids import new_id
from hall.journal.sealing import new_key_pair
from sync.join_file import Child, JoinFile, Parent
from sync.signing import new_signing_key

HALL = "changji"
RETRY_S = 2
"""Longest pause between two tries to reach a parent that was killed or cut off."""


@dataclass(frozen=True, slots=True)
class Family:
    """Join files as IT writes them; addresses of parents are filled in by whoever starts them."""

    centre: JoinFile
    nodes: tuple[JoinFile, ...]
    counters: tuple[JoinFile, ...]

    @property
    def all(self) -> tuple[JoinFile, ...]:
        return (self.centre, *self.nodes, *self.counters)

    def above(self, join: JoinFile) -> JoinFile | None:
        found = (m for m in self.all if join.parent is not None and m.node_id == join.parent.node_id)
        return next(found, None)


def at(join: JoinFile, url: str) -> JoinFile:
    """The same machine, with its parent at `url`."""
    if join.parent is None:
        return join
    return join.model_copy(update={"parent": join.parent.model_copy(update={"url": url})})


def plan_family(nodes: int, counters_each: int) -> Family:
    """New keys for everybody. Nothing is written."""
    hall, centre = new_key_pair(), new_key_pair()

    def machine(name: str, kind: str, no: int, above: JoinFile | None) -> JoinFile:
        private, public = new_signing_key()
        role = {"centre": "county", "node": "hall"}.get(kind, "terminal")
        parent = None if above is None else Parent(node_id=above.node_id, url="", public=above.sign_public)
        return JoinFile(
            node_id=new_id(), name=name, role=role, kind=kind,  # type: ignore[arg-type]
            hall="county" if kind == "centre" else HALL, device_no=no, db_key=secrets.token_bytes(32).hex(),
            sign_private=private.hex(), sign_public=public.hex(), hall_public=hall[1].hex(),
            hall_private=None if kind == "centre" else hall[0].hex(), centre_public=centre[1].hex(),
            centre_private=centre[0].hex() if kind == "centre" else None, parent=parent, retry_within_s=RETRY_S,
        )  # fmt: skip

    def child(join: JoinFile, *below: JoinFile) -> Child:
        return Child(
            node_id=join.node_id, public=join.sign_public, kind=join.kind,  # type: ignore[arg-type]
            subtree=tuple(b.node_id for b in below),
        )  # fmt: skip

    root = machine("centre", "centre", 1, None)
    halls: list[JoinFile] = []
    windows: list[JoinFile] = []
    known: list[Child] = []
    for n in range(1, nodes + 1):
        node = machine(f"node{n}", "node", 10 + n, root)
        below = [
            machine(f"counter{n}-{m}", "counter", 100 * n + m, node) for m in range(1, counters_each + 1)
        ]
        halls.append(node.model_copy(update={"children": tuple(child(b) for b in below)}))
        windows += below
        known.append(child(node, *below))
    return Family(root.model_copy(update={"children": tuple(known)}), tuple(halls), tuple(windows))
