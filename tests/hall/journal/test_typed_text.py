"""What people type: invisible characters never get in, lengths are refused in words, old facts stay readable."""

from dataclasses import fields, is_dataclass, replace
from types import ModuleType
from typing import Any, get_type_hints

import pytest

import hall.delivery.commands as delivery_commands
import hall.feedback.commands as feedback_commands
import hall.intake.commands as intake_commands
import hall.queueing.commands as queueing_commands
import hall.review.commands as review_commands
from hall.intake import drafting, receiving, views
from hall.intake import events as ev
from hall.intake.commands import SetApplicant
from hall.intake.model import CheckResult
from hall.journal.refusal import Refusal
from hall.journal.typed_text import (
    ADDRESS,
    DEFECT,
    NAME,
    NOTE,
    TextRule,
    checked,
    rules_of,
    too_long,
    visible,
)
from tests.hall.builders import CERT, Machine, differences_after_rebuild, fresh
from tests.hall.builders import NAME as PERSON

MACHINE_WORDS = frozenset(
    """
    command_id case ticket session staff officer approver actor by manager supervisor material form
    original_place page image plain_sha256 device kind source cert_type delivery signature document_no
    errand case_no package division intake_mode channel lead organ for_case desk department action
    result_name series queue queue_name item_id terminal window_name staff_name to_queue to_queue_name
    request how visit result rating service_name rectification lead_officer number paper
    """.split()
)
"""Ids, codes and names that programs fill in from reference data; nobody types them."""
BY_PROGRAMS = {"RecordStep": {"name"}, "OpenPackage": {"name"}, "RaiseDuplicate": {"why", "to"}}
MODULES = (
    delivery_commands,
    feedback_commands,
    intake_commands,
    queueing_commands,
    review_commands,
)


@pytest.mark.parametrize(
    "text",
    [
        "买买提·吐尔逊",
        "𠮷田𬎆",
        "\u0628\u06d5\u062e\u062a\u0649\u064a\u0627\u0631",  # Uyghur letters
        "\u0645\u06d5\u0646\u200c\u0645\u0648",  # ZWNJ between letters that join
        "\u182e\u1823\u1829\u182d\u1823\u182f\u180e\u180a",  # Mongolian, vowel separator
        "葛\U000e0100明",  # a variant of a hanzi
        "\ue863某",  # private letter of an ID card
        "O'Neill-Smith é",
        "和硕县特吾里克镇 3组12号",
    ],
)
def test_letters_of_every_script_stay(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("王\u202e小\u202c明", "王小明"),
        ("\u2066王\u2069\u061c\u200e\u200f", "王"),
        ("王\u200b小\ufeff明\u00ad", "王小明"),
        ("王\u200c明\u200d", "王明"),
        ("\u3164\u115f\u2800", ""),
        ("a\x00b\x1b\x7fc", "abc"),
        ("王\ud800明", "王明"),
        ("一\n二\t三\u2028四", "一 二 三 四"),
        ("\U000e0041王", "王"),
    ],
)
def test_what_nobody_sees_is_dropped(text: str, left: str) -> None:
    assert visible(text) == left


def test_lines_stay_where_a_text_has_lines() -> None:
    assert visible("第一条\r\n第二条\t完\u202e", lines=True) == "第一条\n第二条 完"


@pytest.mark.parametrize("rule", [NAME, ADDRESS, DEFECT, NOTE])
def test_lengths_count_characters(rule: TextRule) -> None:
    assert too_long("\u200b" * 9 + "𠮷" * rule.most, rule) == ""
    assert f"最多 {rule.most} 个字" in too_long("王" * (rule.most + 1), rule)


def test_every_typed_field_of_every_command_has_a_rule() -> None:
    open_fields = []
    for module in MODULES:
        for name, cls in sorted(_commands(module)):
            for f in fields(cls):
                kind = str(get_type_hints(cls)[f.name])
                known = f.name in MACHINE_WORDS | BY_PROGRAMS.get(name, set())
                if kind in ("<class 'str'>", "str | None") and f.name not in rules_of(cls) and not known:
                    open_fields.append(f"{name}.{f.name}")
    assert open_fields == []


def _commands(module: ModuleType) -> list[tuple[str, Any]]:
    found = vars(module).items()
    return [(n, c) for n, c in found if is_dataclass(c) and "command_id" in getattr(c, "__slots__", ())]


def applicant(case: str, **changes: Any) -> SetApplicant:
    base = SetApplicant(
        fresh("c"), case, "person", "typed", "111", PERSON, CERT, "13800001234", "示例路1号", "", "", "", "",
        "", False, "w1",
    )  # fmt: skip
    return replace(base, **changes)


def test_an_applicant_is_stored_without_direction_marks(hall: Machine) -> None:
    case = hall.draft()
    hall.do(applicant(case, name="王\u202e小明", address="示例\u2067路\u20691号\n"), drafting.set_applicant)
    row = hall.look(views.case_by_id, case)
    assert (row.applicant_name, row.address) == ("王小明", "示例路1号")


def test_a_name_of_nothing_visible_is_no_name(hall: Machine) -> None:
    case = hall.draft()
    with pytest.raises(Refusal, match="请填写申请人姓名"):
        hall.do(applicant(case, name="\u200b\u3164"), drafting.set_applicant)


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("name", "王" * 101, "姓名或名称最多 100 个字，现在有 101 个字"),
        ("address", "路" * 3000, "地址最多 200 个字，现在有 3000 个字"),
        ("agent_name", "王" * 101, "姓名或名称最多 100 个字"),
        ("phone", "1" * 31, "电话最多 30 个字"),
    ],
)
def test_what_is_too_long_is_refused_in_words(hall: Machine, field: str, text: str, words: str) -> None:
    case = hall.draft()
    with pytest.raises(Refusal, match=words):
        hall.do(applicant(case, **{field: text}), drafting.set_applicant)
    assert hall.look(views.case_by_id, case).applicant_name is None


def test_defects_are_checked_alone_and_as_lines_of_a_notice(hall: Machine) -> None:
    case = hall.draft()
    hall.applicant(case)
    hall.present(case, "m2")
    with pytest.raises(Refusal, match="不符说明最多 500 个字"):
        hall.check(case, "m2", CheckResult.DEFECTIVE, "错" * 501)
    hall.check(case, "m2", CheckResult.DEFECTIVE, "缺\u202e签名")
    assert hall.look(views.materials, case)[1].defect == "缺签名"
    notice = intake_commands.IssueCorrection(
        fresh("c"), case, (ev.DefectLine("m2", "缺\u202e签名"),), 1, "w1", hall.day, None
    )
    assert checked(notice).defects == (ev.DefectLine("m2", "缺签名"),)
    long = replace(notice, defects=(ev.DefectLine("m2", "错" * 501),))
    with pytest.raises(Refusal, match="不符说明最多 500 个字"):
        hall.ruled(long, receiving.issue_correction)


def test_facts_of_before_the_rule_are_read_again_as_they_are(hall: Machine) -> None:
    case = hall.draft()
    old = ev.ApplicantSet(
        kind="person", source="typed", has_agent=False, mandate=False, cert_type="111", name="王" * 400,
        cert_no=CERT, phone=None, address="路\u202e" * 300, legal_representative=None, agent_name=None,
        agent_cert_no=None, agent_phone=None, agent_relation=None,
    )  # fmt: skip
    hall.write(lambda ledger: ledger.append(case, old, actor="w1"))
    assert hall.look(views.case_by_id, case).applicant_name == "王" * 400
    assert differences_after_rebuild(hall) == []
