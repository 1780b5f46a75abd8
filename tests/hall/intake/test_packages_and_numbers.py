"""一件事: children, prerequisites, the one merged round, the derived state; and document numbers."""

from dataclasses import replace

import pytest

from hall.intake import commands as cmd
from hall.intake import packages, views
from hall.intake.events import DefectLine
from hall.intake.model import CaseState
from hall.intake.package_events import PackageChild
from hall.intake.views import ChildRow, PackageRow
from hall.journal.refusal import NotSettled, Refusal
from tests.hall.builders import DAY, Machine, fresh, machine
from tests.hall.journal.world import EVERYBODY
from tests.hall.package_builder import opening, received_package


def opened(hall: Machine) -> tuple[str, str, str]:
    """(package, first child, second child which waits for the first)."""
    first, second = fresh("case"), fresh("case")
    kids = (
        PackageChild("x-01", "示例经营许可", first, "示例局"),
        PackageChild("x-02", "示例招牌备案", second, "示例二局", ("x-01",)),
    )
    return received_package(hall, kids), first, second


def file(hall: Machine, package: str, case: str, *texts: str) -> None:
    defects = tuple(DefectLine("m2", t) for t in texts)
    hall.do(cmd.FilePackageDefects(fresh("c"), package, case, "示例局", defects, "o1"), packages.file_defects)


def close(hall: Machine, package: str) -> None:
    command = cmd.ClosePackageRound(fresh("c"), package, "o1", "示市示例补字〔2026〕第1号", DAY)
    hall.do(command, packages.close_round)


def test_a_package_has_children_and_a_number_beside_theirs(hall: Machine) -> None:
    package, first, second = opened(hall)
    row = hall.look(views.package_by_id, package)
    assert [k.case for k in row.children] == [first, second]
    numbers = {row.case_no, hall.case(first).case_no, hall.case(second).case_no}
    assert len(numbers) == 3
    assert hall.look(views.package_by_no, row.case_no).id == package
    assert hall.look(views.package_of_case, second).id == package


def test_a_package_without_children_is_no_package(hall: Machine) -> None:
    with pytest.raises(Refusal, match="没有可办的事项"):
        hall.do(
            opening(()),
            packages.open_package,
        )


def test_a_package_names_no_child_whose_case_is_not_opened_with_it(hall: Machine) -> None:
    kids = tuple(PackageChild(f"x-{n}", f"示例{n}", fresh("case"), "示例局") for n in range(3))
    command = opening(kids)
    for cases in (command.cases[:2], command.cases[::-1]):
        with pytest.raises(Refusal, match="不一致"):
            hall.do(replace(command, cases=cases), packages.open_package)
    taken = replace(command.cases[2], case=hall.draft())
    twice = replace(command, children=(*kids[:2], replace(kids[2], case=taken.case)))
    with pytest.raises(Refusal, match="已经存在"):
        hall.do(replace(twice, cases=(*command.cases[:2], taken)), packages.open_package)
    assert hall.look(views.package_by_id, command.package) is None, "the third keeps all from being opened"
    hall.do(command, packages.open_package)
    assert {k.state for k in hall.look(views.package_by_id, command.package).children} == {CaseState.DRAFT}


def test_a_child_waits_for_what_must_be_granted_first(hall: Machine) -> None:
    package, first, second = opened(hall)
    for case in (first, second):
        hall.accept(case)
    assert packages.ready_children(hall.look(views.package_by_id, package)) == (first,)
    with pytest.raises(Refusal, match="前置事项尚未办结"):
        hall.dispatch(second)
    hall.dispatch(first)
    hall.take(first)
    hall.decide(first)
    hall.dispatch(second)
    assert hall.case(second).state is CaseState.DISPATCHED


def test_a_refused_prerequisite_keeps_its_child_waiting(hall: Machine) -> None:
    package, first, second = opened(hall)
    for case in (first, second):
        hall.accept(case)
    hall.dispatch(first)
    hall.take(first)
    hall.decide(first, granted=False)
    assert second not in packages.ready_children(hall.look(views.package_by_id, package))


def test_each_child_files_once_and_the_lead_closes_once(hall: Machine) -> None:
    package, first, second = opened(hall)
    file(hall, package, first, "租赁合同缺页")
    with pytest.raises(Refusal, match="已经提交"):
        file(hall, package, first)
    with pytest.raises(Refusal, match="没有这个办件"):
        file(hall, package, "case-other")
    close(hall, package)
    with pytest.raises(Refusal, match="已经告知过"):
        close(hall, package)
    with pytest.raises(Refusal, match="不能再提"):
        file(hall, package, second, "迟来的意见")
    kids = hall.look(views.package_by_id, package).children
    assert [(k.filed, len(k.defects)) for k in kids] == [(True, 1), (False, 0)]


