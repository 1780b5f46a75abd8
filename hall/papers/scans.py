"""Captured pages bound as one PDF: each original JPEG inside, byte for byte, a watermark drawn over it."""

import io
import math
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum

from pikepdf import Dictionary, Name, Object, Pdf
from PIL import Image

from hall.papers.blocks import MM, Faces, TextMark, set_line, width_of
from hall.papers.lines import Atom, Span, break_lines
from hall.papers.pdf_file import A4_HEIGHT, A4_WIDTH, FileFacts, InkWriter, PageMarks, add_page, finish
from hall.papers.wording import WATERMARK, WATERMARK_UNCOMPARED, chinese_date, clean_text

_MARGIN = 10 * MM
_MAX_PIXELS = 120_000_000
_ANGLE = math.radians(32)
_MARK_SIZE = 20.0
_FOOT_SIZE = 8.0
_STEP = 10.0
_HEAD_FROM = 6.0
_FOOT_FROM = 8.0
"""From the edge of the sheet, points."""
_ORIENTATION_TAG = 0x0112


class PageUnreadable(Exception):
    """A captured page is not a whole JPEG in grey or RGB. The number tells which, from 1."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(f"第{number}页无法使用：{reason}")
        self.number = number


class PageState(Enum):
    """What may be said across a page; the value is what is printed."""

    COMPARED = WATERMARK
    UNCOMPARED = WATERMARK_UNCOMPARED
    REPLACED = "已被补正件替换，以补正件为准"


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """A picture, what it shows, and what may be said of it."""

    picture: bytes
    """A JPEG file as the camera or scanner gave it."""
    material: str
    state: PageState
    compared_by: str = ""
    """Who held it against the original and on which day; empty unless somebody did."""
    corrected: date | None = None
    """When it was handed in to correct the material."""


@dataclass(frozen=True, slots=True)
class MaterialsFile:
    """Captured pages of one case."""

    organ: str
    title: str
    """What the file is; no personal data."""
    case_no: str
    date: date
    applicant: str
    item_name: str
    pages: tuple[ScannedPage, ...]
    unscanned: tuple[str, ...] = ()
    """Materials without a page and where they lie, named at the foot of the last page."""


@dataclass(frozen=True, slots=True)
class _Picture:
    data: bytes
    width: int
    height: int
    grey: bool
    orientation: int

    @property
    def upright(self) -> tuple[int, int]:
        """Width and height as it is looked at."""
        turned = self.orientation >= 5
        return (self.height, self.width) if turned else (self.width, self.height)


def bind(file: MaterialsFile, faces: Faces) -> bytes:
    """One A4 page a picture, upright or lying as the picture is. Raises PageUnreadable, PaperNotValid.

    `PaperPress.materials` calls this with the press's own faces.
    """
    if not file.pages:
        raise ValueError("a materials file has at least one page")
    pictures = [_picture(page.picture, number) for number, page in enumerate(file.pages, start=1)]
    ink = InkWriter()
    with Pdf.new() as pdf:
        faint = pdf.make_indirect(Dictionary(Type=Name.ExtGState, ca=0.32, CA=0.32))
        drawn = [
            _page_content(file, picture, number, ink, faces)
            for number, picture in enumerate(pictures, start=1)
        ]
        fonts = pdf.make_indirect(ink.fonts(pdf))
        for picture, (width, height, content) in zip(pictures, drawn, strict=True):
            resources = Dictionary(
                Font=fonts, XObject=Dictionary(Im=_image(pdf, picture)), ExtGState=Dictionary(Faint=faint)
            )
            add_page(pdf, width, height, resources, content)
        return finish(pdf, FileFacts(clean_text(file.title), clean_text(file.organ), file.date))


def _picture(data: bytes, number: int) -> _Picture:
    """Look at a JPEG and decode it once, so that a torn file is found now and not in the archive."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=("JPEG",)) as image:
                if image.width * image.height > _MAX_PIXELS:
                    raise PageUnreadable(number, "图像过大")
                mode, orientation = image.mode, image.getexif().get(_ORIENTATION_TAG, 1)
                width, height = image.size
                image.load()
    except PageUnreadable:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise PageUnreadable(number, "图像过大") from bomb
    except (OSError, ValueError, SyntaxError) as bad:
        raise PageUnreadable(number, "不是完整的 JPEG 图像") from bad
    if mode not in ("L", "RGB"):
        raise PageUnreadable(number, "图像颜色模式应为灰度或 RGB")
    return _Picture(data, width, height, mode == "L", orientation if orientation in range(1, 9) else 1)


