"""Document numbers at a window: drawn from the node; while it is away papers carry the case number."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from counter_app.backend.bench import Bench, may_have_happened
from hall.intake.packages import SERIES_WAIT
from hall.journal.ledger import Ledger
from hall.journal.refusal import Refusal
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
class Numbered:
    """Which paper of a case wants a number."""

    department: str
    kind: str
    """文种字, e.g. 受字."""
    case_no: str
    turn: int = 0
    """How many of this kind the case has had."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """Draws document numbers."""

    bench: Bench
    codes: OrganCodes

    def handle(
        self,
        command: Any,
        handler: Callable[[Ledger, Any], object],
        paper: Numbered,
        known: str | None = None,
    ) -> None:
        """Run a command whose `document_no` is still None, with a number: `known`, or one drawn for it.

        What the hall refuses it refuses before a number is drawn. Raises as `draw`, and Refusal, StoreFault.
        """
        if self.bench.store.rehearse(command, handler):
            number = known or self.draw(paper)
            self.bench.handle(replace(command, document_no=number), handler)

    def draw(self, paper: Numbered) -> str | None:
        """The number's text; None while the node is away, or waits to hear which numbers the former node gave. The
        same paper gets the same number, whoever presses however often: one that was drawn for an act that did not come
        about is its next try's.

        Raises ParentAway when the node may have drawn one: the repeated press gets it, and no number is lost.
        """
        year = self.bench.day().year
        asked = uuid5(NAMESPACE_OID, f"{paper.case_no}\n{paper.kind}\n{year}\n{paper.turn}")
        body = {
            "command_id": f"{asked}-number",
            "organ": self.codes.code(paper.department),
            "kind": paper.kind,
            "year": year,
            "for_case": paper.case_no,
            "actor": self.bench.staff.id,
        }
        try:
            return str(self.bench.up.call("/v1/papers/number", body)["text"])
        except ParentAway as exc:
            if may_have_happened(exc, self.bench.up):
                raise
            return None
        except Refusal as exc:
            if exc.code != SERIES_WAIT:
                raise
            return None
