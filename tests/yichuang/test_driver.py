"""The hands on an app: found by accessible name, pressed, typed and read as a person would."""

import json
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from yichuang.driver import Hands, screens, text_of


class Desk(QWidget):
    """A small window with one of everything."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("示例窗口")
        self.pressed: list[str] = []
        self.line = QLineEdit()
        self.line.setAccessibleName("工号")
        self.line.returnPressed.connect(self._entered)
        self.note = QPlainTextEdit()
        self.note.setAccessibleName("意见")
        self.button = QPushButton("开窗(&K)")
        self.button.setAccessibleName("开窗")
        self.button.clicked.connect(self._opened)
        self.plain = QPushButton("完成")
        self.plain.clicked.connect(self._done)
        self.state = QLabel("等候 3 人")
        self.state.setAccessibleName("排队")
        self.list = QListView()
        self.list.setAccessibleName("可开的窗口")
        self.list.setModel(QStringListModel(["1  综合窗口", "2  综合窗口", "12  专窗"], self.list))
        self.list.activated.connect(self._entered)
        self.combo = QComboBox()
        self.combo.addItems(["身份证", "护照"])
        self.combo.setAccessibleName("证件")
        layout = QVBoxLayout(self)
        for w in (self.line, self.note, self.button, self.plain, self.state, self.list, self.combo):
            layout.addWidget(w)

    def _opened(self) -> None:
        self.pressed.append("开窗")
        self.state.setText("已开窗")

    def _done(self) -> None:
        self.pressed.append("完成")

    def _entered(self) -> None:
        self.pressed.append("回车")


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    window = Desk()
    qtbot.addWidget(window)
    window.resize(600, 700)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    return window


@pytest.fixture
def hands(desk: Desk) -> Hands:
    return Hands(lambda: desk.pressed.append("quit"))


class Asker:
    """Sends one request and reads its answer."""

    def __init__(self, hands: Hands, capsys: pytest.CaptureFixture[str]) -> None:
        self._hands = hands
        self._capsys = capsys

    def __call__(self, op: str, **what: Any) -> dict[str, Any]:
        self._capsys.readouterr()
        self._hands.obey({"id": 7, "op": op, "timeout_s": 0.3, **what})
        (line,) = self._capsys.readouterr().out.splitlines()
        answer: dict[str, Any] = json.loads(line)
        assert answer["id"] == 7
        return answer


@pytest.fixture
def ask(hands: Hands, capsys: pytest.CaptureFixture[str]) -> Asker:
    return Asker(hands, capsys)


def test_a_button_is_pressed_by_its_accessible_name_or_its_text(ask: Asker, desk: Desk) -> None:
    assert ask("press", name="开窗")["ok"]
    assert ask("press", name="完成", times=2)["ok"]
    assert desk.pressed == ["开窗", "完成", "完成"]


def test_a_disabled_button_is_told_apart_from_a_missing_one(ask: Asker, desk: Desk) -> None:
    desk.button.setEnabled(False)
    disabled, missing = ask("press", name="开窗"), ask("press", name="没有")
    assert not disabled["ok"]
    assert "cannot be pressed now" in disabled["error"]
    assert "cannot see" in missing["error"]
    assert "等候 3 人" in missing["seen"]
    assert desk.pressed == []


def test_what_is_hidden_cannot_be_pressed(ask: Asker, desk: Desk) -> None:
    desk.button.hide()
    assert not ask("press", name="开窗")["ok"]


def test_typing_replaces_what_was_there(ask: Asker, desk: Desk) -> None:
    ask("type", name="工号", text="1001")
    ask("type", name="工号", text="2002", enter=True)
    assert desk.line.text() == "2002"
    assert desk.pressed == ["回车"]
    ask("type", name="工号", text="")
    assert desk.line.text() == ""


def test_chinese_is_typed_as_an_input_method_does(ask: Asker, desk: Desk) -> None:
    assert ask("type", name="意见", text="材料齐全")["ok"]
    assert desk.note.toPlainText() == "材料齐全"


def test_a_line_is_chosen_by_its_words(ask: Asker, desk: Desk) -> None:
    assert ask("choose", name="可开的窗口", text="12  ")["ok"]
    assert desk.list.currentIndex().row() == 2
    assert not ask("choose", name="可开的窗口", text="13  ")["ok"]
    assert ask("rows", name="可开的窗口")["value"] == ["1  综合窗口", "2  综合窗口", "12  专窗"]


def test_keys_go_where_the_focus_is(ask: Asker, desk: Desk) -> None:
    desk.line.setFocus(Qt.FocusReason.OtherFocusReason)
    ask("keys", text="A001")
    assert desk.line.text() == "A001"
    assert desk.pressed == ["回车"]
    ask("key", key="Backspace")
    assert desk.line.text() == "A00"


def test_everything_that_can_be_read_is_told(ask: Asker) -> None:
    texts = ask("texts")["value"]
    assert "等候 3 人" in texts
    assert "1  综合窗口\n2  综合窗口\n12  专窗" in texts
    assert ask("text", name="排队")["value"] == "等候 3 人"
    assert "证件" in ask("names")["value"]


def test_waiting_for_a_text_and_for_its_end(ask: Asker, desk: Desk) -> None:
    assert ask("wait", text="等候")["value"] == "等候 3 人"
    desk.button.click()
    assert ask("wait", text="等候", gone=True)["ok"]
    assert ask("wait", text="已开窗", name="排队")["ok"]
    failed = ask("wait", text="从来没有")
    assert not failed["ok"]
    assert "waited in vain" in failed["error"]


def test_a_picture_is_taken(ask: Asker, tmp_path: Path) -> None:
    path = tmp_path / "shots" / "desk.png"
    assert ask("grab", path=str(path))["value"] == str(path)
    assert path.read_bytes().startswith(b"\x89PNG")


def test_an_unknown_act_and_a_wrong_request_are_answered(ask: Asker) -> None:
    assert "KeyError" in ask("fly")["error"]
    assert "KeyError" in ask("press")["error"]


def test_quit_answers_before_it_ends(ask: Asker, desk: Desk) -> None:
    assert ask("quit")["ok"]
    assert desk.pressed == ["quit"]


def test_a_combo_box_reads_as_its_choice(desk: Desk) -> None:
    assert text_of(desk.combo) == "身份证"


def test_two_screens_lie_side_by_side(tmp_path: Path) -> None:
    first, second = json.loads(screens(tmp_path, 1366, 768).read_text(encoding="utf-8"))["screens"]
    assert (first["x"], first["width"], first["height"]) == (0, 1366, 768)
    assert second["x"] == 1366
