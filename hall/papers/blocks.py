"""Building stones of a paper. Each becomes slabs: strips across the page that no page break divides.

Lengths are points; y grows downwards from a slab's upper edge.
"""

from dataclasses import dataclass, replace
from typing import Literal, Protocol

from hall.papers.faces import FaceChain, Glyph
from hall.papers.lines import Atom, Span, atoms_of, break_lines, filled_lines, islands, visual_order
from hall.papers.wording import clean_text

Align = Literal["left", "centre", "right", "justify"]

MM = 72 / 25.4
_ASCENT = 0.88
"""The part of a Chinese character's square above the base line."""
_NEVER_SMALLER = 12.0
_TITLE = 20.0
"""From this size on a text is a title: every paper shows it equally large."""
_CLOSEST = 1.3
_MAX_STRETCH = 2.0
"""A line short by more than two characters is left ragged rather than pulled apart."""


@dataclass(frozen=True, slots=True)
class TextMark:
    """Glyphs on one base line, from left to right."""

    x: float
    y: float
    size: float
    glyphs: tuple[tuple[Glyph, float], ...]
    """Each with its distance from `x`."""


@dataclass(frozen=True, slots=True)
class RuleMark:
    """A straight line."""

    x0: float
    y0: float
    x1: float
    y1: float
    width: float = 0.6


@dataclass(frozen=True, slots=True)
class BoxMark:
    """A filled black rectangle."""

    x: float
    y: float
    width: float
    height: float


Mark = TextMark | RuleMark | BoxMark


def moved(mark: Mark, dx: float, dy: float) -> Mark:
    """The same mark elsewhere."""
    match mark:
        case TextMark():
            return TextMark(mark.x + dx, mark.y + dy, mark.size, mark.glyphs)
        case RuleMark():
            return RuleMark(mark.x0 + dx, mark.y0 + dy, mark.x1 + dx, mark.y1 + dy, mark.width)
        case BoxMark():
            return BoxMark(mark.x + dx, mark.y + dy, mark.width, mark.height)


@dataclass(frozen=True, slots=True)
class Slab:
    """A strip as wide as the frame."""

    height: float
    marks: tuple[Mark, ...] = ()
    keep_with_next: bool = False
    heading: tuple["Slab", ...] = ()
    """Set again above this slab when it opens a page (the header rows of its table)."""
    gap: bool = False
    """Empty space: dropped at the top of a page."""


@dataclass(frozen=True, slots=True)
class Faces:
    """The two weights of a paper."""

    regular: FaceChain
    bold: FaceChain

    def atoms(self, spans: tuple[Span, ...]) -> list[Atom]:
        """The atoms of several spans, one after the other."""
        return [
            atom for span in spans for atom in atoms_of(span.text, self.bold if span.bold else self.regular)
        ]


@dataclass(frozen=True, slots=True)
class Fit:
    """How closely a paper is set, as shares of the usual measures.

    Text of 12 pt and less never shrinks, nor does a title, and no lines come nearer than 1.3 times their size:
    people of seventy read these papers.
    """

    size: float = 1.0
    leading: float = 1.0
    gap: float = 1.0

    def text(self, size: float) -> float:
        """A size as it is set, points."""
        if size <= _NEVER_SMALLER or size >= _TITLE:
            return size
        return max(size * self.size, _NEVER_SMALLER)

    def line(self, size: float, leading: float) -> float:
        """The distance of lines of this size, points."""
        return max(leading * self.leading, _CLOSEST * self.text(size))


USUAL = Fit()


@dataclass(frozen=True, slots=True)
class Frame:
    """The type area of a page, and how closely it is set."""

    width: float
    height: float
    fit: Fit = USUAL


class Block(Protocol):
    """Anything that can stand in a paper's column."""

    def slabs(self, faces: Faces, frame: Frame) -> list[Slab]:
        """The block cut into strips, for this frame."""
        ...


def set_line(line: list[Atom], x: float, y: float, size: float, stretch: float = 0.0) -> list[TextMark]:
    """Place a line's atoms from `x`; `stretch` points are added behind each atom."""
    marks: list[TextMark] = []
    for island in islands(line):
        glyphs: list[tuple[Glyph, float]] = []
        start = x
        for atom in visual_order(island):
            for glyph in atom.glyphs:
                glyphs.append((glyph, x - start))
                x += glyph.advance * size / 1000
            x += stretch
        marks.append(TextMark(start, y, size, tuple(glyphs)))
    return marks


