"""Every figure and name of the five profiles, looked up in the plan's own words at the plan's own place."""

import re

import pytest

from hall.catalogue.hall_profile import (
    DepartmentKind,
    DeskAt,
    HallProfile,
    IntakeMode,
    WindowKind,
    WindowRole,
    ZoneKind,
)
from hall.catalogue.loading import HALL_CODES, load_profile, resources_dir
from hall.catalogue.summary import hall_summary
from hall.catalogue.window_layout import with_windows_added
from tests.resources.seed_texts import lines, packed, whole

HALLS = {code: load_profile(resources_dir() / "halls" / f"{code}.json") for code in HALL_CODES}
CHANGJI, ZHAOHUA, KASHI, HESHUO, WUSHEN = (HALLS[code] for code in HALL_CODES)


def counts(profile: HallProfile) -> list[int | None]:
    return [zone.window_total for zone in profile.zones]


# 昌吉: line of each zone, and the words in which the plan gives each count
CHANGJI_WORDS = {
    1: (35, ["设置综合受理窗口1个", "设置综合咨询窗口1个"]),
    2: (37, ["设置综合受理窗口2个"]),
    3: (
        39,
        [
            "综合受理窗口14个",
            "设置1个收费窗口",
            "设置2个发证窗口",
            "设置2个不动产查询窗口",
            "设置2个房产查询窗口",
        ],
    ),
    4: (41, ["综合受理窗口2个"]),
    5: (43, ["综合受理窗口2个"]),
    6: (45, ["公安出入境综合受理窗口2个", "车驾管综合窗口1个", "户籍综合窗口2个", "设立边境管理综合窗口"]),
    7: (47, ["设置综合受理窗口5个", "设置综合行政处罚窗口1个"]),
    8: (49, ["设置2个综合咨询窗口", "6个综合受理窗口"]),
    9: (51, ["设置3个综合咨询窗口", "9个综合受理窗口"]),
    10: (53, ["1个社会事务类综合窗口", "5个婚姻登记综合窗口"]),
    11: (55, ["设置综合受理窗口16个"]),
    12: (57, ["设立2个综合咨询窗口", "设立8个综合受理窗口", "设立4个个性窗口"]),
}


@pytest.mark.parametrize("no", range(1, 13))
def test_changji_zone(no: int) -> None:
    zone = CHANGJI.zones[no - 1]
    at, words = CHANGJI_WORDS[no]
    text = packed(lines("changji")[at])
    assert text.startswith(f"{no}.{zone.name}综合窗口。")
    assert zone.no == no
    assert len(zone.groups) == len(words)
    for group, said in zip(zone.groups, words, strict=True):
        assert said in text
        figure = re.search(r"\d+", said)
        assert group.count == (int(figure.group()) if figure else None)
    assert f"牵头单位：{zone.lead}" in text
    for unit in zone.responsible:
        assert unit in text
    for business in [*zone.business, *(b for g in zone.groups for b in g.business)]:
        if not business.startswith("市"):
            assert all(packed(part) in text for part in re.split(r"[、，]", business)[:1]), business


def test_changji_has_96_windows_in_12_zones_and_3_more() -> None:
    assert counts(CHANGJI) == [2, 2, 21, 2, 2, 5, 6, 8, 12, 6, 16, 14, 3]
    assert sum(c or 0 for c in counts(CHANGJI)[:12]) == 96
    assert CHANGJI.windows_total == 99
    assert "政务中心前台设置3个无差别综合受理窗口" in lines("changji")[61]
    assert "设立8个综合窗口" in lines("changji")[49]
    assert CHANGJI.zones[7].stated_total == 8
    assert "设立12个综合窗口" in lines("changji")[51]
    assert CHANGJI.zones[8].stated_total == 12
    assert "设立6个综合窗口" in lines("changji")[53]
    assert CHANGJI.zones[9].stated_total == 6
    assert "21项业务" in lines("changji")[49]
    assert CHANGJI.zones[7].business_item_count == 21
    assert "47项业务" in lines("changji")[57]
    assert CHANGJI.zones[11].business_item_count == 47


