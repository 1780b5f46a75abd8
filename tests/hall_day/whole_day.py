"""One invented day on which every command of the hall is given once at least."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from hall.delivery import commands as out_cmd
from hall.delivery import handlers as delivery
from hall.feedback import commands as rate_cmd
from hall.feedback import handlers as feedback
from hall.feedback import views as feedback_views
from hall.feedback.model import RectificationState
from hall.intake import commands as cmd
from hall.intake import drafting, duplicates, errands, packages, printing, receiving
from hall.intake.events import Answer, DefectLine, PrecheckAsked
from hall.intake.model import AcceptMode, CaseType, CheckResult
from hall.intake.package_events import PackageChild, PackageOpened
from hall.journal.store import Outcome
from hall.queueing import commands as queue_cmd
from hall.queueing import handlers as queueing
from hall.queueing.model import Outcome as Served
from hall.queueing.model import Priority
from hall.review import commands as review_cmd
from hall.review import handlers as review
from tests.hall.builders import CERT, DAY, MATERIALS, NAME, Machine, fresh, item, page
from tests.hall.package_builder import drafted_package, named_only, opening, received_package

AGENT, AGENT_CERT = "代办·示例乙", "652301198805050055"
WORDS = "因为古丽·示例甲家里有急事"
"""A citizen's own words; they name somebody."""


@dataclass
class Given:
    """A command, its handler and what it recorded."""

    command: Any
    handler: Callable[..., object]
    outcome: Outcome


@dataclass
class Day:
    """Commands of the day by class, the last of each."""

    hall: Machine
    given: dict[str, Given] = field(default_factory=dict)


def live_through(hall: Machine) -> Day:
    """Every step of design.md 3, the side ways too."""
    day = Day(hall)
    handle = hall.store.handle

    def noting(command: Any, handler: Callable[..., object]) -> Outcome:
        outcome = handle(command, handler)
        day.given[type(command).__qualname__ + "@" + type(command).__module__] = Given(
            command, handler, outcome
        )
        return outcome

    hall.store.handle = noting  # type: ignore[method-assign]
    _queue(hall)
    _cases(hall)
    _packages(hall)
    _results(hall)
    _ratings(hall)
    hall.do(queue_cmd.ExpireDay(fresh("c"), DAY, "node"), queueing.expire_day)
    hall.store.handle = handle  # type: ignore[method-assign]
    return day


def _queue(hall: Machine) -> None:
    do = hall.do
    do(queue_cmd.OpenDay(fresh("c"), DAY, 1, "node"), queueing.open_day)
    do(queue_cmd.OpenWindow(fresh("c"), 1, "1号窗口", "w1", "示例员", ("q1",), ()), queueing.open_window)
    do(queue_cmd.PauseWindow(fresh("c"), 1, "w1", "午休"), queueing.pause_window)
    do(queue_cmd.ResumeWindow(fresh("c"), 1, "w1"), queueing.resume_window)
    hall.ticket()
    hall.call_next(hall.id)
    served = hall.serving()
    do(queue_cmd.HoldTicket(fresh("c"), served, "w1", "取件"), queueing.hold)
    do(queue_cmd.Recall(fresh("c"), served, "w1"), queueing.recall)
    do(queue_cmd.StartService(fresh("c"), served, "w1", fresh("s")), queueing.start_service)
    do(queue_cmd.TransferTicket(fresh("c"), served, "w1", "q2", "发证", "领证"), queueing.transfer)
    missed = hall.ticket()
    do(queue_cmd.CallThis(fresh("c"), missed, 1, "1号窗口", "w1", hall.id, 1), queueing.call_this)
    do(queue_cmd.MissTicket(fresh("c"), missed, "w1", "未到"), queueing.miss)
    do(queue_cmd.ReactivateTicket(fresh("c"), missed, "w1"), queueing.reactivate)
    do(queue_cmd.PutOnTop(fresh("c"), missed, "m1", "急事"), queueing.put_on_top)
    do(queue_cmd.CancelTicket(fresh("c"), missed, "g1", "不办了"), queueing.cancel)
    done = hall.serving()
    do(queue_cmd.FinishTicket(fresh("c"), done, "w1", Served.ACCEPTED), queueing.finish)
    asked = queue_cmd.RequestTicket(fresh("c"), done, "q1", "户口迁移", None, Priority.NONE, "k1")
    do(asked, queueing.request_ticket)
    lost = fresh("t")
    do(replace(asked, command_id=fresh("c"), request=lost), queueing.request_ticket)
    do(queue_cmd.EndTicketRequest(fresh("c"), lost, "cancelled", "k1"), queueing.end_ticket_request)
    do(replace(asked, command_id=fresh("c"), request=fresh("t")), queueing.request_ticket)
    do(queue_cmd.BeginSlip(fresh("c"), fresh("t"), "A009", False, True, "k1"), queueing.begin_slip)
    do(queue_cmd.BeginSlip(fresh("c"), done, "A004", False, True, "k1"), queueing.begin_slip)
    do(queue_cmd.RecordSlip(fresh("c"), done, "A004", "confirmed", False, "k1"), queueing.record_slip)
    paper = f"{fresh('x')}/{fresh('r')}"
    do(cmd.BeginPrint(fresh("c"), paper, "w1"), printing.begin_print)
    do(cmd.RecordPrint(fresh("c"), paper, "failed", "w1"), printing.record_print)
    visit = hall.serve_slip(hall.ticket())
    do(queue_cmd.FinishVisit(fresh("c"), visit, "w9", Served.CONSULT), queueing.finish_visit)
    hall.write(queueing.settle)
    do(queue_cmd.CloseWindow(fresh("c"), 1, "w1"), queueing.close_window)
    hall.ticket()


