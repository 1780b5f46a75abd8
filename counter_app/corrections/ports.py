"""What an errand needs from the hall (design: what a citizen hands in never needs the case)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from counter_app.take_in.ports import CaseView, PageRow
from counter_app.values import ErrandId, MaterialId, PageId, PaperRow, TicketId


class ErrandKind(StrEnum):
    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"
    LOST_SLIP = "lost_slip"
    AUTHORISATION = "authorisation"


@dataclass(frozen=True, slots=True)
class OpenCorrection:
    """What this hall knows of the case behind a code. `known` False: nothing, the errand is opened by code alone."""

    case_no: str
    known: bool
    item_name: str = ""
    masked_name: str = ""
    due_text: str = ""
    held_by: str = ""
    """Where the case lies now, in words (「2号窗口」「公安局席位」)."""


@dataclass(frozen=True, slots=True)
class ErrandMaterial:
    """One thing that was asked for (or one free slot 「其他材料」)."""

    material_id: MaterialId
    name: str
    defect: str
    pages: tuple[PageRow, ...] = ()


@dataclass(frozen=True, slots=True)
class ErrandView:
    errand_id: ErrandId
    kind: ErrandKind
    case_no: str
    item_name: str
    masked_name: str
    materials: tuple[ErrandMaterial, ...]
    state_text: str


@dataclass(frozen=True, slots=True)
class ErrandDone:
    errand: ErrandView
    receipt: PaperRow


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """A receipt that was given at this window."""

    case_no: str
    paper: PaperRow


class CorrectionDesk(Protocol):
    """Every method may raise Refused; called on a worker thread. The same command id twice has one effect."""

    def find_correction(self, code: str) -> OpenCorrection: ...

    def find_case(self, case_no: str) -> CaseView:
        """As IntakeDesk.find_case."""

    def open_errand(
        self, command_id: UUID, ticket_id: TicketId | None, case_no: str, kind: ErrandKind
    ) -> ErrandView: ...

    def attach_errand_page(
        self, command_id: UUID, errand_id: ErrandId, material_id: MaterialId, page: PageId
    ) -> ErrandView: ...

    def remove_errand_page(
        self, command_id: UUID, errand_id: ErrandId, material_id: MaterialId, page: PageId
    ) -> ErrandView: ...

    def order_errand_pages(
        self, command_id: UUID, errand_id: ErrandId, material_id: MaterialId, pages: tuple[PageId, ...]
    ) -> ErrandView: ...

    def errand_page_picture(self, errand_id: ErrandId, page: PageId, width_px: int) -> bytes:
        """As IntakeDesk.page_picture."""

    def finish_errand(self, command_id: UUID, errand_id: ErrandId) -> ErrandDone: ...

    def receipts(self) -> tuple[ReceiptRow, ...]:
        """Of this window, newest first: today's, and those of a month that are not known to be out."""
