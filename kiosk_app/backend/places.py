"""Where a matter is handled: queues as the kiosk offers them, matters with their queue, the pick-up place.

A kiosk's zone is a number series: a hall zone with several queues (户籍, 出入境 …) is offered queue by queue,
because a number must stand in exactly one line.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from hall.calendar.opening import Season
from hall.catalogue.hall_profile import HallProfile, Queue, WindowGroup, WindowKind
from hall.catalogue.hall_profile import Zone as HallZone
from hall.catalogue.model import Package, ServiceItem
from hall.catalogue.queues import Route, routes_for, series_of, windows_of_series
from hall.queueing.views import WindowRow
from hall.reference import Reference
from kiosk_app.ports import Matter, PickUpPlace, PriorityGroup, Refused, Zone

PACKAGE_PREFIX = "package:"
"""A package (一件事) as an item id, as at the counter: package:6."""
PRIORITY_KEYS = {
    "老年人": "elder",
    "军人": "soldier",
    "残疾人": "disabled",
    "孕妇": "pregnant",
    "应急救援人员": "rescue",
}
"""The plan's words to hall.queueing.model.Priority values; a group without one cannot be chosen here."""
_NOT_BY_KIOSK = (WindowKind.PENALTY, WindowKind.HOTLINE, WindowKind.TIDE)


@dataclass(frozen=True, slots=True)
class Place:
    """A queue with where it stands."""

    zone: HallZone
    group: WindowGroup
    queue: Queue
    windows: tuple[int, ...]

    @property
    def name(self) -> str:
        """The zone's name; with the queue's where the zone has several."""
        alone = sum(len(g.queues) for g in self.zone.groups) == 1
        return self.zone.name if alone else f"{self.zone.name}·{self.queue.name}"

    @property
    def hint(self) -> str:
        """公安事务专区·户籍 33—34号窗口; 无差别综合受理 97—99号窗口"""
        numbers = sorted(self.windows)
        if not numbers:
            return self.name
        run = f"{numbers[0]}—{numbers[-1]}" if len(numbers) > 1 else str(numbers[0])
        return f"{self.name.removesuffix('窗口')} {run}号窗口"


