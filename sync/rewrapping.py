"""What one hall has opened, or the centre, in the hands of another hall: the key is wrapped for the reader's hall.

Only the centre does this, which may read every dossier, and only for halls whose public key its join file names.
"""

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from hall.journal import schema
from hall.journal.port import JournalPort
from hall.journal.prepared import Prepared
from hall.journal.sealing import Wraps, wrap
from sync.access import ChildAccess
from sync.wire import WrapItem, wrap_item

_k, _t = schema.dossier_key.c, schema.record.c
_KEYS_OF_OTHERS = Prepared(
    lambda: (
        select(_k.dossier, _k.data_key)
        .join(schema.record, _t.dossier == _k.dossier)
        .where(
            _k.dossier.in_(bindparam("dossiers", expanding=True)), _k.data_key.is_not(None), _t.n == 1,
            _t.origin.not_in(bindparam("below", expanding=True)),
        )
    )
)  # fmt: skip
"""Of dossiers that were opened elsewhere than by one of these machines."""


def wraps_told(store: JournalPort, child: ChildAccess, items: Sequence[WrapItem]) -> list[WrapItem]:
    """As the child's hall can open them."""
    public = child.hall_public
    if public is None or not items:
        return list(items)
    with store.read() as conn:
        asked = {"dossiers": [item.dossier for item in items], "below": list(child.subtree)}
        keys = {dossier: bytes(key) for dossier, key in _KEYS_OF_OTHERS.all(conn, **asked)}
    return [
        wrap_item(item.dossier, Wraps(wrap(public, keys[item.dossier]), item.wraps().centre))
        if item.dossier in keys
        else item
        for item in items
    ]
