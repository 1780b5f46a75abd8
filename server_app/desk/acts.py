"""What an officer does with a case: every form of the case page as one command. Blocking; any thread.

The command's id follows from officer, case, act and the form that was rendered: a form that is sent twice has
one effect. A document number is drawn in the same commit as the act that it is for, so none is lost.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from hall.delivery import handlers as delivery
from hall.intake import commands as intake_cmd
from hall.intake import packages, receiving
from hall.intake import views as intake
from hall.intake.events import DefectLine
from hall.intake.number_events import NumberDrawn
from hall.intake.packages import draw_number
from hall.intake.views import CaseRow
from hall.journal.facts import DossierOffered
from hall.journal.ledger import Ledger
from hall.journal.refusal import Refusal
from hall.journal.store import Store
from hall.journal.typed_text import OPINION, visible
from hall.papers.numbering import NumberingRefused
from hall.people.permissions import Action
from hall.review import commands as cmd
from hall.review import handlers as review
from server_app.accounts.officer import Officer
from server_app.halls import Halls
from server_app.reactors.errands import take_in

_FORM_ID = re.compile(r"[0-9a-f-]{36}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
Fields = Mapping[str, str]
Want = Callable[[str, str, str], bool]
"""Ask for a dossier that lies below (sync.parent)."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What the acts work with."""

    store: Store
    halls: Halls
    want: Want
    today: Callable[[], date]
    home: Callable[[CaseRow], str | None]
    """At the centre: the hall node that a case came from. None: not known, or this is a node."""


@dataclass(frozen=True, slots=True)
class Press:
    """One press of one button."""

    desk: Desk
    officer: Officer
    row: CaseRow
    fields: Fields
    command_id: str
    day: date

    def text(self, name: str, most: int = OPINION.most) -> str:
        words = visible(self.fields.get(name, ""), lines=True).strip()
        if len(words) > most:
            raise Refusal("too_long", f"填写的内容过长，请控制在{most}字以内。")
        return words

    def whole(self, name: str, what: str) -> int:
        words = self.text(name, 6)
        if not (words.isascii() and words.isdigit()):
            raise Refusal("not_a_number", f"请填写{what}（数字）。")
        return int(words)

    def day_or_none(self, name: str) -> date | None:
        words = self.text(name, 10)
        if not words:
            return None
        try:
            if not _DAY.fullmatch(words):
                raise ValueError(words)
            return date.fromisoformat(words)
        except ValueError as exc:
            raise Refusal("not_a_date", "日期应写成 年-月-日，如 2028-12-31。") from exc


@dataclass(frozen=True, slots=True)
class Act:
    """A button: who may press it, what the page says afterwards, and what it does."""

    name: str
    action: Action
    done: str
    press: Callable[[Press], str | None]
    """Returns the words for the page when they differ from `done`."""


def perform(desk: Desk, officer: Officer, case: str, name: str, fields: Fields) -> str:
    """Do it. Returns what to tell the officer. Raises Refusal (also for what is not theirs), StoreFault."""
    act = ACTS.get(name)
    with desk.store.read() as conn:
        row = intake.case_by_id(conn, case)
    if act is None or row is None or not officer.may_see(row.desk):
        raise Refusal("unknown_case", "没有这个办件，或不属于您的部门。")
    if not officer.may(act.action, row.desk):
        raise Refusal("not_allowed", "您的岗位不能做这一步，请交有权限的同事办理。")
    form_id = fields.get("form_id", "")
    if not _FORM_ID.fullmatch(form_id):
        raise Refusal("form_broken", "页面已过期，请重新打开后再提交。")
    command_id = str(uuid5(NAMESPACE_OID, f"{officer.id}\n{case}\n{name}\n{form_id}"))
    return act.press(Press(desk, officer, row, fields, command_id, desk.today())) or act.done


def _take(p: Press) -> str | None:
    store, row = p.desk.store, p.row
    if row.owner == store.identity.node_id:
        # the same name as when a case that was asked for has come: pressed twice, taken once
        command = cmd.TakeCase(f"take-{p.command_id}", row.id, row.desk, p.officer.id)
        store.handle(command, review.take_case)
        return None
    if store.identity.role != "county":
        raise Refusal("on_its_way", "办件还在送来的路上，稍候自动到达，到达后再接件。")
    if row.offered_to is None or row.offered_to == "hall":
        raise Refusal("not_offered", "大厅还没有交出这个办件，请稍后再试。")
    p.desk.want(p.command_id, row.id, p.officer.id)
    return ASKED


ASKED = "已向大厅要件，到达后自动接件。"


