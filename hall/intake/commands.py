"""What clerks and officers ask of a case before its review."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from hall.intake.events import Answer, DefectLine, ItemFacts, RequiredMaterial
from hall.intake.model import AcceptMode, CheckResult
from hall.intake.package_events import PackageChild
from hall.journal.typed_text import ADDRESS, DEFECT, LONG_NAME, NAME, NOTE, NUMBER, OPINION, PHONE, SHORT


@dataclass(frozen=True, slots=True)
class OpenCase:
    command_id: str
    case: str
    """Dossier id, chosen by the caller."""
    division: str
    hall_no: int
    device_no: int
    item: ItemFacts
    materials: tuple[RequiredMaterial, ...]
    """List before any answer; empty while questions are open."""
    intake_mode: str
    ticket: str | None
    session: str | None
    window: int | None
    staff: str
    business_day: date
    channel: str = "counter"
    package: str | None = None


@dataclass(frozen=True, slots=True)
class SetApplicant:
    command_id: str
    case: str
    kind: str
    source: str
    cert_type: str
    name: Annotated[str, NAME]
    cert_no: Annotated[str, NUMBER]
    phone: Annotated[str, PHONE]
    address: Annotated[str, ADDRESS]
    legal_representative: Annotated[str, NAME]
    agent_name: Annotated[str, NAME]
    agent_cert_no: Annotated[str, NUMBER]
    agent_phone: Annotated[str, PHONE]
    agent_relation: Annotated[str, SHORT]
    mandate: bool
    staff: str


@dataclass(frozen=True, slots=True)
class AnswerScenario:
    command_id: str
    case: str
    answers: tuple[Answer, ...]
    materials: tuple[RequiredMaterial, ...]
    staff: str


@dataclass(frozen=True, slots=True)
class PresentMaterial:
    command_id: str
    case: str
    material: str
    form: str
    copies: int
    original_place: str
    staff: str


@dataclass(frozen=True, slots=True)
class CheckMaterial:
    command_id: str
    case: str
    material: str
    result: CheckResult
    defect: Annotated[str, DEFECT]
    staff: str


@dataclass(frozen=True, slots=True)
class PageFacts:
    """A captured page whose sealed bytes are already in the blob store."""

    page: str
    image: str
    plain_sha256: str
    width_px: int
    height_px: int
    dpi: int
    device: str


@dataclass(frozen=True, slots=True)
class AttachPage:
    command_id: str
    case: str
    material: str
    page: PageFacts
    staff: str


@dataclass(frozen=True, slots=True)
class RemovePage:
    command_id: str
    case: str
    material: str
    page: str
    staff: str


@dataclass(frozen=True, slots=True)
class OrderPages:
    command_id: str
    case: str
    material: str
    pages: tuple[str, ...]
    staff: str


@dataclass(frozen=True, slots=True)
class ReceiveCase:
    command_id: str
    case: str
    window: int | None
    staff: str
    business_day: date
    counted_from: date


@dataclass(frozen=True, slots=True)
class AskPrecheck:
    command_id: str
    case: str
    staff: str


@dataclass(frozen=True, slots=True)
class PassPrecheck:
    command_id: str
    case: str
    officer: str
    note: Annotated[str, OPINION]


@dataclass(frozen=True, slots=True)
class AcceptCase:
    command_id: str
    case: str
    mode: AcceptMode
    window: int | None
    staff: str
    business_day: date
    document_no: str | None


@dataclass(frozen=True, slots=True)
class IssueCorrection:
    command_id: str
    case: str
    defects: tuple[DefectLine, ...]
    window: int | None
    staff: str
    business_day: date
    document_no: str | None
    supervisor: str | None = None
    supervisor_reason: Annotated[str | None, NOTE] = None
    as_department: bool = False
    """Issued by the department's own officer: the organ itself, no authorisation needed."""


@dataclass(frozen=True, slots=True)
class RefuseCase:
    command_id: str
    case: str
    unneeded: bool
    reason: Annotated[str, OPINION]
    competent_organ: Annotated[str | None, LONG_NAME]
    window: int | None
    staff: str
    business_day: date
    document_no: str | None
    as_department: bool = False


