from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from hall.identity.credit_code import ALPHABET, check_character, read_credit_code
from tests.hall.identity.invented import invented_credit_code


def test_a_right_code_has_no_warning() -> None:
    assert read_credit_code(invented_credit_code()).warnings == ()


def test_a_wrong_check_character_only_warns() -> None:
    good = invented_credit_code()
    wrong = good[:-1] + ("A" if good[-1] != "A" else "B")
    read = read_credit_code(wrong)
    assert read.text == wrong
    assert [w.code for w in read.warnings] == ["check"]


def test_length_and_letters_are_named() -> None:
    assert [w.code for w in read_credit_code("9165").warnings] == ["length"]
    assert [w.code for w in read_credit_code("9" * 5000).warnings] == ["length"]
    odd = read_credit_code("O" + invented_credit_code()[1:])
    assert [w.code for w in odd.warnings] == ["character"]
    assert "O" in odd.warnings[0].text


def test_full_width_and_small_letters_are_normalised() -> None:
    good = invented_credit_code(7)
    wide = "".join(chr(ord(c) + 0xFEE0) for c in good.lower())
    assert read_credit_code(f" {wide} ").text == good
    assert read_credit_code(wide).warnings == ()


@given(st.text(alphabet=ALPHABET, min_size=17, max_size=17))
def test_check_character_agrees_with_another_implementation(first: str) -> None:
    assert check_character(first) == uscc.calc_check_digit(first)
