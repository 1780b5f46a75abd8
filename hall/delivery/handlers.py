"""Handlers of results. A decision and its delivery dossier are one commit (`decide`)."""

from hall.delivery import commands as cmd
from hall.delivery import events as ev
from hall.delivery import views
from hall.delivery.model import (
    DECISION_TITLES,
    ENDED,
    DeliveryAct,
    DeliveryState,
    advance,
    matches,
    require_in_hand,
)
from hall.delivery.views import DeliveryRow
from hall.intake import views as intake
from hall.intake.authority import Rules
from hall.intake.drafting import owned_case
from hall.intake.model import CaseState
from hall.intake.receiving import give_back
from hall.journal.facts import DossierOffered
from hall.journal.ledger import Ledger
from hall.journal.refusal import Refusal
from hall.review import handlers as review
from hall.review.commands import DecideCase


def decide(ledger: Ledger, c: DecideCase, *, rules: Rules) -> None:
    """Decide, open the delivery of the result, and offer both to the hall."""
    row = owned_case(ledger, c.case)
    review.decide_case(ledger, c, rules=rules)
    ledger.open(c.delivery, "delivery", scope="case", actor=c.officer)
    opened = ev.DeliveryOpened(
        case=row.id, case_no=row.case_no, department=row.department, item_id=row.item.id,
        item_name=row.item.name, result_name=c.result_name if c.granted else DECISION_TITLES[False],
        granted=c.granted, decision_no=c.document_no, sample=row.sample, applicant_name=row.applicant_name,
        applicant_cert_no=row.cert_no, agent_name=row.agent_name, agent_cert_no=row.agent_cert_no,
        phone=row.phone,
    )  # fmt: skip
    ledger.append(c.delivery, opened, actor=c.officer)
    for dossier in (c.case, c.delivery):
        ledger.append(dossier, DossierOffered("hall"), actor=c.officer)


def arrive_result(ledger: Ledger, c: cmd.ArriveResult) -> None:
    """点收: all papers of the result lie in the hall and the person can be told. Before, nothing can be fetched."""
    row = _owned(ledger, c.delivery)
    advance(row.state, DeliveryAct.ARRIVE)
    require_in_hand(row.documents, c.in_hand)
    arrived = ev.ResultArrived(c.place, c.staff, c.in_hand, c.result_no.strip())
    ledger.append(c.delivery, arrived, actor=c.staff)
    ledger.append(c.delivery, ev.ResultReady(c.staff), actor=c.staff)


def check_receiver(ledger: Ledger, c: cmd.CheckReceiver) -> None:
    """Who fetches must be the applicant or the named agent; every check is written down."""
    row = _owned(ledger, c.delivery)
    own = matches(row.applicant_name or "", row.applicant_cert_no or "", c.name, c.cert_no)
    agent = bool(row.agent_name) and matches(row.agent_name or "", row.agent_cert_no or "", c.name, c.cert_no)
    checked = ev.ReceiverChecked(own or agent, agent and not own, c.source, c.staff)
    ledger.append(c.delivery, checked, actor=c.staff)


def issue_proof(ledger: Ledger, c: cmd.IssueProof, *, rules: Rules) -> None:
    """Make the 送达回证 for a signature by hand; every condition of the hand-over holds already."""
    row = _leaving(ledger, c.delivery, DeliveryAct.HAND_OVER)
    require_in_hand(row.documents, c.in_hand)
    as_agent = _as_agent(row, c.name, c.cert_no)
    _letter(row, c, rules)
    issued = ev.ProofIssued(
        on=c.business_day, window=c.window, staff=c.staff, as_agent=as_agent, document_no=c.document_no,
        receiver_name=c.name.strip(), receiver_cert_no=c.cert_no.strip(), in_hand=c.in_hand,
        result_no=c.result_no.strip(),
    )  # fmt: skip
    ledger.append(c.delivery, issued, actor=c.staff)


def hand_over(ledger: Ledger, c: cmd.HandOver, *, rules: Rules) -> None:
    """交付, power ISSUE. An open errand blocks it: the person may have asked to withdraw.

    It is complete only with a signature (domain.md 7.5): on the screen, or on the proof that was issued before.
    """
    row = _leaving(ledger, c.delivery, DeliveryAct.HAND_OVER)
    require_in_hand(row.documents, c.in_hand)
    as_agent = _as_agent(row, c.name, c.cert_no)
    letter = _letter(row, c, rules)
    signed = row.handed_on is not None and row.as_agent is as_agent
    # what was signed for names the documents with their numbers: with another number it is another paper
    if c.signature is None and not (signed and (row.result_no or "") == c.result_no.strip()):
        raise Refusal(
            "unsigned", "领取人还没有签字。请在屏幕上签字，或者先打印送达回证、请领取人在回证上签字。"
        )
    handed = ev.HandedOver(
        on=c.business_day, window=c.window, staff=c.staff, letter=letter, as_agent=as_agent,
        document_no=c.document_no, signature=c.signature, receiver_name=c.name.strip(),
        receiver_cert_no=c.cert_no.strip(), in_hand=c.in_hand, result_no=c.result_no.strip(),
    )  # fmt: skip
    ledger.append(c.delivery, handed, actor=c.staff)
    give_back(ledger, c.delivery, c.staff)


