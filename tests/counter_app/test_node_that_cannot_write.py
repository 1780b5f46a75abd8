"""A real node that answers but cannot write: its disk is full, or its journal was found damaged.

Nothing of what a window asks is kept there, and the node says so: the window goes on by itself at once.
"""

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import uvicorn
from sqlalchemy import event

from counter_app.backend.bench import may_have_happened
from counter_app.backend.numbers import Numbered
from counter_app.backend.queue_desk import Queueing
from counter_app.values import Unanswered
from hall.assembly import event_types, projections
from hall.journal.refusal import StoreFault
from hall.journal.store import Store, Who
from hall.queueing.model import slip_code
from server_app.main import load
from sync.asgi import SyncApp
from sync.child import Child, ParentAway
from sync.link import Credentials
from sync.uplink import ChildUplink
from tests.counter_app.desk_rig import Rig, make_desks
from tests.counter_app.fakes import new_id
from tests.server_app.site import KIOSK, NODE, WINDOW, Site, value

STOPPED = StoreFault("业务数据文件有损坏，不能再往里写。")


def until(holds: Callable[[], bool]) -> None:
    tick = threading.Event()
    while not holds():
        tick.wait(0.01)


@dataclass
class Hall:
    """A node behind a port, and the desks of a window beside it."""

    site: Site
    rig: Rig
    child: Child

    @property
    def up(self) -> bool:
        return self.child.link_state().up

    def draw(self) -> str | None:
        return self.rig.outcomes.numbers.draw(Numbered("示例局", "受字", str(new_id())))

    def fill_the_disk(self) -> None:
        """No page more than the file has now; the last free ones are used up first."""

        def full(conn: object, *_: object) -> None:
            conn.execute("PRAGMA max_page_count = 1")  # type: ignore[attr-defined]

        event.listen(self.site.node.store._engine, "checkout", full)
        until(lambda: self.draw() is None)


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    site = Site(tmp_path, loaded={"hall": load("hall", "changji")})
    line = socket.socket()
    line.bind(("127.0.0.1", 0))
    port = line.getsockname()[1]
    config = uvicorn.Config(
        SyncApp(site.node.parent), log_config=None, lifespan="off", ws="none", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([line],))
    thread.start()
    # in a file, unlike the site's own: a child's threads read while the desks write
    store = Store.sqlite(
        tmp_path / "window.db", bytes(32), Who(WINDOW, "terminal", "H1"), event_types(), projections(),
        site.keys.ring("terminal"), clock=site.clock.clock(),
    )  # fmt: skip
    pc = replace(site.window, store=store)
    child = Child(
        pc.store, Credentials(WINDOW, site.signing[WINDOW][0], NODE, site.signing[NODE][1]),
        site.window_blobs, base_url=f"http://127.0.0.1:{port}", scope="hall",
    )  # fmt: skip
    rig = make_desks(tmp_path, pc, ChildUplink(child))
    with child:
        until(lambda: child.link_state().up)
        yield Hall(site, rig, child)
    server.should_exit = True
    thread.join()
    store.close()
    site.close()


def test_a_stopped_node_says_that_nothing_was_kept(hall: Hall) -> None:
    hall.site.node.store.stop_writing(STOPPED)
    with pytest.raises(ParentAway, match="不能再往里写") as caught:
        hall.rig.outcomes.bench.up.call(
            "/v1/queue/reactivate", {"command_id": "c", "ticket": "t", "staff": "w"}
        )
    assert hall.up
    assert not may_have_happened(caught.value, hall.rig.bench.up)


def test_a_slip_in_hand_is_served_beside_a_node_that_cannot_write(hall: Hall) -> None:
    body = {"command_id": "i", "ticket": "ticket-1", "queue": "A", "matter": "企业设立"}
    number = str(value(hall.site.call("/v1/queue/issue", body, KIOSK))["number"])
    hall.site.node.store.stop_writing(STOPPED)
    row = Queueing(hall.rig.bench).serve_slip(new_id(), slip_code("ticket-1", number))
    assert (row.ticket_id.split(":")[0], row.number) == ("visit", number)
    assert hall.up


def test_a_paper_goes_out_under_the_case_number_beside_a_node_that_cannot_write(hall: Hall) -> None:
    assert hall.draw() is not None
    hall.site.node.store.stop_writing(STOPPED)
    assert hall.draw() is None
    assert hall.up


def test_a_full_disk_at_the_node_is_a_node_that_cannot_write(hall: Hall) -> None:
    hall.fill_the_disk()
    assert hall.up
    with pytest.raises(ParentAway, match="磁盘已满") as caught:
        hall.rig.bench.up.call(
            "/v1/queue/issue", {"command_id": "i", "ticket": "t", "queue": "A", "matter": "企业设立" * 20}
        )
    assert not caught.value.sent


def test_an_answer_that_cannot_be_read_after_the_commit_is_still_asked_for_again(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unread(*_: object) -> object:
        raise StoreFault("磁盘读写出错")

    body = {"command_id": "i", "ticket": "ticket-1", "queue": "A", "matter": "企业设立"}
    number = str(value(hall.site.call("/v1/queue/issue", body, KIOSK))["number"])
    monkeypatch.setattr(hall.site.node.parent, "parcel", unread)
    with pytest.raises(Unanswered):
        Queueing(hall.rig.bench).serve_slip(new_id(), slip_code("ticket-1", number))
