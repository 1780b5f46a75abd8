"""The node dies, or hangs, while windows call and a kiosk gives numbers: nobody is called twice, nothing is doubled."""

from pathlib import Path

import pytest

from yichuang.failover.day import How, play


@pytest.mark.system
@pytest.mark.parametrize(("how", "seed"), [("kill", 7), ("freeze", 8)])
def test_everybody_goes_on_and_nothing_happens_twice(tmp_path: Path, how: How, seed: int) -> None:
    found = play(tmp_path, seed=seed, how=how, windows=2, work_s=2.0)
    assert (found.double_calls, found.doubled_numbers, found.two_owners) == (0, 0, 0), found
    assert found.own_series > 0, found
    assert found.served > 0, found
