"""Machines that are given up for lost in a schedule: who refuses them, and what must hold of what they wrote."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from hall.journal import closing
from hall.journal.closing import Order
from hall.journal.ledger import Ledger
from sync.access import ChildAccess
from yichuang.simulate.disk import Tables

CLOSED_ZH = "这台电脑已经停用。"
ORDER = Order("m1", "主任", "主机报废")


def is_closed(tables: Tables, machine: str) -> bool:
    """As far as this disk knows."""
    return any(row[0] == machine for row in tables.closed.values())


def place_of(tables: Tables, machine: str, inc: str) -> int:
    """Up to where the chain counts."""
    found = [row[1] for (_, its), row in tables.closed.items() if (row[0], its) == (machine, inc)]
    return max(found, default=0)


def close(ledger: Ledger, machine: str, below: frozenset[str], lies_there: list[str]) -> None:
    """What the pages 机器 do in steps: close it, take back what lies with it. Raises Refusal."""
    closing.close_origin(ledger, machine, machine, ORDER, below=below)
    for dossier in lies_there:
        row = ledger.dossier(dossier)
        if row is not None and row.owner == machine:
            ledger.seize(dossier, below=below, by=ORDER.by, reason=ORDER.reason)


@dataclass(frozen=True)
class Enrolled(Mapping[str, ChildAccess]):
    """As server_app's: who was closed is known, and refused."""

    known: Mapping[str, ChildAccess]
    tables: Tables

    def __getitem__(self, node: str) -> ChildAccess:
        child = self.known[node]
        if self.tables.closed and is_closed(self.tables, node):
            return replace(child, revoked=True, closed=CLOSED_ZH)
        return child

    def __iter__(self) -> Iterator[str]:
        return iter(self.known)

    def __len__(self) -> int:
        return len(self.known)
