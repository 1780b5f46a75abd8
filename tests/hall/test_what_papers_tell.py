"""What papers tell the person who takes them home: what to bring, until when, where to ask, where to fetch."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from hall.catalogue.loading import resources_dir
from hall.catalogue.model import PENDING_TEXT
from hall.defect_words import OTHER, defect_of
from hall.delivery import commands as out_cmd
from hall.delivery import handlers as delivery
from hall.hall_words import result_told
from hall.handouts import one_time_notice
from hall.intake import views
from hall.intake.events import DefectLine
from hall.intake.package_events import PackageChild
from hall.papers.content import CorrectionNotice
from hall.papers.faces import FontSet
from hall.papers.press import PaperPress
from hall.papers.wording import PROVISIONAL, grouped
from hall.paperwork import make_paper
from hall.reference import Reference, load_reference
from tests.hall.builders import ALL_PAPERS, DAY, Machine, fresh, machine
from tests.hall.package_builder import received_package
from tests.hall.papers.reading import FONTS, pdfium_text, squeezed
from tests.hall.test_paperwork import decided, draft, names, received, says, text_of


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


def test_a_correction_says_what_to_bring_once_and_how_to_bring_it(
    hall: Machine, ref: Reference, press: PaperPress
) -> None:
    case = draft(hall, ref)
    first = hall.look(views.materials, case)[0]
    hall.present(case, first.id)
    hall.receive(case)
    hall.correct(case, defects=(DefectLine(first.id, "没有签名，请申请人签名并写上日期"),))
    with hall.store.read() as conn:
        made = make_paper(conn, ref, hall.case(case), names(hall, case)["correction"])
    assert isinstance(made, CorrectionNotice)
    assert [(d.problem, d.remedy) for d in made.defects] == [
        ("没有签名", f"请改正后再交：{first.facts.name}。请申请人签名并写上日期。")
    ]
    says(pdfium_text(press.render(made)), "在自助机取号或者直接到任一综合窗口，说“交补正材料”")


def test_a_receipt_marks_a_date_that_was_counted_without_the_holidays(
    hall: Machine, ref: Reference, press: PaperPress
) -> None:
    case = draft(hall, ref)
    hall.check_all(case)
    hall.receive(case)
    provisional = ref.calendar.add_working_days(DAY, 5).provisional
    text = text_of(hall, ref, press, case, "received")
    assert (squeezed(PROVISIONAL) in text) is provisional
    told = result_told(date(2027, 1, 8), on_the_spot=False, provisional=True)
    assert f"不迟于2027年1月8日{PROVISIONAL}" in told
    # records of before the day was written down go on saying what they said, without a day
    assert "不迟于" not in result_told(None, on_the_spot=False, provisional=False)


def test_the_day_on_a_receipt_does_not_follow_a_later_calendar(hall: Machine, ref: Reference) -> None:
    case = received(hall, ref)
    act = next(a for a in hall.look(views.acts, case) if a.kind == "received")
    assert act.detail["answer_by"] == "2026-03-09"


def test_papers_say_where_and_when_to_ask_and_leave_out_what_is_not_known(
    hall: Machine, ref: Reference, press: PaperPress
) -> None:
    case, result = decided(hall, ref, True)
    hall.do(out_cmd.ArriveResult(fresh("c"), result, "2号柜", "w1", ALL_PAPERS), delivery.arrive_result)
    hall.write(delivery.settle)
    hall.hand_over(result, document_no=None)
    told = replace(ref.profile, address="示例路1号", phone="0000-1234567")
    known = replace(ref, catalogue=replace(ref.catalogue, profile=told))
    for kind in ("received", "accepted", "granted", "delivered"):
        text = text_of(hall, ref, press, case, kind)
        says(text, "联系方式：昌吉市政务中心任一窗口", "开放时间：工作日")
        assert "电话：" not in text
        says(text_of(hall, known, press, case, kind), "地址：示例路1号", "电话：0000-1234567")


def test_an_acceptance_says_where_the_result_is_fetched(
    hall: Machine, ref: Reference, press: PaperPress
) -> None:
    case = received(hall, ref)
    hall.accept(case)
    text = text_of(hall, ref, press, case, "accepted")
    says(text, "可领取时凭有效身份证件到昌吉市政务中心 97—99号窗口领取；自助机“取件”可查")


@pytest.mark.parametrize(
    ("text", "missing", "problem", "remedy"),
    [
        ("没有签名，请申请人签名", False, "没有签名", "请改正后再交：甲。请申请人签名。"),
        ("第3页没有签字。请补签；请写日期。", False, "第3页没有签字", "请改正后再交：甲。请补签；请写日期。"),
        ("没有提交", True, "没有提交", "请补交：甲。"),
        ("请提交近期照片", True, "没有提交", "请补交：甲。请提交近期照片。"),
        ("申请书上没有写明请求", False, "申请书上没有写明请求", "请改正后再交：甲。"),
        ("过期", None, "过期", "请补交或改正：甲。"),
    ],
)
def test_what_is_wrong_stands_apart_from_what_to_bring(
    text: str, missing: bool | None, problem: str, remedy: str
) -> None:
    found = defect_of("甲", text, missing)
    assert (found.problem, found.remedy) == (problem, remedy)


def test_a_defect_of_no_material_names_none() -> None:
    assert defect_of(OTHER, "委托书未写期限", None).remedy == "请按左栏所列补齐或者改正。"
    assert defect_of(OTHER, "委托书未写期限，请补写", None).remedy == "请补写。"


def test_papers_of_a_package_carry_the_number_of_the_whole(ref: Reference, press: PaperPress) -> None:
    one = machine("node-1", "hall")
    kids = [PackageChild(f"x-{n}", f"示例{n}", fresh("case"), "示例局") for n in (1, 2)]
    whole = one.look(views.package_by_id, received_package(one, kids))
    assert whole is not None
    for kid in kids:
        text = text_of(one, ref, press, kid.case, "received")
        says(
            text, f"一件事办件编号{grouped(whole.case_no)}", f"办件编号{grouped(one.case(kid.case).case_no)}"
        )
    one.store.close()


def test_a_notice_says_what_is_taken_what_is_looked_at_and_where_forms_are(
    ref: Reference, press: PaperPress
) -> None:
    item = ref.catalogue.item("p11-01")
    made = one_time_notice(ref, item, {}, DAY)
    photo = next(m for m in made.materials if m.name == "近期免冠照片")
    assert photo.remark == (
        "近6个月内白底彩色照片，32毫米×26毫米\n可交：原件\n窗口核对：白底、免冠、清晰；与本人相符\n可容缺后补"
    )
    licence = next(m for m in made.materials if m.name == "退役证件")
    assert "可交：原件或电子证照" in licence.remark
    text = pdfium_text(press.render(made))
    says(text, "30日内", "（空白表）：到咨询台或任一窗口领取", "咨询电话大厅公布后填写")
    assert PENDING_TEXT not in text


def test_a_notice_has_the_halls_own_phone_and_address(ref: Reference, press: PaperPress) -> None:
    told = replace(ref.profile, address="示例路1号", phone="0000-1234567")
    known = replace(ref, catalogue=replace(ref.catalogue, profile=told))
    text = pdfium_text(press.render(one_time_notice(known, known.catalogue.item("p11-01"), {}, DAY)))
    says(text, "咨询电话0000-1234567", "地址：示例路1号")
    assert "公布后填写" not in text


def test_no_guide_speaks_of_a_term_without_saying_it(ref: Reference) -> None:
    vague = [
        i.name
        for i in ref.catalogue.items
        if i.guide and any("规定期限" in c and "日" not in c for c in i.guide.conditions)
    ]
    assert vague == []
