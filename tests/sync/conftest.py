"""A rig per test."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync.rig import Rig


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with Rig(tmp_path, random.Random(7)) as made:
        yield made
