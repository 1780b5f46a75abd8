"""Ctrl+K finds a case by its number as papers print it: in groups of four."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from counter_app.backend.find_desk import Finding
from hall.papers.wording import grouped
from tests.counter_app.desk_rig import Rig, make_rig
from tests.counter_app.test_papers_at_the_window import received_here


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = make_rig(tmp_path)
    yield made
    made.close()


def test_the_number_of_a_paper_is_found_with_its_spaces(rig: Rig) -> None:
    case_no = rig.pc.case(rig.pc.draft()).case_no
    assert grouped(case_no) != case_no
    full_width = "".join(chr(ord(digit) + 0xFEE0) for digit in case_no)
    for typed in (case_no, grouped(case_no), f" {grouped(case_no)} ", full_width):
        assert case_no in [row.key for row in Finding(rig.bench).find(typed)]


def test_marks_that_nobody_sees_hide_no_name_and_stop_no_search(rig: Rig) -> None:
    case = received_here(rig, "古丽·阿不都")
    for typed in ("\u2066古丽·阿不都\u2069", "古丽·阿不都\n", "\ufeff古丽·", "古丽\ud842·"):
        assert rig.pc.case(case).case_no in [row.key for row in Finding(rig.bench).find(typed)]
