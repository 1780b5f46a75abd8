"""A Code 128 bar code as filled rectangles, for the many counter scanners that read bars only."""

from hall.papers.blocks import MM, BoxMark

_MODULE = 0.3 * MM
"""Width of the narrowest bar; scanners ask for 0.25 mm or more, office printers keep 0.3 mm sharp."""


def code128_boxes(data: str, right: float, y: float, height: float) -> tuple[BoxMark, ...]:
    """The code's bars, ending at `right`; lengths in points. The caller keeps 10 modules (3 mm) white beside it.

    Pairs of digits share a symbol (subset C), so that a case number takes 50 mm (ISO/IEC 15417). Raises
    ValueError when a character is outside ASCII.
    """
    # brings half of reportlab along: 0.2 s that no program should pay before its first window
    from reportlab.graphics.barcode.code128 import Code128Auto

    code = Code128Auto(data, quiet=False)
    code.validate()
    if not code.valid:
        raise ValueError("only ASCII can stand in a Code 128")
    code.encode()
    code.decompose()
    # a capital is a bar and a small letter a gap; A is one module wide, B two, and so on
    runs = [(run.isupper(), (ord(run.lower()) - ord("a") + 1) * _MODULE) for run in code.decomposed]
    x = right - sum(width for _, width in runs)
    boxes: list[BoxMark] = []
    for dark, width in runs:
        if dark:
            boxes.append(BoxMark(x, y, width, height))
        x += width
    return tuple(boxes)
