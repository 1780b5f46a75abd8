"""What is stamped across the scanned pages of a case, by its facts."""

import re

import pytest

from hall.catalogue.loading import resources_dir
from hall.handouts import materials_file
from hall.intake import commands as cmd
from hall.intake import drafting, errands, views
from hall.intake.events import DefectLine, PageAttached
from hall.intake.model import CheckResult, MaterialState
from hall.papers.scans import PageState
from hall.reference import Reference, load_reference
from tests.hall.builders import DAY, Machine, fresh, page


@pytest.fixture(scope="module")
def ref() -> Reference:
    return load_reference(resources_dir(), "changji")


def stamps(hall: Machine, ref: Reference, case: str) -> list[tuple[str, PageState, str]]:
    """(material, what is said across the page, who compared it) of every page."""
    with hall.store.read() as conn:
        file = materials_file(conn, ref, hall.case(case), lambda p: p.page.encode())
    return [(p.material, p.state, p.compared_by) for p in file.pages]


def test_only_a_page_compared_with_its_original_is_stamped(hall: Machine, ref: Reference) -> None:
    case = hall.draft()
    hall.applicant(case)
    first, second, third, *_ = hall.look(views.materials, case)
    for m in (first, second, third):
        hall.do(cmd.AttachPage(fresh("c"), case, m.id, page(fresh("p")), "w1"), drafting.attach_page)
    hall.check(case, first.id, CheckResult.OK)
    copy = cmd.PresentMaterial(fresh("c"), case, third.id, "copy", 1, "none", "w1")
    hall.do(copy, drafting.present_material)
    hall.check(case, third.id, CheckResult.OK)
    (_, state, by), *others = stamps(hall, ref, case)
    assert state is PageState.COMPARED
    assert re.fullmatch(r"w1，\d+年\d+月\d+日", by)
    assert [(s, by) for _, s, by in others] == [(PageState.UNCOMPARED, "")] * 2


def test_a_page_that_a_correction_replaced_is_not_stamped(hall: Machine, ref: Reference) -> None:
    case = hall.draft()
    hall.applicant(case)
    first, second, *_ = hall.look(views.materials, case)
    for m in (first, second):
        hall.do(cmd.AttachPage(fresh("c"), case, m.id, page(fresh("p")), "w1"), drafting.attach_page)
        hall.check(case, m.id, CheckResult.OK)
    hall.receive(case)
    hall.correct(case, defects=(DefectLine(first.id, "没有签名"),))
    errand = hall.errand(hall.case(case).case_no)
    new = cmd.AttachErrandPage(fresh("c"), errand, first.id, page(fresh("p")), "w1")
    hall.do(new, errands.attach_errand_page)
    hall.hand_in(errand)
    hall.answer(errand)
    before = {name: state for name, state, _ in stamps(hall, ref, case)}
    assert before[second.facts.name] is PageState.COMPARED
    assert [s for n, s, _ in stamps(hall, ref, case) if n == first.facts.name] == [
        PageState.REPLACED,
        PageState.UNCOMPARED,
    ]
    hall.check(case, first.id, CheckResult.OK)
    assert [s for n, s, _ in stamps(hall, ref, case) if n == first.facts.name] == [
        PageState.REPLACED,
        PageState.UNCOMPARED,
    ], "who passes a scan that another window made has compared nothing"
    hall.present(case, first.id, place="returned")
    hall.check(case, first.id, CheckResult.OK)
    assert [s for n, s, _ in stamps(hall, ref, case) if n == first.facts.name] == [
        PageState.REPLACED,
        PageState.COMPARED,
    ]
    with hall.store.read() as conn:
        file = materials_file(conn, ref, hall.case(case), lambda p: p.page.encode())
    assert [p.corrected for p in file.pages if p.material == first.facts.name] == [None, DAY]
    assert [p.corrected for p in file.pages if p.material == second.facts.name] == [None]


def test_a_material_that_nobody_scanned_is_named_with_its_place(hall: Machine, ref: Reference) -> None:
    case = hall.draft()
    hall.applicant(case)
    first, second, third, *_ = hall.look(views.materials, case)
    hall.do(cmd.AttachPage(fresh("c"), case, first.id, page(fresh("p")), "w1"), drafting.attach_page)
    hall.present(case, second.id, "original", "kept")
    hall.present(case, third.id, "original", "sent_on")
    with hall.store.read() as conn:
        file = materials_file(conn, ref, hall.case(case), lambda p: p.page.encode())
    assert file.unscanned == (
        f"{second.facts.name}（原件留1号窗口，未拍摄）",
        f"{third.facts.name}（原件随件转交，未拍摄）",
    )


def test_a_page_that_came_after_the_check_is_not_stamped_by_it(hall: Machine, ref: Reference) -> None:
    case = hall.draft()
    hall.applicant(case)
    first, *_ = hall.look(views.materials, case)
    hall.do(cmd.AttachPage(fresh("c"), case, first.id, page("p1"), "w1"), drafting.attach_page)
    hall.check(case, first.id, CheckResult.OK)
    hall.do(cmd.AttachPage(fresh("c"), case, first.id, page("p2"), "w2"), drafting.attach_page)
    assert hall.look(views.materials, case)[0].state is MaterialState.PRESENTED
    assert {s for _, s, _ in stamps(hall, ref, case)} == {PageState.UNCOMPARED}
    hall.check(case, first.id, CheckResult.OK)
    assert [s for _, s, _ in stamps(hall, ref, case)] == [PageState.COMPARED] * 2


def test_a_late_page_of_a_journal_that_kept_the_check_is_not_stamped_either(
    hall: Machine, ref: Reference
) -> None:
    """As programs before this one recorded it: the material stayed checked."""
    case = hall.draft()
    hall.applicant(case)
    first, *_ = hall.look(views.materials, case)
    hall.do(cmd.AttachPage(fresh("c"), case, first.id, page("p1"), "w1"), drafting.attach_page)
    hall.check(case, first.id, CheckResult.OK)
    late = page("p2")
    attached = PageAttached(first.id, late.page, late.image, late.plain_sha256)
    hall.write(lambda ledger: ledger.append(case, attached, actor="w2"))
    assert hall.look(views.materials, case)[0].state is MaterialState.CHECKED_OK
    assert [s for _, s, _ in stamps(hall, ref, case)] == [PageState.COMPARED, PageState.UNCOMPARED]
