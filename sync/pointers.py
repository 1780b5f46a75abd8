"""How far the parent has each chain of this subtree, by its own word, and what goes up next.

Belongs to the facts lane's thread; it asks the journal only.
"""

from collections.abc import Callable, Collection, Iterable

from sqlalchemy import Connection

from sync import outbox, wire
from sync.outbox import Batch, Chain
from sync.wire import Head, Mark, Run


class Pointers:
    """`mine`: node ids of the subtree."""

    def __init__(self, mine: Callable[[], Collection[str]]) -> None:
        self._mine = mine
        self.held: dict[Chain, int] = {}
        self.blocked: set[Chain] = set()
        """The parent refuses them: this machine is not enrolled there, or no more."""
        self._after_pos = 0
        self._resend: dict[Chain, int] = {}
        self._resent: set[Chain] = set()
        self._most = wire.MAX_RECORDS

    def begin(self, heads: Iterable[Head], forked: Collection[Chain]) -> bool:
        """After a hello. Of a chain that forked everything goes up once more: the parent puts aside what it lacks.

        True when that has happened before: what stands above is to be read.
        """
        self.held = {(h.origin, h.inc): h.seq for h in heads}
        for chain in [chain for chain in forked if chain not in self._resent]:
            self._resent.add(chain)
            self._resend[chain] = 0
            self.held[chain] = 0
        return any(chain not in self._resend for chain in forked)

    def follow(self, marks: Collection[Mark]) -> bool:
        """The parent's word, downwards too; a chain it does not name it does not hold. True: it held more before."""
        told = {(m.origin, m.inc): m.held_parent for m in marks}
        fell = any(told.get(chain, 0) < seq for chain, seq in self.held.items())
        self.held = told
        return fell

    def find_place(self, conn: Connection) -> None:
        """Where in the own journal the first record stands that the parent lacks."""
        self._after_pos = outbox.first_pos(conn, self.held, self._mine())

    def waiting(self, conn: Connection) -> int:
        """How many records the parent does not hold yet. Any thread."""
        return outbox.waiting(conn, dict(self.held), self._mine())

    def next_batch(self, conn: Connection) -> Batch:
        while True:
            batch = outbox.next_batch(
                conn, self.held, self._mine(), self._after_pos, self.blocked, self._most
            )
            if batch.runs:
                return batch
            self._after_pos = batch.next_pos
            if not batch.more:
                return batch

    def smaller(self) -> None:
        """The parent found the last batch too long."""
        self._most = max(1, self._most // 2)

    def sent(self, runs: Iterable[Run]) -> bool:
        """The parent has judged them. True when it has now seen all of a chain that forked."""
        before = len(self._resend)
        for run in runs:
            chain = (run.origin, run.inc)
            if chain not in self._resend:
                continue
            self._resend[chain] = run.from_seq + len(run.records) - 1
            if self._resend[chain] >= self.held.get(chain, 0):
                del self._resend[chain]
            else:
                self.held[chain] = self._resend[chain]
        return len(self._resend) < before

    def went(self, batch: Batch) -> bool:
        """Whether the parent holds all of it now (but for what it refuses)."""
        sent = [r for r in batch.runs if (r.origin, r.inc) not in self.blocked]
        if any(self.held.get((r.origin, r.inc), 0) < r.from_seq + len(r.records) - 1 for r in sent):
            return False
        self._after_pos = max(self._after_pos, batch.next_pos)
        return True
