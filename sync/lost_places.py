"""The end of a restore: what of the own former chains nobody has given back is declared lost, so that what stands
behind it can go up, and the machine works again.
"""

from hall.journal import closing, rows
from hall.journal.ledger import Ledger
from hall.journal.port import JournalPort
from sync.rows import SEQS

MOST_LOST = 100_000
"""Records between two that are left: some ten days of a busy hall's node."""


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
        at = ledger.held((me.node_id, inc))
        left = [seq for (seq,) in SEQS.all(ledger.conn, origin=me.node_id, inc=inc)]
        # to the last place that the chain is known to have had, also where a displacement has emptied it
        for seq in (*left, last + 1):
            if seq - at > MOST_LOST:
                # never written here: a record that names such a place was made up
                break
            for lost in range(at + 1, seq):
                ledger.declare_lost((me.node_id, inc, lost))
            at = max(at, seq)
