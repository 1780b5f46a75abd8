"""Marks on pages into PDF/A-2b bytes: one embedded subset a face, searchable text, the same bytes every
time.

Fonts are set as CID fonts whose codes stand for (glyph, text) pairs. So copied text is exact for
characters of plane 2, for shaped Uyghur, and for a character that is only shown as 〓. reportlab 5.1 is
not used: its simple fonts write wrong ToUnicode maps beyond the BMP and private-use codes for shaped
glyphs, list an unembedded Helvetica, and live in a process-wide table.

Uyghur words carry no ActualText: poppler 22 and pdfium (pypdfium2 5.15) both read it in visual order,
against ISO 32000-1 14.9.4. From ToUnicode alone poppler copies a whole name right; pdfium copies each
word right but, inside a Chinese line, the words from left to right.
"""

import hashlib
import io
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import pikepdf
import uharfbuzz as hb
from pikepdf import Array, Dictionary, Name, Pdf

from hall.papers.blocks import BoxMark, Mark, RuleMark, TextMark
from hall.papers.faces import Face, Glyph
from hall.papers.wording import noon_utc

A4_WIDTH, A4_HEIGHT = 595.276, 841.89

_METADATA_DATE = re.compile(rb"(?<=<xmp:MetadataDate>)[^<]+")

log = logging.getLogger(__name__)


class PaperNotValid(Exception):
    """The written file is not PDF/A-2b: our fault or a damaged font; nothing must be printed."""


