"""Records carried by hand from one store to another."""

from sqlalchemy import select

from hall.journal import schema
from hall.journal.admission import Verdict
from hall.journal.kernel import DossierRow, dossier_row
from hall.journal.ledger import Ledger
from hall.journal.sealing import Wraps
from hall.journal.store import Store
from tests.hall.journal.world import NoteWritten, note


def raws(store: Store, *, origin: str | None = None) -> list[bytes]:
    t = schema.record.c
    query = select(t.raw).order_by(t.pos)
    if origin is not None:
        query = query.where(t.origin == origin)
    with store.read() as conn:
        return [bytes(raw) for raw in conn.scalars(query)]


def carry(source: Store, target: Store, records: list[bytes] | None = None) -> list[Verdict]:
    """Wraps first, then the records, in one transaction."""
    with source.read() as conn:
        wraps = conn.execute(select(schema.dossier_key)).all()

    def work(ledger: Ledger) -> list[Verdict]:
        for row in wraps:
            ledger.put_wraps(row.dossier, Wraps(bytes(row.wrap_hall), bytes(row.wrap_centre)))
        return [ledger.admit(raw, source.identity.node_id) for raw in todo]

    todo = raws(source) if records is None else records
    return target.write(work)


def open_dossier(store: Store, dossier: str, *words: str) -> None:
    def work(ledger: Ledger) -> None:
        ledger.open(dossier, "case", scope="case", actor="w1")
        for text in words:
            ledger.append(dossier, NoteWritten(text, name="阿依古丽"), actor="w1")

    store.write(work)


def append(store: Store, dossier: str, event: object) -> None:
    store.write(lambda ledger: ledger.append(dossier, event, actor="w1"))


def held(store: Store, dossier: str) -> DossierRow | None:
    with store.read() as conn:
        return dossier_row(conn, dossier)


def notes(store: Store, dossier: str) -> list[str]:
    with store.read() as conn:
        return sorted(conn.scalars(select(note.c.words).where(note.c.dossier == dossier)))


def verdicts(store: Store) -> list[str]:
    with store.read() as conn:
        return list(conn.scalars(select(schema.record.c.verdict).order_by(schema.record.c.pos)))


def quarantined(store: Store) -> list[str]:
    with store.read() as conn:
        return list(conn.scalars(select(schema.quarantine.c.code).order_by(schema.quarantine.c.no)))
