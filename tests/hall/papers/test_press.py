"""Every paper set, read back and looked at."""

import io
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from enum import Enum

import pikepdf
import pytest

from hall.papers.blocks import Fit
from hall.papers.content import MaterialForm, Paper
from hall.papers.faces import FontSet
from hall.papers.press import PaperPress, by_hand, render
from hall.papers.wording import REPRINT_MARK, SAMPLE_MARK, SEAL_PLACE, chinese_date, chinese_moment, grouped
from tests.hall.papers import samples
from tests.hall.papers.reading import (
    FONTS,
    codes,
    laid_out_text,
    page_texts,
    pdfa_verdict,
    pdfium_text,
    picture,
    squeezed,
    text_faces,
    text_sizes,
)

PAPERS = samples.every_paper()


def words_of(value: object, *, skip: frozenset[str]) -> list[str]:
    """Every text, date and moment that a content value holds."""
    if isinstance(value, str):
        # Uyghur words stand in the file from left to right: each is looked for by itself.
        return re.split("[ （）]", value) if samples.UYGHUR_NAME in value else [value]
    if isinstance(value, datetime):
        return [chinese_moment(value)]
    if isinstance(value, date):
        return [chinese_date(value)]
    if isinstance(value, Enum):
        return [str(value.value)]
    if isinstance(value, tuple):
        return [word for part in value for word in words_of(part, skip=skip)]
    if is_dataclass(value):
        named = [field.name for field in fields(value) if field.name not in skip]
        return [word for name in named for word in words_of(getattr(value, name), skip=skip)]
    return []


@pytest.mark.parametrize("name", PAPERS)
def test_a_paper_says_everything_that_its_content_holds(name: str, press: PaperPress) -> None:
    paper = PAPERS[name]
    # A letter addresses the applicant by name and number only; a file with a table prints all of it.
    letters = {
        "correction",
        "not_accepted",
        "not_needed",
        "granted",
        "denied",
        "special_procedure",
        "extension",
        "tolerance",
    }
    skip = {"phone", "address", "agent_name", "agent_cert_no", "agent_phone"} if name in letters else set()
    text = "".join(page_texts(press.render(paper)))
    missing = [word for word in words_of(paper, skip=frozenset(skip)) if squeezed(word) not in text]
    # A text that runs over a page break has the page's foot in the middle: look for its two halves' ends.
    assert [
        word for word in missing if squeezed(word)[:6] not in text or squeezed(word)[-6:] not in text
    ] == []
    assert len(missing) <= 2


@pytest.mark.parametrize("name", PAPERS)
def test_a_paper_is_an_archive_file_without_foreign_fonts(name: str, press: PaperPress) -> None:
    pdf = press.render(PAPERS[name])
    assert pdfa_verdict(pdf) == "pass"
    assert b"Helvetica" not in pdf


@pytest.mark.parametrize("name", PAPERS)
def test_every_page_is_counted(name: str, press: PaperPress) -> None:
    pages = page_texts(press.render(PAPERS[name]))
    for number, page in enumerate(pages, start=1):
        assert f"第{number}页共{len(pages)}页" in page


@pytest.mark.parametrize("name", PAPERS)
def test_the_seal_has_its_place_where_one_is_due(name: str, press: PaperPress) -> None:
    text = "".join(page_texts(press.render(PAPERS[name])))
    assert text.count(SEAL_PLACE) == (1 if name in samples.SEALED else 0)
    if name in samples.SEALED:
        head = PAPERS[name].head
        assert f"{head.organ}{SEAL_PLACE}{chinese_date(head.date)}" in text


@pytest.mark.parametrize("name", PAPERS)
def test_the_codes_on_the_first_page_are_the_case_number_and_nothing_else(
    name: str, press: PaperPress
) -> None:
    paper = PAPERS[name]
    wanted = [paper.head.case_no] * 2 if paper.head.case_no else []
    assert codes(picture(press.render(paper), scale=3.0)) == wanted


@pytest.mark.parametrize("name", PAPERS)
def test_a_sample_says_so_on_every_page_and_a_policy_on_none(name: str, press: PaperPress) -> None:
    paper = PAPERS[name]
    sample = replace(paper, head=replace(paper.head, sample=True))
    real = replace(paper, head=replace(paper.head, sample=False))
    assert all(SAMPLE_MARK in page for page in page_texts(press.render(sample)))
    assert not any(SAMPLE_MARK in page for page in page_texts(press.render(real)))


