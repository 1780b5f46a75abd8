"""Shooting, binding, reordering; a picture that stops."""

from counter_app.capture.presenter import CapturePresenter, Feed
from counter_app.device_ports import CameraFeed, CameraFrame
from counter_app.keys import Action
from counter_app.visit.state import Page
from tests.counter_app.bench import Bench
from tests.counter_app.visit_steps import serve, to_materials


def feed_of(capture: CapturePresenter) -> Feed:
    return capture.state.feed


def frame() -> CameraFrame:
    return CameraFrame(4, 4, bytes(48))


def test_capture_binds_pages_reorders_retakes(bench: Bench) -> None:
    p = serve(bench)
    to_materials(p)
    p.visit.act(Action.CAPTURE)
    capture = p.slices.capture
    for _ in range(3):
        p.visit.act(Action.CAPTURE)
    assert [page.page_id for page in bench.hall.cases["c1"].materials[0].pages] == [
        "page-1",
        "page-2",
        "page-3",
    ]
    capture.press_shift(-1)
    assert [page.page_id for page in bench.hall.cases["c1"].materials[0].pages] == [
        "page-1",
        "page-3",
        "page-2",
    ]
    capture.move_page(-1)
    capture.press_retake()
    capture.press_shoot()
    assert [page.page_id for page in bench.hall.cases["c1"].materials[0].pages] == [
        "page-4",
        "page-3",
        "page-2",
    ]
    capture.press_remove()
    assert len(bench.hall.cases["c1"].materials[0].pages) == 2
    capture.press_next_material()
    assert capture.state.slot is not None
    assert capture.state.slot.name == "出生医学证明（副页）"
    p.visit.act(Action.MAIN)
    assert p.visit.state.page is Page.TAKE_IN
    assert bench.camera.on_frame is None


def test_a_page_whose_binding_got_no_answer_is_bound_by_the_next_press(bench: Bench) -> None:
    p = serve(bench)
    to_materials(p)
    p.visit.act(Action.CAPTURE)
    bench.hall.silent = 1
    p.visit.act(Action.CAPTURE)
    assert "已拍好并保存" in p.slices.capture.state.notice.text
    p.visit.act(Action.CAPTURE)
    assert bench.camera.shots == 1
    assert [page.page_id for page in bench.hall.cases["c1"].materials[0].pages] == ["page-1"]


def test_frozen_and_lost_picture_say_what_is_safe(bench: Bench) -> None:
    p = serve(bench)
    to_materials(p)
    p.visit.act(Action.CAPTURE)
    capture = p.slices.capture
    capture._on_frame(frame())
    p.visit.act(Action.CAPTURE)
    bench.clock.now += 4
    capture.tick()
    assert feed_of(capture) is Feed.FROZEN
    assert "已拍的 1 页都已保存" in capture.state.notice.text
    capture._on_lost(CameraFeed.LOST)
    assert feed_of(capture) is Feed.LOST
    assert "断开" in capture.state.notice.text
    capture._on_lost(CameraFeed.FROZEN)
    assert feed_of(capture) is Feed.FROZEN
    assert "断开" not in capture.state.notice.text
    capture._on_frame(frame())
    assert feed_of(capture) is Feed.LIVE
    assert "已恢复" in capture.state.notice.text
