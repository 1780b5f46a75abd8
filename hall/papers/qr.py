"""A QR code as filled rectangles."""

import segno

from hall.papers.blocks import BoxMark


def qr_boxes(data: str, x: float, y: float, side: float) -> tuple[BoxMark, ...]:
    """The code's dark modules, runs in a row joined, in a square of `side` points; the caller keeps 4
    modules white around it. Error correction M (ISO/IEC 18004).
    """
    matrix = segno.make_qr(data, error="m", boost_error=False).matrix
    module = side / len(matrix)
    boxes: list[BoxMark] = []
    for row, cells in enumerate(matrix):
        start = None
        for column, dark in enumerate([*cells, 0]):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                boxes.append(BoxMark(x + start * module, y + row * module, (column - start) * module, module))
                start = None
    return tuple(boxes)
