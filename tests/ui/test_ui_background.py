"""Runner, fault hooks, fonts, icons."""

import logging
import sys
import threading

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from ui.fault_hooks import FaultHooks
from ui.fonts import load_fonts
from ui.icons import icon_pixmap
from ui.resource_files import resource_path
from ui.runner import QtRunner


def test_runner_works_elsewhere_and_returns_here(qtbot: QtBot) -> None:
    runner = QtRunner("test")
    names: list[str] = []
    here: list[bool] = []

    def done(name: str) -> None:
        names.append(name)
        here.append(threading.current_thread() is threading.main_thread())

    runner.submit(lambda: threading.current_thread().name, done, pytest.fail)  # type: ignore[arg-type]
    qtbot.waitUntil(lambda: bool(names))
    runner.close()
    assert names[0].startswith("test")
    assert here == [True]


def test_runner_reports_failures_and_keeps_order(qtbot: QtBot) -> None:
    runner = QtRunner("test")
    seen: list[str] = []
    runner.submit(lambda: 1 / 0, lambda _: seen.append("done"), lambda e: seen.append(type(e).__name__))
    runner.submit(lambda: "second", seen.append, lambda _: seen.append("failed"))
    qtbot.waitUntil(lambda: len(seen) == 2)
    runner.close()
    assert seen == ["ZeroDivisionError", "second"]


def test_closed_runner_delivers_nothing(qtbot: QtBot) -> None:
    runner = QtRunner("test")
    started, go_on = threading.Event(), threading.Event()
    seen: list[object] = []

    def work() -> int:
        started.set()
        go_on.wait(10)
        return 1

    runner.submit(work, seen.append, seen.append)
    runner.submit(lambda: 2, seen.append, seen.append)
    assert started.wait(10)
    go_on.set()
    runner.close()
    for _ in range(5):
        qtbot.wait(0)
    assert seen == []


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="bools are immortal from 3.12 on")
def test_emit_does_not_lose_references_to_true(qtbot: QtBot) -> None:
    """PySide6 6.12.0 lost one on every emit, which kills Python 3.11 after some hundred signals."""

    class Bell(QObject):
        rung = Signal(object)

    bell = Bell()
    before = sys.getrefcount(True)
    for _ in range(5000):
        bell.rung.emit(True)
    assert abs(sys.getrefcount(True) - before) < 50


def test_fault_hooks_log_without_id_numbers_and_apologise(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    hooks = FaultHooks()
    texts: list[str] = []
    hooks.faulted.connect(texts.append)
    old = sys.excepthook
    hooks.install()
    try:
        with caplog.at_level(logging.ERROR):
            try:
                raise ValueError("card 65230119900101001X broke")
            except ValueError as error:
                sys.excepthook(ValueError, error, error.__traceback__)
    finally:
        hooks.remove()
    assert sys.excepthook is old
    assert len(texts) == 1
    assert "ValueError" in caplog.text
    assert "6523011990" not in caplog.text


def test_fault_hooks_see_threads(qtbot: QtBot) -> None:
    hooks = FaultHooks()
    hooks.install()
    try:
        with qtbot.waitSignal(hooks.faulted):
            thread = threading.Thread(target=lambda: 1 / 0)
            thread.start()
            thread.join()
    finally:
        hooks.remove()


def test_interrupt_is_not_swallowed(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    passed: list[type[BaseException]] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: passed.append(kind))
    hooks = FaultHooks()
    hooks.install()
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    hooks.remove()
    assert passed == [KeyboardInterrupt]


def test_fonts_are_there(qtbot: QtBot) -> None:
    assert {"Noto Sans SC", "Noto Naskh Arabic"} <= set(load_fonts())


def test_every_icon_takes_a_colour(qtbot: QtBot) -> None:
    names = sorted(path.stem for path in resource_path("icons").glob("*.svg"))
    assert len(names) > 40
    for name in names:
        image = icon_pixmap(name, 24, QColor("#ff0000")).toImage()
        inked = {
            image.pixelColor(x, y).red()
            for x in range(24)
            for y in range(24)
            if image.pixelColor(x, y).alpha() > 200
        }
        assert inked == {255}, name
