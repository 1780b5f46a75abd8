"""Ctrl+K finds a case by its number as papers print it: in groups of four."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from counter_app.backend.find_desk import Finding
from hall.papers.wording import grouped
from tests.counter_app.desk_rig import Rig, make_rig


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = make_rig(tmp_path)
    yield made
    made.close()


def test_the_number_of_a_paper_is_found_with_its_spaces(rig: Rig) -> None:
    case_no = rig.pc.case(rig.pc.draft()).case_no
    assert grouped(case_no) != case_no
    for typed in (case_no, grouped(case_no), f" {grouped(case_no)} "):
        assert case_no in [row.key for row in Finding(rig.bench).find(typed)]
