"""Items, their guides, materials and scenarios, and packages (一件事), as values.

The classes are also the form of the files in resources/catalogue: the loader refuses unknown and missing
keys. Fields follow GB/T 39046-2020 table 4 where it has them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final

from hall.calendar.legal_time import Limit
from hall.catalogue.hall_profile import FORBID_UNKNOWN_KEYS
from hall.identity.identity_paper import IdentityPaper

PENDING_TEXT: Final = "待补充"
SAMPLE_TEXT: Final = "示例事项，非现行政策"


class ItemType(StrEnum):
    """GB/T 39046-2020 annex A.1."""

    LICENCE = "01"
    PENALTY = "02"
    COERCION = "03"
    LEVY = "04"
    BENEFIT = "05"
    INSPECTION = "06"
    CONFIRMATION = "07"
    AWARD = "08"
    RULING = "09"
    OTHER = "10"
    PUBLIC_SERVICE = "20"

    @property
    def text(self) -> str:
        return _TYPE_TEXTS[self.value]


_TYPE_TEXTS: Final = {
    "01": "行政许可",
    "02": "行政处罚",
    "03": "行政强制",
    "04": "行政征收",
    "05": "行政给付",
    "06": "行政检查",
    "07": "行政确认",
    "08": "行政奖励",
    "09": "行政裁决",
    "10": "其他行政权力",
    "20": "公共服务",
}


class CaseType(StrEnum):
    """即办件 is closed on the spot, 承诺件 within its promised limit."""

    IMMEDIATE = "immediate"
    COMMITTED = "committed"

    @property
    def text(self) -> str:
        return "即办件" if self is CaseType.IMMEDIATE else "承诺件"


class ApplicantKind(StrEnum):
    PERSON = "natural_person"
    ENTERPRISE = "enterprise"
    INSTITUTION = "institution"
    SOCIAL_ORG = "social_org"
    UNINCORPORATED = "unincorporated"


class Tag(StrEnum):
    """Marks that halls filter and route by; the value is what lists print."""

    AT_ONCE = "马上办"
    ONLINE = "网上办"
    NEARBY = "就近办"
    ONE_VISIT = "一次办"
    AGENT = "帮办代办"
    TOLERANT = "容缺受理"
    COMMITMENT = "告知承诺"
    EXPRESS = "极速审批"


@dataclass(frozen=True, slots=True)
class FeeAmount:
    """What is to be paid (in fen) when the condition holds; None means in every other situation."""

    label: str
    amount_fen: int
    required_if: str | None = None

    __pydantic_config__: ClassVar = FORBID_UNKNOWN_KEYS


@dataclass(frozen=True, slots=True)
class Fee:
    """`charged` False: the guide prints 不收费. A fee without a basis cannot be asked for.

    `amounts`: the first one whose condition holds is due.
    """

    charged: bool
    text: str
    basis: str | None = None
    amounts: tuple[FeeAmount, ...] = ()

    __pydantic_config__: ClassVar = FORBID_UNKNOWN_KEYS


@dataclass(frozen=True, slots=True)
class MaterialRequirement:
    """One material. `principal` False: it may be supplied later where tolerance (容缺) is allowed.

    `required_if`: a condition over the scenario's questions; None means always.
    """

    id: str
    name: str
    content: str
    issuer: str
    original_n: int
    copy_n: int
    electronic_ok: bool
    principal: bool
    review_points: tuple[str, ...]
    sample: str
    necessary: bool = True
    reusable: bool = False
    licence_code: str | None = None
    blank_form: str | None = None
    return_original: bool = True
    identity: IdentityPaper | None = None
    required_if: str | None = None

    __pydantic_config__: ClassVar = FORBID_UNKNOWN_KEYS

    @property
    def copies_asked(self) -> int:
        """Photocopies to bring: none beside an original, which the window scans."""
        return 0 if self.original_n else self.copy_n


@dataclass(frozen=True, slots=True)
class Option:
    """An answer. `stop`: why this item is not the right one then, and where to go instead."""

    value: str
    label: str
    stop: str | None = None

    __pydantic_config__: ClassVar = FORBID_UNKNOWN_KEYS


@dataclass(frozen=True, slots=True)
class ScenarioQuestion:
    """A question that decides materials. `ask_if`: a condition over earlier questions; None means always."""

    id: str
    text: str
    options: tuple[Option, ...]
    ask_if: str | None = None

    __pydantic_config__: ClassVar = FORBID_UNKNOWN_KEYS


@dataclass(frozen=True, slots=True)
class ProcessStep:
    """A step of the flow: who does what within how long."""

    name: str
    actor: str
    limit: str

    __pydantic_config__: ClassVar = FORBID_UNKNOWN_KEYS


@dataclass(frozen=True, slots=True)
class ReviewHandbook:
    """审查时限、审查内容、审查要点、审查标准 for the clerk at intake."""

    time_limit: str
    content: str
    points: tuple[str, ...]
    standard: str

    __pydantic_config__: ClassVar = FORBID_UNKNOWN_KEYS


@dataclass(frozen=True, slots=True)
class Reduction:
    """四减: before and after of limit (working days), steps, materials, visits."""

    days: tuple[int, int]
    steps: tuple[int, int]
    materials: tuple[int, int]
    visits: tuple[int, int]

    __pydantic_config__: ClassVar = FORBID_UNKNOWN_KEYS


@dataclass(frozen=True, slots=True)
class ItemGuide:
    """The complete guide (办事指南) of an item. Place, time and phones may differ from hall to hall."""

    objects_text: str
    basis: tuple[str, ...]
    conditions: tuple[str, ...]
    materials: tuple[MaterialRequirement, ...]
    process: tuple[ProcessStep, ...]
    statutory_limit: Limit | None
    statutory_note: str
    promised_limit: Limit
    fee: Fee
    discretion: str
    result_name: str
    result_kind: str
    review: ReviewHandbook
    place: str
    time: str
    phone: str
    supervision: str
    questions: tuple[ScenarioQuestion, ...] = ()
    special_procedures: tuple[str, ...] = ()
    delivery: tuple[str, ...] = ("window",)
    scope: str = "全县"
    visits: int = 1
    reduction: Reduction | None = None
    note: str = ""

    __pydantic_config__: ClassVar = FORBID_UNKNOWN_KEYS


@dataclass(frozen=True, slots=True)
class ServiceItem:
    """An item of the hall. `guide` None: only the name is known, everything else prints 待补充.

    `halls` None: offered wherever its department is; else only in the halls named by code.
    """

    id: str
    name: str
    department: str
    source: str
    sample: bool = False
    item_type: ItemType | None = None
    case_type: CaseType | None = None
    objects: tuple[ApplicantKind, ...] = ()
    tags: frozenset[Tag] = frozenset()
    halls: tuple[str, ...] | None = None
    zones: tuple[str, ...] = ()
    basic_code: str | None = None
    task_code: str | None = None
    handle_item_code: str | None = None
    local_code: str | None = None
    version: int = 1
    guide: ItemGuide | None = None
    pinyin: str = ""
    initials: str = ""

    __pydantic_config__: ClassVar = FORBID_UNKNOWN_KEYS

    @property
    def type_text(self) -> str:
        return self.item_type.text if self.item_type else PENDING_TEXT

    @property
    def case_type_text(self) -> str:
        return self.case_type.text if self.case_type else PENDING_TEXT

    @property
    def sample_note(self) -> str:
        """What every screen and paper prints for a sample guide; empty for a real one."""
        return SAMPLE_TEXT if self.sample else ""


@dataclass(frozen=True, slots=True)
class PackageRow:
    """A row of the package list, verbatim, with the department as understood.

    `department_cell` None: the cell is blank in the plan, `department_basis` says how it was read.
    `item_ids`: one id, or one per alternative. `waits_for`: rows whose result this one needs first.
    """

    no: int
    name: str
    department_cell: str | None
    department: str
    item_ids: tuple[str, ...]
    department_basis: str | None = None
    alternatives: tuple[str, ...] = ()
    choice_group: str | None = None
    choice_basis: str | None = None
    waits_for: tuple[int, ...] = ()

    __pydantic_config__: ClassVar = FORBID_UNKNOWN_KEYS


@dataclass(frozen=True, slots=True)
class PackageOption:
    """An answer to a package question and the children (row, item) that it brings."""

    value: str
    label: str
    row: int
    item_id: str

    __pydantic_config__: ClassVar = FORBID_UNKNOWN_KEYS


@dataclass(frozen=True, slots=True)
class PackageQuestion:
    """Which of the alternative rows applies; exactly one option is chosen."""

    id: str
    text: str
    basis: str
    options: tuple[PackageOption, ...]

    __pydantic_config__: ClassVar = FORBID_UNKNOWN_KEYS


@dataclass(frozen=True, slots=True)
class ChildAnswer:
    """An answer to a child's own scenario question."""

    item_id: str
    question: str
    option: str

    __pydantic_config__: ClassVar = FORBID_UNKNOWN_KEYS


