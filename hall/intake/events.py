"""What happened to a case before its review. Scope "case". Personal fields are sealed."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

from hall.identity.identity_paper import IdentityPaper
from hall.intake.model import AcceptMode, CaseType, CheckResult
from hall.journal.marking import blob, personal
from hall.journal.typed_text import DEFECT


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """The item as it stood when the case was opened; a running case keeps it."""

    id: str
    version: int
    name: str
    code: str
    item_type: str  # GB/T 39046 A.1, "01" licence
    case_type: CaseType
    department: str
    desk: str
    """"<department>@node" or "<department>@county"."""
    statutory_n: int | None
    statutory_unit: str
    promised_n: int | None
    promised_unit: str
    result_name: str
    sample: bool
    """示例事项: every paper and screen says so."""


@dataclass(frozen=True, slots=True)
class RequiredMaterial:
    """One line of the exact list that item and answers give."""

    id: str
    name: str
    original_n: int
    copy_n: int
    electronic_ok: bool
    necessary: bool
    tolerable: bool
    waivable: str | None
    review_points: tuple[str, ...]
    shared_by: int = 1
    identity: bool = False
    """An identity paper: its original is never kept."""
    identity_paper: IdentityPaper | None = None
    """Of which kind; None also in lists from before there were kinds."""


@dataclass(frozen=True, slots=True)
class Answer:
    question: str
    option: str


@dataclass(frozen=True, slots=True)
class DefectLine:
    material: str
    text: Annotated[str, DEFECT]
    missing: bool | None = None
    """Never handed in, so that the notice asks for it; None where nothing was noted (older records, 其他)."""


@dataclass(frozen=True, slots=True)
class CaseOpened:
    TYPE: ClassVar[str] = "case.opened/1"
    case_no: str
    item: ItemFacts
    channel: str  # "counter", "kiosk", "online"
    intake_mode: str
    ticket: str | None
    session: str | None
    window: int | None
    staff: str
    business_day: date
    package: str | None = None
    """Dossier id of the package case that it belongs to."""


@dataclass(frozen=True, slots=True)
class ApplicantSet:
    TYPE: ClassVar[str] = "case.applicant_set/1"
    kind: str  # "person" or "organisation"
    source: str  # "typed" or "card"
    has_agent: bool
    mandate: bool
    cert_type: str
    name: str | None = personal()
    cert_no: str | None = personal()
    phone: str | None = personal()
    address: str | None = personal()
    legal_representative: str | None = personal()
    agent_name: str | None = personal()
    agent_cert_no: str | None = personal()
    agent_phone: str | None = personal()
    agent_relation: str | None = personal()


@dataclass(frozen=True, slots=True)
class ScenarioAnswered:
    TYPE: ClassVar[str] = "case.scenario_answered/1"
    answers: tuple[Answer, ...]
    materials: tuple[RequiredMaterial, ...]


@dataclass(frozen=True, slots=True)
class MaterialPresented:
    TYPE: ClassVar[str] = "material.presented/1"
    material: str
    form: str  # "original", "copy", "electronic"
    copies: int  # how many in that form; 0: a page was captured, nobody counted
    original_place: str  # "returned", "kept", "sent_on", "none"


@dataclass(frozen=True, slots=True)
class MaterialChecked:
    TYPE: ClassVar[str] = "material.checked/1"
    material: str
    result: CheckResult
    defect: str | None = personal()
    """Words about the paper: they may quote it, so they are sealed."""


FROM_ERRAND = "errand:"
"""Begins the `device` of a page that an errand brought; its dossier id follows."""


@dataclass(frozen=True, slots=True)
class PageAttached:
    TYPE: ClassVar[str] = "page.attached/1"
    material: str
    page: str
    image: str = blob()  # SHA-256 of the sealed picture
    plain_sha256: str = ""
    width_px: int = 0
    height_px: int = 0
    dpi: int = 0
    device: str = ""


@dataclass(frozen=True, slots=True)
class PageRemoved:
    TYPE: ClassVar[str] = "page.removed/1"
    material: str
    page: str


@dataclass(frozen=True, slots=True)
class PagesOrdered:
    TYPE: ClassVar[str] = "page.ordered/1"
    material: str
    pages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseReceived:
    TYPE: ClassVar[str] = "case.received/1"
    received_on: date
    counted_from: date
    """Day 0 of the clocks; later than received_on for a filing after hours."""
    window: int | None
    staff: str
    answer_by: date | None = None
    """The last of the five working days (许可法 32), as the receipt tells it; absent in older records."""
    answer_provisional: bool = False


@dataclass(frozen=True, slots=True)
class PrecheckAsked:
    TYPE: ClassVar[str] = "case.precheck_asked/1"
    desk: str


@dataclass(frozen=True, slots=True)
class PrecheckPassed:
    TYPE: ClassVar[str] = "case.precheck_passed/1"
    officer: str
    note: str | None = personal()


@dataclass(frozen=True, slots=True)
class CaseAccepted:
    TYPE: ClassVar[str] = "case.accepted/1"
    mode: AcceptMode
    accepted_on: date
    due: date | None
    statutory_due: date | None
    provisional: bool
    letter: str
    """Id of the authorisation that covers the act."""
    in_name_of: str
    document_no: str | None
    """None: issued under the case number while the node was away."""
    staff: str


@dataclass(frozen=True, slots=True)
class CorrectionIssued:
    TYPE: ClassVar[str] = "case.correction_issued/1"
    round: int
    return_by: date
    in_name_of: str
    document_no: str | None
    staff: str
    supervisor: str | None = None
    """Who allowed a second round, and why (R5)."""
    supervisor_reason: str | None = None
    defects: tuple[DefectLine, ...] | None = personal()


@dataclass(frozen=True, slots=True)
class CorrectionReturned:
    TYPE: ClassVar[str] = "case.correction_returned/1"
    errand: str
    returned_on: date


@dataclass(frozen=True, slots=True)
class CaseRefused:
    TYPE: ClassVar[str] = "case.refused/1"
    unneeded: bool
    """True: no licence is needed (许可法 32(1)); False: not accepted (32(2))."""
    refused_on: date
    in_name_of: str
    document_no: str | None
    staff: str
    competent_organ: str | None = None
    reason: str | None = personal()


@dataclass(frozen=True, slots=True)
class CaseWithdrawn:
    TYPE: ClassVar[str] = "case.withdrawn/1"
    on: date
    errand: str | None
    reason: str | None = personal()
    """The citizen's own words."""


