import pytest

from hall.catalogue.loading import load_items, load_packages, resources_dir
from hall.catalogue.model import PackageStage
from hall.catalogue.packages import children_for
from hall.catalogue.summary import packages_summary
from tests.resources.seed_texts import annex_rows, packed, whole

PACKAGES = load_packages(resources_dir())
PLAN = annex_rows()


@pytest.mark.parametrize("no", range(1, 19))
def test_every_package_and_cell_is_the_plans(no: int) -> None:
    package = PACKAGES[no - 1]
    plan_no, name, lead, rows = PLAN[no - 1]
    assert (package.no, package.name, package.lead) == (plan_no, name, lead)
    assert [packed(row.name) for row in package.rows] == [packed(item) for item, _ in rows]
    assert [row.department_cell or "" for row in package.rows] == [cell for _, cell in rows]


def test_eighteen_packages_ninety_one_rows_sixteen_blanks_twenty_departments() -> None:
    rows = [row for package in PACKAGES for row in package.rows]
    assert len(PACKAGES) == 18
    assert len(rows) == 91
    assert sum(row.department_cell is None for row in rows) == 16
    assert len({row.department for row in rows}) == 20
    assert len({row.name for row in rows}) == 76
    assert whole("kashi").count("18个“一件事一次办”主题集成服务套餐") >= 2


def test_every_blank_cell_says_how_it_was_read() -> None:
    for package in PACKAGES:
        above = None
        for row in package.rows:
            assert (row.department_cell is None) == (row.department_basis is not None)
            if row.department_cell is None and row.name != "户口登记项目变更":
                assert row.department == above
            if row.department_cell is not None:
                assert row.department == row.department_cell
            above = row.department
    change = next(row for row in PACKAGES[8].rows if row.name == "户口登记项目变更")
    assert change.department == "公安局"
    assert "须由用户确认" in (change.department_basis or "")


def test_alternatives_bring_one_child_and_not_the_other() -> None:
    retire = PACKAGES[12]
    assert retire.rows[0].alternatives == ("职工正常退休（退职）申请", "职工提前退休（退职）申请")
    for option in retire.questions[0].options:
        children = children_for(retire, {retire.questions[0].id: option.value})
        assert [c.name for c in children if c.row == 1] == [option.label]
    for no, group in ((5, "清税申报主体"), (14, "死亡证明"), (15, "出让标的")):
        package = PACKAGES[no - 1]
        members = [row.no for row in package.rows if row.choice_group == group]
        assert len(members) == 2
        question = package.questions[0]
        for option in question.options:
            found = {c.row for c in children_for(package, {question.id: option.value})}
            assert found & set(members) == {option.row}
            assert len(found) == len(package.rows) - 1


def test_two_packages_have_a_lead_without_an_item() -> None:
    assert [p.name for p in PACKAGES if not p.lead_owns_an_item] == ["电力报装", "住房公积金贷款"]


def test_packages_start_in_test_and_every_item_exists() -> None:
    ids = {item.id for item in load_items(resources_dir())}
    assert all(package.stage is PackageStage.TEST for package in PACKAGES)
    assert {i for package in PACKAGES for i in package.item_ids()} <= ids
    items = {item.id: item for item in load_items(resources_dir())}
    for package in PACKAGES:
        for row in package.rows:
            assert {items[i].department for i in row.item_ids} == {row.department}


def test_prerequisites_are_marked_as_a_judgement() -> None:
    for package in PACKAGES:
        waits = any(row.waits_for for row in package.rows)
        assert waits == (package.prerequisites_basis is not None)
    assert "须由牵头单位确认" in (PACKAGES[5].prerequisites_basis or "")


def test_the_summary_lists_no_name_lead_and_items() -> None:
    summary = packages_summary(PACKAGES)
    assert [row["no"] for row in summary] == list(range(1, 19))
    assert summary[6] == {
        "no": 7,
        "name": "入学一件事",
        "lead": "地区教育局",
        "items": [
            {"no": 1, "name": "义务教育阶段学校学生入学", "department": "教育局"},
            {"no": 2, "name": "流动人口暂住登记", "department": "公安局"},
            {"no": 3, "name": "房屋交易合同网签备案", "department": "住房和城乡建设局"},
        ],
    }


def test_names_differ_only_in_brackets_where_the_plan_does() -> None:
    both = [row.name for p in PACKAGES for row in p.rows if row.name.startswith("档案的接收和转递")]
    assert both == ["档案的接收和转递(流动人员)", "档案的接收和转递（流动人员)"]
    ids = {i for p in PACKAGES for row in p.rows if row.name.startswith("档案的") for i in row.item_ids}
    assert len(ids) == 1
