"""What tortured machines write: commands whose whole effect can be counted afterwards."""

from dataclasses import dataclass

from hall.journal.facts import OfferWithdrawn
from hall.journal.ledger import Ledger


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """A dossier of 1 + `notes` records; the same command again must change nothing."""

    command_id: str
    dossier: str
    notes: int


def open_ticket(ledger: Ledger, command: OpenTicket) -> None:
    ledger.open(command.dossier, "ticket", scope="queue", actor="w001")
    for _ in range(command.notes):
        ledger.append(command.dossier, OfferWithdrawn("示例"), actor="w001")
