"""What asking for a rating needs. Nothing here ever tells a clerk how they were rated."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from counter_app.values import TicketId


@dataclass(frozen=True, slots=True)
class RatingLevelRow:
    """One of the five levels as the citizen sees it. `reasons`: (three-digit code, text) of this level."""

    level: int
    text: str
    icon: str
    reasons: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class RatingAsked:
    """A request that is committed; the citizen may answer once. `levels`: best first."""

    request_id: str
    levels: tuple[RatingLevelRow, ...]


@dataclass(frozen=True, slots=True)
class RatingBefore:
    """What this visit's rating had come to when the visit is taken up again; neither: it was not asked for."""

    waiting: RatingAsked | None = None
    """Asked, and no answer is kept."""
    rated: bool | None = None
    """Answered, or over without an answer."""


@dataclass(frozen=True, slots=True)
class RatingAnswer:
    """1 very dissatisfied … 5 very satisfied; the two lowest need a reason (R21). `channel`: pad or screen."""

    level: int
    reasons: tuple[int, ...] = ()
    anonymous: bool = False
    channel: str = "pad"


class RatingDesk(Protocol):
    """Every method may raise Refused; called on a worker thread. The same command id twice has one effect."""

    def rating_before(self, ticket_id: TicketId) -> RatingBefore: ...

    def ask_rating(self, command_id: UUID, ticket_id: TicketId) -> RatingAsked: ...

    def record_rating(self, command_id: UUID, request_id: str, answer: RatingAnswer) -> None: ...

    def rating_missed(self, command_id: UUID, request_id: str) -> None:
        """Nobody answered in time: not rated. Silence is never an opinion (R22)."""
