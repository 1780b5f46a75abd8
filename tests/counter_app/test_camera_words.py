"""Three states of the camera, three words, over the real driver and a camera on the network."""

import os
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue

import pytest

from counter_app.backend.devices import WindowCamera, camera_health
from counter_app.backend.pages import PageTray
from counter_app.device_ports import CameraFeed, CameraFrame
from counter_app.values import Refused
from devices.doc_camera.simulator import Fault
from hall.journal.ids import new_id
from tests.counter_app.desk_rig import make_rig
from tests.devices.doc_camera.test_doc_camera import PATIENCE_S, Rig


@pytest.fixture
def rig() -> Iterator[Rig]:
    made = Rig()
    with made.server:
        yield made


@pytest.mark.parametrize(
    ("fault", "why", "word"),
    [(Fault.FREEZE, CameraFeed.FROZEN, "画面停住"), (Fault.CLOSE, CameraFeed.LOST, "断开")],
)
def test_a_picture_that_stands_still_is_not_a_camera_that_is_gone(
    rig: Rig, tmp_path: Path, fault: Fault, why: CameraFeed, word: str
) -> None:
    desks = make_rig(tmp_path)
    camera = WindowCamera(rig.camera, PageTray(tmp_path / "tray", bytes(32)), desks.bench.thumbs)
    assert camera_health(camera).word == "待用"
    frames: SimpleQueue[CameraFrame] = SimpleQueue()
    told: SimpleQueue[CameraFeed] = SimpleQueue()
    camera.watch(frames.put, told.put)
    try:
        frames.get(timeout=PATIENCE_S)
        assert camera_health(camera).word == "正常"
        rig.sim.set_fault(fault)
        while (seen := told.get(timeout=PATIENCE_S)) is not why:
            # a stream that ends looks like one that stands still until the next connection fails
            assert seen is CameraFeed.FROZEN
        assert camera_health(camera).word == word
    finally:
        camera.close()
        desks.close()
    assert camera_health(camera).word == "待用"


def test_an_old_picture_is_no_proof_that_the_camera_is_well(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desks = make_rig(tmp_path)
    camera = WindowCamera(rig.camera, PageTray(tmp_path / "tray", bytes(32)), desks.bench.thumbs)
    frames: SimpleQueue[CameraFrame] = SimpleQueue()
    camera.watch(frames.put, lambda _: None)
    try:
        frames.get(timeout=PATIENCE_S)
        monkeypatch.setattr("counter_app.backend.devices.STALE_S", 0.0)
        assert camera_health(camera).word == "画面停住"
    finally:
        camera.close()
        desks.close()


@pytest.mark.skipif(os.name == "nt", reason="no device here that is always full")
def test_a_full_disk_is_told_as_such_when_a_page_is_shot(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desks = make_rig(tmp_path)
    folder, page_id = tmp_path / "tray", new_id()
    camera = WindowCamera(rig.camera, PageTray(folder, bytes(32)), desks.bench.thumbs)
    monkeypatch.setattr("counter_app.backend.pages.new_id", lambda: page_id)
    (folder / f"{page_id}.new").symlink_to("/dev/full")
    try:
        with pytest.raises(Refused, match="磁盘已满"):
            camera.shoot()
        assert list(folder.iterdir()) == [], "half a page would hold room"
        camera.shoot()
    finally:
        camera.close()
        desks.close()
