"""How the hall's two nodes stand, and the order that lets the other one serve."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID


class Other(StrEnum):
    """The machine that this window does not speak to just now."""

    NONE = "none"
    """The hall has one node only."""
    AWAY = "away"
    READY = "ready"
    EMPTY = "empty"
    """It stands by and has copied nothing yet."""
    TAKING_OVER = "taking_over"
    UNSURE = "unsure"
    """A node that has just started and has heard nobody."""


@dataclass(frozen=True, slots=True)
class StandInBoard:
    """`node_up`: the machine that this window speaks to answers; `at_standby`: it is the standby."""

    other: Other = Other.NONE
    node_up: bool = True
    at_standby: bool = False
    copied: str = ""
    """Until when the other has copied, e.g. 「10:42:05」."""
    heard: int = 0
    expected: int = 0


class StandInDesk(Protocol):
    """Called on a worker thread; may raise Refused."""

    def stand_in(self) -> StandInBoard:
        """What is known just now; asks nobody."""

    def take_over(self, command_id: UUID, staff_no: str, pin: str, reason: str) -> None:
        """Returns when the other machine has begun; `stand_in` tells how far it is."""
