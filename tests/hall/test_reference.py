"""The reference data of all five halls as the handlers see it: facts of items, desks, powers with reasons."""

import re
from dataclasses import replace
from datetime import date

import pytest

from hall.catalogue.hall_profile import DeskAt
from hall.catalogue.loading import HALL_CODES, resources_dir
from hall.catalogue.model import ServiceItem, Tag
from hall.journal.refusal import Refusal
from hall.people.powers import Power
from hall.reference import HallAuthority, Reference, load_reference, required
from tests.hall.builders import DAY, NAME, machine


@pytest.fixture(scope="module", params=HALL_CODES)
def ref(request: pytest.FixtureRequest) -> Reference:
    return load_reference(resources_dir(), request.param)


def described(ref: Reference) -> list[ServiceItem]:
    return [i for i in ref.catalogue.by_id.values() if i.guide and i.item_type and i.case_type]


def test_facts_of_every_described_item(ref: Reference) -> None:
    items = described(ref)
    assert len(items) >= 20
    for item in items:
        facts = ref.item_facts(item)
        assert (facts.id, facts.version, facts.name) == (item.id, item.version, item.name)
        assert facts.code
        assert re.fullmatch(r"\d\d", facts.item_type)
        assert facts.case_type.value == str(item.case_type)
        assert facts.desk.rpartition("@")[2] in ("node", "county")
        assert facts.promised_unit in ("工作日", "日")
        if facts.statutory_n is not None and facts.statutory_unit == facts.promised_unit:
            assert facts.promised_n <= facts.statutory_n  # R15


def test_an_item_without_a_guide_is_not_taken_in(ref: Reference) -> None:
    bare = next(i for i in ref.catalogue.by_id.values() if i.guide is None)
    with pytest.raises(Refusal, match="办事指南待补充") as refused:
        ref.item_facts(bare)
    assert bare.name in refused.value.text


def test_a_desk_lies_where_the_profile_puts_its_unit(ref: Reference) -> None:
    for item in described(ref):
        unit = ref.profile.department_for(item.department)
        desk = ref.desk(item.department)
        if unit is None:
            assert desk == f"{item.department}@county"
            assert ref.unit_name(item.department) == item.department
        else:
            assert desk == f"{unit.name}@{'node' if unit.desk_at is DeskAt.NODE else 'county'}"
            named = ref.unit_name(item.department)
            assert named in (unit.name, ref.profile.place + unit.name[1:])
            assert named[0] not in "县旗", "a paper names the organ with its place"
    assert ref.desk("没有这个部门") == "没有这个部门@county"


def test_only_minor_materials_of_listed_items_may_come_later(ref: Reference) -> None:
    for item in described(ref):
        assert item.guide is not None
        for material in item.guide.materials:
            line = required(item, material)
            assert line.tolerable is (Tag.TOLERANT in item.tags and not material.principal)
            assert bool(line.waivable) is bool(material.licence_code)


def covered(ref: Reference) -> tuple[int, ServiceItem]:
    """A window and an item that it may take in."""
    for window in ref.profile.windows:
        for item in ref.catalogue.items_at_window(window):
            if Power.ACCEPT in ref.powers(window, item, DAY):
                return window.no, item
    raise AssertionError("no window may take anything in")


def ask(ref: Reference, window: int | None, item: str, power: str, day: date) -> str:
    """The organ in whose name, or the reason why not."""
    try:
        return (
            HallAuthority(ref)
            .covers(window=window, item=item, department="", power=power, day=day)
            .in_name_of
        )
    except Refusal as no:
        return no.text if no.code == "no_power" else no.code


def test_powers_hold_from_the_first_day_of_the_letter_to_the_last(ref: Reference) -> None:
    window, item = covered(ref)
    letter = next(a for a in ref.people.authorisations if a.department == item.department)
    assert letter.valid_to is not None
    assert ask(ref, window, item.id, "ACCEPT", letter.valid_to) == letter.granter
    assert ref.unit_name(item.department).endswith(letter.granter[1:])
    after = ask(ref, window, item.id, "ACCEPT", date(letter.valid_to.year + 1, 1, 1))
    assert letter.letter_no in after
    assert "到期，不能行使受理权。" in after
    before = ask(ref, window, item.id, "ACCEPT", date(letter.valid_from.year - 1, 12, 31))
    assert "受理权。" in before


def test_each_power_is_asked_for_by_itself(ref: Reference) -> None:
    window, item = covered(ref)
    letter = next(a for a in ref.people.authorisations if a.department == item.department)
    for power in Power:
        answer = ask(ref, window, item.id, power.value, DAY)
        if power in letter.powers:
            assert answer == letter.granter
        else:
            assert answer == f"授权书{letter.letter_no}未授予{power.text}。"


def test_a_revoked_letter_and_a_hall_without_letters(ref: Reference) -> None:
    window, item = covered(ref)
    gone = tuple(replace(a, revoked_on=DAY) for a in ref.people.authorisations)
    revoked = replace(ref, people=replace(ref.people, authorisations=gone))
    assert "撤销，不能行使受理权。" in ask(revoked, window, item.id, "ACCEPT", DAY)
    empty = replace(ref, people=replace(ref.people, authorisations=()))
    assert "没有向本大厅出具授权书" in ask(empty, window, item.id, "ACCEPT", DAY)


@pytest.mark.parametrize(("window", "item"), [(None, None), (9999, None), (1, "no-such-item")])
def test_what_the_hall_does_not_know_it_does_not_do(
    ref: Reference, window: int | None, item: str | None
) -> None:
    _, known = covered(ref)
    assert "名录" in ask(ref, window, item or known.id, "ACCEPT", DAY)


def test_staff_are_found_by_number_and_named(ref: Reference) -> None:
    person = ref.people.staff[0]
    assert ref.staff_by_no(person.employee_no) == person
    assert ref.staff_name(person.id) == person.name
    assert ref.staff_name("nobody-1") == "nobody-1"
    assert ref.staff_by_no("0") is None


def test_a_case_is_taken_in_with_the_halls_own_rules(ref: Reference) -> None:
    window, item = covered(ref)
    hall = machine("node-1", "hall")
    hall.rules = ref.rules
    item = next(i for i in (item, *described(ref)) if i.guide and i.item_type and i.case_type)
    case = hall.draft(item=ref.item_facts(item), materials=tuple(
        required(item, m) for m in (item.guide.materials if item.guide else ())
    ))  # fmt: skip
    hall.applicant(case)
    hall.check_all(case)
    answer = ask(ref, window, item.id, "ACCEPT", DAY)
    if answer.endswith("。"):
        with pytest.raises(Refusal, match="授权书"):
            hall.receive(case, window=window)
    else:
        hall.receive(case, window=window)
        assert hall.case(case).applicant_name == NAME
    hall.store.close()
