"""Who comes to the demo hall, for what, to which windows. Everybody is invented."""

import random
from dataclasses import dataclass

from hall.catalogue.hall_profile import Window
from hall.catalogue.model import CaseType, Package, ServiceItem
from hall.catalogue.queues import windows_for
from hall.identity.id_number import check_character
from hall.people.model import Role, Staff
from hall.people.powers import Power
from hall.reference import Reference
from yichuang.processes import ProcessFault

_NAMES = (
    "古丽娜尔·阿不都热依木",
    "王建国",
    "李秀英",
    "赵大勇",
    "马晓兰",
    "陈思远",
    "买买提·吐尔逊",
)
ELDER = 2
"""Place in _NAMES of the one who takes a number as 老年人."""


@dataclass(frozen=True, slots=True)
class Person:
    """An invented citizen with a valid-looking number."""

    name: str
    id_number: str
    phone: str

    def card(self) -> dict[str, str]:
        """For the ID reader's simulator."""
        return {"name": self.name, "id_number": self.id_number}


@dataclass(frozen=True, slots=True)
class Cast:
    """The plan of one demo."""

    window_a: Window
    window_b: Window
    clerk_a: Staff
    clerk_b: Staff
    manager: Staff
    """Of the hall: orders what only managers may."""
    slow: ServiceItem
    """承诺件, at window A; its desk at the county where the hall has one there."""
    quick: ServiceItem
    """即办件."""
    quick_window: Window
    package: Package
    package_window: Window
    people: tuple[Person, ...]
    may_decide: bool
    """The window holds HANDLE for the 即办件; else the department decides it."""
    may_hand_over: bool
    """Window B holds ISSUE for the 承诺件; else its result stays with the department (R19)."""


def plan_cast(ref: Reference, rng: random.Random) -> Cast:
    """Choose windows and items that the hall's own layout offers. Raises ProcessFault when it cannot."""
    best: tuple[int, Window, Window] | None = None
    # two windows of each group are enough to look at: the others take in the same
    some = [w for w in ref.profile.windows if _place_in_group(ref, w) < 2]
    menu = {w.no: _ready_items(ref, w) for w in some}
    windows = [w for w in some if menu[w.no]]
    package = next(p for p in ref.catalogue.packages if p.no == 7)
    lead = {w.no for w in _package_windows(ref, package)}
    for a in windows:
        for b in some:
            if a.no >= b.no and not (len(windows) == 1 and a.no != b.no):
                continue
            score = _score(ref, a, b, menu, lead)
            if best is None or score > best[0]:
                best = (score, a, b)
    if best is None:
        raise ProcessFault("the hall has no two windows for the demo")
    _, a, b = best
    both = [*menu[a.no], *menu[b.no]]
    slow = _pick(menu[a.no], ref, CaseType.COMMITTED) or _pick(both, ref, CaseType.COMMITTED)
    quick = _pick(both, ref, CaseType.IMMEDIATE)
    if slow is None or quick is None:
        raise ProcessFault("no 承诺件 or no 即办件 with a complete guide")
    at = b if any(i.id == quick.id for i in menu[b.no]) else a
    day = max(c.valid_from for s in ref.people.staff for c in s.certificates)
    quick_powers = ref.powers(at, quick, day)
    return Cast(
        window_a=a,
        window_b=b,
        clerk_a=_clerk(ref, a, ()),
        clerk_b=_clerk(ref, b, (_clerk(ref, a, ()).id,)),
        manager=next(s for s in ref.people.staff if Role.HALL_MANAGER in s.roles),
        slow=slow,
        quick=quick,
        quick_window=at,
        package=package,
        package_window=a if a.no in lead else b,
        people=tuple(
            _person(name, ref.profile.division_code, rng, (1945, 1955) if n == ELDER else (1960, 2003))
            for n, name in enumerate(_NAMES)
        ),
        may_decide=Power.HANDLE in quick_powers,
        may_hand_over=Power.ISSUE in ref.powers(b, slow, day),
    )


def _place_in_group(ref: Reference, window: Window) -> int:
    return [w.no for w in ref.profile.windows if w.group_code == window.group_code].index(window.no)


def _ready_items(ref: Reference, window: Window) -> list[ServiceItem]:
    return [i for i in ref.catalogue.items_at_window(window) if i.guide is not None]


def _package_windows(ref: Reference, package: Package) -> list[Window]:
    """Windows that take in what the lead owns of it."""
    found: list[Window] = []
    for item_id in package.item_ids():
        item = ref.catalogue.by_id[item_id]
        if item.department == package.lead_department:
            found += windows_for(ref.profile, item)
    return found


def _score(ref: Reference, a: Window, b: Window, menu: dict[int, list[ServiceItem]], lead: set[int]) -> int:
    """Prefer one shared queue, both kinds of items, the package, a county desk."""
    items_a, items_b = menu[a.no], menu[b.no]
    slow = _pick(items_a, ref, CaseType.COMMITTED)
    quick = _pick([*items_a, *items_b], ref, CaseType.IMMEDIATE)
    score = 0
    score += 8 if set(a.series) & set(b.series) else 0
    score += 16 if slow is not None else 0
    score += 16 if quick is not None else 0
    score += 8 if a.no in lead or b.no in lead else 0
    score += 2 if slow is not None and ref.desk(slow.department).endswith("@county") else 0
    return score


def _pick(items: list[ServiceItem], ref: Reference, kind: CaseType) -> ServiceItem | None:
    """The simplest item of that kind: no questions, few materials, a county desk first for 承诺件."""

    def weight(item: ServiceItem) -> tuple[int, int, int, str]:
        guide = item.guide
        county = 0 if ref.desk(item.department).endswith("@county") else 1
        questions = len(guide.questions) if guide else 9
        materials = len(guide.materials) if guide else 99
        return (questions, county if kind is CaseType.COMMITTED else 0, materials, item.id)

    fitting = [i for i in items if i.case_type is kind]
    return min(fitting, key=weight) if fitting else None


def _clerk(ref: Reference, window: Window, but: tuple[str, ...]) -> Staff:
    for s in ref.people.staff:
        held = [c for c in s.certificates if c.zone_code == window.zone_code]
        if Role.CLERK in s.roles and held and s.active and s.stands_in_for is None and s.id not in but:
            return s
    raise ProcessFault(f"nobody may open window {window.no}")


def _person(name: str, division: str, rng: random.Random, born: tuple[int, int]) -> Person:
    """A number of the hall's own division, an invented day, a right check digit."""
    digits = f"{division}{rng.randint(*born)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}"
    body = f"{digits}{rng.randint(1, 999):03d}"
    return Person(name, body + check_character(body), f"139{rng.randint(0, 99_999_999):08d}")
