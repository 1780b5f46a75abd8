"""Summaries for the command line: plain dicts and lists that print as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hall.catalogue.hall_profile import HallProfile, WindowGroup
from hall.catalogue.model import Package


def hall_summary(profile: HallProfile) -> dict[str, Any]:
    """Zones, windows by kind and totals of a hall. A count is None where the plan gives no number."""
    by_kind: dict[str, int | None] = {}
    for _, group in profile.groups():
        old = by_kind.get(group.kind.value)
        by_kind[group.kind.value] = old if group.count is None else (old or 0) + group.count
    return {
        "code": profile.code,
        "name": profile.name,
        "place": profile.place,
        "division_code": profile.division_code,
        "level": profile.level.value,
        "intake_mode": profile.intake_mode.value,
        "plan": profile.plan.title,
        "zones": [
            {
                "no": zone.no,
                "code": zone.code,
                "name": zone.name,
                "kind": zone.kind.value,
                "lead": zone.lead,
                "windows": [_group(group) for group in zone.groups],
                "total": zone.window_total,
            }
            for zone in profile.zones
        ],
        "windows_by_kind": by_kind,
        "windows_total": profile.windows_total,
        "not_stated": [group.title for _, group in profile.groups() if group.count is None],
        "windows_in_demo": len(profile.windows),
        "demo_layout": profile.demo_layout,
        "departments": len(profile.departments),
        "departments_stated": profile.departments_stated,
        "guide_desks": list(profile.guide_desks),
        "self_service": [area.name for area in profile.self_service],
    }


def packages_summary(packages: Iterable[Package]) -> list[dict[str, Any]]:
    """Packages with their rows as the plan lists them; department is None in no row (blanks are resolved)."""
    return [
        {
            "no": package.no,
            "name": package.name,
            "lead": package.lead,
            "items": [{"no": row.no, "name": row.name, "department": row.department} for row in package.rows],
        }
        for package in packages
    ]


def _group(group: WindowGroup) -> dict[str, Any]:
    roles = group.roles.union(*group.window_roles) if group.window_roles else group.roles
    return {
        "code": group.code,
        "kind": group.kind.value,
        "label": group.title,
        "count": group.count,
        "roles": sorted(role.value for role in roles),
        "queues": [queue.series for queue in group.queues],
        "departments": list(group.departments),
    }
