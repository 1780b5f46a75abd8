"""The delivery's machine against a table typed from domain.md 7.5; hand-over, locker, post, e-licence."""

import re
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from hall.delivery import commands as cmd
from hall.delivery import handlers, views
from hall.delivery.model import DeliveryAct, DeliveryState, advance, matches
from hall.intake.model import CaseState
from hall.journal.refusal import Refusal
from tests.hall.builders import ALL_PAPERS, CERT, DAY, NAME, Machine, fresh

# domain.md 7.5: LOCKER_TIMEOUT and RETURNED lead back to READY
DUE = """
EXPECTED ARRIVE ARRIVED
ARRIVED NOTIFY READY
READY HAND_OVER HANDED_OVER
READY PUT_IN_LOCKER IN_LOCKER
IN_LOCKER PICK PICKED
IN_LOCKER LOCKER_TIMEOUT READY
READY PACK PACKED
PACKED MAIL MAILED
MAILED SIGN SIGNED
MAILED RETURN READY
READY PUBLISH PUBLISHED
"""
TABLE = {(s, a): t for s, a, t in (line.split() for line in DUE.strip().splitlines())}


@pytest.mark.parametrize(("state", "act"), list(product(DeliveryState, DeliveryAct)))
def test_every_state_and_act(state: DeliveryState, act: DeliveryAct) -> None:
    due = TABLE.get((state.name, act.name))
    if due is not None:
        assert advance(state, act) is DeliveryState[due]
        return
    with pytest.raises(Refusal) as refused:
        advance(state, act)
    assert refused.value.code == "delivery_state"
    assert re.fullmatch(r"结果物[一-鿿]+，不能这样办理。", refused.value.text)


@pytest.mark.parametrize(
    ("name", "cert", "same"),
    [
        (NAME, CERT, True),
        ("古丽示例甲", CERT, True),
        (NAME, f" {CERT} ", True),
        (NAME, "652301199001010020", False),
        ("别人·示例", CERT, False),
        (NAME, "", False),
    ],
)
def test_who_is_the_same_person(name: str, cert: str, same: bool) -> None:
    assert matches(NAME, CERT, name, cert) is same


def test_a_small_x_is_the_same_number() -> None:
    assert matches(NAME, "65230119900101001X", NAME, "65230119900101001x")


def test_two_empty_certificates_are_not_the_same_person() -> None:
    assert not matches(NAME, "", NAME, "")


def state(m: Machine, result: str) -> DeliveryState:
    row = m.look(views.delivery_by_id, result)
    assert isinstance(row, views.DeliveryRow)
    return row.state


def test_a_result_is_counted_in_and_the_case_says_so(hall: Machine) -> None:
    case, result = hall.ready()
    assert (hall.case(case).state, state(hall, result)) == (CaseState.RESULT_READY, DeliveryState.READY)
    assert hall.write(handlers.settle) == 0


def test_hand_over_to_the_applicant(hall: Machine) -> None:
    case, result = hall.ready()
    hall.do(cmd.CheckReceiver(fresh("c"), result, NAME, CERT, "card", "w1"), handlers.check_receiver)
    hall.hand_over(result)
    row = hall.look(views.delivery_by_id, result)
    assert (row.state, row.checked, row.as_agent, row.receiver_name, row.handed_on) == (
        DeliveryState.HANDED_OVER, True, False, NAME, DAY,
    )  # fmt: skip
    assert hall.case(case).state is CaseState.DELIVERED
    with pytest.raises(Refusal, match="已领取"):
        hall.hand_over(result)


def test_nothing_is_handed_over_unsigned(hall: Machine) -> None:
    case, result = hall.ready()
    unsigned = cmd.HandOver(fresh("c"), result, NAME, CERT, 1, "w1", DAY, None, None, ALL_PAPERS)
    with pytest.raises(Refusal, match="还没有签字"):
        hall.ruled(unsigned, handlers.hand_over)
    hall.issue_proof(result)
    row = hall.look(views.delivery_by_id, result)
    assert (row.state, row.handed_on, row.receiver_name) == (DeliveryState.READY, DAY, NAME)
    hall.write(handlers.settle)
    assert hall.case(case).state is CaseState.RESULT_READY
    hall.ruled(replace(unsigned, command_id=fresh("c")), handlers.hand_over)
    assert state(hall, result) is DeliveryState.HANDED_OVER


