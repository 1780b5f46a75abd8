"""Papers of real cases, made from their facts, set by the press and read back as a person would copy them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from hall.catalogue.loading import resources_dir
from hall.catalogue.scenario import holds
from hall.delivery import commands as out_cmd
from hall.delivery import handlers as delivery
from hall.handouts import errand_receipt, one_time_notice
from hall.intake import commands as cmd
from hall.intake import drafting, errands, receiving, views
from hall.intake.events import DefectLine
from hall.intake.model import AcceptMode, CheckResult
from hall.papers.content import CorrectionNotice
from hall.papers.faces import FontSet
from hall.papers.press import PaperPress
from hall.paperwork import (
    COPIES,
    NO_NUMBER,
    TITLES,
    PaperName,
    china_time_of,
    copies_of,
    make_paper,
    papers_of,
)
from hall.reference import Reference, load_reference
from hall.review import commands as review_cmd
from hall.review import handlers as review
from tests.hall.builders import ALL_PAPERS, CERT, DAY, NAME, Machine, fresh, machine, page
from tests.hall.papers.reading import FONTS, codes, page_texts, pdfium_text, picture, squeezed

ITEM = "p02-01"
ORGAN = "市市场监督管理局"


@pytest.fixture(scope="module")
def press() -> PaperPress:
    return PaperPress(FontSet.in_folder(FONTS))


@pytest.fixture(scope="module")
def ref() -> Reference:
    return load_reference(resources_dir(), "changji")


@pytest.fixture
def hall(ref: Reference) -> Iterator[Machine]:
    one = machine("node-1", "hall")
    one.rules = ref.rules
    yield one
    one.store.close()


def draft(hall: Machine, ref: Reference) -> str:
    item = ref.catalogue.item(ITEM)
    answers = {}
    assert item.guide is not None
    for q in item.guide.questions:
        answers[q.id] = next(o.value for o in q.options if o.stop is None)
    materials = ref.exact_materials(item, {q: a for q, a in answers.items() if _asked(ref, answers, q)})
    case = hall.draft(item=ref.item_facts(item), materials=materials)
    hall.applicant(case)
    return case


def _asked(ref: Reference, answers: dict[str, str], question: str) -> bool:
    guide = ref.catalogue.item(ITEM).guide
    assert guide is not None
    asked = next(q for q in guide.questions if q.id == question)
    return holds(asked.ask_if, answers, guide.questions)


def received(hall: Machine, ref: Reference) -> str:
    case = draft(hall, ref)
    hall.check_all(case)
    hall.receive(case)
    return case


def names(hall: Machine, case: str) -> dict[str, PaperName]:
    return {p.kind: p for p in hall.look(papers_of, hall.case(case))}


def text_of(
    hall: Machine, ref: Reference, press: PaperPress, case: str, kind: str, *, reprint: bool = False
) -> str:
    """What the paper says, without blanks."""
    name = names(hall, case)[kind]
    with hall.store.read() as conn:
        paper = make_paper(conn, ref, hall.case(case), name, reprint=reprint)
    return pdfium_text(press.render(paper))


def says(text: str, *facts: str) -> None:
    assert [f for f in facts if squeezed(f) not in text] == []


def test_receipt(hall: Machine, ref: Reference, press: PaperPress) -> None:
    case = received(hall, ref)
    text = text_of(hall, ref, press, case, "received")
    row = hall.case(case)
    says(text, TITLES["received"], ref.profile.name, NAME, CERT, row.case_no, row.item.name, "1号窗口")
    says(text, *(m.facts.name for m in hall.look(views.materials, case)))
    says(text, "五个工作日内书面告知是否受理，不迟于2026年3月9日；", "自助机“查进度”查到", "任一窗口查询。")


def test_a_receipt_is_printed_again_as_it_was(hall: Machine, ref: Reference, press: PaperPress) -> None:
    case = draft(hall, ref)
    first, second, *_ = hall.look(views.materials, case)
    hall.present(case, first.id)
    hall.receive(case)
    before = text_of(hall, ref, press, case, "received")
    assert squeezed(second.facts.name) not in before
    hall.present(case, second.id)
    late = cmd.AttachPage(fresh("c"), case, first.id, page("late"), "w1")
    hall.do(late, drafting.attach_page)
    again = text_of(hall, ref, press, case, "received", reprint=True)
    assert again.replace("补打", "") == before
    assert "补打" in again


def test_a_night_filing_prints_both_days(hall: Machine, ref: Reference, press: PaperPress) -> None:
    case = draft(hall, ref)
    hall.check_all(case)
    hall.receive(case, counted_from=DAY + timedelta(days=1))
    says(text_of(hall, ref, press, case, "received"), "2026年3月2日", "2026年3月3日")


def test_acceptance(hall: Machine, ref: Reference, press: PaperPress) -> None:
    case = received(hall, ref)
    hall.accept(case, document_no="昌市市监受字〔2026〕第3号")
    row = hall.case(case)
    text = text_of(hall, ref, press, case, "accepted")
    says(
        text, TITLES["accepted"], ORGAN, "昌市市监受字〔2026〕第3号", NAME, CERT, row.item.name, row.item.code
    )
    assert row.due is not None
    says(text, f"{row.due.year}年{row.due.month}月{row.due.day}日", "三十二条", "2026年3月2日")
    assert names(hall, case)["accepted"].needs_seal


def test_an_acceptance_keeps_its_day_when_the_limit_is_extended(
    hall: Machine, ref: Reference, press: PaperPress
) -> None:
    case = received(hall, ref)
    hall.accept(case)
    before = text_of(hall, ref, press, case, "accepted")
    desk = hall.case(case).desk
    hall.dispatch(case, desk)
    hall.take(case, desk)
    longer = review_cmd.ExtendLimit(fresh("c"), case, "负责人", 5, "复杂", DAY, None)
    hall.ruled(longer, review.extend_limit)
    assert text_of(hall, ref, press, case, "accepted", reprint=True).replace("补打", "") == before


def test_acceptance_with_missing_materials_names_them_for_good(
    hall: Machine, ref: Reference, press: PaperPress
) -> None:
    case = draft(hall, ref)
    owed = next(m for m in hall.look(views.materials, case) if m.facts.tolerable)
    for m in hall.look(views.materials, case):
        if m.id != owed.id:
            hall.present(case, m.id)
            hall.check(case, m.id, CheckResult.OK)
    hall.check(case, owed.id, CheckResult.TOLERATED)
    hall.receive(case)
    hall.accept(case, AcceptMode.TOLERANT)
    before = text_of(hall, ref, press, case, "accepted")
    says(before, owed.facts.name)
    hall.present(case, owed.id)
    hall.check(case, owed.id, CheckResult.OK)
    assert text_of(hall, ref, press, case, "accepted", reprint=True).replace("补打", "") == before


def test_correction_lists_every_defect(hall: Machine, ref: Reference, press: PaperPress) -> None:
    case = received(hall, ref)
    first, second, *_ = hall.look(views.materials, case)
    defects = (DefectLine(first.id, "第3页没有签字"), DefectLine(second.id, "合同已过期"))
    hall.correct(case, defects=defects, document_no="昌市市监补字〔2026〕第1号")
    text = text_of(hall, ref, press, case, "correction")
    says(text, TITLES["correction"], ORGAN, "昌市市监补字〔2026〕第1号", NAME, first.facts.name)
    says(text, second.facts.name, "第3页没有签字", "合同已过期", "2026年3月2日", "三十二条")
    back = hall.case(case).return_by
    assert back is not None
    says(
        text,
        f"{back.month}月{back.day}日",
        "上述期限由本机关确定。",
        "本告知书一式两份",
        "予以受理",
        "逾期未补正",
        "不影响重新申请",
    )


def test_what_a_notice_asks_for_follows_from_the_fact_not_from_the_words(
    hall: Machine, ref: Reference, press: PaperPress
) -> None:
    case = draft(hall, ref)
    first, second, *_ = hall.look(views.materials, case)
    hall.present(case, first.id)
    hall.receive(case)
    # the clerk's words begin alike; only one of the two was never handed in
    defects = (
        DefectLine(first.id, "没有提交第3页"),
        DefectLine(second.id, "没有提交"),
        DefectLine("x", "其他"),
    )
    hall.correct(case, defects=defects)
    with hall.store.read() as conn:
        paper = make_paper(conn, ref, hall.case(case), names(hall, case)["correction"])
    assert isinstance(paper, CorrectionNotice)
    assert [d.remedy for d in paper.defects] == [
        f"请改正后再交：{first.facts.name}。",
        f"请补交：{second.facts.name}。",
        "请补交或改正：x。",
    ]


def test_a_paper_without_a_number_says_so_and_a_receipt_has_none_to_miss(
    hall: Machine, ref: Reference, press: PaperPress
) -> None:
    case = received(hall, ref)
    hall.accept(case, document_no=None)
    assert "断网" not in NO_NUMBER, "a number may be missing with the line up"
    says(text_of(hall, ref, press, case, "accepted"), NO_NUMBER)
    assert squeezed(NO_NUMBER) not in text_of(hall, ref, press, case, "received")


def test_no_paper_prints_a_gap(hall: Machine, ref: Reference, press: PaperPress) -> None:
    case, _ = decided(hall, ref, True)
    for kind in ("received", "accepted", "granted"):
        assert "待补充" not in text_of(hall, ref, press, case, kind)


def test_two_copies_say_whose_each_is(hall: Machine, ref: Reference, press: PaperPress) -> None:
    case = received(hall, ref)
    name = names(hall, case)["received"]
    with hall.store.read() as conn:
        made = make_paper(conn, ref, hall.case(case), name)
    one = page_texts(press.render(made))
    two = page_texts(press.set_copies(copies_of(made, name.copies)).pdf)
    assert len(two) == 2 * len(one)
    for label, text in zip(COPIES, (two[0], two[len(one)]), strict=True):
        assert squeezed(label) in text
        assert f"第1页共{len(one)}页" in text


def test_a_department_acts_under_the_halls_own_name_of_it(
    hall: Machine, ref: Reference, press: PaperPress
) -> None:
    case = received(hall, ref)
    hall.correct(case, as_department=True, window=None)
    says(text_of(hall, ref, press, case, "correction"), ORGAN)


@pytest.mark.parametrize("unneeded", [True, False])
def test_refusals(hall: Machine, ref: Reference, press: PaperPress, unneeded: bool) -> None:
    case = received(hall, ref)
    command = cmd.RefuseCase(
        fresh("c"), case, unneeded, "该事项由上级机关办理", None if unneeded else "示例州交通运输局", 1, "w1", DAY, None
    )  # fmt: skip
    hall.ruled(command, receiving.refuse_case)
    kind = "unneeded" if unneeded else "not_accepted"
    text = text_of(hall, ref, press, case, kind)
    says(text, TITLES[kind], NAME, "该事项由上级机关办理")
    if not unneeded:
        says(text, "示例州交通运输局", "复议", "诉讼")


def decided(hall: Machine, ref: Reference, granted: bool) -> tuple[str, str]:
    case = received(hall, ref)
    hall.accept(case)
    desk = hall.case(case).desk
    hall.dispatch(case, desk)
    hall.take(case, desk)
    number = "昌市市监决字〔2026〕第9号"
    result = hall.decide(
        case, granted, document_no=number, result_name="食品经营许可证", valid_to=date(2031, 3, 1),
        reason="" if granted else "场所不符合要求",
    )  # fmt: skip
    return case, result


def test_a_grant(hall: Machine, ref: Reference, press: PaperPress) -> None:
    case, _ = decided(hall, ref, True)
    text = text_of(hall, ref, press, case, "granted")
    says(text, ORGAN, "昌市市监决字〔2026〕第9号", NAME, "食品经营许可证", hall.case(case).item.name)
    says(text, f"决定准予{hall.case(case).item.name}。", "有效期：至2031年3月1日。")
    says(text, "凭本决定书和有效身份证件到昌吉市政务中心97—99号窗口领取")
    assert text.count("经审查") == 1


def test_a_denial_gives_reasons_and_remedies(hall: Machine, ref: Reference, press: PaperPress) -> None:
    case, _ = decided(hall, ref, False)
    text = text_of(hall, ref, press, case, "denied")
    says(text, ORGAN, "场所不符合要求", "六十日", "六个月", "人民政府")
    assert "有效期" not in text


@pytest.mark.parametrize("granted", [True, False])
def test_proof_of_delivery(hall: Machine, ref: Reference, press: PaperPress, granted: bool) -> None:
    case, result = decided(hall, ref, granted)
    hall.do(out_cmd.ArriveResult(fresh("c"), result, "2号柜", "w1", ALL_PAPERS), delivery.arrive_result)
    hall.write(delivery.settle)
    hall.hand_over(result, document_no=None, result_no="JY1-0001" if granted else "")
    text = text_of(hall, ref, press, case, "delivered")
    says(text, "送达回证", NAME, "昌市市监决字〔2026〕第9号", "直接送达", "1号窗口")
    says(text, "《准予决定书》" if granted else "《不予许可决定书》")
    assert ("《食品经营许可证》JY1-0001" in text) is granted
    if not granted:
        assert text.count("决定书") == 1  # the one document, once


def test_a_proof_of_delivery_says_so_while_nobody_has_signed_it(hall: Machine, ref: Reference) -> None:
    case, result = decided(hall, ref, True)
    hall.do(out_cmd.ArriveResult(fresh("c"), result, "2号柜", "w1", ALL_PAPERS), delivery.arrive_result)
    hall.write(delivery.settle)
    assert "delivered" not in names(hall, case)
    hall.issue_proof(result)
    assert names(hall, case)["delivered"].title == "送达回证（待签）"
    elsewhere = out_cmd.PutInLocker(fresh("c"), result, "1号柜", 3, "w1")
    hall.do(elsewhere, delivery.put_in_locker)
    assert "delivered" not in names(hall, case), "what was fetched at the locker has no proof of the window"
    hall.do(out_cmd.EmptyLocker(fresh("c"), result, "w1"), delivery.empty_locker)
    hall.hand_over(result, document_no=None)
    assert names(hall, case)["delivered"].title == "送达回证"


def test_papers_come_in_the_order_of_the_acts(hall: Machine, ref: Reference) -> None:
    case, _ = decided(hall, ref, True)
    assert list(names(hall, case)) == ["received", "accepted", "granted"]
    assert names(hall, case)["received"].number == hall.case(case).case_no


def test_the_code_on_a_paper_holds_the_case_number_only(
    hall: Machine, ref: Reference, press: PaperPress
) -> None:
    case = received(hall, ref)
    with hall.store.read() as conn:
        paper = make_paper(conn, ref, hall.case(case), names(hall, case)["received"])
    assert codes(picture(press.render(paper), scale=3.0)) == [hall.case(case).case_no] * 2


def test_a_paper_that_does_not_exist(hall: Machine, ref: Reference) -> None:
    case = received(hall, ref)
    name = replace(names(hall, case)["received"], id="no-such-record")
    with hall.store.read() as conn, pytest.raises(KeyError):
        make_paper(conn, ref, hall.case(case), name)


def test_a_sample_item_says_so(hall: Machine, ref: Reference, press: PaperPress) -> None:
    case = received(hall, ref)
    marked = "示例" in text_of(hall, ref, press, case, "received").replace(squeezed(NAME), "")
    assert marked is hall.case(case).item.sample


def test_errand_receipt_of_a_case_that_lies_elsewhere(
    hall: Machine, ref: Reference, press: PaperPress
) -> None:
    case = received(hall, ref)
    hall.correct(case)
    row = hall.case(case)
    brought = hall.look(views.materials, case)[0]
    opened = hall.errand(row.case_no)
    attach = cmd.AttachErrandPage(fresh("c"), opened, brought.id, page(fresh("p")), "w1")
    hall.do(attach, errands.attach_errand_page)
    hall.hand_in(opened)
    errand = hall.look(views.errand_by_id, opened)
    at = f"{china_time_of(errand.opened_ms):%Y%m%d-001-%H%M%S}"
    for known, material in ((row, brought.facts.name), (None, "本次提交材料")):
        with hall.store.read() as conn:
            made = errand_receipt(conn, ref, errand, known)
        says(
            pdfium_text(press.render(made)),
            "来件接收凭证",
            errand.case_no,
            "补正材料",
            f"来件编号{at}",
            material,
        )


def test_one_time_notice_of_every_item_with_a_guide(ref: Reference, press: PaperPress) -> None:
    item = ref.catalogue.item(ITEM)
    assert item.guide is not None
    answers = {q.id: next(o.value for o in q.options if o.stop is None) for q in item.guide.questions}
    given = {q: a for q, a in answers.items() if _asked(ref, answers, q)}
    text = pdfium_text(press.render(one_time_notice(ref, item, given, DAY)))
    says(text, item.name, ORGAN, *(m.name for m in ref.exact_materials(item, given)))
