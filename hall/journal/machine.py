"""Each machine's own dossiers: its prints, claims, sign-ins and window states; a node's closings. They never move."""

from hall.journal.kernel import dossier_row
from hall.journal.ledger import Ledger
from hall.journal.refusal import NotSettled

SCOPE = "machine"


def machine_dossier_id(node_id: str) -> str:
    return f"machine-{node_id}"


def closing_dossier_id(node_id: str) -> str:
    return f"closings-{node_id}"


def machine_dossier(ledger: Ledger, *, actor: str) -> str:
    """The dossier's id; opened at first use. Raises NotSettled after a restore that does not know it."""
    return _opened(ledger, machine_dossier_id(ledger.identity.node_id), actor)


def closing_dossier(ledger: Ledger, *, actor: str) -> str:
    """Where a node or the centre says what it has decided of lost machines: apart, since the centre's is shown to every
    hall. Raises NotSettled, as above.
    """
    return _opened(ledger, closing_dossier_id(ledger.identity.node_id), actor)


def _opened(ledger: Ledger, home: str, actor: str) -> str:
    if dossier_row(ledger.conn, home) is None:
        if not ledger.identity.settled:
            # an earlier life may have opened it: a second first record would never be admitted above
            raise NotSettled
        ledger.open(home, "machine", scope=SCOPE, actor=actor)
    return home