def _precheck_pass(p: Press) -> None:
    command = intake_cmd.PassPrecheck(p.command_id, p.row.id, p.officer.id, p.text("precheck_note"))
    p.desk.store.handle(command, receiving.pass_precheck)


def _defects(p: Press) -> tuple[DefectLine, ...]:
    with p.desk.store.read() as conn:
        known = [m.id for m in intake.materials(conn, p.row.id)]
    lines = [DefectLine(m, p.text(f"defect-{m}", 500)) for m in known]
    other = p.text("defect-other", 500)
    return (*(line for line in lines if line.text), *((DefectLine("other", other),) if other else ()))


def _opinion(p: Press) -> None:
    command = intake_cmd.GiveOpinion(p.command_id, p.row.id, _defects(p), p.officer.id)
    p.desk.store.handle(command, packages.give_opinion)


def _close_round(p: Press) -> None:
    package = p.row.package
    if package is None:
        raise Refusal("no_package", "这个办件不属于套餐。")
    command = intake_cmd.ClosePackageRound(p.command_id, package, p.officer.id, None, p.day)
    _numbered(p, command, "补字", packages.close_round)


def _correct(p: Press) -> None:
    command = intake_cmd.IssueCorrection(
        command_id=p.command_id, case=p.row.id, defects=_defects(p), window=None, staff=p.officer.id,
        business_day=p.day, document_no=None, as_department=True,
    )  # fmt: skip
    rules = p.desk.halls.of(p.row).rules
    _numbered(p, command, "补字", _then_home(partial(receiving.issue_correction, rules=rules)))


def _refuse(p: Press) -> None:
    command = intake_cmd.RefuseCase(
        command_id=p.command_id, case=p.row.id, unneeded=False, reason=p.text("refuse_reason"),
        competent_organ=p.text("competent_organ", 200), window=None, staff=p.officer.id,
        business_day=p.day, document_no=None, as_department=True,
    )  # fmt: skip
    rules = p.desk.halls.of(p.row).rules
    _numbered(p, command, "不受字", _then_home(partial(receiving.refuse_case, rules=rules)))


def _step(p: Press) -> None:
    opinion = p.text("opinion")
    if not opinion:
        raise Refusal("opinion_missing", "请填写审查意见。")
    command = cmd.RecordStep(p.command_id, p.row.id, p.officer.id, "审查", "other", opinion)
    p.desk.store.handle(command, review.record_step)


def _special_start(p: Press) -> None:
    command = cmd.StartSpecial(
        p.command_id, p.row.id, p.officer.id, p.text("special_kind", 40), p.text("special_reason"),
        p.whole("special_days", "所需工作日"), p.day, None,
    )  # fmt: skip
    _numbered(p, command, "特字", review.start_special)


def _special_end(p: Press) -> None:
    result = p.text("special_result")
    if not result:
        raise Refusal("result_missing", "请填写特别程序的结果。")
    command = cmd.EndSpecial(p.command_id, p.row.id, p.officer.id, result, p.day)
    p.desk.store.handle(command, review.end_special)


_MOST_HEAD = 60
MOST_EXTEND_REASON = OPINION.most - _MOST_HEAD - len("（机关负责人批准）")
"""What is left of the reason's room when the approving head is named behind it. The page's field says the same."""


def _extend(p: Press) -> None:
    reason, head = p.text("extend_reason", MOST_EXTEND_REASON), p.text("extend_head", _MOST_HEAD)
    if not reason or not head:
        raise Refusal("reason_missing", "延期须经机关负责人批准，请写明批准人和理由，要告知申请人。")
    command = cmd.ExtendLimit(
        p.command_id, p.row.id, p.officer.id, p.whole("extend_days", "延长的工作日"),
        f"{reason}（机关负责人{head}批准）", p.day, None,
    )  # fmt: skip
    rules = p.desk.halls.of(p.row).rules
    _numbered(p, command, "延字", partial(review.extend_limit, rules=rules))


def _decide(p: Press, *, granted: bool) -> None:
    valid_to = p.day_or_none("valid_to") if granted else None
    if valid_to is not None and valid_to <= p.day:
        raise Refusal("valid_to", "有效期应晚于今天。")
    reason = p.text("grant_note" if granted else "deny_reason")
    if not granted and not reason:
        raise Refusal("reason_missing", "不予许可必须说明理由，并告知复议、诉讼的权利。")
    command = cmd.DecideCase(
        command_id=p.command_id, case=p.row.id, granted=granted, reason=reason, officer=p.officer.id,
        business_day=p.day, document_no=None, result_name=p.row.item.result_name, valid_to=valid_to,
        delivery=f"delivery-{p.command_id}",
    )  # fmt: skip
    rules, home = p.desk.halls.of(p.row).rules, p.desk.home(p.row)

    def work(ledger: Ledger, c: cmd.DecideCase) -> None:
        delivery.decide(ledger, c, rules=rules)
        if home is not None:
            # the result is new at the centre: its hall hears of it only by its own name
            ledger.append(c.delivery, DossierOffered(home), actor=c.officer)

    _numbered(p, command, "决字", work)


