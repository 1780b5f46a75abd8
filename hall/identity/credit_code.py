"""Unified social credit codes (GB 32100): 18 characters, the last one a check character.

A wrong code is a warning and never a refusal: some early codes were issued with a wrong check character.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hall.identity.id_number import normalise

# GB 32100-2015: digits and capital letters without I, O, S, V, Z
ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_LONGEST_INPUT: Final = 64


@dataclass(frozen=True, slots=True)
class CodeWarning:
    """Something staff should look at before they go on; it stops nobody."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class CreditCode:
    """A code as it will be stored, with what is odd about it (empty when all is well)."""

    text: str
    warnings: tuple[CodeWarning, ...] = ()


def check_character(first_17: str) -> str:
    """Check character of 17 characters of the alphabet. Raises ValueError on any other character."""
    total = sum(ALPHABET.index(c) * weight for c, weight in zip(first_17, WEIGHTS, strict=True))
    return ALPHABET[(31 - total % 31) % 31]


def read_credit_code(text: str) -> CreditCode:
    """Normalise (full width, spaces, lower case) and check. Never raises; over-long input is cut."""
    code = "".join(_to_ascii(c) for c in normalise(text[:_LONGEST_INPUT])).upper()
    if len(code) != 18 or len(text) > _LONGEST_INPUT:
        return CreditCode(
            code, (CodeWarning("length", f"统一社会信用代码应为18位，现为{len(code)}位，请核对"),)
        )
    strange = sorted({c for c in code if c not in ALPHABET})
    if strange:
        listed = "、".join(strange)
        return CreditCode(code, (CodeWarning("character", f"统一社会信用代码中不应出现“{listed}”，请核对"),))
    if check_character(code[:17]) != code[17]:
        return CreditCode(code, (CodeWarning("check", "统一社会信用代码校验位不符，请与证照核对后继续"),))
    return CreditCode(code)


def _to_ascii(character: str) -> str:
    code = ord(character)
    return chr(code - 0xFEE0) if 0xFF21 <= code <= 0xFF3A or 0xFF41 <= code <= 0xFF5A else character
