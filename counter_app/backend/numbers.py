"""Document numbers at a window: drawn from the node; while it is away papers carry the case number."""

import json
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from counter_app.backend.bench import Bench, may_have_happened, text_id
from sync.child import ParentAway


@dataclass(frozen=True, slots=True)
class OrganCodes:
    """机关代字 by hall and department. Demo values; each organ approves its own."""

    hall: str
    departments: dict[str, str]

    @classmethod
    def load(cls, resources: Path, hall_code: str) -> "OrganCodes":
        data = json.loads((resources / "halls" / "organ_codes.json").read_text(encoding="utf-8"))
        return cls(data["halls"][hall_code], data["departments"])

    def code(self, department: str) -> str:
        """Hall's short word and the department's, e.g. 昌市人社; 审批 for who has none of its own."""
        return self.hall + self.departments.get(department, "审批")


@dataclass(frozen=True, slots=True)
class Numbers:
    """Draws document numbers."""

    bench: Bench
    codes: OrganCodes

    def draw(self, command_id: UUID, department: str, kind: str, case_no: str) -> str | None:
        """The number's text; None while the node is away. The same command id gives the same number.

        Raises ParentAway when the node may have drawn one: the repeated press gets it, and no number is lost.
        """
        body = {
            "command_id": text_id(command_id, "number"),
            "organ": self.codes.code(department),
            "kind": kind,
            "year": self.bench.day().year,
            "for_case": case_no,
            "actor": self.bench.staff.id,
        }
        try:
            return str(self.bench.up.call("/v1/papers/number", body)["text"])
        except ParentAway as exc:
            if may_have_happened(exc, self.bench.up):
                raise
            return None
