"""Pictures a document camera would take: an invented page on a desk. For the simulator and tests only.

Drawn with Pillow and NumPy, not with OpenCV, so that page.py is not judged by its own arithmetic.
"""

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from devices.doc_camera.values import Corners, Point

Floats = npt.NDArray[np.float32]
A4_MM = (210.0, 297.0)
MAX_LINES = 60
MAX_CHARS = 60


class Desk(Enum):
    DARK = "dark"
    LIGHT = "light"
    WOOD = "wood"
    WHITE = "white"


@dataclass(frozen=True, slots=True)
class PageContent:
    """Invented text on one sheet; `seal` is drawn as a red round stamp where given."""

    title: str = ""
    lines: tuple[str, ...] = ()
    seal: str = ""
    seed: int = 1


@dataclass(frozen=True, slots=True)
class View:
    """How the sheet lies under the camera."""

    width_px: int = 2592
    height_px: int = 1944
    desk: Desk = Desk.WOOD
    rotation_deg: float = 0.0
    keystone: float = 0.0
    """Part by which the far side of the sheet looks shorter, 0..0.2."""
    fill: float = 0.9
    """Height of the sheet as part of the picture's height."""
    shadow: float = 0.25
    """Darkening at the darkest corner, 0..0.6."""
    noise: float = 3.0
    blur_px: float = 0.0
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Scene:
    image: Image.Image = field(repr=False)
    corners: Corners | None
    """Where the sheet truly lies, None for an empty desk."""


def render_sheet(content: PageContent, fonts: Path, height_px: int) -> Image.Image:
    """The A4 sheet seen straight, RGB, `height_px` high; long texts wrap, what does not fit is left out.

    Raises OSError where `fonts` lacks the Noto files.
    """
    width_px = round(height_px * A4_MM[0] / A4_MM[1])
    sheet = Image.new("RGB", (width_px, height_px), (250, 249, 245))
    draw = ImageDraw.Draw(sheet)
    unit = height_px / A4_MM[1]
    bold = ImageFont.truetype(str(fonts / "NotoSansSC-Bold.ttf"), max(6, round(7.5 * unit)))
    body = ImageFont.truetype(str(fonts / "NotoSerifSC-Regular.ttf"), max(5, round(4.9 * unit)))
    title_px = draw.textlength(content.title, font=bold)
    draw.text(((width_px - title_px) / 2, 25 * unit), content.title, font=bold, fill=(20, 20, 22))
    top = 45 * unit
    per_line = int((width_px - 50 * unit) / (4.9 * unit))
    for line in content.lines[:MAX_LINES]:
        for part in _wrapped(line, per_line):
            if top > height_px - 25 * unit:
                break
            draw.text((25 * unit, top), part, font=body, fill=(30, 30, 33))
            top += 8.5 * unit
    if content.seal:
        _draw_seal(draw, content.seal, fonts, (width_px - 60 * unit, height_px - 70 * unit), unit)
    return sheet


def _wrapped(line: str, per_line: int) -> list[str]:
    """Full-width text in lines of at most `per_line` characters; a closing mark never starts one."""
    parts = []
    while len(line) > per_line:
        end = per_line - 1 if line[per_line] in "，。、；：！？）》”" else per_line
        parts.append(line[:end])
        line = line[end:]
    return [*parts, line]


def _draw_seal(draw: ImageDraw.ImageDraw, text: str, fonts: Path, centre: Point, unit: float) -> None:
    red, radius = (205, 45, 50), 20 * unit
    x, y = centre
    draw.ellipse(
        (x - radius, y - radius, x + radius, y + radius), outline=red, width=max(1, round(1.2 * unit))
    )
    star = [
        (x + r * np.sin(np.pi * k / 5), y - r * np.cos(np.pi * k / 5))
        for k in range(10)
        for r in [(6 if k % 2 == 0 else 2.4) * unit]
    ]
    draw.polygon(star, fill=red)
    font = ImageFont.truetype(str(fonts / "NotoSerifSC-Bold.ttf"), max(5, round(4 * unit)))
    shown = text[:8]
    draw.text((x - draw.textlength(shown, font=font) / 2, y + 9 * unit), shown, font=font, fill=red)