def test_a_reprint_says_so_and_changes_nothing_else(press: PaperPress) -> None:
    paper = samples.acceptance()
    first = page_texts(press.render(paper))
    second = page_texts(press.render(replace(paper, head=replace(paper.head, reprint=True))))
    assert all(REPRINT_MARK in page for page in second)
    assert [page.replace(REPRINT_MARK, "", 1) for page in second] == first


def test_the_same_content_is_the_same_bytes(press: PaperPress) -> None:
    assert press.render(samples.receipt()) == render(samples.receipt(), FontSet.in_folder(FONTS))


def test_threads_share_one_press(press: PaperPress) -> None:
    papers: list[Paper] = [
        samples.acceptance(),
        samples.receipt(),
        samples.correction(),
        samples.package_notice(),
    ]
    alone = [press.render(paper) for paper in papers]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(press.render, papers * 3))
    assert together == alone * 3


def test_a_paper_of_a_few_lines_too_many_is_set_closer_on_one_page(press: PaperPress) -> None:
    paper = replace(samples.acceptance(), excluded=(), supplements=(), applicant=samples.applicant_alone())
    assert len(page_texts(press.render(paper))) == 1


def test_closer_setting_makes_no_text_small(press: PaperPress) -> None:
    close = Fit(0.5, 0.1, 0.1)
    assert (close.text(22.0), close.text(12.0), close.text(10.5)) == (22.0, 12.0, 10.5)
    assert close.line(12.0, 18.0) == pytest.approx(15.6)


def test_an_acceptance_of_a_long_name_stays_on_one_page_with_its_title_as_large_as_ever(
    press: PaperPress,
) -> None:
    paper = replace(
        samples.acceptance(),
        item_name="公众聚集场所投入使用、营业前消防安全检查（含变更、延续和补发）" * 2,
        applicant=samples.applicant_alone(),
    )
    pdf = press.render(paper)
    assert len(page_texts(pdf)) == 1
    sizes = text_sizes(pdf)
    assert sizes["受理通知书"] == 22
    # the body has stepped down, never below 12 pt
    assert 12 <= sizes["特此通知。本通知书一式两份，一份送达申请人，一份存档。"] < 15


@pytest.mark.parametrize("name", ["granted", "not_accepted", "special_procedure", "receipt"])
def test_the_body_of_every_paper_is_equally_large(name: str, press: PaperPress) -> None:
    pdf = press.render(PAPERS[name])
    assert text_sizes(pdf)[PAPERS[name].head.title] == 22
    assert 15.0 in text_sizes(pdf).values()
    assert max(size for size in text_sizes(pdf).values() if size < 20) == 15


@pytest.mark.parametrize("count", [1, 3, 9])
def test_what_to_bring_is_never_set_smaller_than_14_pt(count: int, press: PaperPress) -> None:
    sizes = text_sizes(press.render(samples.correction(count)))
    assert min(sizes[cell] for cell in ("补正要求", "存在的问题")) >= 14
    assert min(size for text, size in sizes.items() if "租赁合同" in text) >= 14


def test_the_day_to_return_by_stands_out(press: PaperPress) -> None:
    faces = text_faces(press.render(samples.correction(1)))
    assert {"Bold" in face for text, face in faces if "2026年12月4日" in text or text == "不迟于"} == {True}


def test_under_the_code_the_number_is_easy_to_read_and_the_code_says_what_it_is_for(
    press: PaperPress,
) -> None:
    sizes = text_sizes(press.render(samples.receipt()))
    assert sizes[grouped(samples.CASE_NO)] == 12
    assert sizes["查进度请扫此码，或到窗口出示"] == 10.5


def test_a_part_of_a_package_names_the_whole_beside_its_own_number(press: PaperPress) -> None:
    whole = "652301012026112200100099"
    plain = samples.every_paper()["granted"]
    part = replace(
        plain,
        head=replace(
            plain.head, package_no=whole, sample=True, reprint=True, copy_label="送达联（交申请人）"
        ),
    )
    sizes = text_sizes(press.render(part))
    assert sizes[f"办件编号 {grouped(samples.CASE_NO)}"] == 12
    assert sizes[f"一件事办件编号 {grouped(whole)}"] == 12
    assert codes(picture(press.render(part), scale=3.0)) == [samples.CASE_NO] * 2
    assert "一件事办件编号" not in pdfium_text(press.render(plain))


