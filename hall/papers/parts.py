"""Parts that several papers share: heading, address, fields, signatures, seal place.

Proportions are near GB/T 9704-2012: title 22 pt always, body 15 pt on a line of 156 mm, lines of 28 pt. One
size of body for every paper; where a page would not do, all of a paper steps down together (`press`). Tables
use 12 pt, long material lists 10.5 pt; what a person must do about a material stands in the size of the body.
"""

import re
from datetime import date

from hall.papers.blocks import MM, Block, Paragraph, SealPlace, SignatureLine, Space, Together
from hall.papers.content import MaterialForm, ReceivedMaterial, Remedies
from hall.papers.head import Applicant, PaperHead
from hall.papers.lines import Span
from hall.papers.table import Cell, Row, Table
from hall.papers.wording import SEAL_PLACE, chinese_date, clean_text, grouped

FRAME_WIDTH = 156 * MM
FRAME_HEIGHT = 225 * MM
BODY = 15.0
LEADING = 28.0
BODY_LIST_LEADING = 21.0
"""Of a list in the size of the body."""
TITLE = 22.0
TITLE_LEADING = 34.0
FIELD = 12.0
FIELD_LEADING = 18.0
SMALL = 10.5
SMALL_LEADING = 15.0
_LABEL = 26.0
_HALF = 78.0


def masthead(head: PaperHead, *, organ: bool = True) -> list[Block]:
    """Organ and title centred, number at the right below."""
    blocks: list[Block] = []
    if organ:
        blocks.append(_title_line(head.organ))
    blocks.append(_title_line(head.title))
    if number := head.number or head.number_note:
        blocks += [Space(6), Paragraph.plain(number, BODY, LEADING, align="right", keep_with_next=True)]
    blocks.append(Space(10))
    return blocks


def _title_line(text: str) -> Paragraph:
    return Paragraph.plain(text, TITLE, TITLE_LEADING, align="centre", bold=True, keep_with_next=True)


def addressee(name: str) -> Paragraph:
    """`某某：` from the left edge."""
    return Paragraph.plain(f"{clean_text(name)}：", BODY, LEADING, align="left", keep_with_next=True)


def body(text: str, *, bold: bool = False) -> Paragraph:
    """Running text, two characters in."""
    return Paragraph.plain(text, BODY, LEADING, indent=2, bold=bold)


def body_of(*spans: Span) -> Paragraph:
    """Running text of which a part is bold."""
    return Paragraph(spans, BODY, LEADING, indent=2)


def note(text: str) -> Paragraph:
    """Whom to ask, below a paper, in the size of its tables."""
    return Paragraph.plain(text, FIELD, FIELD_LEADING + 2, indent=2)


def field_row(label: str, value: str) -> Row:
    """A label and one wide value; an empty value is printed as 无 so that nobody can write it in later."""
    return Row((_label(label), Cell(clean_text(value) or "无", 2 * _HALF - _LABEL)))


def pair_row(label: str, value: str, label2: str, value2: str) -> Row:
    """Two labels with their values on one row."""
    return Row(
        (
            _label(label),
            Cell(clean_text(value) or "无", _HALF - _LABEL),
            _label(label2),
            Cell(clean_text(value2) or "无", _HALF - _LABEL),
        )
    )


def blank_row(label: str, lines: int) -> Row:
    """A label with room to write by hand."""
    return Row((_label(label), Cell("", 2 * _HALF - _LABEL)), min_lines=lines)


def banner_row(text: str) -> Row:
    """A row of one centred cell, a heading inside a table."""
    return Row((Cell(text, 2 * _HALF, "centre", bold=True),))


def _label(text: str) -> Cell:
    return Cell(text, _LABEL, "centre", bold=True)


def fields(*rows: Row) -> Table:
    """A table of labels and values."""
    return Table(rows, FIELD, FIELD_LEADING)


