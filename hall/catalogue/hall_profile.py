"""A hall as data: zones, window groups, windows, queues, departments, self-service areas.

`count` is what the hall's plan states; None means the plan gives no number. The classes are also the form of
resources/halls/*.json: the loader refuses unknown and missing keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, Final

from hall.calendar.model import DayKind
from hall.calendar.opening import OpeningHours

FORBID_UNKNOWN_KEYS: Final = {"extra": "forbid"}
DEMO_LAYOUT_TEXT: Final = "演示布局"


class HallLevel(StrEnum):
    PREFECTURE = "prefecture"
    COUNTY = "county"
    DISTRICT = "district"
    TOWN = "town"
    VILLAGE = "village"


class IntakeMode(StrEnum):
    """Accept at the window and dispatch after, or let the department pre-check before acceptance (乌审旗)."""

    ACCEPT_THEN_DISPATCH = "accept_then_dispatch"
    PRECHECK_THEN_ACCEPT = "precheck_then_accept"


class ZoneKind(StrEnum):
    THEMED = "themed"
    PROFESSIONAL = "professional"
    UNDIFFERENTIATED = "undifferentiated"
    TIDE = "tide"
    RESIDENT = "resident"


class WindowKind(StrEnum):
    """What a window does."""

    INTAKE = "intake"
    CONSULT = "consult"
    CASHIER = "cashier"
    DELIVERY = "delivery"
    QUERY = "query"
    PENALTY = "penalty"
    SPECIAL = "special"
    DOMAIN = "domain"
    UNDIFF = "undiff"
    TIDE = "tide"
    HOTLINE = "hotline"
    RESIDENT = "resident"


class WindowRole(StrEnum):
    """Roles that windows hold besides their kind: a role is never a counter of its own."""

    ISSUE = "issue"
    GUIDE = "guide"
    AGENT = "agent"
    BOOKING = "booking"
    FAST = "fast"
    CROSS = "cross"


class DepartmentKind(StrEnum):
    ORGAN = "organ"
    AUTHORISED = "authorised_org"
    RESIDENT = "resident_enterprise"
    UPPER_LEVEL = "upper_level"


class DeskAt(StrEnum):
    """Where the department's review desk lives: in the hall (node) or behind it (county centre)."""

    NODE = "node"
    COUNTY = "county"


@dataclass(frozen=True, slots=True)
class Queue:
    """A number series: one or two capital letters, unique in the hall."""

    series: str
    name: str

    __pydantic_config__: ClassVar = FORBID_UNKNOWN_KEYS


@dataclass(frozen=True, slots=True)
class StaffQuota:
    """How many people a unit sends, as the plan states."""

    unit: str
    count: int

    __pydantic_config__: ClassVar = FORBID_UNKNOWN_KEYS


@dataclass(frozen=True, slots=True)
class WindowGroup:
    """Windows of one kind in one zone. `serves_*` use the catalogue's names and ids; the rest is verbatim.

    `serves_all_others`: takes every item that no other group of the hall names (无差别).
    `window_roles`: roles of the 1st, 2nd, … window; `roles` hold for each of them.
    `relieves`: series of other groups that a tide window calls when it is open.
    """

    code: str
    kind: WindowKind
    label: str
    count: int | None
    demo_count: int
    queues: tuple[Queue, ...]
    name: str | None = None
    note: str | None = None
    business: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    serves_departments: tuple[str, ...] = ()
    serves_items: tuple[str, ...] = ()
    serves_all_others: bool = False
    roles: frozenset[WindowRole] = frozenset()
    window_roles: tuple[frozenset[WindowRole], ...] = ()
    relieves: tuple[str, ...] = ()
    staff: tuple[StaffQuota, ...] = ()

    __pydantic_config__: ClassVar = FORBID_UNKNOWN_KEYS

    @property
    def title(self) -> str:
        return self.name or self.label


@dataclass(frozen=True, slots=True)
class Zone:
    """An area of the hall. `no` is the plan's number, None where the plan gives none."""

    code: str
    no: int | None
    name: str
    kind: ZoneKind
    groups: tuple[WindowGroup, ...]
    lead: str | None = None
    responsible: tuple[str, ...] = ()
    business: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    stated_total: int | None = None
    business_item_count: int | None = None

    __pydantic_config__: ClassVar = FORBID_UNKNOWN_KEYS

    @property
    def window_total(self) -> int | None:
        """Sum of the stated counts; None when no group of the zone has one."""
        return sum_stated(group.count for group in self.groups)


@dataclass(frozen=True, slots=True)
class Window:
    """One counter. `stated`: its number is covered by the plan, else it exists for the demo layout only."""

    id: str
    no: int
    zone_code: str
    group_code: str
    kind: WindowKind
    title: str
    series: tuple[str, ...]
    roles: frozenset[WindowRole]
    stated: bool

    @property
    def layout_note(self) -> str:
        """演示布局 for a window that the plan does not count, else empty."""
        return "" if self.stated else DEMO_LAYOUT_TEXT


