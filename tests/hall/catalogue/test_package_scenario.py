"""A package asks each question once, and its list never holds two materials of which one excludes the other."""

from dataclasses import replace
from itertools import combinations, product

import pytest

from hall.catalogue.loading import load_items, load_packages, resources_dir
from hall.catalogue.model import ChildAnswer, Package
from hall.catalogue.package_scenario import (
    asked,
    check_shared,
    child_answers,
    exact_materials,
    flat_answers,
    needed,
    stop_text,
    ways,
)
from hall.catalogue.packages import PackageChild, children_for
from hall.catalogue.scenario import ConditionWrong, ScenarioRefused, materials_for, paths, stop_of

ITEMS = {item.id: item for item in load_items(resources_dir())}
PACKAGES = load_packages(resources_dir())
HOUSE = PACKAGES[3]
SCHOOL = PACKAGES[6]

# Pairs that one item never asks for together, while another item asks for one of them for a reason of its own:
# package, item, pair -> why the person really needs both.
BOTH_NEEDED = {
    (
        4,
        "p04-01",
        frozenset({"商品房预售许可证", "不动产权证书"}),
    ): "登记的是出卖单位首次登记后的转移，网签看预售许可",
    (6, "p06-01", frozenset({"分娩信息记录", "亲子鉴定意见书"})): "落户随未婚父亲的须鉴定，与在哪里出生无关",
    (6, "p06-03", frozenset({"结婚证", "亲子鉴定意见书"})): "在助产机构外出生的须鉴定，与父母婚姻无关",
    (10, "p10-01", frozenset({"申请人居民身份证", "监护人居民身份证"})): "补贴认定总要残疾人本人的身份证",
    (11, "p03-03", frozenset({"居民户口簿", "申请人居民身份证"})): "核发居民身份证总要户口簿",
    (11, "p03-03", frozenset({"居民户口簿", "代办人居民身份证"})): "核发居民身份证总要户口簿",
}


def choices(package: Package) -> list[dict[str, str]]:
    """Every answer to the questions that choose among alternative rows."""
    values = [[(q.id, o.value) for o in q.options] for q in package.questions]
    return [dict(chosen) for chosen in product(*values)]


def guided(package: Package, choice: dict[str, str]) -> tuple[PackageChild, ...]:
    """Children whose materials are known; the others have no guide yet."""
    return tuple(c for c in children_for(package, choice) if ITEMS[c.item_id].guide is not None)


def exclusive(item_id: str) -> set[frozenset[str]]:
    """Pairs of material names of an item of which no way through its questions asks for both."""
    item = ITEMS[item_id]
    if item.guide is None:
        return set()
    lists = [
        {m.name for m in materials_for(item, answers)}
        for answers in paths(item.guide)
        if stop_of(item.guide, answers) is None
    ]
    pairs = combinations(sorted({m.name for m in item.guide.materials}), 2)
    return {frozenset(pair) for pair in pairs if not any(set(pair) <= names for names in lists)}


@pytest.mark.parametrize("package", PACKAGES, ids=lambda p: p.name)
def test_no_answer_brings_two_materials_that_exclude_each_other(package: Package) -> None:
    seen, clashing = 0, set()
    for choice in choices(package):
        children = guided(package, choice)
        for flat in ways(package, ITEMS, children):
            seen += 1
            names = {m.requirement.name for m in exact_materials(package, ITEMS, children, flat)}
            for child in needed(package, children, flat):
                found = (pair for pair in exclusive(child.item_id) if pair <= names)
                clashing |= {(package.no, child.item_id, pair) for pair in found}
    assert seen >= 1
    assert clashing == {known for known in BOTH_NEEDED if known[0] == package.no}


@pytest.mark.parametrize("package", PACKAGES, ids=lambda p: p.name)
def test_nothing_is_asked_twice_and_every_answer_is_read_back(package: Package) -> None:
    for choice in choices(package):
        children = guided(package, choice)
        for flat in ways(package, ITEMS, children):
            questions = asked(package, ITEMS, children, flat)
            texts = [q.text for q in questions]
            assert len(texts) == len(set(texts))
            assert {q.key: q.answer for q in questions} == flat
            by_item = {c.item_id: child_answers(package, ITEMS[c.item_id], flat) for c in children}
            assert flat_answers(package, by_item) == flat


