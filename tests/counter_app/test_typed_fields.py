"""Fields show what they will store: nothing invisible, and the limit when it comes near."""

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from counter_app.view_parts import CountLabel, FormField
from hall.journal.typed_text import ADDRESS, NAME

SIGNS = "\u202e\u2066\u200b\ufeff\x07"


def field(qtbot: QtBot) -> FormField:
    made = FormField("住址", rule=ADDRESS)
    qtbot.addWidget(made)
    made.show()
    return made


def test_pasted_direction_marks_never_show(qtbot: QtBot) -> None:
    made = field(qtbot)
    QApplication.clipboard().setText(f"示{SIGNS}例\u202c路")
    made.line.paste()
    assert made.text() == "示例路"


def test_the_cursor_stays_behind_what_was_pasted(qtbot: QtBot) -> None:
    made = field(qtbot)
    made.show_text("𠮷路")
    made.line.setCursorPosition(2)
    QApplication.clipboard().setText("\u202e𠮷\u202c田")
    made.line.paste()
    QTest.keyClicks(made.line, "a")
    assert made.text() == "𠮷𠮷田a路"


@pytest.mark.parametrize("text", ["买买提·吐尔逊", "\u0645\u06d5\u0646\u200c\u0645\u0648", "𬎆葛\U000e0100"])
def test_names_of_every_script_can_be_typed(qtbot: QtBot, text: str) -> None:
    made = field(qtbot)
    made.line.insert(text)
    assert made.text() == text


def test_the_limit_is_told_when_it_comes_near_and_nothing_is_cut(qtbot: QtBot) -> None:
    made = field(qtbot)
    count = made.findChild(CountLabel)
    assert isinstance(count, CountLabel)
    made.show_text("路" * 159)
    assert count.isHidden()
    made.show_text("路" * 160)
    assert (count.isHidden(), count.text()) == (False, "已写 160 字，最多 200 字")
    made.show_text("路" * 240)
    assert made.text() == "路" * 240
    assert count.property("tone") == "wrong"
    assert NAME.most == 100
