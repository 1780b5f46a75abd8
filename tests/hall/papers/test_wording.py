"""Dates, money and cleaned text."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from hall.papers.wording import chinese_date, chinese_moment, clean_text, money, money_in_words, short_moment


def test_dates_have_no_leading_zeros() -> None:
    assert chinese_date(date(2026, 1, 5)) == "2026年1月5日"


def test_moments_are_told_in_beijing_time() -> None:
    at = datetime(2026, 11, 21, 16, 5, tzinfo=UTC)
    assert chinese_moment(at) == "2026年11月22日0时05分"
    assert short_moment(at) == "2026-11-22 00:05"
    with pytest.raises(ValueError, match="time zone"):
        chinese_moment(datetime(2026, 11, 21, 16, 5))


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("10", "壹拾元整"),
        ("1234.50", "壹仟贰佰叁拾肆元伍角整"),
        ("1409.02", "壹仟肆佰零玖元零贰分"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("107000.53", "壹拾万零柒仟元伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("100000001", "壹亿零壹元整"),
        ("100100000", "壹亿零壹拾万元整"),
        ("1000010", "壹佰万零壹拾元整"),
    ],
)
def test_money_in_capital_figures(amount: str, words: str) -> None:
    assert money_in_words(Decimal(amount)) == words


@pytest.mark.parametrize("amount", ["-1", "0.001", "NaN", "Infinity"])
def test_no_words_for_what_is_not_money(amount: str) -> None:
    with pytest.raises(ValueError, match="amount"):
        money_in_words(Decimal(amount))


def test_money_in_figures() -> None:
    assert money(Decimal("1234.5")) == "¥1,234.50"


def test_cleaning_keeps_names_and_drops_what_hides() -> None:
    assert clean_text(" 王\u202e某\t\x07某\r\n二\u2028三 ") == "王某 某\n二\n三"
    assert clean_text("\ufa11𱍐ئا\u200dب") == "\ufa11𱍐ئا\u200dب"
