"""A reason that is being typed is saved or given up before anything else; no key loses it."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from counter_app.keys import KEYS, Action, key_of
from counter_app.take_in.ports import MaterialState
from counter_app.take_in.state import Step
from counter_app.values import CaseId
from counter_app.view_parts import KeyButton
from counter_app.view_window import Presenters
from counter_app.visit.state import Page
from tests.counter_app.bench import Bench
from tests.counter_app.fakes import HeldRunner
from tests.counter_app.visit_steps import serve, to_materials

TEXT = "没有签名，请签名并写上日期"


@pytest.fixture
def writing(bench: Bench) -> Presenters:
    p = serve(bench)
    to_materials(p)
    p.slices.materials.press_defect()
    p.slices.materials.edit_defect(TEXT)
    return p


def test_only_saving_and_giving_up_are_offered(writing: Presenters) -> None:
    step = writing.visit.state.next_step
    assert (step.main, step.unchecked, step.missing) == ("", (), ())
    assert [(hint.text, key_of(hint.action)) for hint in step.hints] == [
        ("保存不符", "回车"),
        ("取消", "Esc"),
    ]
    assert [hint.leads for hint in step.hints] == [True, False]


@pytest.mark.parametrize(
    "action", [row.action for row in KEYS if row.action not in {*"back lock help enlarge".split()}]
)
def test_no_key_leaves_what_is_typed(writing: Presenters, action: Action) -> None:
    writing.visit.act(action)
    s = writing.slices
    assert s.materials.state.writing_defect
    assert s.materials.state.defect_text == TEXT
    assert "先按回车保存，或按 Esc 取消" in s.materials.state.notice.text
    assert (writing.visit.state.page, s.take_in.state.step) == (Page.TAKE_IN, Step.MATERIALS)
    assert s.queue.state.choice is None
    assert not s.find.state.open


def test_saved_by_the_button_and_the_keys_go_on_again(writing: Presenters) -> None:
    writing.visit.act(Action.SAVE)
    s = writing.slices
    assert s.materials.state.materials[0].state is MaterialState.DEFECTIVE
    assert s.materials.state.materials[0].defect == TEXT
    assert writing.visit.state.next_step.main == "去确认收件"
    writing.visit.act(Action.MAIN)
    assert s.take_in.state.step is Step.REVIEW


def test_given_up_by_esc(writing: Presenters) -> None:
    writing.visit.act(Action.BACK)
    materials = writing.slices.materials
    assert not materials.state.writing_defect
    materials.press_defect()
    assert materials.state.defect_text == ""


def test_another_row_or_case_loses_nothing(bench: Bench, writing: Presenters) -> None:
    materials = writing.slices.materials
    materials.move(1)
    assert not materials.state.writing_defect
    materials.press_defect()
    assert materials.state.defect_text == ""
    materials.press_back()
    other = replace(bench.hall.cases[CaseId("c1")], case_id=CaseId("c2"))
    cases = writing.visit._cases
    cases.put(other, select=True)
    cases.select(0)
    materials.select(0)
    materials.press_defect()
    assert materials.state.defect_text == TEXT
    materials.press_save_defect()
    materials.select(0)
    materials.press_defect()
    assert materials.state.defect_text == TEXT, "the saved one"


def test_alt_and_a_number_wait_too_and_the_button_is_filled(
    bench: Bench, writing: Presenters, qtbot: QtBot
) -> None:
    sign_in = bench.window.presenters.sign_in
    sign_in.press_sign_in("0012", "246810")
    sign_in.press_open()
    bench.window.show()
    qtbot.waitExposed(bench.window)
    buttons = bench.window.desk.next.findChildren(KeyButton)
    shown = [b for b in buttons if b.isVisible() and b.property("kind") == "primary"]
    assert [b.text() for b in shown] == ["保存不符"]
    captures = [b for b in bench.window.findChildren(KeyButton) if b.action is Action.CAPTURE]
    assert [b.text() for b in captures if b.isVisible()] == []
    QTest.keyClick(bench.window.desk, Qt.Key.Key_4, Qt.KeyboardModifier.AltModifier)
    assert writing.slices.take_in.state.step is Step.MATERIALS
    assert writing.slices.materials.state.writing_defect
    shown[0].click()
    assert writing.slices.materials.state.materials[0].state is MaterialState.DEFECTIVE


def test_enter_and_f9_in_one_go_are_both_taken(writing: Presenters) -> None:
    held = HeldRunner()
    writing.slices.materials._commands._runner = held
    writing.visit.act(Action.SAVE)
    writing.visit.act(Action.MAIN)
    assert writing.slices.take_in.state.step is Step.REVIEW
    held.run()
    assert writing.slices.materials.state.materials[0].defect == TEXT
