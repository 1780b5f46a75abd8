"""Measurements of the document camera's picture work on generated scenes. Loads OpenCV: import it late."""

import time
from dataclasses import replace
from typing import Any

import numpy as np

from devices.doc_camera.find import Picture, find_page
from devices.doc_camera.opencv import cv2
from devices.doc_camera.page import Request, decode, make_page
from devices.doc_camera.scene import Desk, PageContent, Scene, View, compose
from devices.doc_camera.values import Corners
from hall.catalogue.loading import resources_dir
from yichuang.bench_timing import Timing

REPEATS = 6
GOOD = 0.9
"""Overlap from which a found sheet counts as found."""


def measure_page() -> dict[str, Any]:
    """Milliseconds and overlap with the truth over four desks, eight ways of lying."""
    scenes = _scenes()
    detect: list[float] = []
    whole: list[float] = []
    overlaps: list[float] = []
    jpegs = [_jpeg(scene) for scene in scenes]
    preview = ""
    for scene, jpeg in zip(scenes, jpegs, strict=True):
        # as the camera's child does: a 5-megapixel frame is decoded smaller for the preview
        small = decode(jpeg, colour=True, reduce=2)
        preview = f"{small.shape[1]}x{small.shape[0]}"
        found = None
        for _ in range(REPEATS):
            began = time.perf_counter()
            found = find_page(small)
            detect.append((time.perf_counter() - began) * 1000)
        truth = scene.corners
        if found is None or truth is None:
            overlaps.append(0.0)
            continue
        factor = scene.image.width / small.shape[1]
        a, b, c, d = (((x + 0.5) * factor - 0.5, (y + 0.5) * factor - 0.5) for x, y in found.corners)
        overlaps.append(overlap((a, b, c, d), truth))
    sizes: list[int] = []
    decoding: list[float] = []
    for jpeg in jpegs:
        began = time.perf_counter()
        frame = decode(jpeg, colour=False)
        decoding.append((time.perf_counter() - began) * 1000)
        for _ in range(2):
            began = time.perf_counter()
            page = make_page(frame, Request(), "")
            whole.append((time.perf_counter() - began) * 1000)
        sizes.append(len(page.jpeg))
    finding, making = Timing(tuple(detect)), Timing(tuple(whole))
    return {
        "scenes": len(scenes),
        "frame_px": f"{scenes[0].image.width}x{scenes[0].image.height}",
        "preview_px": preview,
        "detect_ms_p50": finding.at(0.5),
        "detect_ms_p95": finding.at(0.95),
        "decode_ms_p50": Timing(tuple(decoding)).at(0.5),
        "page_ms_p50": making.at(0.5),
        "page_ms_p95": making.at(0.95),
        "iou_mean": round(sum(overlaps) / len(overlaps), 4),
        "iou_min": round(min(overlaps), 4),
        "found": sum(1 for o in overlaps if o >= GOOD),
        "page_kb_mean": round(sum(sizes) / len(sizes) / 1024),
    }


def overlap(first: Corners, second: Corners) -> float:
    """Intersection over union of two quadrilaterals, 0..1."""
    a, b = np.array(first, np.float32), np.array(second, np.float32)
    common, _ = cv2.intersectConvexConvex(a, b)
    return float(common / (cv2.contourArea(a) + cv2.contourArea(b) - common))


def _scenes() -> list[Scene]:
    fonts = resources_dir() / "fonts"
    content = PageContent(
        "示例申请表", ("申请人因办理示例经营许可，提交本人身份证明及场所证明材料，经核对与原件一致。",) * 12,
        "示例局",
    )  # fmt: skip
    base = View()
    found = []
    for desk in Desk:
        for n, (turn, stone) in enumerate(((-8.0, 0.0), (4.0, 0.08))):
            view = replace(base, desk=desk, rotation_deg=turn, keystone=stone, seed=10 * n + 1)
            found.append(compose(replace(content, seed=n + 1), view, fonts))
    return found


def _jpeg(scene: Scene) -> bytes:
    bgr: Picture = np.ascontiguousarray(np.asarray(scene.image)[:, :, ::-1])
    ok, data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, 92])
    if not ok:
        raise RuntimeError("a scene cannot be encoded")
    return bytes(data)
