"""What the records of a case say that no table keeps: who checked which page, and which gave way to others."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from hall.intake import events as ev
from hall.intake.model import CheckResult
from hall.journal import envelope
from hall.journal.schema import record

_COUNTED = ("accepted", "adopted")


@dataclass(frozen=True, slots=True)
class Check:
    """The last time somebody found a material right."""

    actor: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class PageHistory:
    checks: dict[str, Check]
    """By page: the last check of its material that found it there. A page that came later has none."""
    replaced: frozenset[str]
    """Pages that were there when a correction was asked for, of materials that it brought again."""
    corrected: dict[str, date]
    """Pages that a correction brought, and the day on which it was taken in."""


def page_history(conn: Connection, case_id: str) -> PageHistory:
    """In the order of the dossier; clocks of several machines do not decide."""
    t = record.c
    rows = conn.scalars(
        select(t.raw).where(t.dossier == case_id, t.verdict.in_(_COUNTED)).order_by(t.n, t.pos)
    )
    checks: dict[str, Check] = {}
    pages: dict[str, list[str]] = {}
    objected: dict[str, tuple[str, ...]] = {}
    replaced: set[str] = set()
    brought: list[str] = []
    corrected: dict[str, date] = {}
    for raw in rows:
        env = envelope.parse(bytes(raw))
        material = str(env.data.get("material", ""))
        if env.type_name == ev.CorrectionIssued.TYPE:
            objected = {m: tuple(found) for m, found in pages.items()}
        elif env.type_name == ev.MaterialChecked.TYPE and env.data.get("result") == CheckResult.OK.value:
            checks.update(dict.fromkeys(pages.get(material, ()), Check(env.actor, env.wall_ms)))
        elif env.type_name == ev.PageAttached.TYPE:
            pages.setdefault(material, []).append(str(env.data.get("page", "")))
            if str(env.data.get("device", "")).startswith(ev.FROM_ERRAND):
                replaced.update(objected.get(material, ()))
                brought.append(str(env.data.get("page", "")))
        elif env.type_name == ev.CorrectionReturned.TYPE:
            day = date.fromisoformat(str(env.data.get("returned_on")))
            corrected.update((page, day) for page in brought if page not in corrected)
        elif env.type_name == ev.ErrandAnswered.TYPE:
            # pages that another kind of errand brought (容缺补交) correct nothing
            brought.clear()
    return PageHistory(checks, frozenset(replaced), corrected)


def errand_counted_from(conn: Connection, errand: str) -> date | None:
    """The day from which limits run; None where it is the day on which it was handed in."""
    t = record.c
    query = select(t.raw).where(
        t.dossier == errand, t.type == ev.ErrandHandedIn.TYPE, t.verdict.in_(_COUNTED)
    )
    raw = conn.scalar(query.order_by(t.n).limit(1))
    day = None if raw is None else envelope.parse(bytes(raw)).data.get("counted_from")
    return date.fromisoformat(day) if isinstance(day, str) else None
