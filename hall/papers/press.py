"""The press: content in, PDF/A-2b bytes out."""

from collections.abc import Sequence
from dataclasses import dataclass

from hall.papers.barcode import code128_boxes
from hall.papers.blocks import (
    MM,
    USUAL,
    Block,
    Faces,
    Fit,
    Frame,
    Mark,
    RuleMark,
    TextMark,
    moved,
    set_line,
    width_of,
)
from hall.papers.closing import with_company
from hall.papers.compose import compose
from hall.papers.content import CorrectionNotice, Paper
from hall.papers.faces import Face, FaceChain, FontSet
from hall.papers.head import PaperHead
from hall.papers.lines import Span, break_lines
from hall.papers.pages import PlacedSlab, paginate
from hall.papers.parts import FRAME_HEIGHT, FRAME_WIDTH
from hall.papers.pdf_file import FileFacts, PageMarks, write_pdf
from hall.papers.qr import qr_boxes
from hall.papers.scans import MaterialsFile, bind
from hall.papers.wording import REPRINT_MARK, SAMPLE_MARK, clean_text, grouped

_LEFT = 28 * MM
_TOP = 37 * MM
_RIGHT = _LEFT + FRAME_WIDTH
_QR_SIDE = 18 * MM
_QR_TOP = 8 * MM
_CASE_NO_SIZE = 12.0
_CASE_NO_DROP = 12.5
_HINT_SIZE = 10.5
_HINT_DROP = 25.0
"""Below the QR code: the number, and what the code is for."""
_HINT = "查进度请扫此码，或到窗口出示"
_BARS_TOP = 281 * MM
_BARS_HEIGHT = 8 * MM
"""Below the foot, 8 mm from the edge: printers leave 5 mm white."""
_MARK_TOP = 15 * MM
_FOOT_TOP = _TOP + FRAME_HEIGHT + 7 * MM
_FOOT_SIZE = 9.0
_FITS = (
    USUAL,
    Fit(1.0, 0.93, 0.8),
    Fit(1.0, 0.86, 0.6),
    Fit(14 / 15, 0.8, 0.5),
    Fit(13 / 15, 0.74, 0.4),
    Fit(12 / 15, 0.66, 0.3),
)
"""From the usual measures to the closest that is still easy to read: first lines move (GB/T 9704-2012, 5.2.3),
then the body steps from 15 down to 12 pt."""
_FITS_TO_ACT_ON = _FITS[:4]
"""Of a paper that is carried home to bring the right things: its list is never below 14 pt."""


@dataclass(frozen=True, slots=True)
class SetPaper:
    """A paper as it is printed."""

    pdf: bytes
    lacking: tuple[str, ...]
    """Characters that stand as 〓 on it, in order of appearance."""


