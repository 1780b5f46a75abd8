"""Where does the sheet lie? Four corners from one picture, to a fraction of a pixel. Child process only.

Several ways to tell sheet from desk propose quadrilaterals (brightness, difference from the desk's own
colour, edges, straight lines); each is judged by how much of its outline lies on real edges, the best is
fitted to them. White paper on a white desk is found by its thin shadow.
"""

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import numpy.typing as npt

from devices.doc_camera.opencv import cv2
from devices.doc_camera.values import Corners, PageFound

Picture = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

WORK_PX = 560
"""Longest side of the picture that is searched."""
MIN_AREA = 0.025
"""An ID card in the view of an A4 camera covers 4 %."""
MIN_CONFIDENCE = 0.45
GOOD_ENOUGH = 0.9
"""Confidence at which slower proposals are not tried."""
SAMPLES = 48
REACH_PX = 6
RIM_PX = 4
MIN_SIDE_PX = 32


def find_page(image: Picture) -> PageFound | None:
    """The sheet in a grey (h, w) or BGR (h, w, 3) picture, None where there is none.

    Corners in pixels of `image`, clockwise; the first is the left end of the side that is uppermost.
    """
    if min(image.shape[:2]) < MIN_SIDE_PX:
        return None
    scale = min(1.0, WORK_PX / max(image.shape[:2]))
    small = image
    if scale < 1:
        size = (round(image.shape[1] * scale), round(image.shape[0] * scale))
        small = _u8(cv2.resize(image, size, interpolation=cv2.INTER_AREA))
    grey = small if small.ndim == 2 else _u8(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY))
    grey = _u8(cv2.GaussianBlur(grey, (3, 3), 0))
    soft = np.asarray(grey, np.float32)
    noise = max(1.5, float(np.median(np.abs(cv2.Laplacian(soft, cv2.CV_32F)[::3, ::3]))) * 0.8)
    best: Floats | None = None
    best_score = MIN_CONFIDENCE
    for quad in _proposals(small, grey):
        score = 0.0
        for reach in (REACH_PX, REACH_PX // 2):
            fitted = _fit(soft, quad, reach)
            if fitted is None:
                break
            quad = fitted
        else:
            score = _score(soft, quad, noise)
        if score > best_score:
            best, best_score = quad, score
        if best_score >= GOOD_ENOUGH:
            break
    if best is None:
        return None
    factor = np.array([image.shape[1] / small.shape[1], image.shape[0] / small.shape[0]], np.float32)
    corners = _ordered((best + 0.5) * factor - 0.5)
    return PageFound(corners, min(1.0, best_score))


def touches_border(corners: Corners, width_px: int, height_px: int) -> bool:
    """A corner lies at the rim of the picture: part of the sheet may be outside."""
    rim = max(2.0, 0.004 * max(width_px, height_px))
    return any(x < rim or y < rim or x > width_px - 1 - rim or y > height_px - 1 - rim for x, y in corners)


def _proposals(small: Picture, grey: Picture) -> Iterator[Floats]:
    kernel = np.ones((5, 5), np.uint8)
    _, bright = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    yield from _quads(_u8(cv2.morphologyEx(bright, cv2.MORPH_CLOSE, kernel, iterations=2)))
    outlines = [_u8(cv2.Canny(grey, low, high)) for low, high in ((40, 120), (12, 36))]
    for edges in outlines:
        yield from _quads(_u8(cv2.dilate(edges, kernel)))
    half = _u8(cv2.resize(small, (small.shape[1] // 2, small.shape[0] // 2), interpolation=cv2.INTER_AREA))
    _, mask = cv2.threshold(_unlike_desk(half), 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    for quad in _quads(_u8(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, kernel))):
        yield quad * 2
    for edges in outlines:
        yield from _line_quads(edges)


def _unlike_desk(small: Picture) -> Picture:
    """Distance of each pixel from the desk's colour in the light that the rim shows."""
    height, width = small.shape[:2]
    picture = np.asarray(small, np.float32).reshape(height, width, -1)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = x / width - 0.5, y / height - 0.5
    basis = np.stack([np.ones_like(x), x, y, x * y], axis=-1)
    rim = np.zeros((height, width), bool)
    rim[:5] = rim[-5:] = rim[:, :5] = rim[:, -5:] = True
    at_rim, seen = basis[rim], picture[rim]
    coefficients, *_ = np.linalg.lstsq(at_rim, seen, rcond=None)
    for _ in range(2):  # what stands out of the rim (a sheet that is cut off) is not desk
        off = np.abs(seen - at_rim @ coefficients).sum(axis=-1)
        keep = off <= np.quantile(off, 0.7)
        coefficients, *_ = np.linalg.lstsq(at_rim[keep], seen[keep], rcond=None)
    off = np.abs(picture - basis @ coefficients).sum(axis=-1)
    return _u8(cv2.GaussianBlur(np.clip(off, 0, 255).astype(np.uint8), (5, 5), 0))


def _quads(mask: Picture) -> Iterator[Floats]:
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    enough = MIN_AREA * mask.shape[0] * mask.shape[1]
    hulls = [cv2.convexHull(contour) for contour in contours if len(contour) >= 4]
    hulls = sorted((hull for hull in hulls if cv2.contourArea(hull) > enough), key=cv2.contourArea)[::-1]
    for hull in hulls[:2]:
        around = cv2.arcLength(hull, True)
        for tolerance in (0.015, 0.03, 0.05, 0.08):
            points = cv2.approxPolyDP(hull, tolerance * around, True)
            if len(points) == 4:
                yield np.asarray(points, np.float32).reshape(4, 2)
                break
        else:
            yield np.asarray(cv2.boxPoints(cv2.minAreaRect(hull)), np.float32)


def _line_quads(edges: Picture) -> Iterator[Floats]:
    """The two farthest pairs of long straight edges that cross each other."""
    short = min(edges.shape) // 5
    lines = cv2.HoughLinesP(edges, 1, np.pi / 360, 50, minLineLength=short, maxLineGap=short // 4)
    if lines is None:
        return
    segments = np.asarray(lines, np.float32).reshape(-1, 4)
    length = np.hypot(segments[:, 2] - segments[:, 0], segments[:, 3] - segments[:, 1])
    segments = segments[np.argsort(-length)[:24]]
    angle = np.arctan2(segments[:, 3] - segments[:, 1], segments[:, 2] - segments[:, 0])
    main = angle[0]
    turn = np.abs((angle - main + np.pi / 2) % np.pi - np.pi / 2)
    along, across = segments[turn < 0.35], segments[turn > np.pi / 2 - 0.35]
    found = []
    for first, second in combinations(along[:8], 2):
        for third, fourth in combinations(across[:8], 2):
            points = [
                _cross(first, third),
                _cross(first, fourth),
                _cross(second, fourth),
                _cross(second, third),
            ]
            if any(point is None for point in points):
                continue
            quad = np.array(points, np.float32)
            area = abs(float(cv2.contourArea(quad)))
            inside = (quad > -8).all() and (quad < np.array(edges.shape[::-1]) + 8).all()
            if inside and area > MIN_AREA * edges.size and cv2.isContourConvex(quad):
                found.append((area, quad))
    found.sort(key=lambda item: -item[0])
    yield from (quad for _, quad in found[:6])


def _cross(first: Floats, second: Floats) -> Floats | None:
    (x1, y1, x2, y2), (x3, y3, x4, y4) = first.tolist(), second.tolist()
    below = (x1 - x2) * (y3 - y4) - (y1 - y2) * (x3 - x4)
    if abs(below) < 1e-6:
        return None
    a, b = x1 * y2 - y1 * x2, x3 * y4 - y3 * x4
    return np.array(
        [(a * (x3 - x4) - (x1 - x2) * b) / below, (a * (y3 - y4) - (y1 - y2) * b) / below], np.float32
    )


def _profiles(grey: Floats, quad: Floats, reach: int) -> tuple[Floats, Floats, Floats]:
    """Change of brightness across each side: (4, SAMPLES, 2*reach), sample points and outward normals."""
    along = np.linspace(0.04, 0.96, SAMPLES, dtype=np.float32)
    start, end = quad, np.roll(quad, -1, axis=0)
    points = start[:, None] + (end - start)[:, None] * along[None, :, None]
    side = end - start
    normal = np.stack([side[:, 1], -side[:, 0]], axis=-1)
    normal /= np.maximum(1e-6, np.linalg.norm(normal, axis=-1, keepdims=True))
    steps = np.arange(-reach, reach + 1, dtype=np.float32)
    where = points[:, :, None] + normal[:, None, None] * steps[None, None, :, None]
    flat = where.reshape(4 * SAMPLES, -1, 2)
    values = cv2.remap(grey, flat[..., 0], flat[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    change = np.diff(np.asarray(values, np.float32), axis=1).reshape(4, SAMPLES, -1)
    return change, np.asarray(points, np.float32), np.asarray(normal, np.float32)


def _fit(grey: Floats, quad: Floats, reach: int) -> Floats | None:
    """Move each side onto the strongest edge within `reach` pixels; corners where the sides then cross."""
    change, points, normal = _profiles(grey, quad, reach)
    strength = np.abs(change)
    top = strength.argmax(axis=2)
    side, sample = np.indices(top.shape)
    # the edge lies between pixels: parabola through the strongest step and its neighbours
    inner = np.clip(top, 1, strength.shape[2] - 2)
    left, mid, right = (strength[side, sample, inner + d] for d in (-1, 0, 1))
    curve = left - 2 * mid + right
    shift = np.where(np.abs(curve) > 1e-3, 0.5 * (left - right) / np.where(curve == 0, 1, curve), 0)
    offset = top - reach + 0.5 + np.where(top == inner, np.clip(shift, -0.5, 0.5), 0)
    edge = points + normal[:, None] * offset[..., None]
    lines = []
    ends = np.roll(quad, -1, axis=0)
    for number, cut in enumerate(_at_rim(points, grey).mean(axis=1) > 0.5):
        if cut:  # the sheet goes on outside the picture: there is no edge to move to
            lines.append(np.concatenate([quad[number], ends[number]]))
            continue
        weight = strength[number, np.arange(SAMPLES), top[number]]
        strong = edge[number][weight >= 0.5 * np.median(weight)].astype(np.float32)
        vx, vy, x, y = np.asarray(cv2.fitLine(strong, cv2.DIST_WELSCH, 0, 0.01, 0.01)).ravel().tolist()
        lines.append(np.array([x, y, x + vx * 100, y + vy * 100], np.float32))
    corners = [_cross(lines[number - 1], lines[number]) for number in range(4)]
    if any(corner is None for corner in corners):
        return None
    fitted = np.array(corners, np.float32)
    moved = float(np.abs(fitted - quad).max())
    limit = np.array(grey.shape[::-1], np.float32)
    if moved > 5 * reach or (fitted < -0.1 * limit).any() or (fitted > 1.1 * limit).any():
        return None
    return np.asarray(np.clip(fitted, 0, limit - 1), np.float32)


def _score(grey: Floats, quad: Floats, noise: float) -> float:
    """How much of the outline is edge, weighed by how much the shape is a sheet's; 0..1."""
    area = abs(float(cv2.contourArea(quad)))
    if area < MIN_AREA * grey.size or not cv2.isContourConvex(quad):
        return 0.0
    ahead, behind = np.roll(quad, -1, axis=0) - quad, np.roll(quad, 1, axis=0) - quad
    lengths = np.linalg.norm(ahead, axis=1)
    cosine = np.abs((ahead * behind).sum(axis=1)) / np.maximum(1, lengths * np.roll(lengths, 1))
    if cosine.max() > 0.5 or lengths.min() < 0.15 * lengths.max():
        return 0.0
    change, points, _ = _profiles(grey, quad, 3)
    step = np.abs(change[:, :, 1:5]).max(axis=2)
    at_rim = _at_rim(points, grey)
    on_edge = ((step > 2.2 * noise) & ~at_rim).mean(axis=1) + 0.6 * at_rim.mean(axis=1)
    if (at_rim.mean(axis=1) > 0.5).sum() > 2:  # nothing of it but the picture itself
        return 0.0
    support = 0.5 * float(on_edge.mean()) + 0.5 * float(on_edge.min())
    return support * (1 - 0.5 * float(cosine.max())) * (0.8 + 0.2 * min(1.0, area / grey.size / 0.3))


def _at_rim(points: Floats, grey: Floats) -> npt.NDArray[np.bool_]:
    """Which of the points (..., 2) lie at the rim of the picture."""
    x, y = points[..., 0], points[..., 1]
    height, width = grey.shape
    return np.asarray((x < RIM_PX) | (y < RIM_PX) | (x >= width - RIM_PX) | (y >= height - RIM_PX))


def _ordered(quad: Floats) -> Corners:
    centre = quad.mean(axis=0)
    turn = np.arctan2(quad[:, 1] - centre[1], quad[:, 0] - centre[0])
    ring = quad[np.argsort(turn)]  # clockwise on the screen, as y grows downwards
    middles = (ring + np.roll(ring, -1, axis=0)) / 2
    ring = np.roll(ring, -int(middles[:, 1].argmin()), axis=0)
    a, b, c, d = ((float(x), float(y)) for x, y in ring)
    return a, b, c, d


def _u8(image: object) -> Picture:
    return np.asarray(image, np.uint8)
