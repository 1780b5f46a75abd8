"""A file system that is really full. Where small ones may not be mounted, only the injected faults are tested."""

import sys

import pytest

from yichuang.torture.full import NoMount, fill_disks

pytestmark = [
    pytest.mark.system,
    pytest.mark.timeout(400),
    pytest.mark.xdist_group("storm"),
    pytest.mark.skipif(sys.platform != "linux", reason="small file systems are mounted as Linux does"),
]


def test_a_full_disk_loses_nothing_and_is_left_by_itself() -> None:
    try:
        report = fill_disks(1, 20260302)
    except NoMount:
        pytest.skip("small file systems may not be mounted here")
    assert report.failures == []
    assert report.bad == 0
    assert report.fills == 4
    assert any("磁盘已满" in words for words in report.words)
