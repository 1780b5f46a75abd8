"""Power cuts over a recorded day; `./run yichuang torture power` cuts more often (docs/evidence/torture.md)."""

import sys

import pytest

from yichuang.torture.power import LAZY, cut_power

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="the wheel exports SQLite's functions on Linux"
)


def test_no_cut_spoils_the_journal_or_loses_what_was_acknowledged() -> None:
    report = cut_power(800, 20260302, rounds=2)
    assert report.failures == []
    assert (report.cuts, report.corrupt, report.lost) == (800, 0, 0)
    assert report.distinct > 400
    assert report.states > 50


def test_a_journal_that_flushes_late_is_caught() -> None:
    report = cut_power(60, 1, rounds=1, plant=LAZY)
    assert report.lost > 0
    assert report.seed_of_first_failure == 1
