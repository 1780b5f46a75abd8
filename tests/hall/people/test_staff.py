import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from hall.catalogue.loading import HALL_CODES, load_hall_catalogue, resources_dir
from hall.people.loading import PeopleFileError, load_people
from hall.people.model import Certificate, Post, Role, Staff, cannot_open, chief_representatives
from hall.people.powers import LetterForm, Power

DAY = date(2026, 3, 2)
CLERK = Staff(
    id="s1",
    name="王示一",
    employee_no="1",
    home_unit="大厅",
    roles=frozenset({Role.CLERK}),
    certificates=(Certificate("Z01", date(2026, 1, 1), date(2026, 12, 31)),),
)


def test_a_certificate_of_the_zone_opens_its_windows_only() -> None:
    assert cannot_open(CLERK, "Z01", DAY) is None
    assert "没有本专区的有效上岗考核记录" in (cannot_open(CLERK, "Z02", DAY) or "")
    assert cannot_open(CLERK, "Z01", date(2026, 12, 31)) is None
    assert cannot_open(CLERK, "Z01", date(2027, 1, 1)) is not None
    assert cannot_open(CLERK, "Z01", date(2025, 12, 31)) is not None


def test_guides_and_people_who_left_open_nothing() -> None:
    assert "不是窗口人员" in (cannot_open(replace(CLERK, roles=frozenset({Role.GUIDE})), "Z01", DAY) or "")
    assert "已离岗" in (cannot_open(replace(CLERK, active=False), "Z01", DAY) or "")


def test_b_acts_only_while_a_is_absent() -> None:
    b = replace(CLERK, id="s2", post=Post.B, stands_in_for="s1")
    assert "B岗" in (cannot_open(b, "Z01", DAY) or "")
    assert cannot_open(b, "Z01", DAY, absent=["s1"]) is None


@pytest.mark.parametrize("code", HALL_CODES)
def test_demo_people_can_run_the_hall_and_are_marked(code: str) -> None:
    catalogue = load_hall_catalogue(resources_dir(), code)
    people = load_people(resources_dir(), catalogue.profile)
    assert people.demo
    assert {p.demo for p in people.staff} == {True}
    assert {a.demo for a in people.authorisations} == {True}
    a_post = [p for p in people.staff if p.post is Post.A]
    for window in catalogue.profile.windows:
        assert any(cannot_open(p, window.zone_code, DAY) is None for p in a_post), window
    assert {role for p in people.staff for role in p.roles} >= set(Role) - {
        Role.CITIZEN,
        Role.CASHIER,
        Role.CENTRE_ADMIN,
    }
    departments = {item.department for item in catalogue.items}
    for department in departments:
        assert len(chief_representatives(people.staff, department)) == 1
    assert {a.department for a in people.authorisations} == departments


def test_the_demo_letters_follow_the_plans_forms() -> None:
    letters = {}
    for code in ("heshuo", "zhaohua"):
        profile = load_hall_catalogue(resources_dir(), code).profile
        letters[code] = load_people(resources_dir(), profile).authorisations
    assert {a.powers for a in letters["heshuo"]} == {frozenset({Power.ACCEPT})}
    assert {a.form for a in letters["heshuo"]} == {LetterForm.ON_SITE}
    assert {a.powers for a in letters["zhaohua"]} == {frozenset(Power)}


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (("hall", "kashi"), "属于大厅“kashi”"),
        (("staff", 0, "certificates", 0, "zone_code", "Z99"), "“Z99”不存在"),
        (("staff", 0, "stands_in_for", "nobody"), "A岗人员不存在"),
        (("staff", 0, "roles", ["king"]), "“staff” 第1项 “roles”"),
        (("authorisations", 0, "groups", ["Z99-1"]), "“Z99-1”不存在"),
        (("authorisations", 0, "valid_to", "2025-01-01"), "有效期不正确"),
        (("authorisations", 0, "id", "heshuo-a02"), "编号“heshuo-a02”重复"),
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, edit: tuple[str | int, ...], said: str) -> None:
    profile = load_hall_catalogue(resources_dir(), "heshuo").profile
    data = json.loads((resources_dir() / "halls/people/heshuo.json").read_text(encoding="utf-8"))
    *steps, last, value = edit
    at = data
    for step in steps:
        at = at[step]
    at[last] = value
    (tmp_path / "halls" / "people").mkdir(parents=True)
    (tmp_path / "halls/people/heshuo.json").write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(PeopleFileError, match=said):
        load_people(tmp_path, profile)


def test_a_hall_without_people_is_named(tmp_path: Path) -> None:
    profile = load_hall_catalogue(resources_dir(), "heshuo").profile
    with pytest.raises(PeopleFileError, match="无法读取"):
        load_people(tmp_path, profile)