@dataclass(frozen=True, slots=True)
class PageMarks:
    """Everything on one page; marks are measured from the page's upper left corner."""

    marks: tuple[Mark, ...]
    width: float = A4_WIDTH
    height: float = A4_HEIGHT


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What the file says about itself. No personal data."""

    title: str
    author: str
    day: date


@dataclass(slots=True)
class _FaceUse:
    """The codes that one document gives to the glyphs of one face."""

    name: str
    codes: dict[tuple[int, str], int] = field(default_factory=dict)

    def code(self, glyph: Glyph) -> int:
        return self.codes.setdefault((glyph.gid, glyph.text), len(self.codes) + 1)


class InkWriter:
    """Collects content streams and the glyphs that they use. One document, one thread."""

    def __init__(self) -> None:
        self._uses: dict[Face, _FaceUse] = {}

    def content(self, page: PageMarks) -> bytes:
        """The content stream of a page."""
        parts: list[str] = []
        for mark in page.marks:
            match mark:
                case TextMark():
                    parts += self._text(mark, page.height)
                case RuleMark():
                    ends = (mark.x0, page.height - mark.y0, mark.x1, page.height - mark.y1)
                    a, b, c, d = map(_number, ends)
                    parts.append(f"{_number(mark.width)} w {a} {b} m {c} {d} l S")
                case BoxMark():
                    corner = (mark.x, page.height - mark.y - mark.height, mark.width, mark.height)
                    parts.append(" ".join(map(_number, corner)) + " re f")
        return "\n".join(parts).encode("ascii")

    def fonts(self, pdf: Pdf) -> Dictionary:
        """Embed a subset of every face used; call after the last content stream."""
        fonts = Dictionary()
        for face, use in self._uses.items():
            fonts[f"/{use.name}"] = _embedded(pdf, face, use)
        return fonts

    def _text(self, mark: TextMark, page_height: float) -> list[str]:
        """The runs of a mark; silent glyphs (dots and hamzas set apart) come last, so that no reader of
        the text finds a word broken by them.
        """
        spoken = [place for place in mark.glyphs if place[0].text]
        silent = [place for place in mark.glyphs if not place[0].text]
        parts = self._runs(mark, spoken, page_height)
        if silent:
            parts += ["/Span <</ActualText <FEFF>>> BDC", *self._runs(mark, silent, page_height), "EMC"]
        return parts

    def _runs(self, mark: TextMark, glyphs: Sequence[tuple[Glyph, float]], page_height: float) -> list[str]:
        parts: list[str] = []
        index = 0
        while index < len(glyphs):
            end = index + 1
            while end < len(glyphs) and self._same_run(glyphs[index][0], glyphs[end][0]):
                end += 1
            parts.append(self._run(mark, glyphs[index:end], page_height))
            index = end
        return parts

    @staticmethod
    def _same_run(first: Glyph, other: Glyph) -> bool:
        return other.face is first.face and other.dy == first.dy

    def _run(self, mark: TextMark, glyphs: Sequence[tuple[Glyph, float]], page_height: float) -> str:
        first, offset = glyphs[0]
        use = self._uses.setdefault(first.face, _FaceUse(f"F{len(self._uses) + 1}"))
        start = offset + first.dx * mark.size / 1000
        pen = start
        shown: list[str] = []
        codes = ""
        for glyph, place in glyphs:
            wanted = place + glyph.dx * mark.size / 1000
            shift = round((pen - wanted) * 1000 / mark.size, 1)
            if shift:
                if codes:
                    shown.append(f"<{codes}>")
                    codes = ""
                shown.append(_number(shift))
                pen -= shift * mark.size / 1000
            codes += f"{use.code(glyph):04X}"
            pen += _width(first.face, glyph.gid) * mark.size / 1000
        shown.append(f"<{codes}>")
        x = _number(mark.x + start)
        y = _number(page_height - mark.y + first.dy * mark.size / 1000)
        return f"BT /{use.name} {_number(mark.size)} Tf 1 0 0 1 {x} {y} Tm [{' '.join(shown)}] TJ ET"


def write_pdf(pages: Sequence[PageMarks], facts: FileFacts) -> bytes:
    """The finished file. Raises PaperNotValid if it does not pass as PDF/A-2b."""
    ink = InkWriter()
    with Pdf.new() as pdf:
        streams = [ink.content(page) for page in pages]
        resources = pdf.make_indirect(Dictionary(Font=ink.fonts(pdf)))
        for page, stream in zip(pages, streams, strict=True):
            add_page(pdf, page.width, page.height, resources, stream)
        return finish(pdf, facts)


def add_page(pdf: Pdf, width: float, height: float, resources: pikepdf.Object, content: bytes) -> None:
    """Append a page of this size (points)."""
    box = Array([0, 0, round(width, 3), round(height, 3)])
    page = Dictionary(Type=Name.Page, MediaBox=box, Resources=resources, Contents=pdf.make_stream(content))
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))


def finish(pdf: Pdf, facts: FileFacts) -> bytes:
    """Name the file, check it as PDF/A-2b and return its bytes."""
    # 0.15 s of every program's start, for the few that ever make a paper
    import pikepdf.pdfa

    stamp = f"D:{noon_utc(facts.day):%Y%m%d%H%M%S}Z"
    pdf.docinfo["/Title"] = facts.title
    pdf.docinfo["/Author"] = facts.author
    pdf.docinfo["/CreationDate"] = stamp
    pdf.docinfo["/ModDate"] = stamp
    pikepdf.pdfa.prepare(pdf, "2b")
    # prepare() stamps the present moment; the paper's own day makes a reprint the same bytes.
    metadata = pdf.Root.Metadata
    fixed = f"{noon_utc(facts.day):%Y-%m-%dT%H:%M:%SZ}".encode()
    metadata.write(_METADATA_DATE.sub(fixed, metadata.read_bytes()))
    target = io.BytesIO()
    try:
        pikepdf.pdfa.save(pdf, target, "2b", repair=False, deterministic_id=True)
    except pikepdf.pdfa.PdfaError as failed:
        log.error("paper is not PDF/A-2b: %s", failed)
        raise PaperNotValid("文书未能生成为可长期保存的 PDF 文件") from failed
    return target.getvalue()


def _embedded(pdf: Pdf, face: Face, use: _FaceUse) -> pikepdf.Object:
    order = list(use.codes)
    wanted = hb.SubsetInput()
    wanted.glyph_set.update({gid for gid, _ in order})
    flags = hb.SubsetFlags
    wanted.flags = flags.NO_HINTING | flags.NOTDEF_OUTLINE | flags.NO_LAYOUT_CLOSURE
    plan = hb.SubsetPlan(face.face, wanted)
    program = plan.execute().blob.data
    places = plan.old_to_new_glyph_mapping
    gid_map = b"\0\0" + b"".join(places[gid].to_bytes(2, "big") for gid, _ in order)
    tag = "".join(chr(65 + byte % 26) for byte in hashlib.sha256(program).digest()[:6])
    name = Name(f"/{tag}+{face.name}")
    extents = face.font.get_font_extents("ltr")
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=name,
        Flags=4,
        FontBBox=Array([-1000, -500, 3000, 1500]),
        ItalicAngle=0,
        Ascent=round(extents.ascender * face.scale),
        Descent=round(extents.descender * face.scale),
        CapHeight=733,
        StemV=80,
        FontFile2=pdf.make_stream(program, Length1=len(program)),
    )
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=name,
        CIDSystemInfo=Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
        FontDescriptor=pdf.make_indirect(descriptor),
        DW=1000,
        W=Array([1, Array([_width(face, gid) for gid, _ in order])]),
        CIDToGIDMap=pdf.make_stream(gid_map),
    )
    font = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=name,
        Encoding=Name("/Identity-H"),
        DescendantFonts=Array([pdf.make_indirect(descendant)]),
        ToUnicode=pdf.make_stream(_to_unicode([text for _, text in order])),
    )
    return pdf.make_indirect(font)


def _to_unicode(texts: Sequence[str]) -> bytes:
    """A ToUnicode map for codes 1, 2, ... (ISO 32000-1, 9.10.3); values are UTF-16BE, pairs beyond the
    BMP.

    A silent glyph reads as U+200C; left unmapped, pdfium would copy its code as a control character.
    """
    pairs = [f"<{code:04X}> <{_utf16(text) or '200C'}>" for code, text in enumerate(texts, start=1)]
    chunks = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]
    body = "\n".join(f"{len(chunk)} beginbfchar\n" + "\n".join(chunk) + "\nendbfchar" for chunk in chunks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        f"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n{body}\n"
        "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    ).encode("ascii")


def _utf16(text: str) -> str:
    return text.encode("utf-16-be").hex().upper()


def _width(face: Face, gid: int) -> float:
    width = round(face.width(gid), 2)
    return int(width) if width == int(width) else width


def _number(value: float) -> str:
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text
