"""Each machine's own dossier: its prints, claims, sign-ins and window states. Never moves."""

from sqlalchemy import select

from hall.journal import schema
from hall.journal.ledger import Ledger
from hall.journal.refusal import NotSettled

SCOPE = "machine"


def machine_dossier_id(node_id: str) -> str:
    return f"machine-{node_id}"


def machine_dossier(ledger: Ledger, *, actor: str) -> str:
    """The dossier's id; opened at first use. Raises NotSettled after a restore that does not know it."""
    home = machine_dossier_id(ledger.identity.node_id)
    known = ledger.conn.execute(select(schema.dossier.c.id).where(schema.dossier.c.id == home)).first()
    if known is None:
        if not ledger.identity.settled:
            # an earlier life may have opened it: a second first record would never be admitted above
            raise NotSettled
        ledger.open(home, "machine", scope=SCOPE, actor=actor)
    return home
