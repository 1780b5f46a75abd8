"""Cases that may be the same application brought to two halls: the centre, which alone sees both, has a person look."""

from collections.abc import Collection

from sqlalchemy import Connection, and_, select

from hall.intake import commands as cmd
from hall.intake import events as ev
from hall.intake import views
from hall.intake.drafting import SCOPE
from hall.intake.model import CaseState
from hall.intake.tables import case_file
from hall.intake.views import CaseRow
from hall.journal.facts import DossierOffered
from hall.journal.ledger import Ledger, dossier_row

POSSIBLE_DUPLICATE = "possible_duplicate"
_OPEN = tuple(
    s.value
    for s in (
        CaseState.RECEIVED, CaseState.PRECHECK, CaseState.CORRECTION, CaseState.ACCEPTED, CaseState.DISPATCHED,
        CaseState.REVIEWING, CaseState.SUSPENDED,
    )
)  # fmt: skip


def twins(conn: Connection, among: Collection[str] | None = None) -> tuple[tuple[CaseRow, CaseRow], ...]:
    """(later, earlier) of each two open cases of one person and one item in two halls. `among`: only pairs with one
    of these cases.
    """
    one, other = case_file.alias("one"), case_file.alias("other")
    query = (
        select(one.c.dossier.label("one"), other.c.dossier.label("other"))
        .join(
            other,
            and_(
                other.c.cert_no == one.c.cert_no, other.c.item_id == one.c.item_id,
                other.c.dossier != one.c.dossier,
            ),
        )
        .where(one.c.state.in_(_OPEN), other.c.state.in_(_OPEN), one.c.received_on.is_not(None))
    )  # fmt: skip
    if among is None:
        query = query.where(one.c.dossier < other.c.dossier)
    else:
        query = query.where(one.c.dossier.in_(among))
    found: dict[tuple[str, str], tuple[CaseRow, CaseRow]] = {}
    for row in conn.execute(query).all():
        pair = [views.case_by_id(conn, row.one), views.case_by_id(conn, row.other)]
        cases = sorted((c for c in pair if c is not None), key=lambda c: (str(c.received_on), c.case_no))
        if len(cases) == 2 and cases[0].case_no[:6] != cases[1].case_no[:6]:
            found[cases[1].id, cases[0].id] = (cases[1], cases[0])
    return tuple(found.values())


def raise_duplicate(ledger: Ledger, c: cmd.RaiseDuplicate) -> None:
    """An errand to whoever owns the later case: a person there finds out, and answers it. Once for each pair."""
    if dossier_row(ledger.conn, c.errand) is not None:
        return
    ledger.open(c.errand, "errand", scope=SCOPE, actor=c.actor)
    opened = ev.ErrandOpened(POSSIBLE_DUPLICATE, c.case_no, c.case, None, c.actor, None, None)
    ledger.append(c.errand, opened, actor=c.actor)
    ledger.append(c.errand, ev.ErrandHandedIn(c.business_day, c.actor, c.why), actor=c.actor)
    if c.to is not None:
        # in one commit: a hall that reads its feed between the two would pass over the records before the offer
        ledger.append(c.errand, DossierOffered(c.to), actor=c.actor)