def _cases(hall: Machine) -> None:
    do = hall.do
    case = hall.draft()
    hall.applicant(case, agent_name=AGENT, agent_cert_no=AGENT_CERT, mandate=True)
    do(cmd.AnswerScenario(fresh("c"), case, (Answer("q", "a"),), MATERIALS, "w1"), drafting.answer_scenario)
    for name in ("d1", "d2", "d3"):
        do(cmd.AttachPage(fresh("c"), case, "m1", page(name), "w1"), drafting.attach_page)
    do(cmd.OrderPages(fresh("c"), case, "m1", ("d3", "d1", "d2"), "w1"), drafting.order_pages)
    do(cmd.RemovePage(fresh("c"), case, "m1", "d2", "w1"), drafting.remove_page)
    hall.check_all(case)
    hall.check(case, "m2", CheckResult.DEFECTIVE, f"{NAME}的合同缺页")
    hall.receive(case)
    hall.correct(case)
    errand = hall.errand(hall.case(case).case_no)
    for name in ("e1", "e2"):
        add = cmd.AttachErrandPage(fresh("c"), errand, "m2", page(name), "w1")
        do(add, errands.attach_errand_page)
    do(cmd.OrderErrandPages(fresh("c"), errand, "m2", ("e2", "e1"), "w1"), errands.order_errand_pages)
    do(cmd.RemoveErrandPage(fresh("c"), errand, "m2", "e1", "w1"), errands.remove_errand_page)
    hall.hand_in(errand)
    hall.answer(errand)
    hall.check_all(case)
    hall.accept(case)
    leaving = hall.errand(hall.case(case).case_no, "withdrawal")
    hall.hand_in(leaving, WORDS)
    hall.answer(leaving, granted=False, why=f"{NAME}的件已审完")
    twin = hall.accepted()
    why = f"{NAME}在另一大厅已有同一事项的办件"
    raised = cmd.RaiseDuplicate(
        fresh("c"), fresh("errand"), twin, hall.case(twin).case_no, why, DAY, "hall", None
    )
    do(raised, duplicates.raise_duplicate)
    gone = hall.accepted()
    last = hall.errand(hall.case(gone).case_no, "withdrawal")
    hall.hand_in(last, WORDS)
    hall.answer(last)
    plain = hall.received()
    do(cmd.WithdrawCase(fresh("c"), plain, None, WORDS, "w1", DAY), receiving.withdraw_case)
    refused = hall.received()
    hall.ruled(
        cmd.RefuseCase(fresh("c"), refused, False, f"{NAME}应去交通局", "示例市交通局", 1, "w1", DAY, None),
        receiving.refuse_case,
    )
    late = hall.corrected()
    stop = cmd.TerminateCase(fresh("c"), late, "补正不来", "w1", DAY + timedelta(days=60))
    do(stop, receiving.terminate_case)
    do(cmd.VoidCase(fresh("c"), hall.draft(), "z1", "录错"), receiving.void_case)
    looked = hall.received(intake_mode="precheck_then_accept")
    do(cmd.AskPrecheck(fresh("c"), looked, "w1"), receiving.ask_precheck)
    do(cmd.PassPrecheck(fresh("c"), looked, "o1", f"{NAME}材料可"), receiving.pass_precheck)
    owed = hall.draft()
    hall.applicant(owed)
    hall.present(owed, "m1")
    hall.check(owed, "m1", CheckResult.OK)
    hall.check(owed, "m2", CheckResult.TOLERATED)
    hall.check(owed, "m3", CheckResult.WAIVED)
    hall.receive(owed)
    hall.accept(owed, AcceptMode.TOLERANT)
    hall.answer(hall.handed_in(hall.case(owed).case_no, "supplement"))
    hall.number()


