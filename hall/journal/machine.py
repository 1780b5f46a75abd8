"""Each machine's own dossier: its prints, claims, sign-ins and window states. Never moves."""

from hall.journal.kernel import dossier_row
from hall.journal.ledger import Ledger
from hall.journal.refusal import NotSettled

SCOPE = "machine"


def machine_dossier_id(node_id: str) -> str:
    return f"machine-{node_id}"


def machine_dossier(ledger: Ledger, *, actor: str) -> str:
    """The dossier's id; opened at first use. Raises NotSettled after a restore that does not know it."""
    home = machine_dossier_id(ledger.identity.node_id)
    if dossier_row(ledger.conn, home) is None:
        if not ledger.identity.settled:
            # an earlier life may have opened it: a second first record would never be admitted above
            raise NotSettled
        ledger.open(home, "machine", scope=SCOPE, actor=actor)
    return home