def test_no_department_sends_its_own_notice_beside_the_merged_one(hall: Machine) -> None:
    package, first, second = opened(hall)
    with pytest.raises(Refusal, match="牵头部门合并"):
        hall.correct(first, as_department=True, window=None)
    file(hall, package, first, "租赁合同缺页")
    file(hall, package, second)
    close(hall, package)
    hall.correct(first, as_department=True, window=None)
    with pytest.raises(Refusal, match="当时没有提出"):
        hall.correct(second, as_department=True, window=None)
    assert (hall.case(first).state, hall.case(second).state) == (CaseState.CORRECTION, CaseState.RECEIVED)


S = CaseState


@pytest.mark.parametrize(
    ("states", "whole"),
    [
        ((S.DRAFT, S.DRAFT), "draft"),
        ((S.RECEIVED, S.RECEIVED), "received"),
        ((S.RECEIVED, S.CORRECTION), "checking"),
        ((S.PRECHECK, S.RECEIVED), "checking"),
        ((S.RECEIVED, S.ACCEPTED), "partly_accepted"),
        ((S.ACCEPTED, S.ACCEPTED), "accepted"),
        ((S.ACCEPTED, S.REVIEWING), "in_progress"),
        ((S.GRANTED, S.REVIEWING), "partly_closed"),
        ((S.GRANTED, S.DENIED), "closed"),
        ((S.DELIVERED, S.GRANTED), "delivering"),
        ((S.DELIVERED, S.ARCHIVED), "delivered"),
        ((S.WITHDRAWN, S.WITHDRAWN), "withdrawn"),
    ],
)
def test_the_state_of_the_whole_follows_from_the_children(states: tuple[S, ...], whole: str) -> None:
    kids = tuple(
        ChildRow(f"c{n}", n, f"i{n}", "示例", "示例局", (), False, (), state)
        for n, state in enumerate(states)
    )
    row = PackageRow("p", 1, "示例", "示例局", "no", False, None, kids, "n1")
    assert packages.package_state(row) == whole


def test_numbers_have_no_gap_and_one_series_for_organ_kind_and_year(hall: Machine) -> None:
    assert [hall.number() for _ in range(3)] == [f"示市示例受字〔2026〕第{n}号" for n in (1, 2, 3)]
    assert hall.number("补字").endswith("第1号")
    assert hall.number(year=2027).endswith("第1号")
    assert hall.number(organ="示市他").endswith("第1号")
    assert hall.number().endswith("第4号")


def test_asking_again_for_the_same_number_gives_the_same_one(hall: Machine) -> None:
    ask = cmd.DrawNumber("draw-1", "示市示例", "受字", 2026, "case-1", "w1")
    first = hall.do(ask, packages.draw_number)
    again = hall.do(ask, packages.draw_number)
    assert again.replayed
    assert again.records[-1].event == first.records[-1].event
    assert hall.look(views.last_number, "示市示例", "受字", 2026) == 1


def test_a_refused_draw_leaves_no_gap(hall: Machine) -> None:
    hall.number()
    with pytest.raises(Refusal, match="机关代字"):
        hall.number(organ="示市 1")
    assert hall.number().endswith("第2号")


def test_a_window_and_a_restored_node_give_no_numbers(hall: Machine) -> None:
    pc = machine("pc-1")
    with pytest.raises(Refusal, match="大厅节点编排"):
        pc.number()
    pc.store.close()
    hall.number()
    hall.store.renew_incarnation()
    with pytest.raises(NotSettled):
        hall.number()


def test_a_case_number_is_never_given_twice_even_when_one_was_cut_off(hall: Machine) -> None:
    """A manager seizes a case before its first records arrive: its number is on a receipt all the same."""
    pc = machine("pc-1", clock=hall.hand_clock)
    first, second = pc.draft(), pc.draft()
    numbers = {pc.case(first).case_no, pc.case(second).case_no}
    from tests.hall.builders import carry, raws

    opening = [r for r in raws(pc) if b'"dossier.opened"' in r and first.encode() in r]
    hall.write(lambda ledger: [ledger.admit(r, "pc-1") for r in opening])
    hall.write(lambda ledger: ledger.seize(first, below=EVERYBODY, by="m1", reason="主机损坏"))
    carry(hall, pc)
    assert pc.look(views.case_by_id, first) is None
    assert pc.case(pc.draft()).case_no not in numbers
    pc.store.close()


def test_a_number_in_the_series_names_its_case(hall: Machine) -> None:
    draw = cmd.DrawNumber(fresh("c"), "示市示例", "受字", 2026, "6523010120260302", "w1")
    event = hall.do(replace(draw), packages.draw_number).records[-1].event
    assert getattr(event, "for_case", None) == "6523010120260302"
