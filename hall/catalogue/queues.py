"""Which zone, windows and queues serve an item, and where to send somebody who stands at the wrong window."""

from __future__ import annotations

from dataclasses import dataclass

from hall.catalogue.hall_profile import HallProfile, Queue, Window, WindowGroup, WindowKind, Zone
from hall.catalogue.model import ItemType, ServiceItem

# kinds at which an application can be handed in; the others pay, hand out, look up or advise
_INTAKE_KINDS = frozenset(
    {WindowKind.INTAKE, WindowKind.DOMAIN, WindowKind.UNDIFF, WindowKind.SPECIAL, WindowKind.RESIDENT}
)


@dataclass(frozen=True, slots=True)
class Route:
    """One place that serves an item: the zone, its group, the series to take a number in, its windows."""

    zone: Zone
    group: WindowGroup
    queue: Queue
    windows: tuple[Window, ...]

    @property
    def hint(self) -> str:
        """Where to go, as kiosks and tickets print it."""
        numbers = ranges_text([window.no for window in self.windows])
        names = dict.fromkeys((self.zone.name, self.group.title))
        return " ".join((*names, numbers)).rstrip()


def routes_for(profile: HallProfile, item: ServiceItem) -> tuple[Route, ...]:
    """Places that take the item in, the most special first; empty when the hall does not offer it (or has no
    window for it yet).

    A group that names the item wins over groups of its department, these over 无差别 windows. A penalty
    matter (item type 02) goes to penalty windows only, and nothing else goes there.
    """
    if item.halls is not None and profile.code not in item.halls:
        return ()
    routes = (_route(profile, zone, group, item) for zone, group in _groups_for(profile, item))
    return tuple(route for route in routes if route.windows)


def _groups_for(profile: HallProfile, item: ServiceItem) -> list[tuple[Zone, WindowGroup]]:
    if item.item_type is ItemType.PENALTY:
        return [(z, g) for z, g in profile.groups() if g.kind is WindowKind.PENALTY]
    others = [(z, g) for z, g in profile.groups() if g.kind is not WindowKind.PENALTY]
    named = [(z, g) for z, g in others if item.id in g.serves_items]
    of_department = [
        (z, g) for z, g in others if g.kind in _INTAKE_KINDS and item.department in g.serves_departments
    ]
    return named or of_department or [(z, g) for z, g in others if g.serves_all_others]


def windows_for(profile: HallProfile, item: ServiceItem) -> tuple[Window, ...]:
    """Windows that take the item in; an item may stand in several groups."""
    found = {w.id: w for route in routes_for(profile, item) for w in route.windows}
    return tuple(sorted(found.values(), key=lambda w: w.no))


def serves(profile: HallProfile, window: Window, item: ServiceItem) -> bool:
    """Does this window take the item in?"""
    return any(found.id == window.id for found in windows_for(profile, item))


def pointer(profile: HallProfile, window: Window, item: ServiceItem) -> str | None:
    """None when the window serves the item, else the text that sends the person to the right place."""
    if serves(profile, window, item):
        return None
    routes = routes_for(profile, item)
    if not routes:
        return f"“{item.name}”不在本大厅办理，请咨询{item.department}"
    return f"“{item.name}”请到{routes[0].hint}办理"


def series_of(profile: HallProfile) -> dict[str, tuple[Zone, WindowGroup, Queue]]:
    """Every number series of the hall by its letters."""
    return {queue.series: (z, g, queue) for z, g in profile.groups() for queue in g.queues}


def windows_of_series(profile: HallProfile, series: str) -> tuple[Window, ...]:
    """Windows that call numbers of this series."""
    return tuple(window for window in profile.windows if series in window.series)


def _route(profile: HallProfile, zone: Zone, group: WindowGroup, item: ServiceItem) -> Route:
    named = [queue for queue in group.queues if queue.name in item.name or item.name in queue.name]
    queue = (named or list(group.queues))[0]
    windows = tuple(w for w in profile.windows if w.group_code == group.code)
    return Route(zone, group, queue, windows)


def ranges_text(numbers: list[int]) -> str:
    """1—3、7号窗口"""
    parts: list[str] = []
    start = 0
    for at in range(1, len(numbers) + 1):
        if at == len(numbers) or numbers[at] != numbers[at - 1] + 1:
            first, last = numbers[start], numbers[at - 1]
            parts.append(str(first) if first == last else f"{first}—{last}")
            start = at
    return "、".join(parts) + "号窗口" if parts else ""
