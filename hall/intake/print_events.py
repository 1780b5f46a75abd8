"""What became of the papers that a machine printed; in its own dossier. No personal data."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class PaperPrintBegun:
    """The printer gets a paper now; PaperPrinted of the same paper says what became of it."""

    TYPE: ClassVar[str] = "paper.print_begun/1"
    paper: str
    """"<case>/<record of the act, or the delivery>", "errand/<errand>"."""


@dataclass(frozen=True, slots=True)
class PaperPrinted:
    TYPE: ClassVar[str] = "paper.printed/1"
    paper: str
    result: str
    """"printed", "sent" (a spooler took it over), "unknown" (it may be out), "failed" (nothing came out)."""


PRINT_EVENTS = (PaperPrintBegun, PaperPrinted)
