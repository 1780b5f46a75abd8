"""What the hall does about cases of a PC that is lost or cannot be reached."""

from typing import Protocol
from uuid import UUID

from counter_app.take_in.ports import CaseView
from counter_app.values import CaseId


class LostCaseDesk(Protocol):
    """Called on a worker thread; may raise Refused."""

    def reenter(self, command_id: UUID, case_id: CaseId, old_no: str, old_date: str) -> CaseView:
        """The case that is being filled in stands for the one on the citizen's paper."""

    def take_back(self, command_id: UUID, case_no: str, staff_no: str, pin: str, reason: str) -> None:
        """On a manager's order a case leaves a machine that is away and rests at the node."""
