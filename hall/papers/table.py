"""Ruled tables. A row is one slab; only a row taller than a whole page is divided, between lines."""

from dataclasses import dataclass, replace

from hall.papers.blocks import Align, Faces, Frame, Mark, Paragraph, RuleMark, Slab, moved
from hall.papers.lines import Span
from hall.papers.wording import clean_text

_PAD_X = 4.0
_PAD_Y = 4.0


@dataclass(frozen=True, slots=True)
class Cell:
    """Text in a share of the table's width; the shares of a row add up to any sum."""

    text: str
    share: float
    align: Align = "left"
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Cells side by side; at least `min_lines` high, for what is written by hand."""

    cells: tuple[Cell, ...]
    min_lines: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under each other; the first `header_rows` come again on every page that the table reaches."""

    rows: tuple[Row, ...]
    size: float
    leading: float
    header_rows: int = 0

    def slabs(self, faces: Faces, frame: Frame) -> list[Slab]:
        heading: tuple[Slab, ...] = ()
        slabs: list[Slab] = []
        for index, row in enumerate(self.rows):
            is_header = index < self.header_rows
            room = replace(frame, height=frame.height - sum(slab.height for slab in heading))
            for part in _row_slabs(row, self, faces, room):
                slabs.append(Slab(part.height, part.marks, is_header, () if is_header else heading))
            if is_header:
                heading = tuple(slabs)
        return slabs


def _row_slabs(row: Row, table: Table, faces: Faces, room: Frame) -> list[Slab]:
    total = sum(cell.share for cell in row.cells)
    leading, pad_y = room.fit.line(table.size, table.leading), _PAD_Y * room.fit.gap
    columns: list[tuple[float, float, list[Slab]]] = []
    left = 0.0
    for cell in row.cells:
        span = room.width * cell.share / total
        text = (Span(clean_text(cell.text), cell.bold),)
        paragraph = Paragraph(text, table.size, table.leading, align=cell.align)
        columns.append((left, span, paragraph.slabs(faces, Frame(span - 2 * _PAD_X, 0.0, room.fit))))
        left += span
    tallest = max(row.min_lines, *(len(lines) for _, _, lines in columns))
    per_slab = max(1, int((room.height - 2 * pad_y) / leading))
    return [
        _row_slab(columns, start, min(start + per_slab, tallest), leading, pad_y, room.width)
        for start in range(0, tallest, per_slab)
    ]


def _row_slab(
    columns: list[tuple[float, float, list[Slab]]],
    start: int,
    end: int,
    leading: float,
    pad_y: float,
    width: float,
) -> Slab:
    height = (end - start) * leading + 2 * pad_y
    marks: list[Mark] = [
        RuleMark(0, 0, width, 0),
        RuleMark(0, height, width, height),
        RuleMark(0, 0, 0, height),
    ]
    for left, span, lines in columns:
        shown = lines[start:end]
        drop = (height - len(shown) * leading) / 2
        for index, line in enumerate(shown):
            marks += [moved(mark, left + _PAD_X, drop + index * leading) for mark in line.marks]
        marks.append(RuleMark(left + span, 0, left + span, height))
    return Slab(height, tuple(marks))
