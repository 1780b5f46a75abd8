"""Special procedures and extensions; the case's own row is moved on by intake's projection."""

from sqlalchemy import BigInteger, Column, Connection, Index, Integer, Table, Text

from hall.intake.model import CaseAct
from hall.intake.projecting import advance_case, note_act
from hall.journal.envelope import Envelope
from hall.journal.marking import Event
from hall.journal.projection import Projector
from hall.journal.schema import metadata
from hall.journal.table_rows import change, put
from hall.review import events as ev

special = Table(
    "special_procedure",
    metadata,
    Column("record", Text, primary_key=True),
    Column("dossier", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("need_days", Integer, nullable=False),
    Column("started_on", Text, nullable=False),
    Column("ended_on", Text),
    Column("result", Text),
    Column("document_no", Text),
    Index("ix_special_case", "dossier"),
)

extension = Table(
    "extension",
    metadata,
    Column("record", Text, primary_key=True),
    Column("dossier", Text, nullable=False),
    Column("days", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("approver", Text, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Index("ix_extension_case", "dossier"),
)

REVIEW_TABLES = (special, extension)


def _dispatched(conn: Connection, env: Envelope, e: ev.CaseDispatched) -> None:
    advance_case(conn, env, CaseAct.DISPATCH, desk=e.desk)
    note_act(conn, env, "dispatched", desk=e.desk, department=e.department)


def _taken(conn: Connection, env: Envelope, e: ev.CaseTaken) -> None:
    advance_case(conn, env, CaseAct.TAKE, officer=e.officer)
    note_act(conn, env, "taken", desk=e.desk, officer=e.officer)


def _sent_back(conn: Connection, env: Envelope, e: ev.CaseSentBack) -> None:
    advance_case(conn, env, CaseAct.SEND_BACK, officer=None)
    note_act(conn, env, "sent_back", reason=e.reason)


def _step(conn: Connection, env: Envelope, e: ev.StepRecorded) -> None:
    note_act(conn, env, "step", name=e.name, action=e.action, opinion=e.opinion)


def _special_started(conn: Connection, env: Envelope, e: ev.SpecialStarted) -> None:
    advance_case(conn, env, CaseAct.SUSPEND)
    put(
        conn, special,
        record=env.id, dossier=env.dossier, kind=e.kind, reason=e.reason, need_days=e.need_days,
        started_on=e.on.isoformat(), document_no=e.document_no,
    )  # fmt: skip
    note_act(
        conn, env, "special_started", on_day=e.on.isoformat(), document_no=e.document_no, kind_of=e.kind,
        reason=e.reason, need_days=e.need_days,
    )  # fmt: skip


def _special_ended(conn: Connection, env: Envelope, e: ev.SpecialEnded) -> None:
    advance_case(conn, env, CaseAct.RESUME)
    change(
        conn, special, {"dossier": env.dossier, "ended_on": None}, ended_on=e.on.isoformat(), result=e.result
    )
    note_act(conn, env, "special_ended", on_day=e.on.isoformat(), result=e.result)


def _extended(conn: Connection, env: Envelope, e: ev.LimitExtended) -> None:
    advance_case(conn, env, CaseAct.EXTEND, due=e.due.isoformat())
    put(
        conn, extension,
        record=env.id, dossier=env.dossier, days=e.days, reason=e.reason, approver=e.approver,
        at_ms=env.wall_ms,
    )  # fmt: skip
    note_act(
        conn, env, "extended", document_no=e.document_no, days=e.days, reason=e.reason, approver=e.approver
    )


def _sent_up(conn: Connection, env: Envelope, e: ev.CaseSentUp) -> None:
    advance_case(conn, env, CaseAct.SEND_UP, closed_on=e.on.isoformat())
    note_act(conn, env, "sent_up", on_day=e.on.isoformat(), to=e.to)


def _decided(conn: Connection, env: Envelope, e: ev.CaseDecided) -> None:
    what = CaseAct.GRANT if e.granted else CaseAct.DENY
    day = e.on.isoformat()
    advance_case(conn, env, what, decided_on=day, closed_on=day, officer=e.officer)
    note_act(
        conn, env, "granted" if e.granted else "denied", on_day=day, document_no=e.document_no,
        in_name_of=e.in_name_of, reason=e.reason, result=e.result_name, valid_to=e.valid_to,
        at_window=e.at_window,
    )  # fmt: skip


REVIEW_PROJECTORS: tuple[tuple[type[Event], Projector], ...] = (
    (ev.CaseDispatched, _dispatched),
    (ev.CaseTaken, _taken),
    (ev.CaseSentBack, _sent_back),
    (ev.StepRecorded, _step),
    (ev.SpecialStarted, _special_started),
    (ev.SpecialEnded, _special_ended),
    (ev.LimitExtended, _extended),
    (ev.CaseSentUp, _sent_up),
    (ev.CaseDecided, _decided),
)