def compose(content: PageContent | None, view: View, fonts: Path) -> Scene:
    """The camera's picture. The same arguments give the same picture."""
    random = np.random.default_rng((view.seed, content.seed if content else 0))
    size = (view.width_px, view.height_px)
    picture: Floats = _desk(view, random)
    corners: Corners | None = None
    if content is not None:
        sheet = render_sheet(content, fonts, round(view.height_px * view.fill))
        corners = _place(sheet.size, view, random)
        matrix = _perspective(corners, sheet.size)
        mask = Image.new("L", sheet.size, 255).transform(
            size, Image.Transform.PERSPECTIVE, matrix, Image.Resampling.BICUBIC
        )
        laid = sheet.transform(size, Image.Transform.PERSPECTIVE, matrix, Image.Resampling.BICUBIC)
        # a sheet lies a little above the desk: a thin soft shadow on the side away from the lamp
        lift = max(1, round(view.height_px / 500))
        cast = mask.filter(ImageFilter.GaussianBlur(lift * 1.5))
        fall = np.roll(np.asarray(cast, np.float32), (lift, lift), (0, 1))[..., None] / 255
        picture *= (1 - 0.35 * fall).astype(np.float32)
        cover = np.asarray(mask, np.float32)[..., None] / 255
        picture += (np.asarray(laid, np.float32) - picture) * cover
    picture *= _light(view, random)[..., None]
    if view.blur_px:
        soft = Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8))
        picture = np.asarray(soft.filter(ImageFilter.GaussianBlur(view.blur_px)), np.float32)
    picture = picture + random.normal(0, view.noise, (view.height_px, view.width_px, 1)).astype(np.float32)
    return Scene(Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)), corners)


def _desk(view: View, random: np.random.Generator) -> Floats:
    height, width = view.height_px, view.width_px
    base = {
        Desk.DARK: (52, 54, 58),
        Desk.LIGHT: (188, 186, 180),
        Desk.WOOD: (150, 108, 70),
        Desk.WHITE: (236, 236, 234),
    }[view.desk]
    picture = np.ones((height, width, 3), np.float32) * np.array(base, np.float32)
    if view.desk is Desk.WOOD:
        y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
        x = np.linspace(0, 1, width, dtype=np.float32)[None, :]
        grain = np.sin(60 * y + 5 * np.sin(4 * x + 1) + 3 * np.sin(9 * y)) * 0.09
        streak = random.normal(0, 0.03, (height, 1)).astype(np.float32)
        picture *= (1 + grain + streak)[..., None]
    return picture


def _place(sheet_px: tuple[int, int], view: View, random: np.random.Generator) -> Corners:
    half_w, half_h = sheet_px[0] / 2, sheet_px[1] / 2
    far = 1 - view.keystone
    angle = np.deg2rad(view.rotation_deg)
    dx, dy = random.uniform(-0.02, 0.02, 2) * (view.width_px, view.height_px)
    flat = ((-half_w * far, -half_h), (half_w * far, -half_h), (half_w, half_h), (-half_w, half_h))
    # a turned sheet must still lie in the picture
    reach = max(abs(x * np.sin(angle)) + abs(y * np.cos(angle)) for x, y in flat)
    scale = min(1.0, (view.height_px * 0.47) / reach)
    points = [
        (
            float(view.width_px / 2 - 0.5 + dx + scale * (x * np.cos(angle) - y * np.sin(angle))),
            float(view.height_px / 2 - 0.5 + dy * 0.5 + scale * (x * np.sin(angle) + y * np.cos(angle))),
        )
        for x, y in flat
    ]
    return points[0], points[1], points[2], points[3]


def _perspective(corners: Corners, sheet_px: tuple[int, int]) -> tuple[float, ...]:
    """Pillow's eight coefficients: from a point of the picture to the point of the sheet."""
    width, height = sheet_px
    rows, goal = [], []
    for (x, y), (u, v) in zip(corners, ((0, 0), (width, 0), (width, height), (0, height)), strict=True):
        x, y = x + 0.5, y + 0.5  # Pillow counts from the rim of the first pixel, corners from its middle
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y])
        goal += [u, v]
    return tuple(float(value) for value in np.linalg.solve(np.array(rows), np.array(goal)))


def _light(view: View, random: np.random.Generator) -> Floats:
    """Lamp at one side, and the soft shadow of a head or an arm over one corner."""
    y = np.linspace(-1, 1, view.height_px, dtype=np.float32)[:, None]
    x = np.linspace(-1, 1, view.width_px, dtype=np.float32)[None, :]
    angle = random.uniform(0, 2 * np.pi)
    slope = (np.cos(angle) * x + np.sin(angle) * y) / 1.42
    lamp = 1 - view.shadow * 0.5 * (slope + 1) / 2
    cx, cy = random.choice([-1.0, 1.0], 2) * 0.8
    distance = ((x - cx) ** 2 + (y - cy) ** 2) / 0.5
    arm = 1 - view.shadow * 0.6 * np.exp(-(distance**2))
    return np.asarray(lamp * arm, np.float32)