def width_of(line: list[Atom], size: float) -> float:
    """A line's natural width in points."""
    return sum(atom.width for atom in line) * size / 1000


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text. Line feeds in it start new paragraphs, each with the same indent."""

    spans: tuple[Span, ...]
    size: float
    leading: float
    indent: float = 0.0
    """Of the first line, in characters."""
    align: Align = "justify"
    inset: float = 0.0
    """From the frame's right edge, points; for right-aligned lines."""
    keep_with_next: bool = False

    @classmethod
    def plain(
        cls,
        text: str,
        size: float,
        leading: float,
        *,
        indent: float = 0.0,
        align: Align = "justify",
        bold: bool = False,
        keep_with_next: bool = False,
    ) -> "Paragraph":
        """One span of text."""
        return cls((Span(clean_text(text), bold),), size, leading, indent, align, 0.0, keep_with_next)

    def slabs(self, faces: Faces, frame: Frame) -> list[Slab]:
        size, leading = frame.fit.text(self.size), frame.fit.line(self.size, self.leading)
        baseline = (leading - size) / 2 + _ASCENT * size
        right = frame.width - self.inset
        marks: list[list[TextMark]] = []
        for paragraph in _paragraphs(self.spans):
            fill = filled_lines if self.align == "justify" else break_lines
            lines = fill(faces.atoms(paragraph), right / size * 1000, self.indent * 1000)
            for index, line in enumerate(lines):
                left = self.indent * size if index == 0 else 0.0
                last = index == len(lines) - 1
                left, stretch = self._placed(right - left - width_of(line, size), len(line), left, size, last)
                marks.append(set_line(line, left, baseline, size, stretch))
        count = len(marks)
        return [
            Slab(leading, tuple(line), keep_with_next=self._keeps(index, count))
            for index, line in enumerate(marks)
        ]

    def _placed(self, slack: float, count: int, left: float, size: float, last: bool) -> tuple[float, float]:
        """Where a line of `count` atoms begins, and what is added behind each; `slack` is what it leaves."""
        if self.align == "right":
            return left + slack, 0.0
        if self.align == "centre":
            return left + slack / 2, 0.0
        spread = slack < 0 or (not last and slack < _MAX_STRETCH * size)
        if self.align == "justify" and spread and count > 1:
            return left, slack / (count - 1)
        return left, 0.0

    def _keeps(self, index: int, count: int) -> bool:
        """No single first or last line of a paragraph alone on a page."""
        if index == count - 1:
            return self.keep_with_next
        return index in (0, count - 2)


@dataclass(frozen=True, slots=True)
class Space:
    """Empty height."""

    height: float

    def slabs(self, faces: Faces, frame: Frame) -> list[Slab]:
        return [Slab(self.height * frame.fit.gap, gap=True)]


@dataclass(frozen=True, slots=True)
class SealPlace:
    """Organ, 「（盖章处）」 and date on one axis at the right, never parted."""

    organ: str
    place: str
    date: str
    size: float
    leading: float

    def slabs(self, faces: Faces, frame: Frame) -> list[Slab]:
        size, leading = frame.fit.text(self.size), frame.fit.line(self.size, self.leading)
        half = frame.width * 0.62
        rows: list[list[Atom]] = []
        for text in (self.organ, self.place, self.date):
            rows += break_lines(faces.atoms((Span(clean_text(text)),)), half / size * 1000)
        widest = max(width_of(row, size) for row in rows)
        # The date ends four characters from the edge (GB/T 9704-2012, 7.3.5.1); a long organ moves the axis.
        dated = 4 * size + width_of(rows[-1], size) / 2
        axis = frame.width - max(dated, widest / 2)
        baseline = (leading - size) / 2 + _ASCENT * size
        marks: list[Mark] = []
        for index, row in enumerate(rows):
            marks += set_line(row, axis - width_of(row, size) / 2, baseline + index * leading, size)
        return [Slab(leading * len(rows), tuple(marks))]


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """Labels with ruled places to write on by hand, side by side; every ruled place is equally long."""

    labels: tuple[str, ...]
    size: float
    height: float = 30.0

    def slabs(self, faces: Faces, frame: Frame) -> list[Slab]:
        share = frame.width / len(self.labels)
        texts = [
            break_lines(faces.atoms((Span(clean_text(label)),)), share * 0.65 / self.size * 1000)
            for label in self.labels
        ]
        widths = [max(width_of(line, self.size) for line in lines) for lines in texts]
        gap = self.size
        ruled = (frame.width - sum(widths) - gap * (len(texts) - 1)) / len(texts)
        step = self.size * 1.3
        baseline = self.height - 6 + step * (max(map(len, texts)) - 1)
        marks: list[Mark] = []
        x = 0.0
        for lines, width in zip(texts, widths, strict=True):
            for up, line in enumerate(reversed(lines)):
                marks += set_line(line, x, baseline - up * step, self.size)
            end = x + width
            marks.append(RuleMark(end, baseline + 3, end + ruled, baseline + 3, 0.5))
            x = end + ruled + gap
        return [Slab(baseline + 6, tuple(marks))]


@dataclass(frozen=True, slots=True)
class Together:
    """Blocks that a page break should not part."""

    blocks: tuple[Block, ...]

    def slabs(self, faces: Faces, frame: Frame) -> list[Slab]:
        slabs = [slab for block in self.blocks for slab in block.slabs(faces, frame)]
        return [
            replace(slab, keep_with_next=index < len(slabs) - 1 or slab.keep_with_next)
            for index, slab in enumerate(slabs)
        ]


def _paragraphs(spans: tuple[Span, ...]) -> list[tuple[Span, ...]]:
    paragraphs: list[list[Span]] = [[]]
    for span in spans:
        first, *rest = span.text.split("\n")
        paragraphs[-1].append(Span(first, span.bold))
        paragraphs += [[Span(part, span.bold)] for part in rest]
    return [tuple(paragraph) for paragraph in paragraphs]
