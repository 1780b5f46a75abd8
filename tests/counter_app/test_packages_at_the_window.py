"""A real package over a real journal: questions once, the exact list, needless children, the pre-check."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from counter_app.backend import package_desk
from counter_app.take_in.ports import (
    CaseStage,
    MaterialState,
)
from counter_app.values import CaseId, Refused, TicketId
from hall.catalogue.hall_profile import IntakeMode
from hall.catalogue.model import SAMPLE_TEXT
from hall.identity.identity_paper import IdentityPaper
from hall.intake import commands as cmd
from hall.intake import packages, receiving
from hall.intake import views as intake
from hall.intake.model import CaseState
from hall.reference import Reference
from tests.counter_app.desk_rig import Rig, make_rig
from tests.counter_app.fakes import new_id
from tests.counter_app.package_steps import SCHOOL, WHO, checked, desk_of, opened
from tests.hall.builders import fresh


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = make_rig(tmp_path)
    yield made
    made.close()


def states(rig: Rig, package: str) -> dict[str, CaseState | None]:
    with rig.pc.store.read() as conn:
        row = intake.package_by_id(conn, package)
    assert row is not None
    return {k.item_id: k.state for k in row.children}


def test_shared_questions_are_asked_once_and_the_list_waits_for_them(rig: Rig) -> None:
    desk = desk_of(rig)
    view = opened(desk)
    assert [q.question_id for q in view.questions] == ["home", "live"]
    assert view.materials == ()
    view = desk.set_answer(new_id(), view.case_id, "home", "resident")
    view = desk.set_answer(new_id(), view.case_id, "live", "rent")
    assert [(q.question_id, q.answer) for q in view.questions] == [("home", "resident"), ("live", "rent")]
    names = {m.name for m in view.materials}
    assert {"房屋租赁合同及备案凭证", "居住证"} <= names
    assert not any("不动产权证书" in n or "买卖" in n for n in names)
    lease = next(m for m in view.materials if m.name == "房屋租赁合同及备案凭证")
    assert lease.shared_by == 2


def test_another_answer_brings_a_child_back_with_its_applicant(rig: Rig) -> None:
    desk = desk_of(rig)
    view = opened(desk, home="local", live="rent")
    assert len(desk.packages.children(view.case_id)) == 1
    desk.set_applicant(new_id(), view.case_id, replace(WHO, name="示例乙"), None)
    view = desk.set_answer(new_id(), view.case_id, "live", "own")
    view = desk.set_answer(new_id(), view.case_id, "p04-01:kind", "new")
    view = desk.set_answer(new_id(), view.case_id, "p04-01:seller", "company")
    assert {"出卖单位营业执照", "不动产权证书或房屋买卖合同"} <= {m.name for m in view.materials}
    for case in desk.packages.children(view.case_id):
        assert rig.pc.case(case).applicant_name == "示例乙"


def test_what_was_captured_for_one_child_is_still_to_do_for_one_that_came_later(rig: Rig) -> None:
    desk = desk_of(rig)
    view = checked(desk, opened(desk, home="local", live="rent"))
    assert {m.state for m in view.materials} == {MaterialState.CHECKED_OK}
    view = desk.set_answer(new_id(), view.case_id, "home", "resident")
    lease = next(m for m in view.materials if m.name == "房屋租赁合同及备案凭证")
    assert (lease.shared_by, lease.state) == (2, MaterialState.REQUIRED)


def test_unknown_answers_are_refused(rig: Rig) -> None:
    desk = desk_of(rig)
    view = opened(desk)
    for question, option in (("live", "tent"), ("p01-01:kind", "company"), ("x", "y")):
        with pytest.raises(Refused, match="没有这个选项"):
            desk.set_answer(new_id(), view.case_id, question, option)


def test_a_repeated_opening_and_answer_change_nothing(rig: Rig) -> None:
    desk = desk_of(rig)
    command, answer = new_id(), new_id()
    view = desk.open_case(command, TicketId("ticket-1"), SCHOOL)
    assert desk.open_case(command, TicketId("ticket-1"), SCHOOL) == view
    first = desk.set_answer(answer, view.case_id, "live", "rent")
    assert desk.set_answer(answer, view.case_id, "live", "rent") == first


def test_taking_in_drops_the_children_that_are_not_needed(rig: Rig) -> None:
    desk = desk_of(rig)
    view = checked(desk, opened(desk, home="local", live="rent"))
    done = rig.outcomes.receive(new_id(), view.case_id)
    assert states(rig, view.case_id) == {
        "p07-01": CaseState.RECEIVED,
        "p07-02": CaseState.VOIDED,
        "p04-01": CaseState.VOIDED,
    }
    assert done.case.stage is CaseStage.RECEIVED
    assert [p.title for p in done.papers].count("收件凭证") == 1
    accept = rig.outcomes.acts(view.case_id)[0]
    assert accept.refusal == ""


def test_a_draft_from_before_the_kinds_reads_them_from_the_catalogue(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_of(rig)
    now = desk.case(opened(desk, home="resident", live="rent").case_id)
    with monkeypatch.context() as before:
        facts = package_desk.required
        before.setattr(
            package_desk, "required", lambda i, m: replace(facts(i, m), identity=False, identity_paper=None)
        )
        old = opened(desk, home="resident", live="rent")
    kinds = [(m.name, m.identity) for m in now.materials]
    assert [(m.name, m.identity) for m in desk.case(old.case_id).materials] == kinds
    assert {kind for _, kind in kinds} == {IdentityPaper.CARD, IdentityPaper.BOOK, None}


def test_a_waiting_child_waits_for_no_void_one(rig: Rig) -> None:
    package, (first, second) = rig.package(("x-1",), ())
    rig.pc.do(cmd.VoidCase(fresh("c"), second, "w1", "示例"), receiving.void_case)
    with rig.pc.store.read() as conn:
        row = intake.package_by_id(conn, package)
    assert row is not None
    assert packages.ready_children(row)[0] == first
    assert packages.package_state(row) == "received"


def test_a_package_of_samples_says_so(rig: Rig) -> None:
    desk = desk_of(rig)
    view = opened(desk)
    assert view.item.name == f"入学一件事（{SAMPLE_TEXT}）"
    found = [r for r in desk.packages.search("一件事") if r.item_id == SCHOOL]
    assert [r.name for r in found] in ([], [view.item.name])


def test_a_package_waits_for_its_pre_check_like_a_single_case(rig: Rig) -> None:
    profile = replace(rig.bench.ref.profile, intake_mode=IntakeMode.PRECHECK_THEN_ACCEPT)
    rig.bench.ref = Reference(
        replace(rig.bench.ref.catalogue, profile=profile), rig.bench.ref.people, rig.bench.ref.calendar
    )
    desk = desk_of(rig)
    view = checked(desk, opened(desk, home="resident", live="rent"))
    package = CaseId(view.case_id)
    assert rig.outcomes.receive(new_id(), package).case.stage is CaseStage.TO_PRECHECK
    first, second = desk.packages.children(package)
    rig.pc.do(cmd.AskPrecheck(fresh("c"), first, "w1"), receiving.ask_precheck)
    assert desk.case(package).stage is CaseStage.TO_PRECHECK, "the second child is still here"
    rig.pc.do(cmd.AskPrecheck(fresh("c"), second, "w1"), receiving.ask_precheck)
    assert desk.case(package).stage is CaseStage.DISPATCHED
    for case in (first, second):
        rig.bench.hold_here(case)
        rig.pc.do(cmd.PassPrecheck(fresh("c"), case, "o1", ""), receiving.pass_precheck)
    passed = desk.case(package)
    assert (passed.stage, passed.stage_text) == (CaseStage.RECEIVED, "初审已通过，待受理")


def test_a_package_counts_the_children_that_are_left_and_says_of_what_kind(rig: Rig) -> None:
    desk = desk_of(rig)
    view = opened(desk, home="local", live="rent")
    with rig.pc.store.read() as conn:
        row = intake.package_by_id(conn, view.case_id)
    assert row is not None
    left = desk.packages.children(view.case_id)
    assert 0 < len(left) < len(row.children)
    assert view.item.package_size == len(left)
    counts = [int(part.split()[1]) for part in view.due_text.split("，")[:-1]]
    assert sum(counts) == len(left)
    assert view.due_text.endswith("，分别计时")
    assert "承诺件" in view.due_text
