"""The halls that this machine serves: one at a node, all of a county at its centre. Read once at start."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from hall.catalogue.hall_profile import HallProfile
from hall.catalogue.loading import load_calendar, load_profile, load_profiles
from hall.intake.authority import Grant, Rules
from hall.intake.views import CaseRow
from hall.journal.refusal import Refusal


class OnlyTheOrgan:
    """Authority at a department's desk: the organ acts itself, and no window acts here."""

    def covers(self, *, window: int | None, item: str, department: str, power: str, day: date) -> Grant:
        raise Refusal("no_power", "这里是部门办理台，窗口授权事项请在窗口办理。")


@dataclass(frozen=True, slots=True)
class HallRules:
    """What a desk judges a case of one hall by."""

    profile: HallProfile
    rules: Rules
    short: str
    """First part of the organ code (机关代字) in this hall."""


@dataclass(frozen=True, slots=True)
class Halls:
    """Looked up by the division that begins a case number."""

    by_division: dict[str, HallRules]
    organ_codes: dict[str, str]

    def of(self, row: CaseRow) -> HallRules:
        """Raises Refusal for a case of a hall that this machine does not know."""
        found = self.by_division.get(row.case_no[:6])
        if found is None:
            raise Refusal("unknown_hall", "这个办件来自本机没有登记的大厅，请联系信息科。")
        return found

    def organ_code(self, row: CaseRow) -> str:
        """Hall's short word and the department's; 审批 for a department that has none of its own."""
        return self.of(row).short + self.organ_codes.get(row.department, "审批")

    @property
    def only(self) -> HallRules | None:
        """The hall of a node; None at a centre."""
        return next(iter(self.by_division.values())) if len(self.by_division) == 1 else None


def load_halls(resources: Path, hall: str) -> Halls:
    """`hall` is a hall's code, or "county" for all. Raises CatalogueFileError, CalendarFileError."""
    folder = resources / "halls"
    profiles = load_profiles(resources) if hall == "county" else (load_profile(folder / f"{hall}.json"),)
    codes = json.loads((folder / "organ_codes.json").read_text(encoding="utf-8"))
    authority = OnlyTheOrgan()
    return Halls(
        {
            p.division_code: HallRules(
                p, Rules(authority, load_calendar(resources, p)), codes["halls"].get(p.code, "")
            )
            for p in profiles
        },
        dict(codes["departments"]),
    )
