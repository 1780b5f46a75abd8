"""What taking a case in needs from the hall. A case comes whole after every command: CaseView."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from counter_app.values import CaseId, ItemId, MaterialId, PageId, TicketId
from hall.identity.identity_paper import IdentityPaper


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A service item or package that this window may take in."""

    item_id: ItemId
    name: str
    code: str
    department: str
    case_type: str
    """「即办件」 or 「承诺件」."""
    limit_text: str
    """「5 个工作日」."""
    package_size: int = 0
    """Number of items in a package (一件事); 0 for a single item."""
    initials: str = ""


class ApplicantKind(StrEnum):
    PERSON = "person"
    ORGANISATION = "organisation"


class Source(StrEnum):
    """Where identity data came from."""

    TYPED = "typed"
    CARD = "card"


@dataclass(frozen=True, slots=True)
class ApplicantForm:
    """Who asks. Exactly what was typed or read; nothing is corrected silently."""

    kind: ApplicantKind = ApplicantKind.PERSON
    name: str = ""
    cert_type: str = "111"
    """GA/T 2000.156: 111 resident ID card; an organisation uses its unified credit code (cert_type "USCC")."""
    cert_no: str = ""
    phone: str = ""
    address: str = ""
    legal_representative: str = ""
    source: Source = Source.TYPED


NO_APPLICANT = ApplicantForm()


@dataclass(frozen=True, slots=True)
class AgentForm:
    """Who comes instead. `mandate` says that the written mandate was seen."""

    name: str = ""
    cert_no: str = ""
    phone: str = ""
    relation: str = ""
    mandate: bool = False
    source: Source = Source.TYPED


@dataclass(frozen=True, slots=True)
class Option:
    option_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """One scenario question; `answer` is an option id, or empty while unanswered."""

    question_id: str
    text: str
    options: tuple[Option, ...]
    answer: str = ""


class MaterialState(StrEnum):
    """Domain 7.4, as far as intake sees it."""

    REQUIRED = "REQUIRED"
    PRESENTED = "PRESENTED"
    CHECKED_OK = "CHECKED_OK"
    DEFECTIVE = "DEFECTIVE"
    TOLERATED = "TOLERATED"
    WAIVED = "WAIVED"


class Presented(StrEnum):
    """The form in which a material was brought."""

    ORIGINAL = "original"
    COPY = "copy"
    ELECTRONIC = "electronic"


class OriginalPlace(StrEnum):
    """Where the paper original lies after the visit."""

    RETURNED = "returned"
    KEPT = "kept"
    SENT_ON = "sent_on"
    NONE = "none"


class Verdict(StrEnum):
    OK = "ok"
    DEFECTIVE = "defective"
    TOLERATED = "tolerated"
    WAIVED = "waived"


@dataclass(frozen=True, slots=True)
class PageRow:
    """A captured page that is committed. `thumb` is a small JPEG or PNG."""

    page_id: PageId
    number: int
    thumb: bytes = b""


@dataclass(frozen=True, slots=True)
class MaterialRow:
    """One material of the exact list that item and answers give."""

    material_id: MaterialId
    name: str
    state: MaterialState = MaterialState.REQUIRED
    original_needed: int = 1
    copies_needed: int = 0
    electronic_ok: bool = False
    necessary: bool = True
    tolerable: bool = False
    """A minor material (可容缺) on the item's list."""
    waivable: str = ""
    """Why it may be left out (「数据共享」「告知承诺」); empty: it may not."""
    shared_by: int = 1
    """How many items of the package use it."""
    review_points: tuple[str, ...] = ()
    identity: IdentityPaper | None = None
    presented: Presented | None = None
    copies: int = 0
    original_place: OriginalPlace = OriginalPlace.NONE
    defect: str = ""
    pages: tuple[PageRow, ...] = ()


class CaseStage(StrEnum):
    """The part of the case's states that intake acts on (domain 7.2)."""

    DRAFT = "DRAFT"
    RECEIVED = "RECEIVED"
    TO_PRECHECK = "TO_PRECHECK"
    """Received in a hall whose departments look first (S4 L21)."""
    CORRECTION = "CORRECTION"
    ACCEPTED = "ACCEPTED"
    DISPATCHED = "DISPATCHED"
    REFUSED = "REFUSED"
    DECIDED = "DECIDED"
    ELSEWHERE = "ELSEWHERE"


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case (or package case) as this window sees it now."""

    case_id: CaseId
    case_no: str
    item: ItemRow
    stage: CaseStage
    stage_text: str
    applicant: ApplicantForm = NO_APPLICANT
    agent: AgentForm | None = None
    questions: tuple[Question, ...] = ()
    materials: tuple[MaterialRow, ...] = ()
    due_text: str = ""
    """「5 个工作日，至 11-27」."""
    masked_name: str = ""
    to_correct: str = ""
    """Of a draft: number of a case for the same item that the same applicant still has to correct."""


class IntakeDesk(Protocol):
    """Every method may raise Refused; called on a worker thread. The same command id twice has one effect."""

    def search_items(self, text: str) -> tuple[ItemRow, ...]:
        """Items by name, code or pinyin initials; empty text gives the most used ones of this window."""

    def open_case(self, command_id: UUID, ticket_id: TicketId, item_id: ItemId) -> CaseView: ...

    def cases_of(self, ticket_id: TicketId) -> tuple[CaseView, ...]:
        """The cases of this visit, oldest first (after hold, lock or restart)."""

    def case(self, case_id: CaseId) -> CaseView: ...

    def find_case(self, case_no: str) -> CaseView:
        """By the number on a paper."""

    def set_applicant(
        self, command_id: UUID, case_id: CaseId, applicant: ApplicantForm, agent: AgentForm | None
    ) -> CaseView: ...

    def set_answer(self, command_id: UUID, case_id: CaseId, question_id: str, option_id: str) -> CaseView:
        """Later questions and the material list may change; what was already captured stays."""

    def present_material(
        self,
        command_id: UUID,
        case_id: CaseId,
        material_id: MaterialId,
        presented: Presented,
        copies: int,
        original_place: OriginalPlace,
    ) -> CaseView: ...

    def check_material(
        self, command_id: UUID, case_id: CaseId, material_id: MaterialId, verdict: Verdict, text: str
    ) -> CaseView:
        """`text`: the defect in words the citizen can act on (DEFECTIVE only)."""

    def attach_page(
        self, command_id: UUID, case_id: CaseId, material_id: MaterialId, page: PageId
    ) -> CaseView:
        """Bind a page that the camera has already stored safely on this PC."""

    def remove_page(
        self, command_id: UUID, case_id: CaseId, material_id: MaterialId, page: PageId
    ) -> CaseView: ...

    def order_pages(
        self, command_id: UUID, case_id: CaseId, material_id: MaterialId, pages: tuple[PageId, ...]
    ) -> CaseView: ...

    def page_picture(self, case_id: CaseId, page: PageId, width_px: int) -> bytes:
        """A captured page as PNG, at most `width_px` wide. Refused when its picture is not on this PC."""
