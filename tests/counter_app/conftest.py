"""The app over fakes; closed after each test."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

from tests.counter_app.bench import Bench, make_bench


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    made = make_bench()
    yield made
    made.window.close()
    for window in (made.window, made.window.citizen):
        if window is not None:
            window.deleteLater()
    # without a running loop nothing else deletes them, and every later theme would restyle them again
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
