"""The camera process: takes frames from the source, answers its parent over the standard pipes.

It never decides that the camera is dead: it says how old its newest frame is, the parent ends it. It ends by
itself when its standard input closes. Run as `python -m devices.doc_camera.child SOURCE`.

Questions {"id", "ask": "preview" | "capture", "after": a frame number or null, "wait_s",
"max_age_s", ...}; answers {"id", "status": "ok" | "no_frame" | "connecting" | "offline" | "wrong" |
"bad_frame" | "refused", ...} and a JPEG.
"""

import os
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np

from devices.doc_camera.address import Source, parse_source
from devices.doc_camera.find import find_page
from devices.doc_camera.jpeg import JpegError, jpeg_size
from devices.doc_camera.messages import pack, receive
from devices.doc_camera.mjpeg import StreamError, WrongStream
from devices.doc_camera.opencv import cv2
from devices.doc_camera.page import FrameError, Request, make_page
from devices.doc_camera.sources import Frame, frames
from devices.doc_camera.values import Corners, PageMode

RETRY_S = 1.0
PREVIEW_QUALITY = 70
MAX_WAIT_S = 5.0


class Grabber:
    """Keeps the newest frame, in a thread of its own; opens the source again when it breaks."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._changed = threading.Condition()
        self._frame: Frame | None = None
        self._number = 0
        self._status = "connecting"
        self._reason = ""
        self._since = time.monotonic()
        threading.Thread(target=self._run, name="grabber", daemon=True).start()

    def newest(
        self, after: int | None, wait_s: float, max_age_s: float
    ) -> tuple[Frame | None, int, dict[str, Any]]:
        """A frame with another number than `after` (None: one taken from now on), else None and why not.

        Waits at most `wait_s`. A frame older than `max_age_s` is never given: the picture stands still.
        """
        with self._changed:
            known = self._number if after is None else after
            self._changed.wait_for(lambda: self._fresh(known, max_age_s), wait_s)
            told = {"status": self._status, "reason": self._reason, "age_s": time.monotonic() - self._since}
            return (self._frame if self._fresh(known, max_age_s) else None), self._number, told

    def _fresh(self, after: int, max_age_s: float) -> bool:
        # "another", not "above": the parent may know numbers of the child before us
        another = self._number not in (0, after) and self._status == "no_frame"
        return another and time.monotonic() - self._since <= max_age_s

    def _run(self) -> None:
        while True:
            try:
                self._take(frames(self._source))
            except (StreamError, OSError) as exc:
                reason = str(exc) if isinstance(exc, StreamError) else type(exc).__name__
                self._become("wrong" if isinstance(exc, WrongStream) else "offline", reason)
            time.sleep(RETRY_S)

    def _take(self, stream: Iterator[Frame | None]) -> None:
        for frame in stream:
            with self._changed:
                self._status, self._reason, self._since = "no_frame", "", time.monotonic()
                if frame is not None:
                    self._frame, self._number = frame, self._number + 1
                self._changed.notify_all()

    def _become(self, status: str, reason: str) -> None:
        with self._changed:
            if self._status != status:
                self._since = time.monotonic()
            self._status, self._reason = status, reason


def frame_size(frame: Frame) -> tuple[int, int]:
    """Width and height without decoding where possible. Raises FrameError."""
    if isinstance(frame.data, bytes):
        try:
            return jpeg_size(frame.data)
        except JpegError:
            image = frame.pixels(colour=False)  # a PNG from a file source
            return image.shape[1], image.shape[0]
    return frame.data.shape[1], frame.data.shape[0]


def preview(frame: Frame, width_px: int) -> tuple[dict[str, Any], bytes]:
    """The small picture and the sheet found in it. Raises FrameError."""
    full_px, _ = frame_size(frame)
    reduce = next((r for r in (8, 4, 2) if full_px // r >= width_px), 1)
    image = frame.pixels(colour=True, reduce=reduce)
    if image.shape[1] > width_px:
        height_px = max(1, round(image.shape[0] * width_px / image.shape[1]))
        image = np.asarray(cv2.resize(image, (width_px, height_px), interpolation=cv2.INTER_AREA), np.uint8)
    found = find_page(image)
    _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, PREVIEW_QUALITY])
    head = {
        "width": image.shape[1],
        "height": image.shape[0],
        "corners": found.corners if found else None,
        "confidence": found.confidence if found else 0.0,
    }
    return head, bytes(data)


def capture(frame: Frame, question: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """The whole page. Raises FrameError; KeyError, TypeError, ValueError for a question that is none."""
    mode = PageMode(question["mode"])
    corners: Corners | None = None
    if question.get("corners") is not None:
        full_px, _ = frame_size(frame)
        scale = full_px / min(full_px, int(question["corners_width"]))
        a, b, c, d = ((float(x) * scale, float(y) * scale) for x, y in question["corners"])
        corners = (a, b, c, d)
    request = Request(mode, int(question["dpi"]), int(question["quarter_turns"]), corners)
    page = make_page(frame.pixels(colour=mode is PageMode.COLOUR), request, frame.sha256())
    head = {
        "width": page.width_px,
        "height": page.height_px,
        "dpi": page.dpi,
        "warnings": [warning.value for warning in page.warnings],
        "sharpness": page.sharpness,
        "sha256": page.source_sha256,
    }
    return head, page.jpeg


def answer(grabber: Grabber, question: dict[str, Any]) -> bytes:
    """One question of the parent to one answer; a bad frame or question is an answer too."""
    number = question.get("id")
    try:
        wait_s = min(MAX_WAIT_S, float(question["wait_s"]))
        after = question["after"]
        frame, frame_no, told = grabber.newest(
            None if after is None else int(after), wait_s, float(question["max_age_s"])
        )
        if frame is None:
            return pack({"id": number, **told})
        if question["ask"] == "preview":
            head, body = preview(frame, max(64, int(question["width"])))
        else:
            head, body = capture(frame, question)
        return pack({"id": number, "status": "ok", "frame": frame_no, **head}, body)
    except FrameError as exc:
        return pack({"id": number, "status": "bad_frame", "reason": str(exc)})
    except (KeyError, TypeError, ValueError) as exc:
        return pack({"id": number, "status": "refused", "reason": type(exc).__name__})


def serve(source: Source, questions: BinaryIO, answers: BinaryIO) -> None:
    """Answer until the parent closes its end."""
    grabber = Grabber(source)
    answers.write(pack({"id": 0, "status": "hello"}))
    answers.flush()
    while (message := receive(questions)) is not None:
        answers.write(answer(grabber, message[0]))
        answers.flush()


def main() -> None:
    # camera libraries print to standard output: keep the pipe for ourselves and send them to standard error
    pipe = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    code = 0
    try:
        serve(parse_source(sys.argv[1]), sys.stdin.buffer, pipe)
    except BrokenPipeError:
        code = 1  # the parent is gone
    os._exit(code)  # the grabber may hang in a camera library and would keep the process alive


if __name__ == "__main__":
    main()
