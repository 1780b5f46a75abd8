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
from hall.intake.package_events import CaseLeftOut, PackageChild
from hall.journal.facts import DossierOffered
from hall.journal.refusal import Refusal
from tests.hall.builders import (
    DAY,
    Machine,
    differences_after_rebuild,
    fresh,
    item,
    machine,
    raws,
)

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
    package, cases = fresh("package"), tuple(fresh("case") for _ in range(n))
    kids = tuple(PackageChild(f"x-{i}", f"示例{i}", case, "示例局") for i, case in enumerate(cases))
    opened = cmd.OpenPackage(
        fresh("c"), package, 2, 1, "开示例店", "示例局", kids, (), "652301", 1, 7, DAY, "w1"
    )
    m.do(opened, packages.open_package)
    for i, case in enumerate(cases):
        m.draft(case=case, package=package, item=item(id=f"x-{i}", name=f"示例{i}"))
        if i < ready:
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
    commits: list[list[CaseState | None]] = []
    pc.store.subscribe(lambda _recorded: commits.append(states(pc, package)))
    command = receipt(package, (first, second), (third,))
    receive(pc, command)
    before = raws(pc)
    receive(pc, command)
    assert commits == [[S.RECEIVED, S.RECEIVED, S.VOIDED]]
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
    pc.receive(second)
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
    pc.receive(second)
    single = pc.draft()
    left = CaseLeftOut(package, RENTS, WHY, DAY, "w1")
    for case, why in ((single, "只有套餐中的事项可以按情形不办"), (second, "办件已收件，不能按情形不办")):
        with pytest.raises(Refusal, match=why):
            pc.append(case, left)
    assert (pc.case(single).state, pc.case(second).state) == (S.DRAFT, S.RECEIVED)