def test_changji_penalty_query_and_special_windows() -> None:
    kinds = {kind: [g for _, g in CHANGJI.groups() if g.kind is kind] for kind in WindowKind}
    assert sum(g.count or 0 for g in kinds[WindowKind.QUERY]) == 4
    assert sum(g.count or 0 for g in kinds[WindowKind.PENALTY]) == 1
    assert sum(g.count or 0 for g in kinds[WindowKind.SPECIAL]) == 4
    marriage = CHANGJI.group("Z10-2")
    assert [q.name for q in marriage.queues] == ["结婚登记", "离婚登记", "补领", "婚姻档案查询", "收养登记"]


def test_the_border_window_has_no_figure_and_can_be_added_later() -> None:
    border = CHANGJI.group("Z06-4")
    assert border.count is None
    assert not re.search(r"边境管理综合窗口\d|\d个边境", packed(lines("changji")[45]))
    later = with_windows_added(CHANGJI, "Z06-4", 1)
    assert later.windows_total == 100
    assert later.windows[:-1] == CHANGJI.windows
    assert (later.windows[-1].no, later.windows[-1].title) == (100, "边境管理综合窗口")
    assert CHANGJI.windows_total == 99


def test_changji_undifferentiated_duties_and_towns() -> None:
    duties = CHANGJI.group("Z13-1").business
    text = packed(lines("changji")[61])
    assert len(duties) == 4
    assert [duty in text for duty in duties] == [True] * 4
    assert {WindowRole.GUIDE, WindowRole.AGENT, WindowRole.CROSS} <= CHANGJI.group("Z13-1").roles
    towns = [(level.windows, level.staff) for level in CHANGJI.lower_levels]
    assert towns == [("1", "2"), ("2—4", "3—4"), ("1—2", "2—3"), (None, None)]
    assert "综合办事窗口2—4个，配备窗口工作人员3—4名" in lines("changji")[67]
    assert "综合咨询办事窗口1—2个，配备窗口工作人员2—3名" in lines("changji")[67]


def test_zhaohua_is_5_and_6_and_1() -> None:
    text = lines("zhaohua")[72]
    assert "区政务大厅设置12个综合窗口，其中无差别综合窗口5个（包含特色窗口5个）" in text
    assert "分领域综合窗口6个，预留潮汐窗口1个" in text
    assert counts(ZHAOHUA) == [5, 6, 1]
    assert ZHAOHUA.windows_total == 12
    assert len(ZHAOHUA.windows) == 12
    for group in ZHAOHUA.zones[1].groups:
        assert group.title.removesuffix("窗口") in lines("zhaohua")[54]
    assert ZHAOHUA.zones[2].groups[0].kind is WindowKind.TIDE


def test_zhaohua_special_services_are_roles_and_not_counters() -> None:
    five = {WindowRole.ISSUE, WindowRole.GUIDE, WindowRole.AGENT, WindowRole.BOOKING, WindowRole.FAST}
    undiff = [w for w in ZHAOHUA.windows if w.kind is WindowKind.UNDIFF]
    assert [len(w.roles & five) for w in undiff] == [1] * 5
    assert {role for w in undiff for role in w.roles} >= five
    assert sum(len(w.roles) for w in undiff) > len(undiff)
    for word in ("办不成事", "导办帮办", "委托代办", "预约服务", "快速通道", "潮汐窗口"):
        assert any(word in line for line in lines("zhaohua")[58:69])


def test_zhaohua_names_priority_groups_and_six_cross_region_kinds() -> None:
    assert all(group in lines("zhaohua")[60] for group in ZHAOHUA.priority_groups)
    assert len(ZHAOHUA.priority_groups) == 5
    assert len(ZHAOHUA.cross_region) == 6
    assert all(f"“{kind}”" in lines("zhaohua")[26] for kind in ZHAOHUA.cross_region)
    assert [(level.windows, level.staff) for level in ZHAOHUA.lower_levels] == [("4-6", "5-8"), ("1", "1-2")]
    assert "设置4-6个无差别综合窗口（含1个潮汐窗口）" in lines("zhaohua")[72]


