"""What the delivery window, the kiosk and the trace read about results."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, RowMapping, func, or_, select

from hall.delivery.model import ENDED, DeliveryState, Document, documents_due
from hall.delivery.tables import delivery
from hall.intake.model import CaseState
from hall.intake.tables import case_file
from hall.journal.schema import dossier


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    id: str
    case: str
    case_no: str
    department: str
    item_id: str
    item_name: str
    result_name: str
    granted: bool
    decision_no: str | None
    sample: bool
    applicant_name: str | None
    applicant_cert_no: str | None
    agent_name: str | None
    agent_cert_no: str | None
    phone: str | None
    state: DeliveryState
    place: str | None
    checked: bool
    handed_on: date | None
    """Date on the 送达回证. Handed over is what `state` says: a proof may wait for its signature."""
    window: int | None
    staff: str | None
    receiver_name: str | None
    as_agent: bool
    document_no: str | None
    result_no: str | None
    """On the result itself, as the clerk read it there; empty where it has none."""
    signature: str | None
    waybill: str | None
    owner: str
    offered_to: str | None
    opened_ms: int
    changed_ms: int

    @property
    def documents(self) -> tuple[Document, ...]:
        """What goes over the counter, and stands on the 送达回证."""
        return documents_due(
            granted=self.granted, decision_no=self.decision_no, result_name=self.result_name,
            result_no=self.result_no,
        )  # fmt: skip


_ALL = select(delivery, dossier.c.owner, dossier.c.offered_to).join(
    dossier, dossier.c.id == delivery.c.dossier
)


def _row(r: RowMapping) -> DeliveryRow:
    return DeliveryRow(
        r["dossier"], r["case_dossier"], r["case_no"], r["department"], r["item_id"], r["item_name"],
        r["result_name"], r["granted"], r["decision_no"], r["sample"], r["applicant_name"],
        r["applicant_cert_no"], r["agent_name"], r["agent_cert_no"], r["phone"], DeliveryState(r["state"]),
        r["place"], r["checked"], None if r["handed_on"] is None else date.fromisoformat(r["handed_on"]),
        r["window"], r["staff"], r["receiver_name"], bool(r["as_agent"]), r["document_no"], r["result_no"],
        r["signature"], r["waybill"], r["owner"], r["offered_to"], r["opened_ms"], r["changed_ms"],
    )  # fmt: skip


def delivery_by_id(conn: Connection, delivery_id: str) -> DeliveryRow | None:
    r = conn.execute(_ALL.where(delivery.c.dossier == delivery_id)).mappings().first()
    return None if r is None else _row(r)


def deliveries_of_case(conn: Connection, case: str) -> tuple[DeliveryRow, ...]:
    return tuple(_row(r) for r in conn.execute(_ALL.where(delivery.c.case_dossier == case)).mappings())


def to_settle(
    conn: Connection, owner: str, cases: tuple[CaseState, ...], results: tuple[DeliveryState, ...]
) -> tuple[tuple[str, str], ...]:
    """(case, result) of every case in these states at `owner` whose result has come this far; one a case."""
    query = (
        select(case_file.c.dossier, func.min(delivery.c.dossier))
        .join(delivery, delivery.c.case_dossier == case_file.c.dossier)
        .join(dossier, dossier.c.id == case_file.c.dossier)
        .where(
            dossier.c.owner == owner,
            case_file.c.state.in_([s.value for s in cases]),
            delivery.c.state.in_([s.value for s in results]),
        )
        .group_by(case_file.c.dossier)
        .order_by(case_file.c.dossier)
    )
    return tuple((case, result) for case, result in conn.execute(query))


def to_hand_out(conn: Connection, text: str = "", limit: int = 50) -> tuple[DeliveryRow, ...]:
    """Results that are not yet with the person, by name, case number or all; newest first."""
    c = delivery.c
    query = _ALL.where(c.state.not_in([s.value for s in ENDED]))
    if text.strip():
        start = text.strip().replace("%", "").replace("_", "") + "%"
        query = query.where(
            or_(c.case_no.like(start), c.applicant_name.like(start), c.applicant_cert_no.like(start))
        )
    rows = conn.execute(query.order_by(c.opened_ms.desc()).limit(limit)).mappings()
    return tuple(_row(r) for r in rows)


def arriving(conn: Connection, owner: str) -> tuple[DeliveryRow, ...]:
    """Results that this machine has taken and not yet counted in."""
    query = _ALL.where(dossier.c.owner == owner, delivery.c.state == DeliveryState.EXPECTED.value)
    return tuple(_row(r) for r in conn.execute(query).mappings())


def ended_at(conn: Connection) -> tuple[DeliveryRow, ...]:
    """Results that are with their persons."""
    query = _ALL.where(delivery.c.state.in_([s.value for s in ENDED]))
    return tuple(_row(r) for r in conn.execute(query).mappings())
