"""What the header says of the line to the node."""

from pathlib import Path

import pytest

from counter_app.backend.package_desk import PackageDesk
from counter_app.backend.status_desk import Status
from counter_app.status.ports import Health
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
