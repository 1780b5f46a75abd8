"""What the papers of the window say, before any typesetting. Frozen values; domain.md §9 names what each
must hold.

Dates are days in the hall's calendar, moments are aware datetimes. Names and numbers are printed as
given: whoever builds a paper decides what is masked. Text may hold line feeds; it is never shortened.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from hall.papers.head import Applicant, PaperHead


class MaterialForm(Enum):
    """In what form a material was handed in; the value is what is printed."""

    ORIGINAL = "原件"
    COPY = "复印件"
    ELECTRONIC = "电子证照"


@dataclass(frozen=True, slots=True)
class NoticeMaterial:
    """One material that will be asked for."""

    name: str
    form: str
    """Such as `原件1份、复印件2份`."""
    source: str = ""
    """Who issues it: 申请人自备, 公安机关核发, 窗口共享核验."""
    remark: str = ""
    """When it is needed, whether it may follow later, what is looked at."""


@dataclass(frozen=True, slots=True)
class ReceivedMaterial:
    """One material that was handed in, and where its paper original lies now."""

    name: str
    form: MaterialForm
    copies: int
    pages: int
    original_at: str
    """Such as 核验后退回申请人, 本窗口, 送审批局档案室."""

    def __post_init__(self) -> None:
        if self.copies < 0 or self.pages < 0:
            raise ValueError("copies and pages are counts")


@dataclass(frozen=True, slots=True)
class OneTimeNotice:
    """一次性告知清单: the nine fields of 昌吉市 附件2, then 裁量标准, blank forms and samples."""

    head: PaperHead
    item_name: str
    service_object: str
    organ: str
    conditions: tuple[str, ...]
    materials: tuple[NoticeMaterial, ...]
    steps: tuple[str, ...]
    legal_limit: str
    promised_limit: str
    place: str
    hours: str
    phone: str
    remark: str = ""
    fee: str = ""
    discretion: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    samples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PackageChild:
    """One item of a 一件事 with what it asks for."""

    item_name: str
    organ: str
    limit: str
    materials: tuple[NoticeMaterial, ...]
    conditions: tuple[str, ...] = ()
    after: str = ""
    """The item whose result this one waits for, if any."""


@dataclass(frozen=True, slots=True)
class PackageNotice:
    """One notice for a 一件事: the children's materials merged, each with the items that use it."""

    head: PaperHead
    package_name: str
    lead_organ: str
    service_object: str
    children: tuple[PackageChild, ...]
    steps: tuple[str, ...]
    promised_limit: str
    place: str
    hours: str
    phone: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """收件凭证（材料接收清单）: what was handed in and when. Not an acceptance."""

    head: PaperHead
    applicant: Applicant
    item_name: str
    materials: tuple[ReceivedMaterial, ...]
    received_at: datetime | date
    """A day alone where the time of day is not certain."""
    counted_from: date | None
    """For a filing after hours: the working day from which time runs. Both dates are printed."""
    receiver: str
    place: str
    result_told: str
    """When and how the applicant hears whether the matter is accepted."""
    query_how: str
    former: tuple[str, date] | None = None
    """Number and day of the paper that was in the applicant's hand, where the case was lost and is entered again."""


@dataclass(frozen=True, slots=True)
class ErrandReceipt:
    """补正材料接收凭证: materials brought for a case that another desk holds."""

    head: PaperHead
    applicant: Applicant
    item_name: str
    errand: str
    """What was brought or asked: 补正材料, 撤回申请, 委托变更."""
    materials: tuple[ReceivedMaterial, ...]
    received_at: datetime | date
    """A day alone where the time of day is not certain."""
    receiver: str
    place: str
    held_by: str
    """The desk or organ that holds the case and will take this in."""
    next_told: str
    """Who does what next with it and, where the law counts days, until when; goes on after 本窗口已收到上列内容，."""
    query_how: str
    counted_from: date | None = None
    """Where it was handed in outside working hours: the day from which limits run."""


@dataclass(frozen=True, slots=True)
class ExcludedTime:
    """A procedure whose time does not count (许可法 45), as told at acceptance."""

    procedure: str
    length: str


@dataclass(frozen=True, slots=True)
class Supplement:
    """容缺: a material that may follow, until when."""

    name: str
    due: date


@dataclass(frozen=True, slots=True)
class Acceptance:
    """受理通知书."""

    head: PaperHead
    applicant: Applicant
    item_name: str
    item_code: str
    applied_on: date
    accepted_on: date
    legal_limit: str
    promised_limit: str
    decide_by: date
    fee: str
    """Such as `不收费`, or amount with its basis."""
    progress_query: str
    delivery_way: str
    basis: str
    excluded: tuple[ExcludedTime, ...] = ()
    supplements: tuple[Supplement, ...] = ()
    provisional: bool = False
    """The holiday calendar of the period is not known yet, so `decide_by` may move."""
    deemed: bool = False
    """Accepted by lapse of time (许可法 32(4))."""


