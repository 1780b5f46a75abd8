from dataclasses import replace
from datetime import date

import pytest

from hall.catalogue.loading import load_hall_catalogue, resources_dir
from hall.people.powers import (
    Authorisation,
    Granted,
    LetterForm,
    Power,
    Refused,
    letter_warnings,
    power_check,
    powers_of,
)

CATALOGUE = load_hall_catalogue(resources_dir(), "zhaohua")
WINDOW = CATALOGUE.profile.windows[0]
DOMAIN_WINDOW = CATALOGUE.profile.windows[6]
ITEM = CATALOGUE.item("p02-01")
DAY = date(2026, 3, 2)
LETTER = Authorisation(
    id="a1",
    letter_no="授权〔2026〕第1号",
    department="市场监管局",
    granter="区市场监管局",
    form=LetterForm.COMPREHENSIVE,
    powers=frozenset(Power),
    valid_from=date(2026, 1, 1),
    valid_to=date(2026, 12, 31),
    items=("p02-01",),
    groups=("Z01-1",),
    published_on=date(2026, 1, 1),
)


def refusal(letter: Authorisation | None, power: Power = Power.ACCEPT, day: date = DAY) -> str:
    result = power_check((letter,) if letter else (), WINDOW, ITEM, power, day)
    assert isinstance(result, Refused)
    return result.reason


@pytest.mark.parametrize("power", Power)
def test_each_power_is_its_own(power: Power) -> None:
    assert power_check((LETTER,), WINDOW, ITEM, power, DAY) == Granted(LETTER)
    without = replace(LETTER, powers=frozenset(Power) - {power})
    assert refusal(without, power) == f"授权书授权〔2026〕第1号未授予{power.text}"
    assert powers_of((without,), WINDOW, ITEM, DAY) == frozenset(Power) - {power}


@pytest.mark.parametrize("power", Power)
def test_an_expired_letter_refuses_every_power_with_its_reason(power: Power) -> None:
    assert "已于2026年12月31日到期" in refusal(LETTER, power, date(2027, 1, 1))
    assert isinstance(power_check((LETTER,), WINDOW, ITEM, power, date(2026, 12, 31)), Granted)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"department": "公安局"}, "市场监管局没有向本大厅出具授权书，不能行使受理权"),
        ({"items": ("p01-01",)}, "未包含事项“食品（含保健食品）经营许可”"),
        ({"groups": ("Z02-1",)}, "未授权1号窗口"),
        ({"published_on": None}, "尚未公告"),
        ({"published_on": date(2026, 3, 3)}, "尚未公告"),
        ({"valid_from": date(2026, 4, 1)}, "自2026年4月1日起生效"),
        ({"revoked_on": date(2026, 3, 2)}, "已于2026年3月2日撤销"),
    ],
)
def test_what_a_letter_lacks_is_said(change: dict[str, object], said: str) -> None:
    assert said in refusal(replace(LETTER, **change))  # type: ignore[arg-type]


def test_no_letter_at_all() -> None:
    assert refusal(None) == "市场监管局没有向本大厅出具授权书，不能行使受理权"


def test_the_nearest_letter_explains_the_refusal_and_any_fitting_one_grants() -> None:
    old = replace(LETTER, id="a0", valid_to=date(2026, 1, 31))
    other = replace(LETTER, id="a2", department="公安局")
    result = power_check((other, old), WINDOW, ITEM, Power.ACCEPT, DAY)
    assert isinstance(result, Refused)
    assert "2026年1月31日到期" in result.reason
    assert power_check((other, old, LETTER), WINDOW, ITEM, Power.ACCEPT, DAY) == Granted(LETTER)


def test_a_department_wide_letter_covers_every_window_and_item() -> None:
    wide = replace(LETTER, items=None, groups=None)
    for window in (WINDOW, DOMAIN_WINDOW):
        assert isinstance(power_check((wide,), window, CATALOGUE.item("p01-01"), Power.SEAL, DAY), Granted)


def test_a_revocation_works_from_its_day() -> None:
    revoked = replace(LETTER, revoked_on=date(2026, 3, 3))
    assert isinstance(power_check((revoked,), WINDOW, ITEM, Power.ACCEPT, DAY), Granted)


def test_letters_that_a_lawyer_should_see() -> None:
    assert letter_warnings(LETTER, grantee_is_organ=True) == ()
    assert "第二十四条" in letter_warnings(LETTER, grantee_is_organ=False)[0]
    on_site = replace(LETTER, form=LetterForm.ON_SITE, published_on=None)
    assert len(letter_warnings(on_site, grantee_is_organ=True)) == 2
    accept = replace(LETTER, form=LetterForm.ON_SITE, powers=frozenset({Power.ACCEPT}))
    assert letter_warnings(accept, grantee_is_organ=False) == ()
