"""What the server clears away by itself, and when."""

import threading
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from hall.journal.blobs import SESSION_LIFE_S, BlobStore, UnknownSession
from server_app.main import Loaded, build
from tests.server_app.site import NODE, Site


def test_an_old_upload_ends_when_the_server_starts(site: Site, tmp_path: Path, loaded: dict[str, Loaded],
                                                   monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    folder = tmp_path / "second"
    long_ago = BlobStore(folder / "blobs", lambda: 1_000_000.0)
    assert long_ago._now_s() + SESSION_LIFE_S < site.clock.now().timestamp()
    old = long_ago.begin("w1")
    kept = long_ago.put(b"sealed")
    done = threading.Event()
    expire = BlobStore.expire

    def told(self: BlobStore) -> int:
        dropped = expire(self)
        done.set()
        return dropped

    monkeypatch.setattr(BlobStore, "expire", told)
    app = build(site._join(NODE, "hall", None, ()), folder, clock=site.clock, loaded=loaded["hall"])
    with TestClient(app):
        assert done.wait(60)
    with pytest.raises(UnknownSession):
        long_ago.session(old.id, "w1")
    assert long_ago.open(kept) == b"sealed"
