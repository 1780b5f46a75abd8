"""The one correction round of a package: who holds the package files what the departments say in their own cases."""

from sqlalchemy import Connection, select

from hall.intake import commands as cmd
from hall.intake import packages
from hall.intake.model import CaseState
from hall.intake.tables import act, case_file, package_case, package_child
from hall.journal import schema
from hall.journal.refusal import Refusal
from hall.journal.store import Store


def file_opinions(store: Store) -> int:
    """Returns how many were filed. Raises StoreFault. What comes after the round was closed stays out of it."""
    with store.read() as conn:
        commands = _waiting(conn, store.identity.node_id)
    filed = 0
    for command in commands:
        try:
            filed += 0 if store.handle(command, packages.file_defects).replayed else 1
        except Refusal:
            # the lead was quicker, or the package has just gone elsewhere
            continue
    return filed


def _waiting(conn: Connection, me: str) -> list[cmd.FilePackageDefects]:
    d, k = schema.dossier.c, package_child.c
    query = (
        select(k.dossier, k.case_dossier, k.department)
        .join(package_case, package_case.c.dossier == k.dossier)
        .join(schema.dossier, d.id == k.dossier)
        .join(case_file, case_file.c.dossier == k.case_dossier)
        .join(act, act.c.dossier == k.case_dossier)
        .where(
            # few are in this state; most packages never have a round
            case_file.c.state == CaseState.PRECHECK.value,
            d.owner == me,
            package_case.c.round_closed_on.is_(None),
            ~k.filed,
            act.c.kind == "round_opinion",
        )
    )
    found = []
    for row in conn.execute(query).all():
        opinion = packages.opinion_of(conn, row.case_dossier)
        if opinion is not None:
            officer, defects = opinion
            found.append(
                cmd.FilePackageDefects(
                    f"opinion-{row.dossier}-{row.case_dossier}", row.dossier, row.case_dossier, row.department,
                    defects, officer,
                )
            )  # fmt: skip
    return found
