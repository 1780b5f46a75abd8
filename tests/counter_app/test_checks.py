"""What the form refuses by itself."""

from dataclasses import replace
from datetime import date

import pytest

from counter_app.take_in.checks import check_agent, check_applicant, tidy_applicant
from counter_app.take_in.ports import AgentForm, ApplicantForm, ApplicantKind
from tests.counter_app.fakes import LONG_NAME, good_id

TODAY = date(2026, 11, 22)
ID = good_id("65230119900307102")
PERSON = ApplicantForm(name=LONG_NAME, cert_no=ID, phone="13800001234")


def fields(form: ApplicantForm) -> dict[str, bool]:
    return {note.field: note.blocks for note in check_applicant(form, today=TODAY)}


def test_a_long_name_and_a_right_number_pass() -> None:
    assert fields(PERSON) == {}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "长" * 101}, "name"),
        ({"name": "长" * 100}, ""),
        ({"address": "路" * 201}, "address"),
        ({"cert_no": ID[:17] + ("0" if ID[17] != "0" else "1")}, "cert_no"),
        ({"cert_no": ""}, "cert_no"),
        ({"phone": ""}, "phone"),
        ({"phone": "1380000"}, ""),
        ({"phone": "电话"}, "phone"),
    ],
)
def test_one_remark_for_one_fault(change: dict[str, str], field: str) -> None:
    assert list(fields(replace(PERSON, **change))) == ([field] if field else [])  # type: ignore[arg-type]


def test_odd_credit_code_warns_and_does_not_block() -> None:
    shop = ApplicantForm(
        kind=ApplicantKind.ORGANISATION,
        name="昌吉市示例商贸有限公司",
        cert_no="91652301MA00000000",
        phone="0994-2345678",
        legal_representative="张敏",
    )
    assert fields(shop) == {"cert_no": False}


def test_agent_needs_a_mandate_that_was_seen() -> None:
    agent = AgentForm(name="张敏", cert_no=ID)
    assert [n.field for n in check_agent(agent, today=TODAY)] == ["agent_mandate"]
    assert check_agent(replace(agent, mandate=True), today=TODAY) == ()


def test_numbers_are_made_plain_and_names_only_trimmed() -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) for c in ID)
    tidy = tidy_applicant(replace(PERSON, name=f" {LONG_NAME} ", cert_no=wide, phone="138 0000 1234"))
    assert (tidy.name, tidy.cert_no, tidy.phone) == (LONG_NAME, ID, "13800001234")