@dataclass(frozen=True, slots=True)
class CaseTerminated:
    TYPE: ClassVar[str] = "case.terminated/1"
    on: date
    why: str


@dataclass(frozen=True, slots=True)
class CaseVoided:
    """Entry error, before the decision, by a supervisor with a reason."""

    TYPE: ClassVar[str] = "case.voided/1"
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class CaseForwarded:
    TYPE: ClassVar[str] = "case.forwarded/1"
    to_hall: str
    waybill: str


@dataclass(frozen=True, slots=True)
class ErrandAnswered:
    """In the case's dossier: its owner's answer to an errand."""

    TYPE: ClassVar[str] = "case.errand_answered/1"
    errand: str
    granted: bool
    why: str | None = personal()


CASE_EVENTS = (
    CaseOpened, ApplicantSet, ScenarioAnswered, MaterialPresented, MaterialChecked, PageAttached,
    PageRemoved, PagesOrdered, CaseReceived, PrecheckAsked, PrecheckPassed, CaseAccepted, CorrectionIssued,
    CorrectionReturned, CaseRefused, CaseWithdrawn, CaseTerminated, CaseVoided, CaseForwarded,
    ErrandAnswered,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ErrandOpened:
    """Somebody brings something for a case, wherever that case lies."""

    TYPE: ClassVar[str] = "errand.opened/1"
    kind: str
    """"correction", "withdrawal", "lost_slip", "authorisation", "filing"."""
    case_no: str
    case: str | None
    """Dossier of the case where this machine knows it."""
    window: int | None
    staff: str
    ticket: str | None
    session: str | None


@dataclass(frozen=True, slots=True)
class ErrandPageAttached:
    TYPE: ClassVar[str] = "errand.page_attached/1"
    material: str
    page: str
    image: str = blob()
    plain_sha256: str = ""
    width_px: int = 0
    height_px: int = 0
    dpi: int = 0
    device: str = ""


@dataclass(frozen=True, slots=True)
class ErrandPageRemoved:
    TYPE: ClassVar[str] = "errand.page_removed/1"
    material: str
    page: str


@dataclass(frozen=True, slots=True)
class ErrandPagesOrdered:
    TYPE: ClassVar[str] = "errand.pages_ordered/1"
    material: str
    pages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ErrandHandedIn:
    """The citizen has a receipt; from here on the owner of the case must answer."""

    TYPE: ClassVar[str] = "errand.handed_in/1"
    on: date
    staff: str
    reason: str | None = personal()
    counted_from: date | None = None
    """The day from which limits run, where it was handed in outside working hours."""


@dataclass(frozen=True, slots=True)
class ErrandTaken:
    """The owner of the case has taken it in."""

    TYPE: ClassVar[str] = "errand.taken/1"
    case: str
    granted: bool
    why: str | None = personal()


ERRAND_EVENTS = (
    ErrandOpened, ErrandPageAttached, ErrandPageRemoved, ErrandPagesOrdered, ErrandHandedIn, ErrandTaken,
)  # fmt: skip