@dataclass(frozen=True, slots=True)
class SharedOption:
    """What one answer says to the children's own questions, and which rows it makes needless."""

    value: str
    label: str
    answers: tuple[ChildAnswer, ...]
    leaves_out: tuple[int, ...] = ()

    __pydantic_config__: ClassVar = FORBID_UNKNOWN_KEYS


@dataclass(frozen=True, slots=True)
class SharedQuestion:
    """A question that several children, or the choice of children, hang on; asked once."""

    id: str
    text: str
    options: tuple[SharedOption, ...]

    __pydantic_config__: ClassVar = FORBID_UNKNOWN_KEYS


class PackageStage(StrEnum):
    DRAFT = "draft"
    TEST = "test"
    LIVE = "live"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Package:
    """A package (一件事). `lead` is verbatim, `lead_department` the catalogue's name for it.

    `settled`: children's questions that the package itself answers. `shared`: what is asked once for several.
    """

    no: int
    name: str
    lead: str
    lead_department: str
    rows: tuple[PackageRow, ...]
    questions: tuple[PackageQuestion, ...] = ()
    stage: PackageStage = PackageStage.TEST
    prerequisites_basis: str | None = None
    settled: tuple[ChildAnswer, ...] = ()
    shared: tuple[SharedQuestion, ...] = ()
    answers_basis: str | None = None
    version: int = 1
    initials: str = ""

    __pydantic_config__: ClassVar = FORBID_UNKNOWN_KEYS

    @property
    def departments(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(row.department for row in self.rows))

    @property
    def lead_owns_an_item(self) -> bool:
        return self.lead_department in self.departments

    def item_ids(self) -> Iterator[str]:
        return (item_id for row in self.rows for item_id in row.item_ids)
