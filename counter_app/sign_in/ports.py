"""What signing in needs from the hall."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

MOST_TRIES = 5
"""So many wrong PINs in a row lock the employee number on this PC."""
LOCKED_S = 15 * 60


@dataclass(frozen=True, slots=True)
class WindowChoice:
    """A window this person may open. `blocked` says in Chinese why not (no certificate, taken); empty: may."""

    window_id: str
    number: str
    name: str
    zone: str
    blocked: str = ""


@dataclass(frozen=True, slots=True)
class StaffOnDuty:
    """Who signed in and the windows they may choose from, the rostered one first."""

    staff_id: str
    name: str
    unit: str
    windows: tuple[WindowChoice, ...]


@dataclass(frozen=True, slots=True)
class WindowSession:
    """An opened window: what the header shows all day."""

    staff_id: str
    staff_name: str
    window_id: str
    window_number: str
    window_name: str
    hall_name: str
    powers: tuple[str, ...]
    """Shown words, e.g. ("可受理", "可办理"): the powers this window holds today."""
    business_day: str
    """The business day that the node opened, e.g. 「11月22日 周日」."""


class SignInDesk(Protocol):
    """Every method may raise Refused; called on a worker thread."""

    def closed(self) -> str:
        """Why nobody may sign in on this PC any more, and what to do with it; empty while it works."""

    def sign_in(self, command_id: UUID, staff_no: str, pin: str) -> StaffOnDuty: ...

    def open_window(self, command_id: UUID, staff_id: str, window_id: str) -> WindowSession: ...

    def lock(self, command_id: UUID) -> None:
        """The screen was locked: cases go back to the node."""

    def unlock(self, command_id: UUID, staff_id: str, pin: str) -> None: ...

    def sign_out(self, command_id: UUID) -> None:
        """Close the window: cases go back to the node, the window closes."""
