"""What screens read about ratings. Nothing here tells a clerk how they were rated."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, RowMapping, func, select

from hall.feedback.model import RatingState, RectificationState
from hall.feedback.tables import rating, rectification
from hall.journal.schema import dossier


@dataclass(frozen=True, slots=True)
class RatingRow:
    id: str
    session: str
    service_no: int
    service_name: str
    ticket: str | None
    number: str | None
    case: str | None
    case_no: str | None
    window: int | None
    staff: str | None
    business_day: date
    state: RatingState
    level: int | None
    reasons: tuple[str, ...]
    channel: str | None
    requested_ms: int
    ended_ms: int | None
    owner: str


@dataclass(frozen=True, slots=True)
class RectificationRow:
    id: str
    rating: str
    case_no: str | None
    window: int | None
    verify_by: date
    state: RectificationState


_ALL = select(rating, dossier.c.owner).join(dossier, dossier.c.id == rating.c.dossier)


def _row(r: RowMapping) -> RatingRow:
    return RatingRow(
        r["dossier"], r["session"], r["service_no"], r["service_name"], r["ticket"], r["number"],
        r["case_dossier"], r["case_no"], r["window"], r["staff"], date.fromisoformat(r["business_day"]),
        RatingState(r["state"]), r["level"], tuple((r["reasons"] or "").split()), r["channel"],
        r["requested_ms"], r["ended_ms"], r["owner"],
    )  # fmt: skip


def rating_by_id(conn: Connection, rating_id: str) -> RatingRow | None:
    r = conn.execute(_ALL.where(rating.c.dossier == rating_id)).mappings().first()
    return None if r is None else _row(r)


def rating_of_service(conn: Connection, session: str, service_no: int) -> RatingRow | None:
    query = _ALL.where(rating.c.session == session, rating.c.service_no == service_no)
    r = conn.execute(query).mappings().first()
    return None if r is None else _row(r)


def ratings_of_session(conn: Connection, session: str) -> tuple[RatingRow, ...]:
    query = _ALL.where(rating.c.session == session).order_by(rating.c.requested_ms)
    return tuple(_row(r) for r in conn.execute(query).mappings())


def rating_by_case_no(conn: Connection, case_no: str) -> RatingRow | None:
    """The newest rating asked about a case: for late rating at the kiosk."""
    query = _ALL.where(rating.c.case_no == case_no).order_by(rating.c.requested_ms.desc())
    r = conn.execute(query).mappings().first()
    return None if r is None else _row(r)


def rectifications(conn: Connection, rating_id: str | None = None) -> tuple[RectificationRow, ...]:
    query = select(rectification).order_by(rectification.c.changed_ms)
    if rating_id is not None:
        query = query.where(rectification.c.rating == rating_id)
    return tuple(
        RectificationRow(
            r["dossier"], r["rating"], r["case_no"], r["window"], date.fromisoformat(r["verify_by"]),
            RectificationState(r["state"]),
        )
        for r in conn.execute(query).mappings()
    )  # fmt: skip


def counts(conn: Connection, business_day: date) -> dict[int, int]:
    """How many ratings of each level a day has; never by clerk."""
    query = select(rating.c.level, func.count()).where(
        rating.c.business_day == business_day.isoformat(), rating.c.level.is_not(None)
    )
    return {level: n for level, n in conn.execute(query.group_by(rating.c.level))}
