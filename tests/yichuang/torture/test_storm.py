"""Real processes, kill -9 and bad lines; `./run yichuang torture processes` goes on longer (docs/evidence)."""

import sys

import pytest

from yichuang.private_postgres import programs
from yichuang.torture.storm import EARLY_WORD, rage

pytestmark = [
    pytest.mark.system,
    pytest.mark.timeout(400),
    pytest.mark.xdist_group("storm"),
    pytest.mark.skipif(sys.platform != "linux", reason="processes are forked and counted as Linux does"),
]


@pytest.mark.parametrize("db", ["sqlite", "postgresql"])
def test_nothing_that_was_acknowledged_is_lost_or_doubled(db: str) -> None:
    if db == "postgresql" and programs() is None:
        pytest.skip("no PostgreSQL on this machine")
    report = rage(db, 20.0, 20260302)
    assert report.failures == []
    assert report.bad == 0
    assert report.kills > 10
    assert (report.db_kills > 0) == (db == "postgresql")
    assert report.acknowledged > 20


def test_a_counter_that_is_told_too_early_is_caught() -> None:
    report = rage("sqlite", 15.0, 1, plant=EARLY_WORD)
    assert report.lost > 0
