"""Builds one hall profile from the transcribed plan and the layout choices; used by
tools.import_seed_data.
"""

from __future__ import annotations

from typing import Any

Data = dict[str, Any]
KIND_OF_LABEL = {
    "综合受理": "intake",
    "综合咨询": "consult",
    "收费": "cashier",
    "发证": "delivery",
    "查询": "query",
    "行政处罚": "penalty",
    "个性": "special",
}
NAMES = {
    "changji": ("昌吉市政务中心", "昌吉市"),
    "zhaohua": ("昭化区政务服务大厅", "广元市昭化区"),
    "kashi": ("喀什地区政务服务中心", "喀什地区"),
    "heshuo": ("和硕县行政服务中心", "和硕县"),
    "wushen": ("乌审旗政务服务中心", "乌审旗"),
}
KIOSK_SERIES = ("V", "W", "X")


def hall_profile(
    code: str, seeds: Data, layouts: Data, ids: dict[str, str], local: list[Data], departments: list[str]
) -> Data:
    """The profile as it is written to resources/halls/<code>.json."""
    hall, rules = seeds["halls"][code], layouts["halls"][code]
    plan = next(seed for seed in seeds["seeds"] if seed["id"] == hall["seed"])
    build = {"changji": changji, "zhaohua": zhaohua, "kashi": kashi, "heshuo": heshuo, "wushen": wushen}[code]
    name, place = NAMES[code]
    profile = {
        "code": code,
        "name": name,
        "place": place,
        "division_code": hall["division_code"],
        "level": rules["level"],
        "intake_mode": "precheck_then_accept" if code == "wushen" else "accept_then_dispatch",
        "plan": {
            "title": plan["title"],
            "issuer": plan["issuer"],
            "issued_on": plan["date"],
            "doc_no": plan["doc_no"].replace("﹝", "〔").replace("﹞", "〕") if plan["doc_no"] else None,
        },
        "mode_text": hall.get("mode", []),
        "platform": rules["platform"],
        "calendar_region": rules["region"],
        "hours": _hours(layouts["hours"][rules["hours"]]),
        "priority_groups": hall.get("priority_groups", layouts["priority_default"]),
        "cross_region": hall.get("cross_region", []),
        "milestones": [{"label": m["label"], "due": str(m["due"])} for m in hall.get("milestones", [])],
        "demo_layout": True,
    }
    profile |= build(hall, rules, ids, local)
    profile["departments"] += _missing_departments(
        profile["departments"], departments, rules, layouts["demo_names"]
    )
    assumed = ["开放时间", "窗口编号", "号码系列", "取号机和自助终端台数"]
    if "priority_groups" not in hall:
        assumed.append("优先群体")
    profile["not_in_plan"] = [*profile.get("not_in_plan", []), *assumed]
    areas = profile.get("self_service", [])
    profile["kiosks"] = _kiosks(areas)
    return profile


def changji(hall: Data, rules: Data, ids: dict[str, str], local: list[Data]) -> Data:
    zones = []
    for zone in hall["zones"]:
        code = f"Z{zone['no']:02d}"
        groups = []
        for place, (window, rule) in enumerate(
            zip(zone["windows"], rules["zones"][zone["no"]], strict=True), start=1
        ):
            names = zone["business"] if rule.get("zone_business") else []
            names = names + window.get("business", [])
            own = [i["id"] for i in local if i["name"] in names and code in i["zones"]]
            if window["kind"] in ("收费", "发证", "综合咨询"):
                own = []
            group = _group(f"{code}-{place}", KIND_OF_LABEL.get(window["kind"], "intake"), window, rule, ids)
            groups.append(group | {"serves_items": [*group["serves_items"], *own]})
        done = {"code": code, "no": zone["no"], "name": zone["name"], "kind": "themed", "groups": groups}
        for key in ("lead", "responsible", "business", "notes", "stated_total", "business_item_count"):
            if key in zone:
                done[key] = zone[key]
        zones.append(done)
    undiff = hall["undifferentiated"]
    window = {"kind": undiff["name"], "count": undiff["count"], "business": undiff["duties"]}
    group = _group("Z13-1", "undiff", window, rules["undifferentiated"], ids)
    zones.append(
        {
            "code": "Z13",
            "no": None,
            "name": undiff["name"],
            "kind": "undifferentiated",
            "groups": [group],
            "lead": undiff["lead"],
        }
    )
    levels = [
        {
            "level": t["scope"],
            "windows": t["windows"],
            "staff": t["staff"],
            "note": f"第{t['phase']}阶段，{t['deadline']}",
        }
        for t in hall["townships"]
    ]
    return {
        "zones": zones,
        "departments": [_department(*row) for row in rules["departments"]],
        "self_service": [_area(**area) for area in rules["self_service"]],
        "lower_levels": levels,
        "not_in_plan": [*hall["checks"]["uncounted"], "全大厅窗口总数（原文未写，按各专区合计）"],
    }


