"""Rows of ratings and rectifications."""

from sqlalchemy import BigInteger, Boolean, Column, Connection, Index, Integer, Table, Text

from hall.feedback import events as ev
from hall.feedback.model import RatingState, RectificationState
from hall.journal.envelope import Envelope
from hall.journal.marking import Event
from hall.journal.projection import Projector
from hall.journal.schema import metadata
from hall.journal.table_rows import change, put

rating = Table(
    "rating",
    metadata,
    Column("dossier", Text, primary_key=True),
    Column("session", Text, nullable=False),
    Column("service_no", Integer, nullable=False),
    Column("service_name", Text, nullable=False),
    Column("ticket", Text),
    Column("number", Text),
    Column("case_dossier", Text),
    Column("case_no", Text),
    Column("item_id", Text),
    Column("window", Integer),
    Column("staff", Text),
    Column("business_day", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("level", Integer),
    Column("reasons", Text),
    Column("text", Text),
    Column("channel", Text),
    Column("anonymous", Boolean),
    Column("requested_ms", BigInteger, nullable=False),
    Column("ended_ms", BigInteger),
    Index("ix_rating_service", "session", "service_no"),
    Index("ix_rating_case", "case_dossier"),
    Index("ix_rating_ticket", "ticket"),
)

rectification = Table(
    "rectification",
    metadata,
    Column("dossier", Text, primary_key=True),
    Column("rating", Text, nullable=False),
    Column("case_no", Text),
    Column("window", Integer),
    Column("verify_by", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("note", Text),
    Column("changed_ms", BigInteger, nullable=False),
    Index("ix_rectification_rating", "rating"),
)

FEEDBACK_TABLES = (rating, rectification)


def _requested(conn: Connection, env: Envelope, e: ev.RatingRequested) -> None:
    put(
        conn, rating,
        dossier=env.dossier, session=e.session, service_no=e.service_no, service_name=e.service_name,
        ticket=e.ticket, number=e.number, case_dossier=e.case, case_no=e.case_no, item_id=e.item_id,
        window=e.window, staff=e.staff, business_day=e.business_day.isoformat(),
        state=RatingState.REQUESTED.value, requested_ms=env.wall_ms,
    )  # fmt: skip


def _submitted(conn: Connection, env: Envelope, e: ev.RatingSubmitted) -> None:
    change(
        conn,
        rating,
        {"dossier": env.dossier},
        state=RatingState.SUBMITTED.value,
        level=e.level,
        reasons=" ".join(e.reasons),
        text=e.text,
        channel=e.channel,
        anonymous=e.anonymous,
        ended_ms=env.wall_ms,
    )


def _ended(state: RatingState) -> Projector:
    def project(conn: Connection, env: Envelope, e: object) -> None:
        change(conn, rating, {"dossier": env.dossier}, state=state.value, ended_ms=env.wall_ms)

    return project


def _opened(conn: Connection, env: Envelope, e: ev.RectificationOpened) -> None:
    put(
        conn, rectification,
        dossier=env.dossier, rating=e.rating, case_no=e.case_no, window=e.window,
        verify_by=e.verify_by.isoformat(), state=RectificationState.OPEN.value, changed_ms=env.wall_ms,
    )  # fmt: skip


def _moved(conn: Connection, env: Envelope, e: ev.RectificationMoved) -> None:
    change(conn, rectification, {"dossier": env.dossier}, state=e.to, note=e.note, changed_ms=env.wall_ms)


FEEDBACK_PROJECTORS: tuple[tuple[type[Event], Projector], ...] = (
    (ev.RatingRequested, _requested),
    (ev.RatingSubmitted, _submitted),
    (ev.RatingTimedOut, _ended(RatingState.TIMEOUT)),
    (ev.RatingDeclined, _ended(RatingState.DECLINED)),
    (ev.RectificationOpened, _opened),
    (ev.RectificationMoved, _moved),
)
