"""Frames from a camera, a network stream or a file. Child process only (OpenCV)."""

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from devices.doc_camera import mjpeg
from devices.doc_camera.address import FileSource, MjpegSource, Source, UvcSource
from devices.doc_camera.find import Picture
from devices.doc_camera.mjpeg import StreamError, WrongStream
from devices.doc_camera.opencv import cv2
from devices.doc_camera.page import FrameError, decode

MAX_FILE = 64 * 1024 * 1024
FILE_INTERVAL_S = 0.2
UVC_INTERVAL_S = 0.1
WARM_UP_FRAMES = 5
"""The first frames of a USB camera come before exposure and white balance have settled."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame as the camera gave it: a picture file, or pixels."""

    data: bytes | Picture = field(repr=False)

    def pixels(self, *, colour: bool, reduce: int = 1) -> Picture:
        """Raises FrameError."""
        if isinstance(self.data, bytes):
            return decode(self.data, colour=colour, reduce=reduce)
        return self.data if reduce == 1 else self.data[::reduce, ::reduce]

    def sha256(self) -> str:
        data = self.data if isinstance(self.data, bytes) else self.data.tobytes()
        return hashlib.sha256(data).hexdigest()


def frames(source: Source) -> Iterator[Frame | None]:
    """None once the source is open, then frames without end. Blocks, without limit for USB cameras.

    Raises StreamError or OSError.
    """
    match source:
        case MjpegSource(url):
            for data in mjpeg.frames(url):
                yield None if data is None else Frame(data)
        case FileSource(path):
            yield from _file_frames(Path(path))
        case UvcSource():
            yield from _uvc_frames(source)


def _file_frames(path: Path) -> Iterator[Frame | None]:
    yield None
    while True:
        if path.stat().st_size > MAX_FILE:
            raise WrongStream("file too large")
        data = path.read_bytes()
        try:
            decode(data, colour=False, reduce=8)
        except FrameError as exc:
            raise WrongStream("not a picture") from exc
        yield Frame(data)
        time.sleep(FILE_INTERVAL_S)


def _uvc_frames(source: UvcSource) -> Iterator[Frame | None]:
    camera = cv2.VideoCapture(source.index)
    try:
        # high resolutions exist only as MJPG, and only when it is set before the size (devices.md A6)
        camera.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        camera.set(cv2.CAP_PROP_FRAME_WIDTH, source.width_px)
        camera.set(cv2.CAP_PROP_FRAME_HEIGHT, source.height_px)
        camera.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        if not camera.isOpened():
            raise StreamError("no such camera")
        yield None
        for _ in range(WARM_UP_FRAMES):
            camera.grab()
        due = 0.0
        while camera.grab():
            if time.monotonic() < due:
                continue  # grabbing is cheap, decoding five megapixels is not
            due = time.monotonic() + UVC_INTERVAL_S
            ok, image = camera.retrieve()
            if not ok or image is None:
                raise StreamError("frame lost")
            yield Frame(image.astype("uint8", copy=False))
        raise StreamError("camera unplugged")
    finally:
        camera.release()
