"""Writes invented staff and authorisations for the demo of each hall: python -m tools.make_demo_people

Every person and every letter is marked demo; a hall that goes live replaces the file.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hall.catalogue.hall_profile import HallProfile, Window
from hall.catalogue.loading import HALL_CODES, load_hall_catalogue, resources_dir

Data = dict[str, Any]
SURNAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹"
GIVEN = ("示一", "示兰", "小例", "试安", "例文", "示明", "试宁", "例嘉", "示远", "试佳", "例平", "示清")
XINJIANG = ("艾力·示例", "古丽·试用", "买买提·示范", "阿依古丽·示例", "吐尔逊·试用", "热依汗·示范")
VALID_FROM = "2026-01-01"
# powers that the demo's letters grant; 和硕's form grants ACCEPT only, 昭化's names all four
POWERS = {
    "changji": ["ACCEPT", "HANDLE", "ISSUE"],
    "zhaohua": ["ACCEPT", "HANDLE", "ISSUE", "SEAL"],
    "kashi": ["ACCEPT", "ISSUE"],
    "heshuo": ["ACCEPT"],
    "wushen": ["ACCEPT", "ISSUE"],
}
COUNTER_ROLES = {"cashier": ["cashier"], "delivery": ["delivery"]}


class _People:
    """Hands out invented names in a fixed order."""

    def __init__(self, profile: HallProfile) -> None:
        self.rows: list[Data] = []
        self.profile = profile

    def add(self, unit: str, roles: list[str], zones: list[str], **more: Any) -> str:
        n = len(self.rows)
        name = SURNAMES[n % len(SURNAMES)] + GIVEN[(n // len(SURNAMES) + n) % len(GIVEN)]
        if self.profile.calendar_region == "65" and n % 7 == 3:
            name = XINJIANG[(n // 7) % len(XINJIANG)]
        person = {
            "id": f"{self.profile.code}-s{n + 1:03d}",
            "name": name,
            "employee_no": f"{self.profile.division_code}{n + 1:03d}",
            "home_unit": unit,
            "roles": roles,
            "certificates": [{"zone_code": zone, "valid_from": VALID_FROM} for zone in zones],
            "demo": True,
        }
        self.rows.append(person | more)
        return str(person["id"])


def staff(profile: HallProfile, departments: list[str]) -> list[Data]:
    """An A clerk for every window, a B for every zone, the hall's own people, and each department's desk."""
    people = _People(profile)
    centre = profile.name
    first_of_zone: dict[str, str] = {}
    for window in profile.windows:
        roles = _roles(window)
        zones = [window.zone_code]
        if window.kind.value == "tide":
            zones = [zone.code for zone in profile.zones]
        made = people.add(centre, roles, zones)
        first_of_zone.setdefault(window.zone_code, made)
    for zone, first in first_of_zone.items():
        people.add(centre, ["clerk"], [zone], post="B", stands_in_for=first)
    for role, zones in (
        ("guide", []),
        ("guide", []),
        ("zone_manager", [zone.code for zone in profile.zones]),
        ("hall_manager", []),
        ("supervisor", []),
        ("it", []),
    ):
        people.add(centre, [role], zones)
    for department in departments:
        unit = profile.department_for(department)
        name = unit.name if unit else department
        for role in ("reviewer", "approver", "chief_rep"):
            people.add(name, [role], [], department=department)
    return people.rows


def letters(profile: HallProfile, departments: list[str]) -> list[Data]:
    """One department-wide letter each, to every window of the hall."""
    rows = []
    for number, department in enumerate(departments, start=1):
        unit = profile.department_for(department)
        powers = POWERS[profile.code]
        rows.append(
            {
                "id": f"{profile.code}-a{number:02d}",
                "letter_no": f"演示授权〔2026〕第{number}号",
                "department": department,
                "granter": unit.name if unit else department,
                "form": "现场审批服务授权书" if powers == ["ACCEPT"] else "综合窗口授权委托书",
                "powers": powers,
                "valid_from": VALID_FROM,
                "valid_to": "2027-12-31",
                "published_on": VALID_FROM,
                "signer": "（演示）",
                "demo": True,
            }
        )
    return rows


def _roles(window: Window) -> list[str]:
    return COUNTER_ROLES.get(window.kind.value, ["clerk", "delivery"])


def main() -> None:
    resources: Path = resources_dir()
    for code in HALL_CODES:
        catalogue = load_hall_catalogue(resources, code)
        departments = sorted({item.department for item in catalogue.items})
        people: Data = {
            "hall": code,
            "demo": True,
            "staff": staff(catalogue.profile, departments),
            "authorisations": letters(catalogue.profile, departments),
        }
        path = resources / "halls" / "people" / f"{code}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(people, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        print(code, len(people["staff"]), len(people["authorisations"]))


if __name__ == "__main__":
    main()
