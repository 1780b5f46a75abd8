"""What the printers of a machine did with the papers of cases (decision 0021)."""

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import Connection, select

from hall.intake import commands as cmd
from hall.intake.print_events import PaperPrintBegun, PaperPrinted
from hall.intake.tables import paper_print
from hall.journal.ledger import Ledger
from hall.journal.machine import machine_dossier


class PrintResult(StrEnum):
    """The last that is known of a paper. BEGUN after a restart: the power failed while it was printed."""

    BEGUN = "begun"
    PRINTED = "printed"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"


def begin_print(ledger: Ledger, c: cmd.BeginPrint) -> None:
    ledger.append(machine_dossier(ledger, actor=c.actor), PaperPrintBegun(c.paper), actor=c.actor)


def record_print(ledger: Ledger, c: cmd.RecordPrint) -> None:
    ledger.append(machine_dossier(ledger, actor=c.actor), PaperPrinted(c.paper, c.result), actor=c.actor)


def print_results(conn: Connection, papers: Sequence[str]) -> dict[str, PrintResult]:
    """Of every paper that went to a printer. One that came out once is out, whatever a later try did."""
    t = paper_print.c
    rows = conn.execute(select(t.paper, t.result, t.out).where(t.paper.in_(papers)).order_by(t.at_ms)).all()
    # the word of another machine's program, which may be a newer one
    known = {result.value: result for result in PrintResult}
    found = {r.paper: known.get(r.result, PrintResult.UNKNOWN) for r in rows}
    return found | {r.paper: PrintResult.PRINTED for r in rows if r.out}
