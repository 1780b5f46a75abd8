"""F12 and Ctrl+T with a case in the middle of its work: asked first, and what stays is named."""

import pytest

from counter_app.keys import Action
from counter_app.queue_panel.presenter import Asking
from counter_app.take_in.ports import CaseStage
from counter_app.view_window import Presenters
from counter_app.visit.state import Page
from tests.counter_app.bench import Bench
from tests.counter_app.fakes import LONG_NAME
from tests.counter_app.visit_steps import check_all, serve, to_materials


def title(p: Presenters) -> str:
    choice = p.slices.queue.state.choice
    assert choice is not None
    return choice.title


def test_f12_twice_and_enter_goes_on_with_the_case(bench: Bench) -> None:
    p = serve(bench)
    to_materials(p)
    for _ in range(2):
        p.visit.act(Action.DONE)
    assert "还没有办完：《新生儿出生“一件事”》还没有收件" in title(p)
    assert "交回大厅" in title(p)
    p.visit.enter()
    assert p.slices.queue.state.choice is None
    assert [e[0] for e in bench.hall.effects] == ["call", "start"]
    assert p.visit.state.page is Page.TAKE_IN


def test_who_insists_is_asked_for_the_outcome_and_the_draft_stays(bench: Bench) -> None:
    p = serve(bench)
    to_materials(p)
    p.visit.act(Action.DONE)
    p.slices.queue.place_choice(1)
    p.visit.enter()
    assert p.slices.queue.state.asking is Asking.DONE
    p.visit.enter()
    assert bench.hall.effects[-1][0] == "done"
    assert bench.hall.cases["c1"].stage is CaseStage.DRAFT
    assert bench.hall.cases["c1"].applicant.name == LONG_NAME


def test_a_transfer_asks_too(bench: Bench) -> None:
    p = serve(bench)
    to_materials(p)
    p.visit.act(Action.TRANSFER)
    assert p.slices.queue.state.asking is Asking.LEAVE
    p.slices.queue.place_choice(1)
    p.visit.enter()
    assert p.slices.queue.state.asking is Asking.TRANSFER


@pytest.mark.parametrize(
    ("presses", "words"), [(2, "已收件，还没有作决定"), (3, "已受理，还没有派件"), (5, "")]
)
def test_a_case_is_finished_when_it_is_on_its_way(bench: Bench, presses: int, words: str) -> None:
    p = serve(bench)
    to_materials(p)
    check_all(p)
    for _ in range(presses):
        p.visit.act(Action.MAIN)
    p.visit.act(Action.DONE)
    if words:
        assert words in title(p)
    else:
        assert p.slices.queue.state.asking is Asking.DONE


def test_a_draft_that_nobody_filled_in_is_no_case(bench: Bench) -> None:
    p = serve(bench)
    p.slices.take_in.type_item("xse")
    p.slices.take_in.press_open_item()
    p.visit.act(Action.DONE)
    assert p.slices.queue.state.asking is Asking.DONE
