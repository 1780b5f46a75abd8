"""A day of one hall node, small, with everything that its journal and its files go through."""

import hashlib
import random
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from hall.journal.facts import DossierOffered
from yichuang.bench_traffic import visits
from yichuang.torture.trio import Member, Trio

PIECE = 5000


@dataclass
class Day:
    """`kept` is told the digest of each scan that the machine has promised to keep."""

    trio: Trio
    chance: random.Random
    kept: Callable[[str], None] = lambda _: None

    def run(self, rounds: int) -> None:
        """Own facts, pushes from below, pages from above, claims, scans, restarts, a renewed incarnation."""
        trio = self.trio
        node = visits(trio.node)
        counter = visits(trio.counter)
        for round_no in range(rounds):
            next(node)
            next(counter)
            self._scan(trio.node)
            self._upload(trio.node)
            self._hand_down()
            trio.settle()
            if round_no % 2 == 1:
                trio.restart(trio.node)
                trio.node.store.renew_incarnation()
                trio.said()
                trio.settle()

    def _hand_down(self) -> None:
        """A dossier of the node goes to the counter, and a new one of the counter is offered upwards."""
        trio = self.trio
        given = trio.node.open("ticket", "queue")
        trio.node.write(given, "queue", DossierOffered("window"))
        trio.settle(2)
        trio.claim(given)
        offered = trio.counter.open("ticket", "queue")
        trio.counter.write(offered, "queue", DossierOffered("hall"))

    def _scan(self, node: Member) -> None:
        self.kept(node.blobs.put(self.chance.randbytes(self.chance.randint(1, 3 * PIECE))))

    def _upload(self, node: Member) -> None:
        """What a counter's blob lane makes of the node's folder."""
        data = self.chance.randbytes(self.chance.randint(1, 3 * PIECE))
        blobs, owner = node.blobs, "counter"
        session = blobs.begin(owner)
        for at in range(0, len(data), PIECE):
            piece = data[at : at + PIECE]
            session = blobs.append(session.id, owner, at, piece, zlib.crc32(piece))
        digest = hashlib.sha256(data).hexdigest()
        blobs.finish(session.id, owner, digest)
        self.kept(digest)
