"""The end of a restore: what of the own former chains nobody has given back is declared lost, so that what stands
behind it can go up, and the machine works again.
"""

import contextlib

from hall.journal import closing, envelope, rows
from hall.journal.book import CHAIN_BROKEN, FORKED, TAKEN_BACK
from hall.journal.envelope import BadRecord
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
    me, lasts = ledger.identity, _put_aside(ledger)
    for inc, last in rows.CHAINS_OF.all(ledger.conn, origin=me.node_id):
        lasts[inc] = max(last, lasts.get(inc, 0))
    for inc, last in sorted(lasts.items()):
        if inc == me.inc:
            continue
        at = ledger.held((me.node_id, inc))
        left = [seq for (seq,) in SEQS.all(ledger.conn, origin=me.node_id, inc=inc)]
        for seq in (*left, last + 1):
            if seq - at > MOST_LOST:
                # never written here: a record that names such a place was made up
                break
            for lost in range(at + 1, seq):
                ledger.declare_lost((me.node_id, inc, lost))
            at = max(at, seq)


def _put_aside(ledger: Ledger) -> dict[str, int]:
    """The last place of each former chain of which a record gave way to the parent's line: a reader that got it with a
    dossier, beyond a gap, hears in no other way that it does not stand.
    """
    me, lasts = ledger.identity.node_id, dict[str, int]()
    for _, _, raw in rows.PARKED_AS.all(ledger.conn, codes=[FORKED, CHAIN_BROKEN, TAKEN_BACK], after=0):
        with contextlib.suppress(BadRecord):
            env = envelope.parse(bytes(raw))
            if env.origin == me:
                lasts[env.inc] = max(env.seq, lasts.get(env.inc, 0))
    return lasts
