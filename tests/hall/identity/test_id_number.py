from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.identity.id_number import IdNumberRefused, IdProblem, Sex, normalise, read_id_number, searchable_id
from tests.hall.identity.invented import invented_id

TODAY = date(2026, 3, 2)


def problem_of(text: str) -> IdProblem:
    with pytest.raises(IdNumberRefused) as caught:
        read_id_number(text, today=TODAY)
    assert text not in str(caught.value) or not text
    return caught.value.problem


def test_the_example_of_the_standard_is_read() -> None:
    # GB 11643-1999 annex A prints this number as its example
    number = read_id_number("11010519491231002X", today=TODAY)
    assert number.birth_date == date(1949, 12, 31)
    assert number.sex is Sex.FEMALE
    assert number.division_code == "110105"
    assert number.age_on(date(2025, 12, 30)) == 75
    assert number.age_on(date(2025, 12, 31)) == 76


def test_small_x_full_width_and_spaces_are_normalised() -> None:
    assert read_id_number(" １１０１０５ 19491231 002ｘ ", today=TODAY).text == "11010519491231002X"
    assert normalise("　1 2\u200b３x") == "123X"


@pytest.mark.parametrize("division", "310151 321003 659011 330113 810000 820000 830000 911156".split())
def test_new_divisions_and_residence_permits_are_accepted(division: str) -> None:
    number = read_id_number(invented_id(division=division), today=TODAY)
    assert number.is_hmt_resident == (division[:2] in {"81", "82", "83"})
    assert number.is_foreign_resident == division.startswith("9")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", IdProblem.EMPTY),
        ("   ", IdProblem.EMPTY),
        ("1101051949123100", IdProblem.LENGTH),
        ("1" * 10_000, IdProblem.LENGTH),
        ("11010519491231002A", IdProblem.CHARACTER),
        ("1101051949123100X2", IdProblem.CHARACTER),
        ("١١٠١٠٥١٩٤٩١٢٣١٠٠٢٠", IdProblem.CHARACTER),
        ("①10105194912310021", IdProblem.CHARACTER),
        ("99", IdProblem.LENGTH),
        ("110105491231002", IdProblem.OLD_FORM),
        ("00010519491231002X", IdProblem.REGION),
        ("110105194902300021", IdProblem.BIRTH_DATE),
        ("110105000001010021", IdProblem.BIRTH_DATE),
        ("110105179901010021", IdProblem.BIRTH_DATE),
        ("110105194912310021", IdProblem.CHECK_DIGIT),
    ],
)
def test_what_cannot_be_a_number_is_refused_with_its_reason(text: str, problem: IdProblem) -> None:
    assert problem_of(text) is problem


def test_a_child_of_today_is_accepted_and_of_tomorrow_is_not() -> None:
    assert read_id_number(invented_id(TODAY), today=TODAY).birth_date == TODAY
    assert problem_of(invented_id(TODAY + timedelta(days=1))) is IdProblem.FUTURE


def test_nothing_personal_in_repr() -> None:
    number = read_id_number(invented_id(), today=TODAY)
    assert number.text not in repr(number)
    assert "1990" not in repr(number)


def test_fifteen_digits_are_for_search_only() -> None:
    assert searchable_id("110105 491231002") == "110105491231002"
    assert searchable_id("11010519491231002x") == "11010519491231002X"
    assert searchable_id("110105") is None
    assert searchable_id("1" * 100) is None


@given(
    born=st.dates(date(1900, 1, 1), TODAY),
    serial=st.integers(0, 999),
    place=st.sampled_from(["652301", "510811", "653100", "652828", "150626", "830000", "911000"]),
    at=st.integers(0, 16),
    add=st.integers(1, 9),
)
def test_every_single_wrong_digit_is_found(born: date, serial: int, place: str, at: int, add: int) -> None:
    good = invented_id(born, serial, place)
    number = read_id_number(good, today=TODAY)
    assert (number.birth_date, number.sex) == (born, Sex.MALE if serial % 2 else Sex.FEMALE)
    wrong = good[:at] + str((int(good[at]) + add) % 10) + good[at + 1 :]
    with pytest.raises(IdNumberRefused):
        read_id_number(wrong, today=TODAY)


@given(st.text(max_size=80))
def test_any_text_is_either_read_or_refused(text: str) -> None:
    try:
        number = read_id_number(text, today=TODAY)
    except IdNumberRefused:
        return
    assert len(number.text) == 18
