"""What passes between camera, child process and application. No OpenCV here: applications import this."""

from dataclasses import dataclass
from enum import Enum

Point = tuple[float, float]
Corners = tuple[Point, Point, Point, Point]
"""Clockwise from the page's top left, in pixels of the picture they were found in."""


class PageMode(Enum):
    COLOUR = "colour"
    GREY = "grey"
    LINEART = "lineart"
    """Grey with everything but ink made white: smallest, for plain text."""


class PageWarning(Enum):
    """Why a person should look before this page is filed."""

    NO_PAGE = "no_page"
    """No sheet was told from the desk: the whole picture was taken."""
    CUT_OFF = "cut_off"
    BLANK = "blank"
    BLURRED = "blurred"
    LOW_RESOLUTION = "low_resolution"

    @property
    def hint(self) -> str:
        """Chinese text for staff."""
        return {
            PageWarning.NO_PAGE: "没有找到纸张边缘，已保存整个画面，请确认。",
            PageWarning.CUT_OFF: "纸张超出画面，请放正后重拍。",
            PageWarning.BLANK: "这一页几乎是空白的，请确认正反面。",
            PageWarning.BLURRED: "画面模糊，请等对焦后重拍。",
            PageWarning.LOW_RESOLUTION: "清晰度不足，请提高相机分辨率或靠近拍摄。",
        }[self]


class CameraState(Enum):
    CLOSED = "closed"
    STARTING = "starting"
    OK = "ok"
    SILENT = "silent"
    """The picture stood still; the child was ended and starts again by itself."""
    OFFLINE = "offline"
    """The camera cannot be reached; it is tried again by itself."""


@dataclass(frozen=True, slots=True)
class PageFound:
    corners: Corners
    confidence: float
    """0..1; below 0.5 the frame should be shown as a guess."""


@dataclass(frozen=True, slots=True)
class Preview:
    """One small picture for the screen."""

    jpeg: bytes
    width_px: int
    height_px: int
    frame_no: int
    page: PageFound | None
    """In pixels of this small picture."""


@dataclass(frozen=True, slots=True)
class CapturedPage:
    """One page as it is filed."""

    jpeg: bytes
    width_px: int
    height_px: int
    dpi: int
    """As if the sheet were A4 (or an ID-1 card, where it has that shape and is small)."""
    warnings: tuple[PageWarning, ...]
    sharpness: float
    """0..1, comparable between pages of one camera."""
    source_sha256: str
    """Of the camera's own frame, before any change."""
