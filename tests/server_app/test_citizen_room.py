"""What kiosks send for citizens is hostile until it is read; the book of calls for staff."""

from typing import Any

import pytest

from server_app.citizen.alerts import KEPT, LOOKED_WITHIN_S, Alert, AlertBook
from server_app.citizen.bodies import AlertBody, AskBody, RateBody, read_body
from sync.wire import BadBody

CASE_NO = "652301012026112300300011"
GOOD = {"command_id": "c1", "rating": "r1", "level": 5, "reasons": ["510"], "anonymous": True}


def call(name: str) -> Alert:
    return Alert(name, "kiosk1", "help", "home", "", 0)


@pytest.mark.parametrize(
    "body",
    [
        {"request_id": "r1"},
        {"request_id": "r1", "case_no": CASE_NO, "cert_no": "652301199001010013"},
        {"request_id": "r1", "case_no": "1"},
        {"request_id": "r1", "case_no": "%" * 24},
        {"request_id": "r1", "cert_no": "6523'; drop table"},
        {"request_id": "r1", "cert_no": 652301199001010013},
        {"request_id": "r1", "case_no": CASE_NO, "all": True},
        {"case_no": CASE_NO},
    ],
)
def test_a_question_names_one_number_and_nothing_else(body: dict[str, Any]) -> None:
    with pytest.raises(BadBody) as caught:
        read_body(AskBody, body)
    assert "6523" not in str(caught.value)


@pytest.mark.parametrize(
    "wrong",
    [
        {"level": 0},
        {"level": 6},
        {"level": "5"},
        {"reasons": ["我叫示例甲"]},
        {"reasons": ["510"] * 9},
        {"rating": ""},
    ],
)
def test_a_rating_outside_the_form_is_refused(wrong: dict[str, Any]) -> None:
    assert read_body(RateBody, GOOD).level == 5
    with pytest.raises(BadBody):
        read_body(RateBody, {**GOOD, **wrong})


@pytest.mark.parametrize("wrong", [{"kind": "fire"}, {"page": "<b>"}, {"number": "A017' or 1"}])
def test_a_call_for_staff_carries_no_text_of_its_own(wrong: dict[str, Any]) -> None:
    good = {"command_id": "c1", "kind": "no_paper", "page": "take_ticket", "number": "A017"}
    assert read_body(AlertBody, good).number == "A017"
    with pytest.raises(BadBody):
        read_body(AlertBody, {**good, **wrong})


def test_staff_are_told_while_a_board_is_looked_at() -> None:
    now = [0.0]
    book = AlertBook(lambda: now[0])
    assert not book.add(call("a"))
    assert [a.id for a in book.look()] == ["a"]
    assert book.add(call("b"))
    now[0] += LOOKED_WITHIN_S + 1
    assert not book.add(call("c"))


def test_the_same_call_is_one_and_stays_answered() -> None:
    book = AlertBook()
    book.add(call("a"))
    book.add(call("a"))
    assert len(book.look()) == 1
    assert book.gone_to("a")
    assert not book.gone_to("a")
    book.add(call("a"))
    assert book.look() == (), "a repeat after somebody went there calls nobody again"


def test_the_book_does_not_grow_for_ever() -> None:
    book = AlertBook()
    for n in range(KEPT + 10):
        book.add(call(f"a{n}"))
    assert len(book.look()) == KEPT
