from dataclasses import replace

import pytest

from hall.catalogue.loading import load_hall_catalogue, resources_dir
from hall.catalogue.packages import (
    PackageChild,
    PackageRefused,
    children_for,
    items_without_guide,
    order_of_start,
    union_of_materials,
)
from hall.catalogue.scenario import ScenarioRefused, materials_for
from tests.hall.catalogue.values import guide, item, material

CATALOGUE = load_hall_catalogue(resources_dir(), "changji")
NEWBORN = CATALOGUE.package(6)
SCHOOL = CATALOGUE.package(7)
NEWBORN_ANSWERS = {
    "p06-01": {"place": "hospital"},
    "p06-02": {"why": "first"},
    "p06-03": {"parents": "married", "side": "mother"},
    "p06-04": {"home": "local"},
    "p03-03": {"who": "child"},
}


def test_newborn_has_six_children_in_five_departments() -> None:
    children = children_for(NEWBORN, {})
    assert [c.item_id for c in children] == ["p06-01", "p06-02", "p06-03", "p06-04", "p03-03", "p06-06"]
    assert len({c.department for c in children}) == 5
    assert items_without_guide(CATALOGUE.by_id, children) == ()


def test_children_start_together_except_behind_their_prerequisites() -> None:
    rounds = [[c.row for c in r] for r in order_of_start(children_for(NEWBORN, {}))]
    assert rounds == [[1], [2, 3], [4, 5], [6]]
    assert [[c.row for c in r] for r in order_of_start(children_for(SCHOOL, {}))] == [[1, 2, 3]]


def test_a_circle_of_prerequisites_is_refused() -> None:
    one, two = children_for(NEWBORN, {})[:2]
    with pytest.raises(PackageRefused, match="互为前置"):
        order_of_start((replace(one, waits_for=(2,)), replace(two, waits_for=(1,))))


def test_each_material_is_asked_for_once() -> None:
    children = children_for(NEWBORN, {})
    shared = union_of_materials(CATALOGUE.by_id, children, NEWBORN_ANSWERS)
    names = [s.requirement.name for s in shared]
    assert len(names) == len(set(names))
    asked = {
        m.name
        for c in children
        for m in materials_for(CATALOGUE.item(c.item_id), NEWBORN_ANSWERS.get(c.item_id, {}))
    }
    assert set(names) == asked - {"出生医学证明"}
    book = next(s for s in shared if s.requirement.name == "居民户口簿")
    assert book.used_by == ("p06-03", "p06-04", "p03-03")
    assert (book.original_n, book.copy_n) == (1, 1)


def test_the_largest_count_asked_for_is_asked_for_once() -> None:
    few = item("a", guide=guide(materials=(material("m", "身份证", copy_n=1, review_points=("看一",)),)))
    more = item("b", guide=guide(materials=(material("x", "身份证", original_n=2, copy_n=3),)))
    children = tuple(PackageChild(n, i, i, "公安局", ()) for n, i in enumerate("ab", start=1))
    (shared,) = union_of_materials({"a": few, "b": more}, children, {})
    assert (shared.original_n, shared.copy_n, shared.used_by) == (2, 3, ("a", "b"))
    assert shared.review_points == ("看一", "看")


def test_without_the_first_child_its_result_must_be_brought() -> None:
    later = tuple(replace(c, waits_for=()) for c in children_for(NEWBORN, {})[1:3])
    shared = union_of_materials(CATALOGUE.by_id, later, NEWBORN_ANSWERS)
    assert "出生医学证明" in {s.requirement.name for s in shared}


def test_a_package_question_must_be_answered_rightly() -> None:
    retire = CATALOGUE.package(13)
    with pytest.raises(PackageRefused, match="请先选择"):
        children_for(retire, {})
    with pytest.raises(PackageRefused, match="请先选择"):
        children_for(retire, {"kind1": "never"})
    with pytest.raises(PackageRefused, match="没有问题"):
        children_for(NEWBORN, {"x": "y"})


def test_a_child_without_a_guide_is_named() -> None:
    children = children_for(CATALOGUE.package(18), {})
    assert items_without_guide(CATALOGUE.by_id, children) == ("户口迁移审批",)
    with pytest.raises(ScenarioRefused, match="待补充"):
        union_of_materials(CATALOGUE.by_id, children, {})
