"""A clock that is plainly wrong is told by how far it is from the node's."""

from datetime import UTC, datetime, timedelta

import pytest

from sync.clocks import ASK_EVERY_S, ClockWatch, apart_text
from sync.uplink import Link
from tests.counter_app.desk_rig import HandLine

NOW = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)


def ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


@pytest.mark.parametrize(
    ("ahead", "told"),
    [(0, ""), (180, ""), (-180, ""), (240, "快 4 分钟"), (-9 * 3600, "慢 9 小时"), (3 * 86400, "快 3 天")],
)
def test_how_far_a_clock_is_off(ahead: int, told: str) -> None:
    assert apart_text(NOW + timedelta(seconds=ahead), ms(NOW)) == told
    assert apart_text(NOW, None) == ""


def test_the_node_is_asked_now_and_then_and_its_last_answer_holds() -> None:
    class Asked(HandLine):
        times = 0

        def link(self) -> Link:
            self.times += 1
            return super().link()

    line, clock = Asked(), [0.0]
    line.stands = Link(True, 0, "", True, node_ms=ms(NOW - timedelta(minutes=10)))
    watch = ClockWatch(line, lambda: NOW, lambda: clock[0])
    assert [watch.apart() for _ in range(5)] == ["快 10 分钟"] * 5
    assert line.times == 1
    clock[0] += ASK_EVERY_S
    line.line_up = False
    assert watch.apart() == "快 10 分钟", "a node that is away proves nothing new"
    line.line_up, line.stands = True, Link(True, 0, "", True)
    assert watch.apart() == "快 10 分钟", "nor does one that does not tell"
    clock[0] += ASK_EVERY_S
    line.stands = Link(True, 0, "", True, node_ms=ms(NOW))
    assert watch.apart() == ""
    assert line.times == 3