def test_sixty_materials_run_over_pages_and_none_is_lost(press: PaperPress) -> None:
    pages = page_texts(press.render(samples.receipt(60)))
    text = "".join(pages)
    assert len(pages) > 3
    for material in samples.received(60):
        assert text.count(squeezed(material.name)) >= 1
    # The heading of the list comes again on every page that the list reaches.
    assert all("序号材料名称" in page for page in pages if "项材料：" in page)


def test_a_row_is_never_divided(press: PaperPress) -> None:
    pages = page_texts(press.render(samples.one_time_notice(60)))
    for material in samples.notice_materials(60):
        assert sum(squeezed(material.name) in page for page in pages) == 1


def test_a_text_longer_than_a_page_is_still_whole(press: PaperPress) -> None:
    long = "".join(f"第{n}句话说明申请条件。" for n in range(700))
    notice = replace(samples.one_time_notice(1), conditions=(long,))
    text = "".join(page_texts(press.render(notice)))
    for n in range(700):
        assert f"第{n}句" in text or f"第{n}" in text
    assert text.count("话说明申请条件") >= 690


def test_a_long_word_stays_inside_the_type_area(press: PaperPress) -> None:
    code = "A1" * 150
    image = picture(press.render(replace(samples.acceptance(), item_code=code)), scale=1.0)
    right_margin = image.crop((image.width - 70, 0, image.width, image.height))
    assert right_margin.convert("L").getextrema() == (255, 255)
    assert code in "".join(page_texts(press.render(replace(samples.acceptance(), item_code=code))))


@pytest.mark.parametrize("name", ["张𬭩", "䶮某", "卢燚", samples.LONG_NAME, samples.LONG_NAME * 6])
def test_a_name_reads_back_as_it_is_written(name: str, press: PaperPress) -> None:
    pdf = press.render(replace(samples.acceptance(), applicant=samples.applicant(name)))
    assert name in "".join(page_texts(pdf))
    assert name in pdfium_text(pdf)
    assert "手工补写" not in pdfium_text(pdf)


def test_a_character_that_no_font_has_is_named_and_still_copies_out(press: PaperPress) -> None:
    pdf = press.render(replace(samples.acceptance(), applicant=samples.applicant("𠮷某")))
    text = pdfium_text(pdf)
    assert "𠮷某" in text
    assert "U+20BB7" in text
    assert "手工补写" in text


def test_what_a_paper_cannot_show_is_known_before_and_after_it_is_set(press: PaperPress) -> None:
    assert press.lacking("𠮷某𠮷\n龘 · 買提 қәң ئەل") == ("𠮷", "қ", "ә", "ң")
    assert press.lacking(samples.UYGHUR_NAME + samples.LONG_NAME + "\u202e") == ()
    made = press.set_copies((replace(samples.acceptance(), applicant=samples.applicant("𠮷某某")),))
    assert made.lacking == ("𠮷",)
    assert by_hand(made.lacking) == "「𠮷」打印不出来，纸面上会是“〓”，请打印后手写补上并在旁签名。"
    assert by_hand(()) == ""


def test_a_uyghur_name_is_shaped_and_reads_from_the_right(press: PaperPress) -> None:
    pdf = press.render(replace(samples.acceptance(), applicant=samples.applicant(samples.UYGHUR_NAME)))
    assert squeezed(samples.UYGHUR_NAME) in laid_out_text(pdf)
    for word in samples.UYGHUR_NAME.split():
        assert word in pdfium_text(pdf)


def test_direction_marks_and_control_characters_do_not_reach_the_paper(press: PaperPress) -> None:
    dirty = "王\u202e某\u0007某\u2066"
    assert "王某某：" in pdfium_text(
        press.render(replace(samples.correction(), applicant=samples.applicant(dirty)))
    )


def test_the_file_facts_name_no_person(press: PaperPress) -> None:
    with pikepdf.open(io.BytesIO(press.render(samples.acceptance()))) as opened:
        facts = str(dict(opened.docinfo)) + opened.Root.Metadata.read_bytes().decode()
    assert "受理通知书" in facts
    assert samples.LONG_NAME not in facts


def test_papers_that_would_not_bind_are_refused() -> None:
    with pytest.raises(ValueError, match="reasons"):
        replace(samples.every_paper()["granted"], granted=False)
    with pytest.raises(ValueError, match="defect"):
        replace(samples.correction(), defects=())


def test_the_name_of_a_form_stands_on_one_line_of_the_receipt(press: PaperPress) -> None:
    sizes = text_sizes(press.render(samples.receipt(3)))
    assert MaterialForm.ELECTRONIC.value in sizes
