"""What a person sees when a program does not start."""

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui import view_refusal
from ui.view_refusal import DamageWatch, RefusalBox, first_sentence, refuse


def test_the_first_sentence_stands_out_and_nothing_is_lost() -> None:
    assert first_sentence("一。二？三！") == ("一。", "二？三！")
    assert first_sentence("没有句号") == ("没有句号", "")


def test_the_box_has_one_button_that_closes_it(qtbot: QtBot) -> None:
    box = RefusalBox("数据文件有损坏。请通知信息科。\n信息科：恢复备份。")
    qtbot.addWidget(box)
    assert [label.text() for label in box.labels] == [
        "数据文件有损坏。",
        "请通知信息科。",
        "信息科：恢复备份。",
    ]
    box.show()
    box.button.click()
    assert not box.isVisible()


def test_where_there_is_a_screen_it_is_a_window_too(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(view_refusal.QApplication, "platformName", lambda: "windows")
    monkeypatch.setattr(view_refusal, "apply_theme", lambda *_: None)
    monkeypatch.setattr(RefusalBox, "exec", lambda box: shown.append(box.labels[0].text()))
    refuse("已经开了一个。请用它。")
    assert shown == ["已经开了一个。"]
    assert "已经开了一个。请用它。" in capsys.readouterr().err


def test_damage_that_is_found_later_is_shown_once(qtbot: QtBot) -> None:
    watch = DamageWatch()
    watch.found.emit("坏了。")
    watch.found.emit("坏了。")
    qtbot.waitUntil(lambda: watch.box is not None)
    assert watch.box is not None
    qtbot.addWidget(watch.box)
    assert watch.box.isVisible()
    assert not watch.box.isModal()
