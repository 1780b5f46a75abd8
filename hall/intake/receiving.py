"""Handlers of the legal acts of taking in: receive, accept, correct, refuse, withdraw, void."""

from dataclasses import replace
from datetime import date

from hall.calendar.legal_time import (
    TELL_ONCE_DAYS,
    CaseFacts,
    LegalStatus,
    Limit,
    LimitUnit,
    legal_status,
)
from hall.intake import commands as cmd
from hall.intake import events as ev
from hall.intake import views
from hall.intake.authority import Grant, Rules
from hall.intake.drafting import owned_case
from hall.intake.model import AcceptMode, CaseAct, CaseState, MaterialState, advance
from hall.intake.views import CaseRow
from hall.journal.facts import DossierOffered, OfferWithdrawn
from hall.journal.ledger import Ledger
from hall.journal.refusal import Refusal

CORRECTION_DAYS = 15
"""Working days to return a correction: a hall setting, no national figure (domain.md 16)."""
_READY = (MaterialState.CHECKED_OK, MaterialState.WAIVED)


def case_facts(row: CaseRow) -> CaseFacts:
    """The facts that the law's clocks count from, before any special procedure."""
    return CaseFacts(
        item_type=row.item.item_type,
        received=row.received_on or row.business_day,
        counted_from=row.counted_from,
        accepted=row.accepted_on,
        answered=row.accepted_on or row.closed_on,
        statutory=limit(row.item.statutory_n, row.item.statutory_unit),
        promised=limit(row.item.promised_n, row.item.promised_unit),
        decided=row.decided_on,
        closed=row.closed_on,
    )


def limit(n: int | None, unit: str) -> Limit | None:
    if n is None:
        return None
    return Limit(n, LimitUnit.CALENDAR_DAY if unit == LimitUnit.CALENDAR_DAY.value else LimitUnit.WORKING_DAY)


def receive_case(ledger: Ledger, c: cmd.ReceiveCase, *, rules: Rules) -> None:
    """收件 of a single case. A child of a package is received with the whole (packages.receive_package)."""
    if owned_case(ledger, c.case).package is not None:
        raise Refusal("received_as_one", "这是套餐中的事项，不能单独收件，请对整个套餐收件。")
    receive(ledger, c, rules=rules)


def receive(ledger: Ledger, c: cmd.ReceiveCase, *, rules: Rules) -> None:
    """Somebody brought something and gets a receipt. Receipt is not acceptance."""
    row = owned_case(ledger, c.case)
    advance(row.state, CaseAct.RECEIVE)
    if not row.applicant_name or not row.cert_no:
        raise Refusal("applicant_missing", "请先填写申请人。")
    if not any(m.form for m in views.materials(ledger.conn, c.case)):
        raise Refusal("nothing_handed_in", "还没有收到任何材料。")
    _power(rules, row, c.window, "ACCEPT", c.business_day)
    answer = rules.calendar.add_working_days(c.business_day, TELL_ONCE_DAYS)
    received = ev.CaseReceived(
        c.business_day, c.counted_from, c.window, c.staff, answer.day, answer.provisional
    )
    ledger.append(c.case, received, actor=c.staff)


def ask_precheck(ledger: Ledger, c: cmd.AskPrecheck) -> None:
    """乌审旗 (S4 L21): the department looks first, then the window accepts."""
    row = owned_case(ledger, c.case)
    if row.intake_mode != "precheck_then_accept":
        raise Refusal("no_precheck", "本大厅由窗口直接受理，不经部门初审。")
    advance(row.state, CaseAct.ASK_PRECHECK)
    ledger.append(c.case, ev.PrecheckAsked(row.desk), actor=c.staff)
    ledger.append(c.case, DossierOffered(row.desk), actor=c.staff)


def pass_precheck(ledger: Ledger, c: cmd.PassPrecheck) -> None:
    row = owned_case(ledger, c.case)
    advance(row.state, CaseAct.PRECHECK_OK)
    ledger.append(c.case, ev.PrecheckPassed(c.officer, c.note), actor=c.officer)
    ledger.append(c.case, DossierOffered("hall"), actor=c.officer)