def zhaohua(hall: Data, rules: Data, ids: dict[str, str], local: list[Data]) -> Data:
    undiff, domain, tide = hall["windows"]
    roles = ["issue", "guide", "agent", "booking", "fast"]
    first = {"kind": undiff["type"], "count": undiff["count"], "business": undiff["duties"]}
    rule = {"queues": [["A", "综合受理"]], "all_others": True, "roles": ["cross"]}
    group = _group("Z01-1", "undiff", first, rule, ids) | {"window_roles": [[role] for role in roles]}
    zones = [_zone("Z01", None, undiff["type"], "undifferentiated", [group])]
    groups = []
    for place, name in enumerate(domain["domains"], start=1):
        own = rules["domains"][name]
        window = {"kind": f"{name}窗口", "count": 1}
        groups.append(_group(f"Z02-{place}", "domain", window, own | {"queues": [own["series"]]}, ids))
    zones.append(_zone("Z02", None, domain["type"], "professional", groups))
    spare = {"kind": tide["type"], "count": tide["count"], "note": tide["note"]}
    zones.append(
        _zone(
            "Z03",
            None,
            tide["type"],
            "tide",
            [_group("Z03-1", "tide", spare, {"queues": []}, ids) | {"relieves": ["A"]}],
        )
    )
    levels = [
        {"level": t["level"], "windows": t["windows"], "staff": t["staff"], "note": t.get("note")}
        for t in hall["lower_levels"]
    ]
    return {
        "zones": zones,
        "departments": [_department(*row) for row in rules["departments"]],
        "lower_levels": levels,
    }


def kashi(hall: Data, rules: Data, ids: dict[str, str], local: list[Data]) -> Data:
    groups = []
    for place, label in enumerate(hall["window_types"], start=1):
        own = rules["kinds"][label]
        groups.append(
            _group(
                f"Z01-{place}",
                own["kind"],
                {"kind": label, "count": None},
                own | {"queues": [own["series"]]},
                ids,
            )
        )
    zone = _zone("Z01", None, "综合窗口", "undifferentiated", groups)
    return {"zones": [zone], "departments": [], "not_in_plan": ["各类窗口数量（原文未写）"]}


def heshuo(hall: Data, rules: Data, ids: dict[str, str], local: list[Data]) -> Data:
    zones = []
    for window in hall["windows"]:
        own, no = rules["groups"][window["no"]], window["no"]
        kind = {"resident": "resident", "undiff": "undifferentiated"}.get(own["kind"], "professional")
        group = _group(
            f"Z{no:02d}-1",
            own["kind"],
            window | {"kind": window["name"]},
            own | {"queues": [own["series"]]},
            ids,
        )
        group["staff"] = [{"unit": s["unit"], "count": s["count"]} for s in window["staff"]]
        group["departments"] = window.get("units_named", [s["unit"] for s in window["staff"]])
        zones.append(_zone(f"Z{no:02d}", no, window["name"], kind, [group]))
    named = [_department(*row) for row in rules["departments"]]
    unnamed = hall["departments_stated"] - len(named)
    holders = [
        _department(f"待命名单位{n:02d}", "county", []) | {"to_be_named": True} for n in range(1, unnamed + 1)
    ]
    residents = [_department(name, "node", [], "resident_enterprise") for name in rules["residents"]]
    areas = [
        _area(f"S{n}", name, functions=[name.removesuffix("自助服务区")])
        for n, name in enumerate(hall["self_service"]["in_hall_areas"], start=1)
    ]
    areas.append(
        _area("H24", "24小时自助服务区", open_24h=True, terminals=hall["self_service"]["h24_terminals"])
    )
    return {
        "zones": zones,
        "departments": [*named, *holders, *residents],
        "departments_stated": hall["departments_stated"],
        "self_service": areas,
        "rooms": hall["rooms"]["list"],
        "not_in_plan": [
            "35个部门中未列名的单位",
            "综合窗口18个单位中未列名的9个",
            "公安窗口交管、户籍、出入境各几个",
        ],
    }