def _image(pdf: Pdf, picture: _Picture) -> Object:
    stream = pdf.make_stream(b"")
    stream.write(picture.data, filter=Name.DCTDecode)
    stream.Type, stream.Subtype = Name.XObject, Name.Image
    stream.Width, stream.Height, stream.BitsPerComponent = picture.width, picture.height, 8
    stream.ColorSpace = Name.DeviceGray if picture.grey else Name.DeviceRGB
    return stream


def _page_content(
    file: MaterialsFile, picture: _Picture, number: int, ink: InkWriter, faces: Faces
) -> tuple[float, float, bytes]:
    """Page width, height and content stream."""
    wide, high = picture.upright
    width, height = (A4_HEIGHT, A4_WIDTH) if wide > high else (A4_WIDTH, A4_HEIGHT)
    room_w = width - 2 * _MARGIN
    head = _lines(f"{file.title}　申请人：{file.applicant}　事项：{file.item_name}", room_w, faces)
    (count,) = _lines(f"第 {number} 页　共 {len(file.pages)} 页", room_w, faces)
    count_w = width_of(count, _FOOT_SIZE)
    beside = room_w - count_w - 2 * _FOOT_SIZE
    foot = [line for text in _foot(file, number) for line in _lines(text, beside, faces)]
    top = max(_MARGIN, _HEAD_FROM + (len(head) + 0.5) * _STEP)
    bottom = max(_MARGIN, _FOOT_FROM + len(foot) * _STEP)
    room_h = height - top - bottom
    scale = min(room_w / wide, room_h / high)
    w, h = wide * scale, high * scale
    matrix = _matrix(picture.orientation, (width - w) / 2, bottom + (room_h - h) / 2, w, h)
    parts = [f"q {' '.join(f'{value:.3f}' for value in matrix)} cm /Im Do Q".encode()]
    parts += _watermark(file.pages[number - 1].state.value, width, height, ink, faces)
    marks: list[TextMark] = []
    for down, line in enumerate(head):
        marks += set_line(line, _MARGIN, _HEAD_FROM + (down + 1) * _STEP, _FOOT_SIZE)
    for up, line in enumerate(reversed(foot)):
        marks += set_line(line, _MARGIN, height - _FOOT_FROM - up * _STEP, _FOOT_SIZE)
    marks += set_line(count, width - _MARGIN - count_w, height - _FOOT_FROM, _FOOT_SIZE)
    parts.append(ink.content(PageMarks(tuple(marks), width, height)))
    return width, height, b"\n".join(parts)


def _foot(file: MaterialsFile, number: int) -> Iterator[str]:
    """Whose page it is, who compared it, and on the last page what has none."""
    page = file.pages[number - 1]
    corrected = f"（补正后 {chinese_date(page.corrected)}）" if page.corrected else ""
    yield f"办件编号 {file.case_no}　材料：{page.material}{corrected}"
    if page.compared_by:
        yield f"核对：{page.compared_by}"
    if file.unscanned and number == len(file.pages):
        yield f"以下材料无扫描件：{'；'.join(file.unscanned)}。"


def _lines(text: str, width: float, faces: Faces) -> list[list[Atom]]:
    return break_lines(faces.atoms((Span(clean_text(text)),)), width / _FOOT_SIZE * 1000)


def _watermark(text: str, width: float, height: float, ink: InkWriter, faces: Faces) -> list[bytes]:
    """The text three times across the page, rising; faint, so that what lies under it can be read."""
    line = faces.atoms((Span(text, bold=True),))
    size = min(_MARK_SIZE, 0.9 * width / math.cos(_ANGLE) / max(width_of(line, 1.0), 1.0))
    marks = tuple(set_line(line, -width_of(line, size) / 2, 0.0, size))
    shown = ink.content(PageMarks(marks, width=0.0, height=0.0))
    cos, sin = math.cos(_ANGLE), math.sin(_ANGLE)
    turned = f"{cos:.4f} {sin:.4f} {-sin:.4f} {cos:.4f} {width / 2:.2f}"
    return [
        f"q /Faint gs 0.35 g {turned} {height * at:.2f} cm ".encode() + shown + b" Q"
        for at in (0.2, 0.5, 0.8)
    ]


def _matrix(orientation: int, x: float, y: float, w: float, h: float) -> tuple[float, ...]:
    """The image's unit square onto the rectangle, turned as its EXIF orientation asks (JEITA CP-3451,
    4.6.4).
    """
    return {
        1: (w, 0, 0, h, x, y),
        2: (-w, 0, 0, h, x + w, y),
        3: (-w, 0, 0, -h, x + w, y + h),
        4: (w, 0, 0, -h, x, y + h),
        5: (0, -h, -w, 0, x + w, y + h),
        6: (0, -h, w, 0, x, y + h),
        7: (0, h, w, 0, x, y),
        8: (0, h, -w, 0, x + w, y),
    }[orientation]