def test_kashi_has_four_kinds_and_no_figures() -> None:
    assert "设置咨询、办事、帮办代办、“办不成事”反映等综合窗口" in lines("kashi")[29]
    assert [g.label for _, g in KASHI.groups()] == ["咨询", "办事", "帮办代办", "“办不成事”反映"]
    assert [g.count for _, g in KASHI.groups()] == [None] * 4
    assert KASHI.windows_total is None
    assert [w.layout_note for w in KASHI.windows] == ["演示布局"] * 4


def test_heshuo_has_20_groups_and_55_windows() -> None:
    text = whole("heshuo")
    assert "涉及具体进驻事项的部门35个，设置55个窗口" in text
    figures = [8, 6, 4, 7, 5, 2, 1, 2, 4, 2, 1, 1, 1, 1, 2, 3, 1, 1, 1, 2]
    assert counts(HESHUO) == figures
    assert HESHUO.windows_total == 55
    for zone in HESHUO.zones:
        count = zone.groups[0].count
        ways = (f"{zone.no}.设置{packed(zone.name)}{count}个", f"{zone.no}.{packed(zone.name)}{count}个")
        assert any(way in text for way in ways), zone.name


@pytest.mark.parametrize("no", range(1, 21))
def test_heshuo_group_staff_and_business_are_the_plans(no: int) -> None:
    text = whole("heshuo")
    group = HESHUO.zones[no - 1].groups[0]
    for business in group.business:
        words = [w for w in re.split(r"[、，；（）()]", packed(business)) if w]
        assert all(word in text for word in words[:2]), business
    for quota in group.staff:
        assert quota.unit in text
        assert quota.count > 0


def test_heshuo_staff_differ_from_windows_in_exactly_three_groups() -> None:
    staff = {z.name: sum(q.count for q in z.groups[0].staff) for z in HESHUO.zones}
    assert sum(staff.values()) == 57
    centre = [q.count for _, g in HESHUO.groups() for q in g.staff if q.unit == "行政服务中心"]
    assert sum(centre) == 13
    differ = [z.name for z in HESHUO.zones if staff[z.name] != z.window_total]
    assert differ == ["不动产登记窗口", "工程建设项目审批窗口", "市场监督管理窗口"]


def test_heshuo_departments_rooms_and_self_service() -> None:
    organs = [d for d in HESHUO.departments if d.from_plan and d.kind is DepartmentKind.ORGAN]
    assert len(organs) == HESHUO.departments_stated == 35
    named = [d for d in organs if not d.to_be_named]
    text = whole("heshuo")
    assert all(d.name in text or d.name.removeprefix("县") in text for d in named)
    assert sum(room.count for room in HESHUO.rooms) == 17
    for room in HESHUO.rooms:
        assert f"{room.name}{room.count}间" in packed(lines("heshuo")[169])
    in_hall = [area for area in HESHUO.self_service if not area.open_24h]
    night = [area for area in HESHUO.self_service if area.open_24h]
    assert (len(in_hall), len(night)) == (3, 1)
    assert "大厅内共设置自助服务区3个" in packed(lines("heshuo")[165])
    assert all(packed(area.name) in packed(lines("heshuo")[165]) for area in HESHUO.self_service)
    assert all(terminal in lines("heshuo")[165] for terminal in night[0].terminals)
    assert len(HESHUO.zones[19].groups[0].departments) == 9