class PaperPress:
    """Sets papers with one set of fonts. Immutable once made, so threads may share it; open it once a
    process.

    Raises FontUnreadable when a font of the set cannot be opened.
    """

    def __init__(self, fonts: FontSet) -> None:
        serif, bold = Face(fonts.serif), Face(fonts.serif_bold)
        naskh, naskh_bold = Face(fonts.naskh), Face(fonts.naskh_bold)
        rare = tuple(map(Face, fonts.rare))
        text = (Face(fonts.body),) if fonts.body else ()
        self._faces = Faces(
            regular=FaceChain((*text, serif, naskh, *rare)),
            bold=FaceChain((bold, naskh_bold, *rare)),
        )

    def render(self, paper: Paper) -> bytes:
        """The paper as PDF/A-2b; equal content gives equal bytes. Raises PaperNotValid."""
        return self.set_copies((paper,)).pdf

    def set_copies(self, papers: Sequence[Paper]) -> SetPaper:
        """Copies of one paper behind one another in one file, for a printer; each counts its own pages."""
        head = papers[0].head
        facts = FileFacts(clean_text(head.title), clean_text(head.organ), head.date)
        pages: list[PageMarks] = []
        lacking: dict[str, None] = {}
        for paper in papers:
            fits = _FITS_TO_ACT_ON if isinstance(paper, CorrectionNotice) else _FITS
            columns = self._columns(compose(paper), fits)
            for number, column in enumerate(columns, start=1):
                missing = _missing(column)
                furniture = self._furniture(paper.head, number, len(columns), missing)
                pages.append(PageMarks((*furniture, *_column_marks(column))))
                lacking |= dict.fromkeys(missing)
        return SetPaper(write_pdf(pages, facts), tuple(lacking))

    def lacking(self, text: str) -> tuple[str, ...]:
        """Characters of the text that a paper can only show as 〓, in order of appearance."""
        atoms = self._faces.atoms((Span(clean_text(text).replace("\n", " ")),))
        return tuple(dict.fromkeys(g.text for atom in atoms for g in atom.glyphs if g.missing))

    def _columns(self, blocks: list[Block], fits: tuple[Fit, ...]) -> list[tuple[PlacedSlab, ...]]:
        """The paper's pages, set as widely as its number of pages allows."""
        usual: list[tuple[PlacedSlab, ...]] = []
        for fit in fits:
            frame = Frame(FRAME_WIDTH, FRAME_HEIGHT, fit)
            columns = paginate(with_company(blocks, self._faces, frame), frame)
            if len(columns) == 1 or (usual and len(columns) < len(usual)):
                return columns
            usual = usual or columns
        return usual

    def materials(self, file: MaterialsFile) -> bytes:
        """Captured pages as one PDF under a watermark. Raises PageUnreadable, PaperNotValid."""
        return bind(file, self._faces)

    def _furniture(self, head: PaperHead, number: int, count: int, missing: tuple[str, ...]) -> list[Mark]:
        """What stands outside the type area: marks above, page x of y below, on the first page the codes."""
        marks: list[Mark] = []
        x = _LEFT
        if head.sample:
            x = self._boxed(marks, SAMPLE_MARK, x, 14) + 8
        if head.reprint:
            x = self._boxed(marks, REPRINT_MARK, x, 14) + 8
        if head.copy_label:
            self._boxed(marks, clean_text(head.copy_label), x, 14)
        if number == 1 and head.case_no:
            marks += qr_boxes(head.case_no, _RIGHT - _QR_SIDE, _QR_TOP, _QR_SIDE)
            self._numbers(marks, head)
            marks += code128_boxes(head.case_no, _RIGHT, _BARS_TOP, _BARS_HEIGHT)
        self._line(marks, f"第 {number} 页　共 {count} 页", _FOOT_TOP + _FOOT_SIZE, _FOOT_SIZE)
        self._foot(marks, head, missing)
        return marks

    def _numbers(self, marks: list[Mark], head: PaperHead) -> None:
        """The case's number under its code; of a part of a 一件事 also that of the whole, each by its name."""
        under = _QR_TOP + _QR_SIDE
        number = grouped(head.case_no)
        if head.package_no:
            number = f"办件编号 {number}"
            whole = self._faces.atoms((Span(f"一件事办件编号 {grouped(head.package_no)}"),))
            marks += set_line(whole, _LEFT, under + _HINT_DROP, _CASE_NO_SIZE)
        self._line(marks, number, under + _CASE_NO_DROP, _CASE_NO_SIZE)
        self._line(marks, _HINT, under + _HINT_DROP, _HINT_SIZE)

    def _foot(self, marks: list[Mark], head: PaperHead, missing: tuple[str, ...]) -> None:
        names = [head.number or head.title]
        if head.case_no:
            names.append(f"办件编号 {grouped(head.case_no)}")
        texts = ["　".join(map(clean_text, names))]
        if missing:
            codes = "、".join(f"U+{ord(character):04X}" for character in missing)
            texts.append(f"“{FaceChain.MISSING}”处的字（{codes}）本机字库未收，请手工补写。")
        y = _FOOT_TOP + _FOOT_SIZE
        for text in texts:
            for line in break_lines(self._faces.atoms((Span(text),)), FRAME_WIDTH * 0.8 / _FOOT_SIZE * 1000):
                marks += set_line(line, _LEFT, y, _FOOT_SIZE)
                y += _FOOT_SIZE + 3

    def _boxed(self, marks: list[Mark], text: str, x: float, size: float) -> float:
        """A framed bold word in the upper margin; returns its right edge."""
        line = self._faces.atoms((Span(text, bold=True),))
        width, height = width_of(line, size) + 10, size + 8
        top, bottom, right = _MARK_TOP, _MARK_TOP + height, x + width
        marks += set_line(line, x + 5, top + 4 + 0.88 * size, size)
        marks += [
            RuleMark(x, top, right, top, 1),
            RuleMark(x, bottom, right, bottom, 1),
            RuleMark(x, top, x, bottom, 1),
            RuleMark(right, top, right, bottom, 1),
        ]
        return right

    def _line(self, marks: list[Mark], text: str, y: float, size: float) -> None:
        """A line that ends at the right margin."""
        line = self._faces.atoms((Span(text),))
        marks += set_line(line, _RIGHT - width_of(line, size), y, size)


def by_hand(lacking: tuple[str, ...]) -> str:
    """What a clerk is told of characters that papers cannot show; empty where there are none."""
    if not lacking:
        return ""
    names = "".join(f"「{character}」" for character in lacking)
    return f"{names}打印不出来，纸面上会是“{FaceChain.MISSING}”，请打印后手写补上并在旁签名。"


def render(paper: Paper, fonts: FontSet) -> bytes:
    """Set one paper with fonts opened for it; who prints often keeps a PaperPress."""
    return PaperPress(fonts).render(paper)


def _column_marks(column: tuple[PlacedSlab, ...]) -> list[Mark]:
    return [moved(mark, _LEFT, _TOP + placed.top) for placed in column for mark in placed.slab.marks]


def _missing(column: tuple[PlacedSlab, ...]) -> tuple[str, ...]:
    """Characters of this page that no face could show, in order of appearance."""
    found: dict[str, None] = {}
    for placed in column:
        for mark in placed.slab.marks:
            for glyph, _ in mark.glyphs if isinstance(mark, TextMark) else ():
                if glyph.missing:
                    found[glyph.text] = None
    return tuple(found)
