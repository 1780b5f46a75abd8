"""Authorisations (授权委托书) and the four powers: every act at a window needs a letter that covers it.

R19: no intake without ACCEPT, no decision without HANDLE, no hand-over without ISSUE, no seal without SEAL.
Validity is judged by the business day that the node opened, never by a PC's clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from hall.catalogue.hall_profile import FORBID_UNKNOWN_KEYS, Window
from hall.catalogue.model import ServiceItem


class Power(StrEnum):
    ACCEPT = "ACCEPT"
    HANDLE = "HANDLE"
    ISSUE = "ISSUE"
    SEAL = "SEAL"

    @property
    def text(self) -> str:
        return {"ACCEPT": "受理权", "HANDLE": "办理权", "ISSUE": "颁发权", "SEAL": "印章使用权"}[self.value]


class LetterForm(StrEnum):
    """The two forms that the plans name: 和硕's grants ACCEPT only, 昭化's any of the four."""

    ON_SITE = "现场审批服务授权书"
    COMPREHENSIVE = "综合窗口授权委托书"


@dataclass(frozen=True, slots=True)
class Authorisation:
    """A letter. `items` None: every item of the department. `groups` None: every window of the hall.

    `department`: the catalogue's name, `granter`: the hall's own name of it.
    """

    id: str
    letter_no: str
    department: str
    granter: str
    form: LetterForm
    powers: frozenset[Power]
    valid_from: date
    valid_to: date | None = None
    items: tuple[str, ...] | None = None
    groups: tuple[str, ...] | None = None
    published_on: date | None = None
    revoked_on: date | None = None
    signer: str = ""
    demo: bool = False

    __pydantic_config__: ClassVar = FORBID_UNKNOWN_KEYS

    def covers_item(self, item: ServiceItem) -> bool:
        return self.department == item.department and (self.items is None or item.id in self.items)

    def covers_window(self, window: Window) -> bool:
        return self.groups is None or window.group_code in self.groups


@dataclass(frozen=True, slots=True)
class Granted:
    """The act is covered by this letter; papers name its granter."""

    letter: Authorisation


@dataclass(frozen=True, slots=True)
class Refused:
    """Nobody has authorised this act here today; `reason` is what the clerk reads."""

    reason: str


def power_check(
    authorisations: Iterable[Authorisation],
    window: Window,
    item: ServiceItem,
    power: Power,
    business_day: date,
) -> Granted | Refused:
    """Is the act covered? Of several letters the one that is valid longest; else why the nearest one
    fails.
    """
    granted: list[Authorisation] = []
    misses: list[tuple[int, str]] = []
    for letter in authorisations:
        step, why = _fails(letter, window, item, power, business_day)
        if why is None:
            granted.append(letter)
        else:
            misses.append((step, why))
    if granted:
        return Granted(max(granted, key=lambda a: (a.valid_to or date.max, a.letter_no)))
    if not misses:
        return Refused(f"{item.department}没有向本大厅出具授权书，不能行使{power.text}")
    return Refused(max(misses, key=lambda miss: miss[0])[1])


def powers_of(
    authorisations: Iterable[Authorisation], window: Window, item: ServiceItem, business_day: date
) -> frozenset[Power]:
    """All powers that this window holds for this item on this day."""
    letters = tuple(authorisations)
    return frozenset(
        p for p in Power if isinstance(power_check(letters, window, item, p, business_day), Granted)
    )


def letter_warnings(letter: Authorisation, *, grantee_is_organ: bool) -> tuple[str, ...]:
    """What a lawyer should look at before the letter is registered (许可法 24); it stops nobody."""
    found: list[str] = []
    more = letter.powers - {Power.ACCEPT}
    if more and not grantee_is_organ:
        names = "、".join(p.text for p in Power if p in more)
        found.append(f"受托方不是行政机关，授予{names}请由法律顾问确认（行政许可法第二十四条）")
    if letter.form is LetterForm.ON_SITE and more:
        found.append("《现场审批服务授权书》只授予受理职权")
    if letter.published_on is None:
        found.append("委托内容尚未公告（行政许可法第二十四条）")
    return tuple(found)


def _fails(
    letter: Authorisation, window: Window, item: ServiceItem, power: Power, day: date
) -> tuple[int, str | None]:
    """How far the letter gets (more is nearer) and why it stops there; None when it covers the act."""
    name = f"授权书{letter.letter_no}"
    if letter.department != item.department:
        return 0, f"{item.department}没有向本大厅出具授权书，不能行使{power.text}"
    if not letter.covers_item(item):
        return 1, f"{name}未包含事项“{item.name}”"
    if not letter.covers_window(window):
        return 2, f"{name}未授权{window.no}号窗口"
    if power not in letter.powers:
        return 3, f"{name}未授予{power.text}"
    if letter.published_on is None or letter.published_on > day:
        return 4, f"{name}尚未公告，不能行使{power.text}"
    if day < letter.valid_from:
        return 5, f"{name}自{_day(letter.valid_from)}起生效，现不能行使{power.text}"
    if letter.valid_to is not None and day > letter.valid_to:
        return 6, f"{name}已于{_day(letter.valid_to)}到期，不能行使{power.text}"
    if letter.revoked_on is not None and letter.revoked_on <= day:
        return 7, f"{name}已于{_day(letter.revoked_on)}撤销，不能行使{power.text}"
    return 8, None


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
