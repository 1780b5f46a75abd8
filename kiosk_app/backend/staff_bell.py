"""Calls staff to this machine, through the node."""

from uuid import uuid4

from kiosk_app.backend.bench import KioskBench, answering
from kiosk_app.ports import HallUnreachable, StaffAlert

ALERT_PATH = "/v1/hall/alert"


class StaffBell:
    """Any thread."""

    def __init__(self, bench: KioskBench) -> None:
        self._bench = bench

    @answering
    def alert(self, alert: StaffAlert) -> None:
        """Returns only when the node shows it to staff; raises HallUnreachable, Refused."""
        if not self.ring(alert, str(uuid4())):
            raise HallUnreachable("nobody was told")

    def ring(self, alert: StaffAlert, command_id: str) -> bool:
        """True when staff look at it now; False: the node keeps it for the next board that is opened.

        The same id twice is one call. Raises ParentAway, Refusal.
        """
        kind, page, number = alert.kind.value, alert.page, alert.number
        body = {"command_id": command_id, "kind": kind, "page": page, "number": number}
        return self._bench.up.call(ALERT_PATH, body).get("told") is True
