"""Full, broken and read-only disks at each act of a node's work, one way each."""

import sys

import pytest

from yichuang.torture.faults import spoil_disk

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="the wheel exports SQLite's functions on Linux"
)


def test_a_node_refuses_in_words_keeps_its_promises_and_goes_on_when_the_disk_does() -> None:
    report = spoil_disk(3, every=False)
    assert report.failures == []
    assert report.bad == 0
    assert report.faults > 150
    assert set(report.texts) == {"full", "broken", "read_only"}
    told = {text for found in report.texts.values() for text in found}
    assert all("没有保存" in text or "有没有保存" in text for text in told), told
    assert all("请通知信息科" in text for text in told), told
    assert any("磁盘已满" in text for text in report.texts["full"])
    assert report.slowest_refusal_s <= 2.0
    assert report.slowest_recovery_s <= 5.0
