"""From a camera's frame to a page that can be filed: straighten, even out the light, judge, encode.

Child process, benches and tests only (OpenCV). Pictures are uint8, grey (h, w) or BGR (h, w, 3).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from devices.doc_camera.find import Floats, Picture, find_page, touches_border
from devices.doc_camera.opencv import cv2
from devices.doc_camera.values import CapturedPage, Corners, PageMode, PageWarning

A4_RATIO = 297 / 210
A4_LONG_INCH = 297 / 25.4
ID1_RATIO = 85.6 / 53.98
ID1_LONG_INCH = 85.6 / 25.4

GREY_LIMIT = 150 * 1024
COLOUR_LIMIT = 400 * 1024
QUALITIES = (65, 52, 42, 33)
LOW_DPI = 100
BLURRED_BELOW = 0.27
BLANK_BELOW = 0.0002
"""Part of the sheet that is ink; one short printed line is about 0.0008."""

DARKEST_LIGHT = 0.5
"""Paper in shadow keeps at least this part of the lit paper's brightness; darker is ink or photograph."""


@dataclass(frozen=True, slots=True)
class Request:
    mode: PageMode = PageMode.GREY
    dpi: int = 200
    """Upper bound; never more pixels than the camera saw."""
    quarter_turns: int = 0
    """Clockwise, after straightening: how the sheet lay under the camera."""
    corners: Corners | None = None
    """Set by a person; None: find them. Convex, at least 20 pixels across."""

    def __post_init__(self) -> None:
        if not 50 <= self.dpi <= 600:
            raise ValueError("dpi 50..600")
        if self.corners is not None:
            quad = np.array(self.corners, np.float32)
            sides = np.linalg.norm(np.roll(quad, -1, axis=0) - quad, axis=1)
            if not (np.abs(quad) < 20_000).all() or not cv2.isContourConvex(quad) or sides.min() < 20:
                raise ValueError("corners make no sheet")


class FrameError(ValueError):
    """The camera's bytes are not a picture."""


def decode(data: bytes, *, colour: bool, reduce: int = 1) -> Picture:
    """A picture file to pixels, `reduce` (1, 2, 4, 8) times smaller at no cost. Raises FrameError."""
    flags = {
        (True, 1): cv2.IMREAD_COLOR, (True, 2): cv2.IMREAD_REDUCED_COLOR_2,
        (True, 4): cv2.IMREAD_REDUCED_COLOR_4, (True, 8): cv2.IMREAD_REDUCED_COLOR_8,
        (False, 1): cv2.IMREAD_GRAYSCALE, (False, 2): cv2.IMREAD_REDUCED_GRAYSCALE_2,
        (False, 4): cv2.IMREAD_REDUCED_GRAYSCALE_4, (False, 8): cv2.IMREAD_REDUCED_GRAYSCALE_8,
    }  # fmt: skip
    try:
        image = cv2.imdecode(
            np.frombuffer(data, np.uint8), flags[colour, reduce] | cv2.IMREAD_IGNORE_ORIENTATION
        )
    except cv2.error as exc:
        raise FrameError("not a picture") from exc
    if image is None:
        raise FrameError("not a picture")
    return np.asarray(image, np.uint8)


def make_page(frame: Picture, request: Request, source_sha256: str) -> CapturedPage:
    """One frame to one page. Grey modes take a grey frame as well as a BGR one."""
    if request.mode is not PageMode.COLOUR and frame.ndim == 3:
        frame = _u8(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY))
    warnings = []
    corners = request.corners
    if corners is None:
        found = find_page(frame)
        corners = found.corners if found else None
    if corners is None:
        warnings.append(PageWarning.NO_PAGE)
        page, dpi = _whole(frame, request.dpi)
    else:
        if touches_border(corners, frame.shape[1], frame.shape[0]):
            warnings.append(PageWarning.CUT_OFF)
        page, dpi = warp(frame, corners, request.dpi)
    turns = {1: cv2.ROTATE_90_CLOCKWISE, 2: cv2.ROTATE_180, 3: cv2.ROTATE_90_COUNTERCLOCKWISE}
    if request.quarter_turns % 4:
        page = _u8(cv2.rotate(page, turns[request.quarter_turns % 4]))
    sharp = sharpness(page)
    page = even_light(page)
    if ink(page) < BLANK_BELOW:
        warnings.append(PageWarning.BLANK)
    elif sharp < BLURRED_BELOW:
        warnings.append(PageWarning.BLURRED)
    if dpi < LOW_DPI:
        warnings.append(PageWarning.LOW_RESOLUTION)
    before_px = page.shape[1]
    jpeg, (width_px, height_px) = encode(
        tone(page, request.mode), COLOUR_LIMIT if request.mode is PageMode.COLOUR else GREY_LIMIT
    )
    dpi = round(dpi * width_px / before_px)
    return CapturedPage(jpeg, width_px, height_px, dpi, tuple(warnings), round(sharp, 3), source_sha256)


