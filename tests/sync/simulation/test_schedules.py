"""Many random schedules; each failure names the seed that brings it back."""

import logging
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.sync.rig import template
from tests.sync.simulation.schedule import Schedule

SEEDS = range(1, 25)


@pytest.fixture(scope="module")
def empty() -> Engine:
    return template()


@pytest.mark.parametrize("seed", SEEDS)
def test_everybody_agrees_in_the_end(
    seed: int, empty: Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    Schedule(seed, tmp_path, template=empty).run()
