"""The app over fakes; closed after each test."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from tests.counter_app.bench import Bench, close, make_bench


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    made = make_bench()
    yield made
    close(made)