def accept_case(ledger: Ledger, c: cmd.AcceptCase, *, rules: Rules) -> None:
    """受理, in writing. What the law has already deemed accepted is written down as deemed."""
    row = owned_case(ledger, c.case)
    advance(row.state, CaseAct.ACCEPT)
    deemed = _status(row, rules, c.business_day).deemed_accepted_on
    waits = row.intake_mode == "precheck_then_accept" and not row.prechecked
    if not deemed and (waits or row.state is CaseState.PRECHECK):
        # the pre-check runs inside the five days and does not stop them (R1)
        raise Refusal("precheck_first", "本大厅须部门初审通过后才能受理。")
    if not deemed and c.mode is AcceptMode.DEEMED:
        raise Refusal("not_deemed", "还在五个工作日的告知期限内，不能按视为受理办理。")
    grant = _power(rules, row, c.window, "ACCEPT", c.business_day)
    mode = AcceptMode.DEEMED if deemed else c.mode
    if not deemed:
        _complete(ledger, row, mode)
    accepted_on = deemed or c.business_day
    after = legal_status(_accepted(row, accepted_on), rules.calendar, c.business_day)
    accepted = ev.CaseAccepted(
        mode=mode, accepted_on=accepted_on, due=after.due.day if after.due else None,
        statutory_due=after.statutory_due.day if after.statutory_due else None,
        provisional=after.provisional, letter=grant.letter, in_name_of=grant.in_name_of,
        document_no=c.document_no, staff=c.staff,
    )  # fmt: skip
    ledger.append(c.case, accepted, actor=c.staff)


def issue_correction(ledger: Ledger, c: cmd.IssueCorrection, *, rules: Rules) -> None:
    """一次性告知: once, complete, within five working days (许可法 32(4))."""
    row = owned_case(ledger, c.case)
    advance(row.state, CaseAct.CORRECT)
    if not c.defects or any(not d.text.strip() for d in c.defects):
        raise Refusal("defects_missing", "请逐项写明需要补正的全部内容。")
    if row.rounds >= 1 and not (c.supervisor and (c.supervisor_reason or "").strip()):
        raise Refusal("second_round", "补正只能告知一次。确需第二次的，由主管写明理由后办理。")
    if _status(row, rules, c.business_day).deemed_accepted_on:
        raise Refusal("deemed", "已超过五个工作日未告知，依法自收到材料之日起即为受理，不能再要求补正。")
    _merged_round(ledger, c)
    in_name_of = row.department
    if not c.as_department:
        in_name_of = _power(rules, row, c.window, "ACCEPT", c.business_day).in_name_of
    issued = ev.CorrectionIssued(
        round=row.rounds + 1,
        return_by=rules.calendar.add_working_days(c.business_day, CORRECTION_DAYS).day,
        in_name_of=in_name_of, document_no=c.document_no, staff=c.staff, supervisor=c.supervisor,
        supervisor_reason=c.supervisor_reason, defects=_seen(ledger, c),
    )  # fmt: skip
    ledger.append(c.case, issued, actor=c.staff)
    give_back(ledger, c.case, c.staff)


def refuse_case(ledger: Ledger, c: cmd.RefuseCase, *, rules: Rules) -> None:
    """不受理 (no licence needed) or 不予受理 (not this organ's), with the reason, at once."""
    row = owned_case(ledger, c.case)
    advance(row.state, CaseAct.REFUSE_UNNEEDED if c.unneeded else CaseAct.NOT_ACCEPT)
    if not c.reason.strip():
        raise Refusal("reason_missing", "不受理必须写明理由。")
    if not c.unneeded and not (c.competent_organ or "").strip():
        raise Refusal("organ_missing", "不予受理的，请告知申请人应向哪个机关申请。")
    if not c.unneeded and _status(row, rules, c.business_day).deemed_accepted_on:
        raise Refusal("deemed", "已超过五个工作日未告知，依法自收到材料之日起即为受理。")
    in_name_of = row.department
    if not c.as_department:
        in_name_of = _power(rules, row, c.window, "ACCEPT", c.business_day).in_name_of
    refused = ev.CaseRefused(
        unneeded=c.unneeded, refused_on=c.business_day, in_name_of=in_name_of, document_no=c.document_no,
        staff=c.staff, competent_organ=c.competent_organ, reason=c.reason.strip(),
    )  # fmt: skip
    ledger.append(c.case, refused, actor=c.staff)
    give_back(ledger, c.case, c.staff)


def withdraw_case(ledger: Ledger, c: cmd.WithdrawCase) -> None:
    row = owned_case(ledger, c.case)
    advance(row.state, CaseAct.WITHDRAW)
    take_offer_back(ledger, row, "申请人撤回", c.actor)
    ledger.append(c.case, ev.CaseWithdrawn(c.business_day, c.errand, c.reason), actor=c.actor)
    give_back(ledger, c.case, c.actor)


