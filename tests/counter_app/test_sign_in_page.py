"""The first page of the day: nothing on it is cut, whatever is said above the fields."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from counter_app.sign_in.view import LockView, SignInView
from tests.counter_app.bench import Bench, close, make_bench


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    found = make_bench()
    yield found
    close(found)


def lines_of(page: SignInView | LockView) -> list[QLineEdit]:
    return [line for line in page.findChildren(QLineEdit) if line.isVisible()]


@pytest.mark.parametrize("size", [(1024, 576), (1093, 614), (1366, 768)])
def test_the_fields_are_whole_also_below_a_notice(bench: Bench, size: tuple[int, int], qtbot: QtBot) -> None:
    window, sign_in = bench.window, bench.window.presenters.sign_in
    page = window.findChild(SignInView)
    assert page is not None
    window.resize(*size)
    window.show()
    qtbot.waitExposed(window)
    for words in ("", "1357"):
        if words:
            sign_in.press_sign_in("0012", words)
        qtbot.wait(1)
        assert len(lines_of(page)) == 2
        for line in lines_of(page):
            assert line.parentWidget().height() >= line.geometry().bottom()


def test_the_pin_of_the_lock_is_whole(bench: Bench, qtbot: QtBot) -> None:
    window, sign_in = bench.window, bench.window.presenters.sign_in
    window.resize(1093, 614)
    window.show()
    qtbot.waitExposed(window)
    sign_in.press_sign_in("0012", "246810")
    sign_in.press_open()
    sign_in.press_lock()
    qtbot.wait(1)
    page = window.findChild(LockView)
    assert page is not None
    (line,) = lines_of(page)
    assert line.parentWidget().height() >= line.geometry().bottom()