def warp(frame: Picture, corners: Corners, max_dpi: int) -> tuple[Picture, int]:
    """The sheet seen straight, and its resolution; A4 and ID-1 shapes are made exact."""
    quad: Floats = np.array(corners, np.float32)
    quad += (quad.mean(axis=0) - quad) * 0.004  # a hair inside, so that no desk shows at the rim
    sides = np.linalg.norm(np.roll(quad, -1, axis=0) - quad, axis=1)
    across, down = max(16.0, float(sides[0] + sides[2]) / 2), max(16.0, float(sides[1] + sides[3]) / 2)
    longest, shortest = max(across, down), min(across, down)
    ratio, long_inch = longest / shortest, A4_LONG_INCH
    if abs(ratio / A4_RATIO - 1) < 0.08:
        ratio = A4_RATIO
    elif abs(ratio / ID1_RATIO - 1) < 0.05 and longest < 0.45 * max(frame.shape):
        ratio, long_inch = ID1_RATIO, ID1_LONG_INCH
    dpi = max(1, min(max_dpi, round(longest / long_inch)))
    long_px = round(dpi * long_inch)
    short_px = round(long_px / ratio)
    width, height = (long_px, short_px) if across > down else (short_px, long_px)
    while longest > 1.8 * long_px and min(frame.shape[:2]) > 64:  # linear sampling would skip pixels
        frame = _u8(
            cv2.resize(frame, (frame.shape[1] // 2, frame.shape[0] // 2), interpolation=cv2.INTER_AREA)
        )
        quad *= 0.5
        longest *= 0.5
    goal = np.array([[0, 0], [width - 1, 0], [width - 1, height - 1], [0, height - 1]], np.float32)
    matrix = cv2.getPerspectiveTransform(quad, goal)
    page = cv2.warpPerspective(
        frame, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return _u8(page), dpi


def _whole(frame: Picture, max_dpi: int) -> tuple[Picture, int]:
    """The whole picture, turned so that lines of text lie level."""
    dpi = max(1, min(max_dpi, round(max(frame.shape[:2]) / A4_LONG_INCH)))
    scale = min(1.0, dpi * A4_LONG_INCH / max(frame.shape[:2]))
    if scale < 1:
        size = (round(frame.shape[1] * scale), round(frame.shape[0] * scale))
        frame = _u8(cv2.resize(frame, size, interpolation=cv2.INTER_AREA))
    angle = text_angle(frame)
    if abs(angle) >= 0.3:
        height, width = frame.shape[:2]
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
        frame = _u8(cv2.warpAffine(frame, turn, (width, height), borderMode=cv2.BORDER_REPLICATE))
    return frame, dpi


def text_angle(image: Picture) -> float:
    """Degrees by which lines of text rise to the left, -10..10: what `getRotationMatrix2D` must turn back."""
    grey = image if image.ndim == 2 else _u8(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY))
    scale = min(1.0, 600 / max(grey.shape))
    small = _u8(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
    dark = _u8(cv2.morphologyEx(small, cv2.MORPH_BLACKHAT, np.ones((9, 9), np.uint8)))
    dark[dark < 25] = 0
    if not dark.any():
        return 0.0
    middle = (dark.shape[1] / 2, dark.shape[0] / 2)

    def level(angle: float) -> float:
        turned = cv2.warpAffine(dark, cv2.getRotationMatrix2D(middle, angle, 1.0), dark.shape[::-1])
        rows = np.asarray(turned, np.float32).sum(axis=1)
        return float(np.square(np.diff(rows)).sum())

    coarse = max((float(a) for a in range(-10, 11)), key=level)
    return max((coarse + d / 5 for d in range(-5, 6)), key=level)


def even_light(page: Picture) -> Picture:
    """Divide by the paper's own brightness: shadows and the lamp's slope go, ink and photographs stay."""
    size = (max(8, page.shape[1] // 8), max(8, page.shape[0] // 8))
    paper = _u8(cv2.resize(page, size, interpolation=cv2.INTER_AREA))
    paper = _u8(cv2.dilate(paper, np.ones((9, 9), np.uint8)))
    paper = _u8(cv2.GaussianBlur(paper, (15, 15), 0))
    lit = np.quantile(paper, 0.9, axis=(0, 1))  # a number, or one for each channel
    paper = np.maximum(paper, _u8(lit * DARKEST_LIGHT))
    paper = _u8(cv2.resize(paper, (page.shape[1], page.shape[0]), interpolation=cv2.INTER_LINEAR))
    return _u8(cv2.divide(page, paper, scale=245))


def tone(page: Picture, mode: PageMode) -> Picture:
    """Paper to white, ink to black; LINEART leaves little between."""
    black, white = {PageMode.COLOUR: (20, 228), PageMode.GREY: (30, 226), PageMode.LINEART: (110, 200)}[mode]
    curve = np.clip((np.arange(256) - black) * (255 / (white - black)), 0, 255).astype(np.uint8)
    return _u8(cv2.LUT(page, curve))


def ink(page: Picture) -> float:
    """Part of an evened page that is dark, the rim left out."""
    if page.ndim == 2:
        grey = page
    else:  # a red seal is ink too: the darkest channel (cv2.min: NumPy's takes 50 ms)
        blue, green, red = cv2.split(page)
        grey = _u8(cv2.min(cv2.min(blue, green), red))
    rim_y, rim_x = grey.shape[0] // 25, grey.shape[1] // 25
    inner = grey[rim_y : grey.shape[0] - rim_y, rim_x : grey.shape[1] - rim_x]
    return float(np.count_nonzero(inner < 150)) / max(1, inner.size)


def sharpness(page: Picture) -> float:
    """Steepest step between pixels as part of the contrast around it, 0..1; text in focus is above 0.4."""
    grey = page if page.ndim == 2 else page[..., 1]
    grey = grey[::2]
    step = cv2.absdiff(np.ascontiguousarray(grey[:, 1:]), np.ascontiguousarray(grey[:, :-1]))
    line = np.ones((1, 9), np.uint8)
    spread = cv2.subtract(cv2.dilate(grey, line), cv2.erode(grey, line))
    high_step, high_spread = _high(_u8(step)), _high(_u8(spread))
    return 0.0 if high_spread < 12 else min(1.0, high_step / high_spread)


def _high(values: Picture) -> float:
    """The 99.5th percentile."""
    counts = np.bincount(values.ravel(), minlength=256).cumsum()
    return float(np.searchsorted(counts, 0.995 * counts[-1]))


def encode(page: Picture, limit: int) -> tuple[bytes, tuple[int, int]]:
    """JPEG of at most `limit` bytes, and its width and height: quality goes down first, then size."""
    while True:
        for quality in QUALITIES:
            ok, data = cv2.imencode(
                ".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_OPTIMIZE, 1]
            )
            if not ok:
                raise FrameError("page cannot be encoded")
            if len(data) <= limit:
                return bytes(data), (page.shape[1], page.shape[0])
        size = (max(1, page.shape[1] * 4 // 5), max(1, page.shape[0] * 4 // 5))
        page = _u8(cv2.resize(page, size, interpolation=cv2.INTER_AREA))


def _u8(image: npt.ArrayLike | object) -> Picture:
    return np.asarray(image, np.uint8)
