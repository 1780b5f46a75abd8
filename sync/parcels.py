"""What an owner handed over in a claim and then lost with its disk, given back by who took it.

The owner's signature covers the move and every record of the parcel, so it takes back exactly these bytes, though
the chain that they stand in may have holes by now.
"""

import base64
from collections.abc import Collection, Container, Mapping

from sqlalchemy import Connection

from hall.journal import envelope
from hall.journal.codec import BadEvent, join
from hall.journal.envelope import BadRecord
from hall.journal.facts import ClaimAnswered
from hall.journal.ledger import Ledger
from hall.journal.rows import NAMED_AMONG, RECORD_NAMED
from sync import claims, outbox, rows, signing
from sync.returned_keys import keep_keys
from sync.signing import BadSignature, Public
from sync.wire import BadBody, ParcelBody, record_bytes, record_text

MOST_AT_ONCE = 200
"""Parcels after one hello; the parent says hello again until none is left."""


def wanted(conn: Connection, me: str, takers: Collection[str], but: Container[str]) -> list[str]:
    """The owner's side: receipts of these machines for what it has signed and has not, by their record's id."""
    found = []
    for record_id, raw in rows.CLAIMS_TAKEN.all(conn, takers=list(takers)):
        noted = None if record_id in but else _noted(bytes(raw))
        if noted is not None and noted.signer == me and _lacks(conn, noted):
            found.append(record_id)
    return found[:MOST_AT_ONCE]


def _lacks(conn: Connection, noted: ClaimAnswered) -> bool:
    names = list(noted.records)
    here = {name for (name,) in NAMED_AMONG.all(conn, ids=names)} if names else set()
    return not here.issuperset(names)


def owed(conn: Connection, receipt: str) -> ParcelBody | None:
    """The taker's side: the parcel of this receipt; None when it is not here as it was signed."""
    raw = RECORD_NAMED.scalar(conn, id=receipt)
    noted = None if raw is None else _noted(bytes(raw))
    if noted is None:
        return None
    raws = [RECORD_NAMED.scalar(conn, id=name) for name in noted.records]
    if any(found is None for found in raws):
        return None
    return ParcelBody(
        signer=noted.signer,
        ask=noted.ask,
        dossier=noted.dossier,
        moved=noted.moved,
        signature=noted.signature,
        records=[record_text(bytes(found)) for found in raws],
        wraps=outbox.wraps_for(conn, [noted.dossier]),
    )


def _noted(raw: bytes) -> ClaimAnswered | None:
    try:
        noted = join(ClaimAnswered, envelope.parse(raw).data, {})
    except (BadEvent, BadRecord):
        return None
    return noted if isinstance(noted, ClaimAnswered) else None


def take_back(ledger: Ledger, body: ParcelBody, signers: Mapping[str, Public], source: str) -> None:
    """The restored owner's side. Raises BadBody for what neither it nor its peer has signed; then nothing is stored."""
    public = signers.get(body.signer)
    if public is None:
        raise BadBody("signer")
    raws = [record_bytes(text) for text in body.records]
    digest = claims.parcel_digest(raws)
    said = claims.statement(body.ask, body.dossier, body.signer, body.moved.encode(), digest)
    try:
        signing.verify_bytes(public, base64.b64decode(body.signature), said)
    except BadSignature as exc:
        raise BadBody("parcel") from exc
    ledger.admit_guarded()
    keep_keys(ledger, [item for item in body.wraps if item.dossier == body.dossier], raws)
    for raw in raws:
        ledger.admit(raw, source)
    ledger.admit(body.moved.encode(), source)