def put_in_locker(ledger: Ledger, c: cmd.PutInLocker) -> None:
    _leaving(ledger, c.delivery, DeliveryAct.PUT_IN_LOCKER)
    ledger.append(c.delivery, ev.PutInLocker(c.locker, c.box, c.staff), actor=c.staff)


def pick_up(ledger: Ledger, c: cmd.PickUp) -> None:
    _leaving(ledger, c.delivery, DeliveryAct.PICK)
    ledger.append(c.delivery, ev.PickedUp("", 0), actor=c.actor)


def empty_locker(ledger: Ledger, c: cmd.EmptyLocker) -> None:
    row = _owned(ledger, c.delivery)
    advance(row.state, DeliveryAct.LOCKER_TIMEOUT)
    ledger.append(c.delivery, ev.LockerTimedOut(c.staff), actor=c.staff)


def pack_result(ledger: Ledger, c: cmd.PackResult) -> None:
    _leaving(ledger, c.delivery, DeliveryAct.PACK)
    ledger.append(c.delivery, ev.Packed(c.staff), actor=c.staff)


def mail_result(ledger: Ledger, c: cmd.MailResult) -> None:
    _leaving(ledger, c.delivery, DeliveryAct.MAIL)
    if not c.waybill.strip():
        raise Refusal("waybill_missing", "请填写运单号。")
    ledger.append(c.delivery, ev.Mailed(c.waybill.strip(), c.staff), actor=c.staff)


def confirm_mail(ledger: Ledger, c: cmd.ConfirmMail) -> None:
    row = _owned(ledger, c.delivery)
    advance(row.state, DeliveryAct.SIGN if c.signed else DeliveryAct.RETURN)
    event = ev.MailSigned(c.text) if c.signed else ev.MailReturned(c.text)
    ledger.append(c.delivery, event, actor=c.staff)


def publish_licence(ledger: Ledger, c: cmd.PublishLicence) -> None:
    _leaving(ledger, c.delivery, DeliveryAct.PUBLISH)
    ledger.append(c.delivery, ev.ELicencePublished(c.reference), actor=c.staff)


def settle(ledger: Ledger) -> int:
    """At the machine that owns the case: write down that its result is ready, or with the person.

    Returns how many cases changed. Safe to repeat.
    """
    me, changed = ledger.identity.node_id, 0
    here = tuple(s for s in DeliveryState if s is not DeliveryState.EXPECTED)
    for case, result in views.to_settle(ledger.conn, me, (CaseState.GRANTED, CaseState.DENIED), here):
        ledger.append(case, ev.ResultIsReady(result), actor="hall")
        changed += 1
    for case, result in views.to_settle(ledger.conn, me, (CaseState.RESULT_READY,), ENDED):
        ledger.append(case, ev.CaseDelivered(result), actor="hall")
        changed += 1
    return changed


def _as_agent(row: DeliveryRow, name: str, cert_no: str) -> bool:
    """Does the named agent stand here, and not the applicant? Raises Refusal for anybody else."""
    if matches(row.applicant_name or "", row.applicant_cert_no or "", name, cert_no):
        return False
    if row.agent_name and matches(row.agent_name, row.agent_cert_no or "", name, cert_no):
        return True
    raise Refusal("other_person", "来人与申请人（代理人）信息不一致，不能交付。")


def _letter(row: DeliveryRow, c: cmd.IssueProof | cmd.HandOver, rules: Rules) -> str:
    """The authorisation that lets this window hand it out. Raises Refusal."""
    grant = rules.authority.covers(
        window=c.window, item=row.item_id, department=row.department, power="ISSUE", day=c.business_day
    )
    return grant.letter


def _leaving(ledger: Ledger, delivery: str, act: DeliveryAct) -> DeliveryRow:
    """A result about to leave the hall by any way: an open errand of its case keeps it here."""
    row = _owned(ledger, delivery)
    advance(row.state, act)
    if intake.open_errands(ledger.conn, row.case_no):
        raise Refusal("errand_open", "这个办件有来件尚未答复，暂不能出件。")
    return row


def _owned(ledger: Ledger, delivery: str) -> DeliveryRow:
    ledger.owned(delivery)
    row = views.delivery_by_id(ledger.conn, delivery)
    if row is None:
        raise Refusal("unknown_delivery", "没有这个结果物。")
    return row
