"""How personal data is shown to those who need not see all of it. The only place with masking rules.

Screens, prints for third parties, logs and exports use these functions. Names of organisations stay in full.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

STAR: Final = "*"
# the middle dots that people and card readers produce for one and the same separator in names
_NAME_DOTS: Final = "·•‧・･∙⋅"
_TOWN: Final = re.compile(r"^(.{0,60}?(?:街道办事处|街道|苏木|民族乡|乡|镇))")
_COUNTY: Final = re.compile(r"^(.{0,40}?(?:自治县|自治旗|县|区|旗))(?!.{0,20}(?:自治县|自治旗|县|旗))")
_CITY: Final = re.compile(r"^(.{0,40}?市)")
_ID_IN_TEXT: Final = re.compile(r"(?<![0-9A-Za-z])(?:[0-9]{17}[0-9Xx]|[0-9]{15})(?![0-9A-Za-z])", re.ASCII)
_MOBILE_IN_TEXT: Final = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])", re.ASCII)


def mask_name(name: str) -> str:
    """王明 -> 王*, 王小明 and 欧阳小明 -> 王*明, 欧*明, 买买提·吐尔逊 -> 买**·吐 (first of each part), 王 -> *.

    As many stars as domain.md 12 shows, whatever the name: its length stays hidden.
    """
    parts = [part for part in re.split(f"[{_NAME_DOTS}\\s]", name) if part]
    if not parts:
        return ""
    first = _letters(parts[0])
    if len(parts) > 1:
        dot = "·" if any(dot in name for dot in _NAME_DOTS) else " "
        return dot.join((first[0] + STAR * 2, *(_letters(part)[0] for part in parts[1:])))
    if len(first) == 1:
        return STAR
    return first[0] + STAR + (first[-1] if len(first) > 2 else "")


def mask_id_number(number: str) -> str:
    """6523**********1234: first 4, last 4. Shorter ones (passports) keep 2 and 2, or the first only."""
    text = "".join(number.split())
    if len(text) >= 12:
        return text[:4] + STAR * (len(text) - 8) + text[-4:]
    if len(text) >= 6:
        return text[:2] + STAR * (len(text) - 4) + text[-2:]
    return text[:1] + STAR * (len(text) - 1) if len(text) > 1 else STAR * len(text)


def mask_phone(phone: str) -> str:
    """138****1234. A landline keeps its area code and last two digits: 0994-*****12."""
    text = "".join(phone.split())
    digits = text.removeprefix("+86").replace("-", "")
    if len(digits) == 11 and digits.startswith("1"):
        return digits[:3] + STAR * 4 + digits[-4:]
    area, dash, local = text.partition("-")
    if not dash:
        area, local = "", text
    if len(local) <= 2:
        return area + dash + STAR * len(local)
    return area + dash + STAR * (len(local) - 2) + local[-2:]


def mask_address(address: str) -> str:
    """Down to the town: 昌吉市六工镇****. Without a town to the county or city; else nothing is shown."""
    text = "".join(address.split())
    for pattern in (_TOWN, _COUNTY, _CITY):
        found = pattern.match(text)
        if found is not None:
            shown = found.group(1)
            return shown if shown == text else shown + STAR * 4
    return STAR * 4 if text else ""


def mask_free_text(text: str) -> str:
    """Hide ID and mobile numbers inside a sentence, for logs and notes. Names cannot be found this way."""
    hidden = _ID_IN_TEXT.sub(lambda found: mask_id_number(found.group(0)), text)
    return _MOBILE_IN_TEXT.sub(lambda found: mask_phone(found.group(0)), hidden)


def _letters(text: str) -> list[str]:
    """Characters as people count them: combining marks and variation selectors stay with their base."""
    letters: list[str] = []
    for character in text:
        joined = unicodedata.combining(character) or 0xFE00 <= ord(character) <= 0xFE0F
        if letters and (joined or 0xE0100 <= ord(character) <= 0xE01EF):
            letters[-1] += character
        else:
            letters.append(character)
    return letters
