"""Document numbers, blocks of them, and case numbers."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.papers.numbering import (
    CaseNumberParts,
    DocumentNumber,
    NumberBlock,
    NumberingRefused,
    case_number,
    check_digit,
    parse_document_number,
    read_case_number,
)

KINDS = ("受字", "不受字", "补字")
AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def test_a_document_number_is_printed_as_the_hall_writes_it() -> None:
    assert DocumentNumber("昌市审批", "受字", 2023, 12).text() == "昌市审批受字〔2023〕第12号"
    assert DocumentNumber("昌市审批", "受字", 2023, 12).text(pad=4) == "昌市审批受字〔2023〕第0012号"


@pytest.mark.parametrize(
    "typed",
    [
        "昌市审批受字﹝2023﹞第12号",
        "昌市审批受字[2023]第12号",
        "昌市审批受字【2023】第0012号",
        " 昌市审批受字（2023） 12号",
    ],
)
def test_every_bracket_that_people_type_is_understood(typed: str) -> None:
    assert parse_document_number(typed, KINDS) == DocumentNumber("昌市审批", "受字", 2023, 12)


def test_the_longest_word_of_kind_is_taken() -> None:
    assert parse_document_number("昌市审批不受字〔2023〕第1号", KINDS).kind == "不受字"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "昌市审批受字〔2023〕第0号",
        "昌市审批受字〔23〕第1号",
        "昌市审批批字〔2023〕第1号",
        "受字〔2023〕第1号",
        "昌市受字〔2023〕第1号附",
    ],
)
def test_what_is_not_a_number_of_this_hall_is_refused(typed: str) -> None:
    with pytest.raises(NumberingRefused):
        parse_document_number(typed, KINDS)


@given(st.integers(1949, 9999), st.integers(1, 999_999_999), st.integers(0, 9))
def test_printed_numbers_read_back(year: int, n: int, pad: int) -> None:
    number = DocumentNumber("昌市审批", "补字", year, n)
    assert parse_document_number(number.text(pad), KINDS) == number


def test_a_block_gives_each_number_once_and_then_none() -> None:
    block = NumberBlock("昌市审批", "受字", 2026, 11, 13, 11)
    drawn = []
    for _ in range(3):
        number, block = block.draw(2026)
        drawn.append(number.n)
    assert drawn == [11, 12, 13]
    assert block.left == 0
    with pytest.raises(NumberingRefused):
        block.draw(2026)


def test_a_block_serves_its_own_year_only() -> None:
    with pytest.raises(NumberingRefused):
        NumberBlock("昌市审批", "受字", 2026, 1, 9, 1).draw(2027)


def test_a_voided_number_is_not_drawn_and_needs_a_name_and_a_reason() -> None:
    block = NumberBlock("昌市审批", "受字", 2026, 1, 3, 1)
    for by, reason in (("", "打印损坏"), ("李某", " ")):
        with pytest.raises(NumberingRefused):
            block.void(1, by=by, reason=reason, at=AT)
    block = block.void(1, by="李某", reason="打印损坏", at=AT)
    assert block.left == 2
    assert block.draw(2026)[0].n == 2
    with pytest.raises(NumberingRefused):
        block.void(1, by="李某", reason="打印损坏", at=AT)
    with pytest.raises(NumberingRefused):
        block.void(4, by="李某", reason="打印损坏", at=AT)


@given(st.lists(st.sampled_from(["draw", "void"]), max_size=12))
def test_a_closed_block_explains_every_number(acts: list[str]) -> None:
    block = NumberBlock("昌市审批", "受字", 2026, 1, 8, 1)
    drawn: set[int] = set()
    for act in acts:
        if not block.left:
            break
        if act == "draw":
            number, block = block.draw(2026)
            drawn.add(number.n)
        else:
            free = next(n for n in range(8, 0, -1) if n not in drawn and n not in {v.n for v in block.voided})
            block = block.void(free, by="李某", reason="作废", at=AT)
    block = block.close(by="李某", reason="年终结转", at=AT)
    assert drawn | {void.n for void in block.voided} == set(range(1, 9))
    assert not drawn & {void.n for void in block.voided}
    assert block.left == 0


PARTS = CaseNumberParts("652301", "01", date(2026, 11, 22), "001", 1)


def test_a_case_number_says_where_when_and_on_which_device() -> None:
    number = case_number(PARTS)
    assert number[:23] == "65230101202611220010001"
    assert len(number) == 24
    assert read_case_number(f" {number[:8]}-{number[8:]} ") == PARTS


def test_the_check_digit_is_that_of_the_standard() -> None:
    # ISO/IEC 7064:2003, 8.2.3: the worked example of MOD 11,10 is 0794 with check character 5.
    assert check_digit("0794") == "5"


@given(st.integers(0, 23), st.integers(1, 9))
def test_any_single_wrong_digit_is_found(place: int, shift: int) -> None:
    number = case_number(PARTS)
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    with pytest.raises(NumberingRefused):
        read_case_number(wrong)


@pytest.mark.parametrize(
    "text", ["", "1" * 23, "１" * 24, "65230101202613320010001" + check_digit("65230101202613320010001")]
)
def test_what_is_not_a_case_number_is_refused(text: str) -> None:
    with pytest.raises(NumberingRefused):
        read_case_number(text)


@pytest.mark.parametrize(
    "parts",
    [
        CaseNumberParts("65230", "01", date(2026, 11, 22), "001", 1),
        CaseNumberParts("652301", "0a", date(2026, 11, 22), "001", 1),
        CaseNumberParts("652301", "01", date(2026, 11, 22), "001", 10_000),
        CaseNumberParts("652301", "01", date(2026, 11, 22), "００1", 1),
    ],
)
def test_a_case_number_is_not_made_of_wrong_parts(parts: CaseNumberParts) -> None:
    with pytest.raises(NumberingRefused):
        case_number(parts)
