"""Who comes back with what was missing: the number says so, and a second case for it is not opened unseen."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from counter_app.backend.case_view import case_view
from counter_app.backend.queue_desk import Queueing
from hall.queueing.model import CORRECTION_ZH
from tests.counter_app.desk_rig import Rig, make_rig
from tests.hall.builders import item


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = make_rig(tmp_path)
    yield made
    made.close()


def earlier(rig: Rig, case: str) -> str:
    with rig.pc.store.read() as conn:
        return case_view(rig.bench, conn, rig.pc.case(case)).to_correct


def test_the_number_says_that_a_correction_is_brought(rig: Rig) -> None:
    series = rig.bench.window.series[0]
    told = {"business_day": rig.bench.day(), "queue": series}
    rig.pc.ticket(matter=CORRECTION_ZH, **told)
    rig.pc.ticket(matter=CORRECTION_ZH, item_id="p11-03", **told)
    rig.pc.ticket(**told)
    shown = Queueing(rig.bench).board().waiting
    assert [(t.business, t.corrects) for t in shown] == [
        (CORRECTION_ZH, True), (CORRECTION_ZH, False), ("示例经营许可", False),
    ]  # fmt: skip


def test_a_draft_knows_of_a_correction_for_the_same_item_and_person(rig: Rig) -> None:
    pc = rig.pc
    first = pc.draft()
    pc.applicant(first)
    assert earlier(rig, first) == ""
    again = pc.draft()
    assert earlier(rig, again) == "", "nobody is named yet"
    pc.applicant(again)
    assert earlier(rig, again) == "", "nothing is to be corrected"
    pc.check_all(first)
    pc.receive(first)
    pc.correct(first)
    assert earlier(rig, again) == pc.case(first).case_no
    assert earlier(rig, first) == "", "not of itself"
    other = pc.draft(item=item(id="x-2"))
    pc.applicant(other)
    assert earlier(rig, other) == ""