def terminate_case(ledger: Ledger, c: cmd.TerminateCase) -> None:
    """补正不来 after its day, or tolerated materials that never came by the promised day (R17)."""
    row = owned_case(ledger, c.case)
    advance(row.state, CaseAct.TERMINATE)
    last = row.return_by
    if row.state is CaseState.ACCEPTED:
        owed = [m for m in views.materials(ledger.conn, c.case) if m.state is MaterialState.TOLERATED]
        if row.accept_mode is not AcceptMode.TOLERANT or not owed:
            raise Refusal("nothing_owed", "已受理的办件没有逾期未补的容缺材料，不能终止。")
        last = row.due
    if last is not None and c.business_day <= last:
        raise Refusal("too_early", f"补交期限到{last.month}月{last.day}日，期限内不能终止。")
    ledger.append(c.case, ev.CaseTerminated(c.business_day, c.why), actor=c.actor)
    give_back(ledger, c.case, c.actor)


def void_case(ledger: Ledger, c: cmd.VoidCase) -> None:
    row = owned_case(ledger, c.case)
    advance(row.state, CaseAct.VOID)
    if not c.supervisor.strip() or not c.reason.strip():
        raise Refusal("reason_missing", "作废须由主管写明理由。")
    take_offer_back(ledger, row, "办件作废", c.supervisor)
    ledger.append(c.case, ev.CaseVoided(c.supervisor, c.reason), actor=c.supervisor)


def take_offer_back(ledger: Ledger, row: CaseRow, why: str, actor: str) -> None:
    """No desk may take what no longer stands."""
    if row.offered_to is not None:
        ledger.append(row.id, OfferWithdrawn(why), actor=actor)


def give_back(ledger: Ledger, dossier: str, actor: str) -> None:
    """A terminal holds a case only while someone works on it."""
    if ledger.identity.role == "terminal":
        ledger.append(dossier, DossierOffered("hall"), actor=actor)


def _power(rules: Rules, row: CaseRow, window: int | None, power: str, day: date) -> Grant:
    return rules.authority.covers(
        window=window, item=row.item.id, department=row.department, power=power, day=day
    )


def _status(row: CaseRow, rules: Rules, today: date) -> LegalStatus:
    # a correction was the answer in time: its round does not lapse by itself
    facts = case_facts(row)
    if row.rounds:
        facts = CaseFacts(item_type=facts.item_type, received=facts.received, answered=facts.received)
    return legal_status(facts, rules.calendar, today)


def _accepted(row: CaseRow, accepted_on: date) -> CaseFacts:
    facts = case_facts(row)
    return CaseFacts(
        item_type=facts.item_type, received=facts.received, counted_from=facts.counted_from,
        accepted=accepted_on, answered=accepted_on, statutory=facts.statutory, promised=facts.promised,
    )  # fmt: skip


def _seen(ledger: Ledger, c: cmd.IssueCorrection) -> tuple[ev.DefectLine, ...]:
    """The defects, each with whether its material was handed in at all."""
    missing = {m.id: m.form is None for m in views.materials(ledger.conn, c.case, all_=True)}
    return tuple(replace(d, missing=missing.get(d.material)) for d in c.defects)


def _merged_round(ledger: Ledger, c: cmd.IssueCorrection) -> None:
    """A package has one merged notice: no department sends its own, and nothing follows it (design 11.4)."""
    package = views.package_of_case(ledger.conn, c.case)
    if package is None:
        return
    if package.round_closed_on is None:
        if c.as_department:
            raise Refusal("merged_round", "套餐办件的补正意见请提交牵头部门，由牵头部门合并一次告知。")
        return
    if not any(k.case == c.case and k.defects for k in package.children):
        raise Refusal(
            "round_closed", "牵头部门已发出一次性补正告知，本事项当时没有提出意见，不能再要求补正。"
        )


def _complete(ledger: Ledger, row: CaseRow, mode: AcceptMode) -> None:
    """Every necessary material is in; with 容缺 the tolerated minor ones may be missing (R17)."""
    allowed = (*_READY, MaterialState.TOLERATED) if mode is AcceptMode.TOLERANT else _READY
    missing = [
        m.facts.name
        for m in views.materials(ledger.conn, row.id)
        if m.facts.necessary and m.state not in allowed
    ]
    if missing:
        raise Refusal("materials_missing", "还差：" + "、".join(missing) + "。")
