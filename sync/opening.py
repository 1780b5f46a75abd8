"""Under which names a child opens dossiers: never under one that is another machine's.

The node and the centre judge alike: what the node refuses goes up as it is, and is judged again there.
"""

from hall.journal.admission import opens
from hall.journal.envelope import Envelope
from hall.journal.ledger import Ledger
from sync.access import ChildAccess

OF_A_MACHINE = ("machine-", "kept-", "closings-", "series-", "reading-")
"""Behind these stands the id of the machine that opens it."""


def may_have(dossier: str, machine: str) -> bool:
    """By the dossier's name."""
    prefix = next((prefix for prefix in OF_A_MACHINE if dossier.startswith(prefix)), None)
    return prefix is None or dossier == prefix + machine


def forbidden(ledger: Ledger, child: ChildAccess, env: Envelope) -> str | None:
    """A code, or None. A hall node may open what another has: two nodes of one hall answer a kiosk's request each
    without the other, and which one counts follows from their records.
    """
    if not opens(env):
        return None
    if not may_have(env.dossier, env.origin):
        return "name_of_another"
    opener = ledger.opener(env.dossier)
    nodes = (child.node_id, *child.nodes) if child.role == "hall" else ()
    return None if opener in (None, env.origin) or env.origin in nodes else "opened_elsewhere"