def _send_back(p: Press) -> None:
    command = cmd.SendBack(p.command_id, p.row.id, p.officer.id, p.text("back_reason"))
    p.desk.store.handle(command, review.send_back)


def _answer(p: Press, *, granted: bool) -> None:
    errand = p.text("errand", 200)
    with p.desk.store.read() as conn:
        mine = {e.id for e in intake.open_errands(conn, p.row.case_no)}
    if errand not in mine:
        # answered already, or of another case: the handler's own words for the first, ours for the second
        with p.desk.store.read() as conn:
            known = intake.errand_by_id(conn, errand)
        if known is None or known.case_no != p.row.case_no:
            raise Refusal("unknown_errand", "没有这份来件。")
    command = intake_cmd.TakeErrand(
        p.command_id, errand, p.officer.id, p.day, granted, "" if granted else p.text("answer_why")
    )
    p.desk.store.handle(command, take_in)


def _numbered(p: Press, command: Any, kind: str, handler: Callable[[Ledger, Any], object]) -> None:
    """Run `handler` with a document number of this machine's own series, both in one commit."""
    # node and centre count apart: their words of kind must differ for one organ
    kind = "审" + kind if p.desk.store.identity.role == "county" else kind
    draw = intake_cmd.DrawNumber(
        p.command_id, p.desk.halls.organ_code(p.row), kind, p.day.year, p.row.case_no, p.officer.id
    )

    def work(ledger: Ledger, c: Any) -> None:
        draw_number(ledger, draw)
        drawn = ledger.recorded[-1].event
        text = drawn.text if isinstance(drawn, NumberDrawn) else None
        handler(ledger, replace(c, document_no=text))

    try:
        p.desk.store.handle(command, work)
    except NumberingRefused as exc:
        raise Refusal("number", f"{exc}。") from exc


def _then_home(handler: Callable[[Ledger, Any], object]) -> Callable[[Ledger, Any], object]:
    """At the centre, a case that waits for the citizen rests in the hall, where the citizen comes to."""

    def work(ledger: Ledger, c: Any) -> None:
        handler(ledger, c)
        if ledger.identity.role == "county":
            ledger.append(c.case, DossierOffered("hall"), actor=c.staff)

    return work


ACTS: Mapping[str, Act] = {
    a.name: a
    for a in (
        Act("take", Action.REVIEW, "已接件。", _take),
        Act("precheck_pass", Action.REVIEW, "初审通过，已交回大厅受理。", _precheck_pass),
        Act("correct", Action.CORRECT, "补正告知已作出，大厅可打印送达。", _correct),
        Act("opinion", Action.CORRECT, "意见已提交，由牵头部门合并一次告知。", _opinion),
        Act(
            "close_round",
            Action.CORRECT,
            "本轮补正意见已合并告知，提了意见的部门可以作出补正告知。",
            _close_round,
        ),
        Act("refuse", Action.CORRECT, "不予受理决定已作出，大厅可打印送达。", _refuse),
        Act("step", Action.REVIEW, "审查意见已记录。", _step),
        Act("special_start", Action.REVIEW, "特别程序已启动，期限停止计时。", _special_start),
        Act("special_end", Action.REVIEW, "特别程序已结束，期限继续计时。", _special_end),
        Act("extend", Action.EXTEND, "已延期，请书面告知申请人。", _extend),
        Act(
            "grant",
            Action.DECIDE,
            "已作出准予决定，办件已转大厅。请把证照等结果送到大厅窗口，窗口点收后申请人才能领取。",
            partial(_decide, granted=True),
        ),
        Act(
            "deny",
            Action.DECIDE,
            "已作出不予许可决定，办件已转大厅送达。决定书由大厅窗口打印；授权书没有授予颁发权的，请您送达。",
            partial(_decide, granted=False),
        ),
        Act("send_back", Action.DISPATCH, "已退回大厅重新分派。", _send_back),
        Act("answer_yes", Action.REVIEW, "来件已同意，办件已更新。", partial(_answer, granted=True)),
        Act("answer_no", Action.REVIEW, "来件已答复不同意。", partial(_answer, granted=False)),
    )
}
