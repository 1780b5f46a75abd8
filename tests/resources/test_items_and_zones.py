"""No item lands in a zone whose theme contradicts it, as far as the plans' zone names and packages tell."""

from datetime import date

import pytest

from hall.catalogue.loading import HALL_CODES, resources_dir
from hall.catalogue.model import ServiceItem
from hall.catalogue.queues import Route
from hall.people.powers import Power, Refused, power_check
from hall.reference import Reference, load_reference

DAY = date(2026, 3, 2)
HALLS = {code: load_reference(resources_dir(), code) for code in HALL_CODES}
BUSINESS = ("涉企", "市场", "投资项目", "工程建设")
# packages of a person's life (附件1): 新生儿, 入学, 婚育, 扶残, 退役, 退休, 身后
LIFE = {
    item_id
    for package in HALLS["changji"].catalogue.packages
    if package.no in (6, 7, 9, 10, 11, 13, 14)
    for item_id in package.item_ids()
}
# zone or window word -> words that an item there must not have in its name
CONTRADICTIONS = {
    "户籍": ("公章", "占道", "消防"),
    "不动产": ("探矿", "费源", "规划许可"),
    "房产": ("探矿", "费源", "规划许可"),
    # 电表过户: 和硕 seats 水电暖报装企业 at this window
    "工程建设": ("水表过户", "天然气表过户"),
    "投资项目": ("过户",),
    "人力资源": ("退休", "养老"),
    "纳税": ("医学", "户口"),
    "社会保障": ("不动产", "营业执照"),
}


def routed(ref: Reference) -> list[tuple[ServiceItem, Route]]:
    return [(item, route) for item in ref.catalogue.items for route in ref.catalogue.routes(item.id)]


def place(route: Route) -> str:
    return f"{route.zone.name} {route.group.title}"


@pytest.mark.parametrize("code", HALL_CODES)
def test_matters_of_a_persons_life_are_not_taken_in_where_businesses_go(code: str) -> None:
    wrong = [
        (item.name, place(route))
        for item, route in routed(HALLS[code])
        if item.id in LIFE and any(word in place(route) for word in BUSINESS)
    ]
    assert wrong == []


@pytest.mark.parametrize("code", HALL_CODES)
def test_no_item_contradicts_the_name_of_its_window(code: str) -> None:
    wrong = [
        (item.name, place(route))
        for item, route in routed(HALLS[code])
        for theme, words in CONTRADICTIONS.items()
        if theme in place(route) and any(word in item.name for word in words)
    ]
    assert wrong == []


@pytest.mark.parametrize("code", HALL_CODES)
def test_the_window_of_a_guided_item_may_take_it_in(code: str) -> None:
    ref = HALLS[code]
    refused = [
        (item.name, place(route))
        for item, route in routed(ref)
        if item.guide is not None
        and all(
            isinstance(power_check(ref.people.authorisations, w, item, Power.ACCEPT, DAY), Refused)
            for w in route.windows
        )
    ]
    assert refused == []


def test_what_wushen_has_no_unit_for_is_said_and_not_sent_anywhere() -> None:
    catalogue = HALLS["wushen"].catalogue
    missing = {i.department for i in catalogue.by_id.values() if not catalogue.routes(i.id)}
    assert missing == {"人民银行", "住房公积金管理中心", "各地人武部门", "国网电力", "残联"}