@dataclass(frozen=True, slots=True)
class Defect:
    """One thing to put right: what, what is wrong with it, what would be right."""

    material: str
    problem: str
    remedy: str
    item_name: str = ""
    """In a 一件事: the item that asks for it."""


@dataclass(frozen=True, slots=True)
class CorrectionNotice:
    """补正告知书: all defects at once."""

    head: PaperHead
    applicant: Applicant
    item_name: str
    received_on: date
    defects: tuple[Defect, ...]
    return_by: date | None
    return_to: str
    consequence: str
    """What happens when the limit has run out."""
    basis: str
    limit_basis: str = ""
    """Who set the limit: the licensing law names none."""
    when_complete: str = ""
    """What happens when everything was brought in time."""

    def __post_init__(self) -> None:
        if not self.defects:
            raise ValueError("a correction notice names at least one defect")


@dataclass(frozen=True, slots=True)
class Remedies:
    """How to contest a decision: 复议 and 诉讼 (许可法 38; terms by 行政复议法 20, 行政诉讼法 46)."""

    review_organ: str
    court: str
    review_term: str = "六十日"
    suit_term: str = "六个月"


@dataclass(frozen=True, slots=True)
class NotAccepted:
    """不予受理决定书: not this organ's authority (许可法 32(1)(2)) or refused on another named ground."""

    head: PaperHead
    applicant: Applicant
    item_name: str
    applied_on: date
    facts: str
    basis: str
    competent_organ: str
    """Which organ to go to; empty when none is competent."""
    remedies: Remedies


@dataclass(frozen=True, slots=True)
class NotNeeded:
    """不受理告知书: the matter needs no licence (许可法 32(1)(1))."""

    head: PaperHead
    applicant: Applicant
    item_name: str
    applied_on: date
    facts: str
    basis: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """准予 or 不予 … 决定书. A refusal needs reasons and remedies (许可法 38)."""

    head: PaperHead
    granted: bool
    applicant: Applicant
    item_name: str
    accepted_on: date
    facts: str
    basis: str
    content: str
    """What is granted or refused, without 准予 or 不予 before it."""
    reasons: str = ""
    validity: str = ""
    licence_name: str = ""
    licence_no: str = ""
    collect: str = ""
    """When and where the document is fetched."""
    remedies: Remedies | None = None

    def __post_init__(self) -> None:
        if not self.granted and (not self.reasons.strip() or self.remedies is None):
            raise ValueError("a refusal gives its reasons and the remedies")


@dataclass(frozen=True, slots=True)
class SpecialProcedureNotice:
    """特别程序告知书: a procedure starts whose time does not count, and how long it takes."""

    head: PaperHead
    applicant: Applicant
    item_name: str
    accepted_on: date
    procedure: str
    reason: str
    starts_on: date
    length: str
    basis: str


@dataclass(frozen=True, slots=True)
class ExtensionNotice:
    """延期决定通知书: the period is extended once, by whom, why, and the new date."""

    head: PaperHead
    applicant: Applicant
    item_name: str
    accepted_on: date
    reason: str
    days: int
    old_date: date
    new_date: date
    approver: str
    basis: str


@dataclass(frozen=True, slots=True)
class ToleranceNotice:
    """容缺受理告知书 with the applicant's promise (容缺补正承诺书) on the same paper, in two copies."""

    head: PaperHead
    applicant: Applicant
    item_name: str
    supplements: tuple[Supplement, ...]
    supply_how: str
    """In what form and where the missing materials are to be brought."""
    consequence: str
    """What follows when they are not brought in time."""

    def __post_init__(self) -> None:
        if not self.supplements:
            raise ValueError("a tolerance notice names at least one missing material")


class DeliveryWay(Enum):
    """送达方式; the value is what is printed."""

    DIRECT = "直接送达"
    POST = "邮寄送达"
    ELECTRONIC = "电子送达"
    LEFT = "留置送达"
    FORWARDED = "转交送达"
    ANNOUNCED = "公告送达"


@dataclass(frozen=True, slots=True)
class DeliveryProof:
    """送达回证 for one or several documents."""

    head: PaperHead
    documents: tuple[tuple[str, str], ...]
    """Name and number of each document; the number may be empty."""
    recipient: str
    place: str
    way: DeliveryWay
    servers: tuple[str, ...]
    remark: str = ""


Paper = (
    OneTimeNotice
    | PackageNotice
    | Receipt
    | ErrandReceipt
    | Acceptance
    | CorrectionNotice
    | NotAccepted
    | NotNeeded
    | Decision
    | SpecialProcedureNotice
    | ExtensionNotice
    | ToleranceNotice
    | DeliveryProof
)
"""Every paper that `press.PaperPress.render` sets."""
