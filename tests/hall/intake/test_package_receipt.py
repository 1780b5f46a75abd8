"""收件 of a package: all its children in one act, and what they can be left out for."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hall.intake import commands as cmd
from hall.intake import packages, views
from hall.intake.events import Answer
from hall.intake.model import CaseState
from hall.intake.package_events import CaseLeftOut, PackageChild, PackageOpened
from hall.journal.facts import DossierOffered
from hall.journal.refusal import Refusal
from tests.hall.builders import (
    DAY,
    Machine,
    differences_after_rebuild,
    fresh,
    machine,
    raws,
)
from tests.hall.package_builder import drafted_package, named_only, opening, received_alone

S = CaseState
RENTS = (Answer("live", "rent"),)
WHY = "一家人在本地住在哪里？租房"


@pytest.fixture
def pc() -> Iterator[Machine]:
    made = machine("pc-1")
    yield made
    made.store.close()


def drafted(m: Machine, n: int = 3, ready: int = 3) -> tuple[str, tuple[str, ...]]:
    """A package of drafts x-0, x-1, ... of which the first `ready` can be received."""
    cases = tuple(fresh("case") for _ in range(n))
    kids = tuple(PackageChild(f"x-{i}", f"示例{i}", case, "示例局") for i, case in enumerate(cases))
    package = drafted_package(m, kids)
    for case in cases[:ready]:
        m.applicant(case)
        m.check_all(case)
    return package, cases


def receipt(package: str, kept: tuple[str, ...], out: tuple[str, ...], **changes: Any) -> cmd.ReceivePackage:
    left_out = tuple(cmd.LeftOut(case, RENTS, WHY) for case in out)
    return replace(cmd.ReceivePackage(fresh("c"), package, kept, left_out, 1, "w1", DAY, DAY), **changes)


def receive(m: Machine, command: cmd.ReceivePackage) -> None:
    m.ruled(command, packages.receive_package)


def states(m: Machine, package: str) -> list[CaseState | None]:
    return [k.state for k in m.look(views.package_by_id, package).children]


def refused(m: Machine, command: cmd.ReceivePackage) -> str:
    """Why; nothing at all was written."""
    before = raws(m)
    with pytest.raises(Refusal) as told:
        receive(m, command)
    assert raws(m) == before
    return told.value.text


def test_all_children_in_one_commit_and_once(pc: Machine) -> None:
    package, (first, second, third) = drafted(pc)
    commits: list[int] = []
    pc.store.subscribe(lambda recorded: commits.append(recorded[-1].pos))
    command = receipt(package, (first, second), (third,))
    receive(pc, command)
    before = raws(pc)
    receive(pc, command)
    # listeners are told after the answer: what is written behind them waits until they are done
    pc.write(lambda _ledger: None)
    assert len(commits) == 1
    assert states(pc, package) == [S.RECEIVED, S.RECEIVED, S.VOIDED]
    assert raws(pc) == before
    assert refused(pc, receipt(package, (first,), ())) == "这个套餐已经收件。"
    assert packages.package_state(pc.look(views.package_by_id, package)) == "received"
    assert differences_after_rebuild(pc) == []


def test_a_child_left_out_goes_to_the_hall_and_keeps_why(pc: Machine) -> None:
    package, (first, second) = drafted(pc, 2)
    pc.append(second, DossierOffered("hall"))
    receive(pc, receipt(package, (first,), (second,)))
    held = pc.held(second)
    assert held is not None
    assert held.offered_to == "hall"
    act = pc.look(views.acts, second)[-1]
    assert (act.kind, act.actor, act.on_day, act.detail["why"]) == ("left_out", "w1", DAY, WHY)
    assert act.detail["answers"] == [{"question": "live", "option": "rent"}]


def test_at_a_hall_node_no_offer_stands_on_what_is_left_out(hall: Machine) -> None:
    package, (first, second) = drafted(hall, 2)
    hall.append(second, DossierOffered("示例局@node"))
    receive(hall, receipt(package, (first,), (second,)))
    assert hall.case(second).offered_to is None


def test_each_kept_child_is_checked_as_a_single_one_and_named(pc: Machine) -> None:
    package, (first, second) = drafted(pc, 2)
    command = receipt(package, (first, second), ())
    pc.letters.until["ACCEPT"] = DAY - timedelta(days=1)
    assert refused(pc, command).startswith("示例0：授权书示例1号已于")
    pc.letters.until["ACCEPT"] = DAY
    assert refused(pc, replace(command, kept=(first, first, second))) == "示例0：办件已收件，不能收件。"
    receive(pc, command)


def test_a_child_without_applicant_or_material_keeps_all_untouched(pc: Machine) -> None:
    package, (first, second) = drafted(pc, 2, ready=1)
    command = receipt(package, (first, second), ())
    assert refused(pc, command) == "示例1：请先填写申请人。"
    pc.applicant(second)
    assert refused(pc, command) == "示例1：还没有收到任何材料。"
    assert states(pc, package) == [S.DRAFT, S.DRAFT]
    pc.check_all(second)
    receive(pc, command)
    assert states(pc, package) == [S.RECEIVED, S.RECEIVED]


def test_only_a_draft_child_of_this_package_can_be_left_out(pc: Machine) -> None:
    package, (first, second) = drafted(pc, 2)
    _, (foreign,) = drafted(pc, 1)
    single = pc.draft()
    for other in (foreign, single, "case-nowhere"):
        assert refused(pc, receipt(package, (first, second), (other,))) == "套餐中没有这个办件。"
    received_alone(pc, second)
    text = refused(pc, receipt(package, (first,), (second,)))
    assert text == "示例1：办件已收件，不能按情形不办。"
    assert refused(pc, receipt(package, (first,), (first,))) == "示例0：办件已作废，不能收件。"


def test_every_draft_is_kept_or_left_out_for_a_reason_and_something_is_kept(pc: Machine) -> None:
    package, (first, second, third) = drafted(pc)
    assert refused(pc, receipt("package-nowhere", (first,), ())) == "没有这个套餐办件。"
    assert refused(pc, receipt(package, (first,), (second,))) == "还没有确定是否办理：示例2。"
    assert refused(pc, receipt(package, (), (first, second, third))).endswith("没有要办的事项。")
    for reason in (cmd.LeftOut(third, (), WHY), cmd.LeftOut(third, RENTS, " ")):
        command = receipt(package, (first, second), (), left_out=(reason,))
        assert refused(pc, command) == "示例2：没有说明因何情形不办。"


def test_no_record_says_it_of_anything_else(pc: Machine) -> None:
    package, (_, second) = drafted(pc, 2)
    received_alone(pc, second)
    single = pc.draft()
    left = CaseLeftOut(package, RENTS, WHY, DAY, "w1")
    for case, why in ((single, "只有套餐中的事项可以按情形不办"), (second, "办件已收件，不能按情形不办")):
        with pytest.raises(Refusal, match=why):
            pc.append(case, left)
    assert (pc.case(single).state, pc.case(second).state) == (S.DRAFT, S.RECEIVED)


def test_a_child_is_received_with_its_package_and_not_alone(pc: Machine) -> None:
    package, (first, second) = drafted(pc, 2)
    before = raws(pc)
    with pytest.raises(Refusal, match="这是套餐中的事项，不能单独收件，请对整个套餐收件。"):
        pc.receive(second)
    assert raws(pc) == before
    receive(pc, receipt(package, (first, second), ()))


@pytest.mark.parametrize("kept", [0, 1])
def test_beside_what_was_received_before_the_rest_is_received_and_dropped(pc: Machine, kept: int) -> None:
    package, (first, second, third) = drafted(pc)
    received_alone(pc, first)
    rest = (second, third)
    receive(pc, receipt(package, rest[:kept], rest[kept:]))
    assert states(pc, package) == [S.RECEIVED, [S.VOIDED, S.RECEIVED][kept], S.VOIDED]
    assert refused(pc, receipt(package, (second,), ())) == "这个套餐已经收件。"


def test_a_child_whose_case_was_never_opened_is_named_and_can_be_opened(pc: Machine) -> None:
    kids = tuple(PackageChild(f"x-{i}", f"示例{i}", fresh("case"), "示例局") for i in range(3))
    package = named_only(pc, PackageOpened(2, 1, "开示例店", "示例局", "no-1", kids, (), "w1"))
    cases = [replace(one, package=package) for one in opening(kids).cases]
    open_missing(pc, package, *cases[:2])
    for one in cases[:2]:
        pc.applicant(one.case)
        pc.check_all(one.case)
    command = receipt(package, (cases[0].case, cases[1].case), ())
    assert refused(pc, command).startswith("套餐中还没有开出办件的事项：示例2。")
    for wrong in (cases[1], replace(cases[2], case=fresh("case"))):
        before = raws(pc)
        with pytest.raises(Refusal):
            open_missing(pc, package, cases[2], wrong)
        assert raws(pc) == before
    open_missing(pc, package, cases[2])
    assert refused(pc, command) == "还没有确定是否办理：示例2。"
    receive(pc, receipt(package, command.kept, (cases[2].case,)))
    assert states(pc, package) == [S.RECEIVED, S.RECEIVED, S.VOIDED]
    assert differences_after_rebuild(pc) == []


def open_missing(m: Machine, package: str, *cases: cmd.OpenCase) -> None:
    m.do(cmd.OpenMissing(fresh("c"), package, cases), packages.open_missing)
