import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from hall.calendar.legal_time import Limit
from hall.catalogue.catalogue import HallCatalogue
from hall.catalogue.loading import CatalogueFileError, load_hall_catalogue, load_items, resources_dir
from hall.catalogue.model import SAMPLE_TEXT, CaseType, Fee, FeeAmount, ServiceItem
from hall.catalogue.notice import notice_for
from hall.catalogue.publish import can_go_live, can_publish, publish_problems
from tests.hall.catalogue.values import guide, item, material

CATALOGUE = load_hall_catalogue(resources_dir(), "heshuo")
ITEMS = load_items(resources_dir())
GUIDED = [i for i in ITEMS if i.guide is not None]


def fields(wrong: ServiceItem) -> set[str]:
    return {p.field for p in publish_problems(wrong) if p.stops}


def test_a_complete_guide_can_be_published() -> None:
    assert can_publish(item())


@pytest.mark.parametrize("name", ["其他材料", "其他相关材料", "身份证等材料", "规定的其他文件"])
def test_open_clauses_are_refused(name: str) -> None:
    assert fields(item(guide=guide(materials=(material("m", name),)))) == {"申报材料"}
    assert fields(item(guide=guide(conditions=(f"提交{name}",)))) == {"受理条件"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"discretion": ""}, "裁量标准"),
        ({"discretion": "待补充"}, "裁量标准"),
        ({"basis": ()}, "办理依据"),
        ({"supervision": " "}, "监督渠道"),
        ({"statutory_limit": None, "statutory_note": ""}, "法定时限"),
        ({"fee": Fee(False, "")}, "收费标准"),
        ({"fee": Fee(True, "10元", None, (FeeAmount("费", 1000),))}, "收费依据"),
        ({"fee": Fee(True, "10元", "某文")}, "收费标准"),
        ({"process": ()}, "办理流程"),
        ({"materials": ()}, "申报材料"),
        ({"promised_limit": Limit(21)}, "承诺时限"),
        ({"materials": (material("m", sample=""),)}, "示范文本"),
        ({"materials": (material("m", review_points=()),)}, "审核要点"),
    ],
)
def test_an_empty_block_stops_publication(change: dict[str, object], field: str) -> None:
    assert fields(item(guide=guide(**change))) == {field}


def test_an_immediate_item_cannot_promise_days() -> None:
    assert fields(item(case_type=CaseType.IMMEDIATE)) == {"承诺时限"}


def test_a_missing_phone_is_shown_and_stops_nothing() -> None:
    problems = publish_problems(item())
    assert [(p.field, p.stops) for p in problems] == [("咨询电话", False)]


def test_an_item_without_a_guide_cannot_be_published() -> None:
    assert not can_publish(item(guide=None))


def test_at_least_twenty_sample_guides_are_complete_and_marked() -> None:
    assert len(GUIDED) >= 20
    assert {i.sample for i in GUIDED} == {True}
    assert {i.sample_note for i in GUIDED} == {SAMPLE_TEXT}
    assert [i.name for i in GUIDED if not can_publish(i)] == []
    assert {i.case_type for i in GUIDED} == set(CaseType)
    assert len({i.department for i in GUIDED}) >= 12
    assert any(i.guide and i.guide.fee.charged for i in GUIDED)
    assert {"p06-01", "p06-02", "p06-03", "p06-04", "p03-03", "p06-06"} <= {i.id for i in GUIDED}
    assert {"p07-01", "p07-02", "p04-01"} <= {i.id for i in GUIDED}


def test_no_sample_guide_carries_a_phone_number_that_could_be_real() -> None:
    assert {i.guide.phone for i in GUIDED if i.guide} == {"待补充"}


def test_a_hall_cannot_go_live_with_sample_guides() -> None:
    live = can_go_live(CATALOGUE.profile, CATALOGUE)
    assert not live.ok
    assert any("示例事项不是现行政策" in reason for reason in live.reasons)
    assert any("演示布局" in reason for reason in live.reasons)
    assert any("16个单位名称待补充" in reason for reason in live.reasons)


def test_a_profile_that_says_live_is_refused_with_the_reasons(tmp_path: Path) -> None:
    shutil.copytree(resources_dir(), tmp_path / "r", ignore=shutil.ignore_patterns("fonts", "voice"))
    path = tmp_path / "r" / "halls" / "changji.json"
    load_hall_catalogue(tmp_path / "r", "changji")
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), "live": True}), "utf-8")
    with pytest.raises(CatalogueFileError, match=r"还不能：仍有.*个示例事项.*演示布局"):
        load_hall_catalogue(tmp_path / "r", "changji")


def test_a_hall_with_real_guides_and_a_confirmed_layout_goes_live() -> None:
    real = item()
    named = tuple(d for d in CATALOGUE.profile.departments if not d.to_be_named)
    profile = replace(
        CATALOGUE.profile, demo_layout=False, departments=named, address="示例路1号", phone="0000-0000000"
    )
    catalogue = HallCatalogue(profile, (real,), (), {real.id: real})
    assert can_go_live(profile, catalogue).ok
    sample = replace(real, sample=True)
    marked = replace(catalogue, items=(sample,), by_id={sample.id: sample})
    assert [r[:6] for r in can_go_live(profile, marked).reasons] == ["仍有1个示例"]


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ({"phone": ""}, "咨询电话"),
        ({"address": "待补充"}, "地址"),
        ({"phone": "", "address": ""}, "地址和咨询电话"),
    ],
)
def test_a_hall_without_address_or_phone_does_not_go_live(missing: dict[str, str], said: str) -> None:
    told = replace(CATALOGUE.profile, address="示例路1号", phone="0000-0000000")
    assert not any("办事文书" in reason for reason in can_go_live(told, CATALOGUE).reasons)
    reasons = can_go_live(replace(told, **missing), CATALOGUE).reasons  # type: ignore[arg-type]
    assert f"大厅的{said}待补充，办事文书上不能没有" in reasons


def test_the_notice_has_the_nine_fields_and_the_exact_materials() -> None:
    school = CATALOGUE.item("p07-01")
    notice = notice_for(school, {"home": "local", "live": "own"}, organ="县教科局")
    assert notice.title == "义务教育阶段学校学生入学一次性告知清单"
    assert notice.organ == "县教科局"
    assert [m.name for m in notice.materials] == [
        "义务教育入学申请登记表",
        "居民户口簿",
        "监护人居民身份证",
        "不动产权证书或房屋买卖合同",
        "预防接种证",
    ]
    assert notice.materials[0].blank_form
    assert [m.may_come_later for m in notice.materials] == [False] * 4 + [True]
    assert notice.process_and_limit[-1].endswith("承诺时限：10个工作日")
    assert notice.discretion
    assert notice.sample_note == SAMPLE_TEXT


def test_the_notice_of_a_bare_item_prints_the_gap() -> None:
    bare = notice_for(CATALOGUE.item("p18-01"), {})
    assert bare.item_name == "户口迁移审批"
    assert {bare.phone, bare.discretion, bare.fee, bare.objects} == {"待补充"}
    assert bare.materials == ()
