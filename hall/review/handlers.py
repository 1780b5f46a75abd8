"""Handlers of dispatch, review and decision. Run by Store.handle; a decision through delivery's `decide`."""

from dataclasses import replace

from hall.calendar.legal_time import ExtensionRefused, check_extension, legal_status
from hall.intake import views as intake
from hall.intake.authority import Rules
from hall.intake.drafting import owned_case
from hall.intake.model import CaseAct, CaseState, CaseType, advance
from hall.intake.packages import ready_children
from hall.journal.facts import DossierOffered, OfferWithdrawn
from hall.journal.ledger import Ledger
from hall.journal.refusal import Refusal
from hall.review import commands as cmd
from hall.review import events as ev
from hall.review import model, views


def dispatch_case(ledger: Ledger, c: cmd.DispatchCase) -> None:
    """按责分派: the case is offered to the department's desk and stays here until that desk takes it."""
    row = owned_case(ledger, c.case)
    advance(row.state, CaseAct.DISPATCH)
    if row.offered_to not in (None, "hall"):
        raise Refusal("dispatched_before", "已经分派，部门还没有接件；要改派请先撤回。")
    package = intake.package_of_case(ledger.conn, c.case)
    if package is not None and c.case not in ready_children(package):
        raise Refusal("waits_for_prerequisite", "前置事项尚未办结，本事项暂不分派，期限也未起算。")
    ledger.append(c.case, ev.CaseDispatched(c.desk, c.department), actor=c.staff)
    ledger.append(c.case, DossierOffered(c.desk), actor=c.staff)


def recall_dispatch(ledger: Ledger, c: cmd.RecallDispatch) -> None:
    row = owned_case(ledger, c.case)
    if row.offered_to is None or row.state is not CaseState.DISPATCHED:
        raise Refusal("taken_already", "部门已经接件，不能撤回分派。")
    ledger.append(c.case, OfferWithdrawn(c.why), actor=c.staff)


def take_case(ledger: Ledger, c: cmd.TakeCase) -> None:
    """接件, once the dossier lies at the machine of the desk."""
    row = owned_case(ledger, c.case)
    if row.desk != c.desk:
        raise Refusal("other_desk", "这个办件分派给了别的部门。")
    advance(row.state, CaseAct.TAKE)
    if row.offered_to == "hall":
        raise Refusal("sent_back", "已退回大厅重新分派，不能再接件。")
    if row.offered_to is not None:
        ledger.append(c.case, OfferWithdrawn("已接件"), actor=c.officer)
    ledger.append(c.case, ev.CaseTaken(c.desk, c.officer), actor=c.officer)


def send_back(ledger: Ledger, c: cmd.SendBack) -> None:
    row = owned_case(ledger, c.case)
    advance(row.state, CaseAct.SEND_BACK)
    if not c.reason.strip():
        raise Refusal("reason_missing", "退回重分请写明理由。")
    ledger.append(c.case, ev.CaseSentBack(c.officer, c.reason), actor=c.officer)
    ledger.append(c.case, DossierOffered("hall"), actor=c.officer)


def record_step(ledger: Ledger, c: cmd.RecordStep) -> None:
    row = owned_case(ledger, c.case)
    if row.state not in (CaseState.REVIEWING, CaseState.SUSPENDED):
        raise Refusal("not_reviewing", "办件不在审查中。")
    step = ev.StepRecorded(c.name, c.officer, c.action, c.opinion.strip() or None)
    ledger.append(c.case, step, actor=c.officer)


def start_special(ledger: Ledger, c: cmd.StartSpecial) -> None:
    row = owned_case(ledger, c.case)
    advance(row.state, CaseAct.SUSPEND)
    model.check_special(c.kind, c.reason, c.need_days)
    started = ev.SpecialStarted(c.kind, c.reason, c.need_days, c.business_day, c.officer, c.document_no)
    ledger.append(c.case, started, actor=c.officer)


def end_special(ledger: Ledger, c: cmd.EndSpecial) -> None:
    row = owned_case(ledger, c.case)
    advance(row.state, CaseAct.RESUME)
    ledger.append(c.case, ev.SpecialEnded(c.business_day, c.officer, c.result), actor=c.officer)


def extend_limit(ledger: Ledger, c: cmd.ExtendLimit, *, rules: Rules) -> None:
    """Once, at most ten working days (joint: fifteen), approved by the head of the organ (许可法 42)."""
    row = owned_case(ledger, c.case)
    advance(row.state, CaseAct.EXTEND)
    if views.extended_days(ledger.conn, c.case):
        raise Refusal("extended_before", "期限只能延长一次。")
    if not c.reason.strip() or not c.approver.strip():
        raise Refusal("reason_missing", "延期须经机关负责人批准，并写明理由告知申请人。")
    try:
        check_extension(c.days, joint=c.joint)
    except ExtensionRefused as exc:
        raise Refusal("extension_days", str(exc) + "。") from exc
    # special procedures moved the limit already: extend what the law's clock says, not the first date
    facts = replace(views.facts_of(ledger.conn, row), extension_days=c.days)
    due = legal_status(facts, rules.calendar, c.business_day).due
    if due is None:
        raise Refusal("no_limit", "这个办件没有期限，不需要延期。")
    extended = ev.LimitExtended(c.days, c.reason, c.approver, due.day, c.document_no)
    ledger.append(c.case, extended, actor=c.approver)


def send_up(ledger: Ledger, c: cmd.SendUp) -> None:
    row = owned_case(ledger, c.case)
    advance(row.state, CaseAct.SEND_UP)
    ledger.append(c.case, ev.CaseSentUp(c.to, c.business_day, c.officer), actor=c.officer)


def decide_case(ledger: Ledger, c: cmd.DecideCase, *, rules: Rules) -> None:
    """准予 or 不予. At a window only 即办件 and only with power HANDLE."""
    row = owned_case(ledger, c.case)
    advance(row.state, CaseAct.GRANT if c.granted else CaseAct.DENY)
    immediate = row.case_type is CaseType.IMMEDIATE
    in_name_of = row.department
    if c.window is not None:
        if not immediate:
            raise Refusal("not_immediate", "承诺件由部门审批，窗口不能当场决定。")
        grant = rules.authority.covers(
            window=c.window, item=row.item.id, department=row.department, power="HANDLE", day=c.business_day
        )
        in_name_of = grant.in_name_of
    elif row.state is CaseState.ACCEPTED:
        raise Refusal("not_taken", "请先接件再作决定。")
    model.check_decision(
        granted=c.granted, reason=c.reason, officer=c.officer, intake_staff=row.intake_staff,
        immediate=immediate,
    )  # fmt: skip
    if intake.open_errands(ledger.conn, row.case_no):
        raise Refusal("errand_open", "申请人有来件（补正、撤回等）尚未答复，请先处理。")
    decided = ev.CaseDecided(
        granted=c.granted, on=c.business_day, officer=c.officer, in_name_of=in_name_of,
        document_no=c.document_no, result_name=c.result_name, valid_to=c.valid_to,
        at_window=c.window is not None, reason=c.reason.strip() or None,
    )  # fmt: skip
    ledger.append(c.case, decided, actor=c.officer)
