"""Each machine's own dossier: its prints, claims, sign-ins and window states. Never moves."""

from sqlalchemy import select

from hall.journal import schema
from hall.journal.ledger import Ledger

SCOPE = "machine"


def machine_dossier_id(node_id: str) -> str:
    return f"machine-{node_id}"


def machine_dossier(ledger: Ledger, *, actor: str) -> str:
    """The dossier's id; opened at first use."""
    home = machine_dossier_id(ledger.identity.node_id)
    known = ledger.conn.execute(select(schema.dossier.c.id).where(schema.dossier.c.id == home)).first()
    if known is None:
        ledger.open(home, "machine", scope=SCOPE, actor=actor)
    return home
