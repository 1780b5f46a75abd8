"""Desks and pages for the camera's tests: small, invented, the same on every run."""

from pathlib import Path

import numpy as np

from devices.doc_camera.find import Picture
from devices.doc_camera.opencv import cv2
from devices.doc_camera.scene import Desk, PageContent, Scene, View
from devices.doc_camera.values import Corners

FONTS = Path(__file__).resolve().parents[3] / "resources" / "fonts"
PAGE = PageContent(
    "居民身份证复印件",
    ("某县某镇居民测试人因办理养老补贴一事，提交本人身份证明及户籍材料，经核对与原件一致。",) * 9,
    "某县公安局",
    seed=5,
)
SMALL = View(800, 600, Desk.WOOD, rotation_deg=-6, keystone=0.06)


def bgr(scene: Scene) -> Picture:
    return np.ascontiguousarray(np.asarray(scene.image)[:, :, ::-1])


def overlap(first: Corners, second: Corners) -> float:
    """Intersection over union of two quadrilaterals."""
    a, b = np.array(first, np.float32), np.array(second, np.float32)
    common, _ = cv2.intersectConvexConvex(a, b)
    return float(common / (cv2.contourArea(a) + cv2.contourArea(b) - common))
