"""What IT is told after a stick was taken in."""

from datetime import UTC, datetime
from pathlib import Path

from hall.journal import closing
from tests.hall.journal.world import EVERYBODY
from tests.sync.stick import Trip
from tests.yichuang.machines_on_disk import call, issue
from yichuang import bundles


def test_what_came_too_late_is_laid_before_a_manager(tmp_path: Path) -> None:
    trip = Trip(tmp_path)
    ticket = issue(trip.store(trip.node))
    trip.there_and_back()
    trip.store(trip.centre).write(
        lambda ledger: ledger.seize(ticket, below=EVERYBODY, by="示例甲", reason="演练")
    )
    call(trip.store(trip.node), ticket)
    path, _ = trip.export(trip.node)
    trip.close()
    lines, _ = bundles.bring_in(trip.centre.folder, path, datetime.now(UTC))
    assert any("“迟到与搁置”里采纳或不采纳" in line for line in lines), lines


def test_a_closed_machine_is_given_nothing_to_take_home(tmp_path: Path) -> None:
    trip = Trip(tmp_path)
    issue(trip.store(trip.node))
    lost = trip.node.join
    order = closing.Order("s1", "示例甲", "主机烧毁")
    trip.store(trip.centre).write(
        lambda ledger: closing.close_origin(ledger, lost.node_id, lost.name, order, below={lost.node_id})
    )
    path, _ = trip.export(trip.node)
    trip.close()
    lines, _ = bundles.bring_in(trip.centre.folder, path, datetime.now(UTC))
    assert "不写回程文件" in lines[-1]
    assert not path.with_name(path.name + ".back").exists()
