"""Staff of a hall, their certificates and posts. Signing in (PIN, card) is not here.

The classes are also the form of resources/halls/people/*.json.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from hall.catalogue.hall_profile import FORBID_UNKNOWN_KEYS


class Role(StrEnum):
    """Who somebody is for the permission table; a person may hold several roles."""

    CITIZEN = "citizen"
    GUIDE = "guide"
    CLERK = "clerk"
    CASHIER = "cashier"
    DELIVERY = "delivery"
    REVIEWER = "reviewer"
    APPROVER = "approver"
    CHIEF_REP = "chief_rep"
    ZONE_MANAGER = "zone_manager"
    HALL_MANAGER = "hall_manager"
    SUPERVISOR = "supervisor"
    IT = "it"
    CENTRE_ADMIN = "centre_admin"


class Post(StrEnum):
    """AB岗: B acts only while A is absent on the shift."""

    A = "A"
    B = "B"


@dataclass(frozen=True, slots=True)
class Certificate:
    """考核合格: the person may work in this zone from `valid_from` to `valid_to` (both included)."""

    zone_code: str
    valid_from: date
    valid_to: date | None = None

    __pydantic_config__: ClassVar = FORBID_UNKNOWN_KEYS

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Staff:
    """A person at work. `home_unit` pays them, the centre leads them too (双重管理)."""

    id: str
    name: str
    employee_no: str
    home_unit: str
    roles: frozenset[Role]
    certificates: tuple[Certificate, ...] = ()
    department: str | None = None
    post: Post = Post.A
    stands_in_for: str | None = None
    grade: str | None = None
    active: bool = True
    demo: bool = False

    __pydantic_config__: ClassVar = FORBID_UNKNOWN_KEYS

    def certified_for(self, zone_code: str, day: date) -> bool:
        return any(c.zone_code == zone_code and c.holds_on(day) for c in self.certificates)


def cannot_open(staff: Staff, zone_code: str, day: date, absent: Iterable[str] = ()) -> str | None:
    """Why this person may not open a window of the zone on `day`; None when they may.

    `absent`: ids of staff who are away on this shift. A certificate is always needed (R20).
    """
    if not staff.active:
        return f"{staff.name}已离岗"
    if not staff.roles & {Role.CLERK, Role.CASHIER, Role.DELIVERY}:
        return f"{staff.name}不是窗口人员"
    if not staff.certified_for(zone_code, day):
        return f"{staff.name}没有本专区的有效上岗考核记录，不能开窗"
    if staff.post is Post.B and staff.stands_in_for is not None and staff.stands_in_for not in set(absent):
        return f"{staff.name}为B岗，A岗在岗时不能开窗"
    return None


def chief_representatives(staff: Iterable[Staff], department: str) -> tuple[Staff, ...]:
    """Active chief representatives (首席代表) of a department; a hall needs exactly one."""
    return tuple(s for s in staff if s.active and s.department == department and Role.CHIEF_REP in s.roles)
