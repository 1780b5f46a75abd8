"""Where pages go: a case's materials or an errand's. The capture page knows only slots. No Qt."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from counter_app.corrections.ports import CorrectionDesk, ErrandView
from counter_app.take_in.ports import CaseView, IntakeDesk, MaterialState, PageRow
from counter_app.take_in.state import needed_text
from counter_app.values import CaseId, ErrandId, MaterialId, PageId


@dataclass(frozen=True, slots=True)
class Slot:
    """One material that pages can be shot for."""

    material_id: MaterialId
    name: str
    needed: str
    pages: tuple[PageRow, ...] = ()
    open: bool = True
    """Still waits for pages: offered next."""


class PageTarget(Protocol):
    """Every method runs on a worker thread and may raise Refused; who changes pages gets all slots afterwards."""

    def slots(self) -> tuple[Slot, ...]: ...

    def attach(self, command_id: UUID, material_id: MaterialId, page: PageId) -> tuple[Slot, ...]: ...

    def remove(self, command_id: UUID, material_id: MaterialId, page: PageId) -> tuple[Slot, ...]: ...

    def reorder(
        self, command_id: UUID, material_id: MaterialId, pages: tuple[PageId, ...]
    ) -> tuple[Slot, ...]: ...

    def picture(self, page: PageId, width_px: int) -> bytes:
        """A page to be read, PNG."""


class CasePages:
    """Pages of a case. `seen` gets each new CaseView, on the worker thread."""

    def __init__(self, *, desk: IntakeDesk, case_id: CaseId, seen: Callable[[CaseView], None]) -> None:
        self._desk = desk
        self._case_id = case_id
        self._seen = seen

    def slots(self) -> tuple[Slot, ...]:
        return self._slots(self._desk.case(self._case_id))

    def attach(self, command_id: UUID, material_id: MaterialId, page: PageId) -> tuple[Slot, ...]:
        return self._slots(self._desk.attach_page(command_id, self._case_id, material_id, page))

    def remove(self, command_id: UUID, material_id: MaterialId, page: PageId) -> tuple[Slot, ...]:
        return self._slots(self._desk.remove_page(command_id, self._case_id, material_id, page))

    def reorder(
        self, command_id: UUID, material_id: MaterialId, pages: tuple[PageId, ...]
    ) -> tuple[Slot, ...]:
        return self._slots(self._desk.order_pages(command_id, self._case_id, material_id, pages))

    def picture(self, page: PageId, width_px: int) -> bytes:
        return self._desk.page_picture(self._case_id, page, width_px)

    def _slots(self, case: CaseView) -> tuple[Slot, ...]:
        self._seen(case)
        closed = (MaterialState.WAIVED, MaterialState.TOLERATED)
        return tuple(
            Slot(m.material_id, m.name, needed_text(m), m.pages, not m.pages and m.state not in closed)
            for m in case.materials
        )


class ErrandPages:
    """Pages of an errand. `seen` gets each new ErrandView, on the worker thread."""

    def __init__(
        self,
        *,
        desk: CorrectionDesk,
        errand: ErrandView,
        seen: Callable[[ErrandView], None],
    ) -> None:
        self._desk = desk
        self._errand_id: ErrandId = errand.errand_id
        self._errand = errand
        self._seen = seen

    def slots(self) -> tuple[Slot, ...]:
        return self._slots(self._errand)

    def attach(self, command_id: UUID, material_id: MaterialId, page: PageId) -> tuple[Slot, ...]:
        return self._slots(self._desk.attach_errand_page(command_id, self._errand_id, material_id, page))

    def remove(self, command_id: UUID, material_id: MaterialId, page: PageId) -> tuple[Slot, ...]:
        return self._slots(self._desk.remove_errand_page(command_id, self._errand_id, material_id, page))

    def reorder(
        self, command_id: UUID, material_id: MaterialId, pages: tuple[PageId, ...]
    ) -> tuple[Slot, ...]:
        return self._slots(self._desk.order_errand_pages(command_id, self._errand_id, material_id, pages))

    def picture(self, page: PageId, width_px: int) -> bytes:
        return self._desk.errand_page_picture(self._errand_id, page, width_px)

    def _slots(self, errand: ErrandView) -> tuple[Slot, ...]:
        self._errand = errand
        self._seen(errand)
        return tuple(Slot(m.material_id, m.name, m.defect, m.pages, not m.pages) for m in errand.materials)