def test_wushen_has_5_one_window_zones_and_4_professional_areas() -> None:
    assert "等5个“一窗受理”窗口" in lines("wushen")[21]
    one = [z for z in WUSHEN.zones if z.kind is ZoneKind.THEMED]
    areas = [z for z in WUSHEN.zones if z.kind is ZoneKind.PROFESSIONAL]
    assert [z.window_total for z in one] == [1] * 5
    assert [z.window_total for z in areas] == [None] * 4
    assert WUSHEN.windows_total == 5
    assert [len(z.groups[0].departments) for z in one] == [4, 11, 2, 4, 4]
    assert [len(z.groups[0].departments) for z in areas] == [1, 3, 4, 2]
    assert [w.layout_note for w in WUSHEN.windows] == [""] * 5 + ["演示布局"] * 4


@pytest.mark.parametrize("at", range(9))
def test_wushen_departments_are_named_at_their_window(at: int) -> None:
    zone = WUSHEN.zones[at]
    text = whole("wushen")
    mode = "一窗受理" if zone.kind is ZoneKind.THEMED else "无差别办理"
    start = text.index(f"{zone.name}“{mode}”", text.index("2、审批部门事项"))
    part = text[start : text.index("。", text.index("涉及部门：", start))]
    for department in zone.groups[0].departments:
        assert department in part, department
    assert all(d.desk_at is DeskAt.NODE for d in WUSHEN.departments)


def test_wushen_checks_before_accepting_and_has_seven_guide_desks() -> None:
    assert "收齐申报材料并经相关部门初审确认后，录入" in lines("wushen")[21]
    modes = {code: profile.intake_mode for code, profile in HALLS.items()}
    assert [c for c, m in modes.items() if m is IntakeMode.PRECHECK_THEN_ACCEPT] == ["wushen"]
    assert len(WUSHEN.guide_desks) == 7
    assert all(desk in lines("wushen")[17] for desk in WUSHEN.guide_desks)
    assert "达到80%" in lines("wushen")[18]


@pytest.mark.parametrize("code", HALL_CODES)
def test_plan_and_division(code: str) -> None:
    profile = HALLS[code]
    text = whole(code)
    assert packed(profile.plan.title) in text
    assert profile.plan.issuer in text
    day = profile.plan.issued_on
    assert f"{day.year}年{day.month}月{day.day}日" in text
    if profile.plan.doc_no is not None:
        assert (
            profile.plan.doc_no.replace("〔", "﹝").replace("〕", "﹞") in text or profile.plan.doc_no in text
        )
    divisions = {
        "changji": "652301",
        "zhaohua": "510811",
        "kashi": "653100",
        "heshuo": "652828",
        "wushen": "150626",
    }
    assert profile.division_code == divisions[code]


@pytest.mark.parametrize("code", HALL_CODES)
def test_windows_are_numbered_the_same_way_each_time(code: str) -> None:
    profile = HALLS[code]
    assert [w.no for w in profile.windows] == list(range(1, len(profile.windows) + 1))
    assert len({w.id for w in profile.windows}) == len(profile.windows)
    assert load_profile(resources_dir() / "halls" / f"{code}.json").windows == profile.windows


def test_the_summary_gives_the_plans_figures() -> None:
    found = {code: hall_summary(HALLS[code]) for code in HALL_CODES}
    assert {c: s["windows_total"] for c, s in found.items()} == {
        "changji": 99,
        "zhaohua": 12,
        "kashi": None,
        "heshuo": 55,
        "wushen": 5,
    }
    assert found["changji"]["not_stated"] == ["边境管理综合窗口"]
    assert found["changji"]["windows_by_kind"]["query"] == 4
    assert [z["total"] for z in found["changji"]["zones"]][:12] == [2, 2, 21, 2, 2, 5, 6, 8, 12, 6, 16, 14]
    assert found["kashi"]["windows_by_kind"] == {"consult": None, "intake": None}


def test_milestones_of_the_plans() -> None:
    assert [len(HALLS[c].milestones) for c in HALL_CODES] == [3, 0, 14, 0, 3]
    assert "6月25前完成地、县市领导小组组建" in lines("kashi")[21]
    assert KASHI.milestones[0].due == "2022-06-25"
