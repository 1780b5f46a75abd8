"""What stands on the page of a seal."""

import pytest

from hall.papers.blocks import Faces, Frame, Space
from hall.papers.closing import with_company
from hall.papers.faces import Face, FaceChain, FontSet
from hall.papers.pages import paginate
from hall.papers.parts import FRAME_HEIGHT, FRAME_WIDTH, body, field_row, fields, sealed
from tests.hall.papers.reading import FONTS
from tests.hall.papers.samples import head

FRAME = Frame(FRAME_WIDTH, FRAME_HEIGHT)


@pytest.fixture(scope="module")
def faces() -> Faces:
    fonts = FontSet.in_folder(FONTS)
    return Faces(FaceChain((Face(fonts.serif),)), FaceChain((Face(fonts.serif_bold),)))


@pytest.mark.parametrize("count", range(10, 34))
def test_three_paragraphs_come_with_the_seal(count: int, faces: Faces) -> None:
    blocks = [*(body(f"第{n}段。") for n in range(count)), Space(6), *sealed(head("通知"), signed=True)]
    pages = paginate(with_company(blocks, faces, FRAME), FRAME)
    assert sum(not placed.slab.gap for page in pages for placed in page) == count + 3
    # the seal, whom to ask, the signature and, above them, the paragraphs
    assert sum(not placed.slab.gap for placed in pages[-1]) >= 3 + 3


@pytest.mark.parametrize("count", range(12, 30))
def test_three_rows_of_a_table_come_with_the_seal(count: int, faces: Faces) -> None:
    rows = fields(*(field_row(f"栏{n}", "内容") for n in range(count)))
    pages = paginate(with_company([rows, *sealed(head("回证"))], faces, FRAME), FRAME)
    assert sum(not placed.slab.gap for placed in pages[-1]) >= 2 + 3


@pytest.mark.parametrize("count", range(12, 30))
def test_three_rows_come_also_where_a_sentence_stands_between(count: int, faces: Faces) -> None:
    rows = fields(*(field_row(f"栏{n}", "内容") for n in range(count)))
    closing = sealed(head("通知"), body("特此通知。"), signed=True)
    pages = paginate(with_company([rows, Space(6), *closing], faces, FRAME), FRAME)
    assert sum(not placed.slab.gap for placed in pages[-1]) >= 4 + 3


def test_of_a_long_paragraph_its_last_lines_come(faces: Faces) -> None:
    blocks = [body("这是很长的一段话，" * 70), *sealed(head("通知"))]
    first, last = paginate(with_company(blocks, faces, FRAME), FRAME)
    assert len(first) > 8
    assert sum(not placed.slab.gap for placed in last) >= 2 + 2
