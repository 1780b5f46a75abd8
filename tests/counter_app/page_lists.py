"""Pages of a material, changed as the hall changes them, and read large."""

from counter_app.take_in.ports import PageRow
from counter_app.values import CaseId, ErrandId, PageId, Refused
from tests.counter_app.fakes import png


class PagePictures:
    """`asked`: (owner, page). `elsewhere`: pages whose picture is not on this PC."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, PageId]] = []
        self.elsewhere: set[str] = set()

    def page_picture(self, case_id: CaseId, page: PageId, width_px: int) -> bytes:
        return self._picture(case_id, page, width_px)

    def errand_page_picture(self, errand_id: ErrandId, page: PageId, width_px: int) -> bytes:
        return self._picture(errand_id, page, width_px)

    def _picture(self, owner: str, page: PageId, width_px: int) -> bytes:
        self.asked.append((owner, page))
        if page in self.elsewhere:
            raise Refused("这一页的图像不在本机。")
        return png(width_px, width_px * 4 // 3)


def with_page(pages: tuple[PageRow, ...], page: PageId) -> tuple[PageRow, ...]:
    return (*pages, PageRow(page, len(pages) + 1, png(84, 112)))


def without(pages: tuple[PageRow, ...], page: PageId) -> tuple[PageRow, ...]:
    return tuple(row for row in pages if row.page_id != page)


def ordered(pages: tuple[PageRow, ...], order: tuple[PageId, ...]) -> tuple[PageRow, ...]:
    by_id = {row.page_id: row for row in pages}
    return tuple(by_id[page] for page in order)
