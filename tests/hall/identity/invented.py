"""Invented ID numbers and credit codes for tests: right in form, of nobody in particular."""

from datetime import date

from hall.identity import credit_code, id_number


def invented_id(birth_date: date = date(1990, 1, 1), serial: int = 1, division: str = "652301") -> str:
    """A number of right form; an odd serial (0..999) is a man's."""
    first_17 = f"{division}{birth_date:%Y%m%d}{serial:03d}"
    return first_17 + id_number.check_character(first_17)


def invented_credit_code(serial: int = 1, division: str = "652301") -> str:
    first_17 = f"91{division}MA{serial:07d}"
    return first_17 + credit_code.check_character(first_17)
