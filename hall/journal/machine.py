"""Each machine's own dossiers, which never move: its prints, sign-ins and window states, which the whole hall reads;
what it keeps of other dossiers' records, which kiosks and displays do not; a node's closings.
"""

from hall.journal.kernel import dossier_row
from hall.journal.ledger import Ledger
from hall.journal.refusal import NotSettled

KIND = "machine"
SCOPE = "machine"
KEPT_SCOPE = "kept"
"""Not among the scopes of the feed for kiosks and displays."""


def machine_dossier_id(node_id: str) -> str:
    return f"machine-{node_id}"


def closing_dossier_id(node_id: str) -> str:
    return f"closings-{node_id}"


def machine_dossier(ledger: Ledger, *, actor: str) -> str:
    """The dossier's id; opened at first use. Raises NotSettled after a restore that does not know it."""
    return _opened(ledger, machine_dossier_id(ledger.identity.node_id), SCOPE, actor)


def kept_dossier(ledger: Ledger, *, actor: str) -> str:
    """For answers to claims and for records that were put aside. As machine_dossier."""
    return _opened(ledger, f"kept-{ledger.identity.node_id}", KEPT_SCOPE, actor)


def closing_dossier(ledger: Ledger, *, actor: str) -> str:
    """Where a node or the centre says what it has decided of lost machines: apart, since the centre's is shown to every
    hall. Raises NotSettled, as above.
    """
    return _opened(ledger, closing_dossier_id(ledger.identity.node_id), SCOPE, actor)


def _opened(ledger: Ledger, home: str, scope: str, actor: str) -> str:
    if dossier_row(ledger.conn, home) is None:
        if not ledger.identity.settled:
            # an earlier life may have opened it: a second first record would never be admitted above
            raise NotSettled
        ledger.open(home, KIND, scope=scope, actor=actor)
    return home
