"""A bundle that IT brings while the service runs: its steps go through the service that has the journal."""

from pathlib import Path

import pytest

from hall.journal.refusal import Refusal
from server_app.bundles.steps import PATH, Asked, seal_of
from sync.bundle_out import write_up
from sync.bundle_steps import PushStep
from sync.folder_lock import CENTRE_SERVICE, FolderLock
from sync.join_file import write_join_file
from sync.wire import PushBody
from tests.server_app.site import CENTRE, NODE, Site
from yichuang import bundles


class Door:
    """The centre's routes in the place of an HTTP client."""

    def __init__(self, site: Site) -> None:
        self._client = site.client(site.centre_app)
        self.steps = 0

    def __enter__(self) -> "Door":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def post(self, url: str, content: bytes):  # type: ignore[no-untyped-def]
        self.steps += 1
        return self._client.post(url.removeprefix("http://x"), content=content)


def test_a_stick_is_taken_in_by_the_running_centre(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = site.window.draft()
    for _ in range(4):
        site._exchange(site.core, site.node)
    folder = site.folder / CENTRE
    write_join_file(folder, site.centre_join)
    stick = tmp_path / "stick"
    with site.node.store.read() as conn:
        told = write_up(conn, site.node_join, site.node.blobs, stick, now_ms=1)
    assert told.records
    door = Door(site)
    monkeypatch.setattr(bundles.httpx2, "Client", lambda **_: door)
    monkeypatch.setattr(bundles, "address_in", lambda _: "http://x")
    with FolderLock(folder, CENTRE_SERVICE):
        lines, whole = bundles.bring_in(folder, stick, site.centre.store.now())
    assert whole, lines
    assert door.steps == 2, "the records, and the wish for what is offered"
    assert site.at(site.centre, case).id == case
    assert (tmp_path / "stick.back").exists()


def test_who_cannot_sign_learns_nothing(site: Site) -> None:
    client = site.client(site.centre_app)
    step = PushStep(body=PushBody(inc="i", chains=[], wraps=[], more=False))
    assert client.post(PATH, content=b"hello").status_code == 404
    other = seal_of(b"another machine's key, 32 bytes.")
    assert client.post(PATH, content=other.asked(Asked(sender=NODE, step=step))).status_code == 404
    own = seal_of(site.signing[CENTRE][0])
    assert client.post(PATH, content=own.asked(Asked(sender="nobody", step=step))).status_code == 404
    assert client.post(PATH, content=own.asked(Asked(sender=NODE, step=step))).status_code == 200


def test_a_step_longer_than_a_form_is_read(site: Site) -> None:
    client = site.client(site.centre_app)
    answer = client.post(PATH, content=b"x" * 1024 * 1024)
    assert answer.status_code == 404, "read, and not signed"
    assert client.post(PATH, content=b"x" * 9 * 1024 * 1024).status_code == 413


def test_a_stick_brought_to_the_wrong_machine_is_said(site: Site, tmp_path: Path) -> None:
    folder = site.folder / NODE
    write_join_file(folder, site.node_join)
    with site.node.store.read() as conn:
        write_up(conn, site.node_join, site.node.blobs, tmp_path / "stick", now_ms=1)
    with pytest.raises(Refusal, match="不是给"):
        bundles.bring_in(folder, tmp_path / "stick", site.node.store.now())