@dataclass(frozen=True, slots=True)
class WithdrawCase:
    command_id: str
    case: str
    errand: str | None
    reason: Annotated[str, NOTE]
    actor: str
    business_day: date


@dataclass(frozen=True, slots=True)
class TerminateCase:
    command_id: str
    case: str
    why: Annotated[str, NOTE]
    actor: str
    business_day: date


@dataclass(frozen=True, slots=True)
class VoidCase:
    command_id: str
    case: str
    supervisor: str
    reason: Annotated[str, NOTE]


@dataclass(frozen=True, slots=True)
class OpenErrand:
    command_id: str
    errand: str
    kind: str
    case_no: str
    window: int | None
    staff: str
    ticket: str | None
    session: str | None


@dataclass(frozen=True, slots=True)
class AttachErrandPage:
    command_id: str
    errand: str
    material: str
    page: PageFacts
    staff: str


@dataclass(frozen=True, slots=True)
class RemoveErrandPage:
    command_id: str
    errand: str
    material: str
    page: str
    staff: str


@dataclass(frozen=True, slots=True)
class OrderErrandPages:
    command_id: str
    errand: str
    material: str
    pages: tuple[str, ...]
    staff: str


@dataclass(frozen=True, slots=True)
class HandInErrand:
    command_id: str
    errand: str
    staff: str
    business_day: date
    reason: Annotated[str, NOTE] = ""
    counted_from: date | None = None
    """As filing_day tells it; None: the business day itself."""


@dataclass(frozen=True, slots=True)
class TakeErrand:
    """By the owner of the case, which also owns the errand by then."""

    command_id: str
    errand: str
    actor: str
    business_day: date
    granted: bool = True
    why: Annotated[str, OPINION] = ""


@dataclass(frozen=True, slots=True)
class OpenPackage:
    command_id: str
    package: str
    package_no: int
    version: int
    name: str
    lead: str
    children: tuple[PackageChild, ...]
    cases: tuple[OpenCase, ...]
    """One for each child, in the order of the children."""
    answers: tuple[Answer, ...]
    division: str
    hall_no: int
    device_no: int
    business_day: date
    staff: str
    test: bool = False


@dataclass(frozen=True, slots=True)
class OpenMissing:
    """The cases of children that a package names and that were never opened."""

    command_id: str
    package: str
    cases: tuple[OpenCase, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A draft child that the answers make needless."""

    case: str
    answers: tuple[Answer, ...]
    why: Annotated[str, NOTE]


@dataclass(frozen=True, slots=True)
class ReceivePackage:
    """收件 of every child that the answers leave in. Kept and left out together name every draft child; what was
    received before stays as it is and is in neither."""

    command_id: str
    package: str
    kept: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    window: int | None
    staff: str
    business_day: date
    counted_from: date


@dataclass(frozen=True, slots=True)
class GiveOpinion:
    """By the department that holds a child. No defects: it has none."""

    command_id: str
    case: str
    defects: tuple[DefectLine, ...]
    officer: str


@dataclass(frozen=True, slots=True)
class FilePackageDefects:
    command_id: str
    package: str
    case: str
    department: str
    defects: tuple[DefectLine, ...]
    officer: str


@dataclass(frozen=True, slots=True)
class ClosePackageRound:
    command_id: str
    package: str
    lead_officer: str
    document_no: str | None
    business_day: date


@dataclass(frozen=True, slots=True)
class BeginPrint:
    command_id: str
    paper: str
    actor: str


@dataclass(frozen=True, slots=True)
class RecordPrint:
    command_id: str
    paper: str
    result: str
    actor: str


@dataclass(frozen=True, slots=True)
class DrawNumber:
    """Take the next document number of a series; only at a machine that owns series (node, centre)."""

    command_id: str
    organ: str
    """机关代字."""
    kind: str
    """文种字, e.g. 受字."""
    year: int
    for_case: str
    actor: str


@dataclass(frozen=True, slots=True)
class RaiseDuplicate:
    """Given by the centre: this person has the same in hand in another hall. `to`: the hall's node, if not here."""

    command_id: str
    errand: str
    case: str
    case_no: str
    why: str
    business_day: date
    actor: str
    to: str | None
