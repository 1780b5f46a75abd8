"""Progress, late ratings and calls for staff, through the node's own rooms."""

from dataclasses import replace
from uuid import uuid4

import pytest

from hall.feedback import commands as rate_cmd
from hall.feedback import handlers as rating
from hall.feedback import views as feedback
from hall.identity.id_number import check_character
from hall.intake.authority import Rules
from hall.journal.refusal import Refusal
from kiosk_app.ports import (
    AlertKind,
    HallUnreachable,
    ProgressQuery,
    ProgressStage,
    RateableService,
    RateRequest,
    Refused,
    StaffAlert,
)
from tests.hall.builders import NAME, HandClock, Letters, Machine, fresh, plain_calendar
from tests.kiosk_app.backend.rig import MORNING, Rig

CERT = "65230119900101001" + check_character("65230119900101001")


@pytest.fixture
def hall(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """The node's own hands: cases lie at it, as they do between two visits."""
    monkeypatch.setattr("tests.hall.builders.CERT", CERT)
    letters = Letters()
    rules = Rules(letters, plain_calendar())
    return Machine(rig.node, None, letters, rules, HandClock(), MORNING.date())  # type: ignore[arg-type]


def by_card(number: str = CERT) -> ProgressQuery:
    return ProgressQuery(id_number=number)


def asked_rating(hall: Machine, case: str) -> str:
    row = hall.case(case)
    command = rate_cmd.RequestRating(
        fresh("c"), fresh("rating"), row.session or "", 1, "申报", None, None, case, row.case_no, row.item.id,
        3, "w1", hall.day,
    )  # fmt: skip
    hall.do(command, rating.request_rating)
    hall.do(rate_cmd.EndRating(fresh("c"), command.rating, False, "pad"), rating.end_rating)
    return command.rating


def test_progress_by_number_and_by_card_is_masked(rig: Rig, hall: Machine) -> None:
    case = hall.accepted()
    number = hall.case(case).case_no
    (row,) = rig.hall.progress(ProgressQuery(code=number))
    assert rig.hall.progress(by_card()) == (row,)
    assert row.case_no == number
    assert row.item_name == "示例经营许可"
    assert (row.stage, row.state_text) == (ProgressStage.RUNNING, "已受理")
    assert NAME not in repr(row)
    assert CERT not in repr(row)
    assert row.applicant.startswith("古*")
    assert row.due_text.startswith("最晚 12月")


def test_what_the_person_must_do_is_their_turn(rig: Rig, hall: Machine) -> None:
    hall.corrected()
    (row,) = rig.hall.progress(by_card())
    assert row.stage is ProgressStage.YOUR_TURN
    assert "补交材料" in row.next_step
    assert row.due_text == "" or "前补交" in row.due_text


def test_drafts_and_other_people_are_not_found(rig: Rig, hall: Machine) -> None:
    case = hall.draft()
    hall.applicant(case)
    assert rig.hall.progress(by_card()) == ()
    assert rig.hall.progress(ProgressQuery(code=hall.case(case).case_no)) == ()
    hall.accepted()
    assert rig.hall.progress(by_card("11010119900307803" + check_character("11010119900307803"))) == ()


@pytest.mark.parametrize(
    "query",
    [
        ProgressQuery(code="123"),
        ProgressQuery(code="652301012026112300300015"),
        ProgressQuery(code="A001"),
        ProgressQuery(id_number=CERT[:-1] + ("1" if CERT[-1] == "2" else "2")),
        ProgressQuery(id_number="652301199013010012"),
    ],
)
def test_a_wrong_digit_is_told_before_anything_is_asked(rig: Rig, query: ProgressQuery) -> None:
    with pytest.raises(Refused):
        rig.hall.progress(query)
    assert rig.line.asked == []


def test_away_and_unreadable_answers(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    rig.line.away = True
    with pytest.raises(HallUnreachable):
        rig.hall.progress(by_card())
    monkeypatch.setattr(rig.line, "call", lambda path, body: {"rows": [{"case_no": 7, "masked_name": NAME}]})
    with pytest.raises(HallUnreachable) as caught:
        rig.hall.progress(by_card())
    assert NAME not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_service_is_rated_late_once(rig: Rig, hall: Machine) -> None:
    case = hall.accepted()
    asked_rating(hall, case)
    (service,) = rig.hall.services_to_rate(by_card())
    assert rig.hall.services_to_rate(ProgressQuery(code=hall.case(case).case_no)) == (service,)
    assert service == RateableService(service.service_id, "示例经营许可", "3号窗口", "11月23日 10:30 办理")
    good = RateRequest(uuid4(), service.service_id, "4", (406,), anonymous=True)
    rig.hall.rate(good)
    rig.hall.rate(good)
    row = hall.look(feedback.rating_by_id, service.service_id)
    assert (row.level, row.reasons, row.channel) == (4, ("406",), "kiosk")
    with pytest.raises(Refused, match="已经评价过"):
        rig.hall.rate(replace(good, request_id=uuid4(), level="1", reasons=(108,)))
    assert rig.hall.services_to_rate(by_card()) == ()


def test_a_bad_rating_says_why_and_is_looked_into(rig: Rig, hall: Machine) -> None:
    asked_rating(hall, hall.accepted())
    (service,) = rig.hall.services_to_rate(by_card())
    with pytest.raises(Refused, match="原因"):
        rig.hall.rate(RateRequest(uuid4(), service.service_id, "1"))
    rig.hall.rate(RateRequest(uuid4(), service.service_id, "1", (113,)))
    (opened,) = hall.look(feedback.rectifications, service.service_id)
    assert opened.verify_by.isoformat() == "2026-11-24"


def test_no_level_no_rating(rig: Rig) -> None:
    for level in ("0", "6", "satisfied", ""):
        with pytest.raises(Refused):
            rig.hall.rate(RateRequest(uuid4(), "r", level))
    with pytest.raises(Refused, match="没有找到"):
        rig.hall.rate(RateRequest(uuid4(), "r", "5"))


def test_staff_are_told_only_where_somebody_looks(rig: Rig) -> None:
    alert = StaffAlert(AlertKind.NO_PAPER, "take_ticket", "A017")
    with pytest.raises(HallUnreachable):
        rig.hall.alert(alert)
    assert [a.number for a in rig.alerts.look()] == ["A017"], "a board that opens later shows it"
    rig.hall.alert(StaffAlert(AlertKind.HELP, "home"))
    kinds = [a.kind for a in rig.alerts.look()]
    assert kinds == ["no_paper", "help"]
    assert rig.alerts.gone_to(rig.alerts.look()[0].id)
    assert [a.kind for a in rig.alerts.look()] == ["help"]


def test_an_older_node_that_knows_no_such_question(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:

    def unknown(path: str, body: object) -> dict[str, object]:
        raise Refusal("unknown_path", "上级没有这个接口，请升级程序。")

    monkeypatch.setattr(rig.line, "call", unknown)
    with pytest.raises(HallUnreachable):
        rig.hall.progress(by_card())


@pytest.mark.parametrize(
    ("state", "told", "words", "next_step"),
    [
        ("delivered", "已于11月23日在98号窗口领走", "已领取", "已于11月23日在98号窗口领走"),
        ("delivered", None, "已领取", "结果已经领取"),
        ("result_ready", None, "已办好，可以领取", "请带身份证到出件窗口领取"),
    ],
)
def test_a_finished_case_is_told_in_the_citizens_words(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, state: str, told: str | None, words: str, next_step: str
) -> None:
    row = {
        "case_no": "652301012026112300300011", "item": "示例经营许可", "state": state, "state_text": "已出件",
        "masked_name": "古*", "due": None, "where": "公安局", "handed": told,
    }  # fmt: skip
    monkeypatch.setattr(rig.line, "call", lambda path, body: {"rows": [row]})
    (found,) = rig.hall.progress(by_card())
    assert (found.state_text, found.next_step) == (words, next_step)


def test_a_result_in_hand_says_when_and_at_which_window(rig: Rig, hall: Machine) -> None:
    _case, result = hall.ready()
    (before,) = rig.hall.progress(by_card())
    assert before.state_text == "已办好，可以领取"
    hall.hand_over(result)
    (row,) = rig.hall.progress(by_card())
    day = hall.day
    assert row.state_text == "已领取"
    assert row.next_step == f"已于{day.month}月{day.day}日在1号窗口领走"