def test_a_result_that_nobody_made_is_not_ready_for_the_person(hall: Machine) -> None:
    case, result = hall.decided()
    recorded = cmd.ArriveResult(fresh("c"), result, "2号柜", "w1", ())
    with pytest.raises(Refusal, match="《准予决定书》、《示例许可证》还没有确认原件在手"):
        hall.do(recorded, handlers.arrive_result)
    half = replace(recorded, command_id=fresh("c"), in_hand=("decision",))
    with pytest.raises(Refusal, match=r"^《示例许可证》还没有确认原件在手"):
        hall.do(half, handlers.arrive_result)
    hall.write(handlers.settle)
    assert (hall.case(case).state, state(hall, result)) == (CaseState.GRANTED, DeliveryState.EXPECTED)
    both = replace(recorded, command_id=fresh("c"), in_hand=ALL_PAPERS, result_no="证字第1号")
    hall.do(both, handlers.arrive_result)
    hall.write(handlers.settle)
    assert hall.case(case).state is CaseState.RESULT_READY
    assert hall.look(views.delivery_by_id, result).result_no == "证字第1号"


def test_nothing_goes_over_the_counter_while_a_document_is_missing(hall: Machine) -> None:
    _, result = hall.ready()
    with pytest.raises(Refusal, match=r"^《示例许可证》还没有确认原件在手"):
        hall.issue_proof(result, in_hand=("decision",))
    signed = cmd.HandOver(fresh("c"), result, NAME, CERT, 1, "w1", DAY, None, "a" * 64, ("result",))
    with pytest.raises(Refusal, match=r"^《准予决定书》还没有确认原件在手"):
        hall.ruled(signed, handlers.hand_over)


def test_who_is_refused_gets_the_decision_only(hall: Machine) -> None:
    result = hall.decide(hall.reviewing(), granted=False, document_no="不字第1号")
    (one,) = hall.look(views.delivery_by_id, result).documents
    assert (one.title, one.number) == ("不予许可决定书", "不字第1号")
    arrive = cmd.ArriveResult(fresh("c"), result, "2号柜", "w1", ("decision",))
    hall.do(arrive, handlers.arrive_result)
    assert state(hall, result) is DeliveryState.READY


def test_a_proof_that_was_signed_for_another_number_is_no_proof(hall: Machine) -> None:
    _, result = hall.ready()
    hall.issue_proof(result, result_no="证字第1号")
    other = cmd.HandOver(fresh("c"), result, NAME, CERT, 1, "w1", DAY, None, None, ALL_PAPERS, "证字第2号")
    with pytest.raises(Refusal, match="还没有签字"):
        hall.ruled(other, handlers.hand_over)
    same = replace(other, command_id=fresh("c"), result_no=" 证字第1号 ")
    hall.ruled(same, handlers.hand_over)
    assert hall.look(views.delivery_by_id, result).result_no == "证字第1号"


def test_a_signature_on_the_screen_needs_no_paper_before(hall: Machine) -> None:
    _, result = hall.ready()
    signed = cmd.HandOver(fresh("c"), result, NAME, CERT, 1, "w1", DAY, None, "a" * 64, ALL_PAPERS)
    hall.ruled(signed, handlers.hand_over)
    assert hall.look(views.delivery_by_id, result).signature == "a" * 64


def test_a_proof_of_the_agent_is_no_proof_of_the_applicant(hall: Machine) -> None:
    case = hall.draft()
    hall.applicant(case, agent_name="代办·示例乙", agent_cert_no="652301198805050055", mandate=True)
    hall.check_all(case)
    hall.receive(case)
    hall.accept(case)
    hall.dispatch(case)
    hall.take(case)
    result = hall.decide(case)
    hall.arrive(result)
    hall.issue_proof(result, name="代办·示例乙", cert_no="652301198805050055")
    with pytest.raises(Refusal, match="还没有签字"):
        hall.ruled(
            cmd.HandOver(fresh("c"), result, NAME, CERT, 1, "w1", DAY, None, None, ALL_PAPERS),
            handlers.hand_over,
        )


