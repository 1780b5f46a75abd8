import pytest
from pypinyin import Style, lazy_pinyin

from hall.catalogue.hall_profile import WindowKind
from hall.catalogue.loading import HALL_CODES, load_hall_catalogue, load_items, resources_dir
from hall.catalogue.model import ItemType
from hall.catalogue.queues import (
    pointer,
    routes_for,
    series_of,
    serves,
    windows_for,
    windows_of_series,
)
from hall.catalogue.window_layout import with_windows_added
from tests.hall.catalogue.values import item

HALLS = {code: load_hall_catalogue(resources_dir(), code) for code in HALL_CODES}
CHANGJI = HALLS["changji"]
WUSHEN = HALLS["wushen"]


def zones(hall: str, item_id: str) -> list[str]:
    return [route.zone.name for route in HALLS[hall].routes(item_id)]


def test_items_go_to_the_zone_of_their_department() -> None:
    assert zones("changji", "p04-02") == ["房产不动产交易登记专区"]
    assert zones("changji", "p06-03") == ["公安事务专区"]
    assert zones("changji", "p07-01") == ["无差别综合受理窗口"]
    assert zones("zhaohua", "p04-02") == ["分领域综合窗口"]
    assert zones("zhaohua", "p02-01") == ["无差别综合窗口"]
    assert zones("heshuo", "p04-03") == ["契税收缴窗口"]
    assert zones("heshuo", "p06-01") == ["综合窗口"]
    assert zones("kashi", "p06-01") == ["综合窗口"]
    assert zones("wushen", "ws03-04") == ["交通运输"]


def test_penalty_matters_and_only_they_go_to_penalty_windows() -> None:
    penalty = [i for i in CHANGJI.items if i.item_type is ItemType.PENALTY]
    assert len(penalty) == 2
    for matter in CHANGJI.items:
        kinds = {w.kind for w in windows_for(CHANGJI.profile, matter)}
        assert (WindowKind.PENALTY in kinds) == (matter in penalty)
        assert kinds == {WindowKind.PENALTY} or matter not in penalty


def test_a_new_penalty_matter_needs_a_penalty_window() -> None:
    fine = item("new", "新的处罚事项", "交通局", item_type=ItemType.PENALTY)
    licence = item("new", "新的许可事项", "交通局", item_type=ItemType.LICENCE)
    assert {w.kind for w in windows_for(CHANGJI.profile, fine)} == {WindowKind.PENALTY}
    assert {w.kind for w in windows_for(CHANGJI.profile, licence)} == {WindowKind.INTAKE}
    assert windows_for(HALLS["heshuo"].profile, fine) == ()


def test_query_and_loan_matters_have_windows_of_their_own() -> None:
    loan = next(i for i in CHANGJI.items if i.name == "住房公积金贷款签约")
    assert {w.kind for w in windows_for(CHANGJI.profile, loan)} == {WindowKind.SPECIAL}
    assert len(windows_for(CHANGJI.profile, loan)) == 4
    seal = next(i for i in CHANGJI.items if i.name == "查封")
    assert {w.kind for w in windows_for(CHANGJI.profile, seal)} == {WindowKind.QUERY}
    assert len(windows_for(CHANGJI.profile, seal)) == 4


def test_marriage_has_series_of_its_own() -> None:
    by_name = {i.name: i for i in CHANGJI.items}
    series = {
        name: CHANGJI.routes(by_name[name].id)[0].queue.series
        for name in ("结婚登记", "离婚登记", "结婚证（离婚证）补领", "婚姻档案查询", "收养登记")
    }
    assert list(series.values()) == ["JJ", "JL", "JB", "JC", "JS"]


def test_an_item_of_another_department_is_refused_with_a_pointer() -> None:
    market = WUSHEN.profile.windows[0]
    land = WUSHEN.item("p04-02")
    assert pointer(WUSHEN.profile, market, land) == "“不动产登记”请到不动产权 9号窗口办理"
    assert pointer(WUSHEN.profile, market, WUSHEN.item("p01-01")) is None
    assert not serves(WUSHEN.profile, market, land)
    fund = WUSHEN.item("p13-04")
    assert "不在本大厅办理" in (pointer(WUSHEN.profile, market, fund) or "")


@pytest.mark.parametrize("code", HALL_CODES)
def test_every_item_of_a_hall_has_a_window_and_a_series(code: str) -> None:
    catalogue = HALLS[code]
    assert catalogue.items
    for offered in catalogue.items:
        for route in catalogue.routes(offered.id):
            assert route.windows
            assert route.queue in route.group.queues
    kiosks = {k.own_series for k in catalogue.profile.kiosks}
    assert not kiosks & set(series_of(catalogue.profile))


def test_the_tide_window_calls_the_undifferentiated_series() -> None:
    profile = HALLS["zhaohua"].profile
    assert [w.no for w in windows_of_series(profile, "A")] == [1, 2, 3, 4, 5, 12]


def test_local_items_stay_in_their_hall() -> None:
    local = next(i for i in CHANGJI.items if i.name == "社会福利")
    assert local.id not in HALLS["zhaohua"].by_id
    assert routes_for(HALLS["zhaohua"].profile, local) == ()


def test_the_border_pass_is_offered_once_its_window_is_there() -> None:
    border = next(i for i in CHANGJI.by_id.values() if i.name == "边境通行证")
    assert border not in CHANGJI.items
    later = with_windows_added(CHANGJI.profile, "Z06-4", 1)
    assert [w.no for w in windows_for(later, border)] == [100]


def test_lookups_by_zone_queue_window_and_department() -> None:
    in_zone = {i.id for i in CHANGJI.items_in_zone("Z03")}
    assert "p04-02" in in_zone
    assert "p06-03" not in in_zone
    assert {i.id for i in CHANGJI.items_of_queue("C")} <= in_zone
    window = CHANGJI.routes("p04-02")[0].windows[0]
    assert CHANGJI.item("p04-02") in CHANGJI.items_at_window(window)
    assert {i.department for i in CHANGJI.items_of_department("公安局")} == {"公安局"}
    with pytest.raises(KeyError):
        CHANGJI.item("nothing")
    with pytest.raises(KeyError):
        CHANGJI.package(19)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("入学", "义务教育阶段学校学生入学"),
        ("食品（含", "食品（含保健食品）经营许可"),
        ("食品(含", "食品（含保健食品）经营许可"),
        ("csyxzm", "出生医学证明首次签发"),
        ("CSYX", "出生医学证明首次签发"),
        ("chushengyixue", "出生医学证明首次签发"),
        (" 不动产 登记 ", "不动产登记"),
        ("pos", "缴税（费）pos刷卡"),
    ],
)
def test_search_finds_by_substring_and_pinyin(text: str, first: str) -> None:
    assert CHANGJI.search(text)[0].name == first


@pytest.mark.parametrize("text", ["", "   ", "没有这个", "'; drop table", "x" * 10_000])
def test_search_finds_nothing_for_nothing(text: str) -> None:
    assert CHANGJI.search(text) == ()


def test_search_is_limited() -> None:
    assert len(CHANGJI.search("登记", most=3)) == 3


def test_stored_pinyin_is_what_the_library_gives() -> None:
    for stored in load_items(resources_dir()):
        letters = [c for c in stored.name if c.isalnum()]
        assert stored.initials
        assert len(stored.initials) <= len(letters)
        assert stored.pinyin == "".join(lazy_pinyin("".join(letters), style=Style.NORMAL)).lower()
