"""What the header says of the line to the node."""

from datetime import timedelta
from pathlib import Path

import pytest

from counter_app.backend.package_desk import PackageDesk
from counter_app.backend.status_desk import Status
from counter_app.status.ports import Health
from counter_app.status.presenter import StatusState
from sync.uplink import Link
from tests.counter_app.desk_rig import make_rig


@pytest.mark.parametrize(
    ("stands", "word", "health"),
    [
        (Link(False, 0, "", None, connecting=True), "正在连接", Health.UNKNOWN),
        (Link(False, 0, "网络不通", None), "断开", Health.FAULT),
        (Link(True, 0, "", True), "正常", Health.OK),
    ],
)
def test_the_node_is_cut_off_only_after_a_failure(
    tmp_path: Path, stands: Link, word: str, health: Health
) -> None:
    rig = make_rig(tmp_path)
    rig.line.stands = stands
    board = Status(rig.bench, PackageDesk(rig.bench), ()).status()
    node = next(row for row in board.rows if row.key == "node")
    assert (node.word, node.health) == (word, health)
    rig.close()


@pytest.mark.parametrize(
    ("ahead", "word"),
    [
        (timedelta(minutes=2), None),
        (timedelta(minutes=4), "快 4 分钟"),
        (timedelta(minutes=-45), "慢 45 分钟"),
        (timedelta(hours=-9), "慢 9 小时"),
        (timedelta(days=2), "快 2 天"),
    ],
)
def test_a_clock_that_is_not_the_nodes_is_told(tmp_path: Path, ahead: timedelta, word: str | None) -> None:
    rig = make_rig(tmp_path)
    node_ms = int((rig.bench.now() - ahead).timestamp() * 1000)
    rig.line.stands = Link(True, 0, "", False, node_ms=node_ms)
    board = Status(rig.bench, PackageDesk(rig.bench), ()).status()
    rig.close()
    clock = next((row for row in board.rows if row.key == "clock"), None)
    assert (clock and clock.word) == word
    if clock is not None:
        assert clock.hint == f"本机时间比大厅{word}，请信息科校准；文书日期以大厅为准。"
        assert StatusState(board).trouble is clock, "the line below the desk says it"
