"""A case that an officer of the centre asked for has come: 接件 is done in that officer's name."""

import logging

from sqlalchemy import Connection, delete, select

from hall.intake.model import CaseState
from hall.intake.tables import case_file
from hall.journal import schema
from hall.journal.refusal import Refusal
from hall.journal.store import Store
from hall.review import commands as cmd
from hall.review import handlers as review
from server_app.accounts.manage import accounts
from sync.claims import HALL_ACTOR

log = logging.getLogger(__name__)


def take_arrived(store: Store) -> int:
    """Returns how many were taken. Safe to repeat: the command is named after the ask."""
    taken = 0
    with store.read() as conn:
        waiting = _arrived(conn, store.identity.node_id)
        desks = {a.officer.id: a.officer.desks for a in accounts(conn) if a.active} if waiting else {}
    for ask, case, desk, officer in waiting:
        if desk not in desks.get(officer, ()):
            # asked long ago, when it lay with another department or they still worked here
            log.warning("ask %s is struck out: its officer is not of %s now", ask, desk)
            _strike_out(store, ask)
            continue
        command = cmd.TakeCase(f"take-{ask}", case, desk, officer)
        try:
            taken += 0 if store.handle(command, review.take_case).replayed else 1
        except Refusal as exc:
            # withdrawn or stopped on its way: the list shows what it is now
            log.info("an asked case was not taken: %s", exc.code)
    return taken


def _strike_out(store: Store, ask: str) -> None:
    """The row goes: an ask that has merely been answered is closed too, and is still to be acted on."""
    gone = delete(schema.ask).where(schema.ask.c.id == ask)
    store.write(lambda ledger: ledger.conn.execute(gone))


def _arrived(conn: Connection, me: str) -> list[tuple[str, str, str, str]]:
    a, d, c = schema.ask.c, schema.dossier.c, case_file.c
    query = (
        select(a.id, a.dossier, c.desk, a.actor)
        .join(schema.dossier, d.id == a.dossier)
        .join(case_file, c.dossier == a.dossier)
        .where(
            a.asker == me, a.actor != HALL_ACTOR, d.owner == me, d.offered_to.is_(None),
            c.state == CaseState.DISPATCHED.value,
        )
        .order_by(a.id)
    )  # fmt: skip
    return [(row.id, row.dossier, row.desk, row.actor) for row in conn.execute(query)]
