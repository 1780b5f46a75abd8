"""Print a slip, say what came of it, and tell staff when it went wrong."""

import logging
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from kiosk_app.ports import (
    AlertKind,
    Guide,
    IssuedTicket,
    KioskHall,
    Slip,
    SlipPrinter,
    SlipState,
    StaffAlert,
)
from kiosk_app.take_ticket.slip import guide_slip, ticket_slip
from ui.runner import Runner

log = logging.getLogger(__name__)

_ALERTS = {
    SlipState.NO_PAPER: AlertKind.NO_PAPER,
    SlipState.UNCONFIRMED: AlertKind.PRINT_UNCONFIRMED,
    SlipState.STOPPED: AlertKind.NO_PAPER,
    SlipState.FAULT: AlertKind.PRINTER_FAULT,
}


@dataclass(frozen=True, slots=True)
class SlipReport:
    """state: what the printer said. staff_told: True once staff have really been told about a fault."""

    state: SlipState = SlipState.NONE
    staff_told: bool = False


class SlipDesk(QObject):
    """The slip printer with its manners: one print at a time, none on silence, staff told of faults.

    Signals:
        report_changed: a SlipReport of the slip asked for last.
    """

    report_changed = Signal(object)

    def __init__(
        self,
        *,
        hall_name: str,
        printer: SlipPrinter,
        printer_runner: Runner,
        hall: KioskHall,
        hall_runner: Runner,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._hall_name = hall_name
        self._printer = printer
        self._printer_runner = printer_runner
        self._hall = hall
        self._hall_runner = hall_runner
        self._session = 0
        self.report = SlipReport()

    def print_ticket(self, ticket: IssuedTicket, *, reprint: bool = False) -> None:
        """Print a ticket's slip; ignored while a slip is printing."""
        self._print(ticket_slip(ticket, self._hall_name, reprint=reprint), "take_ticket")

    def print_guide(self, guide: Guide) -> None:
        """Print a guide's list; ignored while a slip is printing."""
        self._print(guide_slip(guide, self._hall_name), "guide")

    def forget(self) -> None:
        """The session is over: a report that comes later is not shown. Staff are still told of faults."""
        self._session += 1
        self._set(SlipReport())

    def _print(self, slip: Slip, page: str) -> None:
        if self.report.state is SlipState.PRINTING:
            return
        session = self._session
        self._set(SlipReport(SlipState.PRINTING))

        def printed(state: SlipState) -> None:
            self._came_out(state, slip.number, page, session)

        def failed(error: Exception) -> None:
            log.error("slip printer failed", exc_info=error)
            self._came_out(SlipState.FAULT, slip.number, page, session)

        self._printer_runner.submit(lambda: self._printer.print(slip), printed, failed)

    def _came_out(self, state: SlipState, number: str, page: str, session: int) -> None:
        if session == self._session:
            self._set(SlipReport(state))
        if state not in _ALERTS:
            return
        alert = StaffAlert(_ALERTS[state], page, number)

        def told(_: None) -> None:
            if session == self._session:
                self._set(SlipReport(state, staff_told=True))

        def not_told(error: Exception) -> None:
            log.warning("staff could not be told of %s: %s", alert.kind, type(error).__name__)

        self._hall_runner.submit(lambda: self._hall.alert(alert), told, not_told)

    def _set(self, report: SlipReport) -> None:
        if report != self.report:
            self.report = report
            self.report_changed.emit(report)
