"""The commands of what a window decides, one for each case: the same ones whether done or only foreseen."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from counter_app.backend.bench import Bench, text_id
from counter_app.backend.numbers import Numbered
from counter_app.outcome.ports import Act, Defect
from hall.delivery import handlers as delivery
from hall.intake import commands as cmd
from hall.intake import receiving
from hall.intake import views as intake
from hall.intake.events import DefectLine
from hall.intake.model import AcceptMode, CaseState
from hall.intake.views import CaseRow
from hall.journal.ledger import Ledger
from hall.journal.refusal import Refusal
from hall.review.commands import DecideCase

ACTED_ON = {
    Act.ACCEPT: CaseState.RECEIVED,
    Act.ACCEPT_TOLERANT: CaseState.RECEIVED,
    Act.CORRECT: CaseState.RECEIVED,
    Act.NOT_ACCEPT: CaseState.RECEIVED,
    Act.UNNEEDED: CaseState.RECEIVED,
    Act.GRANT: CaseState.ACCEPTED,
    Act.DENY: CaseState.ACCEPTED,
}
"""Where a case stands that the act is done to. 收件 is no decision: it is not here."""
PAPER_KINDS = {
    Act.ACCEPT: "accepted",
    Act.ACCEPT_TOLERANT: "accepted",
    Act.CORRECT: "correction",
    Act.NOT_ACCEPT: "not_accepted",
    Act.UNNEEDED: "unneeded",
    Act.GRANT: "granted",
    Act.DENY: "denied",
}
_ORGAN = re.compile(
    r"(?:请|应|可|应当)向([^，。；：\s]{2,60}?)(?:另行)?(?:提出|提交|递交)?(?:申请|申办|办理|(?=[，。；\s]|$))"
)


@dataclass(frozen=True, slots=True)
class WindowAct:
    """One act as the clerk asked for it. `text`: the reason, for acts that need one."""

    act: Act
    text: str = ""
    defects: tuple[Defect, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """The act on one case. The command's `document_no` is still None."""

    command: Any
    handler: Callable[[Ledger, Any], object]
    numbered: Numbered


def step(b: Bench, asked: WindowAct, command_id: UUID, n: int, row: CaseRow) -> Step:
    """`n`: the place of the case in its package. Raises Refusal."""
    makers = {
        Act.ACCEPT: _accept,
        Act.ACCEPT_TOLERANT: _accept,
        Act.CORRECT: _correct,
        Act.NOT_ACCEPT: _refuse,
        Act.UNNEEDED: _refuse,
        Act.GRANT: _decide,
        Act.DENY: _decide,
    }
    return makers[asked.act](b, asked, text_id(command_id, str(n)), row)


def _accept(b: Bench, asked: WindowAct, command_id: str, row: CaseRow) -> Step:
    mode = AcceptMode.TOLERANT if asked.act is Act.ACCEPT_TOLERANT else AcceptMode.NORMAL
    command = cmd.AcceptCase(command_id, row.id, mode, b.window.no, b.staff.id, b.day(), None)
    handler = partial(receiving.accept_case, rules=b.ref.rules)
    return Step(command, handler, Numbered(row.department, "受字", row.case_no))


def _correct(b: Bench, asked: WindowAct, command_id: str, row: CaseRow) -> Step:
    with b.store.read() as conn:
        # a clerk names a material as the list does, the fact by its id
        ids = {m.facts.name: m.id for m in intake.materials(conn, row.id)}
    command = cmd.IssueCorrection(
        command_id=command_id, case=row.id,
        defects=tuple(DefectLine(ids.get(d.material, d.material), d.text) for d in asked.defects),
        window=b.window.no, staff=b.staff.id, business_day=b.day(), document_no=None,
    )  # fmt: skip
    handler = partial(receiving.issue_correction, rules=b.ref.rules)
    return Step(command, handler, Numbered(row.department, "补字", row.case_no, row.rounds))


def _refuse(b: Bench, asked: WindowAct, command_id: str, row: CaseRow) -> Step:
    unneeded = asked.act is Act.UNNEEDED
    organ = "" if unneeded else _organ_in(asked.text)
    if not unneeded and asked.text.strip() and not organ:
        raise Refusal(
            "organ_missing",
            "请在理由中写明申请人应向哪个机关申请，例如“请向昌吉市公安局申请”。机关名称最多 60 个字。",
        )
    command = cmd.RefuseCase(
        command_id=command_id, case=row.id, unneeded=unneeded, reason=asked.text,
        competent_organ=organ or None, window=b.window.no, staff=b.staff.id, business_day=b.day(),
        document_no=None,
    )  # fmt: skip
    handler = partial(receiving.refuse_case, rules=b.ref.rules)
    return Step(command, handler, Numbered(row.department, "不受字", row.case_no))


def _decide(b: Bench, asked: WindowAct, command_id: str, row: CaseRow) -> Step:
    command = DecideCase(
        command_id=command_id, case=row.id, granted=asked.act is Act.GRANT, reason=asked.text,
        officer=b.staff.id, business_day=b.day(), document_no=None, result_name=row.item.result_name,
        valid_to=None, delivery=f"{command_id}-delivery", window=b.window.no,
    )  # fmt: skip
    handler = partial(delivery.decide, rules=b.ref.rules)
    return Step(command, handler, Numbered(row.department, "决字", row.case_no))


def _organ_in(reason: str) -> str:
    """「…，请向×××申请」: the organ that the clerk named; empty where none can be told apart."""
    found = _ORGAN.search(reason)
    return found[1] if found else ""
