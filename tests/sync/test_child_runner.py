"""The real runner over HTTP on the loopback."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from hall.journal.blobs import BlobStore
from hall.journal.facts import DossierOffered
from hall.journal.kernel import dossier_row
from hall.journal.refusal import Refusal
from hall.journal.store import Store, Who
from sync.access import ChildAccess
from sync.asgi import SyncApp
from sync.child import Child, OwnedElsewhere, ParentAway
from sync.link import Credentials
from sync.link_note import LinkNote, read_link_note
from sync.message import Answer, Request
from sync.parent import Parent
from sync.signing import new_signing_key
from sync.uplink import ChildUplink
from tests.hall.journal.flow import append, notes, open_dossier
from tests.hall.journal.world import HallKeys, NoteWritten, file_store
from tests.sync.rig import SCOPES


def until(holds: Callable[[], bool], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    tick = threading.Event()
    while not holds():
        assert time.monotonic() < deadline, "did not happen in time"
        tick.wait(0.01)


class Site:
    """A node on a port and windows beside it."""

    def __init__(self, folder: Path) -> None:
        self.keys, self.folder = HallKeys(), folder
        self.node_key = new_signing_key()
        self.access: dict[str, ChildAccess] = {}
        self.node = self.store("n1", "hall")
        self.blobs = BlobStore(folder / "n1-blobs")
        self.parent = Parent(
            self.node, private=self.node_key[0], public=self.node_key[1], children=self.access,
            secret=b"s" * 32, blobs=self.blobs, live={"/v1/queue/echo": self.echo},
        )  # fmt: skip
        self.port = 0
        self.server: uvicorn.Server | None = None
        self.closers: list[Callable[[], None]] = []

    def store(self, node: str, role: str) -> Store:
        return file_store(self.folder / f"{node}.db", Who(node, role, "H1"), self.keys)

    async def echo(self, child: ChildAccess, body: dict[str, Any]) -> dict[str, Any]:
        if body.get("refuse"):
            raise Refusal("nobody_waiting", "现在没有人在等候。")
        return {"from": child.node_id, **body}

    def up(self) -> None:
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        line.bind(("127.0.0.1", self.port))
        self.port = line.getsockname()[1]
        config = uvicorn.Config(
            SyncApp(self.parent), log_config=None, lifespan="off", ws="none", timeout_graceful_shutdown=1
        )
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, args=([line],))
        self.thread.start()
        until(lambda: self.server is not None and self.server.started)

    def down(self) -> None:
        if self.server is not None:
            self.server.should_exit = True
            self.thread.join()
            self.server = None

    def window(self, node: str) -> tuple[Store, Child, BlobStore]:
        key, store = new_signing_key(), self.store(node, "terminal")
        self.access[node] = ChildAccess(node, key[1], "terminal", SCOPES, frozenset({node}))
        blobs = BlobStore(self.folder / f"{node}-blobs")
        child = Child(
            store, Credentials(node, key[0], "n1", self.node_key[1]), blobs,
            base_url=f"http://127.0.0.1:{self.port}", scope="hall", unheard=lambda: ("k1",),
            note=LinkNote(self.folder, lambda: datetime.now(UTC)),
        )  # fmt: skip
        child.start()
        self.closers += [child.stop, store.close]
        return store, child, blobs

    def close(self) -> None:
        for closer in self.closers:
            closer()
        self.down()
        self.parent.close()
        self.node.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    made.up()
    yield made
    made.close()


def test_commits_reach_the_node_and_the_other_window(site: Site) -> None:
    one, child, _ = site.window("w1")
    two, _, _ = site.window("w2")
    open_dossier(one, "d1", "一")
    until(lambda: notes(two, "d1") == ["一"])
    until(lambda: child.link_state().waiting_facts == 0)
    assert child.link_state().up
    assert child.link_state().problem_zh is None


def test_a_node_that_dies_and_returns(site: Site) -> None:
    one, child, _ = site.window("w1")
    until(lambda: child.link_state().up)
    site.down()
    open_dossier(one, "d1", "断网时写的")
    until(lambda: not child.link_state().up)
    assert child.link_state().waiting_facts == 2
    assert "网络不通" in (child.link_state().problem_zh or "")
    with pytest.raises(ParentAway) as caught:
        child.call("/v1/queue/echo", {"id": "1"}, timeout_s=1.0)
    assert not caught.value.sent
    site.up()
    # the network is back: a person or the system need not wait for the backoff
    child.wake()
    until(lambda: notes(site.node, "d1") == ["断网时写的"], 90.0)
    until(lambda: child.link_state().up)


def test_the_runner_leaves_a_note_of_its_line(site: Site) -> None:
    store, child, _ = site.window("w1")

    def noted(up: bool) -> bool:
        kept = read_link_note(site.folder)
        return kept is not None and kept.up is up

    until(lambda: noted(True))
    kept = read_link_note(site.folder)
    assert kept is not None
    assert kept.last_ok is not None
    assert kept.unheard == (), "only a machine that is not settled waits for others"
    site.down()
    store.renew_incarnation()
    child.wake()
    until(lambda: noted(False))

    def waits_for() -> tuple[str, ...]:
        kept = read_link_note(site.folder)
        return () if kept is None or "网络不通" not in kept.problem else kept.unheard

    until(lambda: waits_for() == ("k1",), 90.0)


def test_before_the_first_answer_it_is_connecting_and_after_a_failure_cut_off(site: Site) -> None:
    site.down()
    key = new_signing_key()
    store = site.store("w0", "terminal")
    child = Child(
        store, Credentials("w0", key[0], "n1", site.node_key[1]), BlobStore(site.folder / "w0-blobs"),
        base_url=f"http://127.0.0.1:{site.port}", scope="hall",
    )  # fmt: skip
    site.closers += [child.stop, store.close]
    uplink = ChildUplink(child)
    assert uplink.link().connecting
    assert not uplink.cut_off()
    child.start()
    until(uplink.cut_off)
    assert not uplink.link().connecting


def test_live_calls_and_claims(site: Site) -> None:
    one, child, _ = site.window("w1")
    two, other, _ = site.window("w2")
    until(lambda: child.link_state().up and other.link_state().up)
    assert child.call("/v1/queue/echo", {"id": "7"}) == {"from": "w1", "id": "7"}
    with pytest.raises(Refusal, match="没有人"):
        child.call("/v1/queue/echo", {"refuse": True})
    with pytest.raises(Refusal, match="没有这个接口"):
        child.call("/v1/queue/nothing", {})
    open_dossier(one, "d1", "受理")
    append(one, "d1", DossierOffered("hall"))

    def rests() -> bool:
        with site.node.read() as conn:
            row = dossier_row(conn, "d1")
        return row is not None and row.owner == "n1"

    until(rests)
    assert other.claim("d1", "clerk-2").owner == "w2"
    assert other.claim("d1", "clerk-2").owner == "w2"
    with pytest.raises(OwnedElsewhere) as refused:
        child.claim("d1", "clerk-1")
    assert refused.value.owner == "w2"
    assert notes(two, "d1") == ["受理"]


def test_scans_up_and_down(site: Site) -> None:
    one, _, blobs = site.window("w1")
    _, other, _ = site.window("w2")
    digest = blobs.put(b"sealed scan" * 1000)
    open_dossier(one, "d1")
    append(one, "d1", NoteWritten("扫描", digest))
    until(lambda: site.blobs.has(digest))
    assert other.fetch_blob(digest) == b"sealed scan" * 1000
    with pytest.raises(Refusal):
        other.fetch_blob("0" * 64)


def test_stop_does_not_wait_for_the_long_poll(site: Site) -> None:
    _, child, _ = site.window("w1")
    until(lambda: site.parent.waiters.count() > 0)
    threads = [t for t in threading.enumerate() if t.name.startswith("sync-")]
    assert len(threads) == 3
    done = threading.Event()
    stopper = threading.Thread(target=lambda: (child.stop(), done.set()))
    stopper.start()
    assert done.wait(15.0)
    stopper.join()
    assert not any(t.is_alive() for t in threads)


def test_a_failing_blob_lane_leaves_the_facts_lane_alone(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    one, child, _ = site.window("w1")
    until(lambda: child.link_state().up)
    rebuilt, failed = threading.Event(), threading.Event()

    def fail(_: float) -> None:
        failed.set()
        raise ValueError("our bug")

    monkeypatch.setattr(child.core.facts, "rebuild", lambda _: rebuilt.set())
    monkeypatch.setattr(child.core.blobs, "next_request", fail)
    open_dossier(one, "d1", "一")
    until(lambda: failed.is_set() and notes(site.node, "d1") == ["一"])
    # the thread is past its handler once it has ended
    child.stop()
    assert not rebuilt.is_set()


def test_a_live_call_that_was_spoilt_on_the_way_is_sent_once_more(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, child, _ = site.window("w1")
    until(lambda: child.link_state().up)
    real, spoilt = child._send, []

    def send(request: Request) -> Answer:
        if request.path == "/v1/queue/echo" and not spoilt:
            spoilt.append(request)
            request = replace(request, body=bytes([request.body[0] ^ 1]) + request.body[1:])
        return real(request)

    monkeypatch.setattr(child, "_send", send)
    assert child.call("/v1/queue/echo", {"id": "1"}) == {"from": "w1", "id": "1"}
    assert len(spoilt) == 1
