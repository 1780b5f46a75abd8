"""The end of a restore: what of the own former chains nobody has given back is declared lost, so that what stands
behind it can go up, and the machine works again.
"""

from hall.journal import closing, rows
from hall.journal.ledger import Ledger
from hall.journal.port import JournalPort


def settle(store: JournalPort) -> None:
    """The parent, or at the root every child, has told all it holds. Blocks. Raises StoreFault."""
    store.write(_declare)
    store.settle()
    # what was read again while nothing could be written
    store.write(closing.uphold)


def _declare(ledger: Ledger) -> None:
    me = ledger.identity
    for inc, last in rows.CHAINS_OF.all(ledger.conn, origin=me.node_id):
        if inc == me.inc:
            continue
        for seq in range(ledger.held((me.node_id, inc)) + 1, last + 1):
            ledger.declare_lost((me.node_id, inc, seq))
