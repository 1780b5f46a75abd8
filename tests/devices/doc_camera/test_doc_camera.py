import hashlib
import io
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from devices.doc_camera.address import FileSource, MjpegSource, SourceError, UvcSource, parse_source
from devices.doc_camera.driver import DocCamera
from devices.doc_camera.process import default_command
from devices.doc_camera.scene import Desk, PageContent, View, compose
from devices.doc_camera.simulator import CameraServer, Fault, SimulatedCamera
from devices.doc_camera.values import CameraState, PageMode, Preview
from devices.errors import BadReply, DeviceError, DeviceOffline
from tests.devices.doc_camera.scenes import FONTS, PAGE, SMALL, overlap

PATIENCE_S = 60.0


class Rig:
    """A camera on this machine's network and the driver that watches it."""

    def __init__(self) -> None:
        self.sim = SimulatedCamera(FONTS, SMALL)
        self.sim.show(PAGE)
        self.server = CameraServer(self.sim)
        self.states: list[CameraState] = []
        self.camera = DocCamera(
            "cam-1",
            "mjpeg:" + self.server.url,
            preview_width_px=400,
            silence_s=0.6,
            on_state=self.states.append,
        )

    def until(self, good: Callable[[Preview], bool]) -> Preview:
        """Previews until one is good; faults on the way are what is tested elsewhere."""
        deadline = time.monotonic() + PATIENCE_S
        after = 0
        while time.monotonic() < deadline:
            try:
                shown = self.camera.preview(after)
            except DeviceError:
                continue
            after = shown.frame_no
            if good(shown):
                return shown
        raise AssertionError(self.states)

    def until_trouble(self, kind: type[DeviceError] = DeviceError) -> DeviceError:
        """Previews until one fails this way; on the way a cut stream may look like another fault."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            try:
                self.camera.preview(timeout_s=1.0)
            except DeviceError as exc:
                if isinstance(exc, kind):
                    return exc
        raise AssertionError("no trouble")


@pytest.fixture
def rig() -> Iterator[Rig]:
    made = Rig()
    with made.server:
        try:
            yield made
        finally:
            made.camera.close()


def test_preview_shows_the_sheet(rig: Rig) -> None:
    shown = rig.until(lambda _: True)
    assert Image.open(io.BytesIO(shown.jpeg)).size == (shown.width_px, shown.height_px) == (400, 300)
    truth = compose(PAGE, SMALL, FONTS).corners
    assert shown.page is not None
    assert truth is not None
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = shown.page.corners
    full = ((2 * ax, 2 * ay), (2 * bx, 2 * by), (2 * cx, 2 * cy), (2 * dx, 2 * dy))
    assert overlap(full, truth) > 0.97
    later = rig.camera.preview(shown.frame_no, PATIENCE_S)
    assert later.frame_no != shown.frame_no
    assert CameraState.OK in rig.states


def test_capture_takes_what_lies_there_now(rig: Rig) -> None:
    first = rig.camera.capture(PageMode.COLOUR, timeout_s=PATIENCE_S)
    assert Image.open(io.BytesIO(first.jpeg)).size == (first.width_px, first.height_px)
    assert len(first.source_sha256) == 64
    rig.sim.show(PageContent("另一页"))
    second = rig.camera.capture(PageMode.LINEART, quarter_turns=1, timeout_s=PATIENCE_S)
    assert second.width_px > second.height_px
    assert second.source_sha256 != first.source_sha256


def test_corners_of_a_preview_are_taken_for_the_page(rig: Rig) -> None:
    box = ((10.0, 10.0), (110.0, 10.0), (110.0, 60.0), (10.0, 60.0))
    page = rig.camera.capture(corners=box, timeout_s=PATIENCE_S)
    assert page.width_px == pytest.approx(200, abs=8)
    assert page.height_px == pytest.approx(100, abs=6)
    with pytest.raises(ValueError, match="corners"):
        rig.camera.capture(corners=((0, 0), (0, 0), (0, 0), (0, 0)), timeout_s=PATIENCE_S)
    with pytest.raises(ValueError, match="resolution"):
        rig.camera.capture(dpi=9999, timeout_s=PATIENCE_S)


@pytest.mark.parametrize(
    ("fault", "state", "error"),
    [
        (Fault.FREEZE, CameraState.SILENT, DeviceOffline),
        (Fault.GARBAGE, CameraState.SILENT, DeviceOffline),
        (Fault.TRUNCATED, CameraState.SILENT, DeviceOffline),
        (Fault.CLOSE, CameraState.OFFLINE, DeviceOffline),
        (Fault.HUGE, CameraState.OFFLINE, DeviceOffline),
        (Fault.HTML, CameraState.OFFLINE, BadReply),
    ],
)
def test_fault_is_told_and_survived(
    rig: Rig, fault: Fault, state: CameraState, error: type[DeviceError]
) -> None:
    rig.until(lambda _: True)
    before = rig.camera.child_pid
    rig.sim.set_fault(fault)
    assert rig.until_trouble(error).hint
    assert state in rig.states
    rig.sim.set_fault(None)
    rig.until(lambda _: True)
    assert rig.camera.state is CameraState.OK
    if state is CameraState.SILENT:
        assert rig.camera.child_pid != before  # the hung child was killed, not waited for
    assert rig.camera.capture(timeout_s=PATIENCE_S).jpeg


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGSTOP])
def test_child_that_dies_or_hangs_is_replaced(rig: Rig, blow: signal.Signals) -> None:
    rig.until(lambda _: True)
    before = rig.camera.child_pid
    assert before is not None
    os.kill(before, blow)
    rig.until(lambda _: True)
    assert rig.camera.child_pid != before
    assert CameraState.SILENT in rig.states
    with pytest.raises(ProcessLookupError):
        os.kill(before, 0)


def test_threads_take_turns(rig: Rig) -> None:
    rig.until(lambda _: True)
    failures: list[BaseException] = []

    def look() -> None:
        try:
            for _ in range(5):
                rig.camera.preview(timeout_s=PATIENCE_S)
        except BaseException as exc:
            failures.append(exc)

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    page = rig.camera.capture(timeout_s=PATIENCE_S)
    for thread in threads:
        thread.join()
    assert not failures
    assert page.jpeg


def test_close_ends_the_child_and_a_waiting_question(rig: Rig) -> None:
    rig.until(lambda _: True)
    pid = rig.camera.child_pid
    assert pid is not None
    rig.sim.set_fault(Fault.CLOSE)
    rig.until_trouble()
    errors: list[Exception] = []

    def wait() -> None:
        try:
            rig.camera.preview(timeout_s=PATIENCE_S)
        except DeviceOffline as exc:
            errors.append(exc)

    thread = threading.Thread(target=wait)
    thread.start()
    rig.camera.close()
    if thread.is_alive() and rig.camera.state is not CameraState.CLOSED:
        rig.camera.close()  # the thread had not yet asked when we closed first
    rig.sim.set_fault(None)
    thread.join(PATIENCE_S)
    assert not thread.is_alive()
    rig.camera.close()
    assert rig.camera.state is CameraState.CLOSED
    assert rig.camera.child_pid is None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    rig.until(lambda _: True)  # and it opens again


@pytest.mark.parametrize(
    "command",
    [
        ["/nonexistent/camera"],
        [sys.executable, "-c", "pass"],
        [sys.executable, "-c", "print('x' * 100)"],
        [sys.executable, "-c", "import sys; sys.stdin.read()"],
    ],
)
def test_broken_child_is_offline_not_a_crash(command: list[str]) -> None:
    camera = DocCamera("cam-1", "uvc:0", child_command=command, start_s=0.3)
    for _ in range(2):
        with pytest.raises(DeviceOffline) as caught:
            camera.preview(timeout_s=0.5)
        assert caught.value.hint
    camera.close()


def test_file_source(tmp_path: Path) -> None:
    path = tmp_path / "页面.png"
    scene = compose(PAGE, View(800, 600, Desk.DARK), FONTS)
    scene.image.save(path)
    camera = DocCamera("cam-1", f"file:{path}", preview_width_px=320)
    try:
        shown = camera.preview(timeout_s=PATIENCE_S)
        assert (shown.width_px, shown.height_px) == (320, 240)
        page = camera.capture(timeout_s=PATIENCE_S)
        assert page.source_sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    finally:
        camera.close()


def test_missing_file_and_camera_are_offline(tmp_path: Path) -> None:
    for source in (f"file:{tmp_path / 'none.jpg'}", "uvc:63"):
        camera = DocCamera("cam-1", source)
        with pytest.raises(DeviceOffline):
            camera.preview(timeout_s=1)
        camera.close()


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("mjpeg:http://127.0.0.1:8099/cam.mjpg", MjpegSource("http://127.0.0.1:8099/cam.mjpg")),
        ("uvc:1", UvcSource(1)),
        ("uvc:0@1280x720", UvcSource(0, 1280, 720)),
        ("file:/tmp/页.jpg", FileSource("/tmp/页.jpg")),
    ],
)
def test_sources(text: str, source: object) -> None:
    assert parse_source(text) == source


@pytest.mark.parametrize(
    "text",
    [
        "",
        "uvc:",
        "uvc:-1",
        "uvc:a",
        "uvc:0@1x1",
        "file:",
        "mjpeg:ftp://a/b",
        "mjpeg:http://",
        "mjpeg:http://a:x/",
        "rtsp://a",
    ],
)
def test_other_sources_are_refused(text: str) -> None:
    with pytest.raises(SourceError) as caught:
        DocCamera("cam-1", text)
    assert caught.value.hint


def test_applications_do_not_load_opencv() -> None:
    code = "import sys, devices.doc_camera.driver; sys.exit('cv2' in sys.modules or 'numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    "command",
    [
        {},
        {"page": 5},
        {"page": {"body": "x"}},
        {"page": {"title": 5}},
        {"page": {"lines": "abc"}},
        {"page": {"lines": ["x"] * 100}},
        {"page": {"seed": -1}},
        {"page": None, "view": {"desk": "glass"}},
        {"page": None, "view": {"width_px": 9}},
        {"page": None, "view": {"fill": 40}},
        {"fault": "x"},
    ],
)
def test_control_refuses_nonsense(command: dict[str, object]) -> None:
    camera = SimulatedCamera(FONTS, View(64, 48))
    with pytest.raises(ValueError):  # noqa: PT011  (Enum, page and view say it in their own words)
        camera.control(command)


def test_camera_survives_viewers_that_leave_or_talk_nonsense(rig: Rig) -> None:
    for words in (b"", b"\x00" * 9000, b"GET / HTTP/1.1\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", rig.server.port), 5) as client:
            client.sendall(words)
    rig.until(lambda _: True)


@pytest.mark.system
def test_simulator_process() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "devices.doc_camera.simulator", "--port", "0", "--size", "640x480"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        ports = json.loads(process.stdout.readline())
        with socket.create_connection(("127.0.0.1", ports["control"]), 5) as control:
            page = {"title": "居民身份证复印件", "lines": ["测试内容"], "seed": 5}
            control.sendall(json.dumps({"page": page, "view": {"desk": "dark"}}).encode() + b"\n")
            assert json.loads(control.makefile("rb").readline()) == {"ok": True}
        camera = DocCamera("cam-1", f"mjpeg:http://127.0.0.1:{ports['port']}/cam.mjpg")
        shown = camera.preview(timeout_s=PATIENCE_S)
        camera.close()
        assert shown.page is not None
        process.stdin.close()
        assert process.wait(10) == 0


def test_child_ends_when_its_parent_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "page.png"
    compose(None, View(64, 48), FONTS).image.save(path)
    with subprocess.Popen(
        [*default_command(), f"file:{path}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdin is not None
        child.stdin.close()
        assert child.wait(PATIENCE_S) == 0
