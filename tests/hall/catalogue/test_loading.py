"""Mistakes in resource files are named with file, place and reason."""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hall.catalogue.loading import (
    CatalogueFileError,
    load_calendar,
    load_hall_catalogue,
    load_items,
    load_packages,
    load_profile,
    resources_dir,
)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for part in ("catalogue", "halls"):
        shutil.copytree(resources_dir() / part, tmp_path / part)
    return tmp_path


def change(path: Path, **edits: Any) -> None:
    """Each edit: a dotted path of keys and numbers (joined by __) and the new value."""
    data = json.loads(path.read_text(encoding="utf-8"))
    for dotted, value in edits.items():
        *steps, last = dotted.split("__")
        at = data
        for step in steps:
            at = at[int(step)] if step.isdigit() else at[step]
        at[int(last) if last.isdigit() else last] = value
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


SCHOOL = "catalogue/items/p07-01.json"
MATERIAL = "items__0__guide__materials__0"


@pytest.mark.parametrize(
    ("edits", "said"),
    [
        ({f"{MATERIAL}__original_n": "1"}, "p07-01.json .*“materials” 第1项 “original_n”：应为整数"),
        ({f"{MATERIAL}__colour": "red"}, "“colour”：不认识的字段"),
        ({f"{MATERIAL}__original_n": -1}, "份数不能为负"),
        ({f"{MATERIAL}__id": "hukou"}, "材料编号“hukou”重复"),
        ({f"{MATERIAL}__required_if": "home == 'mars'"}, "没有选项'mars'"),
        ({"items__0__item_type": "77"}, "“item_type”：不在允许的取值之内"),
        ({"items__0__id": "p07-02"}, "事项编号“p07-02”重复"),
        ({"items__0__id": "new"}, "pinyin.json 缺少事项"),
    ],
)
def test_a_wrong_item_is_named(copy: Path, edits: dict[str, Any], said: str) -> None:
    change(copy / SCHOOL, **edits)
    with pytest.raises(CatalogueFileError, match=said):
        load_items(copy)


def test_a_missing_field_is_named(copy: Path) -> None:
    path = copy / SCHOOL
    data = json.loads(path.read_text(encoding="utf-8"))
    del data["items"][0]["guide"]["discretion"]
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    with pytest.raises(CatalogueFileError, match="“discretion”：缺少此项"):
        load_items(copy)


@pytest.mark.parametrize(
    ("edits", "said"),
    [
        ({"zones__0__groups__0__queues__0__series": "a1"}, "“a1”应为1至2个大写字母"),
        ({"zones__0__groups__0__queues__0__series": "B"}, "号码系列“B”重复"),
        ({"zones__0__code": "Z02"}, "区域编号“Z02”重复"),
        ({"intake_mode": "as_you_like"}, "“intake_mode”：不在允许的取值之内"),
        ({"windows": [{}]}, "heshuo.json"),
    ],
)
def test_a_wrong_profile_is_named(copy: Path, edits: dict[str, Any], said: str) -> None:
    path = copy / "halls" / "heshuo.json"
    change(path, **edits)
    with pytest.raises(CatalogueFileError, match=said):
        load_profile(path)


@pytest.mark.parametrize(
    ("edits", "said"),
    [
        ({"packages__5__rows__0__waits_for": [9]}, "前置行不存在"),
        ({"packages__12__rows__0__item_ids": ["p13-01a"]}, "数量不符"),
        ({"packages__13__questions__0__options__0__item_id": "p01-01"}, "无对应行"),
        ({"packages__1__no": 1}, "套餐序号“1”重复"),
    ],
)
def test_a_wrong_package_is_named(copy: Path, edits: dict[str, Any], said: str) -> None:
    change(copy / "catalogue" / "packages.json", **edits)
    with pytest.raises(CatalogueFileError, match=said):
        load_packages(copy)


def test_references_are_checked_between_files(copy: Path) -> None:
    change(copy / "halls" / "heshuo.json", zones__0__groups__0__serves_items=["nothing"])
    with pytest.raises(CatalogueFileError, match="引用了不存在的事项 nothing"):
        load_hall_catalogue(copy, "heshuo")
    change(copy / "halls" / "heshuo.json", zones__0__groups__0__serves_items=[])
    change(copy / "halls" / "heshuo.json", zones__0__groups__0__relieves=["QQ"])
    with pytest.raises(CatalogueFileError, match="relieves"):
        load_hall_catalogue(copy, "heshuo")
    change(copy / "catalogue" / "packages.json", packages__0__rows__0__item_ids=["nothing"])
    with pytest.raises(CatalogueFileError, match="套餐“企业开办”引用了不存在的事项"):
        load_hall_catalogue(copy, "changji")


@pytest.mark.parametrize("content", ["", "[", "[]", "null", '{"items": 3}', "\x00"])
def test_garbage_is_refused_and_not_crashed_on(copy: Path, content: str) -> None:
    (copy / SCHOOL).write_text(content, encoding="utf-8")
    with pytest.raises(CatalogueFileError, match=r"p07-01\.json"):
        load_items(copy)


def test_a_missing_hall_is_named(copy: Path) -> None:
    with pytest.raises(CatalogueFileError, match=r"nowhere\.json 无法读取"):
        load_hall_catalogue(copy, "nowhere")


def test_a_halls_own_days_win_over_the_other_layers(copy: Path) -> None:
    path = copy / "halls" / "heshuo.json"
    days = [{"day": "2026-03-07", "kind": "made_up", "name": "周六延时服务"}]
    change(path, calendar_days=days)
    calendar = load_calendar(resources_dir(), load_profile(path))
    assert calendar.is_working_day(date(2026, 3, 7))
    assert calendar.day(date(2026, 3, 7)).layer == "大厅"
    change(path, calendar_days=days * 2)
    with pytest.raises(CatalogueFileError, match="日历日期“2026-03-07”重复"):
        load_profile(path)


def test_xinjiang_halls_have_the_regions_calendar() -> None:
    regions = {}
    for code in ("changji", "zhaohua", "kashi", "heshuo", "wushen"):
        profile = load_profile(resources_dir() / "halls" / f"{code}.json")
        calendar = load_calendar(resources_dir(), profile)
        regions[code] = calendar.region.name if calendar.region else None
    assert regions == {"changji": "新疆", "zhaohua": None, "kashi": "新疆", "heshuo": "新疆", "wushen": None}