def test_a_family_that_rents_is_not_asked_for_a_deed_or_a_purchase() -> None:
    children = children_for(SCHOOL, {})
    flat = {"home": "resident", "live": "rent"}
    names = {m.requirement.name for m in exact_materials(SCHOOL, ITEMS, children, flat)}
    assert "房屋租赁合同及备案凭证" in names
    assert not any("不动产权证书" in name or "买卖" in name or "预售" in name for name in names)
    assert [c.row for c in needed(SCHOOL, children, flat)] == [1, 2]


def test_a_family_that_owns_is_not_asked_for_a_lease() -> None:
    children = children_for(SCHOOL, {})
    flat = {"home": "resident", "live": "own", "p04-01:kind": "new", "p04-01:seller": "company"}
    names = {m.requirement.name for m in exact_materials(SCHOOL, ITEMS, children, flat)}
    assert {"不动产权证书或房屋买卖合同", "商品房预售许可证"} <= names
    assert not names & {"房屋租赁合同及备案凭证", "房主同意居住说明", "不动产权证书"}


def test_where_the_family_lives_is_asked_once() -> None:
    texts = [
        q.text for q in asked(SCHOOL, ITEMS, children_for(SCHOOL, {}), {"home": "resident", "live": "rent"})
    ]
    assert [text for text in texts if "住在哪里" in text] == ["一家人在本地住在哪里？"]
    assert not any("住房情况" in text for text in texts)


def test_a_house_sold_by_a_company_needs_no_second_answer_about_the_buyer() -> None:
    children = children_for(HOUSE, {})
    flat = {"owner": "company", "use": "other", "p04-01:kind": "used", "p04-01:seller": "company"}
    assert all(q.answer for q in asked(HOUSE, ITEMS, children, flat))
    names = {m.requirement.name for m in exact_materials(HOUSE, ITEMS, children, flat)}
    assert {"营业执照", "出卖单位营业执照"} <= names
    assert "申请人居民身份证" not in names


def test_results_of_an_earlier_child_are_handed_on_and_not_asked_for() -> None:
    children = children_for(HOUSE, {})
    for flat in ways(HOUSE, ITEMS, children):
        names = {m.requirement.name for m in exact_materials(HOUSE, ITEMS, children, flat)}
        assert not names & {"房屋交易合同网签备案证明", "契税完税凭证"}


def test_an_open_question_gives_no_list_and_a_stop_is_told() -> None:
    children = children_for(SCHOOL, {})
    with pytest.raises(ScenarioRefused, match="请先回答"):
        exact_materials(SCHOOL, ITEMS, children, {"home": "resident"})
    newborn = PACKAGES[5]
    assert stop_text(newborn, ITEMS, "p06-01:place", "abroad")
    assert stop_text(newborn, ITEMS, "p06-01:place", "hospital") is None
    assert stop_text(SCHOOL, ITEMS, "live", "own") is None
    for key, value in (("live", "tent"), ("p06-01:place", "own"), ("nothing", "own")):
        with pytest.raises(ScenarioRefused, match="没有"):
            stop_text(SCHOOL, ITEMS, key, value)


def test_wrong_shared_questions_are_refused() -> None:
    live = SCHOOL.shared[1]
    same = replace(live, options=(live.options[0], replace(live.options[1], answers=live.options[0].answers)))
    unknown = ChildAnswer("p07-01", "live", "tent")
    wrong = [
        replace(SCHOOL, answers_basis=None),
        replace(SCHOOL, settled=(unknown,)),
        replace(SCHOOL, shared=(same,)),
        replace(SCHOOL, shared=(replace(live, options=live.options[:1]),)),
        replace(
            SCHOOL, shared=(replace(live, options=tuple(replace(o, leaves_out=(9,)) for o in live.options)),)
        ),
        replace(
            SCHOOL, shared=(replace(live, options=tuple(replace(o, leaves_out=(1,)) for o in live.options)),)
        ),
    ]
    for package in wrong:
        with pytest.raises(ConditionWrong):
            check_shared(package, ITEMS)
