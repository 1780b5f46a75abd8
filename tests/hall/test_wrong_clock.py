"""A PC whose clock is wrong prints no time of day: the node's business day is what is certain."""

from datetime import timedelta

import pytest

from hall.catalogue.loading import resources_dir
from hall.handouts import errand_receipt
from hall.intake import views
from hall.papers.content import Receipt
from hall.papers.faces import FontSet
from hall.papers.press import PaperPress
from hall.paperwork import china_time_of, make_paper, papers_of
from hall.reference import Reference, load_reference
from tests.hall.builders import DAY, Machine
from tests.hall.papers.reading import FONTS, pdfium_text


@pytest.fixture(scope="module")
def ref() -> Reference:
    return load_reference(resources_dir(), "changji")


@pytest.fixture(scope="module")
def press() -> PaperPress:
    return PaperPress(FontSet.in_folder(FONTS))


@pytest.mark.parametrize(("days", "timed"), [(0, True), (-400, False), (2, False)])
def test_the_receipt_tells_the_time_only_of_a_clock_on_the_nodes_day(
    hall: Machine, ref: Reference, press: PaperPress, days: int, timed: bool
) -> None:
    hall.hand_clock.later(days=days)
    case = hall.received()
    row = hall.case(case)
    (name,) = hall.look(papers_of, row)
    with hall.store.read() as conn:
        made = make_paper(conn, ref, row, name)
    assert isinstance(made, Receipt)
    text = pdfium_text(press.render(made))
    clock_day = DAY + timedelta(days=days)
    assert ("2026年3月2日10时00分" in text) is timed
    assert "收到时间2026年3月2日" in text
    assert timed or f"{clock_day.year}年{clock_day.month}月{clock_day.day}日" not in text


def test_so_does_the_receipt_of_what_was_brought_later(hall: Machine, ref: Reference) -> None:
    case = hall.corrected()
    hall.hand_clock.later(days=2)
    errand = hall.look(views.errand_by_id, hall.handed_in(hall.case(case).case_no))
    assert china_time_of(errand.opened_ms).date() != errand.handed_in_on
    with hall.store.read() as conn:
        assert errand_receipt(conn, ref, errand, None).received_at == DAY
