"""Everything the take-in page draws, and what can be read off a case. No Qt."""

from dataclasses import dataclass
from enum import IntEnum

from counter_app.take_in.checks import FieldNote
from counter_app.take_in.ports import (
    NO_APPLICANT,
    AgentForm,
    ApplicantForm,
    CaseStage,
    CaseView,
    ItemRow,
    MaterialRow,
    MaterialState,
)
from counter_app.values import NO_NOTICE
from ui.notice import Notice


class Step(IntEnum):
    """① 申请人 ② 情形 ③ 材料 ④ 确认 ⑤ 受理; before them the item is chosen."""

    ITEM = 0
    APPLICANT = 1
    SCENARIO = 2
    MATERIALS = 3
    REVIEW = 4
    OUTCOME = 5


@dataclass(frozen=True, slots=True)
class TakeInState:
    """One value, replaced whole."""

    step: Step = Step.ITEM
    cases: tuple[CaseView, ...] = ()
    case_at: int = 0
    item_text: str = ""
    items: tuple[ItemRow, ...] = ()
    item_at: int = 0
    applicant: ApplicantForm = NO_APPLICANT
    agent: AgentForm | None = None
    notes: tuple[FieldNote, ...] = ()
    question_at: int = 0
    citizen_confirmed: bool = False
    reading_card: bool = False
    busy: str = ""
    notice: Notice = NO_NOTICE

    @property
    def case(self) -> CaseView | None:
        return self.cases[self.case_at] if self.cases else None


DONE_STATES = frozenset({MaterialState.CHECKED_OK, MaterialState.WAIVED, MaterialState.TOLERATED})


def first_step(case: CaseView) -> Step:
    """Where work goes on when a case is opened again."""
    if waits_for_check(case):
        return Step.MATERIALS
    if case.stage is not CaseStage.DRAFT:
        return Step.OUTCOME
    if not case.applicant.name:
        return Step.APPLICANT
    if unanswered(case) is not None:
        return Step.SCENARIO
    return Step.MATERIALS if missing(case.materials) else Step.REVIEW


def waits_for_check(case: CaseView) -> bool:
    """Taken in, and a correction has brought what nobody has looked at yet."""
    return case.stage is CaseStage.RECEIVED and any(
        m.state is MaterialState.PRESENTED for m in case.materials
    )


def missing(materials: tuple[MaterialRow, ...]) -> tuple[MaterialRow, ...]:
    """Necessary materials that still hold the case up (defective ones included)."""
    return tuple(m for m in materials if m.state not in DONE_STATES and m.necessary)


@dataclass(frozen=True, slots=True)
class Lacking:
    """Names of what still holds a case up, by why."""

    missing: tuple[str, ...] = ()
    """Not brought."""
    tolerable: tuple[str, ...] = ()
    """Not brought, and may be promised for later."""
    unchecked: tuple[str, ...] = ()
    """Received, not looked at yet."""
    defective: tuple[str, ...] = ()
    """Received, and not right."""


def lacking_of(materials: tuple[MaterialRow, ...]) -> Lacking:
    """What was received is never called missing."""
    rows = missing(materials)
    absent = [m for m in rows if m.state is MaterialState.REQUIRED]
    return Lacking(
        tuple(m.name for m in absent if not m.tolerable),
        tuple(m.name for m in absent if m.tolerable),
        tuple(m.name for m in rows if m.state is MaterialState.PRESENTED),
        tuple(m.name for m in rows if m.state is MaterialState.DEFECTIVE),
    )


def needed_text(material: MaterialRow) -> str:
    """「原件 1 份、复印件 2 份」."""
    parts = []
    if material.original_needed:
        parts.append(f"原件 {material.original_needed} 份")
    if material.copies_needed:
        parts.append(f"复印件 {material.copies_needed} 份")
    if material.electronic_ok:
        parts.append("或电子证照")
    return "、".join(parts).replace("、或", "，或") or "不需纸质"


def unanswered(case: CaseView) -> int | None:
    """Index of the first question without an answer; None when all are answered."""
    return next((i for i, question in enumerate(case.questions) if not question.answer), None)
