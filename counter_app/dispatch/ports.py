"""What dispatching needs from the hall: desks to offer to, and what became of the offers."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from counter_app.values import CaseId


class OfferState(StrEnum):
    OFFERED = "offered"
    TAKEN = "taken"
    RETURNED = "returned"
    WAITING_LINK = "waiting_link"
    """Offered to a desk at the centre while the county link is down: it waits, nothing is lost."""


@dataclass(frozen=True, slots=True)
class DeskRow:
    """A department's desk. `place` is 「大厅」 or 「县中心」."""

    desk_id: str
    name: str
    place: str
    recommended: bool = False


@dataclass(frozen=True, slots=True)
class OfferRow:
    case_id: CaseId
    case_no: str
    item_name: str
    desk: str
    state: OfferState
    state_text: str
    """「14:05 已派，待接收」."""


@dataclass(frozen=True, slots=True)
class Dispatched:
    """What one press sent: one offer, or one for each child of a package that could go."""

    offers: tuple[OfferRow, ...]
    left: tuple[str, ...] = ()
    """Children of the same package that could not go, each with its reason."""


class DispatchDesk(Protocol):
    """Every method may raise Refused; called on a worker thread. The same command id twice has one effect."""

    def desks(self, case_id: CaseId) -> tuple[DeskRow, ...]: ...

    def offers(self) -> tuple[OfferRow, ...]:
        """Today's offers of this window, newest first."""

    def dispatch(self, command_id: UUID, case_id: CaseId, desk_id: str) -> Dispatched:
        """Refused when nothing could go; see `left` for a package that went in part."""

    def withdraw_offer(self, command_id: UUID, case_id: CaseId) -> None:
        """Possible until the desk has taken it."""
