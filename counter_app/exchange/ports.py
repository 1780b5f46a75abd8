"""What the page about the exchange draws: three places, what is on its way between them, and what to do."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from counter_app.status.ports import Health


class Weight(StrEnum):
    """How grave a line is."""

    CALM = "calm"
    """Passes by itself."""
    LOOK = "look"
    """Tell somebody."""
    ACT = "act"
    """Somebody must do something."""


@dataclass(frozen=True, slots=True)
class Station:
    """This PC, the hall node, the county centre."""

    name: str
    word: str
    health: Health


@dataclass(frozen=True, slots=True)
class Leg:
    """The way from one station to the next: 「12 条」「3 份扫描件」「在等」, a line each."""

    text: str
    waiting: bool


@dataclass(frozen=True, slots=True)
class ConcernRow:
    """`what` is so since `since` (「3 分钟前」, may be empty); `todo`: what is safe and what to do."""

    what: str
    todo: str
    weight: Weight
    since: str = ""


@dataclass(frozen=True, slots=True)
class ExchangeBoard:
    """Two legs lie between three stations. The gravest concern stands first."""

    stations: tuple[Station, ...]
    legs: tuple[Leg, ...]
    concerns: tuple[ConcernRow, ...] = ()


class ExchangeDesk(Protocol):
    """Called on a worker thread."""

    def exchange(self) -> ExchangeBoard: ...
