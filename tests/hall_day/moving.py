"""Dossiers moving between machines, by hand."""

from collections.abc import Callable

from sqlalchemy import select

from hall.journal import schema
from hall.journal.facts import DossierMoved
from tests.hall.builders import (
    Machine,
    carry,
    fresh,
)

Maker = Callable[..., Machine]


def move(owner: Machine, to: Machine, *dossiers: str) -> None:
    """The owner answers a claim, and the answer arrives."""
    for dossier in dossiers:
        owner.append(dossier, DossierMoved(to.id, fresh("ask")))
    carry(owner, to)


def owner_of(m: Machine, dossier: str) -> str:
    row = m.held(dossier)
    assert row is not None
    return row.owner


def late_of(m: Machine, dossier: str) -> dict[str, str]:
    """Late records of a dossier by type: their ids."""
    t, late = schema.record.c, schema.late.c
    with m.store.read() as conn:
        rows = conn.execute(
            select(t.type, t.id).join(schema.late, late.id == t.id).where(late.dossier == dossier)
        )
        return {row.type.partition("/")[0]: row.id for row in rows}
