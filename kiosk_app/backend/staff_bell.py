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
        body = {
            "command_id": str(uuid4()),
            "kind": alert.kind.value,
            "page": alert.page,
            "number": alert.number,
        }
        if self._bench.up.call(ALERT_PATH, body).get("told") is not True:
            raise HallUnreachable("nobody was told")
