"""The window's printer with a memory: what became of each paper is a fact, so it is known after a restart."""

import logging
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from counter_app.backend.bench import Bench
from counter_app.device_ports import A4Printer, DeviceTrouble, PrintOutcome
from counter_app.values import PaperId, PrintMark
from hall.delivery.events import HandedOver, ProofIssued
from hall.intake import commands as cmd
from hall.intake import printing
from hall.intake.events import ErrandHandedIn
from hall.intake.printing import PrintResult
from hall.journal import schema
from hall.journal.ids import new_id
from hall.journal.refusal import Refusal, StoreFault

log = logging.getLogger(__name__)

_MARKS = {
    PrintResult.PRINTED: PrintMark.NONE,
    PrintResult.SENT: PrintMark.SENT,
    PrintResult.UNKNOWN: PrintMark.UNSURE,
    PrintResult.BEGUN: PrintMark.UNSURE,
    PrintResult.FAILED: PrintMark.NOT_PRINTED,
}
_MADE_BY = (ProofIssued.TYPE, HandedOver.TYPE, ErrandHandedIn.TYPE)
"""A 送达回证 is named by its delivery, a receipt by its errand; these records make them."""


class PrintBook:
    """What is known of printed papers. Thread-safe."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._printing = ""
        self._unwritten: dict[str, PrintResult] = {}
        """The last of papers that the journal did not take down, for as long as this program runs."""

    def marks(self, papers: Sequence[str]) -> tuple[PrintMark, ...]:
        """One for each paper, in their order."""
        b = self._bench
        records = {paper.partition("/")[2]: paper for paper in papers}
        r, names = schema.record.c, list(records)
        by_dossier = r.dossier.in_(names) & r.type.in_(_MADE_BY)
        query = select(r.id, r.dossier).where(r.id.in_(names) | by_dossier, r.origin == b.node_id)
        with b.store.read() as conn:
            results = printing.print_results(conn, papers)
            made = {name for row in conn.execute(query) for name in row}
        # a paper of this window that never came to its printer: the power failed in between
        marks = {paper: PrintMark.NOT_PRINTED for record, paper in records.items() if record in made}
        out = {paper: result for paper, result in results.items() if result is PrintResult.PRINTED}
        marks |= {paper: _MARKS[result] for paper, result in (results | self._unwritten | out).items()}
        return tuple(PrintMark.NONE if p == self._printing else marks.get(p, PrintMark.NONE) for p in papers)

    def begin(self, paper: str) -> None:
        self._printing = paper
        self._write(cmd.BeginPrint(new_id(), paper, self._actor()))

    def end(self, paper: str, result: PrintResult | None) -> None:
        """None: nothing is known of it."""
        if result is not None:
            self._write(cmd.RecordPrint(new_id(), paper, result.value, self._actor()))
        self._printing = ""

    def _actor(self) -> str:
        with self._bench.lock:
            return self._bench.seat.staff.id if self._bench.seat else self._bench.node_id

    def _write(self, command: cmd.BeginPrint | cmd.RecordPrint) -> None:
        begins = isinstance(command, cmd.BeginPrint)
        result = PrintResult.BEGUN if isinstance(command, cmd.BeginPrint) else PrintResult(command.result)
        try:
            self._bench.handle(command, printing.begin_print if begins else printing.record_print)
            self._unwritten.pop(command.paper, None)
        except (StoreFault, Refusal) as exc:
            # a citizen waits for the paper; what is not written down is known here until the program ends
            log.error("what became of a print could not be written down: %s", exc)
            self._unwritten[command.paper] = result


class RecordingPrinter:
    """Implements device_ports.A4Printer over another one. One thread (the printer's)."""

    def __init__(self, printer: A4Printer, book: PrintBook) -> None:
        self._printer = printer
        self._book = book

    def print_paper(self, command_id: UUID, paper_id: PaperId, copies: int) -> PrintOutcome:
        result: PrintResult | None = None
        self._book.begin(paper_id)
        try:
            outcome = self._printer.print_paper(command_id, paper_id, copies)
            result = PrintResult.PRINTED if outcome is PrintOutcome.PRINTED else PrintResult.SENT
        except DeviceTrouble as trouble:
            result = PrintResult.UNKNOWN if trouble.maybe_out else PrintResult.FAILED
            raise
        finally:
            self._book.end(paper_id, result)
        return outcome
