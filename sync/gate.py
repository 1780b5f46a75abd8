"""Whether a node serves just now: of a pair of nodes one serves and the other stands by (decision 0026)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from hall.journal.refusal import Refusal
from sync import wire
from sync.access import ChildAccess
from sync.wire import Mode


class NotServing(Refusal):
    """Nothing has been done: another machine serves, or nobody knows yet which."""

    def __init__(self, text: str) -> None:
        super().__init__(wire.NOT_SERVING, text)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a machine answers when it is asked who serves."""

    mode: Mode
    epoch: int
    serves: str
    """Node id; empty when nobody has opened a day yet."""
    copy_ms: int | None = None
    heard: int = 0
    expected: int = 0


class Gate(Protocol):
    """Asked for every request. Any thread; `admit` and `heard` never block."""

    def admit(self, child: ChildAccess, method: str, path: str) -> None:
        """Raises NotServing."""

    def heard(self, child: ChildAccess, epoch: int) -> None:
        """A child says the highest queue epoch that it has heard of."""

    def standing(self, child: ChildAccess) -> Standing:
        """May read the journal."""


class AlwaysServing:
    """The only node of a hall, and the centre. `opened` tells (epoch, node) of the asker's hall."""

    def __init__(self, opened: Callable[[ChildAccess], tuple[int, str] | None] = lambda _: None) -> None:
        self._opened = opened

    def admit(self, child: ChildAccess, method: str, path: str) -> None:
        """Everybody, always."""

    def heard(self, child: ChildAccess, epoch: int) -> None:
        """Nothing changes by it."""

    def standing(self, child: ChildAccess) -> Standing:
        epoch, node = self._opened(child) or (0, "")
        return Standing("serving", epoch, node)