def applicant_rows(applicant: Applicant) -> tuple[Row, ...]:
    """Who applies, and who came for them."""
    rows = [
        field_row("申请人", applicant.name),
        pair_row(applicant.cert_kind, applicant.cert_no, "联系电话", applicant.phone),
    ]
    if applicant.legal_representative:
        rows.append(field_row("法定代表人", applicant.legal_representative))
    if applicant.address:
        rows.append(field_row("地址", applicant.address))
    if applicant.agent_name:
        rows.append(field_row("代理人", applicant.agent_name))
        rows.append(pair_row("代理人证件", applicant.agent_cert_no, "代理人电话", applicant.agent_phone))
    return tuple(rows)


def package_rows(head: PaperHead) -> tuple[Row, ...]:
    """The number of the whole, beside that of its part."""
    return (field_row("一件事办件编号", grouped(head.package_no)),) if head.package_no else ()


def you(applicant: Applicant) -> str:
    """How a letter speaks to whom it is for."""
    return "你单位" if applicant.organisation else "你"


def identity(applicant: Applicant) -> str:
    """`（居民身份证：6523…）` for running text."""
    return f"（{applicant.cert_kind}：{applicant.cert_no}）"


def received_table(materials: tuple[ReceivedMaterial, ...]) -> Table:
    """Every material that was handed in, and where its original lies; the last row counts them."""
    shares = (12.0, 57.0, 20.0, 13.0, 13.0, 41.0)
    rows = [table_row(("序号", "材料名称", "形式", "份数", "页数", "原件存放"), shares, header=True)]
    for number, material in enumerate(materials, start=1):
        shown = (
            str(number),
            material.name,
            material.form.value,
            str(material.copies),
            str(material.pages or "—"),
            material.original_at or "无",
        )
        rows.append(table_row(shown, shares))
    copies, pages = sum(m.copies for m in materials), sum(m.pages for m in materials)
    electronic = sum(m.copies for m in materials if m.form is MaterialForm.ELECTRONIC)
    inside = f"（其中电子证照 {electronic} 份）" if electronic else ""
    total = f"以上材料共 {len(materials)} 项，{copies} 份{inside}，已扫描 {pages} 页，以下空白"
    rows.append(Row((Cell(total, sum(shares), "centre"),)))
    return Table(tuple(rows), SMALL, SMALL_LEADING, header_rows=1)


def table_row(texts: tuple[str, ...], shares: tuple[float, ...], *, header: bool = False) -> Row:
    """A row of a list; narrow columns are centred, an empty cell shows a dash."""
    return Row(
        tuple(
            Cell(clean_text(text) or "—", share, "centre" if header or share <= 20 else "left", bold=header)
            for text, share in zip(texts, shares, strict=True)
        )
    )


def sealed(head: PaperHead, *last: Block, signed: bool = False) -> list[Block]:
    """The closing text with the organ, the seal's place and the date, never parted from each other.

    Whom to ask stands below in brackets (附注, GB/T 9704-2012, 7.3.6); with `signed` the applicant signs
    under it that the paper was received.
    """
    blocks = [*last, Space(18), SealPlace(head.organ, SEAL_PLACE, chinese_date(head.date), BODY, LEADING)]
    if head.contact:
        blocks += [Space(6), note(f"（联系方式：{head.contact}）")]
    if signed:
        blocks += [Space(12), SignatureLine(("申请人（代理人）签收：", "签收日期："), FIELD)]
    return [Together(tuple(blocks))]


def remedies_text(remedies: Remedies, paper: str) -> str:
    """复议 and 诉讼 with their terms and bodies."""
    return (
        f"如不服本{paper}，可以自收到本{paper}之日起{remedies.review_term}内向{remedies.review_organ}申请行政复议，"
        f"也可以自收到本{paper}之日起{remedies.suit_term}内向{remedies.court}提起行政诉讼。"
    )


_OWN_NUMBER = re.compile(r"^\d{1,2}[.．、]\s*(?!\d)")


def numbered(texts: tuple[str, ...]) -> str:
    """`1. …` lines; a single text stays without a number. A number that a text brought along gives way."""
    cleaned = [_OWN_NUMBER.sub("", clean_text(text)) for text in texts]
    if len(cleaned) == 1:
        return cleaned[0]
    return "\n".join(f"{number}. {text}" for number, text in enumerate(cleaned, start=1))


def day(value: date) -> str:
    """A date as papers print it."""
    return chinese_date(value)