class Places:
    """Built once from the reference data, then only read."""

    def __init__(self, ref: Reference) -> None:
        self._ref = ref
        self._matters: dict[str, Matter] = {}
        for item in ref.catalogue.items:
            found = self._item_matter(item)
            if found is not None:
                self._matters[found.item_id] = found
        for package in ref.catalogue.packages:
            offered = self._package_matter(package)
            if offered is not None:
                self._matters[offered.item_id] = offered

    @property
    def profile(self) -> HallProfile:
        return self._ref.profile

    def place(self, series: str) -> Place:
        """Raises Refused for a series that the hall does not have."""
        found = series_of(self.profile).get(series)
        if found is None:
            raise Refused("这个专区现在不能取号，请到咨询台询问。")
        zone, group, queue = found
        numbers = tuple(w.no for w in windows_of_series(self.profile, series))
        return Place(zone, group, queue, numbers)

    def zones(self, waiting: dict[str, int] | None, windows: Iterable[WindowRow]) -> tuple[Zone, ...]:
        """Queues that have a window. `waiting` None: the node is away, so nothing is known."""
        found = []
        at = tuple(windows)
        for series, (_, group, _) in series_of(self.profile).items():
            place = self.place(series)
            if group.kind in _NOT_BY_KIOSK or not place.windows:
                continue
            opened = sum(1 for w in at if w.state == "open" and series in w.queues)
            if waiting is None:
                found.append(Zone(series, place.name))
                continue
            people = waiting.get(series, 0)
            # nobody waits where nobody serves: that is no "现在不用等"
            known = people if people or opened else None
            found.append(Zone(series, place.name, known, open_windows=opened))
        return tuple(found)

    def matters(self, series: str = "") -> tuple[Matter, ...]:
        """Packages first, then what has a guide, then the rest; by name."""
        rows = [m for m in self._matters.values() if not series or m.zone_no == series]
        return tuple(sorted(rows, key=lambda m: (self._rank(m.item_id), m.name)))

    def matter(self, item_id: str) -> Matter:
        """Also what is handled elsewhere. Raises Refused for an unknown id."""
        known = self._matters.get(item_id)
        if known is not None:
            return known
        item = self._ref.catalogue.by_id.get(item_id)
        if item is None:
            raise Refused("没有找到这个事项，请按「返回」重新选择。")
        where = f"不在本大厅办理，请咨询{self._ref.unit_name(item.department)}"
        return Matter(item.id, item.name, "", "", item.sample, where)

    def knows(self, item_id: str) -> bool:
        return item_id in self._matters

    def package(self, item_id: str) -> Package | None:
        if not item_id.startswith(PACKAGE_PREFIX):
            return None
        no = item_id.removeprefix(PACKAGE_PREFIX)
        return next((p for p in self._ref.catalogue.packages if str(p.no) == no), None)

    def priority_groups(self) -> tuple[PriorityGroup, ...]:
        """The hall's own list (S1 L60)."""
        named = ((PRIORITY_KEYS.get(text), text) for text in self.profile.priority_groups)
        return tuple(PriorityGroup(key, text) for key, text in named if key is not None)

    def pick_up(self, season: Season) -> PickUpPlace:
        """Delivery windows by their plan's name; everything else at the comprehensive windows."""
        handing = [p for p in self._every() if p.group.kind is WindowKind.DELIVERY]
        general = self._general()
        first = (general or handing)[0]
        where = [f"{p.queue.name}：{p.hint}" for p in handing if p is not first]
        if first.zone.name not in first.hint or not where:
            where.insert(0, first.zone.name)
        return PickUpPlace(
            window_text=first.hint,
            where_text="；".join(dict.fromkeys(where)),
            hours_text="工作日 " + "，".join(r.text for r in season.ranges),
            bring=("居民身份证原件", "受理通知书或收件凭证", "代他人领取的，另带授权委托书"),
        )

    def for_corrections(self) -> Place:
        """Any comprehensive window takes papers for an earlier case. Raises Refused."""
        for p in self._general():
            return p
        raise Refused("补正材料请直接交到窗口，或到咨询台询问。")

    def _general(self) -> list[Place]:
        """The comprehensive windows; in a hall without them its first window that takes cases in."""
        return [p for p in self._every() if p.group.serves_all_others] or [
            p for p in self._every() if p.group.kind is WindowKind.INTAKE
        ][:1]

    def _every(self) -> list[Place]:
        return [p for p in map(self.place, series_of(self.profile)) if p.windows]

    def _rank(self, item_id: str) -> int:
        if item_id.startswith(PACKAGE_PREFIX):
            return 0
        return 1 if self._ref.catalogue.by_id[item_id].guide is not None else 2

    def _item_matter(self, item: ServiceItem) -> Matter | None:
        routes = routes_for(self.profile, item)
        if not routes or routes[0].group.kind in _NOT_BY_KIOSK:
            return None
        series = routes[0].queue.series
        place = self.place(series).name
        return Matter(item.id, item.name, series, place, item.sample, initials=item.initials)

    def _package_matter(self, package: Package) -> Matter | None:
        """Where every child has a guide: only such a package can be taken in as one."""
        by_id = self._ref.catalogue.by_id
        ids = tuple(package.item_ids())
        if not all(i in by_id and by_id[i].guide is not None for i in ids):
            return None
        series = self._package_series(package)
        if series is None:
            return None
        name = package.name if package.name.endswith("一件事") else f"{package.name}一件事"
        sample = any(by_id[i].sample for i in ids)
        place, initials = self.place(series).name, package.initials
        return Matter(f"{PACKAGE_PREFIX}{package.no}", name, series, place, sample, initials=initials)

    def _package_series(self, package: Package) -> str | None:
        """Comprehensive windows take packages in; a hall without them sends to the first child's."""
        for p in self._every():
            if p.group.serves_all_others:
                return p.queue.series
        routes: tuple[Route, ...] = ()
        for item_id in package.item_ids():
            routes = routes or routes_for(self.profile, self._ref.catalogue.by_id[item_id])
        return routes[0].queue.series if routes else None
