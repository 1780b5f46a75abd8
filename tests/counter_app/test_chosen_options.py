"""A material's buttons: grouped under their words, and what stands is filled, ticked and readable."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from counter_app.take_in.ports import OriginalPlace, Presented
from counter_app.take_in.view_choices import KeyedOption, OptionGroup
from tests.counter_app.bench import Bench
from tests.counter_app.visit_steps import check_all, serve, to_materials
from ui.theme import apply_theme
from ui.tokens import Theme, contrast_ratio, counter_theme

THEMES = [counter_theme(), counter_theme(high_contrast=True), counter_theme(type_factor=1.25)]


@pytest.fixture
def shown(bench: Bench, qtbot: QtBot) -> Bench:
    window = bench.window
    window.presenters.sign_in.press_sign_in("0012", "246810")
    window.presenters.sign_in.press_open()
    window.resize(1366, 768)
    window.show()
    qtbot.waitExposed(window)
    to_materials(serve(bench))
    return bench


def options(bench: Bench) -> list[KeyedOption]:
    return [one for one in bench.window.findChildren(KeyedOption) if one.isVisible()]


def chosen(bench: Bench) -> list[str]:
    ticked = [one.text() for one in options(bench) if one.isChecked()]
    filled = [one.text() for one in options(bench) if one.property("weight") == "chosen"]
    assert ticked == filled
    return ticked


def grouped(bench: Bench) -> dict[str, list[str]]:
    groups = [group for group in bench.window.findChildren(OptionGroup) if group.isVisible()]
    return {
        group.accessibleName(): [one.text() for one in group.findChildren(KeyedOption) if one.isVisible()]
        for group in groups
    }


def test_groups_hold_what_this_material_allows_and_go_with_their_last_button(shown: Bench) -> None:
    materials = shown.window.presenters.slices.materials
    assert grouped(shown) == {
        "核对结果": ["核对无误", "有不符"],
        "收到的是": ["原件", "复印件", "电子证照"],
        "原件去向": ["原件退还", "原件留存", "转交部门"],
    }
    materials.press_presented(Presented.COPY)
    assert grouped(shown) == {
        "核对结果": ["核对无误", "有不符"],
        "收到的是": ["原件", "复印件", "电子证照", "加一份"],
    }
    materials.select(3)
    assert grouped(shown)["核对结果"] == ["核对无误", "有不符", "免交"]
    materials.select(0)
    materials.press_presented(Presented.ORIGINAL)
    materials.select(0)
    check_all(shown.window.presenters)
    shown.window.presenters.slices.take_in.press_main()
    shown.window.presenters.slices.outcome.press_receive()
    shown.window.presenters.slices.take_in.press_step(3)
    assert grouped(shown) == {}


def test_one_of_each_group_stands_and_follows_the_keys(shown: Bench) -> None:
    materials = shown.window.presenters.slices.materials
    assert chosen(shown) == []
    materials.press_presented(Presented.ORIGINAL)
    assert chosen(shown) == ["原件", "原件退还"]
    materials.press_original_place(OriginalPlace.KEPT)
    materials.press_ok()
    materials.select(0)
    assert chosen(shown) == ["核对无误", "原件", "原件留存"]
    materials.press_defect()
    assert chosen(shown) == ["核对无误", "原件", "原件留存"], (
        "what stands is seen while its mismatch is written"
    )
    materials.edit_defect("缺背面")
    materials.press_save_defect()
    materials.select(0)
    assert chosen(shown) == ["有不符", "原件", "原件留存"]
    materials.select(2)
    materials.press_tolerate()
    materials.select(3)
    materials.press_waive()
    materials.select(3)
    assert chosen(shown) == ["免交"]
    materials.select(2)
    assert chosen(shown) == ["容缺"]


def test_a_press_that_is_refused_ticks_nothing(shown: Bench) -> None:
    (right,) = [one for one in options(shown) if one.text() == "核对无误"]
    QTest.mouseClick(right, Qt.MouseButton.LeftButton)
    assert "还没有拍摄" in shown.window.presenters.slices.materials.state.notice.text
    assert chosen(shown) == []


@pytest.mark.parametrize("theme", THEMES, ids=["plain", "high-contrast", "large"])
@pytest.mark.parametrize("enabled", [True, False])
def test_the_chosen_one_is_filled_ticked_and_readable(qtbot: QtBot, theme: Theme, enabled: bool) -> None:
    """WCAG 2.2 AA: 4.5 to 1."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    apply_theme(app, theme)
    option = KeyedOption("T", "原件退还")
    qtbot.addWidget(option)
    option.resize(150, 44)
    option.setEnabled(enabled)
    option.show()
    plain = option.grab().toImage()
    option.show_chosen(True)
    option.ensurePolished()
    picture = option.grab().toImage()
    apply_theme(app, counter_theme())
    ground = picture.pixelColor(8, 8)
    assert ground == QColor(theme.palette.action if enabled else theme.palette.muted)
    assert ground != plain.pixelColor(8, 8)
    inks = {picture.pixelColor(x, y).name() for x in range(20, 140) for y in range(10, 34)}
    assert max(contrast_ratio(ink, ground.name()) for ink in inks) >= 4.5
    ticks = {picture.pixelColor(x, y).name() for x in range(12, 36) for y in range(10, 34)}
    assert len(ticks) > 2, "the tick says it without the colour"
