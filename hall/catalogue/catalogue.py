"""The catalogue of one hall as one value: items, packages, and where and how to find them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hall.catalogue.hall_profile import HallProfile, Window
from hall.catalogue.model import Package, ServiceItem
from hall.catalogue.queues import Route, routes_for, windows_for

MOST_RESULTS = 50
_LONGEST_QUERY = 100


@dataclass(frozen=True, slots=True)
class HallCatalogue:
    """Items that this hall takes in and the packages. Built once by the loader, then only read.

    `items`: what some window of the hall takes in. `by_id` knows every item: a package may have a child that
    no window of this hall takes in by itself.
    """

    profile: HallProfile
    items: tuple[ServiceItem, ...]
    packages: tuple[Package, ...]
    by_id: Mapping[str, ServiceItem]

    def item(self, item_id: str) -> ServiceItem:
        """Raises KeyError for an id that is not in the catalogue."""
        return self.by_id[item_id]

    def package(self, no: int) -> Package:
        """Raises KeyError for a number that is not in the list."""
        found = next((p for p in self.packages if p.no == no), None)
        if found is None:
            raise KeyError(no)
        return found

    def routes(self, item_id: str) -> tuple[Route, ...]:
        """Zones, groups and queues that take the item in; see queues.routes_for."""
        return routes_for(self.profile, self.item(item_id))

    def items_in_zone(self, zone_code: str) -> tuple[ServiceItem, ...]:
        """Items that some group of the zone takes in."""
        return tuple(i for i in self.items if any(r.zone.code == zone_code for r in self.routes(i.id)))

    def items_of_queue(self, series: str) -> tuple[ServiceItem, ...]:
        """Items whose number is taken in this series."""
        return tuple(i for i in self.items if any(r.queue.series == series for r in self.routes(i.id)))

    def items_at_window(self, window: Window) -> tuple[ServiceItem, ...]:
        return tuple(i for i in self.items if window in windows_for(self.profile, i))

    def items_of_department(self, department: str) -> tuple[ServiceItem, ...]:
        return tuple(i for i in self.items if i.department == department)

    def search(self, text: str, most: int = MOST_RESULTS) -> tuple[ServiceItem, ...]:
        """Items whose name or department contains `text`, or whose pinyin or initials do; the nearest first.

        Any substring of any length counts; brackets of either width are the same. Empty text finds nothing.
        """
        query = _folded(text[:_LONGEST_QUERY])
        if not query:
            return ()
        ranked = sorted(
            ((rank, len(item.name), item.name, item) for item in self.items if (rank := _rank(item, query))),
            key=lambda row: row[:3],
        )
        return tuple(row[3] for row in ranked[:most])


def _rank(item: ServiceItem, query: str) -> int:
    """1 is nearest, 0 is not found."""
    name = _folded(item.name)
    if name.startswith(query):
        return 1
    if query in name:
        return 2
    if item.initials.startswith(query):
        return 3
    if query in item.initials:
        return 4
    if query in item.pinyin:
        return 5
    return 6 if query in _folded(item.department) else 0


def _folded(text: str) -> str:
    """Lower case, no spaces, half-width brackets: what people type and what plans print differ in these."""
    return "".join(text.split()).lower().replace("（", "(").replace("）", ")")
