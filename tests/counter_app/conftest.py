"""The app over fakes; closed after each test."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from tests.counter_app.bench import Bench, make_bench


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    made = make_bench()
    qtbot.addWidget(made.window)
    if made.window.citizen is not None:
        qtbot.addWidget(made.window.citizen)
    yield made
    made.window.close()
