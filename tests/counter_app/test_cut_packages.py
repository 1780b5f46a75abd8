"""A package whose opening or 收件 was cut off, by a kill or by the program before: the clerk is told and goes on."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from counter_app.backend import opening
from counter_app.backend.intake_desk import Intake
from counter_app.outcome.ports import Act
from counter_app.take_in.ports import CaseView
from counter_app.values import CaseId, Refused, TicketId
from hall.intake import drafting
from hall.intake import views as intake
from hall.intake.model import CaseState
from hall.intake.package_events import PackageChild, PackageOpened
from hall.journal.refusal import Refusal
from tests.counter_app.desk_rig import Rig, make_rig
from tests.counter_app.fakes import new_id
from tests.counter_app.package_steps import SCHOOL, WHO, checked, desk_of, opened
from tests.hall.builders import fresh, raws
from tests.hall.package_builder import named_only, received_alone

S = CaseState
ROWS = (
    ("p07-01", "义务教育阶段学校学生入学"),
    ("p07-02", "流动人口暂住登记"),
    ("p04-01", "房屋交易合同网签备案"),
)
TICKET = TicketId("ticket-1")


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = make_rig(tmp_path)
    yield made
    made.close()


def kids_of(rig: Rig, package: str) -> list[tuple[str, CaseState | None]]:
    with rig.pc.store.read() as conn:
        row = intake.package_by_id(conn, package)
    assert row is not None
    return [(k.case, k.state) for k in row.children]


def states(rig: Rig, package: str) -> list[CaseState | None]:
    return [state for _, state in kids_of(rig, package)]


def cut_short(rig: Rig, opened_rows: int) -> CaseId:
    """A package as the program before left it when it was killed after so many of the children's commits."""
    kids = tuple(PackageChild(i, name, fresh("case"), "示例局") for i, name in ROWS)
    event = PackageOpened(7, 1, "入学一件事", "示例局", fresh("no"), kids, (), "w1")
    package = named_only(rig.pc, event)
    for kid in kids[:opened_rows]:
        command = opening.open_command(rig.bench, new_id(), TICKET, kid.item, "", package)
        rig.pc.do(replace(command, case=kid.case), drafting.open_case)
    return CaseId(package)


def filled(desk: Intake, package: CaseId, home: str, live: str) -> CaseView:
    desk.set_applicant(new_id(), package, WHO, None)
    desk.set_answer(new_id(), package, "home", home)
    view = desk.set_answer(new_id(), package, "live", live)
    for question, option in (("p04-01:kind", "new"), ("p04-01:seller", "company")):
        if any(q.question_id == question for q in view.questions):
            view = desk.set_answer(new_id(), package, question, option)
    return checked(desk, view)


def test_a_package_is_opened_with_all_its_cases_in_one_commit_or_not_at_all(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, command, before = desk_of(rig), new_id(), raws(rig.pc)
    numbers = drafting.next_case_no
    drawn: list[str] = []

    def failing(ledger, c):  # type: ignore[no-untyped-def]
        drawn.append(c.command_id)
        if len(drawn) == 3:
            raise Refusal("case_number", "示例故障。")
        return numbers(ledger, c)

    with monkeypatch.context() as patch:
        patch.setattr(drafting, "next_case_no", failing)
        with pytest.raises(Refused, match="示例故障"):
            desk.open_case(command, TICKET, SCHOOL)
    assert raws(rig.pc) == before
    view = desk.open_case(command, TICKET, SCHOOL)
    assert states(rig, view.case_id) == [S.DRAFT] * 3
    before = raws(rig.pc)
    assert desk.open_case(command, TICKET, SCHOOL) == view
    assert raws(rig.pc) == before


def test_a_child_that_was_never_opened_keeps_the_package_from_being_received_and_is_named(rig: Rig) -> None:
    desk, package = desk_of(rig), cut_short(rig, 2)
    filled(desk, package, "resident", "own")
    with pytest.raises(Refused, match="没有开出办件的事项：房屋交易合同网签备案。请重新打开这个套餐"):
        rig.outcomes.receive(new_id(), package)
    assert states(rig, package) == [S.DRAFT, S.DRAFT, None]


@pytest.mark.parametrize("opened_rows", [0, 1, 2])
def test_opening_it_again_opens_what_is_missing_once(rig: Rig, opened_rows: int) -> None:
    desk, package = desk_of(rig), cut_short(rig, opened_rows)
    with rig.pc.store.read() as conn:
        row = intake.package_by_id(conn, package)
    assert row is not None
    view = desk.find_case(row.case_no)
    assert states(rig, package) == [S.DRAFT] * 3
    before = raws(rig.pc)
    assert desk.find_case(row.case_no) == view
    assert raws(rig.pc) == before
    filled(desk, package, "resident", "own")
    rig.outcomes.receive(new_id(), package)
    assert states(rig, package) == [S.RECEIVED] * 3


def test_the_visit_brings_the_package_back_whole(rig: Rig) -> None:
    desk, package = desk_of(rig), cut_short(rig, 1)
    assert [v.case_id for v in desk.cases_of(TICKET)] == [package]
    assert states(rig, package) == [S.DRAFT] * 3
    sessions = {rig.pc.case(case).session for case, _ in kids_of(rig, package)}
    assert len(sessions) == 1


def test_elsewhere_nothing_is_opened_for_a_package_whose_cases_have_not_come_yet(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = cut_short(rig, 1)
    monkeypatch.setattr(type(rig.bench), "node_id", "window-2")
    desk_of(rig).packages.reopened(package)
    assert states(rig, package) == [S.DRAFT, None, None]


def test_a_package_without_any_case_here_says_so(rig: Rig) -> None:
    with pytest.raises(Refused, match="没有可办的事项"):
        desk_of(rig).case(cut_short(rig, 0))


@pytest.mark.parametrize(
    ("home", "live", "after"),
    [
        ("local", "rent", [S.RECEIVED, S.VOIDED, S.VOIDED]),
        ("resident", "rent", [S.RECEIVED, S.RECEIVED, S.VOIDED]),
    ],
)
def test_what_an_earlier_program_received_by_half_is_received_to_the_end(
    rig: Rig, home: str, live: str, after: list[CaseState]
) -> None:
    desk = desk_of(rig)
    view = checked(desk, opened(desk, home=home, live=live))
    received_alone(rig.pc, kids_of(rig, view.case_id)[0][0])
    choices = rig.outcomes.acts(view.case_id)
    assert [(c.act, c.refusal) for c in choices] == [(Act.RECEIVE, "")]
    rig.outcomes.receive(new_id(), view.case_id)
    assert states(rig, view.case_id) == after
    assert Act.ACCEPT in [c.act for c in rig.outcomes.acts(view.case_id)]
