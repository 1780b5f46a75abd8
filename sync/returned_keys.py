"""Keys that a child gives back beside records which this machine has signed and lost: nobody has signed the keys."""

from collections.abc import Collection, Iterable

from hall.journal.envelope import Envelope
from hall.journal.ledger import Ledger, parsed
from sync.wire import WrapItem


def keep_keys(ledger: Ledger, items: Iterable[WrapItem], raws: Collection[bytes]) -> None:
    """Of these dossiers' keys those that open what is sealed in `raws`, as far as this machine can tell. An erased one
    comes with the record that erases. Raises BadBody.
    """
    sealed: dict[str, Envelope] = {}
    for env in parsed(raws).values():
        if isinstance(env, Envelope) and env.enc:
            sealed.setdefault(env.dossier, env)
    for item in items:
        wraps = item.wraps()
        its = sealed.get(item.dossier)
        if (wraps.hall or wraps.centre) and (its is None or ledger.fits(wraps, its)):
            ledger.put_wraps(item.dossier, wraps)