def wushen(hall: Data, rules: Data, ids: dict[str, str], local: list[Data]) -> Data:
    zones: list[Data] = []
    names: list[str] = []
    sets = [("themed", hall["one_window"], 1), ("professional", hall["professional"], None)]
    for kind, part, count in sets:
        for window in part["windows"]:
            no = len(zones) + 1
            own = rules["windows"][window["name"]]
            group_kind = "intake" if count else "domain"
            values = window | {"kind": window["name"], "count": count}
            group = _group(f"Z{no:02d}-1", group_kind, values, own | {"queues": [own["series"]]}, ids)
            zones.append(
                _zone(
                    f"Z{no:02d}", no, window["name"], kind, [group | {"departments": window["departments"]}]
                )
            )
            names += window["departments"]
    desks = [_department(name, "node", rules["covers"].get(name, [])) for name in dict.fromkeys(names)]
    return {
        "zones": zones,
        "departments": desks,
        "guide_desks": hall["guide_desks"],
        "mode_text": [hall["one_window"]["mode"], hall["professional"]["mode"]],
        "milestones": [{"label": t["label"], "due": str(t["due"])} for t in hall["targets"]],
        "not_in_plan": ["四个专业区域的窗口数量（原文未写）"],
    }


def _zone(code: str, no: int | None, name: str, kind: str, groups: list[Data]) -> Data:
    return {"code": code, "no": no, "name": name, "kind": kind, "groups": groups}


def _group(code: str, kind: str, window: Data, rule: Data, ids: dict[str, str]) -> Data:
    """A window group; a count that the plan does not give becomes one demo window unless the rule says
    otherwise.
    """
    done = {
        "code": code,
        "kind": kind,
        "label": window["kind"],
        "count": window["count"],
        "demo_count": rule.get("demo_count", 1) if window["count"] is None else 0,
        "queues": [{"series": series, "name": name} for series, name in rule["queues"]],
        "business": window.get("business", []),
        "serves_departments": rule.get("departments", []),
        "serves_items": [ids[name] for name in rule.get("items", [])],
        "serves_all_others": rule.get("all_others", False),
        "roles": rule.get("roles", []),
    }
    note = window.get("count_note") or window.get("note")
    extra = {"name": window.get("name") if window.get("name") != window["kind"] else None, "note": note}
    return done | {key: value for key, value in extra.items() if value}


def _department(name: str, desk: str, covers: list[str], kind: str = "organ") -> Data:
    return {"name": name, "kind": kind, "desk_at": desk, "covers": covers}


def _missing_departments(named: list[Data], wanted: list[str], rules: Data, odd: Data) -> list[Data]:
    """Desks that the catalogue's items need and the plan does not name."""
    covered = {c for department in named for c in department["covers"]}
    prefix = rules["demo_prefix"]
    return [
        _department(odd.get(name, "{prefix}" + name).format(prefix=prefix), rules["demo_desk"], [name])
        | {"from_plan": False}
        for name in wanted
        if name not in covered
    ]


def _area(code: str, name: str, *, open_24h: bool = False, from_plan: bool = True, **more: list[str]) -> Data:
    return {"code": code, "name": name, "open_24h": open_24h, "from_plan": from_plan, **more}


def _kiosks(areas: list[Data]) -> list[Data]:
    """Two ticket machines in the hall and one for the 24h or first self-service area: a demo choice."""
    night = next((a["code"] for a in areas if a["open_24h"]), areas[0]["code"] if areas else None)
    rows = [("K1", "取号机1", None), ("K2", "取号机2", None), ("K3", "自助终端", night)]
    return [
        {"code": code, "name": name, "area": area, "own_series": series}
        for (code, name, area), series in zip(rows, KIOSK_SERIES, strict=True)
    ]


def _hours(rule: Data) -> Data:
    seasons = [
        {
            "name": s["name"],
            "from_month": s["from_month"],
            "from_day": s["from_day"],
            "ranges": [{"start": f"{a}:00", "end": f"{b}:00"} for a, b in s["ranges"]],
        }
        for s in rule["seasons"]
    ]
    return {"seasons": seasons, "ticket_stop_minutes": rule["ticket_stop_minutes"]}