def _packages(hall: Machine) -> None:
    child = fresh("case")
    package = received_package(hall, (PackageChild("x-01", "示例经营许可", child, "示例局"),))
    defects = (DefectLine("m2", f"{NAME}的合同缺页"),)
    hall.append(child, PrecheckAsked("示例局@node"))
    hall.do(cmd.GiveOpinion(fresh("c"), child, defects, "o1"), packages.give_opinion)
    filed = cmd.FilePackageDefects(fresh("c"), package, child, "示例局", defects, "o1")
    hall.do(filed, packages.file_defects)
    hall.do(cmd.ClosePackageRound(fresh("c"), package, "o1", None, DAY), packages.close_round)
    child, needless = fresh("case"), fresh("case")
    kids = tuple(PackageChild("x-01", "示例经营许可", case, "示例局") for case in (child, needless))
    package = drafted_package(hall, kids)
    for case in (child, needless):
        hall.applicant(case)
    hall.check_all(child)
    out = (cmd.LeftOut(needless, (Answer("live", "rent"),), "住在哪里？租房"),)
    received = cmd.ReceivePackage(fresh("c"), package, (child,), out, 1, "w1", DAY, DAY)
    hall.ruled(received, packages.receive_package)
    late = (PackageChild("x-01", "示例经营许可", fresh("case"), "示例局"),)
    package = named_only(hall, PackageOpened(2, 1, "开示例店", "示例局", fresh("no"), late, (), "w1"))
    cases = tuple(replace(one, package=package) for one in opening(late).cases)
    hall.do(cmd.OpenMissing(fresh("c"), package, cases), packages.open_missing)


def _results(hall: Machine) -> None:
    do = hall.do
    away = hall.accepted()
    hall.dispatch(away)
    do(review_cmd.RecallDispatch(fresh("c"), away, "w1", "派错"), review.recall_dispatch)
    case = hall.reviewing()
    do(review_cmd.SendBack(fresh("c"), case, "o1", "不属本科室"), review.send_back)
    hall.dispatch(case)
    hall.take(case)
    step = review_cmd.RecordStep(fresh("c"), case, "o1", "初审", "pass", f"{NAME}符合条件")
    do(step, review.record_step)
    start = review_cmd.StartSpecial(fresh("c"), case, "o1", "testing", "须送检", 10, DAY, None)
    do(start, review.start_special)
    ended = DAY + timedelta(days=7)
    do(review_cmd.EndSpecial(fresh("c"), case, "o1", "合格", ended), review.end_special)
    longer = review_cmd.ExtendLimit(fresh("c"), case, "负责人示例", 5, "案情复杂", ended, None)
    hall.ruled(longer, review.extend_limit)
    hall.decide(case, granted=False, reason=f"{NAME}不符合条件")
    up = hall.reviewing()
    do(review_cmd.SendUp(fresh("c"), up, "o1", "自治区示例厅", DAY), review.send_up)
    at_once = item(case_type=CaseType.IMMEDIATE, item_type="20", promised_n=0)
    hall.decide(hall.accepted(item=at_once), officer="w1", window=1)
    results = [hall.ready()[1] for _ in range(4)]
    check = out_cmd.CheckReceiver(fresh("c"), results[0], NAME, CERT, "card", "w1")
    do(check, delivery.check_receiver)
    hall.hand_over(results[0])
    put = out_cmd.PutInLocker(fresh("c"), results[1], "L1", 3, "w1")
    do(put, delivery.put_in_locker)
    do(out_cmd.EmptyLocker(fresh("c"), results[1], "w1"), delivery.empty_locker)
    do(replace(put, command_id=fresh("c")), delivery.put_in_locker)
    do(out_cmd.PickUp(fresh("c"), results[1], "k1"), delivery.pick_up)
    do(out_cmd.PackResult(fresh("c"), results[2], "w1"), delivery.pack_result)
    do(out_cmd.MailResult(fresh("c"), results[2], "EX1", "w1"), delivery.mail_result)
    signed = out_cmd.ConfirmMail(fresh("c"), results[2], True, f"{NAME}本人签收", "w1")
    do(signed, delivery.confirm_mail)
    do(out_cmd.PublishLicence(fresh("c"), results[3], "e-1", "w1"), delivery.publish_licence)
    hall.write(delivery.settle)


def _ratings(hall: Machine) -> None:
    for level in (5, 1):
        ask = rate_cmd.RequestRating(
            fresh("c"), fresh("rating"), fresh("s"), 1, "申报", None, "A001", None, None, None, 1, "w1", DAY
        )
        hall.do(ask, feedback.request_rating)
        hall.do(rate_cmd.EndRating(fresh("c"), ask.rating, level == 1, "pad"), feedback.end_rating)
        rate = rate_cmd.SubmitRating(
            fresh("c"), ask.rating, level, (), WORDS, "kiosk", False, fresh("rect"), date(2026, 3, 3)
        )
        hall.do(rate, feedback.submit_rating)
    (row,) = hall.look(feedback_views.rectifications)
    move = rate_cmd.MoveRectification(fresh("c"), row.id, RectificationState.VERIFYING, "z1", f"已联系{NAME}")
    hall.do(move, feedback.move_rectification)