def test_nobody_else_gets_it(hall: Machine) -> None:
    _, result = hall.ready()
    other = cmd.CheckReceiver(fresh("c"), result, "别人·示例", "652301199001010099", "card", "w1")
    hall.do(other, handlers.check_receiver)
    assert hall.look(views.delivery_by_id, result).checked is False
    with pytest.raises(Refusal, match="不一致"):
        hall.hand_over(result, name="别人·示例", cert_no="652301199001010099")


def test_the_named_agent_gets_it(hall: Machine) -> None:
    case = hall.draft()
    hall.applicant(case, agent_name="代办·示例乙", agent_cert_no="652301198805050055", mandate=True)
    hall.check_all(case)
    hall.receive(case)
    hall.accept(case)
    hall.dispatch(case)
    hall.take(case)
    result = hall.decide(case)
    hall.arrive(result)
    hall.hand_over(result, name="代办·示例乙", cert_no="652301198805050055")
    assert hall.look(views.delivery_by_id, result).as_agent is True


def test_hand_over_needs_power_issue(hall: Machine) -> None:
    _, result = hall.ready()
    hall.letters.until["ISSUE"] = DAY - timedelta(days=1)
    with pytest.raises(Refusal, match="不能行使ISSUE"):
        hall.hand_over(result)
    assert state(hall, result) is DeliveryState.READY
    hall.letters.until["ISSUE"] = DAY
    hall.hand_over(result)


def test_a_locker_gives_or_times_out(hall: Machine) -> None:
    case, result = hall.ready()
    put = cmd.PutInLocker(fresh("c"), result, "L1", 3, "w1")
    hall.do(put, handlers.put_in_locker)
    hall.do(cmd.EmptyLocker(fresh("c"), result, "w1"), handlers.empty_locker)
    assert state(hall, result) is DeliveryState.READY
    hall.do(replace(put, command_id=fresh("c")), handlers.put_in_locker)
    hall.do(cmd.PickUp(fresh("c"), result, "k1"), handlers.pick_up)
    hall.write(handlers.settle)
    assert (state(hall, result), hall.case(case).state) == (DeliveryState.PICKED, CaseState.DELIVERED)


def test_post_comes_back_or_is_signed(hall: Machine) -> None:
    case, result = hall.ready()

    def post() -> None:
        hall.do(cmd.PackResult(fresh("c"), result, "w1"), handlers.pack_result)
        with pytest.raises(Refusal, match="运单号"):
            hall.do(cmd.MailResult(fresh("c"), result, " ", "w1"), handlers.mail_result)
        hall.do(cmd.MailResult(fresh("c"), result, "EX1", "w1"), handlers.mail_result)

    post()
    hall.do(cmd.ConfirmMail(fresh("c"), result, False, "查无此人", "w1"), handlers.confirm_mail)
    assert (state(hall, result), hall.case(case).state) == (DeliveryState.READY, CaseState.RESULT_READY)
    assert hall.look(views.delivery_by_id, result).waybill is None
    post()
    hall.do(cmd.ConfirmMail(fresh("c"), result, True, "本人签收", "w1"), handlers.confirm_mail)
    hall.write(handlers.settle)
    assert hall.case(case).state is CaseState.DELIVERED


def test_an_e_licence_is_published(hall: Machine) -> None:
    case, result = hall.ready()
    hall.do(cmd.PublishLicence(fresh("c"), result, "e-1", "w1"), handlers.publish_licence)
    hall.write(handlers.settle)
    assert hall.case(case).state is CaseState.DELIVERED


def test_the_list_to_hand_out_is_found_by_number_and_name(hall: Machine) -> None:
    case, result = hall.ready()
    done_case, done = hall.ready()
    hall.hand_over(done)
    for text in ("", hall.case(case).case_no[:23], NAME[:2], CERT):
        assert [r.id for r in hall.look(views.to_hand_out, text)] == [result]
    assert hall.look(views.to_hand_out, "%示例") == ()
    assert [r.case for r in hall.look(views.ended_at)] == [done_case]


def test_a_result_that_waits_does_not_keep_later_ones_from_being_settled(hall: Machine) -> None:
    waiting = [hall.decided()[0] for _ in range(3)]
    case, _ = hall.ready()
    assert hall.case(case).state is CaseState.RESULT_READY
    assert {hall.case(c).state for c in waiting} == {CaseState.GRANTED}
