"""The working hall's errands: what is brought for a case, and the receipts."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from counter_app.corrections.ports import (
    ErrandDone,
    ErrandKind,
    ErrandMaterial,
    ErrandView,
    OpenCorrection,
    ReceiptRow,
)
from counter_app.take_in.ports import PageRow
from counter_app.values import ErrandId, MaterialId, PageId, PaperId, PaperRow, PrintMark, TicketId
from tests.counter_app.fakes import FakeQueue
from tests.counter_app.page_lists import ordered, with_page, without


class FakeErrands(FakeQueue):
    """CorrectionDesk. `mark`: of every paper of the hall."""

    def __init__(self) -> None:
        super().__init__()
        self.errands: dict[str, ErrandView] = {}
        self.given: list[ReceiptRow] = []
        self.mark = PrintMark.NONE

    def find_correction(self, code: str) -> OpenCorrection:
        if not code.startswith("6523"):
            return OpenCorrection(code, False)
        return OpenCorrection(code, True, "食品经营许可", "买**·吐", "补正至 11-30", "2号窗口")

    def open_errand(
        self, command_id: UUID, ticket_id: TicketId | None, case_no: str, kind: ErrandKind
    ) -> ErrandView:
        def effect() -> ErrandView:
            materials = (
                ErrandMaterial(MaterialId("e1"), "经营场所平面图", "缺少尺寸，应标明长宽"),
                ErrandMaterial(MaterialId("e2"), "其他材料", ""),
            )
            errand = ErrandView(
                ErrandId(f"e-{case_no}"), kind, case_no, "食品经营许可", "买**·吐", materials, "收件中"
            )
            self.errands[errand.errand_id] = errand
            return errand

        return self.once(command_id, effect)

    def attach_errand_page(
        self, command_id: UUID, errand_id: ErrandId, material_id: MaterialId, page: PageId
    ) -> ErrandView:
        return self._errand(command_id, errand_id, material_id, lambda pages: with_page(pages, page))

    def remove_errand_page(
        self, command_id: UUID, errand_id: ErrandId, material_id: MaterialId, page: PageId
    ) -> ErrandView:
        return self._errand(command_id, errand_id, material_id, lambda pages: without(pages, page))

    def order_errand_pages(
        self, command_id: UUID, errand_id: ErrandId, material_id: MaterialId, pages: tuple[PageId, ...]
    ) -> ErrandView:
        return self._errand(command_id, errand_id, material_id, lambda old: ordered(old, pages))

    def finish_errand(self, command_id: UUID, errand_id: ErrandId) -> ErrandDone:
        errand = replace(self.errands[errand_id], state_text="已收下")
        receipt = PaperRow(PaperId(f"r-{errand_id}"), "补正材料收件凭证", errand.case_no, 1)
        self.given.append(ReceiptRow(errand.case_no, receipt))
        return ErrandDone(errand, receipt)

    def receipts(self) -> tuple[ReceiptRow, ...]:
        rows = reversed(self.given)
        return tuple(replace(row, paper=replace(row.paper, mark=self.mark)) for row in rows)

    def _errand(
        self,
        command_id: UUID,
        errand_id: ErrandId,
        material_id: MaterialId,
        change: Callable[[tuple[PageRow, ...]], tuple[PageRow, ...]],
    ) -> ErrandView:
        def effect() -> ErrandView:
            old = self.errands[errand_id]
            rows = tuple(
                replace(m, pages=change(m.pages)) if m.material_id == material_id else m
                for m in old.materials
            )
            self.errands[errand_id] = replace(old, materials=rows)
            return self.errands[errand_id]

        return self.once(command_id, effect)