@dataclass(frozen=True, slots=True)
class Department:
    """A unit with a desk. `covers`: the catalogue's department names it answers for.

    `from_plan` False: the plan does not name it, the demo needs its desk. `to_be_named`: a place holder.
    """

    name: str
    kind: DepartmentKind
    desk_at: DeskAt
    covers: tuple[str, ...] = ()
    from_plan: bool = True
    to_be_named: bool = False

    __pydantic_config__: ClassVar = FORBID_UNKNOWN_KEYS


@dataclass(frozen=True, slots=True)
class SelfServiceArea:
    code: str
    name: str
    open_24h: bool
    functions: tuple[str, ...] = ()
    terminals: tuple[str, ...] = ()
    from_plan: bool = True

    __pydantic_config__: ClassVar = FORBID_UNKNOWN_KEYS


@dataclass(frozen=True, slots=True)
class Kiosk:
    """A ticket machine or 24h terminal with the series it counts in when the hall node is away."""

    code: str
    name: str
    area: str | None
    own_series: str

    __pydantic_config__: ClassVar = FORBID_UNKNOWN_KEYS


@dataclass(frozen=True, slots=True)
class Room:
    name: str
    count: int

    __pydantic_config__: ClassVar = FORBID_UNKNOWN_KEYS


@dataclass(frozen=True, slots=True)
class Milestone:
    """A date of the plan as the plan writes it: a day, a month, or 持续推进."""

    label: str
    due: str

    __pydantic_config__: ClassVar = FORBID_UNKNOWN_KEYS


@dataclass(frozen=True, slots=True)
class LowerLevel:
    """Window and staff ranges that the plan sets for towns and villages, verbatim."""

    level: str
    windows: str | None = None
    staff: str | None = None
    note: str | None = None

    __pydantic_config__: ClassVar = FORBID_UNKNOWN_KEYS


@dataclass(frozen=True, slots=True)
class Plan:
    """The official plan that the profile follows."""

    title: str
    issuer: str
    issued_on: date
    doc_no: str | None = None

    __pydantic_config__: ClassVar = FORBID_UNKNOWN_KEYS


@dataclass(frozen=True, slots=True)
class HallDay:
    """A day that this hall alone sets apart: a move, a power cut, a Saturday opening."""

    day: date
    kind: DayKind
    name: str

    __pydantic_config__: ClassVar = FORBID_UNKNOWN_KEYS


@dataclass(frozen=True, slots=True)
class HallProfile:
    """Everything about one hall that differs from other halls."""

    code: str
    name: str
    place: str
    division_code: str
    level: HallLevel
    intake_mode: IntakeMode
    plan: Plan
    mode_text: tuple[str, ...]
    platform: str
    calendar_region: str | None
    hours: OpeningHours
    zones: tuple[Zone, ...]
    departments: tuple[Department, ...]
    departments_stated: int | None = None
    calendar_days: tuple[HallDay, ...] = ()
    guide_desks: tuple[str, ...] = ()
    self_service: tuple[SelfServiceArea, ...] = ()
    kiosks: tuple[Kiosk, ...] = ()
    priority_groups: tuple[str, ...] = ()
    cross_region: tuple[str, ...] = ()
    rooms: tuple[Room, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    lower_levels: tuple[LowerLevel, ...] = ()
    not_in_plan: tuple[str, ...] = ()
    demo_layout: bool = True
    address: str = ""
    phone: str = ""
    """What papers say of where the hall is and whom to call; empty while the hall has not told."""
    windows: tuple[Window, ...] = ()
    live: bool = False
    """The hall works with real people: no program opens with it while catalogue.publish has a reason against it."""

    __pydantic_config__: ClassVar = FORBID_UNKNOWN_KEYS

    @property
    def windows_total(self) -> int | None:
        """Windows that the plan states; None when it states none at all. Groups without a number do not
        count.
        """
        return sum_stated(group.count for _, group in self.groups())

    def groups(self) -> Iterator[tuple[Zone, WindowGroup]]:
        return ((zone, group) for zone in self.zones for group in zone.groups)

    def zone(self, code: str) -> Zone:
        """Raises KeyError for a code that the hall does not have."""
        found = next((z for z in self.zones if z.code == code), None)
        if found is None:
            raise KeyError(code)
        return found

    def group(self, code: str) -> WindowGroup:
        """Raises KeyError for a code that the hall does not have."""
        found = next((g for _, g in self.groups() if g.code == code), None)
        if found is None:
            raise KeyError(code)
        return found

    def window(self, window_id: str) -> Window:
        """Raises KeyError for an id that the hall does not have."""
        found = next((w for w in self.windows if w.id == window_id), None)
        if found is None:
            raise KeyError(window_id)
        return found

    def department_for(self, catalogue_name: str) -> Department | None:
        """The hall's unit that answers for a department of the catalogue."""
        named = (d for d in self.departments if catalogue_name in d.covers or d.name == catalogue_name)
        return next(named, None)


def sum_stated(counts: Iterable[int | None]) -> int | None:
    """Sum of the numbers given; None when there is none."""
    stated = [count for count in counts if count is not None]
    return sum(stated) if stated else None
