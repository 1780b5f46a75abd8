"""Which of a pair of nodes serves, by what is known: pure rules."""

from dataclasses import dataclass

COLLECT_S = 10.0
"""So long a node that takes over waits for terminals to hand over what they hold."""
MOST_AHEAD = 1000
"""Promotions that a node can have missed."""


@dataclass(frozen=True, slots=True)
class Known:
    """What one node of a pair knows of who serves."""

    me: str
    peer: str
    first: bool
    """The hall began with this one serving."""
    epoch: int = 0
    """The highest that was opened, by the own journal; 0: nobody has opened a day."""
    opened_by: str = ""
    told: int = 0
    """The highest that the centre or the serving peer spoke of."""
    doubted: int = 0
    """The highest that a window spoke of while the peer, which must have opened it, did not answer."""
    claimed: int = 0
    """The one that the peer is about to open; it may still give up."""

    @property
    def highest(self) -> int:
        return max(self.epoch, self.told, self.doubted, self.claimed)

    @property
    def mine(self) -> bool:
        """By all that is known this one serves."""
        if self.highest > self.epoch:
            return False
        # another machine stood here before the pair: its place is the first one's
        return self.opened_by == self.me if self.opened_by in (self.me, self.peer) else self.first


def may_be_true(epoch: int, known: Known) -> bool:
    """Whether the other node can have opened it since: a terminal's word alone, which nobody has signed."""
    return known.epoch < epoch <= known.epoch + MOST_AHEAD and epoch % 2 == int(not known.first)


def next_epoch(seen: int, *, first: bool) -> int:
    """The first node opens odd epochs and the standby even ones: two that never met cannot open the same."""
    return seen + 1 if (seen + 1) % 2 == int(first) else seen + 2


def own_epoch(asked: int, *, first: bool) -> int:
    """`asked` by the join file, or the next one that this node of the pair may open."""
    return asked if asked % 2 == int(first) else asked + 1
