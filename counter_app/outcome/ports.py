"""What deciding at the window needs from the hall. Powers are judged there; the screen only shows the answer."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from counter_app.take_in.ports import CaseView
from counter_app.values import CaseId, PaperId, PaperRow


class Act(StrEnum):
    """What a window can do with a case that it has taken in."""

    RECEIVE = "receive"
    ACCEPT = "accept"
    ACCEPT_TOLERANT = "accept_tolerant"
    CORRECT = "correct"
    NOT_ACCEPT = "not_accept"
    UNNEEDED = "unneeded"
    GRANT = "grant"
    DENY = "deny"


@dataclass(frozen=True, slots=True)
class ActChoice:
    """One act. `refusal` says in Chinese why it is not possible now (power, missing material); empty: possible."""

    act: Act
    title: str
    paper_title: str
    refusal: str = ""
    basis: str = ""
    """The legal basis printed on the paper, e.g. 「《行政许可法》第三十二条」."""
    in_name_of: str = ""
    """The organ in whose name the window acts."""
    needs_text: bool = False
    """A reason must be written. A correction has none: its paper lists what the materials lack."""


@dataclass(frozen=True, slots=True)
class Defect:
    """One line of the one-time notice: what is wrong and what is right."""

    material: str
    text: str


@dataclass(frozen=True, slots=True)
class ActDone:
    """A committed act: the case after it and the papers it made."""

    case: CaseView
    papers: tuple[PaperRow, ...]


class OutcomeDesk(Protocol):
    """Every method may raise Refused; called on a worker thread. The same command id twice has one effect."""

    def acts(self, case_id: CaseId) -> tuple[ActChoice, ...]:
        """Every act that this kind of case knows, the recommended one first."""

    def receive(self, command_id: UUID, case_id: CaseId) -> ActDone:
        """收件: DRAFT -> RECEIVED, makes the 收件凭证."""

    def accept(self, command_id: UUID, case_id: CaseId, tolerant: bool) -> ActDone: ...

    def correct(self, command_id: UUID, case_id: CaseId, defects: tuple[Defect, ...]) -> ActDone:
        """Once, and complete (许可法 32(4))."""

    def refuse(self, command_id: UUID, case_id: CaseId, act: Act, reason: str) -> ActDone:
        """`act` is NOT_ACCEPT or UNNEEDED."""

    def decide(self, command_id: UUID, case_id: CaseId, granted: bool, reason: str) -> ActDone:
        """即办件 at the window, power HANDLE."""

    def preview(
        self, case_id: CaseId, act: Act, text: str, defects: tuple[Defect, ...], width_px: int
    ) -> tuple[bytes, ...]:
        """The paper as the act would make it now, as PNG pages; of a package one paper after another.

        Any act but RECEIVE. Nothing is written and no number drawn. Refused: what the act would be refused with.
        """

    def papers_of(self, case_id: CaseId) -> tuple[PaperRow, ...]: ...

    def paper_pages(self, paper_id: PaperId, width_px: int) -> tuple[bytes, ...]:
        """The paper's pages as PNG, each `width_px` wide."""
