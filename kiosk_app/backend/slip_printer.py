"""The kiosk's papers: number slips and guides on the ticket printer, the notice of a matter on A4.

That a number's slip goes to the printer, and what the printer said of it, is written into the machine's own
dossier: a beginning without an end means that the power failed in between (unfinished.py). A slip that may have come
out before carries 补打: two slips are one number.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

from devices.errors import DeviceError, DeviceNeedsPerson, DeviceOffline, OutcomeUnknown
from devices.ticket_printer.compose import TicketTooLong
from devices.ticket_printer.driver import PrintOutcome, PrintStopped, TicketPrinter
from devices.ticket_printer.layout import (
    Align,
    TicketFeed,
    TicketLine,
    TicketQr,
    TicketRule,
    TicketText,
)
from hall.journal.refusal import Refusal, StoreFault
from hall.papers import slip as paper
from hall.papers.slip import SlipLine, TicketSlip, slip_lines
from hall.queueing import commands as cmd
from hall.queueing import handlers
from hall.queueing import views as queue
from hall.queueing.model import read_slip_code
from kiosk_app.backend.bench import KioskBench
from kiosk_app.backend.slip_results import (
    CONFIRMED,
    FAULT,
    MAYBE_OUT,
    NEEDS_PERSON,
    NO_PAPER,
    OFFLINE,
    STOPPED,
    UNCONFIRMED,
    UNKNOWN,
)
from kiosk_app.ports import Slip, SlipState

log = logging.getLogger(__name__)

_STATES = {
    CONFIRMED: SlipState.PRINTED,
    UNCONFIRMED: SlipState.UNCONFIRMED,
    UNKNOWN: SlipState.UNCONFIRMED,
    STOPPED: SlipState.STOPPED,
    NO_PAPER: SlipState.NO_PAPER,
}
_OUT_OF_PAPER = "out of paper"
"""What devices.ticket_printer.driver.needed_action calls it."""
_LINES_ON_SLIP = 40
_LONGEST = 900


class KioskPrinter:
    """Implements SlipPrinter; one call at a time."""

    def __init__(
        self,
        bench: KioskBench,
        *,
        slip_of: Callable[[str], TicketSlip | None],
        printer: TicketPrinter | None,
        print_notice: Callable[[str], bool] | None = None,
    ) -> None:
        """printer None: this machine has none. print_notice: an item's name to A4; False when that
        cannot be done and the guide goes on a slip.
        """
        self._bench = bench
        self._slip_of = slip_of
        self._printer = printer
        self._print_notice = print_notice

    def print(self, slip: Slip, *, seen: bool = True) -> SlipState:
        """Once, without a retry: see ports.SlipPrinter.

        seen False: nobody has the number before their eyes; the ticket's request stays open until the caller ends
        it, and nothing is printed that cannot be written down first: raises StoreFault, Refusal.
        """
        named = read_slip_code(slip.code)
        if named is None:
            return self._print_guide(slip)
        ticket, number = named
        reprint = self._may_be_out(ticket)
        known = self._slip_of(ticket)
        lines = slip_lines(replace(known, reprint=reprint)) if known else plain_lines(slip)
        self._begin(ticket, number, reprint, seen)
        result = self._send(lines)
        self._record(ticket, number, result, reprint)
        return _STATES.get(result, SlipState.FAULT)

    def _print_guide(self, slip: Slip) -> SlipState:
        if self._print_notice is not None and slip.lines and self._print_notice(slip.lines[0]):
            # a spooler takes the page over and does not tell when it is out
            return SlipState.PRINTED
        try:
            result = self._send(plain_lines(slip))
        except TicketTooLong:
            result = self._send(plain_lines(shortened(slip)))
        return _STATES.get(result, SlipState.FAULT)

    def _send(self, lines: tuple[SlipLine, ...]) -> str:
        """One of the results above. Raises TicketTooLong."""
        if self._printer is None:
            return OFFLINE
        try:
            outcome = self._printer.print_ticket([layout_line(line) for line in lines])
        except PrintStopped as exc:
            log.warning("slip: %s", exc)
            return STOPPED
        except OutcomeUnknown as exc:
            log.warning("slip: %s", exc)
            return UNKNOWN
        except DeviceNeedsPerson as exc:
            log.warning("slip: %s", exc)
            return NO_PAPER if exc.message == _OUT_OF_PAPER else NEEDS_PERSON
        except DeviceOffline as exc:
            log.warning("slip: %s", exc)
            return OFFLINE
        except DeviceError as exc:
            log.warning("slip: %s", exc)
            return FAULT
        return CONFIRMED if outcome is PrintOutcome.CONFIRMED else UNCONFIRMED

    def _may_be_out(self, ticket: str) -> bool:
        with self._bench.store.read() as conn:
            return any(result in MAYBE_OUT for result, _ in queue.slip_results(conn, ticket))

    def _begin(self, ticket: str, number: str, reprint: bool, seen: bool) -> None:
        b = self._bench
        command = cmd.BeginSlip(str(uuid4()), ticket, number, reprint, seen, b.node_id)
        try:
            b.store.handle(command, handlers.begin_slip)
        except (StoreFault, Refusal) as exc:
            if not seen:
                raise
            # the person waits for the slip of a number that stands
            log.error("that a slip is being printed could not be written down: %s", exc)

    def _record(self, ticket: str, number: str, result: str, reprint: bool) -> None:
        b = self._bench
        command = cmd.RecordSlip(str(uuid4()), ticket, number, result, reprint, b.node_id)
        try:
            b.store.handle(command, handlers.record_slip)
        except (StoreFault, Refusal) as exc:
            # the paper is what it is; the person must be told the truth about it all the same
            log.error("the outcome of a slip could not be written down: %s", exc)


def plain_lines(slip: Slip) -> tuple[SlipLine, ...]:
    """A guide's text, or a number's when its slip is no longer remembered."""
    lines: list[SlipLine] = [paper.SlipText(slip.heading, bold=True, align=paper.Align.CENTRE)]
    if slip.number:
        lines.append(paper.SlipText(slip.number, size=4, bold=True, align=paper.Align.CENTRE))
    lines.append(paper.SlipRule())
    for at, text in enumerate(slip.lines):
        big = at == 0 and not slip.number
        lines.append(paper.SlipText(text[:_LONGEST], size=2 if big else 1, bold=big))
    if slip.code:
        lines += [paper.SlipFeed(1), paper.SlipQr(slip.code)]
    lines.append(paper.SlipFeed(1))
    return tuple(lines)


def shortened(slip: Slip) -> Slip:
    """The list of materials alone: paragraphs from the first 【title】 on are left out, and it says so."""
    end = next((n for n, text in enumerate(slip.lines) if text.startswith("【")), len(slip.lines))
    kept = slip.lines[: min(end, _LINES_ON_SLIP)]
    return replace(slip, lines=(*kept, "其余内容请看自助机屏幕，或到咨询台索取办事指南。"))


def layout_line(line: SlipLine) -> TicketLine:
    """A line of hall.papers.slip as the printer's layout has it."""
    match line:
        case paper.SlipText():
            align = Align.CENTER if line.align is paper.Align.CENTRE else Align.LEFT
            return TicketText(line.text, line.size, line.bold, align)
        case paper.SlipQr():
            return TicketQr(line.data)
        case paper.SlipRule():
            return TicketRule()
        case paper.SlipFeed():
            return TicketFeed(line.lines)
