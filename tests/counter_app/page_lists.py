"""Pages of a material, changed as the hall changes them."""

from counter_app.take_in.ports import PageRow
from counter_app.values import PageId
from tests.counter_app.fakes import png


def with_page(pages: tuple[PageRow, ...], page: PageId) -> tuple[PageRow, ...]:
    return (*pages, PageRow(page, len(pages) + 1, png(84, 112)))


def without(pages: tuple[PageRow, ...], page: PageId) -> tuple[PageRow, ...]:
    return tuple(row for row in pages if row.page_id != page)


def ordered(pages: tuple[PageRow, ...], order: tuple[PageId, ...]) -> tuple[PageRow, ...]:
    by_id = {row.page_id: row for row in pages}
    return tuple(by_id[page] for page in order)
