"""The correction round of a package as the page of one child shows it."""

from dataclasses import dataclass

from sqlalchemy import Connection

from hall.intake import packages
from hall.intake import views as intake
from hall.intake.views import CaseRow


@dataclass(frozen=True, slots=True)
class RoundLine:
    item: str
    department: str
    told: str
    """What it has said so far."""


@dataclass(frozen=True, slots=True)
class Round:
    name: str
    lead: str
    closed: bool
    lines: tuple[RoundLine, ...]
    acts: frozenset[str]
    """Of "opinion", "close_round", "correct": what the round leaves to do for this child here."""


def round_of(conn: Connection, row: CaseRow, me: str, *, own: bool) -> Round | None:
    """None for a case of no package. `own`: the words of others are shown to who works on it only."""
    package = intake.package_of_case(conn, row.id)
    if package is None:
        return None
    lines, mine = [], None
    for child in package.children:
        opinion = packages.opinion_of(conn, child.case)
        if child.case == row.id:
            mine = opinion
        words = "；".join(line.text for line in opinion[1]) if opinion else ""
        told = (
            "尚未提交" if opinion is None else (words if own and words else "有意见" if words else "没有意见")
        )
        lines.append(RoundLine(child.item_name, child.department, told))
    acts = set()
    if package.round_closed_on is not None:
        acts.add("correct")
    else:
        if mine is None:
            acts.add("opinion")
        if package.owner == me and package.lead == row.department:
            acts.add("close_round")
    return Round(
        package.name, package.lead, package.round_closed_on is not None, tuple(lines), frozenset(acts)
    )
