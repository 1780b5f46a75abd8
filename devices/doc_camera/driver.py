"""The document camera as the applications see it. Imports no OpenCV: pictures stay in the child process."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from devices.doc_camera.address import parse_source
from devices.doc_camera.process import CameraChild, ChildGone, ChildSilent, default_command
from devices.doc_camera.values import (
    CameraState,
    CapturedPage,
    Corners,
    PageFound,
    PageMode,
    PageWarning,
    Preview,
)
from devices.errors import BadReply, DeviceOffline

log = logging.getLogger(__name__)

SILENCE_S = 2.0
"""A stream that stands still this long is dead: the child is killed and started again."""
START_S = 20.0
"""Longest time for the child to come up and for a camera to open (Windows needs many seconds for some)."""
FRAME_WAIT_S = 0.5
MAX_BACKOFF_S = 5.0

_HINTS = {
    CameraState.CLOSED: "高拍仪已关闭。",
    CameraState.STARTING: "高拍仪正在启动，请稍候。",
    CameraState.SILENT: "高拍仪画面停住，正在自动重新连接；长时间不恢复请重新插拔数据线。",
    CameraState.OFFLINE: "找不到高拍仪，请检查电源和数据线；恢复后会自动连接。",
    CameraState.OK: "高拍仪暂时没有新的画面，请重试。",
}


_WRONG_HINT = "高拍仪地址返回的不是视频画面，请管理员核对配置。"


class DocCamera:
    """One camera. Thread-safe; every call blocks, one at a time. The child starts with the first question."""

    def __init__(
        self,
        device_id: str,
        source: str,
        *,
        preview_width_px: int = 720,
        silence_s: float = SILENCE_S,
        start_s: float = START_S,
        child_command: Sequence[str] | None = None,
        on_state: Callable[[CameraState], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Raises SourceError. `child_command` starts the child where there is no `python -m` (frozen).

        `on_state` is called on the thread of whoever asks the camera, on each change of state.
        """
        parse_source(source)
        self._id = device_id
        self._source = source
        self._preview_width_px = preview_width_px
        self._silence_s = silence_s
        self._start_s = start_s
        self._command = list(child_command) if child_command is not None else default_command()
        self._on_state = on_state
        self._clock = clock
        self._turn = threading.Lock()
        self._closing = threading.Event()
        self._child: CameraChild | None = None
        self._state = CameraState.CLOSED
        self._reason = ""
        self._wrong = False
        self._failures = 0
        self._not_before = clock()

    @property
    def state(self) -> CameraState:
        """As of the last question; any thread."""
        return self._state

    @property
    def child_pid(self) -> int | None:
        """Process id of the child, for the device page; None while there is none."""
        child = self._child
        return child.pid if child else None

    def preview(self, after: int = 0, timeout_s: float = 3.0) -> Preview:
        """The newest small picture whose `frame_no` is not `after`, with the sheet found in it.

        Call it in a loop with the last `frame_no`: it paces itself by the camera. Frame numbers start anew
        with each child. Raises DeviceOffline when none came in about `timeout_s`; BadReply.
        """
        question = {"ask": "preview", "width": self._preview_width_px}
        head, body = self._converse(question, after, timeout_s)
        found = None
        try:
            if head["corners"] is not None:
                a, b, c, d = ((float(x), float(y)) for x, y in head["corners"])
                found = PageFound((a, b, c, d), float(head["confidence"]))
            return Preview(body, int(head["width"]), int(head["height"]), int(head["frame"]), found)
        except (KeyError, TypeError, ValueError) as exc:
            raise BadReply(self._id, "child's preview") from exc

    def capture(
        self,
        mode: PageMode = PageMode.GREY,
        *,
        dpi: int = 200,
        quarter_turns: int = 0,
        corners: Corners | None = None,
        timeout_s: float = 10.0,
    ) -> CapturedPage:
        """One page from a frame taken after this call. Safe to repeat.

        `corners`: set by a person, in pixels of this camera's previews; None: found.
        `quarter_turns`: clockwise. Raises DeviceOffline, BadReply; ValueError for corners that make no
        sheet or a dpi outside 50..600.
        """
        question: dict[str, Any] = {
            "ask": "capture",
            "mode": mode.value,
            "dpi": dpi,
            "quarter_turns": quarter_turns,
            "corners": corners,
            "corners_width": self._preview_width_px,
        }
        head, body = self._converse(question, None, timeout_s)
        try:
            return CapturedPage(
                jpeg=body,
                width_px=int(head["width"]),
                height_px=int(head["height"]),
                dpi=int(head["dpi"]),
                warnings=tuple(PageWarning(warning) for warning in head["warnings"]),
                sharpness=float(head["sharpness"]),
                source_sha256=str(head["sha256"]),
            )
        except (KeyError, TypeError, ValueError) as exc:
            raise BadReply(self._id, "child's page") from exc

    def close(self) -> None:
        """End the child. A question in another thread ends with DeviceOffline. The next one starts anew."""
        self._closing.set()
        with self._turn:
            self._end_child(CameraState.CLOSED)
            self._closing.clear()

    def _converse(
        self, question: dict[str, Any], after: int | None, timeout_s: float
    ) -> tuple[dict[str, Any], bytes]:
        deadline = self._clock() + timeout_s
        if not self._turn.acquire(timeout=timeout_s):
            raise DeviceOffline(self._id, "busy with another question", hint=_HINTS[CameraState.OK])
        try:
            while not self._closing.is_set():
                child = self._ready_child(deadline)
                if child is not None:
                    answer = self._ask(child, {**question, "after": after})
                    if answer is not None:
                        return answer
                if self._clock() >= deadline:
                    break
            if self._state is CameraState.OFFLINE and self._wrong:
                raise BadReply(self._id, self._reason, hint=_WRONG_HINT)
            raise DeviceOffline(
                self._id, f"{self._state.value} {self._reason}".strip(), hint=_HINTS[self._state]
            )
        finally:
            self._turn.release()

    def _ready_child(self, deadline: float) -> CameraChild | None:
        """The child, up and greeted; None when that takes longer than the caller waits."""
        left_s = max(0.0, deadline - self._clock())
        if self._child is None:
            pause_s = self._not_before - self._clock()
            if pause_s > 0:
                self._closing.wait(min(pause_s, left_s))
                if self._clock() < self._not_before or self._closing.is_set():
                    return None
            try:
                self._child = CameraChild(self._command, self._source, clock=self._clock)
            except OSError as exc:
                self._failed(CameraState.OFFLINE, f"child cannot start: {type(exc).__name__}")
                return None
            if self._state is CameraState.CLOSED:
                self._become(CameraState.STARTING)
        child = self._child
        try:
            if child.greeted(min(left_s, 0.25)):
                return child
        except ChildGone as exc:
            self._failed(CameraState.OFFLINE, str(exc))
            return None
        if self._clock() - child.started_at > self._start_s:
            self._failed(CameraState.SILENT, "child did not come up")
        return None

    def _ask(self, child: CameraChild, question: dict[str, Any]) -> tuple[dict[str, Any], bytes] | None:
        """One round; None: nothing yet (state tells why)."""
        try:
            head, body = child.ask(
                {**question, "wait_s": FRAME_WAIT_S, "max_age_s": self._silence_s},
                FRAME_WAIT_S + self._silence_s,
            )
        except ChildSilent:
            self._failed(CameraState.SILENT, "child silent")
            return None
        except ChildGone as exc:
            self._failed(CameraState.SILENT, f"child {exc}")
            return None
        reason = str(head.get("reason", ""))
        match head.get("status"):
            case "ok":
                self._failures, self._reason = 0, ""
                self._become(CameraState.OK)
                return head, body
            case "no_frame" if float(head["age_s"]) > self._silence_s:
                self._failed(CameraState.SILENT, "picture stands still")
            case "no_frame":
                pass
            case "connecting" if float(head["age_s"]) > self._start_s:
                self._failed(CameraState.SILENT, "camera does not open")
            case "connecting":
                pass
            case "offline" | "wrong":
                self._reason = reason
                self._become(CameraState.OFFLINE)
                self._wrong = head["status"] == "wrong"
            case "bad_frame":
                raise BadReply(self._id, reason, hint="高拍仪传来的画面损坏，请重拍一次。")
            case "refused":
                raise ValueError("corners or resolution out of range")
            case _:
                self._failed(CameraState.SILENT, "child speaks nonsense")
        return None

    def _failed(self, state: CameraState, reason: str) -> None:
        """End the child; the next one starts after a pause that grows while nothing works."""
        log.warning("%s: %s, camera process ended", self._id, reason)
        self._reason, self._wrong = reason, False
        self._end_child(state)
        self._not_before = self._clock() + min(MAX_BACKOFF_S, 0.25 * 2**self._failures)
        self._failures = min(self._failures + 1, 8)

    def _end_child(self, state: CameraState) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None
        self._become(state)

    def _become(self, state: CameraState) -> None:
        if state is not self._state:
            self._state = state
            if self._on_state is not None:
                self._on_state(state)
