"""The windows of a hall by number, from its groups: made at loading, and when the hall manager opens more."""

from dataclasses import replace

from hall.catalogue.hall_profile import HallProfile, Window, WindowGroup, WindowRole, Zone


def lay_out_windows(code: str, zones: tuple[Zone, ...]) -> tuple[Window, ...]:
    """Windows numbered 1..N in the order of zones and groups; the same profile always gives the same
    numbers.
    """
    windows: list[Window] = []
    for zone in zones:
        for group in zone.groups:
            for place in range(group.count if group.count is not None else group.demo_count):
                windows.append(_window(code, zone, group, len(windows) + 1, place))
    return tuple(windows)


def with_windows_added(profile: HallProfile, group_code: str, n: int) -> HallProfile:
    """The profile after the hall manager opened `n` more windows in a group; old numbers stay as they are.

    Raises KeyError for an unknown group, ValueError for n < 1.
    """
    if n < 1:
        raise ValueError("at least one window must be added")
    old = profile.group(group_code)
    zone = next(z for z, g in profile.groups() if g.code == group_code)
    group = replace(old, count=(old.count or 0) + n)
    groups = tuple(group if g.code == group_code else g for g in zone.groups)
    zones = tuple(replace(z, groups=groups) if z.code == zone.code else z for z in profile.zones)
    already = sum(1 for w in profile.windows if w.group_code == group_code)
    first = max((w.no for w in profile.windows), default=0) + 1
    added = tuple(_window(profile.code, zone, group, first + i, already + i) for i in range(n))
    return replace(profile, zones=zones, windows=profile.windows + added)


def _window(code: str, zone: Zone, group: WindowGroup, no: int, place: int) -> Window:
    own_roles = group.window_roles[place] if place < len(group.window_roles) else frozenset[WindowRole]()
    return Window(
        id=f"{code}-w{no:03d}",
        no=no,
        zone_code=zone.code,
        group_code=group.code,
        kind=group.kind,
        title=group.title,
        series=(*(q.series for q in group.queues), *group.relieves),
        roles=group.roles | own_roles,
        stated=group.count is not None,
    )
