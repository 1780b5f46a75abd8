"""Resident ID numbers (GB 11643): 18 characters with a birth date, a sex and a check digit.

Own code on purpose: general libraries refuse valid new divisions and all residence permits of Hong Kong,
Macao, Taiwan (81/82/83) and of foreigners (9), and accept birth dates that lie in the future.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

# GB 11643-1999, 4.3 and annex A (ISO 7064 MOD 11-2)
WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS: Final = "10X98765432"
# GB/T 2260 provinces, then the residence permits of Hong Kong, Macao and Taiwan
_REGIONS: Final = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 "
    "50 51 52 53 54 61 62 63 64 65 71 81 82 83".split()
)
_OLDEST_YEAR: Final = 1880
_LONGEST_INPUT: Final = 64
_DIGITS: Final = frozenset("0123456789")


class Sex(Enum):
    """Sex as the 17th digit says it: odd is male."""

    MALE = "男"
    FEMALE = "女"


class IdProblem(Enum):
    """Why a number was refused; the value is what staff and citizens read."""

    EMPTY = "请输入身份证号码"
    LENGTH = "身份证号码应为18位"
    CHARACTER = "身份证号码只能是数字，末位可以是X"
    REGION = "身份证号码前两位不是有效的地区代码"
    BIRTH_DATE = "身份证号码中的出生日期不存在"
    FUTURE = "身份证号码中的出生日期晚于今天"
    CHECK_DIGIT = "身份证号码校验位不符，请核对是否输错"
    OLD_FORM = "15位旧号码只能用于查询，请使用18位号码"


class IdNumberRefused(ValueError):
    """An expected refusal. Carries the problem, never the number itself (it may end in a log)."""

    def __init__(self, problem: IdProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True, slots=True, repr=False)
class IdNumber:
    """A checked number. `repr` shows nothing personal."""

    text: str
    birth_date: date
    sex: Sex

    @property
    def division_code(self) -> str:
        """First six digits: the division of first registration, not where the person lives."""
        return self.text[:6]

    @property
    def is_foreign_resident(self) -> bool:
        """Permanent residence identity card of a foreigner (new form, starts with 9)."""
        return self.text.startswith("9")

    @property
    def is_hmt_resident(self) -> bool:
        """Residence permit of a resident of Hong Kong, Macao or Taiwan."""
        return self.text[:2] in {"81", "82", "83"}

    def age_on(self, day: date) -> int:
        """Full years on `day`."""
        before_birthday = (day.month, day.day) < (self.birth_date.month, self.birth_date.day)
        return day.year - self.birth_date.year - int(before_birthday)

    def __repr__(self) -> str:
        return "IdNumber(****)"


def normalise(text: str) -> str:
    """Full-width digits and X to ASCII, x to X, every kind of space removed. Nothing else is changed."""
    characters: list[str] = []
    for character in text:
        code = ord(character)
        if character.isspace() or code in (0x200B, 0xFEFF):
            continue
        if 0xFF10 <= code <= 0xFF19 or code in (0xFF38, 0xFF58):
            character = chr(code - 0xFEE0)
        characters.append("X" if character == "x" else character)
    return "".join(characters)


def check_character(first_17: str) -> str:
    """Check character of 17 ASCII digits."""
    total = sum(int(digit) * weight for digit, weight in zip(first_17, WEIGHTS, strict=True))
    return CHECK_CHARACTERS[total % 11]


def read_id_number(text: str, *, today: date) -> IdNumber:
    """Check what was typed or read from a card.

    Raises IdNumberRefused with the first problem found; a birth date after `today` is refused.
    """
    if len(text) > _LONGEST_INPUT:
        raise IdNumberRefused(IdProblem.LENGTH)
    number = normalise(text)
    if not number:
        raise IdNumberRefused(IdProblem.EMPTY)
    if not set(number[:-1]) <= _DIGITS or number[-1] not in "0123456789X":
        raise IdNumberRefused(IdProblem.CHARACTER)
    if len(number) == 15 and number[-1] != "X":
        raise IdNumberRefused(IdProblem.OLD_FORM)
    if len(number) != 18:
        raise IdNumberRefused(IdProblem.LENGTH)
    if number[:2] not in _REGIONS and not number.startswith("9"):
        raise IdNumberRefused(IdProblem.REGION)
    birth_date = _birth_date(number[6:14], today)
    if number[-1] != check_character(number[:17]):
        raise IdNumberRefused(IdProblem.CHECK_DIGIT)
    return IdNumber(number, birth_date, Sex.MALE if int(number[16]) % 2 else Sex.FEMALE)


def searchable_id(text: str) -> str | None:
    """The text to search old records by: 18 characters or the 15-digit form; None when it can be neither.

    Only the form is checked here: an old record may carry a number with a wrong check digit.
    """
    if len(text) > _LONGEST_INPUT:
        return None
    number = normalise(text)
    if len(number) == 15 and set(number) <= _DIGITS:
        return number
    if len(number) == 18 and set(number[:-1]) <= _DIGITS and number[-1] in "0123456789X":
        return number
    return None


def _birth_date(digits: str, today: date) -> date:
    try:
        birth_date = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError as error:
        raise IdNumberRefused(IdProblem.BIRTH_DATE) from error
    if birth_date > today:
        raise IdNumberRefused(IdProblem.FUTURE)
    if birth_date.year < _OLDEST_YEAR:
        raise IdNumberRefused(IdProblem.BIRTH_DATE)
    return birth_date
