"""The board tells staff who have signed in what is the matter with the host itself."""

from hall.people.model import Role
from server_app.board.machine import ANEW_S, MachineWatch
from sync.room import SCANS_STOP_BYTES
from tests.server_app.site import Site


def test_a_full_disk_and_a_restored_node_stand_on_the_board(site: Site) -> None:
    officer = site.officer("wang", Role.REVIEWER)
    left: list[int | None] = [None]
    now = [0.0]
    watch = MachineWatch(
        site.node.store, site.folder, site.node_join, site.node.blobs, lambda: left[0], lambda: None,
        site.node.parent.unheard, now_s=lambda: now[0],
    )  # fmt: skip
    assert watch.look() == ()
    left[0] = SCANS_STOP_BYTES - 1
    site.node.store.renew_incarnation()
    assert watch.look() == (), "not read again for every screen"
    now[0] += ANEW_S
    assert {c.kind for c in watch.look()} == {"disk", "unsettled"}
    told = officer.open("/board")
    assert "由备份恢复" in told
    assert "w1" in told, "whom it waits for"
    anyone = site.client(site.node_app).get("/board").text
    assert "由备份恢复" not in anyone
