"""Cases of a PC that is lost or away: entered anew here, or taken back at the node on a manager's order."""

import re
from dataclasses import dataclass
from datetime import date
from unicodedata import normalize
from uuid import UUID

from counter_app.backend.bench import Bench, refusing, text_id
from counter_app.backend.intake_desk import Intake
from counter_app.backend.managers import manager
from counter_app.take_in.ports import CaseView
from counter_app.values import CaseId
from hall.intake import reentry
from hall.journal.refusal import Refusal

SEIZE = "/v1/machines/seize"
_DATE = re.compile(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})\D?", re.ASCII)


@dataclass(frozen=True, slots=True)
class LostCases:
    """Implements LostCaseDesk."""

    bench: Bench
    intake: Intake

    @refusing
    def reenter(self, command_id: UUID, case_id: CaseId, old_no: str, old_date: str) -> CaseView:
        if self.intake.packages.knows(case_id):
            raise Refusal("package", "一件事套餐不能整件补录：请按单个事项各开一件，分别标补录。")
        number = "".join(normalize("NFKC", old_no).split())
        b = self.bench
        command = reentry.ReenterCase(text_id(command_id), case_id, number, _day(old_date), b.staff.id)
        b.handle(command, reentry.reenter_case)
        return self.intake.case(case_id)

    @refusing
    def take_back(self, command_id: UUID, case_no: str, staff_no: str, pin: str, reason: str) -> None:
        b = self.bench
        person = manager(b, staff_no, pin, "只有大厅管理人员可以收回办件。")
        number = "".join(normalize("NFKC", case_no).split())
        body = {"command_id": text_id(command_id), "case_no": number, "by": person.id, "reason": reason}
        b.up.call(SEIZE, body)


def _day(text: str) -> date:
    """「2026-03-02」, 「20260302」, 「2026年3月2日」. Raises Refusal."""
    found = _DATE.fullmatch("".join(normalize("NFKC", text).split()))
    try:
        if found is None:
            raise ValueError
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError as exc:
        raise Refusal("old_date", "请照凭证输入日期，例如 2026-03-02。") from exc
