"""Rows of results."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Connection, Index, Integer, Table, Text

from hall.delivery import events as ev
from hall.delivery.model import DeliveryState
from hall.intake.model import CaseAct
from hall.intake.projecting import advance_case, note_act
from hall.journal.envelope import Envelope
from hall.journal.marking import Event
from hall.journal.projection import Projector
from hall.journal.schema import metadata
from hall.journal.table_rows import change, put

delivery = Table(
    "delivery",
    metadata,
    Column("dossier", Text, primary_key=True),
    Column("case_dossier", Text, nullable=False),
    Column("case_no", Text, nullable=False),
    Column("department", Text, nullable=False),
    Column("item_id", Text, nullable=False),
    Column("item_name", Text, nullable=False),
    Column("result_name", Text, nullable=False),
    Column("granted", Boolean, nullable=False),
    Column("decision_no", Text),
    Column("sample", Boolean, nullable=False),
    Column("applicant_name", Text),
    Column("applicant_cert_no", Text),
    Column("agent_name", Text),
    Column("agent_cert_no", Text),
    Column("phone", Text),
    Column("state", Text, nullable=False),
    Column("place", Text),
    Column("checked", Boolean, nullable=False),
    Column("channel", Text),
    Column("handed_on", Text),
    Column("window", Integer),
    Column("staff", Text),
    Column("receiver_name", Text),
    Column("receiver_cert_no", Text),
    Column("as_agent", Boolean),
    Column("document_no", Text),
    Column("result_no", Text),
    Column("signature", Text),
    Column("box", Text),
    Column("waybill", Text),
    Column("opened_ms", BigInteger, nullable=False),
    Column("changed_ms", BigInteger, nullable=False),
    Index("ix_delivery_case", "case_dossier"),
    Index("ix_delivery_state", "state"),
    Index("ix_delivery_no", "case_no"),
)

DELIVERY_TABLES = (delivery,)


def _opened(conn: Connection, env: Envelope, e: ev.DeliveryOpened) -> None:
    put(
        conn, delivery,
        dossier=env.dossier, case_dossier=e.case, case_no=e.case_no, department=e.department,
        item_id=e.item_id, item_name=e.item_name, result_name=e.result_name, granted=e.granted,
        decision_no=e.decision_no, sample=e.sample, applicant_name=e.applicant_name,
        applicant_cert_no=e.applicant_cert_no, agent_name=e.agent_name, agent_cert_no=e.agent_cert_no,
        phone=e.phone, state=DeliveryState.EXPECTED.value, checked=False, opened_ms=env.wall_ms,
        changed_ms=env.wall_ms,
    )  # fmt: skip


def _set(conn: Connection, env: Envelope, **values: Any) -> None:
    change(conn, delivery, {"dossier": env.dossier}, changed_ms=env.wall_ms, **values)


def _checked(conn: Connection, env: Envelope, e: ev.ReceiverChecked) -> None:
    _set(conn, env, checked=e.matches)


def _proof_issued(conn: Connection, env: Envelope, e: ev.ProofIssued) -> None:
    _set(
        conn, env, handed_on=e.on.isoformat(), window=e.window, staff=e.staff, receiver_name=e.receiver_name,
        receiver_cert_no=e.receiver_cert_no, as_agent=e.as_agent, document_no=e.document_no, result_no=e.result_no,
    )  # fmt: skip


def _handed_over(conn: Connection, env: Envelope, e: ev.HandedOver) -> None:
    _set(
        conn, env, state=DeliveryState.HANDED_OVER.value, channel="window", handed_on=e.on.isoformat(),
        window=e.window, staff=e.staff, receiver_name=e.receiver_name, receiver_cert_no=e.receiver_cert_no,
        as_agent=e.as_agent, document_no=e.document_no, signature=e.signature, result_no=e.result_no,
    )  # fmt: skip


def _to(state: DeliveryState, values: Callable[[Any], dict[str, Any]]) -> Projector:
    def project(conn: Connection, env: Envelope, e: Any) -> None:
        _set(conn, env, state=state.value, **values(e))

    return project


def _result_ready(conn: Connection, env: Envelope, e: ev.ResultIsReady) -> None:
    advance_case(conn, env, CaseAct.RESULT_READY)
    note_act(conn, env, "result_ready", delivery=e.delivery)


def _case_delivered(conn: Connection, env: Envelope, e: ev.CaseDelivered) -> None:
    advance_case(conn, env, CaseAct.DELIVER)
    note_act(conn, env, "delivered", delivery=e.delivery)


_S = DeliveryState
DELIVERY_PROJECTORS: tuple[tuple[type[Event], Projector], ...] = (
    (ev.DeliveryOpened, _opened),
    (ev.ResultArrived, _to(_S.ARRIVED, lambda e: {"place": e.place, "result_no": e.result_no})),
    (ev.ResultReady, _to(_S.READY, lambda e: {})),
    (ev.ReceiverChecked, _checked),
    (ev.ProofIssued, _proof_issued),
    (ev.HandedOver, _handed_over),
    (ev.PutInLocker, _to(_S.IN_LOCKER, lambda e: {"channel": "locker", "box": f"{e.locker}/{e.box}"})),
    (ev.PickedUp, _to(_S.PICKED, lambda e: {})),
    (ev.LockerTimedOut, _to(_S.READY, lambda e: {"box": None, "channel": None})),
    (ev.Packed, _to(_S.PACKED, lambda e: {"channel": "post"})),
    (ev.Mailed, _to(_S.MAILED, lambda e: {"waybill": e.waybill})),
    (ev.MailSigned, _to(_S.SIGNED, lambda e: {})),
    (ev.MailReturned, _to(_S.READY, lambda e: {"channel": None, "waybill": None})),
    (ev.ELicencePublished, _to(_S.PUBLISHED, lambda e: {"channel": "e_licence"})),
    (ev.ResultIsReady, _result_ready),
    (ev.CaseDelivered, _case_delivered),
)
